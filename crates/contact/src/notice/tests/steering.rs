//! What a teacher does with a notice: sending, reminding, correcting, withdrawing, adding.

use super::*;
use crate::notice::model::{ListKind, ListRef, State};
use crate::notice::store::{Preview, Sent, Silent};
use crate::notice::{jobs, rules, settings};
use gongyu_kernel::Error;
use gongyu_testkit::both_engines;

fn refused<T: std::fmt::Debug>(done: Result<T>) -> String {
    match done {
        Err(Error::Conflict(code)) => code.key.into_owned(),
        Err(Error::Invalid(invalid)) => invalid.fields.iter().map(|(_, c)| c.key.clone()).collect::<Vec<_>>().join(" "),
        other => panic!("not refused: {other:?}"),
    }
}

both_engines! {
    fn reminders_go_only_to_the_silent_and_once_to_a_guardian(engine) {
        let s = Stage::new(engine);
        let deadline = s.house.app.clock().now().plus_days(2);
        let asked = Draft { deadline: Some(deadline), ..draft(Kind::Confirm, &[s.world.district]) };
        let id = s.sent_as(&s.officer(), &asked);
        let first = s.letters(id).len();
        let (done, silent) = (s.world.students[1], s.world.mother);
        let guardian: Id = s.read(move |r| r.scalar(sql!("SELECT guardian_id FROM guardianship WHERE student_id = $1"), &[&done]));
        s.confirm(id, guardian).unwrap();
        s.house.days_pass(1);
        s.house.run_jobs();
        gongyu_store::jobs::tick_schedules(s.house.db(), jobs::SCHEDULES).unwrap();
        s.house.run_jobs();
        let reminded: Vec<Id> = s.letters(id).into_iter().filter(|(_, round)| *round == 1).map(|(g, _)| g).collect();
        assert!(!reminded.contains(&guardian));
        // Two children of one guardian in two schools: one letter.
        assert_eq!(reminded.iter().filter(|g| **g == silent).count(), 1);
        assert_eq!(reminded.len(), first - 1);
        assert_eq!(refused(s.write(move |tx| {
            let notice = store::find(tx, id)?;
            store::remind_now(tx, &notice, Silent::Unanswered, Slice::ALL)
        })), "notice-reminded-already");
        // The second round comes after the deadline, to those still silent.
        s.confirm(id, silent).unwrap();
        s.house.days_pass(2);
        gongyu_store::jobs::tick_schedules(s.house.db(), jobs::SCHEDULES).unwrap();
        s.house.run_jobs();
        let again: Vec<Id> = s.letters(id).into_iter().filter(|(_, round)| *round == 2).map(|(g, _)| g).collect();
        // The father is asked no more either: his child is confirmed.
        assert_eq!(again.len(), first - 3);
        assert!(!again.contains(&silent) && !again.contains(&s.world.father));
    }

    fn what_went_last_stands_first_however_early_it_was_written_and_pages_leave_none_out(engine) {
        let s = Stage::new(engine);
        let later = Draft { send_at: Some(s.house.app.clock().now().plus_days(1)), ..draft(Kind::Plain, &[s.world.classes[0]]) };
        let early = s.sent_as(&s.teacher(), &Draft { title: "早写晚发".to_owned(), ..later });
        let between = s.sent(&s.teacher(), Kind::Plain, &[s.world.classes[0]]);
        s.house.days_pass(1);
        s.house.clock.advance_seconds(120);
        gongyu_store::jobs::tick_schedules(s.house.db(), jobs::SCHEDULES).unwrap();
        s.house.run_jobs();
        assert_eq!(s.notice(early).state, State::Sent);
        let actor = s.teacher();
        let page = |after: Option<Id>| {
            let actor = actor.clone();
            s.read(move |r| Ok(store::list(r, &actor, store::Tab::Sent, after, 1)?.iter().map(|n| n.id).collect::<Vec<_>>()))
        };
        assert_eq!(page(None), [early]);
        assert_eq!(page(Some(early)), [between]);
        assert_eq!(page(Some(between)), []);
        let mother = s.world.mother;
        let inbox = |before: Option<Id>| {
            s.read(move |r| Ok(store::inbox(r, mother, before, 1)?.iter().map(|(l, _)| l.notice).collect::<Vec<_>>()))
        };
        assert_eq!((inbox(None), inbox(Some(early))), (vec![early], vec![between]));
    }

    fn a_class_teacher_reminds_the_own_class_of_a_school_notice(engine) {
        let s = Stage::new(engine);
        let id = s.sent(&s.leader(), Kind::Confirm, &[s.world.school]);
        let class = s.world.classes[1];
        s.write(move |tx| {
            let notice = store::find(tx, id)?;
            store::remind_now(tx, &notice, Silent::Unseen, Slice { class, ..Slice::ALL })
        })
        .unwrap();
        s.house.run_jobs();
        assert_eq!(s.letters(id).iter().filter(|(_, round)| *round == 1).count(), 6);
    }

    fn a_reminder_due_at_night_waits_for_the_morning(engine) {
        let s = Stage::new(engine);
        let night = Millis::start_of(date(2026, 11, 24)).plus_minutes(23 * 60);
        let asked = Draft { deadline: Some(night.plus_days(1)), ..draft(Kind::Confirm, &[s.world.classes[0]]) };
        let id = s.sent_as(&s.teacher(), &asked);
        let planned: Millis = s.read(move |r| r.scalar(sql!("SELECT due_at FROM notice WHERE id = $1"), &[&id]));
        assert_eq!(planned, Millis::start_of(date(2026, 11, 25)).plus_minutes(7 * 60));
    }

    fn the_same_notice_twice_is_taken_for_a_slip_and_may_be_meant(engine) {
        let s = Stage::new(engine);
        let teacher = s.teacher();
        s.sent(&teacher, Kind::Confirm, &[s.world.classes[0]]);
        let second = s.drafted(&teacher, &draft(Kind::Confirm, &[s.world.classes[0]]));
        assert_eq!(refused(s.send(&teacher, second)), "notice-duplicate");
        let by = teacher.clone();
        s.write(move |tx| {
            let notice = store::find(tx, second)?;
            store::send(tx, &by, &notice, true)
        })
        .unwrap();
        assert_eq!(refused(s.send(&teacher, second)), "notice-already-sent");
        s.house.clock.advance_seconds(31 * 60);
        let third = s.drafted(&teacher, &draft(Kind::Confirm, &[s.world.classes[0]]));
        assert!(s.send(&teacher, third).is_ok());
    }

    fn over_the_days_share_of_a_class_the_letters_wait_for_the_digest(engine) {
        let s = Stage::new(engine);
        let teacher = s.teacher();
        for n in 0..4 {
            let one = Draft { title: format!("第{n}条"), ..draft(Kind::Plain, &[s.world.classes[0]]) };
            s.sent_as(&teacher, &one);
        }
        let waiting: i64 = s.read(|r| {
            let six = Millis::start_of(date(2026, 11, 23)).plus_minutes(18 * 60);
            r.scalar(sql!("SELECT COUNT(*) FROM dispatch WHERE due_at = $1"), &[&six])
        });
        assert_eq!(waiting, 7);
        let by = teacher.clone();
        let audience = draft(Kind::Plain, &[s.world.classes[0]]).audience;
        let told = s.read(move |r| store::preview(r, &by, &audience));
        assert_eq!((told.over_cap.as_slice(), told.cap), ([s.world.classes[0]].as_slice(), 3));
    }

    fn the_preview_says_how_many_families_and_who_has_no_telephone(engine) {
        let s = Stage::new(engine);
        let see = |by: Actor, audience: Audience| s.read(move |r| store::preview(r, &by, &audience));
        let class = see(s.teacher(), draft(Kind::Plain, &[s.world.classes[0]]).audience);
        assert_eq!((class.children, class.families, class.no_phone, class.no_guardian, class.exact), (6, 6, 1, 0, true));
        // The sibling is in another school: one family, two children.
        let all = see(s.officer(), draft(Kind::Plain, &[s.world.district]).audience);
        assert_eq!((all.children, all.families, all.classes), (13, 12, 3));
        let without = Audience { except: vec![s.world.students[2]], ..draft(Kind::Plain, &[s.world.classes[0]]).audience };
        assert_eq!(see(s.teacher(), without).no_phone, 0);
        let nobody = Audience::default();
        let by = s.teacher();
        let none: Result<Preview> = s.house.db().read_wait(move |r| store::preview(r, &by, &nobody));
        assert_eq!(refused(none), "notice-nobody");
        // A class whose counts are ready gives the same sum as one that is counted now.
        let classes = [s.world.classes[0], s.world.classes[1], s.world.kinder_class];
        let now = s.read(move |r| store::reach::sums(r, &classes));
        store::reach::keep(s.house.db(), true).unwrap();
        assert_eq!(s.read(move |r| store::reach::sums(r, &classes)), now);
        assert_eq!(now.family_parts / store::audience::FAMILY_PARTS, 12);
    }

    fn a_list_narrows_to_the_silent_of_an_earlier_notice(engine) {
        let s = Stage::new(engine);
        let teacher = s.teacher();
        let first = s.sent(&teacher, Kind::Confirm, &[s.world.classes[0]]);
        s.confirm(first, s.world.mother).unwrap();
        let silent = Draft {
            title: "请还没确认的家长看一看".to_owned(),
            audience: Audience {
                lists: vec![ListRef { list: ListKind::SilentOn, of: Some(first) }],
                ..draft(Kind::Plain, &[s.world.classes[0]]).audience
            },
            ..draft(Kind::Plain, &[])
        };
        let id = s.sent_as(&teacher, &silent);
        assert_eq!(s.counts(id).children(), 5);
    }

    fn a_scheduled_notice_goes_at_its_time_and_not_when_its_author_left(engine) {
        let s = Stage::new(engine);
        let teacher = s.teacher();
        let at = s.house.app.clock().now().plus_minutes(90);
        let later = Draft { send_at: Some(at), ..draft(Kind::Plain, &[s.world.classes[0]]) };
        let first = s.drafted(&teacher, &later);
        assert_eq!(s.send(&teacher, first).unwrap(), Sent::Scheduled);
        let other = s.other_teacher();
        let theirs = Draft { send_at: Some(at), ..draft(Kind::Plain, &[s.world.classes[1]]) };
        let second = s.drafted(&other, &theirs);
        s.send(&other, second).unwrap();
        let gone = s.world.other_teacher.account;
        s.write(move |tx| {
            tx.exec(sql!("UPDATE role_grant SET valid_to = '2026-11-22' WHERE account_id = $1"), &[&gone])
        })
        .unwrap();
        assert_eq!(s.counts(first).children(), 0);
        s.house.clock.advance_seconds(91 * 60);
        gongyu_store::jobs::tick_schedules(s.house.db(), jobs::SCHEDULES).unwrap();
        s.house.run_jobs();
        assert_eq!((s.notice(first).state, s.counts(first).children()), (State::Sent, 6));
        assert_eq!((s.notice(second).state, s.counts(second).children()), (State::Draft, 0));
    }

    fn a_correction_goes_to_exactly_those_addressed_and_keeps_the_old_receipts(engine) {
        let s = Stage::new(engine);
        let (teacher, mother) = (s.teacher(), s.world.mother);
        let chosen = Audience { except: vec![s.world.students[3]], ..draft(Kind::Confirm, &[s.world.classes[0]]).audience };
        let old = s.sent_as(&teacher, &Draft { audience: chosen, ..draft(Kind::Confirm, &[]) });
        s.confirm(old, mother).unwrap();
        let (mover, to) = (s.world.students[4], s.world.classes[1]);
        let app = s.house.app.clone();
        s.write(move |tx| {
            let change = moved(tx, mover, to)?;
            app.membership_changed(tx, &[change])
        })
        .unwrap();
        let by = teacher.clone();
        let new = s.write(move |tx| {
            let notice = store::find(tx, old)?;
            let text = Draft { title: "改到周六去植物园".to_owned(), ..store::as_draft(&notice) };
            store::correct(tx, &by, &notice, &text, "c1")
        })
        .unwrap();
        s.house.run_jobs();
        assert_eq!((s.counts(old).confirmed, s.counts(new).children()), (1, 5));
        assert_eq!(s.stand(new, mover), Stand::Addressed);
        assert_eq!((s.notice(new).version, s.notice(new).correction_of), (2, Some(old)));
        // Letters of the old version that had not gone are taken back.
        assert!(s.letters(old).is_empty());
        assert_eq!(refused(s.confirm(old, mother)), "notice-replaced");
        s.agrees();
    }

    fn a_withdrawn_notice_is_confirmed_no_more_and_its_letters_stay(engine) {
        let s = Stage::new(engine);
        let id = s.sent(&s.teacher(), Kind::Confirm, &[s.world.classes[0]]);
        let recall = |why: &'static str| {
            s.write(move |tx| {
                let notice = store::find(tx, id)?;
                store::recall(tx, &notice, why)
            })
        };
        assert_eq!(refused(recall(" ")), "notice-recall-why");
        recall("活动改期").unwrap();
        assert_eq!(refused(recall("活动改期")), "notice-recalled");
        assert_eq!(refused(s.confirm(id, s.world.mother)), "notice-recalled");
        assert!(s.letters(id).is_empty());
        let (app, mother) = (s.house.app.clone(), s.world.mother);
        assert_eq!(s.read(move |r| (LETTERS.compose)(&app, r, &[due(id, mother, 0)])), [None]);
        s.agrees();
    }

    fn families_added_later_get_it_and_nobody_gets_it_twice(engine) {
        let s = Stage::new(engine);
        let leader = s.leader();
        let id = s.sent(&leader, Kind::Confirm, &[s.world.classes[0]]);
        let more = Audience { units: vec![s.world.school], ..Audience::default() };
        s.write(move |tx| {
            let notice = store::find(tx, id)?;
            store::add_recipients(tx, &leader, &notice, &more)
        })
        .unwrap();
        s.house.run_jobs();
        assert_eq!(s.counts(id).children(), 12);
        assert_eq!(s.letters(id).len(), 13);
        s.agrees();
    }

    fn who_joins_the_class_is_suggested_and_who_leaves_keeps_the_receipt(engine) {
        let s = Stage::new(engine);
        let (class, child) = (s.world.classes[0], s.world.students[7]);
        let id = s.sent(&s.teacher(), Kind::Confirm, &[class]);
        let app = s.house.app.clone();
        let leaver = s.world.students[2];
        let to = s.world.classes[1];
        s.write(move |tx| {
            let changes = [
                moved(tx, child, class)?,
                moved(tx, leaver, to)?,
            ];
            app.membership_changed(tx, &changes)
        })
        .unwrap();
        let suggested = s.read(move |r| store::joiners(r, class));
        assert_eq!(suggested.iter().map(|j| (j.notice, j.student)).collect::<Vec<_>>(), [(id, child)]);
        let settle = |class: Id| s.write(move |tx| {
            let notice = store::find(tx, id)?;
            store::settle_joiner(tx, &notice, class, child, true)
        });
        assert!(matches!(settle(to), Err(Error::NotFound)));
        settle(class).unwrap();
        assert_eq!((s.counts(id).children(), s.stand(id, leaver)), (7, Stand::Addressed));
        assert!(s.read(move |r| store::joiners(r, class)).is_empty());
        s.agrees();
    }

    fn families_that_leave_most_notices_unread_are_named(engine) {
        let s = Stage::new(engine);
        let (teacher, class, mother) = (s.teacher(), s.world.classes[0], s.world.mother);
        for n in 0..6 {
            let one = Draft { title: format!("第{n}条"), ..draft(Kind::Plain, &[class]) };
            let id = s.sent_as(&teacher, &one);
            s.write(move |tx| store::read(tx, id, mother)).unwrap();
            s.house.days_pass(1);
        }
        let silent = s.read(move |r| store::non_readers(r, class));
        assert_eq!(silent.len(), 5);
        assert!(silent.iter().all(|n| n.unread == 6 && n.student != s.world.students[0]));
    }

    fn a_template_is_the_units_and_a_copy_carries_no_times(engine) {
        let s = Stage::new(engine);
        let (leader, teacher) = (s.leader(), s.teacher());
        let id = s.drafted(&leader, &draft(Kind::Confirm, &[s.world.school]));
        let by = leader.clone();
        s.write(move |tx| {
            let notice = store::find(tx, id)?;
            store::as_template(tx, &by, &notice)
        })
        .unwrap();
        let by = teacher.clone();
        let seen = s.read(move |r| store::templates(r, &by));
        assert_eq!(seen.len(), 1);
        let from = seen[0].clone();
        let copy = s.write(move |tx| store::copy(tx, &teacher, &from, "k")).unwrap().0;
        let copy = s.notice(copy);
        assert_eq!((copy.state, copy.template, copy.audience), (State::Draft, false, Audience::default()));
    }

    fn what_waits_too_long_is_let_go(engine) {
        let s = Stage::new(engine);
        s.sent(&s.teacher(), Kind::Confirm, &[s.world.classes[0]]);
        let waiting = || s.read(|r| r.scalar::<i64>(sql!("SELECT COUNT(*) FROM notice_receipt WHERE waits"), &[]));
        assert_eq!(waiting(), 7);
        s.house.days_pass(rules::WAIT_DAYS + 1);
        gongyu_store::jobs::tick_schedules(s.house.db(), jobs::SCHEDULES).unwrap();
        s.house.run_jobs();
        assert_eq!(waiting(), 0);
    }
}

#[test]
fn a_subject_teacher_sends_only_where_the_school_allows_it() {
    let s = Stage::new(Engine::Sqlite);
    let teacher = actor(s.world.role(Role::SubjectTeacher), Some(s.world.classes[0]));
    let id = s.drafted(&teacher, &draft(Kind::Plain, &[s.world.classes[0]]));
    assert!(matches!(s.send(&teacher, id), Err(Error::Forbidden)));
    let school = s.world.school;
    s.write(move |tx| {
        settings::keep_school_settings(tx, school, settings::SchoolNotices { subject_teachers: Some(true) })
    })
    .unwrap();
    assert!(s.send(&teacher, id).is_ok());
}
