//! Deadlines against a calendar of their own, written here by hand without any code of the product: days of
//! the week by counting from a known Saturday, days off and worked weekends from the State Council General
//! Office's notices 国办发明电〔2019〕16号, 〔2020〕1号, 〔2020〕27号, 〔2021〕11号, 〔2022〕16号, 〔2023〕7号,
//! 〔2024〕12号 and the notice of 2025-11-04 for 2026.

use gongyu_kernel::calendar::Holidays;
use gongyu_kernel::{Date, Error};
use gongyu_parts::deadline::{AHEAD, Clock, Count, Stages, Standing, Term, asks_on, moment, reminders};
use std::collections::HashSet;

type Ymd = (i32, u32, u32);

const OFF: &[(Ymd, u32)] = &[
    ((2020, 1, 1), 1),
    ((2020, 1, 24), 10),
    ((2020, 4, 4), 3),
    ((2020, 5, 1), 5),
    ((2020, 6, 25), 3),
    ((2020, 10, 1), 8),
    ((2021, 1, 1), 3),
    ((2021, 2, 11), 7),
    ((2021, 4, 3), 3),
    ((2021, 5, 1), 5),
    ((2021, 6, 12), 3),
    ((2021, 9, 19), 3),
    ((2021, 10, 1), 7),
    ((2022, 1, 1), 3),
    ((2022, 1, 31), 7),
    ((2022, 4, 3), 3),
    ((2022, 4, 30), 5),
    ((2022, 6, 3), 3),
    ((2022, 9, 10), 3),
    ((2022, 10, 1), 7),
    ((2022, 12, 31), 3),
    ((2023, 1, 21), 7),
    ((2023, 4, 5), 1),
    ((2023, 4, 29), 5),
    ((2023, 6, 22), 3),
    ((2023, 9, 29), 8),
    ((2024, 1, 1), 1),
    ((2024, 2, 10), 8),
    ((2024, 4, 4), 3),
    ((2024, 5, 1), 5),
    ((2024, 6, 10), 1),
    ((2024, 9, 15), 3),
    ((2024, 10, 1), 7),
    ((2025, 1, 1), 1),
    ((2025, 1, 28), 8),
    ((2025, 4, 4), 3),
    ((2025, 5, 1), 5),
    ((2025, 5, 31), 3),
    ((2025, 10, 1), 8),
    ((2026, 1, 1), 3),
    ((2026, 2, 15), 9),
    ((2026, 4, 4), 3),
    ((2026, 5, 1), 5),
    ((2026, 6, 19), 3),
    ((2026, 9, 25), 3),
    ((2026, 10, 1), 7),
    ((2027, 1, 1), 1),
];

const MADE_UP: &[Ymd] = &[
    (2020, 1, 19),
    (2020, 4, 26),
    (2020, 5, 9),
    (2020, 6, 28),
    (2020, 9, 27),
    (2020, 10, 10),
    (2021, 2, 7),
    (2021, 2, 20),
    (2021, 4, 25),
    (2021, 5, 8),
    (2021, 9, 18),
    (2021, 9, 26),
    (2021, 10, 9),
    (2022, 1, 29),
    (2022, 1, 30),
    (2022, 4, 2),
    (2022, 4, 24),
    (2022, 5, 7),
    (2022, 10, 8),
    (2022, 10, 9),
    (2023, 1, 28),
    (2023, 1, 29),
    (2023, 4, 23),
    (2023, 5, 6),
    (2023, 6, 25),
    (2023, 10, 7),
    (2023, 10, 8),
    (2024, 2, 4),
    (2024, 2, 18),
    (2024, 4, 7),
    (2024, 4, 28),
    (2024, 5, 11),
    (2024, 9, 14),
    (2024, 9, 29),
    (2024, 10, 12),
    (2025, 1, 26),
    (2025, 2, 8),
    (2025, 4, 27),
    (2025, 9, 28),
    (2025, 10, 11),
    (2026, 1, 4),
    (2026, 2, 14),
    (2026, 2, 28),
    (2026, 5, 9),
    (2026, 9, 20),
    (2026, 10, 10),
];

