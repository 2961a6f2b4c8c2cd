//! Twelve months as a picture: which days are taught, off, or made up for.

use gongyu_kernel::Date;
use gongyu_kernel::calendar::{DayKind, SchoolCalendar, SchoolYear};

/// What a day is in the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Lessons are held.
    Lessons,
    /// A weekday outside the weeks of lessons: offices work, pupils are off.
    Break,
    /// Saturday or Sunday.
    Weekend,
    /// A day off of the national list or the district's own.
    Off,
    /// A weekend day that is worked.
    MakeUp,
}

impl Look {
    /// Class of the cell's text.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Lessons => "gy-b",
            Self::Break | Self::Weekend => "gy-2nd",
            Self::Off => "gy-met gy-b",
            Self::MakeUp => "gy-due gy-b",
        }
    }

    /// Key of the one-character mark beside the day, so that colour never speaks alone; empty for none.
    pub(super) const fn mark(self) -> &'static str {
        match self {
            Self::Off => "calendar-mark-off",
            Self::MakeUp => "calendar-mark-work",
            _ => "",
        }
    }
}

/// One day of the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) day: i8,
    pub(super) look: Look,
    /// Name of the holiday, for a day off or made up for.
    pub(super) name: String,
    pub(super) today: bool,
}

/// One month: its first day and its weeks from Monday, with gaps at both ends.
#[derive(Clone, Debug)]
pub(super) struct Month {
    pub(super) first: Date,
    pub(super) weeks: Vec<Vec<Option<Cell>>>,
}

/// The twelve months of a school year, from the month in which it begins.
pub(super) fn months(calendar: &SchoolCalendar, year: SchoolYear, today: Date) -> Vec<Month> {
    let first = calendar.year_dates(year).first_from.first_of_month();
    std::iter::successors(Some(first), |month| month.last_of_month().tomorrow().ok())
        .take(12)
        .map(|first| month(calendar, first, today))
        .collect()
}

fn month(calendar: &SchoolCalendar, first: Date, today: Date) -> Month {
    let last = first.last_of_month();
    let gap = first.weekday().to_monday_zero_offset();
    let mut cells: Vec<Option<Cell>> = (0..gap).map(|_| None).collect();
    cells.extend(
        std::iter::successors(Some(first), |day| day.tomorrow().ok())
            .take_while(|day| *day <= last)
            .map(|day| Some(cell(calendar, day, today))),
    );
    cells.resize(cells.len().next_multiple_of(7), None);
    Month { first, weeks: cells.chunks(7).map(<[_]>::to_vec).collect() }
}

fn cell(calendar: &SchoolCalendar, date: Date, today: Date) -> Cell {
    let (look, name) = match calendar.holidays.kind(date) {
        DayKind::Holiday(name) => (Look::Off, name),
        DayKind::MakeUpWorkday(name) => (Look::MakeUp, name),
        DayKind::Weekend => (Look::Weekend, String::new()),
        DayKind::Workday if calendar.is_school_day(date) => (Look::Lessons, String::new()),
        DayKind::Workday => (Look::Break, String::new()),
    };
    Cell { day: date.day(), look, name, today: date == today }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn every_day_of_the_school_year_is_in_the_picture_once() {
        let calendar = SchoolCalendar::default_chongqing();
        let months = months(&calendar, SchoolYear { start: 2026 }, date(2026, 11, 23));
        let days: usize = months.iter().flat_map(|m| &m.weeks).flatten().flatten().count();
        assert_eq!((months.len(), days), (12, 365));
        assert_eq!(months[0].first, date(2026, 8, 1));
        assert!(months.iter().flat_map(|m| &m.weeks).all(|week| week.len() == 7));
    }

    #[test]
    fn days_off_make_up_days_and_lessons_look_different() {
        let calendar = SchoolCalendar::default_chongqing();
        let look = |day| cell(&calendar, day, day).look;
        assert_eq!(look(date(2026, 10, 1)), Look::Off);
        assert_eq!(look(date(2026, 10, 10)), Look::MakeUp);
        assert_eq!(look(date(2026, 11, 23)), Look::Lessons);
        assert_eq!(look(date(2026, 11, 22)), Look::Weekend);
        assert_eq!(look(date(2026, 8, 5)), Look::Break);
    }
}
