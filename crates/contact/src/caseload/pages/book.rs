//! A guardian takes a time with a leader, or gives it back.

use super::words::{Choice, topics};
use crate::caseload::model::Topic;
use crate::caseload::permit::as_guardian;
use crate::caseload::reception::{self, DayState, SlotState};
use crate::visit::at_words;
use askama::Template;
use gongyu_kernel::{Error, Id, Result};
use gongyu_registry::people::{self, Student};
use gongyu_registry::unit;
use gongyu_web::permit::Signed;
use gongyu_web::{Flash, Get, Post, Reply, filters};

struct Time {
    id: Id,
    clock: String,
}

struct Day {
    id: Id,
    when: String,
    leader: String,
    place: String,
    times: Vec<Time>,
}

struct School {
    name: String,
    children: Vec<(Id, String)>,
    days: Vec<Day>,
}

struct Mine {
    id: Id,
    when: String,
    off: bool,
}

#[derive(Template)]
#[template(path = "caseload/pages/book.html")]
struct Page {
    mine: Vec<Mine>,
    schools: Vec<School>,
    topics: Vec<Choice>,
}

pub(super) fn show(g: &mut Get<'_>, Signed(actor): Signed) -> Result<Reply> {
    let guardian = as_guardian(&actor)?;
    let (today, now, view) = (g.r.today(), g.r.now(), g.view().clone());
    let children: Vec<Student> = people::children_of(g.r, guardian)?;
    let mut mine = Vec::new();
    for slot in reception::booked_by(g.r, guardian, today)? {
        let day = reception::find_day(g.r, slot.day)?;
        mine.push(Mine {
            id: slot.id,
            when: format!("{} {}", at_words(&view, slot.starts_at), day.leader_name),
            off: day.state == DayState::Cancelled,
        });
    }
    let mut ids: Vec<Id> = children.iter().map(|c| c.school).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut schools = Vec::new();
    let until = today.saturating_add(jiff::Span::new().days(60));
    for id in ids {
        let mut days = Vec::new();
        for day in
            reception::days_of(g.r, id, today, until)?.into_iter().filter(|d| d.state == DayState::Planned).take(6)
        {
            let slots = reception::slots_of(g.r, day.id)?;
            if slots.iter().any(|s| s.guardian == Some(guardian)) {
                continue;
            }
            let open = slots.into_iter().filter(|s| s.state == SlotState::Free && s.starts_at > now);
            let times: Vec<Time> = open
                .map(|s| {
                    let at = s.starts_at.civil();
                    Time { id: s.id, clock: format!("{:02}:{:02}", at.hour(), at.minute()) }
                })
                .collect();
            days.push(Day {
                id: day.id,
                when: super::receptions::when_words(&view, day.day, day.from, day.to),
                leader: day.leader_name,
                place: day.place,
                times,
            });
        }
        let own = children.iter().filter(|c| c.school == id).map(|c| (c.id, c.name.clone())).collect();
        schools.push(School { name: unit::find(g.r, id)?.name, children: own, days });
    }
    g.page(g.t("reception-book-title"), "mailbox", &Page { mine, schools, topics: topics(&view, "") })
}

pub(super) fn book(p: &mut Post<'_>, Signed(actor): Signed) -> Result<Reply> {
    as_guardian(&actor)?;
    let slot = p.req.id()?;
    let student = p.form().id("child").ok_or_else(|| Error::field("child", "field-choose"))?;
    let topic = Topic::parse(p.form().get("topic")).unwrap_or(Topic::Other);
    reception::book(p.tx, &actor, slot, student, topic)?;
    p.audit("reception.book", ("reception", Some(slot)), "{}")?;
    let undo = format!("/reception/slots/{slot}/give-back");
    Ok(Reply::to_with("/reception", Flash::new("reception-booked").undo(undo)))
}

pub(super) fn give_back(p: &mut Post<'_>, Signed(actor): Signed) -> Result<Reply> {
    as_guardian(&actor)?;
    let slot = p.req.id()?;
    reception::give_back(p.tx, &actor, slot)?;
    p.audit("reception.give-back", ("reception", Some(slot)), "{}")?;
    Ok(Reply::to_with("/reception", Flash::new("reception-given-back")))
}
