//! Places under every kind of race, on both engines: nothing is sold twice, nobody is overtaken, a family goes
//! together or not at all.

use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_parts::booking::{self, Block, Booking, Holder, IfFull, Outcome, Span, State, Use, Wish, line, pool, take};
use gongyu_store::{Tx, sql};
use gongyu_testkit::Engine;
use gongyu_testkit::{House, base_features, both_engines};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

struct Stage {
    house: House,
    pool: Id,
    all: Id,
    session: Id,
}

const SLOT: Id = Id(7);
const HOUR: i64 = 3_600_000;

fn stage(engine: Engine, all: i64, session: i64, rules: pool::Rules) -> Stage {
    let mut features = base_features();
    features.push(gongyu_parts::feature());
    let house = House::new(engine, features);
    let (pool, all, session) = write(&house, move |tx| {
        let (pool, _) = pool::open(tx, ("sample", Id(1)), rules)?;
        let (all, _) = pool::set_quota(tx, pool, ("all", Id(0)), all, 0)?;
        let (session, _) = pool::set_quota(tx, pool, ("session", SLOT), session, 4)?;
        Ok((pool, all, session))
    });
    Stage { house, pool, all, session }
}

const OFFERS: pool::Rules = pool::Rules { offer_minutes: 60, passes: true, serving: true };

fn write<T: Send + 'static>(house: &House, work: impl Fn(&mut Tx) -> Result<T> + Send + 'static) -> T {
    house.db().write_wait(work).unwrap()
}

impl Stage {
    fn at(&self, hours: i64) -> Span {
        let from = Millis(gongyu_testkit::house::monday_morning().0 + 48 * HOUR + hours * HOUR);
        Span { from, to: Millis(from.0 + HOUR) }
    }

    fn wish(&self, family: i64, seats: i64) -> Wish {
        Wish {
            pool: self.pool,
            slot: SLOT,
            holder: Holder { kind: "family", id: Id(family) },
            seats,
            uses: vec![Use { quota: self.all, seats }, Use { quota: self.session, seats }],
            persons: vec![Id(family * 10)],
            span: self.at(0),
            account: Some(Id(family)),
            client_key: None,
        }
    }

    fn take(&self, wish: &Wish, if_full: IfFull) -> Result<Outcome> {
        let wish = wish.clone();
        self.house.db().write_wait(move |tx| take::take(tx, &wish, if_full))
    }

    fn booked(&self, family: i64, seats: i64) -> Id {
        match self.take(&self.wish(family, seats), IfFull::Wait).unwrap() {
            Outcome::Booked(id) | Outcome::Waiting(id) => id,
            other => panic!("{other:?}"),
        }
    }

    fn cancel(&self, id: Id) -> Vec<Booking> {
        write(&self.house, move |tx| take::cancel(tx, id))
    }

    fn state(&self, id: Id) -> State {
        self.house.db().read_wait(move |r| booking::find(r, id)).unwrap().state
    }

    fn whys(&self) -> Vec<line::Why> {
        let pool = self.pool;
        self.house.db().read_wait(move |r| line::whys(r, pool)).unwrap()
    }

    fn used(&self) -> Vec<i64> {
        let pool = self.pool;
        let found = self.house.db().read_wait(move |r| pool::availability(r, &[pool])).unwrap();
        assert!(self.house.db().read_wait(pool::disagreements).unwrap().is_empty());
        found.iter().map(|q| q.used).collect()
    }
}

fn key_of(result: Result<Outcome>) -> String {
    match result {
        Err(Error::Conflict(code)) => code.key.into_owned(),
        other => panic!("{other:?}"),
    }
}

