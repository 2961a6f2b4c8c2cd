//! The rules of the loop, through its store.

use super::{Stage, TODAY, actor, talk};
use gongyu_access::Role;
use gongyu_kernel::{Error, Id};
use gongyu_ledger::rules::{Channel, Depth, TouchKind};
use gongyu_ledger::touch;
use gongyu_office::unreached::Narrow;
use gongyu_office::unreached::figures::{By, Figures};
use gongyu_office::unreached::model::{Level, Reason, Rules, State, StepKind};
use gongyu_office::unreached::store::{self as tasks, Knock, Met};
use gongyu_registry::people::{self, StudentState};
use gongyu_registry::roster::id_number::Phone;
use gongyu_registry::unit;
use gongyu_store::sql;
use gongyu_testkit::both_engines;
use gongyu_web::FormData;
use jiff::civil::date;

impl Stage {
    fn counted(&self, query: &'static str) -> Figures {
        self.read(move |r| {
            let district = unit::district(r)?;
            let today = r.today();
            Figures::of(r, &Narrow::read(&FormData::parse(query.as_bytes())).list(&district, today), By::School)
        })
    }

    fn kinds(&self, task: Id) -> Vec<StepKind> {
        self.read(move |r| Ok(tasks::steps_of(r, task)?.iter().map(|s| s.kind).collect()))
    }

    fn knock(&self, student: Id, met: Met) -> gongyu_kernel::Result<usize> {
        let (task, by) = (self.task(student), actor(&self.worker, self.village));
        self.write(move |tx| tasks::knock(tx, task.id, task.step, &Knock { met, day: TODAY, words: "说了近况" }, &by))
    }

    fn suggest(&self, student: Id, number: &'static str) -> Id {
        let (task, app, by) = (self.task(student), self.house.app.clone(), self.worker.account);
        self.write(move |tx| {
            let guardian = people::guardians_of(tx, task.student)?[0].guardian;
            let phone = Phone::parse(number).map_err(Error::internal)?;
            tasks::suggest(tx, &app.vault, task.id, task.step, guardian, &phone, by)?;
            Ok(tasks::numbers_of(tx, &app.vault, task.id)?[0].id)
        })
        .unwrap()
    }
}

