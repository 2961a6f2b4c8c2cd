//! What a family does, and what the ledger hears of it.

use super::*;
use crate::notice::Hand;
use gongyu_kernel::Error;
use gongyu_testkit::both_engines;

both_engines! {
    fn each_family_is_addressed_once_and_each_guardian_gets_one_letter(engine) {
        let s = Stage::new(engine);
        let id = s.sent(&s.teacher(), Kind::Confirm, &[s.world.classes[0]]);
        assert_eq!(s.counts(id), Counts { addressed: 6, ..Counts::default() });
        // The mother and the father of the first child, and one guardian of each of the others.
        assert_eq!(s.letters(id).len(), 7);
        assert_eq!(s.notice(id).state, crate::notice::State::Sent);
        s.agrees();
    }

    fn delivered_tells_once_and_a_confirmation_is_the_guardians(engine) {
        let s = Stage::new(engine);
        let (child, mother, father) = (s.world.students[0], s.world.mother, s.world.father);
        let id = s.sent(&s.teacher(), Kind::Confirm, &[s.world.classes[0]]);
        s.heard(id, mother, Became::Delivered);
        s.heard(id, father, Became::Delivered);
        s.heard(id, mother, Became::Delivered);
        assert_eq!(s.touches(id, child), [("sms", "told", Some(mother))]);
        s.write(move |tx| store::read(tx, id, father)).unwrap();
        assert_eq!(s.stand(id, child), Stand::Read);
        assert_eq!(s.confirm(id, father).unwrap(), 1);
        assert_eq!(s.confirm(id, father).unwrap(), 0);
        assert_eq!(s.confirm(id, mother).unwrap(), 0);
        assert_eq!(s.touches(id, child)[1..], [("in_app", "confirmed", Some(father))]);
        assert_eq!(s.counts(id), Counts { addressed: 5, confirmed: 1, ..Counts::default() });
        s.agrees();
    }

    fn a_child_is_for_hands_only_when_no_guardian_can_be_reached(engine) {
        let s = Stage::new(engine);
        let (child, mother, father) = (s.world.students[0], s.world.mother, s.world.father);
        let id = s.sent(&s.teacher(), Kind::Confirm, &[s.world.classes[0]]);
        s.heard(id, father, Became::ByHand);
        assert_eq!(s.stand(id, child), Stand::Addressed);
        s.heard(id, mother, Became::Failed);
        assert_eq!(s.stand(id, child), Stand::Failed);
        s.agrees();
        s.heard(id, mother, Became::Delivered);
        assert_eq!(s.stand(id, child), Stand::Delivered);
        s.agrees();
    }

    fn a_call_ticked_off_is_a_talk_and_can_be_taken_back(engine) {
        let s = Stage::new(engine);
        let (child, father, teacher) = (s.world.students[0], s.world.father, s.teacher());
        let id = s.sent(&teacher, Kind::Confirm, &[s.world.classes[0]]);
        let by = teacher.clone();
        s.write(move |tx| {
            let notice = store::find(tx, id)?;
            store::tick_off(tx, &by, &notice, child, Hand::Call(Some(father)))
        })
        .unwrap();
        assert_eq!(s.touches(id, child), [("phone", "talked", Some(father))]);
        assert_eq!(s.counts(id).confirmed, 1);
        s.agrees();
        s.write(move |tx| {
            let notice = store::find(tx, id)?;
            store::untick(tx, &notice, child)
        })
        .unwrap();
        assert!(s.touches(id, child).is_empty());
        assert_eq!(s.stand(id, child), Stand::Addressed);
        s.agrees();
        let other = s.world.students[1];
        s.write(move |tx| {
            let notice = store::find(tx, id)?;
            store::tick_off(tx, &teacher, &notice, other, Hand::Paper)
        })
        .unwrap();
        assert_eq!(s.touches(id, other), [("paper", "confirmed", None)]);
    }

    fn the_last_answer_before_the_deadline_counts_and_those_before_are_kept(engine) {
        let s = Stage::new(engine);
        let (child, mother, father) = (s.world.students[0], s.world.mother, s.world.father);
        let deadline = s.house.app.clock().now().plus_days(2);
        let answer = Draft { deadline: Some(deadline), ..draft(Kind::Answer, &[s.world.classes[0]]) };
        let id = s.sent_as(&s.teacher(), &answer);
        s.write(move |tx| store::answer(tx, id, mother, child, "{\"q\":1}")).unwrap();
        s.write(move |tx| store::answer(tx, id, father, child, "{\"q\":2}")).unwrap();
        let kept = s.read(move |r| store::answers_of(r, id, child));
        assert_eq!(kept.iter().map(|a| a.body.as_str()).collect::<Vec<_>>(), ["{\"q\":2}", "{\"q\":1}"]);
        let line = s.read(move |r| store::children(id, Slice::ALL).filter("answered", &[]).rows::<store::ChildLine>(r));
        assert_eq!((line.rows.len(), line.rows[0].body.as_str()), (1, "{\"q\":2}"));
        assert_eq!(s.touches(id, child).len(), 1);
        s.house.days_pass(3);
        let late = s.write(move |tx| store::answer(tx, id, mother, child, "{}"));
        assert!(matches!(late, Err(Error::Conflict(code)) if code.key == "notice-closed"));
        assert!(matches!(s.confirm(id, mother), Err(Error::Conflict(_))));
        s.agrees();
    }

    fn a_letter_names_every_child_of_the_guardian_and_stops_when_they_are_done(engine) {
        let s = Stage::new(engine);
        let officer = s.officer();
        let id = s.sent(&officer, Kind::Confirm, &[s.world.district]);
        let mother = s.world.mother;
        assert_eq!(s.letters(id).iter().filter(|(g, _)| *g == mother).count(), 1);
        let app = s.house.app.clone();
        let compose = move |app: &gongyu_web::App| {
            let app = app.clone();
            s.read(move |r| (LETTERS.compose)(&app, r, &[due(id, mother, 0)]))
        };
        let words = compose(&app).remove(0).expect("a letter");
        assert!(words.text.contains("陈语桐") && words.text.contains("陈语乐"), "{}", words.text);
        assert!(!words.href.contains(&id.to_string()));
        app.db.write_wait(move |tx| store::confirm(tx, id, mother, None)).unwrap();
        assert_eq!(compose(&app), [None]);
    }

    fn a_notice_read_is_not_waiting_any_more_where_nothing_is_asked(engine) {
        let s = Stage::new(engine);
        let (mother, child) = (s.world.mother, s.world.students[0]);
        let id = s.sent(&s.teacher(), Kind::Plain, &[s.world.classes[0]]);
        s.write(move |tx| store::read(tx, id, mother)).unwrap();
        let waits: bool = s.read(move |r| {
            r.scalar(
                sql!("SELECT waits FROM notice_receipt WHERE guardian_id = $1 AND notice_id = $2 AND student_id = $3"),
                &[&mother, &id, &child],
            )
        });
        assert!(!waits);
        assert_eq!(s.touches(id, child), [("in_app", "told", Some(mother))]);
    }
}

#[test]
fn two_hundred_guardians_confirm_at_once_and_each_counts_once() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let s = Stage::new(engine);
        let (class, pairs) = s.class_of(9, 200);
        let id = s.sent(&s.leader(), Kind::Confirm, &[class]);
        let db = s.house.db().clone();
        std::thread::scope(|scope| {
            for chunk in pairs.chunks(25) {
                let db = db.clone();
                scope.spawn(move || {
                    for pair in chunk {
                        let guardian = pair.guardian;
                        let once = || loop {
                            match db.write_wait(move |tx| store::confirm(tx, id, guardian, None)) {
                                Err(gongyu_kernel::Error::Busy(_)) => {}
                                other => break other.unwrap(),
                            }
                        };
                        assert_eq!(once() + once(), 1);
                    }
                });
            }
        });
        assert_eq!(s.counts(id), Counts { confirmed: 200, ..Counts::default() });
        let touches = s.read(move |r| touch::of_source(r, SOURCE, id));
        assert_eq!(touches.len(), 200);
        s.agrees();
    }
}
