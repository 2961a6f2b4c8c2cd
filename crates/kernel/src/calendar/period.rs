//! The periods duties are counted in.

use super::school::{day_after, day_before, monday_of};
use super::school_year::year;
use super::{CalendarError, Date, SchoolCalendar, SchoolYear, Semester, Span};
use jiff::civil::{ISOWeekDate, Weekday};
use serde::{Deserialize, Serialize};

/// How long a duty's counting period is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodKind {
    /// One day.
    SchoolDay,
    /// Monday to Sunday.
    Week,
    /// Calendar month.
    Month,
    /// Semester, see [`SchoolCalendar::dates_of`].
    Semester,
    /// School year.
    SchoolYear,
    /// 1 January to 31 December.
    CalendarYear,
    /// Done once and for all.
    Once,
}

impl PeriodKind {
    /// All kinds, shortest first.
    pub const ALL: [Self; 7] =
        [Self::SchoolDay, Self::Week, Self::Month, Self::Semester, Self::SchoolYear, Self::CalendarYear, Self::Once];

    /// The name stored in columns.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SchoolDay => "school_day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Semester => "semester",
            Self::SchoolYear => "school_year",
            Self::CalendarYear => "calendar_year",
            Self::Once => "once",
        }
    }

    /// Reads [`Self::code`].
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// One period with its dates. The code alone says which kind it is:
/// `2026-11-23` day, `2026-W48` week, `2026-11` month, `2026-1` semester, `2026-2027` school year,
/// `2026` calendar year, `once`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Period {
    /// Its kind.
    pub kind: PeriodKind,
    /// Its unambiguous name, stable when the calendar's dates are edited.
    pub code: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

impl Period {
    /// The period of this kind that contains a day.
    pub fn of(kind: PeriodKind, day: Date, calendar: &SchoolCalendar) -> Self {
        match kind {
            PeriodKind::SchoolDay => Self { kind, code: day.to_string(), from: day, to: day },
            PeriodKind::Week => {
                let (iso, from) = (day.iso_week_date(), monday_of(day));
                let to = from.saturating_add(jiff::Span::new().days(6));
                Self { kind, code: format!("{:04}-W{:02}", iso.year(), iso.week()), from, to }
            }
            PeriodKind::Month => {
                let code = format!("{:04}-{:02}", day.year(), day.month());
                Self { kind, code, from: day.first_of_month(), to: day.last_of_month() }
            }
            PeriodKind::Semester => Self::semester(calendar.semester_of(day), calendar),
            PeriodKind::SchoolYear => Self::school_year(calendar.year_of(day), calendar),
            PeriodKind::CalendarYear => {
                let code = format!("{:04}", day.year());
                Self { kind, code, from: day.first_of_year(), to: day.last_of_year() }
            }
            PeriodKind::Once => Self::once(),
        }
    }

    /// The period of a semester.
    pub fn semester(semester: Semester, calendar: &SchoolCalendar) -> Self {
        let Span { from, to } = calendar.dates_of(semester);
        Self { kind: PeriodKind::Semester, code: semester.code(), from, to }
    }

    /// The period of a school year.
    pub fn school_year(year: SchoolYear, calendar: &SchoolCalendar) -> Self {
        let Span { from, to } = calendar.dates_of_year(year);
        Self { kind: PeriodKind::SchoolYear, code: year.code(), from, to }
    }

    /// The one period of duties that are done once and for all.
    pub fn once() -> Self {
        Self { kind: PeriodKind::Once, code: "once".to_owned(), from: Date::MIN, to: Date::MAX }
    }

    /// Reads a code.
    ///
    /// # Errors
    /// [`CalendarError::BadCode`] when it has none of the shapes above or names no real date.
    pub fn parse(code: &str, calendar: &SchoolCalendar) -> Result<Self, CalendarError> {
        Self::read(code, calendar).ok_or_else(|| CalendarError::BadCode(code.to_owned()))
    }

    fn read(code: &str, calendar: &SchoolCalendar) -> Option<Self> {
        if code == "once" {
            return Some(Self::once());
        }
        if let Some(year) = year(code) {
            return Some(Self::of(PeriodKind::CalendarYear, date_of(year, 1, 1)?, calendar));
        }
        let (head, tail) = (code.get(..4)?, code.get(4..)?.strip_prefix('-')?);
        let this = year(head)?;
        if let Some(week) = tail.strip_prefix('W') {
            let monday = ISOWeekDate::new(this, two_digits(week)?, Weekday::Monday).ok()?;
            return Some(Self::of(PeriodKind::Week, monday.date(), calendar));
        }
        match tail.len() {
            1 => Some(Self::semester(Semester::parse(code).ok()?, calendar)),
            2 => Some(Self::of(PeriodKind::Month, date_of(this, two_digits(tail)?, 1)?, calendar)),
            4 => Some(Self::school_year(SchoolYear::parse(code).ok()?, calendar)),
            5 => {
                let (month, day) = tail.split_once('-')?;
                let day = date_of(this, two_digits(month)?, two_digits(day)?)?;
                Some(Self::of(PeriodKind::SchoolDay, day, calendar))
            }
            _ => None,
        }
    }

    /// Whether the day lies in the period.
    pub fn contains(&self, day: Date) -> bool {
        self.span().contains(day)
    }

    /// Its days.
    pub const fn span(&self) -> Span {
        Span { from: self.from, to: self.to }
    }

    /// The period after this one; a school day is followed by the next day lessons are held on.
    /// [`PeriodKind::Once`] has no next and returns itself.
    #[must_use]
    pub fn next(&self, calendar: &SchoolCalendar) -> Self {
        match self.kind {
            PeriodKind::Once => self.clone(),
            PeriodKind::SchoolDay => self.nearest_school_day(calendar, day_after),
            kind => Self::of(kind, day_after(self.to), calendar),
        }
    }

    /// The period before this one, the mirror of [`Self::next`].
    #[must_use]
    pub fn prev(&self, calendar: &SchoolCalendar) -> Self {
        match self.kind {
            PeriodKind::Once => self.clone(),
            PeriodKind::SchoolDay => self.nearest_school_day(calendar, day_before),
            kind => Self::of(kind, day_before(self.from), calendar),
        }
    }

    /// Bounded by a year, so that a calendar edited into having no lessons still answers.
    fn nearest_school_day(&self, calendar: &SchoolCalendar, step: fn(Date) -> Date) -> Self {
        let near = std::iter::successors(Some(step(self.from)), |day| Some(step(*day))).take(366);
        let day = near.into_iter().find(|day| calendar.is_school_day(*day)).unwrap_or_else(|| step(self.from));
        Self::of(PeriodKind::SchoolDay, day, calendar)
    }
}

fn two_digits(text: &str) -> Option<i8> {
    (text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

fn date_of(year: i16, month: i8, day: i8) -> Option<Date> {
    Date::new(year, month, day).ok()
}
