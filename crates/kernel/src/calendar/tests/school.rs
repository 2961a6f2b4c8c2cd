use crate::calendar::{AugustRule, CalendarError, SchoolCalendar, SchoolYear, Semester};
use jiff::civil::date;

const Y2026: SchoolYear = SchoolYear { start: 2026 };

#[test]
fn semester_codes_read_back_and_follow_one_another() {
    let autumn = Semester::parse("2026-1").expect("a code");
    assert_eq!((autumn.code(), autumn.next().code()), ("2026-1".into(), "2026-2".into()));
    assert_eq!(autumn.next().next().code(), "2027-1");
    assert_eq!(autumn.prev().code(), "2025-2");
    assert!(autumn < autumn.next() && autumn.next() < Y2026.next().first());
    for bad in ["2026", "2026-3", "2026-01", "26-1", "２０２６-1", ""] {
        assert!(Semester::parse(bad).is_err(), "{bad}");
    }
    assert!(serde_json::from_str::<Semester>("\"2026-9\"").is_err());
}

#[test]
fn every_day_lies_in_exactly_one_semester() {
    for rule in [AugustRule::NewYear, AugustRule::OldYear] {
        let calendar = SchoolCalendar { august_counts_for: rule, ..SchoolCalendar::default_chongqing() };
        let mut semester = Semester::parse("2017-1").expect("a code");
        let mut day = calendar.dates_of(semester).from;
        while day.year() < 2034 {
            let span = calendar.dates_of(semester);
            assert_eq!(span.from, day, "{semester:?} begins where the last one ended");
            while span.contains(day) {
                assert_eq!(calendar.semester_of(day), semester, "{day}");
                day = day.tomorrow().expect("a day");
            }
            semester = semester.next();
        }
    }
}

#[test]
fn august_counts_for_the_new_year_unless_the_district_says_otherwise() {
    let mut calendar = SchoolCalendar::default_chongqing();
    let visit = date(2026, 8, 20);
    assert_eq!(calendar.semester_of(visit).code(), "2026-1");
    calendar.august_counts_for = AugustRule::OldYear;
    assert_eq!(calendar.semester_of(visit).code(), "2025-2");
    assert_eq!(calendar.semester_of(date(2026, 9, 1)).code(), "2026-1");
    assert_eq!(calendar.dates_of_year(Y2026).to, date(2027, 8, 31));
}

#[test]
fn weeks_are_counted_from_the_week_of_the_first_lesson() {
    let calendar = SchoolCalendar::default_chongqing();
    assert_eq!(calendar.week_of(date(2026, 8, 30)), None);
    assert_eq!(calendar.week_of(date(2026, 8, 31)), Some(1));
    assert_eq!(calendar.week_of(date(2026, 9, 6)), Some(1));
    assert_eq!(calendar.week_of(date(2026, 9, 7)), Some(2));
    assert_eq!(calendar.week_of(date(2026, 11, 23)), Some(13));
    assert_eq!(calendar.week_of(date(2027, 2, 3)), None);
}

#[test]
fn lessons_are_held_on_working_days_of_the_teaching_weeks_only() {
    let calendar = SchoolCalendar::default_chongqing();
    assert!(calendar.is_school_day(date(2026, 11, 23)));
    assert!(calendar.is_school_day(date(2026, 9, 20)), "a make-up Sunday");
    assert!(!calendar.is_school_day(date(2026, 10, 5)), "National Day");
    assert!(!calendar.is_school_day(date(2027, 1, 25)), "winter break");
    assert_eq!(calendar.school_days_in(calendar.dates_of(Y2026.prev().second())), 81);
}

#[test]
fn the_shipped_calendar_is_in_order_and_reads_back() {
    let calendar = SchoolCalendar::default_chongqing();
    assert_eq!(calendar.check(), Ok(()));
    assert_eq!(calendar.years.keys().copied().collect::<Vec<_>>(), (2019..=2030).collect::<Vec<i16>>());
    for (start, dates) in &calendar.years {
        for day in
            [dates.first_teaching_from, dates.first_teaching_to, dates.second_teaching_from, dates.second_teaching_to]
        {
            assert!(calendar.is_school_day(day), "{start}: {day}");
        }
    }
    let text = serde_json::to_string(&calendar).expect("json");
    assert_eq!(serde_json::from_str::<SchoolCalendar>(&text).expect("json"), calendar);
}

#[test]
fn a_year_with_dates_out_of_order_is_refused_by_name() {
    let mut calendar = SchoolCalendar::default_chongqing();
    let year = calendar.years.get_mut(&2026).expect("a year");
    year.second_from = date(2026, 9, 15);
    assert_eq!(calendar.check(), Err(CalendarError::OutOfOrder(2026)));
}
