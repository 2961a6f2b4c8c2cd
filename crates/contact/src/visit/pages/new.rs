//! Arranging a visit: whose family, why, how, and when if that is agreed already.

use super::class::sees_names;
use crate::contact_log::{self, staff_role};
use crate::visit::model::{NewVisit, Reason, Way};
use crate::visit::{permit, store, suggest};
use askama::Template;
use gongyu_access::{Actor, right};
use gongyu_kernel::error::Invalid;
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::{Date, Error, Id, Millis, Result};
use gongyu_ledger::touch;
use gongyu_registry::people::{self, family};
use gongyu_registry::permit::{student_in_reach, unit_in_reach};
use gongyu_registry::unit::UnitKind;
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Holder, Post, Reply};

/// A choice of a picker.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) on: bool,
}

struct Pupil {
    id: Id,
    name: String,
    on: bool,
}

#[derive(Template)]
#[template(path = "visit/pages/new.html")]
struct Page {
    phone: bool,
    key: String,
    contact: String,
    one: Option<(Id, String)>,
    siblings: Vec<Pupil>,
    pupils: Vec<Pupil>,
    reasons: Vec<Choice>,
    triggers: Vec<Choice>,
    ways: Vec<Choice>,
    at: String,
    due_on: String,
    today: String,
    child_problem: String,
    at_problem: String,
    refusal: String,
}

pub(super) fn show(g: &mut Get<'_>, at: Holder<right::PlanVisits>) -> Result<Reply> {
    let contact = contact_of(g, &at.actor)?;
    let asked = match (g.typed(), &contact) {
        (Some(form), _) => form.id("child"),
        (None, Some((_, child))) => Some(*child),
        (None, None) => g.req.query.id("child"),
    };
    let one = asked.map(|id| student_in_reach(g.r, &at.actor, id)).transpose()?;
    let also = g.typed().map(|f| f.ids("also"));
    let siblings = match &one {
        Some(child) => family::siblings(g.r, child.id)?
            .into_iter()
            .filter(|s| s.school == child.school && s.class.is_some())
            .map(|s| Pupil { on: also.as_ref().is_none_or(|ids| ids.contains(&s.id)), id: s.id, name: s.name })
            .collect(),
        None => Vec::new(),
    };
    let pupils = if one.is_none() {
        let class = g.req.query.id("class").map_or_else(|| at.actor.unit(), Ok)?;
        match unit_in_reach(g.r, &at.actor, class, Some(UnitKind::Class)) {
            Ok(class) => people::class_members(g.r, class.id)?
                .into_iter()
                .map(|s| Pupil { id: s.id, name: s.name, on: false })
                .collect(),
            Err(_) => return Ok(Reply::to("/classes")),
        }
    } else {
        Vec::new()
    };
    let trigger = g.value("trigger", g.req.query.get("trigger")).to_owned();
    let special = one.as_ref().is_some_and(|s| s.special);
    let first = if !trigger.is_empty() {
        Reason::Trigger
    } else if special {
        Reason::Special
    } else {
        Reason::Yearly
    };
    let chinese = g.view().lang() == Lang::Zh;
    let triggers = suggest::triggers(g.r)?;
    let reason = g.value("reason", first.code()).to_owned();
    let way = g.value("way", Way::Home.code()).to_owned();
    let body = Page {
        phone: g.view().phone,
        key: match g.value("key", "") {
            "" => g.app.random.code(24),
            kept => kept.to_owned(),
        },
        contact: contact.map(|(id, _)| id.to_string()).unwrap_or_default(),
        one: one.map(|s| (s.id, s.name)),
        siblings,
        pupils,
        reasons: Reason::ALL
            .iter()
            .map(|r| Choice { value: r.code().to_owned(), label: g.t(r.label_key()), on: r.code() == reason })
            .collect(),
        triggers: triggers
            .0
            .iter()
            .map(|t| Choice {
                value: t.code.clone(),
                label: if chinese { t.zh.clone() } else { t.en.clone() },
                on: t.code == trigger,
            })
            .collect(),
        ways: Way::ALL
            .iter()
            .map(|w| Choice { value: w.code().to_owned(), label: g.t(w.label_key()), on: w.code() == way })
            .collect(),
        at: g.value("at", "").to_owned(),
        due_on: g.value("due_on", "").to_owned(),
        today: g.view().today().to_string(),
        child_problem: g.problem("child"),
        at_problem: g.problem("at"),
        refusal: g.refusal(),
    };
    g.page(g.t("visit-new-title"), "visits", &body)
}

