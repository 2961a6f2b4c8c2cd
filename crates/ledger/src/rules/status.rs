//! Met, due, overdue or not applicable, from a count and a date.

use super::model::{Counts, Deadline, Rule};
use gongyu_kernel::calendar::{Date, Period, PeriodKind, SchoolCalendar, SchoolYear, Semester};
use serde::{Deserialize, Serialize};

/// How far a duty has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Tally {
    /// How many were done.
    pub done: u32,
    /// Out of how many, where the rule's own number does not say it: events that asked for an
    /// answer, the denominator of a share, children of a school taken together.
    pub out_of: Option<u32>,
}

impl Tally {
    /// So many out of so many.
    pub const fn of(done: u32, out_of: u32) -> Self {
        Self { done, out_of: Some(out_of) }
    }
}

impl From<u32> for Tally {
    fn from(done: u32) -> Self {
        Self { done, out_of: None }
    }
}

/// The state of one duty of one subject in one period.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum DutyStatus {
    /// Done.
    Met,
    /// There is still time.
    Due {
        /// The last day to do it.
        by: Date,
        /// Whether the deadline is near (within [`Rule::due_from`] days).
        near: bool,
    },
    /// The time is over and it is not done.
    Overdue {
        /// The first day it was late.
        since: Date,
    },
    /// Nothing is asked of this subject in this period.
    NotApplicable,
}

impl DutyStatus {
    /// The name stored in columns and used in filters.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Due { .. } => "due",
            Self::Overdue { .. } => "overdue",
            Self::NotApplicable => "not_applicable",
        }
    }

    /// Days left until the deadline, the deadline itself being 0; `None` unless due.
    pub fn days_left(self, today: Date) -> Option<u32> {
        match self {
            Self::Due { by, .. } => Some(days_from(today, by)),
            _ => None,
        }
    }

    /// Days late, 1 on the day after the deadline; `None` unless overdue.
    pub fn days_late(self, today: Date) -> Option<u32> {
        match self {
            Self::Overdue { since } => Some(days_from(since, today) + 1),
            _ => None,
        }
    }
}

fn days_from(from: Date, to: Date) -> u32 {
    u32::try_from((to - from).get_days()).unwrap_or(0)
}

/// The last day on which a duty of this period can be met in time.
pub fn due_on(rule: &Rule, calendar: &SchoolCalendar, period: &Period) -> Date {
    match rule.deadline {
        Deadline::PeriodEnd => period.to,
        Deadline::On { date } => date,
        Deadline::LastLesson => last_lesson(calendar, period).unwrap_or(period.to),
        Deadline::Day { month, day } => [period.from.year(), period.to.year()]
            .into_iter()
            .filter_map(|year| Date::new(year, month, day).ok())
            .find(|date| period.contains(*date))
            .unwrap_or(period.to),
    }
}

fn last_lesson(calendar: &SchoolCalendar, period: &Period) -> Option<Date> {
    let semester = match period.kind {
        PeriodKind::Semester => Semester::parse(&period.code).ok()?,
        PeriodKind::SchoolYear => SchoolYear::parse(&period.code).ok()?.second(),
        _ => return None,
    };
    Some(calendar.teaching_of(semester).to)
}

/// The status of a duty. `tally` is what was counted for the subject in the period, `applicable`
/// whether the rule is about the subject ([`super::applies`]).
///
/// A duty that is done once and for all is late only where its rule gives a date
/// ([`Deadline::On`]); no text but that sets one, so otherwise it stays due, by the end of the
/// present school year's lessons, until it is done. A rule that only encourages is never late.
pub fn status(
    rule: &Rule,
    tally: impl Into<Tally>,
    applicable: bool,
    today: Date,
    calendar: &SchoolCalendar,
    period: &Period,
) -> DutyStatus {
    let tally = tally.into();
    let undated = period.kind == PeriodKind::Once && !matches!(rule.deadline, Deadline::On { .. });
    let by = if undated {
        calendar.teaching_of(calendar.year_of(today).second()).to.max(today)
    } else {
        due_on(rule, calendar, period)
    };
    let nothing_asked = !rule.enabled
        || !applicable
        || !rule.in_force(if period.kind == PeriodKind::Once { today } else { by })
        || tally.out_of == Some(0)
        || !enough_lessons(rule, calendar, period);
    if nothing_asked {
        DutyStatus::NotApplicable
    } else if is_met(rule, tally) {
        DutyStatus::Met
    } else if today <= by {
        let near = !undated && !rule.soft && days_from(today, by) <= u32::from(rule.due_from);
        DutyStatus::Due { by, near }
    } else if rule.soft {
        DutyStatus::NotApplicable
    } else {
        DutyStatus::Overdue { since: by.tomorrow().unwrap_or(by) }
    }
}

fn enough_lessons(rule: &Rule, calendar: &SchoolCalendar, period: &Period) -> bool {
    let asked = rule.applies.min_school_days;
    asked == 0 || period.kind == PeriodKind::Once || calendar.school_days_in(period.span()) >= asked
}

fn is_met(rule: &Rule, tally: Tally) -> bool {
    match (&rule.counts, tally.out_of) {
        (Counts::Ratio { percent, .. }, Some(out_of)) => {
            u64::from(tally.done) * 100 >= u64::from(*percent) * u64::from(out_of)
        }
        (Counts::Ratio { percent, .. }, None) => tally.done >= u32::from(*percent),
        (_, Some(out_of)) => tally.done >= out_of,
        (Counts::Answered { .. }, None) => false,
        (_, None) => tally.done >= rule.required,
    }
}
