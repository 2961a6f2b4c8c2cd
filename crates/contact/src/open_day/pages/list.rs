//! The open days of a school, or of the schools below a unit, with what became of them.

use crate::open_day::model::State;
use crate::open_day::sessions::{self, Counts};
use crate::open_day::store;
use crate::open_day::words::state_look;
use askama::Template;
use gongyu_access::{Action, right};
use gongyu_kernel::{Date, Id, Result};
use gongyu_registry::unit::{self, UnitKind};
use gongyu_store::sql;
use gongyu_web::filters;
use gongyu_web::{Get, Holder, Reply};
use std::collections::HashMap;

struct Line {
    id: Id,
    title: String,
    school: String,
    day: Date,
    state: &'static str,
    look: &'static str,
    icon: &'static str,
    sessions: usize,
    of: Counts,
    children: i64,
}

#[derive(Template)]
#[template(path = "open_day/pages/list.html")]
struct Page {
    phone: bool,
    manages: bool,
    above: bool,
    lines: Vec<Line>,
    held: usize,
    children: i64,
}

/// Days back that the list holds [P]: this school year and the last.
const BACK: i32 = 730;

pub(super) fn show(g: &mut Get<'_>, at: Holder<right::SeeOpenDays>) -> Result<Reply> {
    let here = unit::find(g.r, at.actor.unit()?)?;
    let within = here.school.unwrap_or(here.id);
    let above = matches!(here.kind, UnitKind::Town | UnitKind::District);
    let since = g.r.today().saturating_sub(jiff::Span::new().days(BACK));
    let days = store::within(g.r, within, since, !above)?;
    let ids: Vec<Id> = days.iter().map(|d| d.id).collect();
    let all = store::sessions(g.r, &ids)?;
    let counts = sessions::counts(g.r, &ids)?;
    let reached: Vec<(Id, i64)> = g.r.rows_in(
        sql!("SELECT open_day_id, COUNT(*) FROM open_came WHERE open_day_id IN ($1) GROUP BY open_day_id"),
        &ids,
        &[],
    )?;
    let reached: HashMap<Id, i64> = reached.into_iter().collect();
    let schools: Vec<Id> = days.iter().map(|d| d.school).collect();
    let names = if above { unit::names(g.r, &schools, 0)? } else { HashMap::new() };
    let lines: Vec<Line> = days
        .iter()
        .map(|d| {
            let own: Vec<_> = all.iter().filter(|s| s.open_day == d.id).collect();
            let mut of = Counts::default();
            for c in own.iter().filter_map(|s| counts.get(&s.id)) {
                of.booked += c.booked;
                of.seats += c.seats;
                of.offered += c.offered;
                of.waiting += c.waiting;
                of.came += c.came;
            }
            let (look, icon) = state_look(d.state);
            Line {
                id: d.id,
                title: d.title.clone(),
                school: names.get(&d.school).cloned().unwrap_or_default(),
                day: d.day,
                state: d.state.label_key(),
                look,
                icon,
                sessions: own.len(),
                of,
                children: reached.get(&d.id).copied().unwrap_or(0),
            }
        })
        .collect();
    let body = Page {
        phone: g.view().phone,
        manages: at.actor.may(Action::ManageOpenDays).is_ok(),
        above,
        held: days.iter().filter(|d| d.state == State::Held).count(),
        children: lines.iter().map(|l| l.children).sum(),
        lines,
    };
    g.page(g.t("open-nav"), "open-days", &body)
}
