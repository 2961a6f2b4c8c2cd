//! Changes of the calendar as pure decisions: each takes a calendar and gives the changed one.

use gongyu_kernel::Date;
use gongyu_kernel::calendar::{CalendarError, DayEdit, DayMark, HolidayEdits, Holidays, SchoolCalendar, YearDates};

/// The calendar with other dates for the school year that begins in `start`.
///
/// # Errors
/// [`CalendarError::OutOfOrder`] when the dates do not follow one another.
pub fn dates_from(mut calendar: SchoolCalendar, start: i16, dates: YearDates) -> Result<SchoolCalendar, CalendarError> {
    calendar.years.insert(start, dates);
    calendar.check()?;
    Ok(calendar)
}

/// The calendar with one day seen differently from the national list.
#[must_use]
pub fn mark_day(calendar: SchoolCalendar, date: Date, mark: DayMark) -> SchoolCalendar {
    let edits = HolidayEdits { days: vec![DayEdit { date, mark }], published: Vec::new() };
    SchoolCalendar { holidays: calendar.holidays.with_edits(edits), ..calendar }
}

/// The calendar with the district's own change of a day taken back.
#[must_use]
pub fn clear_day(calendar: SchoolCalendar, date: Date) -> SchoolCalendar {
    let mut edits = calendar.holidays.edits();
    edits.days.retain(|edit| edit.date != date);
    SchoolCalendar { holidays: Holidays::from(edits), ..calendar }
}

/// The calendar with a year noted as completed by the district from the published notice, or not.
#[must_use]
pub fn set_published(calendar: SchoolCalendar, year: i16, published: bool) -> SchoolCalendar {
    let mut edits = calendar.holidays.edits();
    edits.published.retain(|y| *y != year);
    if published {
        edits.published.push(year);
    }
    SchoolCalendar { holidays: Holidays::from(edits), ..calendar }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gongyu_kernel::calendar::{NoticeStatus, SchoolYear};
    use jiff::civil::date;

    #[test]
    fn a_day_off_of_the_districts_own_moves_a_due_date_and_can_be_taken_back() {
        let shipped = SchoolCalendar::default_chongqing();
        let friday = date(2026, 11, 27);
        let before = shipped.holidays.add_workdays(date(2026, 11, 26), 1).due;
        let edited = mark_day(shipped, friday, DayMark::Off("区运动会".to_owned()));
        assert_eq!(before, friday);
        assert_eq!(edited.holidays.add_workdays(date(2026, 11, 26), 1).due, date(2026, 11, 30));
        let back = clear_day(edited, friday);
        assert_eq!(back.holidays.add_workdays(date(2026, 11, 26), 1).due, friday);
    }

    #[test]
    fn dates_that_do_not_follow_one_another_are_refused() {
        let calendar = SchoolCalendar::default_chongqing();
        let mut dates = calendar.year_dates(SchoolYear { start: 2026 });
        dates.second_from = dates.first_teaching_from;
        assert_eq!(dates_from(calendar, 2026, dates).unwrap_err(), CalendarError::OutOfOrder(2026));
    }

    #[test]
    fn a_projected_year_counts_as_published_once_the_district_has_entered_its_notice() {
        let calendar = SchoolCalendar::default_chongqing();
        assert_eq!(calendar.holidays.status(2028), NoticeStatus::Projected);
        let entered = set_published(calendar, 2028, true);
        assert_eq!(entered.holidays.status(2028), NoticeStatus::Published);
        assert_eq!(set_published(entered, 2028, false).holidays.status(2028), NoticeStatus::Projected);
    }
}
