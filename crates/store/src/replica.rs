//! Read replicas of PostgreSQL: which of them may answer, and their reading threads.
//!
//! A watcher for each replica and one for the primary look every tenth of a second how far the log is written and
//! replayed, so that choosing costs a request nothing. What a replica is known to have replayed is always too little,
//! never too much.

use crate::conn::Conn;
use crate::db::{Queued, ReadJob, Shared};
use crate::follow::Position;
use crate::tx::Reader;
use crate::{meter, pg};
use crossbeam_channel::{Receiver, Sender, unbounded};
use gongyu_kernel::{Error, Result};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

/// How often the watchers look.
const LOOK: Duration = Duration::from_millis(100);
/// How long a watcher waits before it tries again to reach a server that is gone.
const AGAIN: Duration = Duration::from_secs(2);
const SETUP: &str = "SET TIME ZONE 'UTC'; SET statement_timeout = '60s'";
const WATCH: &str = "SET statement_timeout = '5s'";

/// Where replicas are and how far they may lag.
#[derive(Clone, Debug)]
pub struct Replication {
    /// `postgres://…` of each replica; none where the primary answers everything.
    pub urls: Vec<String>,
    /// A replica that has not replayed what the primary had written so long ago is not asked.
    pub most_lag: Duration,
}

impl Default for Replication {
    fn default() -> Self {
        Self { urls: Vec::new(), most_lag: Duration::from_secs(2) }
    }
}

struct Replica {
    url: String,
    jobs: Sender<Queued<dyn ReadJob>>,
    /// Known to be replayed; 0 while it may not be asked.
    replayed: AtomicU64,
}

pub(crate) struct Replicas {
    list: Vec<Replica>,
    /// What every replica must have replayed, whoever asks; `u64::MAX` until the primary has been watched long enough.
    floor: AtomicU64,
    turn: AtomicUsize,
}

impl Replicas {
    /// Starts the threads of the replicas. One that cannot be reached is tried again and again, and not asked meanwhile.
    pub(crate) fn start(
        replication: &Replication,
        primary: &str,
        readers: usize,
        shared: &Arc<Shared>,
        reads: &Sender<Queued<dyn ReadJob>>,
    ) -> Result<Option<Arc<Self>>> {
        if replication.urls.is_empty() {
            return Ok(None);
        }
        let mut list = Vec::new();
        let mut queues = Vec::new();
        for url in &replication.urls {
            let (jobs, queue) = unbounded();
            list.push(Replica { url: url.clone(), jobs, replayed: AtomicU64::new(0) });
            queues.push(queue);
        }
        let all = Arc::new(Self { list, floor: AtomicU64::new(u64::MAX), turn: AtomicUsize::new(0) });
        let cluster = cluster_of(primary)?;
        for (at, queue) in queues.into_iter().enumerate() {
            for _ in 0..readers {
                let (weak, shared, queue, reads) = (Arc::downgrade(&all), shared.clone(), queue.clone(), reads.clone());
                let url = all.list[at].url.clone();
                crate::db::spawn("db-replica", move || read_loop(&weak, at, &url, shared, &queue, &reads))?;
            }
            let (weak, cluster) = (Arc::downgrade(&all), cluster.clone());
            crate::db::spawn("db-replica-watch", move || watch_replica(&weak, at, &cluster))?;
        }
        let (weak, primary, lag) = (Arc::downgrade(&all), primary.to_owned(), replication.most_lag);
        crate::db::spawn("db-primary-watch", move || watch_primary(&weak, &primary, lag))?;
        Ok(Some(all))
    }

    /// A replica that has replayed what the session has seen and is not further behind than allowed.
    pub(crate) fn pick(&self, seen: Position) -> Option<&Sender<Queued<dyn ReadJob>>> {
        let needed = seen.0.max(self.floor.load(Ordering::Acquire));
        let first = self.turn.fetch_add(1, Ordering::Relaxed);
        (0..self.list.len())
            .map(|step| &self.list[first.wrapping_add(step) % self.list.len()])
            .find(|replica| {
                let replayed = replica.replayed.load(Ordering::Acquire);
                replayed > 0 && replayed >= needed
            })
            .map(|replica| &replica.jobs)
    }

    /// How many replicas may be asked by a session that has written nothing.
    pub(crate) fn ready(&self) -> usize {
        let floor = self.floor.load(Ordering::Acquire);
        let is_ready = |replica: &&Replica| {
            let replayed = replica.replayed.load(Ordering::Acquire);
            replayed > 0 && replayed >= floor
        };
        self.list.iter().filter(is_ready).count()
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.list.len()
    }
}

