//! Two at once: only one of them decides.

use crate::stage::{Stage, actor_of};
use gongyu_access::Role;
use gongyu_contact::caseload::model::{State, Topic};
use gongyu_contact::caseload::reception;
use gongyu_contact::caseload::rota::Planned;
use gongyu_contact::caseload::store::{self, Change};
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::sql;
use gongyu_testkit::both_engines;
use std::sync::{Arc, Barrier};

/// Runs a change at the same instant on several threads; each with its own number.
fn at_once<F>(s: &Stage, n: usize, change: F) -> Vec<Result<()>>
where
    F: Fn(&mut gongyu_store::Tx, usize) -> Result<()> + Send + Sync + Clone + 'static,
{
    let gate = Arc::new(Barrier::new(n));
    let threads: Vec<_> = (0..n)
        .map(|i| {
            let (db, gate, change) = (s.house.db().clone(), gate.clone(), change.clone());
            std::thread::spawn(move || {
                gate.wait();
                db.write_wait(move |tx| change(tx, i))
            })
        })
        .collect();
    threads.into_iter().map(|t| t.join().unwrap()).collect()
}

both_engines! {
    fn of_two_who_answer_on_the_same_page_one_learns_that_it_changed(engine) {
        let s = Stage::new(engine);
        let id = s.letter("食堂太咸", &[]);
        s.assigned(id);
        let seen = s.case(id).version;
        let (app, teacher) = (s.house.app.clone(), actor_of(s.world.role(Role::ClassTeacher)));
        let done = at_once(&s, 4, move |tx, n| {
            let mut case = store::find(tx, id)?;
            Change { seen: Some(seen) }.check(&case)?;
            store::submit(tx, &app, &teacher, &mut case, &format!("答复{n}"))
        });
        assert_eq!(done.iter().filter(|d| d.is_ok()).count(), 1, "{done:?}");
        assert!(done.iter().all(|d| d.is_ok() || matches!(d, Err(Error::Conflict(_)))), "{done:?}");
        let replies: i64 = s.read(|r| r.scalar(sql!("SELECT COUNT(*) FROM caseload_reply"), &[]));
        assert_eq!((replies, s.case(id).state), (1, State::Approving));
    }

    fn approved_by_two_at_once_it_is_sent_once(engine) {
        let s = Stage::new(engine);
        let id = s.letter("食堂太咸", &[]);
        s.assigned(id);
        s.post(&s.role(Role::ClassTeacher), &format!("/cases/{id}/reply"), &[("reply", "谢谢"), ("act", "submit")]);
        let (app, leader) = (s.house.app.clone(), actor_of(s.world.role(Role::SchoolLeader)));
        let done = at_once(&s, 4, move |tx, _| {
            let mut case = store::find(tx, id)?;
            store::approve(tx, &app, &leader, &mut case)
        });
        assert_eq!(done.iter().filter(|d| d.is_ok()).count(), 1, "{done:?}");
        let touches: i64 = s.read(|r| r.scalar(sql!("SELECT COUNT(*) FROM touch WHERE source_kind = 'caseload'"), &[]));
        let letters: i64 = s.read(|r| r.scalar(sql!("SELECT COUNT(*) FROM dispatch WHERE kind = 'caseload'"), &[]));
        assert_eq!((touches, letters), (1, 1));
    }

    fn asked_twice_at_once_it_is_taken_up_once(engine) {
        let s = Stage::new(engine);
        let id = s.letter("食堂太咸", &[]);
        s.assigned(id);
        s.answered(id);
        let app = s.house.app.clone();
        let done = at_once(&s, 4, move |tx, _| {
            let mut case = store::find(tx, id)?;
            store::reopen(tx, &app, &mut case, "还是咸")
        });
        assert_eq!(done.iter().filter(|d| d.is_ok()).count(), 1, "{done:?}");
        assert_eq!(s.case(id).stages.0.iter().filter(|st| st.key == "answer").count(), 2);
    }

    fn a_time_with_a_leader_has_one_family_whoever_asks_at_once(engine) {
        let s = Stage::new(engine);
        let (school, leader) = (s.world.school, s.staff(Role::SchoolLeader));
        let day = jiff::civil::date(2026, 11, 27);
        s.write(move |tx| reception::plan(tx, school, &Planned { day, from: 840, to: 900, leader })).unwrap();
        let slot: Id = s.read(|r| r.scalar(sql!("SELECT MIN(id) FROM reception_slot"), &[]));
        let students = s.world.students.clone();
        let families: Vec<(Id, Id)> = s.read(move |r| {
            students.iter().skip(1).take(8).map(|student| {
                let guardian: Id = r.scalar(sql!("SELECT guardian_id FROM guardianship WHERE student_id = $1"), &[student])?;
                Ok((guardian, *student))
            }).collect()
        });
        let base = s.mother();
        let done = at_once(&s, 8, move |tx, n| {
            let mut actor = base.clone();
            actor.guardian = Some(families[n].0);
            reception::book(tx, &actor, slot, families[n].1, Topic::Food)
        });
        assert_eq!(done.iter().filter(|d| d.is_ok()).count(), 1, "{done:?}");
        assert!(done.iter().all(|d| d.is_ok() || matches!(d, Err(Error::Conflict(_)))), "{done:?}");
    }
}
