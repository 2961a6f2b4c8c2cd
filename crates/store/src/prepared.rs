//! A connection to SQLite together with the statements it has prepared.

use crate::{Sql, lite};
use foldhash::fast::RandomState;
use gongyu_kernel::{Error, Result};
use rusqlite::{Connection, PrepFlags, Statement};
use self_cell::self_cell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Statements of each sort kept at most; past it all are let go and prepared again as they are asked.
const KEPT: usize = 1_000;

type Held<'conn, K> = HashMap<K, Statement<'conn>, RandomState>;

/// What one connection has prepared. Statements of the program are found by where they lie: finding one by its text costs a tenth of running it.
#[derive(Default)]
struct Statements<'conn> {
    known: Held<'conn, usize>,
    made: Held<'conn, Box<str>>,
}

self_cell!(
    /// An open database with its prepared statements.
    pub(crate) struct Prepared {
        owner: Connection,
        #[covariant]
        dependent: Statements,
    }
);

impl Prepared {
    pub(crate) fn of(conn: Connection) -> Self {
        Self::new(conn, |_| Statements::default())
    }

    pub(crate) fn conn(&self) -> &Connection {
        self.borrow_owner()
    }

    /// Hands out the statement of a text, prepared now or before; `known` is whose text it is.
    pub(crate) fn with<T>(
        &mut self,
        text: &str,
        known: Option<&'static Sql>,
        work: impl FnOnce(&mut Statement<'_>) -> Result<T>,
    ) -> Result<T> {
        self.with_dependent_mut(|conn, kept| {
            let statement = match known {
                Some(sql) => kept.known(sql, conn, text)?,
                None => kept.made(conn, text)?,
            };
            work(statement)
        })
    }
}

impl<'conn> Statements<'conn> {
    fn known(&mut self, sql: &'static Sql, conn: &'conn Connection, text: &str) -> Result<&mut Statement<'conn>> {
        let key = std::ptr::from_ref(sql).addr();
        if self.known.len() >= KEPT && !self.known.contains_key(&key) {
            self.known.clear();
        }
        match self.known.entry(key) {
            Entry::Occupied(found) => Ok(found.into_mut()),
            Entry::Vacant(place) => Ok(place.insert(prepare(conn, text)?)),
        }
    }

    fn made(&mut self, conn: &'conn Connection, text: &str) -> Result<&mut Statement<'conn>> {
        if !self.made.contains_key(text) {
            if self.made.len() >= KEPT {
                self.made.clear();
            }
            self.made.insert(text.into(), prepare(conn, text)?);
        }
        self.made.get_mut(text).ok_or_else(|| Error::internal("a statement that was just kept"))
    }
}

fn prepare<'conn>(conn: &'conn Connection, text: &str) -> Result<Statement<'conn>> {
    conn.prepare_with_flags(text, PrepFlags::SQLITE_PREPARE_PERSISTENT).map_err(lite::error)
}
