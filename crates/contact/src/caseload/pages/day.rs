//! A reception day: who comes when, what was noted of each; changed or called off.

use super::receptions::when_words;
use crate::caseload::reception::{self, Day, DayState, SlotState};
use crate::visit::at_words;
use askama::Template;
use gongyu_access::{Action, Actor, right};
use gongyu_kernel::error::Code;
use gongyu_kernel::{Error, Id, Result};
use gongyu_registry::{people, unit};
use gongyu_store::Reader;
use gongyu_web::permit::Holder;
use gongyu_web::{Flash, Get, Post, Reply, filters};

struct Row {
    id: Id,
    at: String,
    state: &'static str,
    look: &'static str,
    icon: &'static str,
    who: String,
    topic: String,
    case: Option<Id>,
    waits: bool,
}

#[derive(Template)]
#[template(path = "caseload/pages/day.html")]
struct Page {
    phone: bool,
    id: Id,
    when: String,
    leader: String,
    place: String,
    off: bool,
    rows: Vec<Row>,
    steers: bool,
    staff: Vec<(Id, String, bool)>,
}

/// A day of the actor's school: for who gives cases out, and for the leader who receives.
fn held(r: &mut Reader, actor: &Actor, id: Id) -> Result<(Day, bool)> {
    let day = reception::find_day(r, id)?;
    let school = unit::find(r, actor.unit()?)?.school;
    let steers = actor.may(Action::SteerCases).is_ok() && school == Some(day.school);
    if steers || actor.staff == Some(day.leader) { Ok((day, steers)) } else { Err(Error::NotFound) }
}

pub(super) fn show(g: &mut Get<'_>, at: Holder<right::HandleCases>) -> Result<Reply> {
    let id = g.req.id()?;
    let (day, steers) = held(g.r, &at.actor, id)?;
    let view = g.view().clone();
    let now = g.r.now();
    let row = |s: reception::Slot| {
        let (look, icon) = match s.state {
            SlotState::Free => ("is-na", "clock"),
            SlotState::Booked => ("is-due", "calendar-event"),
            SlotState::Came => ("is-met", "check"),
            SlotState::Missed => ("is-na", "x"),
        };
        let who = [s.guardian_name, s.child.map(|c| view.ta("case-childs", &[("name", c.into())]))];
        Row {
            id: s.id,
            at: at_words(&view, s.starts_at),
            state: s.state.label_key(),
            look,
            icon,
            who: who.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            topic: if s.topic.is_empty() { String::new() } else { view.t(&format!("case-topic-{}", s.topic)) },
            case: s.case,
            waits: matches!(s.state, SlotState::Booked | SlotState::Missed) && s.starts_at <= now.plus_days(1),
        }
    };
    let rows = reception::slots_of(g.r, day.id)?.into_iter().map(row).collect();
    let staff = if steers {
        let all = people::staff_of_school(g.r, day.school)?;
        all.into_iter().map(|s| (s.id, s.name, s.id == day.leader)).collect()
    } else {
        Vec::new()
    };
    let when = when_words(&view, day.day, day.from, day.to);
    let body = Page {
        phone: view.phone,
        id: day.id,
        when: when.clone(),
        leader: day.leader_name,
        place: day.place,
        off: day.state == DayState::Cancelled,
        rows,
        steers,
        staff,
    };
    g.page(when, "cases", &body)
}

pub(super) fn change(p: &mut Post<'_>, at: Holder<right::SteerCases>) -> Result<Reply> {
    let id = p.req.id()?;
    let (day, _) = held(p.tx, &at.actor, id)?;
    let leader = p.form().id("leader").ok_or_else(|| Error::field("leader", "field-choose"))?;
    let place: String = p.form().get("place").chars().take(60).collect();
    reception::change(p.tx, &day, leader, &place)?;
    p.audit("reception.change", ("reception", Some(id)), "{}")?;
    Ok(Reply::to_with(format!("/receptions/{id}"), Flash::new("reception-changed")))
}

pub(super) fn off(p: &mut Post<'_>, at: Holder<right::SteerCases>) -> Result<Reply> {
    let id = p.req.id()?;
    let (day, _) = held(p.tx, &at.actor, id)?;
    let n = reception::call_off(p.tx, &day)?;
    p.audit("reception.off", ("reception", Some(id)), &serde_json::json!({ "n": n }).to_string())?;
    Ok(Reply::to_with(format!("/receptions/{id}"), Flash::new(Code::new("reception-called-off").arg("n", n))))
}

pub(super) fn missed(p: &mut Post<'_>, at: Holder<right::HandleCases>) -> Result<Reply> {
    let slot = reception::find_slot(p.tx, p.req.id()?)?;
    let (day, _) = held(p.tx, &at.actor, slot.day)?;
    if slot.starts_at > p.tx.now() {
        return Err(Error::conflict("reception-not-yet"));
    }
    reception::note(p.tx, &slot, None)?;
    p.audit("reception.missed", ("reception", Some(day.id)), "{}")?;
    Ok(Reply::to_with(format!("/receptions/{}", day.id), Flash::new("reception-missed-noted")))
}
