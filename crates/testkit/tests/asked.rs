//! Questions on the way to other answers, and turns: what the door promises of them.

use gongyu_kernel::Result;
use gongyu_store::{Tx, sql};
use gongyu_testkit::{House, base_features, both_engines};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

both_engines! {
    fn a_long_answer_nobody_has_taken_yet_holds_up_no_other(engine) {
        let house = House::new(engine, base_features());
        let (many, more) = house.db().read_wait(|r| {
            let long = sql!(
                "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
                 SELECT i FROM n"
            );
            let first = r.ask::<(i64,)>(long, &[])?;
            // Other statements, to be prepared first: they are waited for while the long answer lies there.
            let second = r.ask::<(i64,)>(sql!("SELECT CAST(2 AS BIGINT)"), &[])?;
            let third: i64 = r.scalar(sql!("SELECT CAST(3 AS BIGINT)"), &[])?;
            let second = second.row(r)?.map_or(0, |(n,)| n);
            Ok((first.rows(r)?.len(), second + third))
        }).unwrap();
        assert_eq!((many, more), (60_000, 5));
    }

    fn who_waits_for_a_turn_sees_what_the_one_before_left_and_nobody_gives_up(engine) {
        let house = House::new(engine, base_features());
        let held = Arc::new(AtomicUsize::new(0));
        let work = |tx: &mut Tx, held: &AtomicUsize| -> Result<i64> {
            tx.turn("the-count")?;
            assert_eq!(held.fetch_add(1, Ordering::SeqCst), 0, "two at a time");
            let n: i64 = gongyu_store::settings::get(tx, "count")?.unwrap_or(0);
            gongyu_store::settings::put(tx, "count", &(n + 1))?;
            held.fetch_sub(1, Ordering::SeqCst);
            Ok(n)
        };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let mut seen: Vec<i64> = runtime.block_on(async {
            let tasks: Vec<_> = (0..40).map(|_| {
                let (db, held) = (house.db().clone(), held.clone());
                tokio::spawn(async move { db.write(move |tx| work(tx, &held)).await.unwrap() })
            }).collect();
            let mut seen = Vec::new();
            for task in tasks {
                seen.push(task.await.unwrap());
            }
            seen
        });
        seen.sort_unstable();
        assert_eq!(seen, (0..40).collect::<Vec<i64>>());
    }
}
