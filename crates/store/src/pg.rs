//! PostgreSQL: one connection a thread, one serialisable transaction a write, retried when it collides.
//!
//! A statement whose result nobody needs at once is sent and left; its answer is read together with the
//! next one that is waited for. BEGIN and COMMIT travel the same way, so a transaction costs as many
//! round trips as it has questions, not as it has statements.

mod turn;
mod value;

use crate::Sql;
use crate::conn::{Conn, Take};
use crate::db::{Queued, ReadJob, Shared, WriteJob};
use crate::follow::Position;
use crate::meter;
use crate::tx::{Reader, Tx};
use crate::value::{Driver, Row, ToValue};
use crossbeam_channel::Receiver;
use futures_util::TryStreamExt;
use gongyu_kernel::{Error, Result};
use std::collections::HashMap;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, SimpleQueryMessage, Statement};
use value::{Param, owned};

pub(crate) use value::Any;

/// Statements under way at most before their answers are read.
const UNDER_WAY: usize = 64;
type Answer<T> = Pin<Box<dyn Future<Output = std::result::Result<T, tokio_postgres::Error>> + Send>>;

/// Rows on their way.
pub(crate) struct Coming(JoinHandle<std::result::Result<Vec<tokio_postgres::Row>, tokio_postgres::Error>>);

pub(crate) struct Session {
    url: String,
    setup: &'static str,
    runtime: Runtime,
    client: Arc<Client>,
    known: HashMap<usize, Statement>,
    composed: HashMap<String, Statement>,
    /// Sent and not yet answered, in the order sent.
    under_way: Vec<Answer<()>>,
    /// Turns held by this connection, and the one a closure asked for and did not have yet.
    turns: Vec<String>,
    wanted: Option<String>,
}

