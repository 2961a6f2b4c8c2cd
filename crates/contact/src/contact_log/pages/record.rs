//! One noted contact: what it says, and mending or taking it back.

use super::fields::{self, Fields, Initial};
use crate::contact_log::{self, ContactRecord, SOURCE, candidates, channel_icon, may_correct, tone_class, tone_icon};
use askama::Template;
use gongyu_access::{Action, Actor, Role, right};
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Date, Error, Id, Millis, Result};
use gongyu_ledger::rules::Depth;
use gongyu_ledger::touch::{self, Touch};
use gongyu_registry::{people, unit};
use gongyu_store::Reader;
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Holder, Post, Reply};

struct Child {
    id: Id,
    name: String,
    said: Option<bool>,
}

#[derive(Template)]
#[template(path = "contact_log/pages/record.html")]
struct Page {
    phone: bool,
    id: Id,
    children: Vec<Child>,
    day: Date,
    channel: &'static str,
    channel_icon: &'static str,
    tone: &'static str,
    tone_icon: &'static str,
    tone_class: &'static str,
    note: String,
    who: String,
    author: String,
    made_at: Millis,
    amended_at: Option<Millis>,
    undone_at: Option<Millis>,
    corrects: bool,
    /// A home visit by the one who looks: its record can be written from here.
    tells_more: bool,
    f: Fields,
}

/// The record in the actor's reach, and whether the actor may correct it.
fn reach(r: &mut Reader, actor: &Actor, id: Id) -> Result<(ContactRecord, bool)> {
    let record = contact_log::find(r, id)?;
    let place = record.class.unwrap_or(record.school);
    let within = match actor.hat.unit {
        Some(hat) => unit::contains(r, hat, place)?,
        None => false,
    };
    if !within && record.account != actor.account {
        return Err(Error::NotFound);
    }
    let corrects = may_correct(actor.account, record.account, actor.hat.role, within);
    Ok((record, corrects))
}

pub(super) fn show(g: &mut Get<'_>, at: Holder<right::LogContact>) -> Result<Reply> {
    let (record, corrects) = reach(g.r, &at.actor, g.req.id()?)?;
    let touches = shown(touch::of_source(g.r, SOURCE, record.id)?);
    let answers = touch::answers_of(g.r, &touches.iter().map(|t| t.id).collect::<Vec<_>>())?;
    let mut children = Vec::with_capacity(touches.len());
    for touch in &touches {
        let said = answers.iter().find(|(id, _)| *id == touch.id).map(|(_, happened)| *happened);
        children.push(Child { id: touch.student, name: people::find_student(g.r, touch.student)?.name, said });
    }
    let of_one = match touches.as_slice() {
        [only] => candidates(g.r, &[only.student])?,
        _ => Vec::new(),
    };
    let author = match record.staff {
        Some(staff) => people::find_staff(g.r, staff)?.name,
        None => String::new(),
    };
    let view = g.view().clone();
    let first = touches.first();
    let body = Page {
        phone: view.phone,
        id: record.id,
        children,
        day: record.day,
        channel: if record.channel == gongyu_ledger::rules::Channel::HomeVisit {
            "contact-home-visit"
        } else {
            record.channel.label_key()
        },
        channel_icon: channel_icon(record.channel),
        tone: record.tone.label_key(),
        tone_icon: tone_icon(record.tone),
        tone_class: tone_class(record.tone),
        who: first.map(|t| reached(&view, t, &of_one)).unwrap_or_default(),
        author,
        made_at: record.made_at,
        amended_at: record.amended_at,
        undone_at: record.undone_at,
        corrects: corrects && record.undone_at.is_none(),
        tells_more: record.account == at.actor.account
            && record.undone_at.is_none()
            && record.channel == gongyu_ledger::rules::Channel::HomeVisit
            && at.actor.may(Action::PlanVisits).is_ok(),
        f: Fields::of(g, &initial(&record, first), &of_one),
        note: record.note,
    };
    let nav = if at.actor.hat.role == Role::ClassTeacher { "class" } else { "classes" };
    g.page(g.t("contact-record-title"), nav, &body)
}

