//! What a closure holds while it is inside a transaction.

use crate::conn::Conn;
use crate::db::Shared;
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
}

impl Reader {
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

    /// All rows whose key is one of `ids`: the statement holds `IN ($1)`, which grows to the list;
    /// `rest` are its parameters from `$2` on. An empty list gives no rows.
    ///
    /// # Errors
    /// As `rows`.
    pub fn rows_in<T: FromRow>(&mut self, sql: &'static Sql, ids: &[Id], rest: &[&dyn ToValue]) -> Result<Vec<T>> {
        const AT_ONCE: usize = 1000;
        let mut out = Vec::new();
        for chunk in ids.chunks(AT_ONCE) {
            let Some(last) = chunk.last() else { continue };
            let padded = chunk.len().next_power_of_two();
            let text = grown_list(self.own_text(sql), self.mark(), padded, rest.len());
            let mut params: Vec<&dyn ToValue> = vec![&chunk[0]];
            params.extend(rest.iter().copied());
            params.extend(chunk[1..].iter().map(|id| id as &dyn ToValue));
            params.resize(padded + rest.len(), last);
            self.each_dynamic(&text, &text, &params, |row| {
                out.push(T::from_row(row)?);
                Ok(())
            })?;
        }
        Ok(out)
    }

    /// The text as this engine takes it.
    fn own_text(&self, sql: &'static Sql) -> &'static str {
        match self.engine() {
            Engine::Sqlite => sql.lite(),
            Engine::Postgres => sql.text(),
        }
    }

    /// What stands before the number of a parameter.
    fn mark(&self) -> char {
        match self.engine() {
            Engine::Sqlite => '?',
            Engine::Postgres => '$',
        }
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
        let done = self.conn.execute(sql.text(), sql.lite(), Some(sql), params);
        self.note(done, sql.place())
    }

    /// Runs a statement for many keys at once; as `Reader::rows_in`.
    ///
    /// # Errors
    /// As `exec`.
    pub fn exec_in(&mut self, sql: &'static Sql, ids: &[Id], rest: &[&dyn ToValue]) -> Result<u64> {
        const AT_ONCE: usize = 1000;
        let mut changed = 0;
        for chunk in ids.chunks(AT_ONCE) {
            let Some(last) = chunk.last() else { continue };
            let padded = chunk.len().next_power_of_two();
            let text = grown_list(self.own_text(sql), self.mark(), padded, rest.len());
            let mut params: Vec<&dyn ToValue> = vec![&chunk[0]];
            params.extend(rest.iter().copied());
            params.extend(chunk[1..].iter().map(|id| id as &dyn ToValue));
            params.resize(padded + rest.len(), last);
            let done = self.conn.execute(&text, &text, None, &params);
            changed += self.note(done, sql.place())?;
        }
        Ok(changed)
    }

    /// Inserts many rows into `table` with few statements, split by the engines' parameter limits.
    /// `table` and `columns` are names from the program, never from outside.
    ///
    /// # Errors
    /// As `exec`.
    pub fn insert_many(
        &mut self,
        table: &'static str,
        columns: &'static [&'static str],
        rows: &[Vec<crate::Value<'_>>],
    ) -> Result<()> {
        self.insert_many_with(table, columns, "", rows)
    }

    /// As `insert_many`, with a tail such as `ON CONFLICT DO NOTHING`.
    ///
    /// # Errors
    /// As `exec`.
    pub fn insert_many_with(
        &mut self,
        table: &'static str,
        columns: &'static [&'static str],
        tail: &'static str,
        rows: &[Vec<crate::Value<'_>>],
    ) -> Result<()> {
        const PARAMETERS: usize = 30_000;
        let per_statement = (PARAMETERS / columns.len().max(1)).clamp(1, 500);
        for chunk in rows.chunks(per_statement) {
            let text = insert_text(table, columns, tail, self.mark(), chunk.len());
            let params: Vec<&dyn ToValue> = chunk.iter().flatten().map(|v| v as &dyn ToValue).collect();
            let done = self.conn.execute(&text, &text, None, &params).map(drop);
            self.note(done, table)?;
        }
        Ok(())
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
}

/// `IN ($1)` with room for `count` values: the first stays `$1`, the others come after the other parameters.
fn grown_list(text: &str, mark: char, count: usize, rest: usize) -> String {
    use std::fmt::Write;
    let mut list = format!("({mark}1");
    for n in 1..count {
        let _ = write!(list, ", {mark}{}", rest + 1 + n);
    }
    list.push(')');
    text.replacen(&format!("({mark}1)"), &list, 1)
}

fn insert_text(table: &str, columns: &[&str], tail: &str, mark: char, rows: usize) -> String {
    use std::fmt::Write;
    let mut text = format!("INSERT INTO {table} ({}) VALUES ", columns.join(", "));
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns.len() {
            let comma = if column == 0 { "" } else { ", " };
            let _ = write!(text, "{comma}{mark}{}", row * columns.len() + column + 1);
        }
        text.push(')');
    }
    text.push(' ');
    text.push_str(tail);
    text
}
