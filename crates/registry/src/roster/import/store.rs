//! The tables of imports.

use super::model::{Batch, BatchState, Edits, Tally};
use super::{Fault, Importer, chunk, rows};
use gongyu_kernel::{Id, Millis, Result};
use gongyu_store::{Reader, Tx, record, settings, sql};
use gongyu_vault::Vault;

const VERSION: &str = "roster-version";
const EDITS: &str = "import_edit.sealed";

macro_rules! select {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT b.id, b.school_id, b.complete, b.mended, b.file_name, b.sha256, b.state, b.created_by,
                    b.created_at, b.headings, b.notes, b.rows_read, b.added, b.changed, b.moved, b.gone,
                    b.unchanged, b.refused, b.asked, b.gone_over, b.gone_confirmed, b.started, b.written,
                    b.to_write, b.fault, b.base_version, b.applied_at, b.undone_at
             FROM import_batch b ",
            $tail
        ))
    };
}

/// A file to be imported.
#[derive(Clone, Debug)]
pub(crate) struct NewBatch {
    pub school: Option<Id>,
    pub complete: bool,
    pub file_name: String,
    pub sha256: String,
    pub by: Option<Id>,
}

pub(crate) fn create(tx: &mut Tx, new: &NewBatch) -> Result<Id> {
    let (id, now) = (tx.new_id(), tx.now());
    tx.exec(
        sql!(
            "INSERT INTO import_batch (id, kind, school_id, complete, mended, file_name, sha256, state, created_by,
                     created_at, updated_at, headings, notes, rows_read, added, changed, moved, gone, unchanged,
                     refused, asked, gone_over, gone_confirmed, started, written, to_write, fault, base_version)
              VALUES ($1, 'roster', $2, $3, $4, $5, $6, 'reading', $7, $8, $8, '[]', '[]', 0, 0, 0, 0, 0, 0, 0, 0,
                      $4, 0, $4, 0, 0, '', 0)"
        ),
        &[&id, &new.school, &new.complete, &false, &new.file_name, &new.sha256, &new.by, &now],
    )?;
    Ok(id)
}

pub(crate) fn find(r: &mut Reader, id: Id) -> Result<Batch> {
    r.one(select!("WHERE b.id = $1"), &[&id])
}

/// The imports of one school, or every import, newest first.
pub(crate) fn recent(r: &mut Reader, school: Option<Id>) -> Result<Vec<Batch>> {
    match school {
        Some(school) => {
            r.rows(select!("WHERE b.school_id = $1 AND b.kind = 'roster' ORDER BY b.id DESC LIMIT 30"), &[&school])
        }
        None => r.rows(select!("WHERE b.kind = 'roster' ORDER BY b.id DESC LIMIT 30"), &[]),
    }
}

/// Imports whose writing was decided and has not come to its end.
pub(super) fn unfinished(r: &mut Reader) -> Result<Vec<Batch>> {
    r.rows(select!("WHERE b.state = 'applying' ORDER BY b.id"), &[])
}

/// Imports older than a moment.
pub(super) fn older_than(r: &mut Reader, at: Millis) -> Result<Vec<Batch>> {
    r.rows(select!("WHERE b.created_at < $1 AND b.state NOT IN ('applying', 'undoing') ORDER BY b.id LIMIT 20"), &[&at])
}

/// How often a roster has been applied; a preview made against another number is made anew.
pub(super) fn version(r: &mut Reader) -> Result<i64> {
    Ok(settings::get(r, VERSION)?.unwrap_or(0))
}

pub(super) fn raise_version(tx: &mut Tx) -> Result<i64> {
    let next = version(tx)? + 1;
    settings::put(tx, VERSION, &next)?;
    Ok(next)
}

