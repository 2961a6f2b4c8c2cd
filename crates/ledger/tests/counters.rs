//! Counters equal a recount from the ledger after any sequence of touches, reversals and moves,
//! and the status of a duty equals its definition. On both engines.

use gongyu_kernel::{Error, Id};
use gongyu_ledger::rules::{ActKind, DutyStatus};
use gongyu_ledger::rules::{Channel, Depth, StaffRole, Tone, TouchKind};
use gongyu_ledger::touch::{self, NewTouch};
use gongyu_ledger::{act, duty, figures, reach};
use gongyu_registry::people::{self, Relation, StudentState};
use gongyu_registry::unit;
use gongyu_testkit::{Engine, House, World, base_features, both_engines};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

fn contact(student: Id, day: Date, tone: Tone, channel: Channel) -> NewTouch {
    let visit = channel == Channel::HomeVisit;
    NewTouch {
        student,
        kind: if visit { TouchKind::VISIT } else { TouchKind::CONTACT },
        depth: if visit { Depth::Met } else { Depth::Talked },
        channel,
        tone: Some(tone),
        by_family: false,
        occurred_on: day,
        guardian: None,
        relation: Some(Relation::Father),
        staff: None,
        staff_role: Some(StaffRole::ClassTeacher),
        minutes: 5,
        source: ("contact", None),
        act: None,
        client_key: None,
    }
}

fn today() -> Date {
    date(2026, 11, 23)
}

#[derive(Clone, Debug)]
enum Step {
    Touch { child: usize, days_ago: i16, tone: usize, channel: usize },
    Class { days_ago: i16 },
    Reverse { nth: usize },
    Move { child: usize, class: usize },
    Leave { child: usize },
    DayPasses { days: i64 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0..12usize, 0..350i16, 0..4usize, 0..9usize)
            .prop_map(|(child, days_ago, tone, channel)| Step::Touch { child, days_ago, tone, channel }),
        1 => (0..200i16).prop_map(|days_ago| Step::Class { days_ago }),
        3 => (0..40usize).prop_map(|nth| Step::Reverse { nth }),
        2 => (0..12usize, 0..2usize).prop_map(|(child, class)| Step::Move { child, class }),
        1 => (0..12usize).prop_map(|child| Step::Leave { child }),
        1 => (1..120i64).prop_map(|days| Step::DayPasses { days }),
    ];
    proptest::collection::vec(step, 1..24)
}

fn play(house: &House, world: &World, steps: &[Step]) {
    let mut ledger: Vec<Id> = Vec::new();
    for step in steps {
        if let Step::DayPasses { days } = step {
            house.days_pass(*days);
            continue;
        }
        let (step, known, w) = (step.clone(), ledger.clone(), world.clone());
        let app = house.app.clone();
        let day = house.app.clock().today();
        let ago = move |days: i16| day.checked_sub(i64::from(days).days()).unwrap();
        let done = house.db().write_wait(move |tx| match &step {
            Step::Touch { child, days_ago, tone, channel } => touch::record(
                tx,
                &[contact(w.students[*child], ago(*days_ago), Tone::ALL[*tone], Channel::ALL[*channel])],
            ),
            Step::Class { days_ago } => {
                let present: Vec<NewTouch> = w.students[..6]
                    .iter()
                    .map(|s| NewTouch {
                        kind: TouchKind::MEETING,
                        depth: Depth::Met,
                        tone: None,
                        ..contact(*s, ago(*days_ago), Tone::Neutral, Channel::Event)
                    })
                    .collect();
                touch::record(tx, &present)
            }
            Step::Reverse { nth } => match known.get(nth % known.len().max(1)) {
                Some(id) => touch::reverse(tx, &[*id]).map(|_| Vec::new()),
                None => Ok(Vec::new()),
            },
            Step::Move { child, class } => {
                let to = w.classes[*class];
                let change = people::move_to_class(tx, w.students[*child], w.school, Some(to), tx.today(), "moved")?;
                app.membership_changed(tx, &[change]).map(|()| Vec::new())
            }
            Step::Leave { child } => {
                let change = people::leave(tx, w.students[*child], tx.today(), StudentState::Left)?;
                app.membership_changed(tx, &[change]).map(|()| Vec::new())
            }
            Step::DayPasses { .. } => Ok(Vec::new()),
        });
        match done {
            Ok(ids) => ledger.extend(ids),
            Err(Error::Conflict(_)) => {}
            Err(e) => panic!("{e}"),
        }
    }
}

