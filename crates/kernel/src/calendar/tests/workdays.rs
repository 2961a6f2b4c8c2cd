use crate::calendar::{Date, DayKind, Holidays};
use jiff::civil::{Weekday, date};
use std::collections::BTreeSet;

/// The lists again, typed from the notices in another shape: days off before the bar, worked
/// weekend days after it.
const ORACLE: [(i16, &str); 8] = [
    (2020, "0101 0124-0202 0404-0406 0501-0505 0625-0627 1001-1008 | 0119 0426 0509 0628 0927 1010"),
    (
        2021,
        "0101-0103 0211-0217 0403-0405 0501-0505 0612-0614 0919-0921 1001-1007 | 0207 0220 0425 0508 0918 0926 1009",
    ),
    (
        2022,
        "0101-0103 0131-0206 0403-0405 0430-0504 0603-0605 0910-0912 1001-1007 1231 | 0129 0130 0402 0424 0507 1008 1009",
    ),
    (2023, "0101-0102 0121-0127 0405 0429-0503 0622-0624 0929-1006 | 0128 0129 0423 0506 0625 1007 1008"),
    (2024, "0101 0210-0217 0404-0406 0501-0505 0610 0915-0917 1001-1007 | 0204 0218 0407 0428 0511 0914 0929 1012"),
    (2025, "0101 0128-0204 0404-0406 0501-0505 0531-0602 1001-1008 | 0126 0208 0427 0928 1011"),
    (2026, "0101-0103 0215-0223 0404-0406 0501-0505 0619-0621 0925-0927 1001-1007 | 0104 0214 0228 0509 0920 1010"),
    (2027, "0101 |"),
];

fn month_day(year: i16, text: &str) -> Date {
    let number: i16 = text.parse().expect("four digits");
    date(year, (number / 100) as i8, (number % 100) as i8)
}

/// Every working day of the oracle's years, in order.
fn worked_days() -> BTreeSet<Date> {
    let mut worked: BTreeSet<Date> = date(2020, 1, 1)
        .series(jiff::Span::new().days(1))
        .take_while(|d| d.year() < 2028)
        .filter(|d| !matches!(d.weekday(), Weekday::Saturday | Weekday::Sunday))
        .collect();
    for (year, text) in ORACLE {
        let (off, made_up) = text.split_once('|').expect("a bar");
        for run in off.split_whitespace() {
            let (from, to) = run.split_once('-').unwrap_or((run, run));
            let (from, to) = (month_day(year, from), month_day(year, to));
            worked.retain(|d| *d < from || *d > to);
        }
        worked.extend(made_up.split_whitespace().map(|d| month_day(year, d)));
    }
    worked
}

#[test]
fn every_day_of_2020_to_2026_is_worked_or_not_as_the_notices_say() {
    let (holidays, worked) = (Holidays::national(), worked_days());
    for day in date(2020, 1, 1).series(jiff::Span::new().days(1)).take_while(|d| d.year() < 2027) {
        assert_eq!(holidays.is_workday(day), worked.contains(&day), "{day}");
        assert_eq!(holidays.kind(day).is_worked(), worked.contains(&day), "{day}");
    }
}

#[test]
fn the_nth_working_day_is_the_nth_of_the_list_from_every_day_of_2020_to_2026() {
    let (holidays, worked) = (Holidays::national(), worked_days());
    for from in date(2020, 1, 1).series(jiff::Span::new().days(1)).take_while(|d| d.year() < 2027) {
        let after: Vec<Date> = worked.range(from..).filter(|d| **d > from).take(20).copied().collect();
        let far = holidays.add_workdays(from, 20);
        for (n, expected) in (1u32..=20).zip(&after) {
            let step = far.steps.iter().find(|s| s.counted == Some(n)).expect("counted");
            assert_eq!(step.date, *expected, "{from} + {n}");
            if n % 7 == 1 {
                assert_eq!(holidays.add_workdays(from, n).due, *expected, "{from} + {n}");
                assert_eq!(holidays.workdays_between(from, *expected), n, "{from} + {n}");
            }
        }
    }
}

#[test]
fn the_day_of_receipt_does_not_count_and_every_day_is_shown() {
    let computed = Holidays::national().add_workdays(date(2026, 9, 30), 5);
    assert_eq!(computed.due, date(2026, 10, 13));
    assert_eq!(computed.steps.len(), 13);
    assert_eq!(computed.steps[0].kind, DayKind::Holiday("国庆节".into()));
    let made_up = &computed.steps[9];
    assert_eq!((made_up.date, made_up.counted), (date(2026, 10, 10), Some(3)));
    assert_eq!(made_up.kind, DayKind::MakeUpWorkday("国庆节".into()));
    assert_eq!(computed.steps[10].kind, DayKind::Weekend);
    assert_eq!(computed.steps[12].counted, Some(5));
    assert!(!computed.provisional);
}

#[test]
fn a_deadline_reaching_into_a_year_without_a_notice_is_provisional() {
    assert!(Holidays::national().add_workdays(date(2026, 12, 28), 7).provisional);
    assert!(!Holidays::national().add_workdays(date(2026, 12, 21), 7).provisional);
}

#[test]
fn no_working_days_end_on_the_day_itself() {
    let computed = Holidays::national().add_workdays(date(2026, 11, 21), 0);
    assert_eq!((computed.due, computed.steps.len()), (date(2026, 11, 21), 0));
    assert_eq!(Holidays::national().workdays_between(date(2026, 11, 23), date(2026, 11, 20)), 0);
}

#[test]
fn the_last_day_of_the_calendar_does_not_hang() {
    assert_eq!(Holidays::national().add_workdays(Date::MAX, 3).due, Date::MAX);
}
