//! A school's reception days: filled from the rota, planned by hand.

use super::settings::minutes;
use crate::caseload::reception::{self, DayState};
use crate::caseload::rota::Planned;
use crate::caseload::settings::doors_of;
use askama::Template;
use gongyu_access::{Action, Actor, right};
use gongyu_kernel::error::{Code, Invalid};
use gongyu_kernel::{Error, Id, Result};
use gongyu_registry::{people, unit, year};
use gongyu_store::Reader;
use gongyu_web::permit::Holder;
use gongyu_web::show::View;
use gongyu_web::{Flash, Get, Post, Reply, filters};

struct Row {
    id: Id,
    when: String,
    leader: String,
    place: String,
    taken: i64,
    all: i64,
    off: bool,
}

struct Section {
    title: &'static str,
    rows: Vec<Row>,
    always: bool,
}

#[derive(Template)]
#[template(path = "caseload/pages/receptions.html")]
struct Page {
    phone: bool,
    steers: bool,
    has_rota: bool,
    sections: Vec<Section>,
    staff: Vec<(Id, String)>,
    today: String,
}

/// 11月27日周五 14:00–16:00.
pub(super) fn when_words(view: &View, day: gongyu_kernel::Date, from: i64, to: i64) -> String {
    let weekday = view.t(&format!("deadline-weekday-{}", day.weekday().to_monday_one_offset()));
    let clock = |m: i64| format!("{:02}:{:02}", m / 60, m % 60);
    format!("{}{} {}–{}", view.day(day), weekday, clock(from), clock(to))
}

fn school_of(r: &mut Reader, actor: &Actor) -> Result<Id> {
    unit::find(r, actor.unit()?)?.school.ok_or(Error::Forbidden)
}

pub(super) fn show(g: &mut Get<'_>, at: Holder<right::HandleCases>) -> Result<Reply> {
    let school = school_of(g.r, &at.actor)?;
    let (today, view) = (g.r.today(), g.view().clone());
    let (since, until) =
        (today.saturating_sub(jiff::Span::new().days(120)), today.saturating_add(jiff::Span::new().days(200)));
    let row = |d: reception::Day| Row {
        id: d.id,
        when: when_words(&view, d.day, d.from, d.to),
        leader: d.leader_name,
        place: d.place,
        taken: d.taken,
        all: d.taken + d.free,
        off: d.state == DayState::Cancelled,
    };
    let (past, coming): (Vec<_>, Vec<_>) =
        reception::days_of(g.r, school, since, until)?.into_iter().partition(|d| d.day < today);
    let steers = at.actor.may(Action::SteerCases).is_ok();
    let staff = if steers {
        people::staff_of_school(g.r, school)?.into_iter().map(|s| (s.id, s.name)).collect()
    } else {
        Vec::new()
    };
    let body = Page {
        phone: view.phone,
        steers,
        has_rota: !doors_of(g.r, school)?.turns.is_empty(),
        sections: vec![
            Section { title: "reception-coming", rows: coming.into_iter().map(row).collect(), always: true },
            Section {
                title: "reception-past-days",
                rows: past.into_iter().rev().take(20).map(row).collect(),
                always: false,
            },
        ],
        staff,
        today: today.to_string(),
    };
    g.page(g.t("reception-days"), "cases", &body)
}

/// From tomorrow to the end of the semester; in its last days to the end of the next.
pub(super) fn fill(p: &mut Post<'_>, at: Holder<right::SteerCases>) -> Result<Reply> {
    let school = school_of(p.tx, &at.actor)?;
    let (calendar, today) = (year::calendar(p.tx)?, p.tx.today());
    let from = today.tomorrow().map_err(Error::internal)?;
    let end = calendar.dates_of(calendar.semester_of(from)).to;
    let n = reception::fill(p.tx, school, from, end)?;
    p.audit("reception.fill", ("reception", None), &serde_json::json!({ "n": n }).to_string())?;
    Ok(Reply::to_with("/receptions", Flash::new(Code::new("reception-filled").arg("n", n))))
}

pub(super) fn plan(p: &mut Post<'_>, at: Holder<right::SteerCases>) -> Result<Reply> {
    let school = school_of(p.tx, &at.actor)?;
    let mut invalid = Invalid::default();
    let day = p.form().date("day", &mut invalid);
    let (from, to) = (minutes(p.form().get("from")), minutes(p.form().get("to")));
    let leader = p.form().id("leader");
    invalid.into_result()?;
    let (Some(day), Some(from), Some(to), Some(leader)) = (day, from, to, leader) else {
        return Err(Error::field("day", "field-required"));
    };
    if day < p.tx.today() || from >= to {
        return Err(Error::field("day", "reception-past"));
    }
    if !reception::plan(p.tx, school, &Planned { day, from, to, leader })? {
        return Err(Error::conflict("reception-there"));
    }
    p.audit("reception.plan", ("reception", None), "{}")?;
    Ok(Reply::to_with("/receptions", Flash::new("reception-planned-one")))
}
