//! Deadlines in working days over the school calendar: when something is due and how that came about, day
//! by day; the clock stands while an answer from the other side is awaited, and is given more days with a
//! reason. Whoever keeps a deadline keeps its `Stages` as JSON in a row of their own; nothing here is stored.
//!
//! Counting follows 民法典 arts 201 and 203: the day something comes in does not count; 调休 decides which
//! Saturdays and Sundays are worked, after the yearly notices of the State Council General Office.

mod remind;
mod show;
mod stages;

pub use remind::{AHEAD, EVERY_DAY, asks_on, moment, reminders};
pub use show::Shown;
pub use stages::{Stage, Stages};

use gongyu_kernel::calendar::{DayKind, Holidays, NoticeStatus};
use gongyu_kernel::{Date, Error, Result};
use serde::{Deserialize, Serialize};

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    /// Days on which offices work.
    Workdays,
    /// Every day.
    Days,
}

/// How long a deadline is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Term {
    /// What is counted.
    pub count: Count,
    /// How many.
    pub n: u32,
}

impl Term {
    /// So many working days.
    pub const fn workdays(n: u32) -> Self {
        Self { count: Count::Workdays, n }
    }

    /// So many days of any kind, as 信访工作条例 (2022) counts.
    pub const fn days(n: u32) -> Self {
        Self { count: Count::Days, n }
    }
}

/// Days on which the clock stood: those after `from`, up to and with `to`. The day of an answer does not
/// count, as the day of receipt does not.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Pause {
    /// Day the question was asked.
    pub from: Date,
    /// Day it was answered; `None` while the clock stands.
    pub to: Option<Date>,
}

/// More days, with the reason that is told.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Extension {
    /// Day it was given.
    pub on: Date,
    /// How many more, in what the term counts.
    pub n: u32,
    /// Why.
    pub why: String,
}

/// A deadline that runs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Clock {
    /// The day it runs from; it does not count itself.
    pub from: Date,
    /// How long.
    pub term: Term,
    /// When it stood, in order.
    #[serde(default)]
    pub pauses: Vec<Pause>,
    /// What was added, in order.
    #[serde(default)]
    pub extensions: Vec<Extension>,
    /// The day it was met.
    #[serde(default)]
    pub met: Option<Date>,
}

/// One day of a computation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// The day.
    pub date: Date,
    /// What kind of day it is.
    pub kind: DayKind,
    /// The clock stood.
    pub paused: bool,
    /// Which day of the term it is, from 1; `None` when it does not count.
    pub counted: Option<u32>,
}

/// When something is due, and how that came about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Computed {
    /// The day it runs from.
    pub from: Date,
    /// Days asked for, extensions included.
    pub total: u32,
    /// Every day after `from` up to the last; while the clock stands up to the day it was stopped.
    pub steps: Vec<Step>,
    /// The last day; `None` while the clock stands.
    pub due: Option<Date>,
    /// A day lies in a year whose notice of days off is not out: the deadline may still move.
    pub provisional: bool,
}

/// Where a deadline stands on a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Done.
    Met {
        /// On this day.
        on: Date,
        /// After the last day.
        late: bool,
    },
    /// The other side is asked; nothing runs.
    Paused {
        /// Since this day.
        since: Date,
    },
    /// Runs.
    Due {
        /// Last day.
        on: Date,
        /// Days of the term left, the last included; 0 on the last day itself.
        left: u32,
    },
    /// The last day is over.
    Overdue {
        /// Last day.
        on: Date,
        /// Days of the term's kind since.
        by: u32,
    },
}

impl Clock {
    /// A clock that runs from a day.
    pub const fn start(from: Date, term: Term) -> Self {
        Self { from, term, pauses: Vec::new(), extensions: Vec::new(), met: None }
    }

    /// Whether it stands.
    pub fn paused(&self) -> Option<Date> {
        self.pauses.last().filter(|p| p.to.is_none()).map(|p| p.from)
    }

