//! The way of a letter, rule by rule.

use crate::desk::{Desk, KIND, RECALLED};
use gongyu_deliver::dispatch::{self, NewDispatch, State};
use gongyu_deliver::{ration, ways};
use gongyu_kernel::Id;
use gongyu_registry::people::{self, SealedGuardian};
use gongyu_testkit::both_engines;
use gongyu_web::letters::Became;

const NOTICE: Id = Id(101);

both_engines! {
    fn a_letter_goes_once_and_its_feature_hears_of_it(engine) {
        let desk = Desk::new(engine, 30);
        desk.to_all(NOTICE);
        desk.run();
        assert_eq!(desk.tally(NOTICE).get(&State::Sent), Some(&30));
        assert_eq!(desk.times_heard(Became::Sent), 30);
        desk.pass(3600);
        assert_eq!(desk.provider.taken().len(), 30);
        assert_eq!(desk.provider.faults(), Vec::<String>::new());
    }

    fn who_has_no_phone_is_left_for_a_call(engine) {
        let desk = Desk::new(engine, 1);
        let app = desk.house.app.clone();
        let silent = desk
            .house
            .db()
            .write_wait(move |tx| people::new_guardian(tx, &app.vault, "家长", None, &SealedGuardian::default()))
            .unwrap();
        desk.ask(vec![desk.letter(silent, NOTICE), desk.letter(desk.guardians[0], NOTICE)]);
        desk.run();
        assert_eq!(desk.tally(NOTICE), [(State::Sent, 1), (State::ByHand, 1)].into());
        assert_eq!(desk.times_heard(Became::ByHand), 1);
        let (failures, reach) = desk
            .house
            .db()
            .read_wait(move |r| Ok((dispatch::failures(r, KIND, NOTICE, None, 10)?, ways::of_guardians(r, &[silent])?)))
            .unwrap();
        assert_eq!(failures.iter().map(|f| f.guardian).collect::<Vec<_>>(), [Some(silent)]);
        assert!(!reach[&silent].any());
    }

    fn what_is_taken_back_in_time_does_not_go(engine) {
        let desk = Desk::new(engine, 4);
        desk.to_all(NOTICE);
        let one = desk.guardians[0];
        let back = desk.house.db().write_wait(move |tx| dispatch::cancel(tx, KIND, NOTICE, Some(&[one]))).unwrap();
        assert_eq!(back, 1);
        desk.run();
        assert_eq!(desk.tally(NOTICE), [(State::Sent, 3), (State::Cancelled, 1)].into());
        desk.to_all(RECALLED);
        desk.run();
        assert_eq!(desk.tally(RECALLED), [(State::Cancelled, 4)].into());
        assert_eq!(desk.provider.taken().len(), 3);
    }

    fn in_quiet_hours_only_the_urgent_goes(engine) {
        let desk = Desk::new(engine, 2);
        desk.house.clock.advance_seconds(12 * 3600);
        desk.to_all(NOTICE);
        let urgent = NewDispatch { urgent: true, ..desk.letter(desk.guardians[0], Id(102)) };
        desk.ask(vec![urgent]);
        desk.run();
        assert_eq!(desk.tally(NOTICE), [(State::Queued, 2)].into());
        assert_eq!(desk.tally(Id(102)), [(State::Sent, 1)].into());
        desk.pass(9 * 3600);
        assert_eq!(desk.tally(NOTICE), [(State::Sent, 2)].into());
    }

    fn over_the_ration_letters_gather_into_one_message_at_eighteen_hours(engine) {
        let desk = Desk::new(engine, 1);
        let guardian = desk.guardians[0];
        desk.ask((0..6).map(|n| desk.letter(guardian, Id(200 + n))).collect());
        desk.run();
        assert_eq!(desk.provider.taken().len(), 3);
        desk.pass(8 * 3600 + 60);
        assert_eq!(desk.provider.taken().len(), 4);
        for n in 0..6 {
            assert_eq!(desk.tally(Id(200 + n)), [(State::Sent, 1)].into());
        }
        let week = desk.house.db().read_wait(|r| ration::of_families(r, Some(Id(7)), 4)).unwrap();
        assert_eq!((week.weeks[0].letters, week.weeks[0].gathered), (4, 3));
    }

    fn a_refused_letter_can_be_tried_again_by_somebody(engine) {
        let desk = Desk::new(engine, 2);
        desk.provider.refuse("19900000001");
        desk.to_all(NOTICE);
        desk.run();
        assert_eq!(desk.tally(NOTICE), [(State::Sent, 1), (State::ByHand, 1)].into());
        desk.provider.refuse("");
        let again = desk.house.db().write_wait(|tx| dispatch::retry(tx, KIND, NOTICE, None)).unwrap();
        assert_eq!(again, 1);
        desk.run();
        assert_eq!(desk.tally(NOTICE), [(State::Sent, 2)].into());
        assert_eq!(desk.provider.taken().len(), 2);
    }
}
