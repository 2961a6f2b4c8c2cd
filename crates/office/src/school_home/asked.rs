//! What families say when they are asked whether a contact happened, on the school's home.

use gongyu_kernel::calendar::SchoolCalendar;
use gongyu_kernel::{Id, Result};
use gongyu_ledger::question::{self, Counts};
use gongyu_store::Reader;

/// Families asked under which what they said is not shown: it would point at somebody.
const LEAST_SHOWN: i64 = 5;

/// This semester's answers.
pub(super) struct Asked {
    /// Counted.
    pub counts: Counts,
    /// Not sure, or silent.
    pub rest: i64,
}

impl Asked {
    /// Of a school; `None` where too few were asked to say anything.
    pub(super) fn of(r: &mut Reader, school: Id, calendar: &SchoolCalendar) -> Result<Option<Self>> {
        let days = calendar.dates_of(calendar.semester_of(r.today()));
        let counts = question::counts(r, Some(school), days.from, days.to)?.remove(&school).unwrap_or_default();
        Ok((counts.asked >= LEAST_SHOWN).then(|| Self { rest: counts.unconfirmed(), counts }))
    }
}
