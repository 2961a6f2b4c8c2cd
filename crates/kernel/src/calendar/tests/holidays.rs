use crate::calendar::{DayEdit, DayKind, DayMark, HolidayEdits, Holidays, NoticeStatus};
use jiff::civil::date;

fn edit(mark: DayMark) -> HolidayEdits {
    HolidayEdits { days: vec![DayEdit { date: date(2026, 11, 23), mark }], published: vec![] }
}

#[test]
fn the_spring_festival_of_2020_was_extended_to_2_february() {
    let holidays = Holidays::national();
    assert_eq!(holidays.kind(date(2020, 2, 1)), DayKind::Holiday("春节".into()));
    assert_eq!(holidays.kind(date(2020, 2, 2)), DayKind::Holiday("春节".into()));
    assert_eq!(holidays.kind(date(2020, 2, 3)), DayKind::Workday);
}

#[test]
fn new_year_days_of_2019_and_2023_begin_in_the_december_before() {
    let holidays = Holidays::national();
    assert_eq!(holidays.kind(date(2018, 12, 29)), DayKind::MakeUpWorkday("元旦".into()));
    assert_eq!(holidays.kind(date(2018, 12, 31)), DayKind::Holiday("元旦".into()));
    assert!(!holidays.is_workday(date(2022, 12, 31)));
}

#[test]
fn new_years_eve_of_2024_was_only_encouraged_and_since_2025_it_is_a_holiday() {
    let holidays = Holidays::national();
    assert!(holidays.is_workday(date(2024, 2, 9)));
    assert!(!holidays.is_workday(date(2025, 1, 28)));
    assert!(!holidays.is_workday(date(2027, 2, 5)));
}

#[test]
fn a_year_says_how_much_is_known_of_it() {
    let holidays = Holidays::national();
    assert!((2019..=2026).all(|y| holidays.status(y) == NoticeStatus::Published));
    assert!((2027..=2030).all(|y| holidays.status(y) == NoticeStatus::Projected));
    assert_eq!(holidays.status(2031), NoticeStatus::Unknown);
    let notice = holidays.notice(2026).expect("a shipped year");
    assert_eq!(notice.sources[0].title, "国务院办公厅关于2026年部分节假日安排的通知");
}

#[test]
fn the_districts_edit_overrides_the_national_list() {
    let day = date(2026, 11, 23);
    let off = Holidays::national().with_edits(edit(DayMark::Off("校庆".into())));
    assert_eq!(off.kind(day), DayKind::Holiday("校庆".into()));
    assert!(!off.is_workday(day));
    let plain = off.with_edits(edit(DayMark::Plain));
    assert_eq!(plain.kind(day), DayKind::Workday);
}

#[test]
fn a_year_entered_by_the_district_counts_as_published() {
    let entered = HolidayEdits { days: vec![], published: vec![2027] };
    assert_eq!(Holidays::national().with_edits(entered).status(2027), NoticeStatus::Published);
}

#[test]
fn only_the_edits_are_stored() {
    let edited = Holidays::national().with_edits(edit(DayMark::Off("校庆".into())));
    let text = serde_json::to_string(&edited).expect("json");
    assert_eq!(text, r#"{"days":[{"date":"2026-11-23","mark":{"off":"校庆"}}],"published":[]}"#);
    assert_eq!(serde_json::from_str::<Holidays>(&text).expect("json"), edited);
}