impl Session {
    pub(crate) fn open(url: &str, setup: &'static str) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let client = runtime.block_on(async {
            let client = crate::tls::start(url).await?;
            client.batch_execute(setup).await.map_err(error)?;
            Ok::<Client, Error>(client)
        });
        let client = Arc::new(client?);
        let (known, composed, under_way) = (HashMap::new(), HashMap::new(), Vec::new());
        let (turns, wanted) = (Vec::new(), None);
        Ok(Self { url: url.to_owned(), setup, runtime, client, known, composed, under_way, turns, wanted })
    }

    fn revive(&mut self) -> Result<()> {
        if self.client.is_closed() {
            let fresh = Self::open(&self.url, self.setup)?;
            *self = fresh;
        }
        Ok(())
    }

    fn statement(&mut self, text: &str, known: Option<&'static Sql>) -> Result<Statement> {
        const COMPOSED: usize = 512;
        if let Some(sql) = known {
            let key = std::ptr::from_ref(sql).addr();
            if let Some(s) = self.known.get(&key) {
                return Ok(s.clone());
            }
            let s = self.prepared(text)?;
            self.known.insert(key, s.clone());
            return Ok(s);
        }
        if let Some(s) = self.composed.get(text) {
            return Ok(s.clone());
        }
        let s = self.prepared(text)?;
        if self.composed.len() >= COMPOSED {
            self.composed.clear();
        }
        self.composed.insert(text.to_owned(), s.clone());
        Ok(s)
    }

    fn prepared(&mut self, text: &str) -> Result<Statement> {
        let client = self.client.clone();
        self.wait_for(async move { client.prepare(text).await })
    }

    /// Waits for an answer and for everything sent before it; the first thing that went wrong is the reason.
    fn wait_for<T>(
        &mut self,
        answer: impl Future<Output = std::result::Result<T, tokio_postgres::Error>>,
    ) -> Result<T> {
        let before = std::mem::take(&mut self.under_way);
        let (before, answer) = self.runtime.block_on(async { tokio::join!(all(before), answer) });
        before.map_err(error)?;
        answer.map_err(error)
    }

    /// Waits for everything that was sent.
    pub(crate) fn settle(&mut self) -> Result<()> {
        if self.under_way.is_empty() {
            return Ok(());
        }
        let before = std::mem::take(&mut self.under_way);
        self.runtime.block_on(all(before)).map_err(error)
    }

    pub(crate) fn query(
        &mut self,
        text: &str,
        known: Option<&'static Sql>,
        params: &[&dyn ToValue],
        take: Take<'_>,
    ) -> Result<()> {
        let statement = self.statement(text, known)?;
        let params: Vec<Param<'_>> = params.iter().map(|p| Param(p.to_value())).collect();
        let client = self.client.clone();
        let mut taken = Ok(());
        let answered = self.wait_for(async {
            let rows = client.query_raw(&statement, params).await?;
            let mut rows = pin!(rows);
            while let Some(row) = rows.try_next().await? {
                if taken.is_ok() {
                    taken = take(&Row(Driver::Pg(&row)));
                }
            }
            Ok(())
        });
        answered.and(taken)
    }

    /// Sends a question; its rows are taken later.
    pub(crate) fn ask(&mut self, text: &str, known: Option<&'static Sql>, params: &[&dyn ToValue]) -> Result<Coming> {
        let statement = self.statement(text, known)?;
        let params = owned(params);
        let client = self.client.clone();
        let mut coming: Answer<Vec<tokio_postgres::Row>> =
            Box::pin(async move { client.query_raw(&statement, params).await?.try_collect().await });
        // Collected by a task of its own: the connection hands out a few answers ahead and then stands still, so
        // that a long one nobody takes yet would hold up whatever is waited for meanwhile.
        match sent(&mut coming) {
            Some(Err(e)) => Err(error(e)),
            Some(Ok(rows)) => Ok(Coming(self.runtime.spawn(async move { Ok(rows) }))),
            None => Ok(Coming(self.runtime.spawn(coming))),
        }
    }

    pub(crate) fn take(&mut self, coming: Coming, take: Take<'_>) -> Result<()> {
        let answer = self.wait_for(async { Ok(coming.0.await) })?;
        let rows = answer.map_err(Error::internal)?.map_err(error)?;
        rows.iter().try_for_each(|row| take(&Row(Driver::Pg(row))))
    }

    pub(crate) fn execute(&mut self, text: &str, known: Option<&'static Sql>, params: &[&dyn ToValue]) -> Result<u64> {
        let statement = self.statement(text, known)?;
        let params: Vec<Param<'_>> = params.iter().map(|p| Param(p.to_value())).collect();
        let client = self.client.clone();
        self.wait_for(async { client.execute_raw(&statement, params).await })
    }

    /// Sends a statement; whether it succeeded is found out with the next answer, at the latest at the commit.
    pub(crate) fn execute_later(
        &mut self,
        text: &str,
        known: Option<&'static Sql>,
        params: &[&dyn ToValue],
    ) -> Result<()> {
        let statement = self.statement(text, known)?;
        let params = owned(params);
        let client = self.client.clone();
        self.send(Box::pin(async move { client.execute_raw(&statement, params).await.map(drop) }))
    }

    /// Sends BEGIN or COMMIT.
    fn control(&mut self, text: &'static str) -> Result<()> {
        let client = self.client.clone();
        self.send(Box::pin(async move { client.batch_execute(text).await }))
    }

    /// Commits and asks in the same breath how far the log is written.
    fn commit_placed(&mut self) -> Result<Position> {
        let client = self.client.clone();
        let text = "COMMIT; SELECT CAST(pg_current_wal_insert_lsn() AS TEXT)";
        let answers = self.wait_for(async { client.simple_query(text).await })?;
        let place = answers.iter().find_map(|answer| match answer {
            SimpleQueryMessage::Row(row) => Position::of_log(row.get(0)?),
            _ => None,
        });
        place.ok_or_else(|| Error::internal("a commit without its place in the log"))
    }

    fn send(&mut self, mut answer: Answer<()>) -> Result<()> {
        match sent(&mut answer) {
            Some(done) => done.map_err(error),
            None => {
                self.under_way.push(answer);
                if self.under_way.len() < UNDER_WAY { Ok(()) } else { self.settle() }
            }
        }
    }

    pub(crate) fn batch(&mut self, text: &str) -> Result<()> {
        let client = self.client.clone();
        self.wait_for(async { client.batch_execute(text).await })
    }

    pub(crate) fn prepare(&mut self, text: &str) -> Result<()> {
        self.prepared(text).map(drop)
    }
}

/// Puts a request on its way: the first poll writes it, the connection sends it when something is waited for.
fn sent<T>(answer: &mut Answer<T>) -> Option<std::result::Result<T, tokio_postgres::Error>> {
    match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => Some(done),
        Poll::Pending => None,
    }
}

/// Reads every answer; the first fault is the one that counts, the others follow from it.
async fn all(answers: Vec<Answer<()>>) -> std::result::Result<(), tokio_postgres::Error> {
    let mut first = Ok(());
    for answer in answers {
        let done = answer.await;
        if first.is_ok() {
            first = done;
        }
    }
    first
}

