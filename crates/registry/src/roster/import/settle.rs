//! Waiting rows that came back mended in another file wait no longer.

use super::model::{Batch, Verdict};
use super::{Importer, rows, store};
use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, Tx, sql};
use std::collections::HashSet;

/// Waiting rows settled in one transaction.
const AT_ONCE: usize = 500;

impl Importer {
    /// After a file of mended rows was written: the rows of earlier files whose pupils it brought are settled.
    pub(super) fn settle(&self, batch: &Batch) -> Result<()> {
        if !batch.mended {
            return Ok(());
        }
        let (id, school) = (batch.id, batch.school);
        let brought = self.db.read_wait(move |r| brought(r, id))?;
        let waiting = self.db.read_wait(move |r| waiting(r, id, school))?;
        let settled: Vec<(Id, i64, Verdict)> = waiting
            .into_iter()
            .filter(|(.., at, name)| at.is_some_and(|at| brought.contains(&(at, name.clone()))))
            .map(|(batch, number, verdict, ..)| (batch, number, verdict))
            .collect();
        for some in settled.chunks(AT_ONCE) {
            let some = some.to_vec();
            self.db.write_wait(move |tx| settle(tx, &some))?;
        }
        Ok(())
    }
}

/// School and name of every pupil an import has written.
fn brought(r: &mut Reader, batch: Id) -> Result<HashSet<(Id, String)>> {
    let mut out = HashSet::new();
    for step in store::steps(r, batch, Id(i64::MAX), i64::MAX)? {
        let ids: Vec<Id> = step.made().into_iter().chain(step.known()).collect();
        let named: Vec<(Id, String)> =
            r.rows_in(sql!("SELECT school_id, name FROM student WHERE id IN ($1)"), &ids, &[])?;
        out.extend(named);
    }
    Ok(out)
}

type Waiting = (Id, i64, Verdict, Option<Id>, String);

/// The waiting rows of earlier imports of the same school, or of every import.
fn waiting(r: &mut Reader, batch: Id, school: Option<Id>) -> Result<Vec<Waiting>> {
    let (whole, one) = (school.is_none(), school.unwrap_or_default());
    r.rows(
        sql!(
            "SELECT r.batch_id, r.row_number, r.verdict, COALESCE(r.school_id, b.school_id), r.name
              FROM import_row r JOIN import_batch b ON b.id = r.batch_id
              WHERE r.verdict IN ('asked', 'refused') AND b.id < $1 AND (b.school_id IS NULL OR b.school_id = $2 OR $3)
              ORDER BY r.batch_id, r.row_number"
        ),
        &[&batch, &one, &whole],
    )
}

fn settle(tx: &mut Tx, some: &[(Id, i64, Verdict)]) -> Result<()> {
    some.iter().try_for_each(|(batch, number, verdict)| rows::settle(tx, *batch, *number, *verdict))
}
