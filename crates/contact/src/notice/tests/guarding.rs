//! What is not yours is not there, object by object; and races.

use super::*;
use crate::notice::permit;
use gongyu_kernel::Error;
use gongyu_registry::people::Custody;
use gongyu_testkit::both_engines;

impl Stage {
    fn sees(&self, by: &Actor, id: Id) -> Result<Slice> {
        let by = by.clone();
        self.house.db().read_wait(move |r| permit::sight(r, &by, id).map(|s| s.slice))
    }
}

fn absent<T: std::fmt::Debug>(done: Result<T>) {
    assert!(matches!(done, Err(Error::NotFound)), "{done:?}");
}

both_engines! {
    fn a_notice_of_another_class_is_not_there_and_one_of_the_school_shows_the_own_class(engine) {
        let s = Stage::new(engine);
        let own = s.sent(&s.teacher(), Kind::Confirm, &[s.world.classes[0]]);
        let school = s.sent(&s.leader(), Kind::Confirm, &[s.world.school]);
        absent(s.sees(&s.other_teacher(), own));
        let slice = s.sees(&s.other_teacher(), school).unwrap();
        assert_eq!(slice.class, s.world.classes[1]);
        assert_eq!(s.read(move |r| store::counts(r, school, slice)).children(), 6);
        assert_eq!(s.sees(&s.leader(), own).unwrap(), Slice::ALL);
        let subject = actor(s.world.role(Role::SubjectTeacher), Some(s.world.classes[0]));
        absent(s.sees(&subject, own));
        let town = actor(s.world.role(Role::TownOfficer), Some(s.world.town));
        assert_eq!(s.sees(&town, school).unwrap(), Slice::ALL);
        // A child of the other class cannot be taken from a report that one sees in part.
        let (by, mine, theirs) = (s.other_teacher(), s.world.students[6], s.world.students[0]);
        let child = |child: Id| {
            let by = by.clone();
            s.house.db().read_wait(move |r| {
                let sight = permit::sight(r, &by, school)?;
                store::child_in_sight(r, &sight, child).map(|l| l.student)
            })
        };
        assert_eq!(child(mine).unwrap(), mine);
        absent(child(theirs));
    }

    fn a_draft_is_its_authors_alone_and_a_shared_report_is_a_colleagues(engine) {
        let s = Stage::new(engine);
        let teacher = s.teacher();
        let drafted = s.drafted(&teacher, &draft(Kind::Confirm, &[s.world.classes[0]]));
        absent(s.sees(&s.leader(), drafted));
        s.send(&teacher, drafted).unwrap();
        absent(s.sees(&s.other_teacher(), drafted));
        let (with, by) = (s.world.other_teacher.account, teacher.account);
        let share = |account: Id| {
            s.write(move |tx| {
                let notice = store::find(tx, drafted)?;
                store::share(tx, &notice, account, by)
            })
        };
        share(with).unwrap();
        assert_eq!(s.sees(&s.other_teacher(), drafted).unwrap(), Slice::ALL);
        absent(share(s.world.role(Role::Auditor).account));
        s.write(move |tx| {
            let notice = store::find(tx, drafted)?;
            store::unshare(tx, &notice, with)
        })
        .unwrap();
        absent(s.sees(&s.other_teacher(), drafted));
    }

    fn nobody_addresses_what_lies_outside_the_own_unit(engine) {
        let s = Stage::new(engine);
        let try_as = |by: &Actor, audience: Audience| {
            let id = s.drafted(by, &Draft { audience, ..draft(Kind::Plain, &[]) });
            s.send(by, id)
        };
        let units = |unit: Id| Audience { units: vec![unit], ..Audience::default() };
        let children = |child: Id| Audience { children: vec![child], ..Audience::default() };
        absent(try_as(&s.teacher(), units(s.world.classes[1])));
        absent(try_as(&s.teacher(), units(s.world.school)));
        absent(try_as(&s.teacher(), children(s.world.students[6])));
        absent(try_as(&s.leader(), units(s.world.kinder_class)));
        absent(try_as(&s.leader(), children(s.world.sibling)));
        let town = actor(s.world.role(Role::TownOfficer), Some(s.world.town));
        absent(try_as(&town, units(s.world.kindergarten)));
        assert!(try_as(&town, units(s.world.school)).is_ok());
    }

    fn who_may_not_receive_gets_nothing_and_loses_what_was_there(engine) {
        let s = Stage::new(engine);
        let (child, father, mother) = (s.world.students[0], s.world.father, s.world.mother);
        let before = s.sent(&s.teacher(), Kind::Confirm, &[s.world.classes[0]]);
        s.write(move |tx| {
            let tie = people::guardians_of(tx, child)?.into_iter().find(|g| g.guardian == father).unwrap().id;
            let order = Custody { may_receive: true, may_pick_up: true, restricted: true, note: "判决".to_owned() };
            people::set_custody(tx, tie, order)
        })
        .unwrap();
        absent(s.confirm(before, father));
        absent(s.write(move |tx| store::read(tx, before, father)));
        let app = s.house.app.clone();
        assert_eq!(s.read(move |r| (LETTERS.compose)(&app, r, &[due(before, father, 0)])), [None]);
        let after = s.sent(&s.teacher(), Kind::Plain, &[s.world.classes[0]]);
        assert!(!s.letters(after).iter().any(|(g, _)| *g == father));
        // Consent withdrawn: the same.
        s.write(move |tx| {
            let id = tx.new_id();
            tx.exec(
                sql!(
                    "INSERT INTO consent (id, school_id, guardian_id, student_id, notice_version, given_at, client,
                                          withdrawn_at)
                      SELECT $1, school_id, CAST($2 AS BIGINT), id, '1', 1, 'test', 2 FROM student WHERE id = $3"
                ),
                &[&id, &mother, &child],
            )
        })
        .unwrap();
        absent(s.confirm(before, mother));
        let third = s.sent(&s.leader(), Kind::Plain, &[s.world.classes[0]]);
        assert_eq!(s.stand(third, child), Stand::Failed);
    }

    fn another_familys_receipt_and_a_siblings_other_parent_are_refused(engine) {
        let s = Stage::new(engine);
        let id = s.sent(&s.leader(), Kind::Confirm, &[s.world.classes[1]]);
        absent(s.confirm(id, s.world.mother));
        let siblings = s.sent(&s.officer(), Kind::Answer, &[s.world.kindergarten]);
        // The father is tied to the elder child only.
        let (father, sibling, mother, elder) = (s.world.father, s.world.sibling, s.world.mother, s.world.students[0]);
        absent(s.write(move |tx| store::answer(tx, siblings, father, sibling, "{}")));
        absent(s.write(move |tx| store::answer(tx, siblings, mother, elder, "{}")));
        assert!(s.write(move |tx| store::answer(tx, siblings, mother, sibling, "{}")).is_ok());
    }

    fn confirming_twice_at_once_counts_once_and_a_withdrawal_beside_it_leaves_the_sums_right(engine) {
        let s = Stage::new(engine);
        let (_, pairs) = s.class_of(7, 12);
        let class: Id = s.read({
            let child = pairs[0].child;
            move |r| r.scalar(sql!("SELECT class_id FROM student WHERE id = $1"), &[&child])
        });
        let id = s.sent(&s.leader(), Kind::Confirm, &[class]);
        let db = s.house.db().clone();
        std::thread::scope(|scope| {
            for turn in 0..3 {
                let (own, pairs) = (db.clone(), &pairs);
                scope.spawn(move || {
                    for pair in pairs {
                        let guardian = pair.guardian;
                        let done = own.write_wait(move |tx| store::confirm(tx, id, guardian, None));
                        assert!(matches!(done, Ok(_) | Err(Error::Conflict(_) | Error::Busy(_))), "{done:?}");
                    }
                });
                if turn == 1 {
                    let db = db.clone();
                    scope.spawn(move || loop {
                        let done = db.write_wait(move |tx| {
                            let notice = store::find(tx, id)?;
                            store::recall(tx, &notice, "改期")
                        });
                        if !matches!(done, Err(Error::Busy(_))) {
                            break;
                        }
                    });
                }
            }
        });
        let touches = s.read(move |r| touch::of_source(r, SOURCE, id));
        assert_eq!(i64::try_from(touches.len()).unwrap(), s.counts(id).confirmed);
        assert_eq!(s.counts(id).children(), 12);
        s.agrees();
    }
}
