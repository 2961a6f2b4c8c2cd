//! School years and semesters as names; their dates live in [`super::SchoolCalendar`].

use super::CalendarError;
use serde::{Deserialize, Serialize};

/// A school year by the calendar year it begins in: 2026 is 2026—2027学年.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SchoolYear {
    /// The calendar year the school year begins in.
    pub start: i16,
}

impl SchoolYear {
    /// `"2026-2027"`; two years, so that it is never mistaken for a calendar year.
    pub fn code(self) -> String {
        format!("{:04}-{:04}", self.start, self.start + 1)
    }

    /// Reads [`Self::code`].
    ///
    /// # Errors
    /// [`CalendarError::BadCode`] when the text is not two consecutive years.
    pub fn parse(code: &str) -> Result<Self, CalendarError> {
        let bad = || CalendarError::BadCode(code.to_owned());
        let (from, to) = code.split_once('-').ok_or_else(bad)?;
        let year = Self { start: year(from).ok_or_else(bad)? };
        if year_after(to, year.start) { Ok(year) } else { Err(bad()) }
    }

    /// The first semester, autumn and winter.
    pub const fn first(self) -> Semester {
        Semester { year: self, half: Half::First }
    }

    /// The second semester, spring and summer.
    pub const fn second(self) -> Semester {
        Semester { year: self, half: Half::Second }
    }

    /// The school year after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self { start: self.start + 1 }
    }

    /// The school year before this one.
    #[must_use]
    pub const fn prev(self) -> Self {
        Self { start: self.start - 1 }
    }
}

/// Four digits as a year.
pub(super) fn year(text: &str) -> Option<i16> {
    (text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

fn year_after(text: &str, before: i16) -> bool {
    year(text).is_some_and(|y| y == before + 1)
}

/// Which semester of a school year.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Half {
    /// 第一学期, autumn and winter.
    First,
    /// 第二学期, spring and summer.
    Second,
}

/// A semester. Stored and shown in addresses as its code, `"2026-1"` or `"2026-2"`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Semester {
    /// The school year it belongs to.
    pub year: SchoolYear,
    /// First or second.
    pub half: Half,
}

impl Semester {
    /// `"2026-1"` for 2026—2027学年第一学期, `"2026-2"` for the second, in spring 2027.
    pub fn code(self) -> String {
        let half = match self.half {
            Half::First => 1,
            Half::Second => 2,
        };
        format!("{:04}-{half}", self.year.start)
    }

    /// Reads [`Self::code`].
    ///
    /// # Errors
    /// [`CalendarError::BadCode`] when the text is not a year and 1 or 2.
    pub fn parse(code: &str) -> Result<Self, CalendarError> {
        let bad = || CalendarError::BadCode(code.to_owned());
        let (start, half) = code.split_once('-').ok_or_else(bad)?;
        let year = SchoolYear { start: year(start).ok_or_else(bad)? };
        match half {
            "1" => Ok(year.first()),
            "2" => Ok(year.second()),
            _ => Err(bad()),
        }
    }

    /// The semester after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        match self.half {
            Half::First => self.year.second(),
            Half::Second => self.year.next().first(),
        }
    }

    /// The semester before this one.
    #[must_use]
    pub const fn prev(self) -> Self {
        match self.half {
            Half::First => self.year.prev().second(),
            Half::Second => self.year.first(),
        }
    }
}

impl TryFrom<String> for Semester {
    type Error = CalendarError;

    fn try_from(code: String) -> Result<Self, CalendarError> {
        Self::parse(&code)
    }
}

impl From<Semester> for String {
    fn from(semester: Semester) -> Self {
        semester.code()
    }
}
