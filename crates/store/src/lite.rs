//! SQLite: a few reading threads, and one writing thread that commits waiting writes together.

use crate::conn::Conn;
use crate::db::{ReadJob, Shared, WriteJob};
use crate::tx::{Reader, Tx};
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
    conn.execute_batch(if write { "PRAGMA cache_size = -65536;" } else { "PRAGMA cache_size = -8192;" })
        .map_err(error)?;
    // Without this promise SQLite plans a statement anew whenever a bound value might change its plan,
    // which costs a page most of its time.
    conn.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(error)?;
    conn.set_prepared_statement_cache_capacity(1024);
    Ok(conn)
}

pub(crate) fn read_loop(conn: Connection, shared: Arc<Shared>, jobs: &Receiver<Box<dyn ReadJob>>) {
    let mut reader = Reader { conn: Conn::Lite(conn), shared, failed: false };
    while let Ok(mut job) = jobs.recv() {
        reader.failed = false;
        let begun = reader.conn.execute("BEGIN", "BEGIN", None, &[]);
        match begun {
            Ok(_) => job.run(&mut reader),
            Err(e) => job.refuse(e),
        }
        if reader.conn.execute("COMMIT", "COMMIT", None, &[]).is_err() {
            let _ = reader.conn.batch("ROLLBACK");
        }
        job.answer();
    }
}

pub(crate) fn write_loop(conn: Connection, shared: Arc<Shared>, jobs: &Receiver<Box<dyn WriteJob>>) {
    let mut tx = Tx { reader: Reader { conn: Conn::Lite(conn), shared, failed: false } };
    while let Ok(first) = jobs.recv() {
        let mut group = vec![first];
        group.extend(jobs.try_iter().take(GROUP - 1));
        let committed = commit_group(&mut tx, &mut group);
        if committed.is_err() && !autocommit(&tx) {
            let _ = tx.conn.batch("ROLLBACK");
        }
        let lost = committed.err().map(|e| e.to_string());
        for job in group {
            job.answer(lost.clone().map(Error::Busy));
        }
    }
}

fn commit_group(tx: &mut Tx, group: &mut [Box<dyn WriteJob>]) -> Result<()> {
    control(tx, "BEGIN IMMEDIATE")?;
    for job in group.iter_mut() {
        control(tx, "SAVEPOINT one")?;
        tx.reader.failed = false;
        let kept = job.run(tx);
        if autocommit(tx) {
            return Err(Error::Busy("the transaction was lost".to_owned()));
        }
        if !kept {
            control(tx, "ROLLBACK TO one")?;
        }
        control(tx, "RELEASE one")?;
    }
    control(tx, "COMMIT")
}

fn control(tx: &mut Tx, text: &'static str) -> Result<()> {
    tx.conn.execute(text, text, None, &[]).map(drop)
}

fn autocommit(tx: &Tx) -> bool {
    match &tx.reader.conn {
        Conn::Lite(c) => c.is_autocommit(),
        Conn::Pg(_) => false,
    }
}