/// Reads on a replica; what it cannot answer, because it is gone or its replay stood in the way, the primary is asked.
fn read_loop(
    all: &Weak<Replicas>,
    at: usize,
    url: &str,
    shared: Arc<Shared>,
    queue: &Receiver<Queued<dyn ReadJob>>,
    reads: &Sender<Queued<dyn ReadJob>>,
) {
    let mut reader: Option<Reader> = None;
    while let Ok(Queued { mut job, since }) = queue.recv() {
        if reader.is_none() {
            let open = pg::Session::open(url, SETUP);
            reader = open.ok().map(|session| Reader::new(Conn::Pg(Box::new(session)), shared.clone()));
        }
        let timer = meter::start();
        let begun = match &mut reader {
            Some(reader) => pg::read_once(reader, job.as_mut()),
            None => Err(Error::Busy("the replica cannot be reached".to_owned())),
        };
        if begun.is_ok() && !job.collided() {
            meter::waited("replica", since);
            meter::ran("replica", timer);
            job.answer();
            continue;
        }
        if begun.is_err() {
            reader = None;
            if let Some(all) = all.upgrade() {
                all.list[at].replayed.store(0, Ordering::Release);
            }
        }
        meter::fell_back();
        if reads.send(Queued { job, since }).is_err() {
            return;
        }
    }
}

/// The cluster's own number: a server of another cluster is nobody's replica here.
fn cluster_of(url: &str) -> Result<String> {
    let mut session = pg::Session::open(url, WATCH)?;
    one_text(&mut session, "SELECT CAST(system_identifier AS TEXT) FROM pg_control_system()")
}

fn one_text(session: &mut pg::Session, text: &str) -> Result<String> {
    let mut found = None;
    session.query(text, None, &[], &mut |row| {
        found = row.get::<Option<String>>(0)?;
        Ok(())
    })?;
    found.ok_or(Error::NotFound)
}

fn watch_replica(all: &Weak<Replicas>, at: usize, cluster: &str) {
    let mut session: Option<pg::Session> = None;
    while let Some(replicas) = all.upgrade() {
        let replica = &replicas.list[at];
        let looked = match &mut session {
            Some(session) => replayed(session),
            None => reached(&replica.url, cluster, &mut session),
        };
        let pause = match looked {
            Ok(position) => {
                replica.replayed.store(position.0, Ordering::Release);
                LOOK
            }
            Err(error) => {
                if replica.replayed.swap(0, Ordering::AcqRel) > 0 {
                    tracing::warn!(%error, replica = at + 1, "a read replica is not asked for now");
                }
                session = None;
                AGAIN
            }
        };
        drop(replicas);
        std::thread::sleep(pause);
    }
}

fn reached(url: &str, cluster: &str, session: &mut Option<pg::Session>) -> Result<Position> {
    if cluster_of(url)? != cluster {
        return Err(Error::internal("the server is no replica of this database"));
    }
    replayed(session.insert(pg::Session::open(url, WATCH)?))
}

/// What a replica has replayed; an error when it is no replica any more.
fn replayed(session: &mut pg::Session) -> Result<Position> {
    let text =
        one_text(session, "SELECT CASE WHEN pg_is_in_recovery() THEN CAST(pg_last_wal_replay_lsn() AS TEXT) END")?;
    Position::of_log(&text).ok_or_else(|| Error::internal("no place in the log"))
}

/// Keeps the floor: what the primary had written `lag` ago. While the primary cannot be asked the floor stays, and with
/// it the replicas that have reached it go on answering.
fn watch_primary(all: &Weak<Replicas>, url: &str, lag: Duration) {
    let mut session: Option<pg::Session> = None;
    let mut written: VecDeque<(Instant, Position)> = VecDeque::new();
    while let Some(replicas) = all.upgrade() {
        if session.is_none() {
            session = pg::Session::open(url, WATCH).ok();
        }
        let now = Instant::now();
        let looked = session.as_mut().map(|s| one_text(s, "SELECT CAST(pg_current_wal_insert_lsn() AS TEXT)"));
        let pause = match looked {
            Some(Ok(text)) => {
                written.extend(Position::of_log(&text).map(|position| (now, position)));
                LOOK
            }
            _ => {
                session = None;
                AGAIN
            }
        };
        while let Some((_, position)) = written.pop_front_if(|(at, _)| now.duration_since(*at) >= lag) {
            replicas.floor.store(position.0, Ordering::Release);
        }
        drop(replicas);
        std::thread::sleep(pause);
    }
}
