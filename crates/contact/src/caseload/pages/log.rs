//! Noting a call on the principal's line or a talk with somebody who came: whoever answers writes it down, the
//! name may be left out; said at once, or followed up as a case.

use super::words::{Fields, key_of};
use super::write::matter;
use crate::caseload::SOURCE;
use crate::caseload::model::{Door, Person};
use crate::caseload::reception::{self, SlotState};
use crate::caseload::rules::LONGEST;
use crate::caseload::store::{self, Intake, NewCase};
use crate::contact_log::{candidates, relation_words};
use askama::Template;
use gongyu_access::{Actor, right};
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Error, Id, Result};
use gongyu_registry::permit::student_in_reach;
use gongyu_registry::{people, unit, year};
use gongyu_store::Reader;
use gongyu_web::permit::Holder;
use gongyu_web::{Flash, Get, Post, Reply, filters};

struct Hit {
    href: String,
    name: String,
    class: String,
}

#[derive(Template)]
#[template(path = "caseload/pages/log.html")]
struct Page {
    phone: bool,
    key: String,
    door: &'static str,
    by_line: bool,
    slot: Option<Id>,
    child: Option<(Id, String)>,
    guardians: Vec<(Id, String, bool)>,
    typed: String,
    hits: Vec<Hit>,
    searched: bool,
    fields: Fields,
    day: String,
    today: String,
    day_problem: String,
    name: String,
    tel: String,
    answered: String,
    minutes: String,
    days: u32,
}

fn school_of(r: &mut Reader, actor: &Actor) -> Result<Id> {
    unit::find(r, actor.unit()?)?.school.ok_or(Error::Forbidden)
}

fn door_of(text: &str) -> Door {
    if text == Door::Reception.code() { Door::Reception } else { Door::Line }
}

pub(super) fn show(g: &mut Get<'_>, at: Holder<right::HandleCases>) -> Result<Reply> {
    let school = school_of(g.r, &at.actor)?;
    let view = g.view().clone();
    let asked = |name: &str| g.typed().map_or_else(|| g.req.query.get(name), |f| f.get(name)).to_owned();
    let (door, typed) = (door_of(&asked("door")), g.req.query.get("q").to_owned());
    let (asked_slot, asked_child, asked_guardian) = (asked("slot"), asked("child"), asked("guardian"));
    let slot = match asked_slot.parse() {
        Ok(id) => Some(reception::find_slot(g.r, id)?).filter(|s| s.school == school && s.state != SlotState::Free),
        Err(_) => None,
    };
    let child = asked_child.parse().ok().or_else(|| slot.as_ref().and_then(|s| s.student));
    let child = match child {
        // A family that booked names its child itself, whoever receives it.
        Some(id) if slot.as_ref().is_some_and(|s| s.student == Some(id)) => Some(people::find_student(g.r, id)?),
        Some(id) => Some(student_in_reach(g.r, &at.actor, id)?),
        None => None,
    };
    let chosen: Option<Id> = asked_guardian.parse().ok().or_else(|| slot.as_ref().and_then(|s| s.guardian));
    let guardians = match &child {
        Some(child) => candidates(g.r, &[child.id])?
            .into_iter()
            .map(|c| {
                let words = format!("{} {}", relation_words(&view, c.relation, &c.kin), c.name);
                (c.guardian, words, Some(c.guardian) == chosen)
            })
            .collect(),
        None => Vec::new(),
    };
    let mut hits = Vec::new();
    if !typed.is_empty() {
        let (within, year) = (unit::find(g.r, at.actor.unit()?)?, year::current(g.r)?);
        for hit in people::pupils(g.r, &g.app.vault, &within, &typed, None)?.rows.into_iter().take(20) {
            hits.push(Hit {
                href: format!("/cases/new?door={}&child={}", door.code(), hit.id),
                class: hit.class_name(year.start),
                name: hit.name,
            });
        }
    }
    let today = g.r.today().to_string();
    let topic = slot.as_ref().map(|s| s.topic.clone()).unwrap_or_default();
    let body = Page {
        phone: view.phone,
        key: key_of(g),
        door: door.code(),
        by_line: door == Door::Line,
        slot: slot.map(|s| s.id),
        child: child.map(|c| (c.id, c.name)),
        guardians,
        searched: !typed.is_empty(),
        typed,
        hits,
        fields: Fields::of(g, &topic),
        day: g.value("day", &today).to_owned(),
        today: today.clone(),
        day_problem: g.problem("day"),
        name: g.value("name", "").to_owned(),
        tel: g.value("tel", "").to_owned(),
        answered: g.value("answered", "").to_owned(),
        minutes: g.value("minutes", "").to_owned(),
        days: crate::caseload::settings::settings_of(g.r)?.answer_days,
    };
    let title = g.t(if door == Door::Line { "case-log-line" } else { "case-log-reception" });
    g.page(title, "cases", &body)
}

pub(super) fn save(p: &mut Post<'_>, at: Holder<right::HandleCases>) -> Result<Reply> {
    let school = school_of(p.tx, &at.actor)?;
    let mut invalid = Invalid::default();
    let (matter, topic) = matter(p.form(), &mut invalid);
    let day = p.form().date("day", &mut invalid);
    let answered = p.form().optional("answered", LONGEST, &mut invalid);
    let name = p.form().optional("name", 40, &mut invalid);
    let phone = p.form().optional("tel", 30, &mut invalid);
    invalid.into_result()?;
    let (Some(topic), Some(day)) = (topic, day) else { return Err(Error::NotFound) };
    let slot = match p.form().id("slot") {
        Some(id) => Some(reception::find_slot(p.tx, id)?).filter(|s| s.school == school),
        None => None,
    };
    let student = p.form().id("child");
    if let Some(id) = student
        && slot.as_ref().is_none_or(|s| s.student != Some(id))
    {
        student_in_reach(p.tx, &at.actor, id)?;
    }
    let guardian = match (student, p.form().id("guardian")) {
        (Some(student), Some(guardian)) => {
            let known = candidates(p.tx, &[student])?;
            Some(known.iter().find(|c| c.guardian == guardian).ok_or(Error::NotFound)?.guardian)
        }
        _ => None,
    };
    let known_name = match guardian {
        Some(guardian) => people::find_guardian(p.tx, guardian)?.name,
        None => name,
    };
    let new = NewCase {
        intake: Intake { school, topic, matter, wishes_public: false, key: p.form().get("key").to_owned() },
        door: door_of(p.form().get("door")),
        day,
        student,
        guardian,
        person: Person { name: known_name, phone },
        answered,
        minutes: p.form().get("minutes").parse::<i64>().unwrap_or(0).clamp(0, 600),
    };
    let id = store::noted(p.tx, p.app, &at.actor, &new)?;
    if let Some(slot) = slot.filter(|s| s.case != Some(id)) {
        reception::note(p.tx, &slot, Some(id))?;
    }
    p.audit("case.note", (SOURCE, Some(id)), "{}")?;
    // Who may not open the school's cases goes back to their own.
    let to = match crate::caseload::permit::held(p.tx, &at.actor, id) {
        Ok(_) => format!("/cases/{id}"),
        Err(Error::NotFound) => "/cases".to_owned(),
        Err(other) => return Err(other),
    };
    Ok(Reply::to_with(to, Flash::new("case-noted")))
}
