//! The tables of an import: the batch and its staged rows.

use super::fault::Fault;
use super::heading::SheetKind;
use super::plan::{Change, Planned, Verdict};
use super::row::Said;
use crate::roster::class_label::ClassKey;
use gongyu_kernel::{Id, Millis, Result};
use gongyu_store::{Reader, Tx, Value, coded, record, sql};
use gongyu_vault::Vault;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Where an import stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    /// The files are being read and checked.
    Reading,
    /// Checked; a person decides.
    Ready,
    /// A file could not be read.
    Failed,
    /// Being applied.
    Applying,
    /// Everything is done.
    Applied,
    /// Put aside by a person.
    Dropped,
}

impl State {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Ready => "ready",
            Self::Failed => "failed",
            Self::Applying => "applying",
            Self::Applied => "applied",
            Self::Dropped => "dropped",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::Reading, Self::Ready, Self::Failed, Self::Applying, Self::Applied, Self::Dropped]
            .into_iter()
            .find(|s| s.code() == text)
    }
}
coded!(State);

/// A file of a batch.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct BatchFile {
    pub(super) name: String,
    pub(super) sha256: String,
}

record! {
    /// An import.
    #[derive(Clone, Debug)]
    pub(super) struct Batch {
        pub(super) id: Id,
        pub(super) files: String,
        pub(super) state: State,
        pub(super) created_by: Id,
        pub(super) created_at: Millis,
        pub(super) job: Option<Id>,
        pub(super) rows_total: i64,
        pub(super) added: i64,
        pub(super) changed: i64,
        pub(super) unchanged: i64,
        pub(super) refused: i64,
        pub(super) applied_upto: i64,
        pub(super) fault: String,
        /// Its lists are complete for the schools they name.
        pub(super) complete: bool,
        /// It is the mended rows of another, which is never complete.
        pub(super) mended: bool,
        pub(super) ended: i64,
        /// More roles of a school would end than end without asking again.
        pub(super) ended_over: bool,
    }
}

impl Batch {
    /// Key of the words for where it stands.
    pub(super) fn state_key(&self) -> String {
        format!("org-state-{}", self.state.code())
    }

    pub(super) fn files(&self) -> Result<Vec<BatchFile>> {
        Ok(serde_json::from_str(&self.files)?)
    }

    pub(super) fn file_names(&self) -> String {
        let files = self.files().unwrap_or_default();
        files.iter().map(|f| f.name.as_str()).collect::<Vec<_>>().join("、")
    }
}

macro_rules! select {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT id, files, state, created_by, created_at, job_id, rows_total, added, changed, unchanged,
                    refused, applied_upto, fault, complete, mended, ended, ended_over FROM org_batch ",
            $tail
        ))
    };
}

pub(super) fn find(r: &mut Reader, id: Id) -> Result<Batch> {
    r.one(select!("WHERE id = $1"), &[&id])
}

pub(super) fn latest(r: &mut Reader) -> Result<Vec<Batch>> {
    r.rows(select!("ORDER BY id DESC LIMIT 10"), &[])
}

pub(super) fn create(tx: &mut Tx, files: &[BatchFile], complete: bool, by: Id) -> Result<Id> {
    let (id, now, json) = (tx.new_id(), tx.now(), serde_json::to_string(files)?);
    tx.exec(
        sql!(
            "INSERT INTO org_batch (id, files, state, created_by, created_at, rows_total, added, changed,
                                     unchanged, refused, applied_upto, fault, complete)
              VALUES ($1, $2, 'reading', $3, $4, 0, 0, 0, 0, 0, 0, '', $5)"
        ),
        &[&id, &json, &by, &now, &complete],
    )?;
    Ok(id)
}

pub(super) fn set_job(tx: &mut Tx, id: Id, job: Id) -> Result<()> {
    tx.exec(sql!("UPDATE org_batch SET job_id = $1 WHERE id = $2"), &[&job, &id])?;
    Ok(())
}

