use super::rule;
use crate::rules::{Deadline, DutyStatus, Tally, due_on, status};
use gongyu_kernel::calendar::{Date, Period, PeriodKind, SchoolCalendar};

fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

/// The status of a default rule in the period of this code.
fn at(code: &str, tally: impl Into<Tally>, period: &str, today: &str) -> DutyStatus {
    let calendar = SchoolCalendar::default_chongqing();
    let period = Period::parse(period, &calendar).expect("a period");
    status(&rule(code), tally, true, day(today), &calendar, &period)
}

#[test]
fn a_semester_duty_is_due_until_the_last_lesson_and_late_the_day_after() {
    let due = at("R01", 1, "2026-1", "2027-01-22");
    assert_eq!(due, DutyStatus::Due { by: day("2027-01-22"), near: true });
    assert_eq!(due.days_left(day("2027-01-22")), Some(0));
    let late = at("R01", 1, "2026-1", "2027-01-23");
    assert_eq!(late, DutyStatus::Overdue { since: day("2027-01-23") });
    assert_eq!(late.days_late(day("2027-01-23")), Some(1));
    assert_eq!(at("R01", 2, "2026-1", "2027-01-23"), DutyStatus::Met);
}

#[test]
fn the_days_are_counted_as_the_school_home_shows_them() {
    let today = day("2026-11-23");
    let monthly = at("R07", 0, "2026-10", "2026-11-23");
    assert_eq!((monthly, monthly.days_late(today)), (DutyStatus::Overdue { since: day("2026-11-01") }, Some(23)));
    assert_eq!(at("R06", 0, "2026-1", "2026-11-23").days_left(today), Some(60));
    let visits = at("R05", Tally::of(743, 1387), "2026-2027", "2026-11-23");
    assert_eq!(visits, DutyStatus::Due { by: day("2027-07-09"), near: false });
}

#[test]
fn a_duty_is_near_from_its_own_number_of_days_before_the_deadline() {
    let mut r01 = rule("R01");
    r01.due_from = 10;
    let calendar = SchoolCalendar::default_chongqing();
    let period = Period::parse("2026-1", &calendar).expect("a period");
    let near = |today: &str| {
        matches!(status(&r01, 0, true, day(today), &calendar, &period), DutyStatus::Due { near: true, .. })
    };
    assert!(!near("2027-01-11"));
    assert!(near("2027-01-12"));
}

#[test]
fn nothing_is_asked_of_a_month_with_hardly_any_lessons() {
    assert_eq!(at("R07", 0, "2026-08", "2026-09-10"), DutyStatus::NotApplicable);
    assert_eq!(at("R07", 0, "2027-02", "2027-03-10"), DutyStatus::NotApplicable);
    assert!(matches!(at("R07", 0, "2026-09", "2026-10-10"), DutyStatus::Overdue { .. }));
}

#[test]
fn nothing_is_asked_by_a_rule_off_out_of_force_or_about_others() {
    let calendar = SchoolCalendar::default_chongqing();
    let period = Period::parse("2026-1", &calendar).expect("a period");
    let today = day("2027-02-10");
    let mut off = rule("R01");
    off.enabled = false;
    assert_eq!(status(&off, 0, true, today, &calendar, &period), DutyStatus::NotApplicable);
    assert_eq!(status(&rule("R01"), 0, false, today, &calendar, &period), DutyStatus::NotApplicable);
    let mut ended = rule("R01");
    ended.valid_to = Some(day("2027-01-21"));
    assert_eq!(status(&ended, 0, true, today, &calendar, &period), DutyStatus::NotApplicable);
    ended.valid_to = Some(day("2027-01-22"));
    assert!(matches!(status(&ended, 0, true, today, &calendar, &period), DutyStatus::Overdue { .. }));
    assert_eq!(at("R06", 0, "2024-2", "2025-11-01"), DutyStatus::NotApplicable, "before the ten measures");
}

#[test]
fn an_encouragement_can_be_met_but_is_never_late() {
    let calendar = SchoolCalendar::default_chongqing();
    let period = Period::parse("2026-W47", &calendar).expect("a period");
    let mut homework = rule("R09");
    homework.enabled = true;
    let on = |done: u32, today: &str| status(&homework, done, true, day(today), &calendar, &period);
    assert_eq!(on(0, "2026-11-18"), DutyStatus::Due { by: day("2026-11-22"), near: false });
    assert_eq!(on(0, "2026-11-23"), DutyStatus::NotApplicable);
    assert_eq!(on(1, "2026-11-23"), DutyStatus::Met);
}

#[test]
fn what_is_done_once_stays_due_until_it_is_done() {
    assert_eq!(at("R13", 1, "once", "2026-11-23"), DutyStatus::Due { by: day("2027-07-09"), near: false });
    assert!(matches!(at("R13", 1, "once", "2027-07-20"), DutyStatus::Due { .. }));
    assert_eq!(at("R13", 2, "once", "2026-11-23"), DutyStatus::Met);
}

#[test]
fn a_goal_with_a_date_is_late_after_it() {
    let calendar = SchoolCalendar::default_chongqing();
    let mut goal = rule("R22");
    goal.enabled = true;
    let on = |today: &str| status(&goal, 0, true, day(today), &calendar, &Period::once());
    assert_eq!(on("2026-11-23"), DutyStatus::Due { by: day("2027-12-31"), near: false });
    assert_eq!(on("2028-01-01"), DutyStatus::Overdue { since: day("2028-01-01") });
}

#[test]
fn a_share_is_met_at_its_percentage_and_not_before() {
    let calendar = SchoolCalendar::default_chongqing();
    let period = Period::parse("2026", &calendar).expect("a period");
    let mut share = rule("R24");
    share.enabled = true;
    let on = |tally: Tally| status(&share, tally, true, day("2026-11-23"), &calendar, &period);
    assert_eq!(on(Tally::of(190, 200)), DutyStatus::Met);
    assert!(matches!(on(Tally::of(189, 200)), DutyStatus::Due { .. }));
    assert_eq!(on(Tally::of(0, 0)), DutyStatus::NotApplicable);
}

#[test]
fn answers_are_met_when_every_event_was_answered() {
    let calendar = SchoolCalendar::default_chongqing();
    let period = Period::parse("2026-1", &calendar).expect("a period");
    let mut answers = rule("R14");
    answers.enabled = true;
    let on = |tally: Tally| status(&answers, tally, true, day("2026-11-23"), &calendar, &period);
    assert!(matches!(on(Tally::of(16, 17)), DutyStatus::Due { .. }));
    assert_eq!(on(Tally::of(17, 17)), DutyStatus::Met);
    assert_eq!(on(Tally::of(0, 0)), DutyStatus::NotApplicable);
}

#[test]
fn a_deadline_can_be_a_day_of_the_year() {
    let calendar = SchoolCalendar::default_chongqing();
    let mut r17 = rule("R17");
    r17.deadline = Deadline::Day { month: 1, day: 31 };
    let year = Period::of(PeriodKind::CalendarYear, day("2027-01-10"), &calendar);
    assert_eq!(due_on(&r17, &calendar, &year), day("2027-01-31"));
    let school_year = Period::of(PeriodKind::SchoolYear, day("2026-11-23"), &calendar);
    assert_eq!(due_on(&r17, &calendar, &school_year), day("2027-01-31"));
}
