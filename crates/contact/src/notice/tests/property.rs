//! Whatever happens and in whatever order, every family addressed is in exactly one state.

use super::*;
use crate::notice::Hand;
use crate::notice::store::Silent;
use gongyu_kernel::Error;
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug)]
enum Event {
    Delivered(usize),
    Failed(usize),
    ByHand(usize),
    Read(usize),
    Confirm(usize),
    Call(usize),
    Paper(usize),
    Untick(usize),
    Restrict(usize),
    Free(usize),
    AddClass,
    Leave(usize),
    Remind,
    Correct,
    Recall,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let who = 0usize..7;
    let one = prop_oneof![
        6 => who.clone().prop_map(Event::Delivered),
        3 => who.clone().prop_map(Event::Failed),
        2 => who.clone().prop_map(Event::ByHand),
        6 => who.clone().prop_map(Event::Read),
        6 => who.clone().prop_map(Event::Confirm),
        3 => who.clone().prop_map(Event::Call),
        2 => who.clone().prop_map(Event::Paper),
        3 => who.clone().prop_map(Event::Untick),
        1 => who.clone().prop_map(Event::Restrict),
        1 => who.clone().prop_map(Event::Free),
        1 => Just(Event::AddClass),
        1 => who.prop_map(Event::Leave),
        1 => Just(Event::Remind),
        1 => Just(Event::Correct),
        1 => Just(Event::Recall),
    ];
    prop::collection::vec(one, 1..28)
}

/// Guardians and their children in the first class.
fn ties(s: &Stage) -> Vec<(Id, Id)> {
    let class = s.world.classes[0];
    s.read(move |r| {
        r.rows(
            sql!(
                "SELECT k.guardian_id, s.id FROM guardianship k JOIN student s ON s.id = k.student_id
                  WHERE s.class_id = $1 ORDER BY s.id, k.position"
            ),
            &[&class],
        )
    })
}

fn apply(s: &Stage, id: Id, ties: &[(Id, Id)], event: Event) -> Result<()> {
    let of = |n: usize| ties[n % ties.len()];
    let teacher = s.teacher();
    let at = s.house.app.clock().now();
    let with = |f: fn(&mut Tx, &Notice, &Actor, Id) -> Result<()>, child: Id| {
        let teacher = teacher.clone();
        s.write(move |tx| {
            let notice = store::find(tx, id)?;
            f(tx, &notice, &teacher, child)
        })
    };
    let told = |n: usize, became: Became| {
        let guardian = of(n).0;
        s.write(move |tx| (LETTERS.heard)(tx, &[news(id, guardian, became, at)]))
    };
    match event {
        Event::Delivered(n) => told(n, Became::Delivered),
        Event::Failed(n) => told(n, Became::Failed),
        Event::ByHand(n) => told(n, Became::ByHand),
        Event::Read(n) => {
            let guardian = of(n).0;
            s.write(move |tx| store::read(tx, id, guardian))
        }
        Event::Confirm(n) => s.confirm(id, of(n).0).map(drop),
        Event::Call(n) => with(|tx, n, by, child| store::tick_off(tx, by, n, child, Hand::Call(None)), of(n).1),
        Event::Paper(n) => with(|tx, n, by, child| store::tick_off(tx, by, n, child, Hand::Paper), of(n).1),
        Event::Untick(n) => with(|tx, n, _, child| store::untick(tx, n, child), of(n).1),
        Event::Restrict(n) | Event::Free(n) => {
            let ((guardian, child), restricted) = (of(n), matches!(event, Event::Restrict(_)));
            s.write(move |tx| {
                let tie = people::guardians_of(tx, child)?.into_iter().find(|g| g.guardian == guardian);
                let note = String::new();
                let custody = people::Custody { may_receive: true, may_pick_up: true, restricted, note };
                tie.map_or(Ok(()), |tie| people::set_custody(tx, tie.id, custody))
            })
        }
        Event::AddClass => {
            let (leader, unit) = (s.leader(), s.world.classes[1]);
            s.write(move |tx| {
                let notice = store::find(tx, id)?;
                let more = Audience { units: vec![unit], ..Audience::default() };
                store::add_recipients(tx, &leader, &notice, &more).map(drop)
            })
        }
        Event::Leave(n) => {
            let (app, child, to) = (s.house.app.clone(), of(n).1, s.world.classes[1]);
            s.write(move |tx| {
                let change = moved(tx, child, to)?;
                app.membership_changed(tx, &[change])
            })
        }
        Event::Remind => with(|tx, n, _, _| store::remind_now(tx, n, Silent::Unanswered, Slice::ALL), of(0).1),
        Event::Correct => with(
            |tx, n, by, _| {
                store::correct(tx, by, n, &Draft { title: "改期".to_owned(), ..store::as_draft(n) }, "").map(drop)
            },
            of(0).1,
        ),
        Event::Recall => with(|tx, n, _, _| store::recall(tx, n, "改期"), of(0).1),
    }
}

fn holds(engine: Engine, events: &[Event]) {
    let s = Stage::new(engine);
    let ties = ties(&s);
    let id = s.sent(&s.teacher(), Kind::Confirm, &[s.world.classes[0]]);
    for event in events {
        match apply(&s, id, &ties, *event) {
            Ok(()) | Err(Error::Conflict(_) | Error::NotFound) => {}
            Err(other) => panic!("{event:?}: {other}"),
        }
        s.house.clock.advance_seconds(3_600);
    }
    s.house.run_jobs();
    s.agrees();
    let rows: Vec<(Id, String)> =
        s.read(move |r| r.rows(sql!("SELECT student_id, state FROM notice_child WHERE notice_id = $1"), &[&id]));
    let mut of: BTreeMap<Id, Vec<String>> = BTreeMap::new();
    for (child, state) in rows {
        of.entry(child).or_default().push(state);
    }
    assert!(of.values().all(|states| states.len() == 1), "{of:?}");
    assert_eq!(i64::try_from(of.len()).unwrap(), s.counts(id).children());
    assert!(ties.iter().all(|(_, child)| of.contains_key(child)));
    // The ledger has one confirmation at most for each child and none that the notice does not know of.
    for (child, states) in of {
        let deep = s.touches(id, child).into_iter().filter(|(_, depth, _)| *depth != "told").count();
        assert_eq!(deep == 1, states[0] == "confirmed", "{child}: {deep} against {states:?}");
        let told = s.touches(id, child).into_iter().filter(|(_, depth, _)| *depth == "told").count();
        assert!(told <= 1, "{child} was told {told} times");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn every_addressed_family_is_in_exactly_one_state_on_sqlite(events in events()) {
        holds(Engine::Sqlite, &events);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn every_addressed_family_is_in_exactly_one_state_on_postgres(events in events()) {
        holds(Engine::Postgres, &events);
    }
}
