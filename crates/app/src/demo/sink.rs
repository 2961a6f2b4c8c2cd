//! The way of made-up rows into the database: gathered, handed to a thread that writes while the next
//! class is being made up, some twenty thousand rows to a transaction.

use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Db, ToValue, Value};
use std::borrow::Cow;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

/// Rows of one statement. Always as many, so that each table has one statement to prepare, not one for
/// every number of rows that happens to wait.
const ROWS_OF_STATEMENT: usize = 500;
/// Statements of one write. Large, against the habit of writes under 50 ms: nobody is served yet while a
/// demo is made, and each commit writes every touched page of the indexes once more (4 statements a write
/// wrote 4 GB to disk for a database of 0.3 GB).
const STATEMENTS_AT_ONCE: usize = 40;
/// Rows of a table whose key is scattered that are gathered and sorted before they are written: each write
/// of such a table touches most of its pages, however few its rows.
const SCATTERED_ROWS: usize = 100_000;
/// Identifiers asked for at once.
const IDS_AT_ONCE: usize = 20_000;
/// Writes that may wait before the maker of rows waits too: this bounds the memory.
const WAITING: usize = 1;

/// A table and the columns that are written.
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: &'static [&'static str],
}

pub(super) type Row = Vec<Value<'static>>;
type Load = Vec<(&'static Table, Vec<Row>)>;

/// Takes rows, in order.
pub(super) struct Sink {
    db: Db,
    open: Load,
    load: Load,
    scattered: Option<(&'static Table, Vec<Row>)>,
    ids: Vec<Id>,
    to: SyncSender<Load>,
    writer: JoinHandle<Result<u64>>,
}

impl Sink {
    /// Starts the writing thread.
    pub(super) fn open(db: &Db) -> Result<Self> {
        let (to, from) = sync_channel::<Load>(WAITING);
        let own = db.clone();
        let writer = std::thread::Builder::new().name("demo-write".to_owned()).spawn(move || {
            let mut written = 0;
            for load in from {
                written += load.iter().map(|(_, rows)| rows.len() as u64).sum::<u64>();
                let load = Arc::new(load);
                own.write_wait(move |tx| {
                    load.iter().try_for_each(|(table, rows)| tx.insert_many(table.name, table.columns, rows))
                })?;
            }
            Ok(written)
        })?;
        Ok(Self { db: db.clone(), open: Vec::new(), load: Vec::new(), scattered: None, ids: Vec::new(), to, writer })
    }

    /// A new identifier.
    pub(super) fn id(&mut self) -> Result<Id> {
        if self.ids.is_empty() {
            self.ids = self.db.write_wait(|tx| Ok((0..IDS_AT_ONCE).map(|_| tx.new_id()).collect()))?;
            self.ids.reverse();
        }
        self.ids.pop().ok_or_else(|| Error::internal("no identifiers"))
    }

    /// Takes a row.
    pub(super) fn put(&mut self, table: &'static Table, row: Row) {
        let at = match self.open.iter().position(|(known, _)| std::ptr::eq(*known, table)) {
            Some(at) => at,
            None => {
                self.open.push((table, Vec::new()));
                self.open.len() - 1
            }
        };
        let rows = &mut self.open[at].1;
        rows.push(row);
        if rows.len() == ROWS_OF_STATEMENT {
            self.load.push((table, std::mem::take(rows)));
        }
    }

    /// Takes a row of the one table whose first column, a text, is its scattered key.
    pub(super) fn put_scattered(&mut self, table: &'static Table, row: Row) {
        self.scattered.get_or_insert_with(|| (table, Vec::new())).1.push(row);
    }

    fn hand_over_scattered(&mut self) -> Result<()> {
        let Some((table, mut rows)) = self.scattered.take() else { return Ok(()) };
        rows.sort_by(|a, b| key(a).cmp(key(b)));
        self.hand_over(vec![(table, rows)])
    }

    /// Hands over what was taken when it is enough for a write.
    pub(super) fn pause(&mut self) -> Result<()> {
        if self.scattered.as_ref().is_some_and(|(_, rows)| rows.len() >= SCATTERED_ROWS) {
            self.hand_over_scattered()?;
        }
        while self.load.len() >= STATEMENTS_AT_ONCE {
            let load = self.load.drain(..STATEMENTS_AT_ONCE).collect();
            self.hand_over(load)?;
        }
        Ok(())
    }

    fn hand_over(&self, load: Load) -> Result<()> {
        self.to.send(load).map_err(|_| Error::internal("the writing thread ended early"))
    }

    fn hand_over_rest(&mut self) -> Result<()> {
        self.hand_over_scattered()?;
        for part in self.load.drain(..).chain(self.open.drain(..)).collect::<Vec<_>>() {
            self.hand_over(vec![part])?;
        }
        Ok(())
    }

    /// Writes the rest and waits until all of it is there; counts the rows. When `made` failed only
    /// because the writing thread had ended, the reason of that is returned instead.
    pub(super) fn close(mut self, made: Result<()>) -> Result<u64> {
        let handed = made.and_then(|()| self.hand_over_rest());
        drop(self.to);
        let written = self.writer.join().map_err(|_| Error::internal("the writing thread panicked"))??;
        handed.map(|()| written)
    }
}

fn key(row: &Row) -> &str {
    match row.first() {
        Some(Value::Text(text)) => text,
        _ => "",
    }
}

/// A value that borrows from nothing.
pub(super) fn own<T: ToValue>(value: &T) -> Value<'static> {
    value.to_value().into_owned()
}

/// A text of the program.
pub(super) const fn word(text: &'static str) -> Value<'static> {
    Value::Text(Cow::Borrowed(text))
}

/// A text made up.
pub(super) fn text(text: impl Into<String>) -> Value<'static> {
    Value::Text(Cow::Owned(text.into()))
}
