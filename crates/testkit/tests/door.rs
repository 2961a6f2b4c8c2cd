//! The one door to the database, on both engines.

use gongyu_kernel::{Error, Id, Result};
use gongyu_store::jobs::{self, Every, Handler, Schedule};
use gongyu_store::list::{Filter, Group, ListSpec, Order};
use gongyu_store::{Db, Migration, Tx, list_spec, settings, sql};
use gongyu_testkit::{Engine, House, base_features, both_engines};
use gongyu_web::{App, Feature};
use std::sync::atomic::{AtomicU32, Ordering};

const MARKS: &[Migration] = &[Migration {
    room: "door-test",
    number: 1,
    name: "marks",
    sql: "CREATE TABLE mark (id {id}, name TEXT NOT NULL UNIQUE, n BIGINT NOT NULL, b BOOLEAN NOT NULL, raw {bytes});",
}];

list_spec! {
    static MARK_LIST = ListSpec {
        name: "marks",
        columns: "m.id, m.name, m.n",
        from: "FROM mark m WHERE m.n >= $1",
        fixed: 1,
        filters: &[
            Filter { name: "even", sql: "m.b", params: 0 },
            Filter { name: "between", sql: "m.n >= $2 AND m.n < $1", params: 2 },
        ],
        orders: &[
            Order { name: "name", keys: &[("m.name", false), ("m.id", false)] },
            Order { name: "most", keys: &[("m.n", true), ("m.id", false)] },
        ],
        groups: &[Group { name: "half", sql: "CASE WHEN m.b THEN 'even' ELSE 'odd' END" }],
    };
}

static RUNS: AtomicU32 = AtomicU32::new(0);

fn sometimes(_: &App, _: Id, body: &str) -> Result<()> {
    if body.contains("never") {
        return Err(Error::internal("it will not go"));
    }
    RUNS.fetch_add(1, Ordering::SeqCst);
    Ok(())
}

fn house(engine: Engine) -> House {
    let mut features = base_features();
    features.push(Feature {
        name: "door-test",
        migrations: MARKS,
        jobs: &[Handler { kind: "test.sometimes", run: sometimes }],
        ..Feature::default()
    });
    House::new(engine, features)
}

fn mark(tx: &mut Tx, name: &str, n: i64) -> Result<()> {
    let id = tx.new_id();
    tx.exec(
        sql!("INSERT INTO mark (id, name, n, b, raw) VALUES ($1, $2, $3, $4, $5)"),
        &[&id, &name, &n, &(n % 2 == 0), &vec![1u8, 2, 3]],
    )?;
    Ok(())
}

fn count(db: &Db) -> i64 {
    db.read_wait(|r| r.scalar(sql!("SELECT COUNT(*) FROM mark"), &[])).unwrap()
}