pub(crate) fn error(e: tokio_postgres::Error) -> Error {
    if let Some(db) = e.as_db_error() {
        let code = db.code();
        if *code == SqlState::UNIQUE_VIOLATION {
            return Error::Unique(db.constraint().unwrap_or_default().to_owned());
        }
        if *code == SqlState::T_R_SERIALIZATION_FAILURE
            || *code == SqlState::T_R_DEADLOCK_DETECTED
            || *code == SqlState::LOCK_NOT_AVAILABLE
        {
            return Error::Busy(db.message().to_owned());
        }
        return Error::internal(format!("{}: {} {:?}", code.code(), db.message(), db.detail()));
    }
    if e.is_closed() {
        return Error::Busy("the database connection was lost".to_owned());
    }
    Error::internal(format!("{e:?}"))
}

fn session(reader: &mut Reader) -> Option<&mut Session> {
    match &mut reader.conn {
        Conn::Pg(session) => Some(session),
        Conn::Lite(_) => None,
    }
}

pub(crate) fn read_loop(session: Session, shared: Arc<Shared>, jobs: &Receiver<Queued<dyn ReadJob>>) {
    let mut reader = Reader::new(Conn::Pg(Box::new(session)), shared);
    while let Ok(first) = jobs.recv() {
        let mut next = Some(first);
        while let Some(Queued { mut job, since }) = next {
            reader.fresh();
            meter::waited("read", since);
            let timer = meter::start();
            match begin(&mut reader, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") {
                Ok(()) => job.run(&mut reader),
                Err(e) => job.refuse(e),
            }
            meter::ran("read", timer);
            job.answer();
            // With work waiting, the end of this transaction travels with the begin of the next.
            next = jobs.try_recv().ok();
            end_read(&mut reader, next.is_some());
        }
    }
}

fn begin(reader: &mut Reader, text: &'static str) -> Result<()> {
    let Some(session) = session(reader) else { return Ok(()) };
    session.revive()?;
    session.control(text)
}

fn end_read(reader: &mut Reader, more: bool) {
    let Some(session) = session(reader) else { return };
    let ended = session.control("COMMIT").and_then(|()| if more { Ok(()) } else { session.settle() });
    if ended.is_err() {
        let _ = session.batch("ROLLBACK");
    }
}

/// One read on a session of its own; an error when the transaction could not begin or end.
pub(crate) fn read_once(reader: &mut Reader, job: &mut dyn ReadJob) -> Result<()> {
    reader.fresh();
    begin(reader, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
    let Some(session) = session(reader) else { return Ok(()) };
    session.settle()?;
    job.run(reader);
    end_read(reader, false);
    Ok(())
}

pub(crate) fn write_loop(session: Session, shared: Arc<Shared>, jobs: &Receiver<Queued<dyn WriteJob>>) {
    let mut tx = Tx { reader: Reader::new(Conn::Pg(Box::new(session)), shared) };
    while let Ok(Queued { mut job, since }) = jobs.recv() {
        meter::waited("write", since);
        let timer = meter::start();
        let (lost, at) = match turn::run(&mut tx, job.as_mut()) {
            Ok(at) => (None, at),
            Err(lost) => (Some(lost), Position::default()),
        };
        meter::ran("write", timer);
        job.answer(lost, at);
    }
}

/// `Ok` when the outcome held by the job stands, whether kept or refused by its own rules.
fn try_once(tx: &mut Tx, job: &mut dyn WriteJob) -> Result<Position> {
    tx.reader.fresh();
    let placed = tx.shared.placed;
    begin(&mut tx.reader, "BEGIN ISOLATION LEVEL SERIALIZABLE")?;
    let kept = job.run(tx);
    let Some(session) = session(&mut tx.reader) else { return Ok(Position::default()) };
    if kept {
        let done = if placed {
            session.commit_placed()
        } else {
            let sent = session.control("COMMIT").and_then(|()| session.let_go());
            sent.and_then(|()| session.settle()).map(|()| Position::default())
        };
        if done.is_err() {
            let _ = session.batch("ROLLBACK");
        }
        done
    } else {
        let _ = session.batch("ROLLBACK");
        if job.collided() { Err(Error::Busy("writes collided".to_owned())) } else { Ok(Position::default()) }
    }
}