pub(super) fn refuse(tx: &mut Tx, id: Id, fault: &Fault) -> Result<()> {
    let (now, json) = (tx.now(), serde_json::to_string(fault)?);
    tx.exec(
        sql!("UPDATE import_batch SET state = 'refused', fault = $1, updated_at = $2 WHERE id = $3"),
        &[&json, &now, &id],
    )?;
    Ok(())
}

/// Notes what the headings say, before the rows are read.
pub(super) fn begin_reading(tx: &mut Tx, id: Id, headings: &str, notes: &str, mended: bool) -> Result<()> {
    tx.exec(
        sql!("UPDATE import_batch SET headings = $1, notes = $2, mended = $3, rows_read = 0 WHERE id = $4"),
        &[&headings, &notes, &mended, &id],
    )?;
    Ok(())
}

/// Notes the finished plan.
pub(super) fn finish_reading(
    tx: &mut Tx,
    id: Id,
    tally: &Tally,
    over: bool,
    notes: &str,
    version: i64,
    state: BatchState,
) -> Result<()> {
    let now = tx.now();
    let t = tally;
    tx.exec(
        sql!(
            "UPDATE import_batch SET added = $1, changed = $2, moved = $3, gone = $4, unchanged = $5, refused = $6,
                     asked = $7, gone_over = $8, notes = $9, base_version = $10, state = $11, updated_at = $12
              WHERE id = $13"
        ),
        &[
            &t.added,
            &t.changed,
            &t.moved,
            &t.gone,
            &t.unchanged,
            &t.refused,
            &t.asked,
            &over,
            &notes,
            &version,
            &state,
            &now,
            &id,
        ],
    )?;
    Ok(())
}

pub(super) fn edits_of(r: &mut Reader, vault: &Vault, batch: Id) -> Result<Vec<(i64, Edits)>> {
    let sealed: Vec<(i64, Vec<u8>)> =
        r.rows(sql!("SELECT row_number, sealed FROM import_edit WHERE batch_id = $1 ORDER BY row_number"), &[&batch])?;
    sealed.into_iter().map(|(row, bytes)| Ok((row, vault.open_json(EDITS, batch, &bytes)?))).collect()
}

pub(super) fn edits_of_row(r: &mut Reader, vault: &Vault, batch: Id, row: i64) -> Result<Edits> {
    let sealed: Option<(Vec<u8>,)> =
        r.row(sql!("SELECT sealed FROM import_edit WHERE batch_id = $1 AND row_number = $2"), &[&batch, &row])?;
    sealed.map_or_else(|| Ok(Edits::default()), |(bytes,)| vault.open_json(EDITS, batch, &bytes))
}

pub(super) fn put_edits(tx: &mut Tx, vault: &Vault, batch: Id, row: i64, edits: &Edits) -> Result<()> {
    let sealed = vault.seal_json(EDITS, batch, edits)?;
    tx.exec(
        sql!(
            "INSERT INTO import_edit (batch_id, row_number, sealed) VALUES ($1, $2, $3)
              ON CONFLICT (batch_id, row_number) DO UPDATE SET sealed = excluded.sealed"
        ),
        &[&batch, &row, &sealed],
    )?;
    Ok(())
}

/// Forgets an import without its rows; remove them first.
pub(super) fn forget(tx: &mut Tx, batch: Id) -> Result<()> {
    tx.exec(sql!("DELETE FROM import_edit WHERE batch_id = $1"), &[&batch])?;
    tx.exec(sql!("DELETE FROM import_step WHERE batch_id = $1"), &[&batch])?;
    tx.exec(sql!("DELETE FROM import_batch WHERE id = $1"), &[&batch])?;
    Ok(())
}

impl Importer {
    /// One import.
    ///
    /// # Errors
    /// `Error::NotFound`.
    pub fn batch(&self, id: Id) -> Result<Batch> {
        self.db.read_wait(move |r| find(r, id))
    }

    /// Removes every staged row.
    pub(super) fn unstage(&self, id: Id) -> Result<()> {
        while self.db.write_wait(move |tx| Ok(chunk::remove(tx, id)? + rows::remove(tx, id)?))? > 0 {}
        Ok(())
    }

