//! The handle that the rest of the product holds.

use crate::follow::{self, Position};
use crate::prepared::Prepared;
use crate::replica::{Replicas, Replication};
use crate::settings::Kept;
use crate::tx::{Reader, Tx};
use crate::{Migration, lite, migrate, node, pg};
use crossbeam_channel::{Sender, unbounded};
use gongyu_kernel::id::IdMaker;
use gongyu_kernel::{Clock, Error, Result};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tokio::sync::oneshot;

/// Which database is behind the door.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Engine {
    /// The embedded database.
    Sqlite,
    /// A PostgreSQL server, for many nodes.
    Postgres,
}

/// How to open the database.
#[derive(Clone, Debug)]
pub struct Options {
    /// File of the embedded database; its folder must exist.
    pub file: PathBuf,
    /// `postgres://…`, or empty for the embedded database.
    pub url: String,
    /// Reading threads; 0 chooses.
    pub readers: usize,
    /// Replicas of the PostgreSQL server that may answer reads.
    pub replication: Replication,
    /// Where the time comes from.
    pub clock: Clock,
}

pub(crate) struct Shared {
    pub(crate) engine: Engine,
    pub(crate) clock: Clock,
    pub(crate) ids: IdMaker,
    pub(crate) settings: Kept,
    /// Whether commits tell their place in the log, which only replicas need.
    pub(crate) placed: bool,
    /// The furthest place in the log this process has written.
    written: AtomicU64,
}

/// A job and the moment it was handed over.
pub(crate) struct Queued<J: ?Sized> {
    pub(crate) job: Box<J>,
    pub(crate) since: Instant,
}

pub(crate) trait ReadJob: Send {
    fn run(&mut self, reader: &mut Reader);
    fn refuse(&mut self, error: Error);
    /// Whether the refusal was a passing collision.
    fn collided(&self) -> bool;
    fn answer(self: Box<Self>);
}

pub(crate) trait WriteJob: Send {
    /// Runs the closure; true when its writes are to be kept.
    fn run(&mut self, tx: &mut Tx) -> bool;
    /// Whether the refusal was a passing collision.
    fn collided(&self) -> bool;
    /// Answers the waiting request; `lost` when the commit failed, else where in the log it lies.
    fn answer(self: Box<Self>, lost: Option<Error>, at: Position);
}

struct Job<F, T> {
    work: F,
    result: Option<Result<T>>,
    to: oneshot::Sender<Answer<T>>,
}

/// What came of a closure, and where in the log its commit lies.
type Answer<T> = (Result<T>, Position);

fn panicked(payload: &(dyn std::any::Any + Send)) -> Error {
    let text = payload
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    Error::internal(format!("panic: {text}"))
}

impl<F, T> ReadJob for Job<F, T>
where
    F: Fn(&mut Reader) -> Result<T> + Send,
    T: Send,
{
    fn run(&mut self, reader: &mut Reader) {
        let done = catch_unwind(AssertUnwindSafe(|| (self.work)(reader)));
        self.result = Some(done.unwrap_or_else(|p| Err(panicked(p.as_ref()))));
    }
    fn refuse(&mut self, error: Error) {
        self.result = Some(Err(error));
    }
    fn collided(&self) -> bool {
        matches!(self.result, Some(Err(Error::Busy(_))))
    }
    fn answer(self: Box<Self>) {
        if let Some(result) = self.result {
            let _ = self.to.send((result, Position::default()));
        }
    }
}

impl<F, T> WriteJob for Job<F, T>
where
    F: Fn(&mut Tx) -> Result<T> + Send,
    T: Send,
{
    fn run(&mut self, tx: &mut Tx) -> bool {
        let done = catch_unwind(AssertUnwindSafe(|| (self.work)(tx)));
        let mut result = done.unwrap_or_else(|p| Err(panicked(p.as_ref())));
        if result.is_ok() && tx.failed {
            result = Err(Error::internal("a failed statement was ignored by its closure"));
        }
        let kept = result.is_ok();
        self.result = Some(result);
        kept
    }
    fn collided(&self) -> bool {
        matches!(self.result, Some(Err(Error::Busy(_))))
    }
    fn answer(self: Box<Self>, lost: Option<Error>, at: Position) {
        let result = match (self.result, lost) {
            (Some(Err(own)), _) => Err(own),
            (_, Some(lost)) => Err(lost),
            (Some(ok), None) => ok,
            (None, None) => Err(Error::Busy("not run".to_owned())),
        };
        let _ = self.to.send((result, at));
    }
}

/// The door. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    shared: Arc<Shared>,
    reads: Sender<Queued<dyn ReadJob>>,
    writes: Sender<Queued<dyn WriteJob>>,
    replicas: Option<Arc<Replicas>>,
    options: Arc<Options>,
}

const PG_SETUP: &str = "SET TIME ZONE 'UTC'; SET statement_timeout = '60s'; SET lock_timeout = '10s'";

