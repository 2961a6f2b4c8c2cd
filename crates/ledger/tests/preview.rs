//! What the preview of a changed rule says is what the status says once the rule is in force. On both engines.

use gongyu_kernel::Id;
use gongyu_kernel::calendar::PeriodKind;
use gongyu_ledger::act::{self, NewAct};
use gongyu_ledger::duty::preview::{Preview, Whom, preview, preview_in_steps};
use gongyu_ledger::duty::{self, DutyLine};
use gongyu_ledger::rules::{
    ActKind, Category, Channel, Deadline, Depth, DutyStatus, Rule, SchoolKind, StaffRole, Tone, TouchKind,
};
use gongyu_ledger::touch::{self, NewTouch};
use gongyu_registry::people::Relation;
use gongyu_registry::unit;
use gongyu_testkit::{Engine, House, World, base_features, both_engines};
use jiff::civil::{Date, date};
use std::collections::BTreeSet;

const TODAY: Date = date(2026, 11, 23);

fn visit(student: Id, day: Date) -> NewTouch {
    NewTouch {
        student,
        kind: TouchKind::VISIT,
        depth: Depth::Met,
        channel: Channel::HomeVisit,
        tone: Some(Tone::Good),
        by_family: false,
        occurred_on: day,
        guardian: None,
        relation: Some(Relation::Father),
        staff: None,
        staff_role: Some(StaffRole::ClassTeacher),
        minutes: 20,
        source: ("visit", None),
        act: None,
        client_key: None,
    }
}

/// A class visited whole and one in part, a school that held one activity, the others nothing.
fn stage(engine: Engine) -> (House, World) {
    let house = House::new(engine, base_features());
    let w = World::small(&house);
    let world = w.clone();
    house
        .db()
        .write_wait(move |tx| {
            let mut entries: Vec<NewTouch> = w.students[..8].iter().map(|s| visit(*s, date(2026, 10, 9))).collect();
            entries.extend(w.students[..3].iter().map(|s| visit(*s, date(2026, 11, 5))));
            touch::record(tx, &entries)?;
            let new = NewAct {
                school: Some(w.school),
                unit: w.school,
                kind: ActKind::FAMILY_EDUCATION,
                title: "家庭教育讲座",
                place: "礼堂",
                held_on: date(2026, 9, 20),
                minutes: 60,
                attendance: 120,
                by: None,
            };
            act::record(tx, &new).map(drop)
        })
        .unwrap();
    (house, world)
}

fn rule(house: &House, code: &'static str) -> Rule {
    house.db().read_wait(move |r| Ok(duty::book(r)?.rule(code)?.clone())).unwrap()
}

fn look(house: &House, rule: &Rule) -> Preview {
    let rule = rule.clone();
    house.db().read_wait(move |r| preview(r, &rule)).unwrap()
}

/// Puts the rule in force and counts back.
fn save(house: &House, rule: &Rule) {
    let rule = rule.clone();
    house.db().write_wait(move |tx| duty::save(tx, rule.clone(), None).map(drop)).unwrap();
    house.run_jobs();
}

/// Late units as the pages of duties show them: schools by their line, classes by the counts of their school's line.
fn late(house: &House, code: &'static str) -> BTreeSet<Id> {
    house
        .db()
        .read_wait(move |r| {
            let mut late = BTreeSet::new();
            for school in unit::schools(r, None)? {
                let lines: Vec<DutyLine> = duty::school_lines(r, &school)?;
                let Some(line) = lines.into_iter().find(|l| l.rule.code == code) else { continue };
                if !matches!(line.status, DutyStatus::Overdue { .. }) {
                    continue;
                }
                match line.tally.out_of {
                    None => {
                        late.insert(school.id);
                    }
                    Some(_) => {
                        let classes = duty::class_counts(r, school.id, &line)?;
                        late.extend(classes.into_iter().filter(|(_, met, asked)| met < asked).map(|(class, ..)| class));
                    }
                }
            }
            Ok(late)
        })
        .unwrap()
}