fn counters_agree(engine: Engine, cases: u32) {
    let house = House::new(engine, base_features());
    let world = World::small(&house);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    runner
        .run(&steps(), |steps| {
            play(&house, &world, &steps);
            let wrong = reach::disagreements(house.db()).unwrap();
            prop_assert!(wrong.is_empty(), "{:?}", wrong);
            Ok(())
        })
        .unwrap();
}

#[test]
fn counters_equal_a_recount_of_the_ledger_sqlite() {
    counters_agree(Engine::Sqlite, 48);
}

#[test]
fn counters_equal_a_recount_of_the_ledger_postgres() {
    counters_agree(Engine::Postgres, 12);
}

both_engines! {
    fn a_family_leaves_the_never_reached_when_a_contact_is_logged(engine) {
        let house = House::new(engine, base_features());
        let w = World::small(&house);
        let class = w.classes[0];
        let before = house.db().read_wait(move |r| {
            let semester = figures::present(r)?;
            figures::of_class(r, semester, class)
        }).unwrap();
        assert_eq!((before.students, before.never(), before.confirmed), (6, 6, 0));
        let student = w.students[0];
        let ids = house.db().write_wait(move |tx| {
            touch::record(tx, &[contact(student, today(), Tone::Good, Channel::Phone)])
        }).unwrap();
        let after = house.db().read_wait(move |r| {
            let semester = figures::present(r)?;
            figures::of_class(r, semester, class)
        }).unwrap();
        assert_eq!((after.never(), after.confirmed, after.talked, after.met, after.father), (5, 1, 1, 0, 1));
        house.db().write_wait(move |tx| touch::reverse(tx, &ids)).unwrap();
        let undone = house.db().read_wait(move |r| {
            let semester = figures::present(r)?;
            figures::of_class(r, semester, class)
        }).unwrap();
        assert_eq!(undone, before);
    }

    fn a_touch_is_taken_back_only_once(engine) {
        let house = House::new(engine, base_features());
        let w = World::small(&house);
        let student = w.students[0];
        let ids = house.db().write_wait(move |tx| {
            touch::record(tx, &[contact(student, today(), Tone::Good, Channel::Phone)])
        }).unwrap();
        let once = ids.clone();
        house.db().write_wait(move |tx| touch::reverse(tx, &once)).unwrap();
        let again = house.db().write_wait(move |tx| touch::reverse(tx, &ids)).unwrap_err();
        assert!(matches!(again, Error::Conflict(code) if code.key == "touch-already-reversed"));
    }

    fn the_same_client_key_is_recorded_once(engine) {
        let house = House::new(engine, base_features());
        let w = World::small(&house);
        let mut entry = contact(w.students[0], today(), Tone::Good, Channel::Phone);
        entry.client_key = Some("7b0c".to_owned());
        let (one, two) = (entry.clone(), entry);
        let first = house.db().write_wait(move |tx| touch::record(tx, std::slice::from_ref(&one))).unwrap();
        let second = house.db().write_wait(move |tx| touch::record(tx, std::slice::from_ref(&two))).unwrap();
        assert_eq!(first, second);
    }

    fn history_stays_with_the_class_it_happened_in(engine) {
        let house = House::new(engine, base_features());
        let w = World::small(&house);
        let (student, school, to, from) = (w.students[0], w.school, w.classes[1], w.classes[0]);
        let app = house.app.clone();
        house.db().write_wait(move |tx| {
            touch::record(tx, &[contact(student, today(), Tone::Good, Channel::Phone)])?;
            let change = people::move_to_class(tx, student, school, Some(to), tx.today(), "moved")?;
            app.membership_changed(tx, &[change])
        }).unwrap();
        let touches = house.db().read_wait(move |r| touch::of_student(r, student, false, 10)).unwrap();
        assert_eq!(touches[0].class, from);
        let figures = house.db().read_wait(move |r| {
            let semester = figures::present(r)?;
            Ok((figures::of_class(r, semester, from)?, figures::of_class(r, semester, to)?))
        }).unwrap();
        assert_eq!((figures.0.students, figures.0.confirmed), (5, 0));
        assert_eq!((figures.1.students, figures.1.confirmed), (7, 1));
    }

    fn a_school_duty_turns_from_due_to_met_and_back(engine) {
        let house = House::new(engine, base_features());
        let w = World::small(&house);
        let school = w.school;
        let status = |house: &House| house.db().read_wait(move |r| {
            let unit = unit::find(r, school)?;
            Ok(duty::school_lines(r, &unit)?.into_iter().find(|l| l.rule.code == "R01").unwrap().status)
        }).unwrap();
        assert!(matches!(status(&house), DutyStatus::Due { .. }));
        let mut acts = Vec::new();
        for day in [date(2026, 9, 20), date(2026, 11, 2)] {
            acts.push(house.db().write_wait(move |tx| act::record(tx, &act::NewAct {
                school: Some(school), unit: school, kind: ActKind::FAMILY_EDUCATION, title: "家庭教育讲座",
                place: "礼堂", held_on: day, minutes: 60, attendance: 120, by: None,
            })).unwrap());
        }
        assert_eq!(status(&house), DutyStatus::Met);
        let last = acts[1];
        house.db().write_wait(move |tx| act::reverse(tx, last, None)).unwrap();
        assert!(matches!(status(&house), DutyStatus::Due { .. }));
    }

    fn a_kindergarten_owes_three_activities_a_semester(engine) {
        let house = House::new(engine, base_features());
        let w = World::small(&house);
        let kindergarten = w.kindergarten;
        let lines = house.db().read_wait(move |r| {
            let unit = unit::find(r, kindergarten)?;
            duty::school_lines(r, &unit)
        }).unwrap();
        let family_education = lines.iter().find(|l| l.rule.code == "R02").unwrap();
        assert_eq!(family_education.rule.required, 3);
        assert!(lines.iter().all(|l| l.rule.code != "R01"));
    }

    fn a_changed_rule_is_counted_back_over_what_was_recorded(engine) {
        let house = House::new(engine, base_features());
        let w = World::small(&house);
        let student = w.students[0];
        house.db().write_wait(move |tx| {
            touch::record(tx, &[contact(student, today(), Tone::Good, Channel::HomeVisit)])?;
            let mut rule = duty::book(tx)?.rule("R05")?.clone();
            rule.required = 2;
            duty::save(tx, rule, None).map(drop)
        }).unwrap();
        house.run_jobs();
        assert_eq!(reach::disagreements(house.db()).unwrap(), Vec::<String>::new());
        let child = house.db().read_wait(move |r| {
            let child = people::find_student(r, student)?;
            duty::child_lines(r, &child, Some("primary"))
        }).unwrap();
        let visit = child.iter().find(|l| l.rule.code == "R05").unwrap();
        assert_eq!((visit.rule.version, visit.tally.done, visit.rule.required), (2, 1, 2));
        assert!(matches!(visit.status, DutyStatus::Due { .. }));
    }

    fn the_operators_recount_gives_the_same_figures(engine) {
        let house = House::new(engine, base_features());
        let w = World::small(&house);
        let students = w.students.clone();
        house.db().write_wait(move |tx| {
            let entries: Vec<NewTouch> = students.iter().take(7)
                .map(|s| contact(*s, date(2026, 10, 9), Tone::Neutral, Channel::HomeVisit)).collect();
            touch::record(tx, &entries).map(drop)
        }).unwrap();
        let read = |house: &House| house.db().read_wait(|r| {
            let semester = figures::present(r)?;
            figures::by_town(r, semester)
        }).unwrap();
        let before = read(&house);
        reach::rebuild_all(house.db()).unwrap();
        assert_eq!(read(&house), before);
        assert_eq!(reach::disagreements(house.db()).unwrap(), Vec::<String>::new());
    }
}
