//! What is left when a node dies, and when two work at once.

use crate::desk::{Desk, KIND};
use gongyu_deliver::dispatch::{self, State};
use gongyu_kernel::Id;
use gongyu_store::sql;
use gongyu_testkit::both_engines;
use gongyu_web::letters::Became;

const NOTICE: Id = Id(301);

both_engines! {
    fn a_letter_on_its_way_when_the_node_died_is_unknown_and_not_sent_again(engine) {
        let desk = Desk::new(engine, 5);
        desk.to_all(NOTICE);
        // A node took two letters and died: one before handing it over, one after.
        desk.house
            .db()
            .write_wait(|tx| {
                let until = tx.now().plus_seconds(300);
                let ids: Vec<(Id,)> = tx.rows(sql!("SELECT id FROM dispatch ORDER BY id LIMIT 2"), &[])?;
                tx.exec(
                    sql!("UPDATE dispatch SET lease_until = $1, lease_by = 'dead' WHERE id = $2"),
                    &[&until, &ids[0].0],
                )?;
                tx.exec(
                    sql!("UPDATE dispatch SET lease_until = $1, lease_by = 'dead', state = 'sending', channel = 'sms' WHERE id = $2"),
                    &[&until, &ids[1].0],
                )
            })
            .unwrap();
        desk.run();
        assert_eq!(desk.tally(NOTICE), [(State::Sent, 3), (State::Queued, 1), (State::Sending, 1)].into());
        desk.pass(301);
        assert_eq!(desk.tally(NOTICE), [(State::Sent, 4), (State::Unknown, 1)].into());
        assert_eq!(desk.times_heard(Became::Unknown), 1);
        assert_eq!(desk.provider.taken().len(), 4);
        // Somebody who names the family may decide to send it all the same.
        let all = desk.guardians.clone();
        let n = desk.house.db().write_wait(move |tx| dispatch::retry(tx, KIND, NOTICE, Some(&all))).unwrap();
        assert_eq!(n, 1);
        desk.run();
        assert_eq!(desk.tally(NOTICE), [(State::Sent, 5)].into());
    }

    fn two_nodes_at_once_send_nothing_twice(engine) {
        let desk = Desk::new(engine, 400);
        desk.to_all(NOTICE);
        let handlers: Vec<_> = desk.house.app.features.iter().flat_map(|f| f.jobs.iter().copied()).collect();
        desk.house
            .db()
            .write_wait(|tx| {
                let now = tx.now();
                for key in ["a", "b", "c"] {
                    gongyu_store::jobs::enqueue_once(tx, dispatch::RUN_JOB, &(), now, key)?;
                }
                Ok(())
            })
            .unwrap();
        std::thread::scope(|scope| {
            for worker in ["one", "two", "three"] {
                let (app, handlers) = (desk.house.app.clone(), handlers.clone());
                scope.spawn(move || {
                    for _ in 0..4 {
                        gongyu_store::jobs::run_due(&app.db, &app, &handlers, worker).unwrap();
                    }
                });
            }
        });
        desk.pass(30);
        assert_eq!(desk.tally(NOTICE), [(State::Sent, 400)].into());
        let mut numbers: Vec<String> = desk.provider.taken().into_iter().map(|(to, _)| to).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!((numbers.len(), desk.provider.taken().len()), (400, 400));
    }
}
