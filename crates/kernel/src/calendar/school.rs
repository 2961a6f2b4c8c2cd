//! The dates of school years and semesters, and which days are taught.

use super::notice::days;
use super::{CalendarError, Date, Half, Holidays, SchoolYear, Semester};
use jiff::civil::date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A run of days, both ends included.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Span {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

impl Span {
    /// Whether the day lies in the run.
    pub fn contains(self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }
}

/// The dates of one school year. It ends the day before the next one begins, and its first
/// semester the day before its second begins, so no day is ever between semesters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct YearDates {
    /// First day of the first semester as a counting period, usually 1 August.
    pub first_from: Date,
    /// First day of lessons in autumn.
    pub first_teaching_from: Date,
    /// Last day of lessons before the winter break.
    pub first_teaching_to: Date,
    /// First day of the second semester as a counting period, usually 1 February.
    pub second_from: Date,
    /// First day of lessons in spring.
    pub second_teaching_from: Date,
    /// Last day of lessons before the summer break.
    pub second_teaching_to: Date,
}

impl YearDates {
    /// The usual dates where nothing is set: lessons 1 September to 18 January and 22 February to
    /// 5 July, counting periods from 1 August and 1 February. [K]
    pub fn usual(year: SchoolYear) -> Self {
        let (this, next) = (year.start, year.start + 1);
        Self {
            first_from: date(this, 8, 1),
            first_teaching_from: date(this, 9, 1),
            first_teaching_to: date(next, 1, 18),
            second_from: date(next, 2, 1),
            second_teaching_from: date(next, 2, 22),
            second_teaching_to: date(next, 7, 5),
        }
    }

    fn in_order(&self, start: i16) -> bool {
        let run = [
            self.first_from,
            self.first_teaching_from,
            self.first_teaching_to,
            self.second_from,
            self.second_teaching_from,
            self.second_teaching_to,
        ];
        run.is_sorted_by(|a, b| a < b)
            && self.first_from >= date(start, 7, 1)
            && self.first_from <= date(start, 9, 30)
            && self.second_teaching_to < date(start + 1, 9, 1)
    }
}

/// Which school year contacts made in August count for (visits to new entrants mostly).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AugustRule {
    /// The school year about to begin.
    #[default]
    NewYear,
    /// The school year that has just ended.
    OldYear,
}

/// The school calendar of a district, stored as one editable setting.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SchoolCalendar {
    /// Dates by the year a school year begins in; a year not listed has [`YearDates::usual`].
    pub years: BTreeMap<i16, YearDates>,
    /// Days off and make-up workdays.
    #[serde(default)]
    pub holidays: Holidays,
    /// What August counts for.
    #[serde(default)]
    pub august_counts_for: AugustRule,
}

#[derive(Deserialize)]
struct YearsFile {
    years: Vec<YearRow>,
}

#[derive(Deserialize)]
struct YearRow {
    start: i16,
    #[serde(flatten)]
    dates: YearDates,
}

impl SchoolCalendar {
    /// The default of a Chongqing district for 2019 to 2030. The years 2023 and 2025 follow the
    /// city's published calendars [M]; the others are worked out from its habit [K] and are there
    /// to be edited.
    pub fn default_chongqing() -> Self {
        let file: YearsFile = serde_json::from_str(include_str!("../../data/calendar/school-years-chongqing.json"))
            .expect("the shipped school years are well-formed");
        Self {
            years: file.years.into_iter().map(|row| (row.start, row.dates)).collect(),
            holidays: Holidays::national(),
            august_counts_for: AugustRule::default(),
        }
    }

    /// Checks an edited calendar.
    ///
    /// # Errors
    /// [`CalendarError::OutOfOrder`] naming the first school year whose dates do not follow one
    /// another, begin outside July to September, or run into the next school year.
    pub fn check(&self) -> Result<(), CalendarError> {
        match self.years.iter().find(|(start, dates)| !dates.in_order(**start)) {
            Some((start, _)) => Err(CalendarError::OutOfOrder(*start)),
            None => Ok(()),
        }
    }

    /// The dates set for a school year, or the usual ones.
    pub fn year_dates(&self, year: SchoolYear) -> YearDates {
        self.years.get(&year.start).copied().unwrap_or_else(|| YearDates::usual(year))
    }

    /// The first day that counts for a school year, after the August rule.
    pub fn year_begins(&self, year: SchoolYear) -> Date {
        let dates = self.year_dates(year);
        match self.august_counts_for {
            AugustRule::NewYear => dates.first_from,
            AugustRule::OldYear => {
                let autumn = dates.first_teaching_from.min(date(year.start, 9, 1));
                dates.first_from.max(autumn)
            }
        }
    }

    /// All days that count for a school year.
    pub fn dates_of_year(&self, year: SchoolYear) -> Span {
        Span { from: self.year_begins(year), to: day_before(self.year_begins(year.next())) }
    }

    /// All days that count for a semester, holidays before and after lessons included.
    pub fn dates_of(&self, semester: Semester) -> Span {
        let second_from = self.year_dates(semester.year).second_from;
        let year = self.dates_of_year(semester.year);
        match semester.half {
            Half::First => Span { from: year.from, to: day_before(second_from) },
            Half::Second => Span { from: second_from, to: year.to },
        }
    }

    /// The days between the first and the last lesson of a semester.
    pub fn teaching_of(&self, semester: Semester) -> Span {
        let dates = self.year_dates(semester.year);
        match semester.half {
            Half::First => Span { from: dates.first_teaching_from, to: dates.first_teaching_to },
            Half::Second => Span { from: dates.second_teaching_from, to: dates.second_teaching_to },
        }
    }

    /// The school year a day counts for.
    pub fn year_of(&self, day: Date) -> SchoolYear {
        let this = SchoolYear { start: day.year() };
        if day >= self.year_begins(this) { this } else { this.prev() }
    }

    /// The semester a day counts for. Every day has exactly one.
    pub fn semester_of(&self, day: Date) -> Semester {
        let year = self.year_of(day);
        if day < self.year_dates(year).second_from { year.first() } else { year.second() }
    }

    /// 第N周: the week of lessons, the first being the Monday-to-Sunday week of the first lesson.
    /// `None` in the holidays.
    pub fn week_of(&self, day: Date) -> Option<u32> {
        let semester = self.semester_of(day);
        let teaching = self.teaching_of(semester);
        let (first, last) =
            (monday_of(teaching.from), monday_of(teaching.to).saturating_add(jiff::Span::new().days(6)));
        if day < first || day > last {
            return None;
        }
        let days = (day - first).get_days();
        u32::try_from(days / 7 + 1).ok()
    }

    /// Whether lessons are held: a working day between the first and last lesson of its semester.
    pub fn is_school_day(&self, day: Date) -> bool {
        self.teaching_of(self.semester_of(day)).contains(day) && self.holidays.is_workday(day)
    }

    /// How many days of a run lessons are held on.
    pub fn school_days_in(&self, span: Span) -> u32 {
        let taught = days(span.from, span.to).filter(|day| self.is_school_day(*day)).count();
        u32::try_from(taught).unwrap_or(u32::MAX)
    }
}

pub(super) fn day_before(day: Date) -> Date {
    day.yesterday().unwrap_or(Date::MIN)
}

pub(super) fn day_after(day: Date) -> Date {
    day.tomorrow().unwrap_or(Date::MAX)
}

/// The Monday of the week a day lies in.
pub(super) fn monday_of(day: Date) -> Date {
    day.saturating_sub(jiff::Span::new().days(i64::from(day.weekday().to_monday_zero_offset())))
}
