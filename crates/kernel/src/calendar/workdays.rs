//! Deadlines in working days, with the computation day by day so that a page can show it.

use super::notice::days;
use super::{Date, DayKind, Holidays, NoticeStatus};
use serde::{Deserialize, Serialize};

/// One day of a computation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Step {
    /// The day.
    pub date: Date,
    /// What kind of day it is.
    pub kind: DayKind,
    /// Which working day it is, counted from 1; `None` when it does not count.
    pub counted: Option<u32>,
}

/// A deadline and how it came about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Computed {
    /// The day the period runs from; it does not count itself.
    pub from: Date,
    /// The last day of the period.
    pub due: Date,
    /// Every day after `from` up to `due`.
    pub steps: Vec<Step>,
    /// True when a day of the computation lies in a year whose notice of days off is not out, so
    /// that the deadline may still move.
    pub provisional: bool,
}

impl Holidays {
    /// The `n`th working day after `from`. The day of receipt or hand-over does not count, as is
    /// usual for periods in administrative rules; the rules in POLICY.md ask for 5 to 30 (section
    /// 5.1) or 7 (3.6). With `n` 0 the period ends on `from`.
    pub fn add_workdays(&self, from: Date, n: u32) -> Computed {
        let mut steps = Vec::new();
        let mut counted = 0;
        let mut after = days(from, Date::MAX).skip(1);
        while counted < n
            && let Some(date) = after.next()
        {
            let kind = self.kind(date);
            let worked = kind.is_worked();
            counted += u32::from(worked);
            steps.push(Step { date, kind, counted: worked.then_some(counted) });
        }
        let due = steps.last().map_or(from, |step| step.date);
        let provisional = (from.year()..=due.year()).any(|y| self.status(y) != NoticeStatus::Published);
        Computed { from, due, steps, provisional }
    }

    /// How many working days lie after `from`, up to and including `to`; 0 when `to` is not later.
    pub fn workdays_between(&self, from: Date, to: Date) -> u32 {
        let worked = days(from, to).skip(1).filter(|day| self.is_workday(*day)).count();
        u32::try_from(worked).unwrap_or(u32::MAX)
    }
}
