use crate::calendar::{Date, Period, PeriodKind, SchoolCalendar};
use jiff::civil::date;

fn of(kind: PeriodKind, day: Date) -> Period {
    Period::of(kind, day, &SchoolCalendar::default_chongqing())
}

#[test]
fn a_code_names_its_period_and_no_other() {
    let calendar = SchoolCalendar::default_chongqing();
    let day = date(2026, 11, 23);
    let expected = [
        (PeriodKind::SchoolDay, "2026-11-23"),
        (PeriodKind::Week, "2026-W48"),
        (PeriodKind::Month, "2026-11"),
        (PeriodKind::Semester, "2026-1"),
        (PeriodKind::SchoolYear, "2026-2027"),
        (PeriodKind::CalendarYear, "2026"),
        (PeriodKind::Once, "once"),
    ];
    for (kind, code) in expected {
        let period = Period::of(kind, day, &calendar);
        assert_eq!(period.code, code);
        assert!(period.contains(day), "{code}");
        assert_eq!(Period::parse(code, &calendar).expect("a code"), period);
        assert_eq!(PeriodKind::parse(kind.code()), Some(kind));
    }
}

#[test]
fn what_is_no_code_is_refused() {
    let calendar = SchoolCalendar::default_chongqing();
    for bad in [
        "",
        "20",
        "2026-",
        "2026-13",
        "2026-3",
        "2026-W54",
        "2026-2028",
        "2026-02-30",
        "2026-1-1",
        "二〇二六",
        "2026年",
    ] {
        assert!(Period::parse(bad, &calendar).is_err(), "{bad}");
    }
}

#[test]
fn the_week_of_new_year_belongs_to_the_iso_year() {
    let week = of(PeriodKind::Week, date(2027, 1, 1));
    assert_eq!((week.code.as_str(), week.from, week.to), ("2026-W53", date(2026, 12, 28), date(2027, 1, 3)));
}

#[test]
fn next_and_previous_meet_without_gap_or_overlap() {
    let calendar = SchoolCalendar::default_chongqing();
    for kind in
        [PeriodKind::Week, PeriodKind::Month, PeriodKind::Semester, PeriodKind::SchoolYear, PeriodKind::CalendarYear]
    {
        let mut period = Period::of(kind, date(2019, 9, 2), &calendar);
        while period.to.year() < 2030 {
            let next = period.next(&calendar);
            assert_eq!(next.from, period.to.tomorrow().expect("a day"), "{}", period.code);
            assert_eq!(next.prev(&calendar), period);
            assert_eq!(Period::parse(&next.code, &calendar).expect("a code"), next);
            period = next;
        }
    }
}

#[test]
fn a_school_day_is_followed_by_the_next_day_lessons_are_held_on() {
    let calendar = SchoolCalendar::default_chongqing();
    let before_national_day = of(PeriodKind::SchoolDay, date(2026, 9, 30));
    let after = before_national_day.next(&calendar);
    assert_eq!(after.code, "2026-10-08");
    assert_eq!(after.prev(&calendar), before_national_day);
    assert_eq!(of(PeriodKind::SchoolDay, date(2027, 1, 22)).next(&calendar).code, "2027-02-22");
}

#[test]
fn what_is_done_once_has_no_next() {
    let calendar = SchoolCalendar::default_chongqing();
    assert_eq!(Period::once().next(&calendar), Period::once());
}