impl Db {
    /// Opens the database, brings its tables up to date and starts its threads.
    ///
    /// # Errors
    /// When it cannot be reached, or a migration that was already applied has changed.
    pub fn open(options: Options, migrations: &[Migration]) -> Result<Self> {
        let (read_tx, read_rx) = unbounded::<Queued<dyn ReadJob>>();
        let (write_tx, write_rx) = unbounded::<Queued<dyn WriteJob>>();
        let postgres = !options.url.is_empty();
        let engine = if postgres { Engine::Postgres } else { Engine::Sqlite };
        let mut first = if postgres {
            crate::conn::Conn::Pg(Box::new(pg::Session::open(&options.url, PG_SETUP)?))
        } else {
            crate::conn::Conn::Lite(Prepared::of(lite::open(&options.file, true)?))
        };
        migrate::run(&mut first, engine, migrations, options.clock.now())?;
        let lease = node::lease(&mut first, engine, options.clock.now())?;
        let shared = Arc::new(Shared {
            engine,
            clock: options.clock.clone(),
            ids: IdMaker::new(lease),
            settings: Kept::default(),
            placed: postgres && !options.replication.urls.is_empty(),
            written: AtomicU64::new(0),
        });
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let readers = match (options.readers, postgres) {
            (0, true) => 16,
            (0, false) => cores.clamp(2, 8),
            (n, _) => n,
        };
        for _ in 0..readers {
            let (rx, shared) = (read_rx.clone(), shared.clone());
            if postgres {
                let session = pg::Session::open(&options.url, PG_SETUP)?;
                spawn("db-read", move || pg::read_loop(session, shared, &rx))?;
            } else {
                let conn = lite::open(&options.file, false)?;
                spawn("db-read", move || lite::read_loop(conn, shared, &rx))?;
            }
        }
        if postgres {
            for _ in 0..readers {
                let (rx, shared) = (write_rx.clone(), shared.clone());
                let session = pg::Session::open(&options.url, PG_SETUP)?;
                spawn("db-write", move || pg::write_loop(session, shared, &rx))?;
            }
        } else if let crate::conn::Conn::Lite(conn) = first {
            let (shared, writer) = (shared.clone(), lite::Writer::new(conn.into_owner(), &options.file)?);
            spawn("db-write", move || writer.run(shared, &write_rx))?;
        }
        let replicas = if postgres {
            Replicas::start(&options.replication, &options.url, readers, &shared, &read_tx)?
        } else {
            None
        };
        Ok(Self { shared, reads: read_tx, writes: write_tx, replicas, options: Arc::new(options) })
    }

    /// Reads inside one transaction. Within `follow::following` a replica may answer that has replayed what the session
    /// has seen; elsewhere the primary does.
    ///
    /// # Errors
    /// Whatever the closure returns; `Error::Internal` when it panics.
    pub async fn read<T, F>(&self, work: F) -> Result<T>
    where
        F: Fn(&mut Reader) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.send_read(work)?.await.map_err(|_| closed())?.0
    }

    /// Writes inside one transaction; answers only when the commit is durable.
    ///
    /// The closure may run more than once and has no effect outside the transaction.
    ///
    /// # Errors
    /// Whatever the closure returns, and `Error::Busy` when writes kept colliding.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        F: Fn(&mut Tx) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.written(self.send_write(work)?.await.map_err(|_| closed())?)
    }

    /// `read` for threads that may wait: jobs and commands.
    ///
    /// # Errors
    /// As `read`.
    pub fn read_wait<T, F>(&self, work: F) -> Result<T>
    where
        F: Fn(&mut Reader) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.send_read(work)?.blocking_recv().map_err(|_| closed())?.0
    }

    /// `write` for threads that may wait: jobs and commands.
    ///
    /// # Errors
    /// As `write`.
    pub fn write_wait<T, F>(&self, work: F) -> Result<T>
    where
        F: Fn(&mut Tx) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.written(self.send_write(work)?.blocking_recv().map_err(|_| closed())?)
    }

    fn written<T>(&self, (result, at): Answer<T>) -> Result<T> {
        self.shared.written.fetch_max(at.0, Ordering::AcqRel);
        follow::wrote(at);
        result
    }

    /// The furthest place in the log this process has written; the beginning where there are no replicas.
    pub fn position(&self) -> Position {
        Position(self.shared.written.load(Ordering::Acquire))
    }

    /// Replicas that may be asked now, and how many there are.
    pub fn replicas(&self) -> (usize, usize) {
        self.replicas.as_ref().map_or((0, 0), |all| (all.ready(), all.count()))
    }

    fn send_read<T, F>(&self, work: F) -> Result<oneshot::Receiver<Answer<T>>>
    where
        F: Fn(&mut Reader) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (to, from) = oneshot::channel();
        let job = Box::new(Job { work, result: None, to });
        let replica = self.replicas.as_ref().zip(follow::seen()).and_then(|(all, seen)| all.pick(seen));
        replica.unwrap_or(&self.reads).send(Queued { job, since: Instant::now() }).map_err(|_| closed())?;
        Ok(from)
    }

    fn send_write<T, F>(&self, work: F) -> Result<oneshot::Receiver<Answer<T>>>
    where
        F: Fn(&mut Tx) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (to, from) = oneshot::channel();
        let job = Box::new(Job { work, result: None, to });
        self.writes.send(Queued { job, since: Instant::now() }).map_err(|_| closed())?;
        Ok(from)
    }

    /// Tells PostgreSQL's planner what the tables hold now, after much was loaded at once. SQLite plans
    /// without knowing.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn refresh_statistics(&self) -> Result<()> {
        if self.shared.engine == Engine::Postgres {
            pg::Session::open(&self.options.url, "SET TIME ZONE 'UTC'")?.batch("ANALYZE")?;
        }
        Ok(())
    }

    /// The product's clock.
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// Which engine is behind the door.
    pub fn engine(&self) -> Engine {
        self.shared.engine
    }

    /// How it was opened.
    pub fn options(&self) -> &Options {
        &self.options
    }
}

fn closed() -> Error {
    Error::Busy("the database is closed".to_owned())
}

pub(crate) fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<()> {
    std::thread::Builder::new().name(name.to_owned()).spawn(work)?;
    Ok(())
}
