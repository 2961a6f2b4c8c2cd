//! The calendar of a school year.

use super::picture::{self, Month};
use crate::year;
use askama::Template;
use gongyu_access::Action;
use gongyu_kernel::calendar::{NoticeStatus, SchoolCalendar, SchoolYear, Semester, Source, Span};
use gongyu_kernel::{Date, Result};
use gongyu_web::filters;
use gongyu_web::{Get, Reply, Signed};

/// A semester with its dates.
struct Half {
    name: String,
    counts: Span,
    lessons: Span,
    school_days: u32,
    now: bool,
}

/// What is known of a calendar year's days off.
pub(super) struct Notice {
    pub(super) year: i16,
    pub(super) status: NoticeStatus,
    pub(super) sources: Vec<Source>,
    /// The district itself has said that its list is complete.
    pub(super) own: bool,
}

impl Notice {
    pub(super) fn of(calendar: &SchoolCalendar, year: i16) -> Self {
        let sources = calendar.holidays.notice(year).map(|n| n.sources.clone()).unwrap_or_default();
        let own = calendar.holidays.edits().published.contains(&year);
        Self { year, status: calendar.holidays.status(year), sources, own }
    }

    /// Key of the words for how much is known.
    pub(super) fn key(&self) -> &'static str {
        match self.status {
            NoticeStatus::Published => "calendar-notice-published",
            NoticeStatus::Projected => "calendar-notice-projected",
            NoticeStatus::Unknown => "calendar-notice-unknown",
        }
    }

    /// Whether the year's list may still change.
    pub(super) fn open(&self) -> bool {
        self.status != NoticeStatus::Published
    }
}

#[derive(Template)]
#[template(path = "year/pages/show.html")]
struct Show {
    title: String,
    lead: String,
    prev: i16,
    start: i16,
    next: i16,
    halves: Vec<Half>,
    months: Vec<(String, Month)>,
    notices: Vec<Notice>,
    edits: usize,
    may_edit: bool,
}

/// The school year asked for, or that of today; only years a calendar can speak of.
pub(super) fn wanted_year(g: &Get<'_>, calendar: &SchoolCalendar, today: Date) -> SchoolYear {
    let asked = g.req.query.get("year").parse().ok().filter(|y| (2015..=2050).contains(y));
    asked.map_or_else(|| calendar.year_of(today), |start| SchoolYear { start })
}

/// 2026—2027学年.
pub(super) fn year_name(g: &Get<'_>, year: SchoolYear) -> String {
    g.ta("calendar-year", &[("from", i64::from(year.start).into()), ("to", i64::from(year.start + 1).into())])
}

fn half_of(g: &Get<'_>, calendar: &SchoolCalendar, semester: Semester, key: &str, today: Date) -> Half {
    let lessons = calendar.teaching_of(semester);
    Half {
        name: g.t(key),
        counts: calendar.dates_of(semester),
        lessons,
        school_days: calendar.school_days_in(lessons),
        now: calendar.semester_of(today) == semester,
    }
}

pub(super) fn show(g: &mut Get<'_>, by: Signed) -> Result<Reply> {
    let calendar = year::calendar(g.r)?;
    let today = g.r.today();
    let year = wanted_year(g, &calendar, today);
    let semester = calendar.semester_of(today);
    let lead = match calendar.week_of(today) {
        Some(week) => g.ta("calendar-week", &[("n", week.into())]),
        None => g.t(if semester.half == gongyu_kernel::calendar::Half::First {
            "calendar-break-first"
        } else {
            "calendar-break-second"
        }),
    };
    let months = picture::months(&calendar, year, today)
        .into_iter()
        .map(|m| {
            let args = [("year", i64::from(m.first.year()).into()), ("month", i64::from(m.first.month()).into())];
            (g.ta("calendar-month", &args), m)
        })
        .collect();
    let title = year_name(g, year);
    let page = Show {
        lead,
        prev: year.start - 1,
        start: year.start,
        next: year.start + 1,
        halves: vec![
            half_of(g, &calendar, year.first(), "calendar-first-half", today),
            half_of(g, &calendar, year.second(), "calendar-second-half", today),
        ],
        months,
        notices: vec![Notice::of(&calendar, year.start), Notice::of(&calendar, year.start + 1)],
        edits: calendar.holidays.edits().days.len(),
        may_edit: by.0.may(Action::EditCalendar).is_ok(),
        title: title.clone(),
    };
    g.page(title, "calendar", &page)
}
