//! Making very many new pupils findable: their terms are sorted together first, so that each part of the index is
//! written once and not once with every stretch of pupils.

use super::write::Ready;
use super::{Importer, chunk};
use gongyu_kernel::{Id, Result};
use gongyu_store::search::{self, Kind};
use gongyu_store::sql;
use std::collections::HashSet;
use std::sync::Arc;

/// Terms gathered before they are written: about 20 MB.
pub(super) const SPREAD: usize = 400_000;
/// Terms of one transaction; sorted, they hold the writer some 10 ms.
const AT_ONCE: usize = 4_000;

/// Terms that wait, and the chunks they finish.
#[derive(Default)]
pub(super) struct Spread {
    pub terms: Vec<(String, Id, Id)>,
    pub chunks: Vec<i64>,
}

impl Spread {
    /// Takes pupils who were just made.
    pub fn take<'r>(&mut self, rows: impl Iterator<Item = &'r Ready>) {
        for row in rows {
            let terms = row.pupil.iter().flat_map(|pupil| &pupil.terms);
            self.terms.extend(terms.map(|term| (term.clone(), row.student, row.school)));
        }
    }

    /// Takes those of the rows that were written before a crash and made a pupil.
    pub fn again(&mut self, importer: &Importer, rows: &[Ready]) -> Result<()> {
        let ids: Vec<Id> = rows.iter().map(|row| row.student).collect();
        let there: Vec<(Id,)> =
            importer.db.read_wait(move |r| r.rows_in(sql!("SELECT id FROM student WHERE id IN ($1)"), &ids, &[]))?;
        let there: HashSet<Id> = there.into_iter().map(|(id,)| id).collect();
        self.take(rows.iter().filter(|row| there.contains(&row.student)));
        Ok(())
    }

    /// Writes what waits, and notes that the chunks are finished.
    pub fn flush(&mut self, importer: &Importer, batch: Id) -> Result<()> {
        let Self { mut terms, chunks } = std::mem::take(self);
        terms.sort_unstable();
        let terms = Arc::new(terms);
        for from in (0..terms.len()).step_by(AT_ONCE) {
            let terms = terms.clone();
            importer.db.write_wait(move |tx| {
                let some = terms.iter().skip(from).take(AT_ONCE);
                let some: Vec<(&str, Id, Id)> = some.map(|(t, id, school)| (t.as_str(), *id, *school)).collect();
                search::spread(tx, Kind::Student, &some)
            })?;
        }
        if chunks.is_empty() {
            return Ok(());
        }
        importer.db.write_wait(move |tx| chunks.iter().try_for_each(|number| chunk::finish(tx, batch, *number)))
    }
}
