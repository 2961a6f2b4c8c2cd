//! Questions that are sent before the answer to the last one is in.

use crate::pg::Coming;
use crate::value::{FromRow, ToValue};
use crate::{Reader, Sql};
use gongyu_kernel::Result;

/// A question on its way; see `Reader::ask`.
pub struct Asked<T>(Way<T>);

enum Way<T> {
    Here(Vec<T>),
    Coming(Coming, &'static str),
}

impl<T: FromRow> Asked<T> {
    pub(crate) fn answered(rows: Vec<T>) -> Self {
        Self(Way::Here(rows))
    }

    /// Its rows.
    ///
    /// # Errors
    /// As `Reader::rows`.
    pub fn rows(self, r: &mut Reader) -> Result<Vec<T>> {
        let (coming, place) = match self.0 {
            Way::Here(rows) => return Ok(rows),
            Way::Coming(coming, place) => (coming, place),
        };
        let mut out = Vec::new();
        let done = r.conn.take(coming, &mut |row| {
            out.push(T::from_row(row)?);
            Ok(())
        });
        r.note(done, place).map(|()| out)
    }

    /// The first row, if any.
    ///
    /// # Errors
    /// As `Reader::rows`.
    pub fn row(self, r: &mut Reader) -> Result<Option<T>> {
        Ok(self.rows(r)?.into_iter().next())
    }
}

impl Reader {
    /// Asks without waiting: on PostgreSQL several questions share one round trip when all are asked
    /// before the first answer is taken; SQLite answers at once.
    ///
    /// # Errors
    /// As `rows`.
    pub fn ask<T: FromRow>(&mut self, sql: &'static Sql, params: &[&dyn ToValue]) -> Result<Asked<T>> {
        match self.ask_text(sql.text(), Some(sql), params, sql.place()) {
            Some(asked) => asked,
            None => self.rows(sql, params).map(Asked::answered),
        }
    }

    /// Sends a question to PostgreSQL; `None` for the engine that answers at once.
    pub(crate) fn ask_text<T: FromRow>(
        &mut self,
        text: &str,
        known: Option<&'static Sql>,
        params: &[&dyn ToValue],
        place: &'static str,
    ) -> Option<Result<Asked<T>>> {
        let coming = self.conn.ask(text, known, params)?;
        Some(self.note(coming, place).map(|coming| Asked(Way::Coming(coming, place))))
    }
}
