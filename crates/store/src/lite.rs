//! SQLite: a few reading threads, and one writing thread that commits waiting writes together.

use crate::conn::Conn;
use crate::db::{Queued, ReadJob, Shared, WriteJob};
use crate::meter;
use crate::prepared::Prepared;
use crate::tx::{Reader, Tx};
use crate::wal::{Group, Keeper, Syncer};
use crossbeam_channel::Receiver;
use gongyu_kernel::{Error, Result};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::path::Path;
use std::sync::Arc;

/// Largest number of writes that share one commit: keeps the last of them from waiting long.
const GROUP: usize = 256;

pub(crate) fn error(e: rusqlite::Error) -> Error {
    if let rusqlite::Error::SqliteFailure(code, message) = &e {
        match code.code {
            ErrorCode::ConstraintViolation
                if code.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE
                    || code.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY =>
            {
                return Error::Unique(message.clone().unwrap_or_default());
            }
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
                return Error::Busy("database is locked".to_owned());
            }
            _ => {}
        }
    }
    Error::internal(e)
}

pub(crate) fn open(path: &Path, write: bool) -> Result<Connection> {
    let flags = if write {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE
    };
    let conn = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(error)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA busy_timeout = 10000;
         PRAGMA temp_store = MEMORY;
         PRAGMA mmap_size = 1073741824;
         PRAGMA journal_size_limit = 67108864;",
    )
    .map_err(error)?;
    conn.execute_batch(if write { "PRAGMA cache_size = -32768;" } else { "PRAGMA cache_size = -8192;" })
        .map_err(error)?;
    // Without this promise SQLite plans a statement anew whenever a bound value might change its plan,
    // which costs a page most of its time.
    conn.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(error)?;
    Ok(conn)
}

pub(crate) fn read_loop(conn: Connection, shared: Arc<Shared>, jobs: &Receiver<Queued<dyn ReadJob>>) {
    let mut reader = Reader::new(Conn::Lite(Prepared::of(conn)), shared);
    while let Ok(Queued { mut job, since }) = jobs.recv() {
        reader.fresh();
        meter::waited("read", since);
        let timer = meter::start();
        let begun = reader.conn.execute("BEGIN", "BEGIN", None, &[]);
        match begun {
            Ok(_) => job.run(&mut reader),
            Err(e) => job.refuse(e),
        }
        if reader.conn.execute("COMMIT", "COMMIT", None, &[]).is_err() {
            let _ = reader.conn.batch("ROLLBACK");
        }
        meter::ran("read", timer);
        job.answer();
    }
}

/// The writer and what stands beside it.
pub(crate) struct Writer {
    conn: Connection,
    keeper: Keeper,
    syncer: Syncer,
}

impl Writer {
    /// Makes the connection that brought the tables up to date the writer.
    pub(crate) fn new(mut conn: Connection, file: &Path) -> Result<Self> {
        let (keeper, syncer) = (Keeper::start(file)?, Syncer::start(file)?);
        keeper.watch(&mut conn);
        // The commit no longer waits for the disk itself: the syncer does, before anybody is answered.
        conn.execute_batch("PRAGMA synchronous = NORMAL;").map_err(error)?;
        Ok(Self { conn, keeper, syncer })
    }

    pub(crate) fn run(self, shared: Arc<Shared>, queue: &Receiver<Queued<dyn WriteJob>>) {
        let Self { conn, mut keeper, syncer } = self;
        let mut tx = Tx { reader: Reader::new(Conn::Lite(Prepared::of(conn)), shared) };
        while let Ok(first) = queue.recv() {
            let mut jobs = vec![first];
            jobs.extend(queue.try_iter().take(GROUP - 1));
            for queued in &jobs {
                meter::waited("write", queued.since);
            }
            let since = meter::start();
            let committed = if syncer.is_broken() {
                Err(Error::Busy("the disk failed".to_owned()))
            } else {
                commit_group(&mut tx, &mut jobs)
            };
            if committed.is_err() && !autocommit(&tx) {
                let _ = tx.conn.batch("ROLLBACK");
            }
            syncer.take(Group { jobs, lost: committed.err().map(|e| e.to_string()), since });
            if let Conn::Lite(conn) = &tx.reader.conn {
                keeper.after_commit(conn.conn());
            }
        }
    }
}

/// Runs the group in one transaction. Savepoints copy every page they might have to give back, so the
/// first attempt goes without: most writes are kept, and most refusals come before anything was written.
/// Only when one is refused halfway is the whole group run again, each write in a savepoint of its own.
fn commit_group(tx: &mut Tx, group: &mut [Queued<dyn WriteJob>]) -> Result<()> {
    control(tx, "BEGIN IMMEDIATE")?;
    for queued in group.iter_mut() {
        let before = changes(tx);
        let kept = run(tx, queued.job.as_mut())?;
        if !kept && changes(tx) != before {
            meter::regrouped();
            control(tx, "ROLLBACK")?;
            return commit_guarded(tx, group);
        }
    }
    control(tx, "COMMIT")
}

fn commit_guarded(tx: &mut Tx, group: &mut [Queued<dyn WriteJob>]) -> Result<()> {
    control(tx, "BEGIN IMMEDIATE")?;
    for queued in group.iter_mut() {
        control(tx, "SAVEPOINT one")?;
        if !run(tx, queued.job.as_mut())? {
            control(tx, "ROLLBACK TO one")?;
        }
        control(tx, "RELEASE one")?;
    }
    control(tx, "COMMIT")
}

fn run(tx: &mut Tx, job: &mut dyn WriteJob) -> Result<bool> {
    tx.reader.fresh();
    let timer = meter::start();
    let kept = job.run(tx);
    meter::ran("write", timer);
    if autocommit(tx) { Err(Error::Busy("the transaction was lost".to_owned())) } else { Ok(kept) }
}

fn control(tx: &mut Tx, text: &'static str) -> Result<()> {
    tx.conn.execute(text, text, None, &[]).map(drop)
}

fn autocommit(tx: &Tx) -> bool {
    match &tx.reader.conn {
        Conn::Lite(c) => c.conn().is_autocommit(),
        Conn::Pg(_) => false,
    }
}

/// Rows this connection has changed since it was opened.
fn changes(tx: &Tx) -> u64 {
    match &tx.reader.conn {
        Conn::Lite(c) => c.conn().total_changes(),
        Conn::Pg(_) => 0,
    }
}