both_engines! {
    fn of_sixty_at_the_same_instant_exactly_as_many_get_places_as_there_are(engine) {
        let stage = stage(engine, 20, 20, OFFERS);
        let (got, waits) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let tasks: Vec<_> = (1..=60).map(|n| {
                let (db, wish) = (stage.house.db().clone(), stage.wish(n, 1));
                let (got, waits) = (got.clone(), waits.clone());
                tokio::spawn(async move {
                    match db.write(move |tx| take::take(tx, &wish, IfFull::Wait)).await.unwrap() {
                        Outcome::Booked(_) => got.fetch_add(1, Ordering::SeqCst),
                        Outcome::Waiting(_) => waits.fetch_add(1, Ordering::SeqCst),
                        other => panic!("{other:?}"),
                    }
                })
            }).collect();
            for task in tasks {
                task.await.unwrap();
            }
        });
        assert_eq!((got.load(Ordering::SeqCst), waits.load(Ordering::SeqCst)), (20, 40));
        assert_eq!(stage.used(), [20, 20]);
    }

    fn many_who_give_back_at_once_serve_each_of_the_line_once(engine) {
        let stage = stage(engine, 10, 10, OFFERS);
        let booked: Vec<Id> = (1..=10).map(|n| stage.booked(n, 1)).collect();
        let line: Vec<Id> = (11..=24).map(|n| stage.booked(n, 1)).collect();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let offered: usize = runtime.block_on(async {
            let tasks: Vec<_> = booked.iter().map(|id| {
                let (db, id) = (stage.house.db().clone(), *id);
                tokio::spawn(async move { db.write(move |tx| take::cancel(tx, id)).await.unwrap().len() })
            }).collect();
            let mut sum = 0;
            for task in tasks {
                sum += task.await.unwrap();
            }
            sum
        });
        assert_eq!(offered, 10);
        assert!(line[..10].iter().all(|id| stage.state(*id) == State::Offered));
        assert!(line[10..].iter().all(|id| stage.state(*id) == State::Waiting));
        assert_eq!(stage.used(), [10, 10]);
    }

    fn one_person_asking_for_two_sessions_at_the_same_time_gets_one(engine) {
        let stage = stage(engine, 50, 50, OFFERS);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let won: usize = runtime.block_on(async {
            let tasks: Vec<_> = (0..8).map(|n| {
                let mut wish = stage.wish(1, 1);
                wish.slot = Id(100 + n);
                let db = stage.house.db().clone();
                tokio::spawn(async move {
                    matches!(db.write(move |tx| take::take(tx, &wish, IfFull::Tell)).await, Ok(Outcome::Booked(_)))
                })
            }).collect();
            let mut sum = 0;
            for task in tasks {
                sum += usize::from(task.await.unwrap());
            }
            sum
        });
        assert_eq!(won, 1);
        assert_eq!(stage.used(), [1, 1]);
    }

    fn an_offer_is_taken_once_or_runs_out_but_never_both(engine) {
        let stage = stage(engine, 1, 1, OFFERS);
        let first = stage.booked(1, 1);
        let second = stage.booked(2, 1);
        let third = stage.booked(3, 1);
        assert_eq!(stage.cancel(first).iter().map(|b| b.id).collect::<Vec<_>>(), [second]);
        stage.house.clock.advance_seconds(61 * 60);
        let (confirmed, expired) = {
            let (db, pool) = (stage.house.db().clone(), stage.pool);
            let late = db.write_wait(move |tx| take::confirm(tx, second)).err();
            (late, write(&stage.house, move |tx| line::expire(tx, pool)))
        };
        assert!(matches!(confirmed, Some(Error::Conflict(c)) if c.key == "booking-offer-over"));
        assert_eq!((expired.0[0].id, expired.1[0].id), (second, third));
        assert_eq!(stage.house.db().read_wait(|r| line::due(r, "sample", 9)).unwrap(), Vec::<Id>::new());
        write(&stage.house, move |tx| take::confirm(tx, third));
        assert_eq!((stage.state(second), stage.state(third)), (State::Expired, State::Booked));
        assert_eq!(stage.used(), [1, 1]);
    }

    fn a_family_waits_for_all_its_places_and_is_told_why(engine) {
        let stage = stage(engine, 4, 4, OFFERS);
        let (one, two) = (stage.booked(1, 1), stage.booked(2, 3));
        let family = stage.booked(3, 3);
        let single = stage.booked(4, 1);
        let why = stage.whys();
        assert_eq!((why[0].booking, why[0].ahead), (family, 0));
        assert!(matches!(&why[0].blocks[0], Block::Short(s) if (s.free, s.need) == (0, 3)));
        assert_eq!((why[1].ahead, why[1].ahead_seats), (1, 3));
        // One place comes back: too few for three, so it goes to who needs one; the family keeps its place.
        assert_eq!(stage.cancel(one).iter().map(|b| b.id).collect::<Vec<_>>(), [single]);
        let why = stage.whys();
        assert_eq!((why[0].booking, why[0].passed_by), (family, 1));
        assert_eq!(stage.cancel(two).iter().map(|b| b.id).collect::<Vec<_>>(), [family]);
        assert_eq!(stage.used(), [4, 4]);
    }

    fn where_nobody_passes_the_places_are_kept_for_the_first_of_the_line(engine) {
        let stage = stage(engine, 3, 3, pool::Rules { passes: false, ..OFFERS });
        let (one, two) = (stage.booked(1, 1), stage.booked(2, 2));
        let (family, single) = (stage.booked(3, 2), stage.booked(4, 1));
        assert!(stage.cancel(one).is_empty());
        assert_eq!(stage.whys()[1].blocks, [Block::Ahead]);
        // A newcomer does not get what the line is kept waiting for either.
        assert!(matches!(stage.take(&stage.wish(5, 1), IfFull::Tell).unwrap(), Outcome::Full(_)));
        assert_eq!(stage.cancel(two).iter().map(|b| b.id).collect::<Vec<_>>(), [family, single]);
    }

    fn the_same_wish_sent_twice_is_the_same_booking(engine) {
        let stage = stage(engine, 4, 4, OFFERS);
        let mut wish = stage.wish(1, 2);
        wish.client_key = Some("a-1".to_owned());
        let first = stage.take(&wish, IfFull::Tell).unwrap();
        assert_eq!(stage.take(&wish, IfFull::Tell).unwrap(), first);
        wish.client_key = Some("a-2".to_owned());
        assert!(matches!(stage.take(&wish, IfFull::Tell).unwrap(), Outcome::Already(_)));
        assert_eq!(stage.used(), [2, 2]);
    }

    fn a_family_has_no_more_seats_of_a_quota_than_it_may(engine) {
        let stage = stage(engine, 40, 40, OFFERS);
        assert_eq!(key_of(stage.take(&stage.wish(1, 5), IfFull::Tell)), "booking-holder-limit");
        assert!(matches!(stage.take(&stage.wish(1, 0), IfFull::Tell), Err(Error::Invalid(_))));
        assert_eq!(stage.used(), [0, 0]);
    }

    fn a_hold_keeps_places_until_its_time_is_over(engine) {
        let stage = stage(engine, 1, 1, OFFERS);
        let wish = stage.wish(1, 1);
        let held = write(&stage.house, move |tx| take::hold(tx, &wish, 2));
        let Outcome::Booked(held) = held else { panic!("{held:?}") };
        assert!(matches!(stage.take(&stage.wish(2, 1), IfFull::Tell).unwrap(), Outcome::Full(_)));
        let next = stage.booked(2, 1);
        stage.house.clock.advance_seconds(121);
        let due = stage.house.db().read_wait(|r| line::due(r, "sample", 9)).unwrap();
        assert_eq!(due, [stage.pool]);
        let (_, served) = write(&stage.house, { let pool = stage.pool; move |tx| line::expire(tx, pool) });
        assert_eq!((served[0].id, stage.state(held)), (next, State::Expired));
    }

    fn a_booking_that_moves_keeps_its_number_and_what_it_left_goes_to_the_line(engine) {
        let stage = stage(engine, 9, 1, OFFERS);
        let (moved, waiting) = (stage.booked(1, 1), stage.booked(2, 1));
        let (pool, all) = (stage.pool, stage.all);
        let other = write(&stage.house, move |tx| Ok(pool::set_quota(tx, pool, ("session", Id(8)), 1, 0)?.0));
        let mut wish = stage.wish(1, 1);
        (wish.slot, wish.uses, wish.span) =
            (Id(8), vec![Use { quota: all, seats: 1 }, Use { quota: other, seats: 1 }], stage.at(0));
        let (outcome, served) = write(&stage.house, move |tx| take::move_to(tx, moved, &wish));
        assert_eq!((outcome, served[0].id), (Outcome::Booked(moved), waiting));
        assert_eq!(stage.used(), [2, 1, 1]);
        // Without room it stays as it was.
        let mut back = stage.wish(1, 1);
        back.slot = SLOT;
        let (outcome, _) = write(&stage.house, move |tx| take::move_to(tx, moved, &back));
        assert!(matches!(outcome, Outcome::Full(_)));
        assert_eq!(stage.used(), [2, 1, 1]);
    }

    fn a_session_at_another_time_keeps_its_places_and_names_who_is_now_in_two(engine) {
        let stage = stage(engine, 9, 9, OFFERS);
        let booked = stage.booked(1, 1);
        let mut later = stage.wish(1, 1);
        (later.slot, later.span) = (Id(8), stage.at(3));
        stage.take(&later, IfFull::Tell).unwrap();
        let (pool, span) = (stage.pool, stage.at(3));
        let shifted = write(&stage.house, move |tx| take::shift(tx, pool, SLOT, span));
        assert_eq!((shifted.live.len(), shifted.clashes), (1, vec![(booked, Id(10))]));
        assert_eq!(stage.used(), [2, 2]);
        let (ended, _) = write(&stage.house, move |tx| take::end_slot(tx, pool, SLOT));
        assert_eq!((ended.len(), stage.used()), (1, vec![1, 1]));
    }

    fn more_places_serve_the_line_and_fewer_than_taken_are_refused(engine) {
        let stage = stage(engine, 2, 2, OFFERS);
        stage.booked(1, 2);
        let waiting = stage.booked(2, 1);
        let pool = stage.pool;
        let set = move |tx: &mut Tx, kind: (&str, Id), n| pool::set_quota(tx, pool, kind, n, 0);
        let less = stage.house.db().write_wait(move |tx| set(tx, ("all", Id(0)), 1));
        assert!(matches!(less, Err(Error::Conflict(c)) if c.key == "booking-below-used"));
        assert!(write(&stage.house, move |tx| set(tx, ("all", Id(0)), 5)).1.is_empty());
        assert_eq!(write(&stage.house, move |tx| set(tx, ("session", SLOT), 5)).1[0].id, waiting);
    }

    fn the_table_itself_refuses_to_oversell(engine) {
        let stage = stage(engine, 2, 2, OFFERS);
        let all = stage.all;
        let done = stage.house.db().write_wait(move |tx| {
            tx.exec(sql!("UPDATE booking_quota SET used = used + 3 WHERE id = $1"), &[&all])
        });
        assert!(done.is_err());
    }

    fn after_any_sequence_booked_seats_are_the_sum_of_bookings_and_no_more_than_there_are(engine) {
        // The same sequence for everybody who runs it: a plain generator with a fixed seed.
        let mut seed = 20_261_123_u64;
        let mut dice = move |n: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % n
        };
        let stage = stage(engine, 12, 8, OFFERS);
        let pool = stage.pool;
        let mut made: Vec<Id> = Vec::new();
        for step in 0..160 {
            match dice(7) {
                0..=2 => {
                    let wish = stage.wish(1 + step, 1 + dice(4) as i64);
                    if let Ok(Outcome::Booked(id) | Outcome::Waiting(id)) = stage.take(&wish, IfFull::Wait) {
                        made.push(id);
                    }
                }
                3 if !made.is_empty() => {
                    stage.cancel(made[dice(made.len() as u64) as usize]);
                }
                4 if !made.is_empty() => {
                    let id = made[dice(made.len() as u64) as usize];
                    let _ = stage.house.db().write_wait(move |tx| take::confirm(tx, id));
                }
                5 => {
                    let n = 6 + dice(9) as i64;
                    let _ = stage.house.db().write_wait(move |tx| pool::set_quota(tx, pool, ("session", SLOT), n, 4));
                }
                _ => {
                    stage.house.clock.advance_seconds(20 * 60);
                    write(&stage.house, move |tx| line::expire(tx, pool));
                }
            }
            let quotas = stage.house.db().read_wait(move |r| pool::availability(r, &[pool])).unwrap();
            let live = stage.house.db().read_wait(move |r| booking::of_pools(r, &[pool])).unwrap();
            let seats: i64 = live.iter().filter(|b| b.state.counts()).map(|b| b.seats).sum();
            for quota in &quotas {
                assert_eq!(quota.used, seats, "step {step}");
                assert!(quota.used <= quota.capacity, "step {step}");
            }
            // Nobody of the line fits who is not served.
            assert!(stage.whys().iter().all(|w| w.blocks != [Block::Nothing]), "step {step}");
        }
    }
}