fn units(places: &[gongyu_ledger::duty::preview::Place]) -> BTreeSet<Id> {
    places.iter().map(|place| place.unit).collect()
}

fn agrees(engine: Engine, code: &'static str, change: impl Fn(&mut Rule)) -> (Preview, usize) {
    let (house, _) = stage(engine);
    let mut new = rule(&house, code);
    change(&mut new);
    let told = look(&house, &new);
    let steps = preview_in_steps(house.db(), &new, |done, all| {
        assert!(done <= all);
        Ok(())
    });
    assert_eq!(steps.unwrap(), told, "the job says what the page says");
    assert_eq!(units(&told.now), late(&house, code), "late now");
    save(&house, &new);
    assert_eq!(units(&told.then), late(&house, code), "late once it is in force");
    assert!(look(&house, &new).newly().is_empty(), "nothing is new about a rule in force");
    let n = told.then.len();
    (told, n)
}

fn yesterday(rule: &mut Rule) {
    rule.deadline = Deadline::On { date: date(2026, 11, 20) };
}

both_engines! {
    fn an_earlier_deadline_makes_the_classes_late_that_the_status_then_shows(engine) {
        let (told, n) = agrees(engine, "R05", yesterday);
        assert_eq!((told.whom, told.now.len(), n), (Whom::Classes, 0, 2));
        assert_eq!(told.newly().len(), 2);
    }

    fn a_higher_number_counts_by_what_is_kept(engine) {
        let (told, _) = agrees(engine, "R05", |rule| { yesterday(rule); rule.required = 2; });
        assert_eq!(told.then.len(), 3);
    }

    fn another_period_is_counted_from_the_ledger(engine) {
        let (told, _) = agrees(engine, "R05", |rule| {
            rule.period = PeriodKind::Month;
            rule.deadline = Deadline::PeriodEnd;
        });
        assert!(!told.then.is_empty(), "a month gone by without a visit stays in sight");
    }

    fn a_rule_for_the_special_group_leaves_the_others_alone(engine) {
        let (told, _) = agrees(engine, "R05", |rule| {
            yesterday(rule);
            rule.applies.categories = vec![Category::SpecialGroup];
        });
        assert!(told.asked < 3 && told.then.len() <= told.asked, "{told:?}");
    }

    fn an_activity_asked_more_often_makes_schools_late(engine) {
        let (told, n) = agrees(engine, "R01", |rule| { yesterday(rule); rule.required = 1; });
        assert_eq!((told.whom, n), (Whom::Schools, 1), "the other school held none");
        let (told, n) = agrees(engine, "R01", yesterday);
        assert_eq!((told.now.len(), n), (0, 2));
    }

    fn a_rule_narrowed_to_some_schools_or_switched_off_makes_nobody_else_late(engine) {
        let (told, n) = agrees(engine, "R01", |rule| {
            yesterday(rule);
            rule.applies.school_kinds = vec![SchoolKind::Primary];
        });
        assert_eq!((told.asked, n), (1, 1));
        let (house, _) = stage(engine);
        let mut new = rule(&house, "R01");
        yesterday(&mut new);
        save(&house, &new);
        let mut off = rule(&house, "R01");
        off.enabled = false;
        let told = look(&house, &off);
        assert_eq!((told.now.len(), told.then.len(), told.no_longer().len()), (2, 0, 2));
        save(&house, &off);
        assert!(late(&house, "R01").is_empty());
    }

    fn a_rule_nothing_counts_says_so(engine) {
        let (house, _) = stage(engine);
        let all = house.db().read_wait(|r| Ok(duty::book(r)?.all().to_vec())).unwrap();
        let uncounted = all.iter().find(|rule| duty::preview::whom(rule) == Whom::Nobody).unwrap();
        let told = look(&house, uncounted);
        assert_eq!((told.whom, told.then.len()), (Whom::Nobody, 0));
        assert_eq!(house.app.clock().today(), TODAY);
    }
}