both_engines! {
    fn a_refused_write_leaves_nothing_behind(engine) {
        let h = house(engine);
        let refused: Result<()> = h.db().write_wait(|tx| {
            mark(tx, "one", 1)?;
            Err(Error::conflict("no"))
        });
        assert!(matches!(refused, Err(Error::Conflict(_))));
        assert_eq!(count(h.db()), 0);
    }

    fn a_panicking_write_rolls_back_alone(engine) {
        let h = house(engine);
        let db = h.db().clone();
        let threads: Vec<_> = (0..20i64).map(|n| {
            let db = db.clone();
            std::thread::spawn(move || db.write_wait(move |tx| {
                mark(tx, &format!("m{n}"), n)?;
                assert!(n % 5 != 0, "this one breaks");
                Ok(())
            }))
        }).collect();
        let kept = threads.into_iter().filter(|_| true).map(|t| t.join().unwrap()).filter(Result::is_ok).count();
        assert_eq!((kept, count(h.db())), (16, 16));
    }

    fn a_failed_statement_cannot_be_ignored(engine) {
        let h = house(engine);
        h.db().write_wait(|tx| mark(tx, "one", 1)).unwrap();
        let ignored = h.db().write_wait(|tx| {
            let _ = mark(tx, "one", 2);
            Ok(())
        });
        assert!(ignored.is_err());
        let twice = h.db().write_wait(|tx| mark(tx, "one", 2));
        assert!(matches!(twice, Err(Error::Unique(_))), "{twice:?}");
    }

    fn writes_at_the_same_instant_lose_nothing(engine) {
        let h = house(engine);
        h.db().write_wait(|tx| mark(tx, "counter", 0)).unwrap();
        let threads: Vec<_> = (0..24).map(|_| {
            let db = h.db().clone();
            std::thread::spawn(move || db.write_wait(|tx| {
                let n: i64 = tx.scalar(sql!("SELECT n FROM mark WHERE name = 'counter'"), &[])?;
                tx.exec(sql!("UPDATE mark SET n = $1 WHERE name = 'counter'"), &[&(n + 1)])?;
                Ok(())
            }))
        }).collect();
        let done = threads.into_iter().map(|t| t.join().unwrap()).filter(Result::is_ok).count() as i64;
        let n: i64 = h.db().read_wait(|r| r.scalar(sql!("SELECT n FROM mark WHERE name = 'counter'"), &[])).unwrap();
        assert_eq!(n, done, "every acknowledged write counts, and only those");
        assert!(done >= 20, "only {done} of 24 got through");
    }

    fn parameters_out_of_order_mean_the_same_on_both_engines(engine) {
        let h = house(engine);
        let got: (i64, i64) = h.db().read_wait(|r| {
            r.one(sql!("SELECT CAST($2 AS BIGINT), CAST($1 AS BIGINT)"), &[&1i64, &2i64])
        }).unwrap();
        assert_eq!(got, (2, 1));
    }

    fn a_list_pages_through_everything_once_in_order(engine) {
        let h = house(engine);
        h.db().write_wait(|tx| (0..25).try_for_each(|n| mark(tx, &format!("m{:02}", (n * 7) % 25), n / 3))).unwrap();
        for order in ["name", "most"] {
            let mut seen: Vec<(Id, String, i64)> = Vec::new();
            let mut after: Option<String> = None;
            loop {
                let cursor = after.clone();
                let page = h.db().read_wait(move |r| {
                    MARK_LIST.query(&[&0i64]).order(order).after(cursor.as_deref()).limit(4).rows(r)
                }).unwrap();
                seen.extend(page.rows);
                match page.next {
                    Some(next) => after = Some(next),
                    None => break,
                }
            }
            let mut ids: Vec<Id> = seen.iter().map(|(id, ..)| *id).collect();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!((seen.len(), ids.len()), (25, 25), "order {order}");
            let sorted = if order == "name" { seen.is_sorted_by_key(|r| r.1.clone()) } else { seen.is_sorted_by_key(|r| -r.2) };
            assert!(sorted, "order {order}");
        }
    }

    fn a_list_its_count_and_its_groups_never_disagree(engine) {
        let h = house(engine);
        h.db().write_wait(|tx| (0..25).try_for_each(|n| mark(tx, &format!("m{n}"), n))).unwrap();
        let (rows, count, groups) = h.db().read_wait(|r| {
            let query = MARK_LIST.query(&[&2i64]).filter("between", &[&20i64, &5i64]).filter("even", &[]);
            let page = query.rows::<(Id, String, i64)>(r)?;
            Ok((page.rows.len() as i64, query.count(r)?, query.counts_by(r, "half")?))
        }).unwrap();
        assert_eq!((rows, count), (7, 7));
        assert_eq!(groups, vec![("even".to_owned(), 7)]);
    }

    fn a_job_that_fails_is_retried_and_then_left_for_a_person(engine) {
        let h = house(engine);
        let id = h.db().write_wait(|tx| jobs::enqueue(tx, "test.sometimes", &"never")).unwrap();
        for _ in 0..8 {
            assert_eq!(h.run_jobs(), 1);
            h.clock.advance_seconds(3 * 3600);
        }
        assert_eq!(h.run_jobs(), 0);
        let dead = h.db().read_wait(jobs::dead).unwrap();
        assert_eq!(dead.len(), 1);
        assert!(dead[0].last_error.as_deref().unwrap_or_default().contains("it will not go"));
        h.db().write_wait(move |tx| jobs::retry(tx, id)).unwrap();
        assert_eq!(h.run_jobs(), 1);
    }

    fn a_job_is_enqueued_only_if_its_transaction_commits(engine) {
        let h = house(engine);
        let lost: Result<Id> = h.db().write_wait(|tx| {
            jobs::enqueue(tx, "test.sometimes", &"x")?;
            Err(Error::conflict("no"))
        });
        assert!(lost.is_err());
        assert_eq!(h.run_jobs(), 0);
    }

    fn a_job_with_a_key_waits_only_once(engine) {
        let h = house(engine);
        let add = |h: &House| h.db().write_wait(|tx| {
            let now = tx.now();
            jobs::enqueue_once(tx, "test.sometimes", &"x", now, "only")
        }).unwrap();
        assert!(add(&h).is_some());
        assert!(add(&h).is_none());
        assert_eq!(h.run_jobs(), 1);
        assert!(add(&h).is_some());
    }

    fn a_daily_schedule_falls_due_once_a_day_however_many_nodes_ask(engine) {
        let h = house(engine);
        let daily = [Schedule { kind: "test.sometimes", every: Every::DayAt(9, 0) }];
        for _ in 0..3 {
            jobs::tick_schedules(h.db(), &daily).unwrap();
        }
        assert_eq!(h.run_jobs(), 1);
        h.days_pass(1);
        jobs::tick_schedules(h.db(), &daily).unwrap();
        assert_eq!(h.run_jobs(), 1);
    }

    fn settings_come_back_as_they_went(engine) {
        let h = house(engine);
        h.db().write_wait(|tx| {
            settings::put(tx, "days", &30)?;
            settings::put(tx, "days", &45)
        }).unwrap();
        assert_eq!(h.db().read_wait(|r| settings::get::<i64>(r, "days")).unwrap(), Some(45));
    }

    fn a_kept_setting_is_never_older_than_the_last_committed_change(engine) {
        let h = house(engine);
        let read = || h.db().read_wait(|r| settings::get::<i64>(r, "days")).unwrap();
        let shared = || h.db().read_wait(|r| Ok(settings::shared::<i64>(r, "days")?.map(|n| *n))).unwrap();
        assert_eq!((read(), shared()), (None, None));
        for n in 0..5i64 {
            h.db().write_wait(move |tx| {
                settings::put(tx, "days", &n)?;
                assert_eq!(settings::get::<i64>(tx, "days")?, Some(n), "the change is seen where it is made");
                Ok(())
            }).unwrap();
            assert_eq!((read(), shared(), read()), (Some(n), Some(n), Some(n)));
        }
        let refused: Result<()> = h.db().write_wait(|tx| {
            settings::put(tx, "days", &99)?;
            assert_eq!(settings::get::<i64>(tx, "days")?, Some(99));
            Err(Error::conflict("no"))
        });
        assert!(refused.is_err());
        assert_eq!((read(), shared()), (Some(4), Some(4)), "what was refused is not kept");
    }

    fn a_setting_changed_by_another_node_is_seen(engine) {
        let h = house(engine);
        h.db().write_wait(|tx| settings::put(tx, "days", &1)).unwrap();
        assert_eq!(h.db().read_wait(|r| settings::get::<i64>(r, "days")).unwrap(), Some(1));
        let other = Db::open(h.db().options().clone(), &[]).unwrap();
        other.write_wait(|tx| settings::put(tx, "days", &2)).unwrap();
        assert_eq!(h.db().read_wait(|r| settings::get::<i64>(r, "days")).unwrap(), Some(2));
    }

    fn a_statement_left_for_later_is_done_before_the_next_read_and_fails_its_write(engine) {
        let h = house(engine);
        let later = |tx: &mut Tx, name: &str| {
            let id = tx.new_id();
            tx.exec_later(
                sql!("INSERT INTO mark (id, name, n, b, raw) VALUES ($1, $2, 0, $3, $4)"),
                &[&id, &name, &true, &vec![1u8]],
            )
        };
        let seen: i64 = h.db().write_wait(move |tx| {
            later(tx, "one")?;
            later(tx, "two")?;
            tx.scalar(sql!("SELECT COUNT(*) FROM mark"), &[])
        }).unwrap();
        assert_eq!(seen, 2);
        let twice = h.db().write_wait(move |tx| {
            later(tx, "three")?;
            later(tx, "one")
        });
        assert!(matches!(twice, Err(Error::Unique(_))), "{twice:?}");
        assert_eq!(count(h.db()), 2, "nothing of it is kept");
        h.db().write_wait(move |tx| later(tx, "three")).unwrap();
        assert_eq!(count(h.db()), 3, "the connection goes on");
    }

    fn questions_asked_together_are_answered_each_to_its_own(engine) {
        let h = house(engine);
        h.db().write_wait(|tx| (0..5).try_for_each(|n| mark(tx, &format!("m{n}"), n))).unwrap();
        let (few, all, none) = h.db().read_wait(|r| {
            let few = r.ask::<(i64,)>(sql!("SELECT n FROM mark WHERE n < $1 ORDER BY n"), &[&2i64])?;
            let ids: Vec<(Id,)> = r.rows(sql!("SELECT id FROM mark"), &[])?;
            let ids: Vec<Id> = ids.into_iter().map(|(id,)| id).collect();
            let all = r.ask_in::<(i64,)>(sql!("SELECT n FROM mark WHERE id IN ($1) AND n < $2 ORDER BY n"), &ids, &[&9i64])?;
            let none = r.ask_in::<(i64,)>(sql!("SELECT n FROM mark WHERE id IN ($1)"), &[], &[])?;
            let (none, all) = (none.rows(r)?, all.rows(r)?);
            Ok((few.rows(r)?, all, none))
        }).unwrap();
        assert_eq!(few, [(0,), (1,)]);
        assert_eq!(all, [(0,), (1,), (2,), (3,), (4,)]);
        assert!(none.is_empty());
    }

    fn many_rows_go_in_with_few_statements(engine) {
        use gongyu_store::ToValue;
        let h = house(engine);
        h.db().write_wait(|tx| {
            let rows: Vec<Vec<gongyu_store::Value<'static>>> = (0..1_234i64)
                .map(|n| {
                    let id = tx.new_id();
                    vec![id.to_value().into_owned(), format!("m{n}").to_value().into_owned(),
                         n.to_value().into_owned(), true.to_value().into_owned(), vec![0u8].to_value().into_owned()]
                })
                .collect();
            tx.insert_many("mark", &["id", "name", "n", "b", "raw"], &rows)
        }).unwrap();
        assert_eq!(count(h.db()), 1_234);
    }
}