/// The noted contact from which the record is written, with its first child.
fn contact_of(g: &mut Get<'_>, actor: &Actor) -> Result<Option<(Id, Id)>> {
    let Some(id) = g.req.query.id("contact").or_else(|| g.typed().and_then(|f| f.id("contact"))) else {
        return Ok(None);
    };
    let noted = contact_log::find(g.r, id)?;
    if noted.account != actor.account || noted.undone_at.is_some() {
        return Err(Error::NotFound);
    }
    let children = touch::of_source(g.r, contact_log::SOURCE, id)?;
    Ok(children.iter().find(|t| !t.reversed).map(|t| (id, t.student)))
}

pub(super) fn save(p: &mut Post<'_>, at: Holder<right::PlanVisits>) -> Result<Reply> {
    if !sees_names(at.actor.hat.role) {
        return Err(Error::Forbidden);
    }
    let form = p.form();
    let mut invalid = Invalid::default();
    let reason = form.choice("reason", Reason::parse, &mut invalid);
    let way = form.choice("way", Way::parse, &mut invalid);
    let starts_at = if form.get("at").is_empty() { None } else { moment(form.get("at"), "at", &mut invalid) };
    let due_on: Option<Date> = form.get("due_on").parse().ok();
    let (trigger, key, contact) = (form.get("trigger").to_owned(), form.get("key").to_owned(), form.id("contact"));
    let child = form.id("child");
    let mut children: Vec<Id> = child.into_iter().collect();
    children.extend(form.ids("also").into_iter().filter(|id| Some(*id) != child));
    if child.is_none() {
        invalid.push("child", "contact-log-choose-child");
    }
    invalid.into_result()?;
    let (Some(reason), Some(way), Some(child)) = (reason, way, child) else {
        return Err(Error::internal("a field was refused without a reason"));
    };
    // The first child must be in reach; the others are let in as its brothers and sisters in the school.
    let first = student_in_reach(p.tx, &at.actor, child)?;
    let mut day = starts_at.map(Millis::date);
    if let Some(id) = contact {
        let noted = contact_log::find(p.tx, id)?;
        if noted.account != at.actor.account || noted.undone_at.is_some() {
            return Err(Error::NotFound);
        }
        day = Some(noted.day);
    }
    let new = NewVisit {
        children,
        reason,
        trigger: if reason == Reason::Trigger { trigger } else { String::new() },
        due_on,
        day,
        starts_at,
        way,
        lead: (at.actor.staff, staff_role(at.actor.hat.role)),
        contact,
    };
    let key = if key.is_empty() { p.app.random.code(24) } else { key };
    let (id, is_new) = store::create(p.tx, &new, at.actor.account, &key)?;
    if is_new {
        suggest::tie(p.tx, &[first.id], id)?;
        p.audit("visit.plan", (crate::visit::SOURCE, Some(id)), &detail(&new))?;
    }
    permit::held(p.tx, &at.actor, id)?;
    if contact.is_some() {
        return Ok(Reply::to(format!("/visits/{id}/record")));
    }
    Ok(Reply::to_with(format!("/visits/{id}"), Flash::new("visit-planned")))
}

/// What is worth keeping in the audit log: no names, no words.
fn detail(new: &NewVisit) -> String {
    serde_json::json!({ "reason": new.reason.code(), "children": new.children.len() }).to_string()
}

/// Reads `2026-11-25T18:30`, Beijing time.
pub(super) fn moment(text: &str, field: &'static str, invalid: &mut Invalid) -> Option<Millis> {
    let parsed = text.split_once('T').and_then(|(day, time)| {
        let day: Date = day.parse().ok()?;
        let minute = crate::visit::record::minute_of(time.get(..5)?)?;
        Some(Millis::start_of(day).plus_minutes(minute))
    });
    if parsed.is_none() {
        invalid.push(field, "field-date");
    }
    parsed
}
