//! The calendar of a Chinese school district: the national days off and make-up workdays, school
//! years and semesters without gaps, teaching days, the periods duties are counted in, and
//! working-day arithmetic that shows how a date was computed. Pure: no clock, no SQL.
//!
//! Every boundary is data. What ships is a default ([P]/[K] in POLICY.md) that a district edits;
//! the national lists are the notices of the State Council General Office, word for word.

mod holidays;
mod notice;
mod period;
mod school;
mod school_year;
#[cfg(test)]
mod tests;
mod workdays;

pub use holidays::{DayEdit, DayKind, DayMark, HolidayEdits, Holidays};
pub use jiff::civil::Date;
pub use notice::{NoticeStatus, Source, YearNotice};
pub use period::{Period, PeriodKind};
pub use school::{AugustRule, SchoolCalendar, Span, YearDates};
pub use school_year::{Half, SchoolYear, Semester};
pub use workdays::{Computed, Step};

/// Why a calendar value could not be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The text names no school year, semester or period.
    #[error("not a calendar code: {0}")]
    BadCode(String),
    /// The dates of this school year do not follow one another, or do not lie in its two years.
    #[error("the dates of school year {0} are out of order")]
    OutOfOrder(i16),
}
