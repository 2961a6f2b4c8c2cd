//! Read replicas, with a real one: a streaming standby of a server of this test's own.

use gongyu_kernel::{Clock, Result};
use gongyu_store::follow::{Position, following};
use gongyu_store::{Db, Migration, Options, Reader, Replication, Tx, sql};
use postgres::{Client, NoTls};
use std::time::{Duration, Instant};
use test_servers::{Durability, Postgres};

const MARKS: &[Migration] = &[Migration {
    room: "replica-test",
    number: 1,
    name: "seen",
    sql: "CREATE TABLE seen (id {id}, name TEXT NOT NULL);",
}];

fn open(primary: &str, replica: &str, lag: Duration) -> Db {
    let options = Options {
        file: std::path::PathBuf::new(),
        url: primary.to_owned(),
        readers: 2,
        replication: Replication { urls: vec![replica.to_owned()], most_lag: lag },
        clock: Clock::machine(),
    };
    let steps: Vec<Migration> = [gongyu_store::MIGRATIONS, MARKS].concat();
    Db::open(options, &steps).expect("the database opens")
}

fn mark(tx: &mut Tx, name: &str) -> Result<()> {
    let id = tx.new_id();
    tx.exec(sql!("INSERT INTO seen (id, name) VALUES ($1, $2)"), &[&id, &name])?;
    Ok(())
}

fn marks(r: &mut Reader) -> Result<i64> {
    r.scalar(sql!("SELECT COUNT(*) FROM seen"), &[])
}

/// Whether the transaction runs on a server that only replays.
fn on_replica(r: &mut Reader) -> Result<bool> {
    r.scalar(sql!("SELECT pg_is_in_recovery()"), &[])
}

fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < Duration::from_secs(30), "{what} did not come");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_session_never_sees_less_than_it_has_written_and_others_are_spared_the_primary() {
    let primary = Postgres::start(Durability::Forgetful).expect("PostgreSQL starts");
    let replica = primary.replica().expect("a replica starts");
    let db = open(primary.url(), replica.url(), Duration::from_millis(300));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let ask =
        |seen: Position| runtime.block_on(following(seen, db.read(|r| Ok((on_replica(r)?, marks(r)?))))).0.unwrap();
    wait_until("the replica", || db.replicas() == (1, 1));
    assert!(ask(Position::default()).0, "who has written nothing is answered by the replica");
    assert!(!db.read_wait(on_replica).unwrap(), "outside of a session the primary answers");

    // The replica stands still; what is written now it does not know.
    let mut standby = Client::connect(replica.url(), NoTls).unwrap();
    standby.batch_execute("SELECT pg_wal_replay_pause()").unwrap();
    let (written, seen) = runtime.block_on(following(Position::default(), async {
        db.write(|tx| mark(tx, "one")).await?;
        db.read(|r| Ok((on_replica(r)?, marks(r)?))).await
    }));
    assert_eq!(written.unwrap(), (false, 1), "within the request the primary answers at once");
    assert_eq!(ask(seen), (false, 1), "and in the session's next request");
    assert!(seen > Position::default() && db.position() >= seen);
    let other = ask(Position::default());
    assert!(other == (true, 0) || other == (false, 1), "{other:?}");
    wait_until("the limit of lag", || db.replicas() == (0, 1));
    assert_eq!(ask(Position::default()), (false, 1), "nobody is shown what is older than the limit");

    standby.batch_execute("SELECT pg_wal_replay_resume()").unwrap();
    wait_until("catching up", || ask(seen) == (true, 1));

    // A replica that is gone costs nobody an answer.
    drop(standby);
    drop(replica);
    for _ in 0..20 {
        assert_eq!(ask(seen).1, 1);
    }
    wait_until("the loss", || db.replicas() == (0, 1));
    assert_eq!(ask(seen), (false, 1));
}

#[test]
fn a_server_of_another_cluster_is_never_asked() {
    let primary = Postgres::start(Durability::Forgetful).expect("PostgreSQL starts");
    let stranger = Postgres::start(Durability::Forgetful).expect("PostgreSQL starts");
    let db = open(primary.url(), stranger.url(), Duration::from_millis(100));
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!(db.replicas(), (0, 1));
}