fn month_length(y: i32, m: u32) -> u32 {
    match m {
        4 | 6 | 9 | 11 => 30,
        2 if y % 4 == 0 && (y % 100 != 0 || y % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

fn after((y, m, d): Ymd) -> Ymd {
    if d < month_length(y, m) {
        (y, m, d + 1)
    } else if m < 12 {
        (y, m + 1, 1)
    } else {
        (y + 1, 1, 1)
    }
}

/// Every day of 2020 to mid-March 2027 and whether it is worked. 1 January 2020 was a Wednesday.
fn oracle() -> Vec<(Ymd, bool)> {
    let mut off = HashSet::new();
    for (first, days) in OFF {
        let mut day = *first;
        for _ in 0..*days {
            off.insert(day);
            day = after(day);
        }
    }
    let made_up: HashSet<Ymd> = MADE_UP.iter().copied().collect();
    let (mut day, mut weekday, mut out) = ((2020, 1, 1), 3, Vec::new());
    while day < (2027, 3, 15) {
        let weekend = weekday >= 6;
        out.push((day, made_up.contains(&day) || (!weekend && !off.contains(&day))));
        day = after(day);
        weekday = weekday % 7 + 1;
    }
    out
}

fn as_date((y, m, d): Ymd) -> Date {
    jiff::civil::date(y as i16, m as i8, d as i8)
}

#[test]
fn due_dates_equal_an_independent_calendar_for_every_start_day_of_2020_to_2026_and_1_to_20_working_days() {
    let (holidays, days) = (Holidays::national(), oracle());
    let mut starts = 0;
    for (i, (from, _)) in days.iter().enumerate().take_while(|(_, (d, _))| d.0 <= 2026) {
        starts += 1;
        let expected: Vec<Ymd> = days[i + 1..].iter().filter(|(_, worked)| *worked).map(|(d, _)| *d).take(20).collect();
        for (n, day) in (1u32..=20).zip(&expected) {
            let due = Clock::start(as_date(*from), Term::workdays(n)).due(&holidays);
            assert_eq!(due, Some(as_date(*day)), "{from:?} + {n}");
        }
    }
    assert_eq!(starts, 2557, "seven years with two leap days");
}

#[test]
fn days_on_which_an_answer_is_awaited_do_not_count() {
    let (holidays, days) = (Holidays::national(), oracle());
    for (i, (from, _)) in days.iter().enumerate().filter(|(_, (d, _))| d.0 == 2026).step_by(3) {
        for (asked, answered) in [(0, 0), (1, 4), (2, 12), (5, 6)] {
            let mut clock = Clock::start(as_date(*from), Term::workdays(7));
            let (on, back) = (days[i + asked].0, days[i + answered].0);
            if clock.due(&holidays).is_some_and(|due| as_date(on) >= due) {
                continue;
            }
            clock.pause(as_date(on)).unwrap();
            assert_eq!(clock.due(&holidays), None, "a clock that stands has no last day");
            clock.resume(as_date(back)).unwrap();
            let counted = days[i + 1..].iter().filter(|(d, worked)| *worked && !(*d > on && *d <= back));
            assert_eq!(clock.due(&holidays), counted.map(|(d, _)| as_date(*d)).nth(6), "{from:?} {asked} {answered}");
        }
    }
}

fn day(m: i8, d: i8) -> Date {
    jiff::civil::date(2026, m, d)
}

#[test]
fn the_computation_is_shown_day_by_day_with_holidays_and_worked_weekends() {
    let computed = Clock::start(day(9, 30), Term::workdays(5)).computed(&Holidays::national());
    assert_eq!(computed.due, Some(day(10, 13)));
    assert_eq!(computed.steps.len(), 13);
    assert_eq!(computed.steps.iter().filter(|s| s.counted.is_some()).count(), 5);
    let made_up = computed.steps.iter().find(|s| s.date == day(10, 10)).unwrap();
    assert_eq!(made_up.counted, Some(3), "a Saturday worked to make up counts");
    assert!(!computed.provisional);
    assert!(Clock::start(day(12, 28), Term::workdays(7)).computed(&Holidays::national()).provisional);
}

#[test]
fn an_extension_needs_a_reason_and_days_and_ends_being_overdue() {
    let holidays = Holidays::national();
    let mut clock = Clock::start(day(11, 2), Term::workdays(7));
    assert!(matches!(clock.extend(3, "  ", day(11, 10)), Err(Error::Invalid(_))));
    assert!(matches!(clock.extend(0, "要核实", day(11, 10)), Err(Error::Invalid(_))));
    assert!(matches!(clock.standing(&holidays, day(11, 13)), Standing::Overdue { by: 2, .. }));
    clock.extend(3, "要到现场核实", day(11, 13)).unwrap();
    assert_eq!(clock.due(&holidays), Some(day(11, 16)));
    assert!(matches!(clock.standing(&holidays, day(11, 13)), Standing::Due { left: 1, .. }));
    clock.meet(day(11, 17));
    assert_eq!(clock.standing(&holidays, day(12, 1)), Standing::Met { on: day(11, 17), late: true });
    assert!(matches!(clock.extend(1, "再延", day(12, 1)), Err(Error::Conflict(_))));
}

#[test]
fn nobody_is_reminded_on_a_day_off_at_night_or_while_an_answer_is_awaited() {
    let (holidays, days) = (Holidays::national(), oracle());
    let worked = |d: Date| days.iter().any(|(day, worked)| as_date(*day) == d && *worked);
    for (from, _) in days.iter().filter(|(d, _)| d.0 == 2026) {
        for term in [Term::workdays(7), Term { count: Count::Days, n: 60 }] {
            let clock = Clock::start(as_date(*from), term);
            let due = clock.due(&holidays).unwrap();
            let told = reminders(&clock, &holidays, &AHEAD);
            assert!(told.iter().all(|d| worked(*d) && *d <= due && *d > clock.from), "{from:?}: {told:?}");
            assert!(!told.is_empty());
        }
    }
    assert_eq!(moment(day(11, 24)).civil().hour(), 9);
    let mut clock = Clock::start(day(9, 18), Term::workdays(7));
    assert_eq!(clock.due(&holidays), Some(day(9, 29)), "20 September is worked, 25 to 27 are not");
    assert!(asks_on(&clock, &holidays, day(9, 29), &AHEAD) && !asks_on(&clock, &holidays, day(9, 27), &AHEAD));
    assert!(asks_on(&clock, &holidays, day(9, 30), &AHEAD) && !asks_on(&clock, &holidays, day(10, 1), &AHEAD));
    clock.pause(day(9, 21)).unwrap();
    assert!(!asks_on(&clock, &holidays, day(9, 29), &AHEAD));
}

#[test]
fn the_petition_track_counts_every_day_15_60_and_30() {
    let holidays = Holidays::national();
    assert_eq!(Clock::start(day(9, 20), Term::days(15)).due(&holidays), Some(day(10, 5)));
    let mut done = Clock::start(day(10, 5), Term::days(60));
    assert_eq!(done.due(&holidays), Some(day(12, 4)));
    done.extend(30, "情况复杂", day(12, 1)).unwrap();
    assert_eq!(done.due(&holidays), Some(jiff::civil::date(2027, 1, 3)));
}

#[test]
fn of_several_stages_the_first_that_runs_out_is_next_and_each_is_met_by_itself() {
    let holidays = Holidays::national();
    let mut stages = Stages::default();
    stages.begin("accept", Clock::start(day(11, 23), Term::workdays(2)));
    stages.begin("answer", Clock::start(day(11, 23), Term::workdays(7)));
    assert_eq!(stages.next(&holidays).map(|(s, due)| (s.key.clone(), due)), Some(("accept".into(), day(11, 25))));
    stages.meet("accept", day(11, 24));
    assert_eq!(stages.next(&holidays).map(|(s, due)| (s.key.clone(), due)), Some(("answer".into(), day(12, 2))));
    assert!(!stages.late(&holidays, day(12, 2)) && stages.late(&holidays, day(12, 3)));
    let kept: Stages = serde_json::from_str(&stages.to_json().unwrap()).unwrap();
    assert_eq!(kept, stages);
    stages.meet("answer", day(12, 1));
    assert_eq!(stages.next(&holidays), None);
}