/// Those that stand; when all were taken back, those that stood last.
fn shown(all: Vec<Touch>) -> Vec<Touch> {
    let (gone, standing): (Vec<Touch>, Vec<Touch>) = all.into_iter().partition(|t| t.reversed);
    if standing.is_empty() {
        let last = gone.iter().map(|t| t.recorded_at).max();
        gone.into_iter().filter(|t| Some(t.recorded_at) == last).collect()
    } else {
        standing
    }
}

fn reached(view: &gongyu_web::show::View, touch: &Touch, known: &[contact_log::Candidate]) -> String {
    let found = known.iter().find(|c| Some(c.guardian) == touch.guardian);
    match (found, touch.relation) {
        (Some(c), _) => {
            let relation = contact_log::relation_words(view, c.relation, &c.kin);
            view.ta("contact-relation-and-name", &[("relation", relation.into()), ("name", c.name.as_str().into())])
        }
        (None, Some(relation)) => contact_log::relation_words(view, relation, ""),
        (None, None) => String::new(),
    }
}

fn initial(record: &ContactRecord, touch: Option<&Touch>) -> Initial {
    let who = touch.and_then(|t| match (t.guardian, t.relation) {
        (Some(guardian), _) => Some(guardian.to_string()),
        (None, relation) => relation.map(|r| r.code().to_owned()),
    });
    Initial {
        channel: record.channel,
        tone: Some(record.tone),
        note: record.note.clone(),
        day: record.day,
        minutes: touch.map_or(0, |t| t.minutes),
        by_family: touch.is_some_and(|t| t.by_family),
        left: touch.is_some_and(|t| t.depth == Depth::Told && contact_log::depth(t.channel, false) != Depth::Told),
        who: who.unwrap_or_else(|| "usual".to_owned()),
    }
}

pub(super) fn amend(p: &mut Post<'_>, at: Holder<right::LogContact>) -> Result<Reply> {
    let (record, corrects) = reach(p.tx, &at.actor, p.req.id()?)?;
    if !corrects {
        return Err(Error::Forbidden);
    }
    let standing = touch::of_source(p.tx, SOURCE, record.id)?;
    let children = standing.iter().filter(|t| !t.reversed).map(|t| t.student).collect();
    let mut invalid = Invalid::default();
    let today = p.tx.today();
    let new = fields::read(p.form(), today, children, &mut invalid);
    invalid.into_result()?;
    let new = new.ok_or_else(|| Error::internal("a field was refused without a reason"))?;
    contact_log::amend(p.tx, &at.actor, &record, &new)?;
    p.audit("contact.amend", (SOURCE, Some(record.id)), "{}")?;
    Ok(Reply::to_with(format!("/contacts/{}", record.id), Flash::new("contact-amended")))
}

pub(super) fn undo(p: &mut Post<'_>, at: Holder<right::LogContact>) -> Result<Reply> {
    let (record, corrects) = reach(p.tx, &at.actor, p.req.id()?)?;
    if !corrects {
        return Err(Error::Forbidden);
    }
    let children: Vec<Id> = touch::of_source(p.tx, SOURCE, record.id)?.iter().map(|t| t.student).collect();
    contact_log::undo(p.tx, &record, at.actor.account)?;
    p.audit("contact.undo", (SOURCE, Some(record.id)), "{}")?;
    if p.req.is_partial() {
        return Ok(Reply::told(super::quick::told(p.view(), "contact-undone", &children, None)));
    }
    let to = match at.actor.hat.role {
        Role::ClassTeacher | Role::SubjectTeacher => "/class".to_owned(),
        _ => format!("/contacts/{}", record.id),
    };
    Ok(Reply::to_with(to, Flash::new("contact-undone")))
}