both_engines! {
    fn every_night_each_child_never_reached_has_one_task_and_no_second(engine) {
        let s = Stage::open(engine);
        assert_eq!(s.counted("").n, 13);
        s.night();
        s.night();
        let (all, steps): (i64, i64) = s.read(|r| {
            Ok((
                r.scalar(sql!("SELECT COUNT(*) FROM unreached_task"), &[])?,
                r.scalar(sql!("SELECT COUNT(*) FROM unreached_step"), &[])?,
            ))
        });
        assert_eq!((all, steps), (13, 13));
        let task = s.task(s.student(0));
        assert_eq!((task.level, task.unit), (Level::Class, s.world.classes[0]));
        assert_eq!(task.due_on, date(2026, 11, 30), "five working days after Monday");
    }

    fn a_child_who_has_just_come_waits_for_its_month_unless_opened_by_hand(engine) {
        let s = Stage::new(engine);
        s.write(|tx| tasks::keep_rules(tx, &Rules { settle_days: 600, ..Rules::default() })).unwrap();
        s.night();
        assert_eq!(s.counted("").n, 0);
        let (child, by) = (s.student(3), s.teacher().account);
        let open = move |tx: &mut gongyu_store::Tx| {
            let child = people::find_student(tx, child)?;
            tasks::by_hand(tx, &child, by)
        };
        let first = s.write(open).unwrap();
        assert_eq!(s.write(open).unwrap(), first, "one open task a child");
        assert_eq!(s.counted("").n, 1);
    }

    fn a_child_reached_before_gets_no_task_by_hand(engine) {
        let s = Stage::new(engine);
        s.reach(s.student(0));
        let (child, by) = (s.student(0), s.teacher().account);
        let refused = s.write(move |tx| {
            let child = people::find_student(tx, child)?;
            tasks::by_hand(tx, &child, by)
        });
        assert!(matches!(refused, Err(Error::Conflict(code)) if code.key == "unreached-reached-already"));
    }

    fn a_task_goes_on_with_a_day_of_working_days_and_comes_back_the_same_way(engine) {
        let s = Stage::open(engine);
        let child = s.student(0);
        for (times, level, unit) in
            [(1, Level::School, s.world.school), (1, Level::Town, s.world.town), (1, Level::Site, s.village)]
        {
            let task = s.hand(child, times);
            assert_eq!((task.level, task.unit, task.due_on), (level, unit, date(2026, 11, 30)));
        }
        let by = s.worker.account;
        for (level, unit) in
            [(Level::Town, s.world.town), (Level::School, s.world.school), (Level::Class, s.world.classes[0])]
        {
            let task = s.task(child);
            s.write(move |tx| tasks::hand_back(tx, task.id, task.step, "邻居说去了县城", by)).unwrap();
            let task = s.task(child);
            assert_eq!((task.level, task.unit), (level, unit));
        }
        use StepKind::{Back, Handed, Opened, Reason};
        assert_eq!(s.kinds(s.task(child).id), [Opened, Reason, Handed, Handed, Handed, Back, Back, Back]);
    }

    fn nothing_goes_on_without_a_reason_nor_to_a_village_of_another_town(engine) {
        let s = Stage::open(engine);
        let (task, by, far) = (s.task(s.student(0)), s.teacher().account, s.far_village);
        let (id, step) = (task.id, task.step);
        assert!(matches!(s.write(move |tx| tasks::hand_on(tx, id, step, None, "x", by)), Err(Error::Invalid(_))));
        let task = s.hand(s.student(0), 2);
        let refused = s.write(move |tx| tasks::hand_on(tx, task.id, task.step, Some(far), "x", by));
        assert!(matches!(refused, Err(Error::Invalid(_))));
    }

    fn who_saw_an_older_step_does_not_act_over_a_newer_one(engine) {
        let s = Stage::open(engine);
        let (task, by) = (s.task(s.student(0)), s.teacher().account);
        s.hand(s.student(0), 1);
        let late = s.write(move |tx| tasks::give_reason(tx, task.id, task.step, Reason::Abroad, "", by));
        assert!(matches!(late, Err(Error::Conflict(code)) if code.key == "unreached-moved-on"));
    }

    fn a_touch_recorded_anywhere_counts_at_once_and_closes_by_night(engine) {
        let s = Stage::open(engine);
        let touch = s.reach(s.student(0));
        assert_eq!(s.task(s.student(0)).state, State::Reached);
        assert_eq!((s.counted("").n, s.counted("state=reached").n), (12, 1));
        let (task, by) = (s.task(s.student(0)), s.teacher().account);
        let refused = s.write(move |tx| tasks::give_reason(tx, task.id, task.step, Reason::Abroad, "", by));
        assert!(matches!(refused, Err(Error::Conflict(code)) if code.key == "unreached-closed-meanwhile"));
        s.night();
        let task = s.task(s.student(0));
        assert_eq!((task.touch, task.closed_on), (Some(touch), Some(TODAY)));
        assert_eq!((s.counted("").n, s.counted("state=reached").n), (12, 1));
    }

    fn being_told_is_not_being_reached(engine) {
        let s = Stage::open(engine);
        let told = gongyu_ledger::touch::NewTouch { depth: Depth::Told, channel: Channel::Sms, ..talk(s.student(0)) };
        s.write(move |tx| touch::record(tx, std::slice::from_ref(&told))).unwrap();
        s.night();
        assert_eq!(s.task(s.student(0)).state, State::Open);
    }

    fn a_touch_taken_back_after_closing_begins_a_new_task(engine) {
        let s = Stage::open(engine);
        let touch = s.reach(s.student(0));
        s.night();
        let first = s.task(s.student(0)).id;
        s.write(move |tx| touch::reverse(tx, &[touch])).unwrap();
        s.night();
        let second = s.task(s.student(0));
        assert!(second.id != first && second.state == State::Open);
        assert_eq!(s.counted("").n, 13);
    }

    fn the_doctor_finds_a_task_closed_without_a_touch(engine) {
        let s = Stage::open(engine);
        s.reach(s.student(0));
        s.night();
        assert!(tasks::disagreements(s.house.db()).unwrap().is_empty());
        let forged = s.task(s.student(1)).id;
        s.write(move |tx| {
            tx.exec(sql!("UPDATE unreached_task SET state = 'reached', closed_at = 1 WHERE id = $1"), &[&forged])
        })
        .unwrap();
        assert_eq!(tasks::disagreements(s.house.db()).unwrap().len(), 1);
    }

    fn a_child_who_leaves_closes_as_left_and_says_so(engine) {
        let s = Stage::open(engine);
        let (child, app) = (s.student(0), s.house.app.clone());
        s.write(move |tx| {
            let change = people::leave(tx, child, TODAY, StudentState::Left)?;
            app.membership_changed(tx, &[change])
        })
        .unwrap();
        let task = s.task(child);
        assert_eq!((task.state, task.closed_on, task.touch), (State::Left, Some(TODAY), None));
        assert_eq!((s.counted("").n, s.counted("state=left").n, s.counted("state=reached").n), (12, 1, 0));
        assert_eq!(s.kinds(task.id).last(), Some(&StepKind::Left));
    }

    fn a_child_who_changes_class_takes_its_task_along(engine) {
        let s = Stage::open(engine);
        let (child, app, school, class) = (s.student(0), s.house.app.clone(), s.world.school, s.world.classes[1]);
        s.write(move |tx| {
            let change = people::move_to_class(tx, child, school, Some(class), TODAY, "hand")?;
            app.membership_changed(tx, &[change])
        })
        .unwrap();
        let task = s.task(child);
        let second = s.world.classes[1];
        assert_eq!((task.class, task.level, task.unit), (Some(second), Level::Class, second));
        let (child, app) = (s.student(1), s.house.app.clone());
        let (school, class) = (s.world.kindergarten, s.world.kinder_class);
        s.hand(child, 2);
        s.write(move |tx| {
            let change = people::move_to_class(tx, child, school, Some(class), TODAY, "hand")?;
            app.membership_changed(tx, &[change])
        })
        .unwrap();
        let task = s.task(child);
        assert_eq!((task.school, task.town, task.level), (s.world.kindergarten, Some(s.world.street), Level::Class));
    }

    fn a_knock_is_a_meeting_at_the_door_in_the_ledger_and_closes_the_errand_at_once(engine) {
        let s = Stage::open(engine);
        s.siblings();
        let task = s.hand(s.student(0), 3);
        assert_eq!(s.task(s.student(1)).level, Level::Site, "brother and sister go as one errand");
        assert_eq!(s.task(s.world.sibling).level, Level::Class, "the one in another school stays with its teacher");
        assert_eq!(s.knock(s.student(0), Met::Guardian(s.world.mother)).unwrap(), 2);
        let closed = s.task(s.student(0));
        let touches = s.read(move |r| touch::of_source(r, "unreached", task.id));
        assert_eq!((closed.state, closed.touch), (State::Reached, Some(touches[0].id)));
        let t = &touches[0];
        assert_eq!((t.kind.clone(), t.channel, t.depth), (TouchKind::CONTACT, Channel::HomeVisit, Depth::Met));
        assert_eq!((t.staff, t.guardian), (s.worker.staff, Some(s.world.mother)));
        assert_eq!(s.task(s.student(1)).state, State::Reached);
        assert_eq!(s.task(s.world.sibling).state, State::Open);
    }

    fn a_brother_whose_guardian_was_not_met_stays_open(engine) {
        let s = Stage::open(engine);
        s.siblings();
        s.hand(s.student(0), 3);
        assert_eq!(s.knock(s.student(0), Met::Guardian(s.world.father)).unwrap(), 1);
        assert_eq!((s.task(s.student(0)).state, s.task(s.student(1)).state), (State::Reached, State::Open));
        let stranger = Id(4711);
        assert!(matches!(s.knock(s.student(1), Met::Guardian(stranger)), Err(Error::Invalid(_))));
    }

    fn a_knock_noted_by_mistake_is_taken_back_by_whoever_noted_it_the_same_day(engine) {
        let s = Stage::open(engine);
        let task = s.hand(s.student(0), 3);
        s.knock(s.student(0), Met::Other).unwrap();
        let (other, own) = (actor(&s.far_worker, s.far_village), actor(&s.worker, s.village));
        assert!(matches!(s.write(move |tx| tasks::take_back(tx, task.id, &other)), Err(Error::NotFound)));
        s.write(move |tx| tasks::take_back(tx, task.id, &own)).unwrap();
        let again = s.task(s.student(0));
        assert_eq!((again.id, again.state, again.level, again.touch), (task.id, State::Open, Level::Site, None));
        assert_eq!(s.counted("").n, 13);
        assert_eq!(s.knock(s.student(0), Met::Other).unwrap(), 1, "and can be noted again");
    }

    fn a_suggested_number_is_sealed_and_changes_nothing_until_it_is_taken_over(engine) {
        let s = Stage::open(engine);
        s.hand(s.student(2), 3);
        let number = s.suggest(s.student(2), "19900009999");
        let (task, app) = (s.task(s.student(2)), s.house.app.clone());
        let sealed: Vec<u8> =
            s.read(move |r| r.scalar(sql!("SELECT sealed FROM unreached_number WHERE id = $1"), &[&number]));
        assert!(!sealed.windows(5).any(|w| w == b"19900"));
        let (vault, child) = (app.vault.clone(), s.student(2));
        let phones = move |r: &mut gongyu_store::Reader| people::phones_of_child(r, &vault, child);
        assert!(s.read(phones.clone()).is_empty());
        let by = s.teacher().account;
        s.write(move |tx| tasks::decide(tx, &app.vault, task.id, number, true, "", by)).unwrap();
        assert_eq!(s.read(phones), ["19900009999"]);
        let task = s.task(s.student(2));
        assert_eq!((task.level, task.unit), (Level::Class, s.world.classes[0]), "the teacher calls");
        assert_eq!(task.state, State::Open, "a number alone reaches nobody");
    }

    fn a_refused_number_leaves_the_errand_where_it_lies(engine) {
        let s = Stage::open(engine);
        s.hand(s.student(2), 3);
        let number = s.suggest(s.student(2), "19900009999");
        let (task, app, by) = (s.task(s.student(2)), s.house.app.clone(), s.teacher().account);
        let id = task.id;
        s.write(move |tx| tasks::decide(tx, &app.vault, id, number, false, "也打不通", by)).unwrap();
        assert_eq!(s.task(s.student(2)).level, Level::Site);
        let app = s.house.app.clone();
        let again = s.write(move |tx| tasks::decide(tx, &app.vault, id, number, true, "", by));
        assert!(matches!(again, Err(Error::NotFound)));
    }

    fn what_is_late_is_noted_once_until_it_lies_elsewhere(engine) {
        let s = Stage::open(engine);
        s.house.days_pass(8);
        s.night();
        s.night();
        let task = s.task(s.student(0));
        assert_eq!(s.kinds(task.id), [StepKind::Opened, StepKind::Overdue]);
        assert_eq!((s.counted("").late, s.counted("late=1").n), (13, 13));
        let task = s.hand(s.student(0), 1);
        assert_eq!((task.due_on, s.counted("late=1").n), (date(2026, 12, 8), 12));
    }

    fn figures_and_list_agree_however_they_are_narrowed(engine) {
        let s = Stage::open(engine);
        s.hand(s.student(0), 1);
        s.hand(s.student(1), 2);
        let all = s.counted("");
        assert_eq!(all.levels, [(Level::Class, 11, 0), (Level::School, 1, 0), (Level::Town, 1, 0)]);
        assert_eq!(all.reasons, [(None, 11), (Some(Reason::NumberDead), 2)]);
        assert_eq!(all.parts.iter().map(|p| p.n).collect::<Vec<_>>(), [12, 1]);
        for (query, n) in [("level=town", 1), ("reason=number_dead", 2), ("reason=none", 11), ("days=30", 0)] {
            assert_eq!(s.counted(query).n, n, "{query}");
        }
    }

    fn a_school_that_counts_by_semester_follows_those_silent_this_semester(engine) {
        let s = Stage::new(engine);
        let old = gongyu_ledger::touch::NewTouch { occurred_on: date(2026, 4, 20), ..talk(s.student(0)) };
        s.write(move |tx| touch::record(tx, std::slice::from_ref(&old))).unwrap();
        s.write(|tx| tasks::keep_rules(tx, &Rules { semester: true, ..Rules::default() })).unwrap();
        s.night();
        assert_eq!(s.counted("").n, 13, "a talk in spring does not reach autumn");
        s.reach(s.student(0));
        s.night();
        assert_eq!((s.counted("").n, s.task(s.student(0)).state), (12, State::Reached));
    }
}

/// A role that only reads finds nothing to act with in its own part.
#[test]
fn the_district_reads_and_does_not_act() {
    use gongyu_office::unreached::rules::{Part, part};
    for level in Level::ALL {
        assert_eq!(part(Role::DistrictOfficer, *level, true), Part::Read);
    }
}
