//! The working-day calculator: start, number of working days, due date, every day between.

use crate::year;
use askama::Template;
use gongyu_kernel::calendar::{Computed, DayKind, Step};
use gongyu_kernel::{Date, Result};
use gongyu_web::filters;
use gongyu_web::{Get, Reply, Signed};
use jiff::civil::Weekday;

/// Most working days counted at once: a year of them.
const MOST: u32 = 250;

/// One day of the computation, in words.
struct Line {
    date: Date,
    weekday: &'static str,
    why: String,
    counted: Option<u32>,
}

#[derive(Template)]
#[template(path = "year/pages/count.html")]
struct Count {
    from: String,
    n: String,
    problem: String,
    done: Option<Computed>,
    n_days: u32,
    due_weekday: &'static str,
    lines: Vec<Line>,
}

/// Key of a weekday's short name.
pub(super) const fn weekday_key(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "calendar-mon",
        Weekday::Tuesday => "calendar-tue",
        Weekday::Wednesday => "calendar-wed",
        Weekday::Thursday => "calendar-thu",
        Weekday::Friday => "calendar-fri",
        Weekday::Saturday => "calendar-sat",
        Weekday::Sunday => "calendar-sun",
    }
}

fn line(g: &Get<'_>, step: &Step) -> Line {
    let why = match &step.kind {
        DayKind::Workday => g.t("calendar-step-workday"),
        DayKind::Weekend => g.t("calendar-step-weekend"),
        DayKind::Holiday(name) => g.ta("calendar-step-off", &[("name", name.as_str().into())]),
        DayKind::MakeUpWorkday(name) => g.ta("calendar-step-makeup", &[("name", name.as_str().into())]),
    };
    Line { date: step.date, weekday: weekday_key(step.date.weekday()), why, counted: step.counted }
}

pub(super) fn show(g: &mut Get<'_>, _: Signed) -> Result<Reply> {
    let query = &g.req.query;
    let today = g.r.today();
    let typed = query.has("from") || query.has("n");
    let from: Option<Date> = if typed { query.get("from").parse().ok() } else { Some(today) };
    let n: Option<u32> = if typed { query.get("n").parse().ok().filter(|n| (1..=MOST).contains(n)) } else { Some(7) };
    let done = match (from, n) {
        (Some(from), Some(n)) => Some(year::calendar(g.r)?.holidays.add_workdays(from, n)),
        _ => None,
    };
    let problem = if done.is_some() { String::new() } else { g.ta("calendar-count-problem", &[("most", MOST.into())]) };
    let lines = done.iter().flat_map(|c| c.steps.iter()).map(|s| line(g, s)).collect();
    let page = Count {
        from: if typed { query.get("from").to_owned() } else { today.to_string() },
        n: if typed { query.get("n").to_owned() } else { "7".to_owned() },
        problem,
        n_days: n.unwrap_or_default(),
        due_weekday: done.as_ref().map_or("", |c| weekday_key(c.due.weekday())),
        done,
        lines,
    };
    g.page(g.t("calendar-count-title"), "calendar", &page)
}
