//! Statements for many values at once: `IN` lists and inserts that grow to what is given.

use crate::asked::Asked;
use crate::value::{FromRow, Row, ToValue};
use crate::{Engine, Reader, Sql, Tx};
use gongyu_kernel::{Id, Result};
use std::collections::HashMap;
use std::sync::Arc;

/// Values in one `IN` list at most.
const AT_ONCE: usize = 1000;

/// Statements made for a number of values, kept because making them costs more than running them.
#[derive(Default)]
pub(crate) struct Texts(HashMap<Key, Arc<str>>);

/// The parts of a statement by where they lie: they are the program's own and never move.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    first: [usize; 2],
    second: [usize; 2],
    third: [usize; 2],
    count: usize,
}

impl Texts {
    fn of(&mut self, key: Key, make: impl FnOnce() -> String) -> Arc<str> {
        const KEPT: usize = 2_000;
        if self.0.len() >= KEPT {
            self.0.clear();
        }
        self.0.entry(key).or_insert_with(|| make().into()).clone()
    }
}

/// The parameters of a grown list: the first value, the rest of the statement's own, the other values;
/// the last value fills the list up.
fn list_params<'p>(chunk: &'p [Id], rest: &[&'p dyn ToValue], padded: usize) -> Vec<&'p dyn ToValue> {
    let mut params: Vec<&dyn ToValue> = Vec::with_capacity(padded + rest.len());
    params.extend(chunk.first().map(|id| id as &dyn ToValue));
    params.extend(rest.iter().copied());
    params.extend(chunk.iter().skip(1).map(|id| id as &dyn ToValue));
    if let Some(last) = chunk.last() {
        params.resize(padded + rest.len(), last);
    }
    params
}

impl Reader {
    fn list_text(&mut self, sql: &'static Sql, padded: usize, rest: usize) -> Arc<str> {
        let (own, mark) = (self.own_text(sql), self.mark());
        let key = Key { first: [std::ptr::from_ref(sql).addr(), 0], second: [rest, 0], third: [0, 0], count: padded };
        self.texts.of(key, || grown_list(own, mark, padded, rest))
    }

    /// All rows whose key is one of `ids`: the statement holds `IN ($1)`, which grows to the list;
    /// `rest` are its parameters from `$2` on. An empty list gives no rows.
    ///
    /// # Errors
    /// As `rows`.
    pub fn rows_in<T: FromRow>(&mut self, sql: &'static Sql, ids: &[Id], rest: &[&dyn ToValue]) -> Result<Vec<T>> {
        let mut out = Vec::new();
        let mut take = |row: &Row<'_>| {
            out.push(T::from_row(row)?);
            Ok(())
        };
        for chunk in ids.chunks(AT_ONCE) {
            let padded = chunk.len().next_power_of_two();
            let params = list_params(chunk, rest, padded);
            if padded == 1 {
                self.each(sql, &params, &mut take)?;
            } else {
                let text = self.list_text(sql, padded, rest.len());
                self.each_dynamic(&text, &text, &params, &mut take)?;
            }
        }
        Ok(out)
    }

    /// As `ask` for an `IN ($1)` list; see `rows_in`.
    ///
    /// # Errors
    /// As `rows`.
    pub fn ask_in<T: FromRow>(&mut self, sql: &'static Sql, ids: &[Id], rest: &[&dyn ToValue]) -> Result<Asked<T>> {
        if self.engine() == Engine::Sqlite || ids.is_empty() || ids.len() > AT_ONCE {
            return self.rows_in(sql, ids, rest).map(Asked::answered);
        }
        let padded = ids.len().next_power_of_two();
        let params = list_params(ids, rest, padded);
        if padded == 1 {
            return self.ask(sql, &params);
        }
        let text = self.list_text(sql, padded, rest.len());
        match self.ask_text(&text, None, &params, sql.place()) {
            Some(asked) => asked,
            None => self.rows_in(sql, ids, rest).map(Asked::answered),
        }
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
}

impl Tx {
    /// Runs a statement for many keys at once; as `Reader::rows_in`.
    ///
    /// # Errors
    /// As `exec`.
    pub fn exec_in(&mut self, sql: &'static Sql, ids: &[Id], rest: &[&dyn ToValue]) -> Result<u64> {
        let mut changed = 0;
        for chunk in ids.chunks(AT_ONCE) {
            let padded = chunk.len().next_power_of_two();
            let params = list_params(chunk, rest, padded);
            changed += if padded == 1 {
                self.exec(sql, &params)?
            } else {
                let text = self.list_text(sql, padded, rest.len());
                let done = self.conn.execute(&text, &text, None, &params);
                self.note(done, sql.place())?
            };
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
        for chunk in rows.chunks(rows_at_once(columns)) {
            let (text, params) = self.insert(table, columns, tail, chunk);
            let done = self.conn.execute(&text, &text, None, &params).map(drop);
            self.note(done, table)?;
        }
        Ok(())
    }

    /// As `insert_many_with` and `exec_later` together.
    ///
    /// # Errors
    /// As `exec_later`.
    pub fn insert_many_later(
        &mut self,
        table: &'static str,
        columns: &'static [&'static str],
        tail: &'static str,
        rows: &[Vec<crate::Value<'_>>],
    ) -> Result<()> {
        for chunk in rows.chunks(rows_at_once(columns)) {
            let (text, params) = self.insert(table, columns, tail, chunk);
            let done = self.conn.execute_later(&text, &text, None, &params);
            self.note(done, table)?;
        }
        Ok(())
    }

    /// As `insert_many_with` where the tail ends in `RETURNING …`: the rows it returns, in no order.
    ///
    /// # Errors
    /// As `exec`.
    pub fn insert_many_returning<T: FromRow>(
        &mut self,
        table: &'static str,
        columns: &'static [&'static str],
        tail: &'static str,
        rows: &[Vec<crate::Value<'_>>],
    ) -> Result<Vec<T>> {
        let mut out = Vec::new();
        for chunk in rows.chunks(rows_at_once(columns)) {
            let (text, params) = self.insert(table, columns, tail, chunk);
            let done = self.conn.query(&text, &text, None, &params, &mut |row| {
                out.push(T::from_row(row)?);
                Ok(())
            });
            self.note(done, table)?;
        }
        Ok(out)
    }

    fn insert<'v>(
        &mut self,
        table: &'static str,
        columns: &'static [&'static str],
        tail: &'static str,
        rows: &'v [Vec<crate::Value<'_>>],
    ) -> (Arc<str>, Vec<&'v dyn ToValue>) {
        let mark = self.mark();
        let place = |at: usize, len: usize| [at, len];
        let key = Key {
            first: place(table.as_ptr().addr(), table.len()),
            second: place(columns.as_ptr().addr(), columns.len()),
            third: place(tail.as_ptr().addr(), tail.len()),
            count: rows.len(),
        };
        let text = self.reader.texts.of(key, || insert_text(table, columns, tail, mark, rows.len()));
        (text, rows.iter().flatten().map(|v| v as &dyn ToValue).collect())
    }
}

/// Rows in one statement, by the engines' limit of parameters.
fn rows_at_once(columns: &[&str]) -> usize {
    const PARAMETERS: usize = 30_000;
    (PARAMETERS / columns.len().max(1)).clamp(1, 500)
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
