//! What happens to SQLite's write-ahead log beside the writer: it is made durable, and copied back.

use crate::db::{Queued, WriteJob};
use crate::follow::Position;
use crate::{lite, meter};
use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use gongyu_kernel::{Error, Result};
use rusqlite::Connection;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::time::Instant;

/// Pages in the log before it is copied back: 16 MB. A page written many times is copied once.
const LOG_PAGES: i32 = 4_096;

/// A group of writes after its commit.
pub(crate) struct Group {
    pub(crate) jobs: Vec<Queued<dyn WriteJob>>,
    /// Why it was not committed.
    pub(crate) lost: Option<String>,
    pub(crate) since: Instant,
}

impl Group {
    fn answer(self) {
        for queued in self.jobs {
            queued.job.answer(self.lost.clone().map(Error::Busy), Position::default());
        }
    }
}

/// Flushes the log to the disk and only then answers: while the disk works on one group, the writer is at
/// the next. The log is one sequence, so whatever is durable has everything before it durable.
pub(crate) struct Syncer {
    groups: Sender<Group>,
    broken: Arc<AtomicBool>,
}

impl Syncer {
    /// `file` is the database; its log is there once something was written.
    pub(crate) fn start(file: &Path) -> Result<Self> {
        let mut name = file.as_os_str().to_owned();
        name.push("-wal");
        let log = File::open(name)?;
        let (groups, committed) = unbounded::<Group>();
        let broken = Arc::new(AtomicBool::new(false));
        let failed = broken.clone();
        std::thread::Builder::new().name("db-sync".to_owned()).spawn(move || sync_loop(&log, &committed, &failed))?;
        Ok(Self { groups, broken })
    }

    /// Hands a committed group over to be answered when it is durable.
    pub(crate) fn take(&self, group: Group) {
        if let Err(refused) = self.groups.send(group) {
            let mut group = refused.0;
            group.lost = Some("the log is not being written to the disk".to_owned());
            group.answer();
        }
    }

    /// Whether the disk failed once: after that nobody can know what it holds, and nothing more is written.
    pub(crate) fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Acquire)
    }
}

fn sync_loop(log: &File, committed: &Receiver<Group>, broken: &AtomicBool) {
    while let Ok(first) = committed.recv() {
        let mut groups = vec![first];
        groups.extend(committed.try_iter());
        let flushed = log.sync_data();
        if let Err(e) = &flushed {
            tracing::error!(error = %e, "the disk refused to keep the write-ahead log: restart after mending it");
            broken.store(true, Ordering::Release);
        }
        for mut group in groups {
            if broken.load(Ordering::Acquire) {
                group.lost = Some("the disk failed".to_owned());
            }
            meter::committed(group.since, group.jobs.len());
            group.answer();
        }
    }
}

/// Copies the log back into the database file, beside the writer: the writer itself copies only what was
/// added meanwhile, so that the log is empty and begins anew.
pub(crate) struct Keeper {
    pages: Arc<AtomicI32>,
    wake: Sender<()>,
    done: Receiver<()>,
    copying: bool,
}

impl Keeper {
    pub(crate) fn start(file: &Path) -> Result<Self> {
        let conn = lite::open(file, true)?;
        let ((wake, woken), (say, done)) = (bounded::<()>(1), bounded(1));
        std::thread::Builder::new().name("db-checkpoint".to_owned()).spawn(move || {
            while woken.recv().is_ok() {
                checkpoint(&conn);
                if say.send(()).is_err() {
                    break;
                }
            }
        })?;
        Ok(Self { pages: Arc::new(AtomicI32::new(0)), wake, done, copying: false })
    }

    /// Learns the length of the log from every commit, in place of SQLite's own copying at 1,000 pages.
    pub(crate) fn watch(&self, conn: &mut Connection) {
        let pages = self.pages.clone();
        let hook = move |_: &mut rusqlite::hooks::Wal, n: i32| {
            pages.store(n, Ordering::Relaxed);
            Ok(())
        };
        if let Err(e) = conn.wal_hook(Some(hook)) {
            tracing::error!(error = %e, "the length of the write-ahead log is not known");
        }
    }

    pub(crate) fn after_commit(&mut self, conn: &Connection) {
        if self.copying {
            if self.done.try_recv().is_ok() {
                self.copying = false;
                checkpoint(conn);
            }
        } else if self.pages.load(Ordering::Relaxed) >= LOG_PAGES {
            self.copying = self.wake.try_send(()).is_ok();
        }
    }
}

fn checkpoint(conn: &Connection) {
    if let Err(e) = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())) {
        tracing::warn!(error = %e, "the write-ahead log was not copied back");
    }
}
