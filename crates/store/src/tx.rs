//! What a closure holds while it is inside a transaction.

use crate::conn::Conn;
use crate::db::Shared;
use crate::many::Texts;
use crate::settings::Seen;
use crate::value::{FromRow, FromValue, Row, ToValue};
use crate::{Engine, Sql};
use gongyu_kernel::{Date, Error, Id, Millis, Result};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// Reads inside one transaction: every statement sees the same moment.
pub struct Reader {
    pub(crate) conn: Conn,
    pub(crate) shared: Arc<Shared>,
    pub(crate) failed: bool,
    pub(crate) settings: Seen,
    pub(crate) texts: Texts,
}

impl Reader {
    pub(crate) fn new(conn: Conn, shared: Arc<Shared>) -> Self {
        Self { conn, shared, failed: false, settings: Seen::default(), texts: Texts::default() }
    }

    /// Forgets what belonged to the transaction before.
    pub(crate) fn fresh(&mut self) {
        self.failed = false;
        self.settings = Seen::Unasked;
    }

    /// All rows.
    ///
    /// # Errors
    /// `Error::Internal` or `Error::Busy`; the transaction is then lost.
    pub fn rows<T: FromRow>(&mut self, sql: &'static Sql, params: &[&dyn ToValue]) -> Result<Vec<T>> {
        let mut out = Vec::new();
        self.each(sql, params, |row| {
            out.push(T::from_row(row)?);
            Ok(())
        })?;
        Ok(out)
    }

    /// The first row, if any.
    ///
    /// # Errors
    /// As `rows`.
    pub fn row<T: FromRow>(&mut self, sql: &'static Sql, params: &[&dyn ToValue]) -> Result<Option<T>> {
        Ok(self.rows(sql, params)?.into_iter().next())
    }

    /// The first row; its absence is `Error::NotFound`.
    ///
    /// # Errors
    /// As `rows`, and `Error::NotFound`.
    pub fn one<T: FromRow>(&mut self, sql: &'static Sql, params: &[&dyn ToValue]) -> Result<T> {
        self.row(sql, params)?.ok_or(Error::NotFound)
    }

    /// The first column of the first row.
    ///
    /// # Errors
    /// As `one`.
    pub fn scalar<T: FromValue>(&mut self, sql: &'static Sql, params: &[&dyn ToValue]) -> Result<T> {
        Ok(self.one::<(T,)>(sql, params)?.0)
    }

    /// Hands each row to `take` without keeping them.
    ///
    /// # Errors
    /// As `rows`, or whatever `take` returns.
    pub fn each(
        &mut self,
        sql: &'static Sql,
        params: &[&dyn ToValue],
        mut take: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        tracing::trace!(target: "gongyu_store::sql", place = sql.place(), "read");
        let done = self.conn.query(sql.text(), sql.lite(), Some(sql), params, &mut take);
        self.note(done, sql.place())
    }

    pub(crate) fn each_dynamic(
        &mut self,
        text: &str,
        lite: &str,
        params: &[&dyn ToValue],
        mut take: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let done = self.conn.query(text, lite, None, params, &mut take);
        self.note(done, "list")
    }

    pub(crate) fn note<T>(&mut self, done: Result<T>, place: &str) -> Result<T> {
        done.map_err(|e| {
            self.failed = true;
            match e {
                Error::Internal(source) => Error::internal(format!("{place}: {source}")),
                other => other,
            }
        })
    }

    /// The present moment.
    pub fn now(&self) -> Millis {
        self.shared.clock.now()
    }

    /// The present Beijing day.
    pub fn today(&self) -> Date {
        self.shared.clock.today()
    }

    /// Which engine this is; only `store` itself should care.
    pub fn engine(&self) -> Engine {
        self.shared.engine
    }
}

/// A write transaction. The closure that holds it may run again, so it has no effect outside it.
pub struct Tx {
    pub(crate) reader: Reader,
}

impl Deref for Tx {
    type Target = Reader;
    fn deref(&self) -> &Reader {
        &self.reader
    }
}
impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Reader {
        &mut self.reader
    }
}

impl Tx {
    /// Runs a statement and counts the rows it changed.
    ///
    /// # Errors
    /// `Error::Unique` names the key in the way; otherwise as `Reader::rows`.
    pub fn exec(&mut self, sql: &'static Sql, params: &[&dyn ToValue]) -> Result<u64> {
        tracing::trace!(target: "gongyu_store::sql", place = sql.place(), "write");
        let done = self.conn.execute(sql.text(), sql.lite(), Some(sql), params);
        self.note(done, sql.place())
    }

    /// As `exec` where neither the count nor a failure is needed at once: on PostgreSQL the statement
    /// travels with the next answer that is waited for, at the latest with the commit. A failure is then
    /// that answer's, and the transaction is lost in any case.
    ///
    /// # Errors
    /// As `Reader::rows`; a key in the way shows as `Error::Unique` at the next answer or the commit.
    pub fn exec_later(&mut self, sql: &'static Sql, params: &[&dyn ToValue]) -> Result<()> {
        let done = self.conn.execute_later(sql.text(), sql.lite(), Some(sql), params);
        self.note(done, sql.place())
    }

    /// A new identifier.
    pub fn new_id(&self) -> Id {
        self.shared.ids.next(self.now())
    }

    /// Waits for a named lock held until the end of the transaction. Take several in sorted order.
    /// SQLite has one writer and needs none.
    ///
    /// # Errors
    /// As `Reader::rows`.
    pub fn lock(&mut self, key: &str) -> Result<()> {
        if self.engine() == Engine::Postgres {
            let text = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
            let done = self.conn.query(text, text, None, &[&key], &mut |_| Ok(()));
            self.note(done, "lock")?;
        }
        Ok(())
    }

    /// One after the other: of all transactions that ask for the same turn, on whatever node, one runs at a
    /// time, in the order they came, and each sees what the one before it left. Unlike `lock`, which is taken
    /// when the transaction's moment is already fixed, nothing then collides: meant for the few places where
    /// hundreds want the same row at once. Ask for it before the first write, after the cheap refusals. On
    /// PostgreSQL the closure then runs again from its beginning. SQLite has one writer: every write has its turn.
    ///
    /// # Errors
    /// `Error::Busy` when it has to begin again; pass it on.
    pub fn turn(&mut self, key: &str) -> Result<()> {
        let has = match &mut self.reader.conn {
            Conn::Pg(session) => session.has_turn(key),
            Conn::Lite(_) => true,
        };
        if has { Ok(()) } else { self.note(Err(Error::Busy("waits for its turn".to_owned())), "turn") }
    }

    /// The turn of something this transaction has just made, which nobody else can know yet: no waiting.
    pub fn own_turn(&mut self, key: &str) {
        if let Conn::Pg(session) = &mut self.reader.conn {
            session.own_turn(key);
        }
    }
}
