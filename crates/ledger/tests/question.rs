//! Families asked whether a recorded contact happened: who is drawn, how often, about what. On both engines.

use gongyu_kernel::{Error, Id};
use gongyu_ledger::question::{self, Answer, Counts, Followed, Outcome, Question, Settings, State};
use gongyu_ledger::rules::{Channel, Depth, StaffRole, Tone, TouchKind};
use gongyu_ledger::touch::{self, NewTouch};
use gongyu_registry::people::Relation;
use gongyu_testkit::{Engine, House, World, base_features, both_engines};
use jiff::civil::{Date, date};

struct Stage {
    house: House,
    world: World,
}

impl Stage {
    fn new(engine: Engine, percent: u8) -> Self {
        let house = House::new(engine, base_features());
        let world = World::small(&house);
        house.db().write_wait(move |tx| question::keep_settings(tx, Settings { percent })).unwrap();
        Self { house, world }
    }

    fn record(&self, child: usize, day: Date, guardian: Option<Id>) -> Id {
        let student = self.world.students[child];
        self.house
            .db()
            .write_wait(move |tx| {
                let new = NewTouch {
                    student,
                    kind: TouchKind::CONTACT,
                    depth: Depth::Talked,
                    channel: Channel::Phone,
                    tone: Some(Tone::Good),
                    by_family: false,
                    occurred_on: day,
                    guardian,
                    relation: Some(Relation::Mother),
                    staff: None,
                    staff_role: Some(StaffRole::ClassTeacher),
                    minutes: 5,
                    source: ("contact_record", None),
                    act: None,
                    client_key: None,
                };
                Ok(touch::record(tx, &[new])?[0])
            })
            .unwrap()
    }

    fn draw(&self) {
        self.house.clock.advance_seconds(600);
        question::draw_job(self.house.db(), 99).unwrap();
    }

    fn open(&self) -> Option<Question> {
        let mother = self.world.mother;
        self.house.db().read_wait(move |r| question::open_of(r, mother)).unwrap()
    }

    fn say(&self, id: Id, guardian: Id, what: Answer) -> Result<Question, Error> {
        self.house.db().write_wait(move |tx| question::answer(tx, id, guardian, what))
    }

    fn counts(&self) -> Counts {
        let school = self.world.school;
        let (from, to) = (date(2026, 9, 1), date(2027, 1, 31));
        let found = self.house.db().read_wait(move |r| question::counts(r, Some(school), from, to)).unwrap();
        found.get(&school).copied().unwrap_or_default()
    }

    fn today(&self) -> Date {
        self.house.app.clock().today()
    }
}

both_engines! {
    fn the_guardian_who_was_reached_is_asked_and_only_in_the_app(engine) {
        let s = Stage::new(engine, 100);
        let touch = s.record(0, s.today(), Some(s.world.mother));
        // Nobody of this child's family uses the app.
        s.record(3, s.today(), None);
        s.draw();
        let open = s.open().unwrap();
        assert_eq!((open.touch, open.guardian, open.state), (touch, s.world.mother, State::Open));
        assert_eq!(s.counts(), Counts { asked: 1, waiting: 1, ..Counts::default() });
    }

    fn drawing_twice_over_asks_no_more(engine) {
        let s = Stage::new(engine, 100);
        s.record(0, s.today(), None);
        s.draw();
        s.draw();
        assert_eq!(s.counts().asked, 1);
    }

    fn nobody_is_asked_at_a_rate_of_nought(engine) {
        let s = Stage::new(engine, 0);
        s.record(0, s.today(), None);
        s.draw();
        assert_eq!(s.counts(), Counts::default());
    }

    fn a_family_has_one_open_question_and_is_left_alone_for_a_month(engine) {
        let s = Stage::new(engine, 100);
        s.record(0, s.today(), None);
        s.record(0, s.today(), None);
        s.draw();
        assert_eq!(s.counts().asked, 1, "two contacts of one family, one question");
        let first = s.open().unwrap();
        s.say(first.id, s.world.mother, Answer::Yes).unwrap();
        s.house.days_pass(20);
        s.record(0, s.today(), None);
        s.draw();
        assert!(s.open().is_none(), "asked twenty days ago");
        s.house.days_pass(11);
        s.record(0, s.today(), None);
        s.draw();
        assert!(s.open().is_some(), "a month has gone by");
    }

    fn a_contact_older_than_a_fortnight_is_never_asked_about(engine) {
        let s = Stage::new(engine, 100);
        s.record(0, date(2026, 11, 8), None);
        s.draw();
        assert!(s.open().is_none());
        s.record(0, date(2026, 11, 20), None);
        s.draw();
        let open = s.open().unwrap();
        s.house.days_pass(12);
        assert!(s.open().is_none(), "two weeks and a day after the contact");
        assert!(matches!(s.say(open.id, s.world.mother, Answer::No), Err(Error::NotFound)));
        s.draw();
        assert_eq!((s.counts().silent, s.counts().unconfirmed(), s.counts().waiting), (1, 1, 0));
    }

    fn a_contact_taken_back_is_no_question_any_more(engine) {
        let s = Stage::new(engine, 100);
        let touch = s.record(0, s.today(), None);
        s.draw();
        s.house.db().write_wait(move |tx| touch::reverse(tx, &[touch]).map(drop)).unwrap();
        assert!(s.open().is_none());
        s.draw();
        assert_eq!(s.counts(), Counts::default());
    }

    fn an_answer_can_be_changed_until_the_school_has_looked_into_it(engine) {
        let s = Stage::new(engine, 100);
        s.record(0, s.today(), None);
        s.draw();
        let id = s.open().unwrap().id;
        assert!(matches!(s.say(id, s.world.father, Answer::Yes), Err(Error::NotFound)), "not asked of him");
        for (what, state) in [(Answer::Unsure, State::Unsure), (Answer::No, State::No)] {
            assert_eq!(s.say(id, s.world.mother, what).unwrap().state, state);
        }
        let school = s.world.school;
        let (from, to) = (date(2026, 9, 1), s.today());
        let list = s.house.db().read_wait(move |r| question::contradicted(r, school, from, to)).unwrap();
        assert_eq!(list.len(), 1);
        let vault = s.house.app.vault.clone();
        let leader = s.world.role(gongyu_access::Role::SchoolLeader).account;
        s.house.db().write_wait(move |tx| {
            let what = Followed { outcome: Outcome::Remembered, words: "电话里想起来了".to_owned() };
            question::follow(tx, &vault, id, leader, &what)
        }).unwrap();
        assert!(matches!(s.say(id, s.world.mother, Answer::Yes), Err(Error::NotFound)));
        let vault = s.house.app.vault.clone();
        let words = s.house.db().read_wait(move |r| question::words_of(r, &vault, id)).unwrap();
        assert_eq!(words, "电话里想起来了");
        assert_eq!(s.counts(), Counts { asked: 1, no: 1, followed: 1, ..Counts::default() });
    }

    fn who_no_longer_hears_of_the_child_is_no_longer_asked(engine) {
        let s = Stage::new(engine, 100);
        s.record(0, s.today(), None);
        s.draw();
        let (child, mother) = (s.world.students[0], s.world.mother);
        s.house.db().write_wait(move |tx| {
            tx.exec(gongyu_store::sql!("UPDATE guardianship SET restricted = $1 WHERE student_id = $2 AND guardian_id = $3"),
                &[&true, &child, &mother]).map(drop)
        }).unwrap();
        assert!(s.open().is_none());
    }
}