    /// Stops it: something was asked of the other side.
    ///
    /// # Errors
    /// `Error::Conflict` when it stands already or is met.
    pub fn pause(&mut self, on: Date) -> Result<()> {
        self.runs()?;
        self.pauses.push(Pause { from: on.max(self.from), to: None });
        Ok(())
    }

    /// Lets it run on: the answer came.
    ///
    /// # Errors
    /// `Error::Conflict` when it does not stand.
    pub fn resume(&mut self, on: Date) -> Result<()> {
        match self.pauses.last_mut().filter(|p| p.to.is_none()) {
            Some(pause) => {
                pause.to = Some(on.max(pause.from));
                Ok(())
            }
            None => Err(Error::conflict("deadline-runs")),
        }
    }

    /// Gives more days, for a reason.
    ///
    /// # Errors
    /// `Error::Invalid` without a reason or days; `Error::Conflict` when it is met or stands.
    pub fn extend(&mut self, n: u32, why: &str, on: Date) -> Result<()> {
        if why.trim().is_empty() {
            return Err(Error::field("why", "field-required"));
        }
        if n == 0 {
            return Err(Error::field("days", "deadline-no-days"));
        }
        self.runs()?;
        self.extensions.push(Extension { on, n, why: why.trim().to_owned() });
        Ok(())
    }

    /// Notes that it is met; the first day stays.
    pub fn meet(&mut self, on: Date) {
        if let Some(pause) = self.pauses.last_mut().filter(|p| p.to.is_none()) {
            pause.to = Some(on.max(pause.from));
        }
        self.met.get_or_insert(on);
    }

    fn runs(&self) -> Result<()> {
        match (self.met, self.paused()) {
            (Some(_), _) => Err(Error::conflict("deadline-met")),
            (_, Some(_)) => Err(Error::conflict("deadline-stands")),
            _ => Ok(()),
        }
    }

    /// Days asked for, extensions included.
    pub fn total(&self) -> u32 {
        self.extensions.iter().fold(self.term.n, |sum, e| sum.saturating_add(e.n))
    }

    /// When it is due, and how that came about.
    pub fn computed(&self, holidays: &Holidays) -> Computed {
        let (total, stands) = (self.total(), self.paused());
        let mut steps: Vec<Step> = Vec::new();
        let (mut counted, mut day) = (0, self.from);
        while counted < total {
            let Ok(next) = day.tomorrow() else { break };
            if stands.is_some_and(|since| next > since) {
                break;
            }
            day = next;
            let kind = holidays.kind(day);
            let paused = self.pauses.iter().any(|p| p.from < day && p.to.is_some_and(|to| day <= to));
            let counts = !paused && (self.term.count == Count::Days || kind.is_worked());
            counted += u32::from(counts);
            steps.push(Step { date: day, kind, paused, counted: counts.then_some(counted) });
        }
        let due = (counted == total).then_some(day);
        let workdays = self.term.count == Count::Workdays;
        let provisional =
            workdays && (self.from.year()..=day.year()).any(|y| holidays.status(y) != NoticeStatus::Published);
        Computed { from: self.from, total, steps, due, provisional }
    }

    /// The last day; `None` while it stands.
    pub fn due(&self, holidays: &Holidays) -> Option<Date> {
        self.computed(holidays).due
    }

    /// Where it stands on a day.
    pub fn standing(&self, holidays: &Holidays, today: Date) -> Standing {
        let due = self.due(holidays);
        match (self.met, self.paused(), due) {
            (Some(on), _, due) => Standing::Met { on, late: due.is_some_and(|due| on > due) },
            (None, Some(since), None) => Standing::Paused { since },
            (None, _, Some(due)) if today > due => {
                Standing::Overdue { on: due, by: self.between(holidays, due, today) }
            }
            (None, _, Some(due)) => Standing::Due { on: due, left: self.between(holidays, today, due) },
            (None, None, None) => Standing::Due { on: self.from, left: 0 },
        }
    }

    fn between(&self, holidays: &Holidays, from: Date, to: Date) -> u32 {
        match self.term.count {
            Count::Workdays => holidays.workdays_between(from, to),
            Count::Days => (to - from).get_days().unsigned_abs(),
        }
    }
}
