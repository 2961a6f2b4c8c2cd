//! What a phone downloads: the visits of the next days of the person who asks, with no more than the door needs.
//! No identity numbers, no protected notes, nothing of other children.

use super::begun::{self, Pupil};
use super::rules;
use crate::contact_log;
use crate::visit::model::State;
use crate::visit::record::VisitRecord;
use crate::visit::store::{self, DayVisit};
use gongyu_access::{Action, Actor, right};
use gongyu_kernel::{Id, Millis, Result};
use gongyu_registry::{people, unit, year};
use gongyu_store::{Reader, record, sql};
use gongyu_web::permit::Holder;
use gongyu_web::{App, Get, Reply, api};
use jiff::ToSpan;
use serde::Serialize;
use std::collections::BTreeSet;

#[derive(Serialize)]
struct Today {
    now: Millis,
    today: String,
    account: Id,
    name: String,
    prefs: Look,
    visits: Vec<OfDoor>,
    /// Who they are as a member of staff, and the children a visit may be begun for.
    staff: Option<Choice>,
    pupils: Vec<Pupil>,
}

#[derive(Serialize)]
struct Look {
    lang: &'static str,
    theme: &'static str,
    elder: bool,
}

#[derive(Serialize)]
struct OfDoor {
    id: Id,
    /// The phone's own number of it, if it was begun there.
    key: Option<String>,
    version: i64,
    state: &'static str,
    part: &'static str,
    staff: Option<Id>,
    reason: &'static str,
    way: &'static str,
    day: Option<String>,
    from: Option<String>,
    place: String,
    purpose: String,
    children: Vec<Child>,
    phones: Vec<Phone>,
    met: Vec<Choice>,
    visitors: Vec<Choice>,
    record: VisitRecord,
}

#[derive(Serialize)]
struct Child {
    id: Id,
    name: String,
    class_name: String,
}

#[derive(Serialize)]
struct Phone {
    text: String,
    number: String,
}

#[derive(Serialize)]
struct Choice {
    code: String,
    text: String,
}

/// `GET /visits/offline/today.json`.
pub(super) fn today(g: &mut Get<'_>, at: Holder<right::RecordVisit>) -> Result<Reply> {
    let today = g.r.today();
    let from = today.saturating_sub(rules::DAYS_BACK.days());
    let to = today.saturating_add(rules::DAYS_AHEAD.days());
    let (app, view) = (g.app.clone(), g.view().clone());
    let start = year::current(g.r)?.start;
    let mut visits = Vec::new();
    for visit in store::of_day(g.r, &at.actor, from, to)? {
        // A visit that is recorded stays for the day, so that something forgotten can be added at home.
        if visit.state == State::Done && visit.day.is_some_and(|d| d < today) {
            continue;
        }
        visits.push(one(g.r, &app, &at.actor, start, visit)?);
    }
    let ids: Vec<Id> = visits.iter().map(|v| v.id).collect();
    let mut keys = begun::keys(g.r, at.actor.account, &ids)?;
    for visit in &mut visits {
        visit.key = keys.remove(&visit.id);
    }
    let pupils = begun::pupils(g.r, &at.actor, start)?;
    let prefs = at.actor.prefs;
    let look = Look { lang: prefs.lang.tag(), theme: prefs.theme.code(), elder: prefs.elder };
    api::json(&Today {
        now: g.r.now(),
        today: today.to_string(),
        account: at.actor.account,
        staff: at.actor.staff.map(|id| Choice { code: id.to_string(), text: view.name.clone() }),
        name: view.name.clone(),
        prefs: look,
        visits,
        pupils,
    })
}

fn one(r: &mut Reader, app: &App, actor: &Actor, start: i16, visit: DayVisit) -> Result<OfDoor> {
    let record = store::record_of(r, &app.vault, visit.id)?;
    let students: Vec<Id> = visit.children.iter().map(|c| c.student).collect();
    let sees = actor.may(Action::SeeContacts).is_ok();
    let (phones, met) = people_of(r, app, &students, sees)?;
    let mut children = Vec::new();
    for child in &visit.children {
        let class_name = unit::find(r, child.class)?.display(start);
        children.push(Child { id: child.student, name: child.name.clone(), class_name });
    }
    let leads = visit.companion.is_none() || visit.lead == actor.staff;
    Ok(OfDoor {
        place: if sees { place_of(r, app, &students)? } else { String::new() },
        visitors: visitors_of(r, &visit)?,
        id: visit.id,
        key: None,
        version: visit.version,
        state: visit.state.code(),
        part: if leads { "lead" } else { "companion" },
        staff: actor.staff,
        reason: visit.reason.label_key(),
        way: visit.way.code(),
        day: visit.day.map(|d| d.to_string()),
        from: visit.starts_at.map(clock_of),
        purpose: record.purpose.clone(),
        children,
        phones,
        met,
        record,
    })
}

fn clock_of(at: Millis) -> String {
    let civil = at.civil();
    format!("{:02}:{:02}", civil.hour(), civil.minute())
}

/// Who may open the door, and whom to call. Somebody kept from a child is not among them.
fn people_of(r: &mut Reader, app: &App, students: &[Id], sees: bool) -> Result<(Vec<Phone>, Vec<Choice>)> {
    let (mut phones, mut met, mut known) = (Vec::new(), Vec::new(), BTreeSet::new());
    for person in contact_log::candidates(r, students)? {
        if !known.insert(person.guardian) {
            continue;
        }
        met.push(Choice { code: format!("guardian:{}", person.guardian), text: person.name.clone() });
        if sees
            && person.has_phone
            && let Some(number) = people::phone_of(r, &app.vault, person.guardian)?
        {
            phones.push(Phone { text: format!("{} {number}", person.name), number });
        }
    }
    Ok((phones, met))
}

fn place_of(r: &mut Reader, app: &App, students: &[Id]) -> Result<String> {
    let mut places: Vec<String> = Vec::new();
    for student in students {
        let place = people::student_details(r, &app.vault, *student)?.address;
        if !place.is_empty() && !places.contains(&place) {
            places.push(place);
        }
    }
    Ok(places.join(" / "))
}

record! {
    struct Goer {
        id: Id,
        name: String,
    }
}

/// Who goes: the one who leads, and those who come along.
fn visitors_of(r: &mut Reader, visit: &DayVisit) -> Result<Vec<Choice>> {
    let lead = visit.lead.unwrap_or_default();
    let goers: Vec<Goer> = r.rows(
        sql!(
            "SELECT p.id, p.name FROM staff p WHERE p.id = $2 OR p.id IN
              (SELECT c.staff_id FROM visit_companion c WHERE c.visit_id = $1 AND c.state <> 'not_coming')
              ORDER BY CASE WHEN p.id = $2 THEN 0 ELSE 1 END, p.name_key, p.id"
        ),
        &[&visit.id, &lead],
    )?;
    Ok(goers.into_iter().map(|g| Choice { code: g.id.to_string(), text: g.name }).collect())
}