    /// Removes an import and everything staged for it; nothing it has written changes.
    ///
    /// # Errors
    /// As any statement.
    pub fn discard(&self, id: Id) -> Result<()> {
        self.unstage(id)?;
        self.db.write_wait(move |tx| forget(tx, id))
    }
}

/// Notes the decision to write, and how much.
pub(super) fn begin_applying(tx: &mut Tx, id: Id, to_write: i64, confirmed: i64) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!(
            "UPDATE import_batch SET state = 'applying', started = $1, written = 0, to_write = $2,
                     gone_confirmed = $3, updated_at = $4 WHERE id = $5"
        ),
        &[&false, &to_write, &confirmed, &now, &id],
    )?;
    Ok(())
}

/// Notes the decision to take an import back.
pub(super) fn begin_undoing(tx: &mut Tx, id: Id) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!("UPDATE import_batch SET state = 'undoing', started = $1, updated_at = $2 WHERE id = $3"),
        &[&false, &now, &id],
    )?;
    Ok(())
}

/// Notes that later work stands on an import, so that it stays.
pub(super) fn keep_applied(tx: &mut Tx, id: Id, notes: &str) -> Result<()> {
    tx.exec(sql!("UPDATE import_batch SET state = 'done', notes = $1 WHERE id = $2"), &[&notes, &id])?;
    Ok(())
}

/// Notes that an import is taken back.
pub(super) fn end_undoing(tx: &mut Tx, id: Id) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!("UPDATE import_batch SET state = 'undone', undone_at = $1, updated_at = $1 WHERE id = $2"),
        &[&now, &id],
    )?;
    Ok(())
}

/// Notes that the first row is about to be written: from here on only forward.
pub(super) fn start(tx: &mut Tx, id: Id) -> Result<()> {
    tx.exec(sql!("UPDATE import_batch SET started = $1 WHERE id = $2"), &[&true, &id])?;
    Ok(())
}

pub(super) fn back_to_preview(tx: &mut Tx, id: Id, notes: &str) -> Result<()> {
    tx.exec(sql!("UPDATE import_batch SET notes = $1, state = 'preview' WHERE id = $2"), &[&notes, &id])?;
    Ok(())
}

/// Notes that everything is written; the import itself is now the state the next plan is made against.
pub(super) fn end_applying(tx: &mut Tx, id: Id, version: i64) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!(
            "UPDATE import_batch SET state = 'done', base_version = $1, updated_at = $2, applied_at = $2 WHERE id = $3"
        ),
        &[&version, &now, &id],
    )?;
    Ok(())
}

record! {
    /// What one transaction of an import did.
    #[derive(Clone, Debug)]
    pub(super) struct Step {
        pub id: Id,
        pub made: Vec<u8>,
        pub known: Vec<u8>,
        pub before: Vec<u8>,
        pub written_at: Millis,
    }
}

/// The steps of an import before a given one, the latest first.
pub(super) fn steps(r: &mut Reader, batch: Id, before: Id, limit: i64) -> Result<Vec<Step>> {
    r.rows(
        sql!(
            "SELECT id, made, known, before, written_at FROM import_step
              WHERE batch_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
        ),
        &[&batch, &before, &limit],
    )
}

/// Forgets a step that was taken back.
pub(super) fn forget_step(tx: &mut Tx, step: Id) -> Result<u64> {
    tx.exec(sql!("DELETE FROM import_step WHERE id = $1"), &[&step])
}

/// Takes back that anybody would leave.
pub(super) fn drop_left(tx: &mut Tx, batch: Id) -> Result<()> {
    chunk::drop_leaving(tx, batch)?;
    tx.exec(sql!("UPDATE import_batch SET gone = 0, gone_over = $1, complete = $1 WHERE id = $2"), &[&false, &batch])?;
    Ok(())
}