/// Moves a batch on, if it stands where it is expected; tells whether it did.
pub(super) fn advance(tx: &mut Tx, id: Id, from: State, to: State) -> Result<bool> {
    let n = tx.exec(sql!("UPDATE org_batch SET state = $1 WHERE id = $2 AND state = $3"), &[&to, &id, &from])?;
    Ok(n == 1)
}

pub(super) fn fail(tx: &mut Tx, id: Id, fault: &str) -> Result<()> {
    tx.exec(
        sql!("UPDATE org_batch SET state = 'failed', fault = $1 WHERE id = $2 AND state = 'reading'"),
        &[&fault, &id],
    )?;
    Ok(())
}

/// What is sealed of a staged row.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Sealed {
    pub(super) said: Said,
    pub(super) class: Option<ClassKey>,
    pub(super) cells: Vec<String>,
}

/// Seal name of `org_row.sealed`, bound to the batch.
const SEALED: &str = "org_row.sealed";

/// A row ready to be staged.
#[derive(Clone)]
pub(super) struct Staged {
    sheet: SheetKind,
    number: i64,
    verdict: Verdict,
    unit_name: String,
    name: String,
    change: String,
    sealed: Vec<u8>,
    faults: String,
}

/// Seals a row; done before the write, off the writer.
pub(super) fn staged(vault: &Vault, batch: Id, row: &Planned) -> Result<Staged> {
    let sealed = Sealed { said: row.said.clone(), class: row.class, cells: row.cells.clone() };
    Ok(Staged {
        sheet: row.sheet,
        number: row.number as i64,
        verdict: row.verdict,
        unit_name: row.unit_name.clone(),
        name: row.name.clone(),
        change: serde_json::to_string(&row.changes)?,
        sealed: vault.seal_json(SEALED, batch, &sealed)?,
        faults: serde_json::to_string(&row.faults)?,
    })
}

pub(super) fn open(vault: &Vault, batch: Id, sealed: &[u8]) -> Result<Sealed> {
    vault.open_json(SEALED, batch, sealed)
}

/// Stages rows from a position on.
pub(super) fn stage(tx: &mut Tx, batch: Id, first: i64, rows: &[Staged]) -> Result<()> {
    let text = |s: &str| Value::Text(Cow::Owned(s.to_owned()));
    let values: Vec<Vec<Value<'_>>> = rows
        .iter()
        .zip(first..)
        .map(|(row, position)| {
            vec![
                Value::Int(tx.new_id().raw()),
                Value::Int(batch.raw()),
                Value::Int(position),
                text(row.sheet.code()),
                Value::Int(row.number),
                text(row.verdict.code()),
                text(&row.unit_name),
                text(&row.name),
                text(&row.change),
                Value::Bytes(Cow::Borrowed(&row.sealed)),
                text(&row.faults),
            ]
        })
        .collect();
    tx.insert_many_with(
        "org_row",
        &[
            "id",
            "batch_id",
            "position",
            "sheet",
            "row_number",
            "verdict",
            "unit_name",
            "name",
            "change",
            "sealed",
            "faults",
        ],
        "ON CONFLICT DO NOTHING",
        &values,
    )
}

/// Forgets some staged rows of a batch that is read anew; tells how many.
pub(super) fn unstage(tx: &mut Tx, batch: Id) -> Result<u64> {
    tx.exec(sql!("DELETE FROM org_row WHERE id IN (SELECT id FROM org_row WHERE batch_id = $1 LIMIT 2000)"), &[&batch])
}

