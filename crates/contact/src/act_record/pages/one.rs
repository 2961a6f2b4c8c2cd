//! One activity: recording it, showing it, mending it, taking it back.

use super::fields::{self, Fields};
use crate::act_record::log::{self, Posted};
use crate::act_record::rules::kinds_of;
use askama::Template;
use gongyu_access::{Actor, right};
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_ledger::act::{self, Act};
use gongyu_ledger::rules::ActKind;
use gongyu_registry::unit::{self, Unit};
use gongyu_registry::year;
use gongyu_store::Reader;
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Holder, Post, Reply};

#[derive(Template)]
#[template(path = "act_record/pages/one.html")]
struct Page {
    phone: bool,
    /// The activity being corrected: when it was recorded, and whether it was taken back.
    old: Option<(Id, Millis, bool)>,
    /// Key of this form, so that it is recorded once.
    key: String,
    unit_name: String,
    title: String,
    f: Fields,
}

pub(super) fn new(g: &mut Get<'_>, at: Holder<right::RecordAct>) -> Result<Reply> {
    let here = unit::find(g.r, at.actor.unit()?)?;
    let first = Posted {
        kind: kinds_of(here.kind).first().cloned().unwrap_or(ActKind::FAMILY_EDUCATION),
        title: String::new(),
        place: String::new(),
        day: g.r.today(),
        minutes: 0,
        attendance: 0,
        came: Vec::new(),
    };
    page(g, &here, &first, None)
}

pub(super) fn show(g: &mut Get<'_>, at: Holder<right::RecordAct>) -> Result<Reply> {
    let (here, act) = own(g.r, &at.actor, g.req.id()?)?;
    let came = log::attendance(g.r, act.id)?.iter().map(|t| (t.student, t.guardian)).collect();
    let undone = log::is_undone(g.r, act.id)?;
    let old = Some((act.id, act.recorded_at, undone));
    let first = Posted {
        kind: act.kind,
        title: act.title,
        place: act.place,
        day: act.held_on,
        minutes: act.minutes,
        attendance: act.attendance,
        came,
    };
    page(g, &here, &first, old)
}

fn page(g: &mut Get<'_>, here: &Unit, first: &Posted, old: Option<(Id, Millis, bool)>) -> Result<Reply> {
    let title = match old {
        Some(_) => first.title.clone(),
        None => g.t("acts-new"),
    };
    let start = year::current(g.r)?.start;
    let key = match g.value("key", "") {
        "" => g.app.random.code(24),
        kept => kept.to_owned(),
    };
    let body = Page {
        phone: g.view().phone,
        key,
        old,
        unit_name: here.display(start),
        title: title.clone(),
        f: fields::fields(g, here, first)?,
    };
    g.page(title, "acts", &body)
}

/// An activity of the hat's own unit.
fn own(r: &mut Reader, actor: &Actor, id: Id) -> Result<(Unit, Act)> {
    let act = act::find(r, id)?;
    if Some(act.unit) != actor.hat.unit {
        return Err(Error::NotFound);
    }
    Ok((unit::find(r, act.unit)?, act))
}

pub(super) fn save(p: &mut Post<'_>, at: Holder<right::RecordAct>) -> Result<Reply> {
    let here = unit::find(p.tx, at.actor.unit()?)?;
    let today = p.tx.today();
    let posted = fields::read(p.form(), &here, today)?;
    let key = p.form().get("key");
    if key.len() > 64 || !key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return Err(Error::NotFound);
    }
    let key = if key.is_empty() { p.app.random.code(24) } else { key.to_owned() };
    let (id, is_new) = log::record(p.tx, &at.actor, &here, &posted, &key)?;
    if is_new {
        p.audit("act.record", ("act", Some(id)), &detail(&posted))?;
    }
    Ok(Reply::to_with("/acts", Flash::new("acts-saved").undo(format!("/acts/{id}/undo"))))
}

pub(super) fn amend(p: &mut Post<'_>, at: Holder<right::RecordAct>) -> Result<Reply> {
    let (here, act) = own(p.tx, &at.actor, p.req.id()?)?;
    let today = p.tx.today();
    let posted = fields::read(p.form(), &here, today)?;
    let id = log::amend(p.tx, &at.actor, &here, act.id, &posted)?;
    p.audit("act.amend", ("act", Some(id)), &detail(&posted))?;
    Ok(Reply::to_with("/acts", Flash::new("acts-amended")))
}

fn detail(posted: &Posted) -> String {
    serde_json::json!({ "kind": posted.kind.code(), "came": posted.came.len() }).to_string()
}

pub(super) fn undo(p: &mut Post<'_>, at: Holder<right::RecordAct>) -> Result<Reply> {
    let (_, act) = own(p.tx, &at.actor, p.req.id()?)?;
    log::undo(p.tx, act.id, at.actor.account)?;
    p.audit("act.undo", ("act", Some(act.id)), "{}")?;
    Ok(Reply::to_with("/acts", Flash::new("acts-undone")))
}