/// Counts the staged rows into the batch, which is then ready.
pub(super) fn settle(tx: &mut Tx, batch: Id, mended: bool, ended_over: bool) -> Result<()> {
    let counts: Vec<(Verdict, i64)> =
        tx.rows(sql!("SELECT verdict, COUNT(*) FROM org_row WHERE batch_id = $1 GROUP BY verdict"), &[&batch])?;
    let of = |verdict| counts.iter().find(|(v, _)| *v == verdict).map_or(0, |(_, n)| *n);
    let total: i64 = counts.iter().map(|(_, n)| n).sum();
    tx.exec(
        sql!(
            "UPDATE org_batch SET state = 'ready', rows_total = $1, added = $2, changed = $3, unchanged = $4,
                                   refused = $5, ended = $6, mended = $7, ended_over = $8
              WHERE id = $9 AND state = 'reading'"
        ),
        &[
            &total,
            &of(Verdict::Added),
            &of(Verdict::Changed),
            &of(Verdict::Unchanged),
            &of(Verdict::Refused),
            &of(Verdict::Ended),
            &mended,
            &ended_over,
            &batch,
        ],
    )?;
    Ok(())
}

record! {
    /// A staged row as the preview shows it.
    #[derive(Clone, Debug)]
    pub(super) struct RowLine {
        pub(super) position: i64,
        pub(super) sheet: SheetKind,
        pub(super) number: i64,
        pub(super) verdict: Verdict,
        pub(super) unit_name: String,
        pub(super) name: String,
        change: String,
        faults: String,
    }
}

impl RowLine {
    pub(super) fn changes(&self) -> Result<Vec<Change>> {
        Ok(serde_json::from_str(&self.change)?)
    }

    pub(super) fn faults(&self) -> Result<Vec<Fault>> {
        Ok(serde_json::from_str(&self.faults)?)
    }
}

/// Rows of one verdict after a position.
pub(super) fn rows(r: &mut Reader, batch: Id, verdict: Verdict, after: i64, limit: i64) -> Result<Vec<RowLine>> {
    r.rows(
        sql!(
            "SELECT position, sheet, row_number, verdict, unit_name, name, change, faults FROM org_row
              WHERE batch_id = $1 AND verdict = $2 AND position > $3 ORDER BY position LIMIT $4"
        ),
        &[&batch, &verdict, &after, &limit],
    )
}

/// Sheet, row number, sealed content and faults of a refused row.
type RefusedRow = (SheetKind, i64, Vec<u8>, String);

/// Refused rows with what is sealed of them, for the file of bad rows; at most 20,000.
pub(super) fn refused(r: &mut Reader, batch: Id) -> Result<Vec<RefusedRow>> {
    r.rows(
        sql!(
            "SELECT sheet, row_number, sealed, faults FROM org_row
              WHERE batch_id = $1 AND verdict = 'refused' ORDER BY position LIMIT 20000"
        ),
        &[&batch],
    )
}

/// The next rows of a sheet to be applied.
pub(super) fn to_apply(
    r: &mut Reader,
    batch: Id,
    sheet: SheetKind,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, Vec<u8>)>> {
    r.rows(
        sql!(
            "SELECT position, sealed FROM org_row
              WHERE batch_id = $1 AND sheet = $2 AND position > $3 AND verdict IN ('added', 'changed', 'ended')
              ORDER BY position LIMIT $4"
        ),
        &[&batch, &sheet, &after, &limit],
    )
}

/// Notes how far applying has come; false when another worker was there first.
pub(super) fn applied_upto(tx: &mut Tx, batch: Id, before: i64, upto: i64) -> Result<bool> {
    let n = tx.exec(
        sql!("UPDATE org_batch SET applied_upto = $1 WHERE id = $2 AND applied_upto = $3 AND state = 'applying'"),
        &[&upto, &batch, &before],
    )?;
    Ok(n == 1)
}

pub(super) fn finish(tx: &mut Tx, batch: Id) -> Result<bool> {
    let now = tx.now();
    let n = tx.exec(
        sql!("UPDATE org_batch SET state = 'applied', applied_at = $1 WHERE id = $2 AND state = 'applying'"),
        &[&now, &batch],
    )?;
    Ok(n == 1)
}
