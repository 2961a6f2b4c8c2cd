//! The staged rows of imports.

use super::chunk;
use super::model::{StagedRow, Verdict};
use gongyu_kernel::{Date, Id, Result};
use gongyu_store::list::{Filter, Group, ListSpec, Order};
use gongyu_store::{Reader, ToValue, Tx, list_spec, record, sql};
use gongyu_vault::Vault;
use std::collections::HashMap;

/// Adds staged rows and says how many rows of the file are read.
pub(super) fn add(tx: &mut Tx, batch: Id, rows: &[StagedRow], rows_read: i64) -> Result<()> {
    let mut problems = Vec::with_capacity(rows.len());
    for row in rows {
        problems.push(if row.problems.is_empty() { String::new() } else { serde_json::to_string(&row.problems)? });
    }
    let applied = false;
    let values: Vec<_> = rows
        .iter()
        .zip(&problems)
        .map(|(row, problems)| {
            vec![
                batch.to_value(),
                row.number.to_value(),
                row.verdict.to_value(),
                applied.to_value(),
                row.school.to_value(),
                row.student.to_value(),
                row.name.to_value(),
                row.id_blind.to_value(),
                row.roll_blind.to_value(),
                row.row_hash.to_value(),
                row.since.to_value(),
                row.topic.to_value(),
                row.fix_key.to_value(),
                row.sealed.to_value(),
                problems.to_value(),
                row.other.to_value(),
            ]
        })
        .collect();
    tx.insert_many(
        "import_row",
        &[
            "batch_id",
            "row_number",
            "verdict",
            "applied",
            "school_id",
            "student_id",
            "name",
            "id_blind",
            "roll_blind",
            "row_hash",
            "since",
            "topic",
            "fix_key",
            "sealed",
            "problems",
            "other_id",
        ],
        &values,
    )?;
    tx.exec(sql!("UPDATE import_batch SET rows_read = $1 WHERE id = $2"), &[&rows_read, &batch])?;
    Ok(())
}

record! {
    /// A staged row as it is stored.
    #[derive(Clone, Debug)]
    pub(crate) struct StoredRow {
        pub number: i64,
        pub verdict: Verdict,
        pub school: Option<Id>,
        pub student: Option<Id>,
        pub name: String,
        pub id_blind: Option<String>,
        pub roll_blind: Option<String>,
        pub row_hash: String,
        pub since: Option<Date>,
        pub fix_key: String,
        pub sealed: Vec<u8>,
        pub problems: String,
        pub other: Option<Id>,
    }
}

macro_rules! rows {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT r.row_number, r.verdict, r.school_id, r.student_id, r.name, r.id_blind, r.roll_blind,
                    r.row_hash, r.since, r.fix_key, r.sealed, r.problems, r.other_id FROM import_row r ",
            $tail
        ))
    };
}

pub(crate) fn row(r: &mut Reader, batch: Id, number: i64) -> Result<StoredRow> {
    r.one(rows!("WHERE r.batch_id = $1 AND r.row_number = $2"), &[&batch, &number])
}

/// The next rows to be written after a row.
pub(super) fn unwritten(r: &mut Reader, batch: Id, after: i64, limit: i64) -> Result<Vec<StoredRow>> {
    r.rows(
        rows!(
            "WHERE r.batch_id = $1 AND r.row_number > $2 AND NOT r.applied
               AND r.verdict IN ('added', 'changed', 'moved', 'left') ORDER BY r.row_number LIMIT $3"
        ),
        &[&batch, &after, &limit],
    )
}

/// How many rows are still to be written.
pub(crate) fn unwritten_count(r: &mut Reader, batch: Id) -> Result<i64> {
    let single: i64 = r.scalar(
        sql!(
            "SELECT COUNT(*) FROM import_row WHERE batch_id = $1 AND NOT applied
              AND verdict IN ('added', 'changed', 'moved', 'left')"
        ),
        &[&batch],
    )?;
    Ok(single + chunk::unwritten(r, batch)?)
}

/// The rows that wait for a person, from the first on.
pub(crate) fn waiting(r: &mut Reader, batch: Id, limit: i64) -> Result<Vec<StoredRow>> {
    r.rows(
        rows!("WHERE r.batch_id = $1 AND r.verdict IN ('asked', 'refused') ORDER BY r.row_number LIMIT $2"),
        &[&batch, &limit],
    )
}

/// The rows with the same writing and the same mending.
pub(crate) fn same_writing(r: &mut Reader, batch: Id, fix_key: &str, limit: i64) -> Result<Vec<(i64,)>> {
    r.rows(
        sql!(
            "SELECT row_number FROM import_row WHERE batch_id = $1 AND fix_key = $2 AND fix_key <> ''
              AND verdict IN ('asked', 'refused') ORDER BY row_number LIMIT $3"
        ),
        &[&batch, &fix_key, &limit],
    )
}

/// Removes some of the staged rows; call again while it returns more than 0.
pub(super) fn remove(tx: &mut Tx, batch: Id) -> Result<u64> {
    tx.exec(
        sql!(
            "DELETE FROM import_row WHERE batch_id = $1 AND row_number IN
              (SELECT row_number FROM import_row WHERE batch_id = $1 ORDER BY row_number LIMIT 2000)"
        ),
        &[&batch],
    )
}

/// Marks the rows of a chunk as written and drops their sealed part, which now lives with the pupil.
pub(super) fn mark_applied(tx: &mut Tx, batch: Id, first: i64, last: i64) -> Result<u64> {
    let (yes, nothing) = (true, Vec::<u8>::new());
    let done = tx.exec(
        sql!(
            "UPDATE import_row SET applied = $1, sealed = $2
              WHERE batch_id = $3 AND row_number >= $4 AND row_number <= $5 AND NOT applied
                AND verdict IN ('added', 'changed', 'moved', 'left')"
        ),
        &[&yes, &nothing, &batch, &first, &last],
    )?;
    Ok(done)
}

/// Notes how many rows are written.
pub(super) fn count_written(tx: &mut Tx, batch: Id, rows: usize) -> Result<()> {
    let rows = i64::try_from(rows).unwrap_or(0);
    tx.exec(sql!("UPDATE import_batch SET written = written + $1 WHERE id = $2"), &[&rows, &batch])?;
    Ok(())
}

/// Changes a staged row after a person mended or answered it.
pub(super) fn replace(tx: &mut Tx, batch: Id, old: Verdict, row: &StagedRow) -> Result<()> {
    tx.exec(sql!("DELETE FROM import_row WHERE batch_id = $1 AND row_number = $2"), &[&batch, &row.number])?;
    let read: i64 = tx.scalar(sql!("SELECT rows_read FROM import_batch WHERE id = $1"), &[&batch])?;
    add(tx, batch, std::slice::from_ref(row), read)?;
    if old == row.verdict {
        return Ok(());
    }
    let step = |verdict: Verdict| i64::from(row.verdict == verdict) - i64::from(old == verdict);
    tx.exec(
        sql!(
            "UPDATE import_batch SET added = added + $1, changed = changed + $2, moved = moved + $3,
                     unchanged = unchanged + $4, refused = refused + $5, asked = asked + $6 WHERE id = $7"
        ),
        &[
            &step(Verdict::Added),
            &step(Verdict::Changed),
            &step(Verdict::Moved),
            &step(Verdict::Unchanged),
            &step(Verdict::Refused),
            &step(Verdict::Asked),
            &batch,
        ],
    )?;
    Ok(())
}

/// Notes that a waiting row came back mended in another file.
pub(super) fn settle(tx: &mut Tx, batch: Id, number: i64, was: Verdict) -> Result<()> {
    let changed = tx.exec(
        sql!("UPDATE import_row SET verdict = 'settled' WHERE batch_id = $1 AND row_number = $2 AND verdict = $3"),
        &[&batch, &number, &was],
    )?;
    let step = |verdict: Verdict| i64::from(changed > 0 && was == verdict);
    tx.exec(
        sql!("UPDATE import_batch SET refused = refused - $1, asked = asked - $2 WHERE id = $3"),
        &[&step(Verdict::Refused), &step(Verdict::Asked), &batch],
    )?;
    Ok(())
}

/// Another row of the file with the same identity or roll number.
pub(super) fn twin(
    r: &mut Reader,
    vault: &Vault,
    batch: Id,
    row: i64,
    id: Option<&str>,
    roll: Option<&str>,
) -> Result<Option<Twin>> {
    if id.is_none() && roll.is_none() {
        return Ok(None);
    }
    if let Some(twin) = chunk::twin(r, vault, batch, id, roll, row)? {
        return Ok(Some(twin));
    }
    if let Some(id) = id
        && let Some((number, name)) = r.row(
            sql!(
                "SELECT row_number, name FROM import_row
                  WHERE batch_id = $1 AND id_blind = $2 AND row_number <> $3 ORDER BY row_number LIMIT 1"
            ),
            &[&batch, &id, &row],
        )?
    {
        return Ok(Some(Twin { by_id: true, number, name }));
    }
    let Some(roll) = roll else { return Ok(None) };
    let found: Option<(i64, String)> = r.row(
        sql!(
            "SELECT row_number, name FROM import_row
              WHERE batch_id = $1 AND roll_blind = $2 AND row_number <> $3 ORDER BY row_number LIMIT 1"
        ),
        &[&batch, &roll, &row],
    )?;
    Ok(found.map(|(number, name)| Twin { by_id: false, number, name }))
}

/// The other row.
pub(super) struct Twin {
    pub by_id: bool,
    pub number: i64,
    pub name: String,
}

list_spec! {
    /// The rows of an import that wait for a person.
    pub(crate) static STAGED = ListSpec {
        name: "roster-waiting",
        columns: "r.row_number, r.name, r.fix_key, r.problems",
        from: "FROM import_row r WHERE r.batch_id = $1 AND r.verdict IN ('asked', 'refused')",
        fixed: 1,
        filters: &[Filter { name: "topic", sql: "r.topic = $1", params: 1 }],
        orders: &[Order { name: "row", keys: &[("r.row_number", false)] }],
        groups: &[Group { name: "topic", sql: "r.topic" }],
    };
}

record! {
    /// A waiting row as a page lists it.
    #[derive(Clone, Debug)]
    pub(crate) struct ShownRow {
        pub number: i64,
        pub name: String,
        pub fix_key: String,
        pub problems: String,
    }
}

/// How many rows have the same writing with the same mending.
pub(crate) fn fix_keys(r: &mut Reader, batch: Id) -> Result<HashMap<String, i64>> {
    let found: Vec<(String, i64)> = r.rows(
        sql!(
            "SELECT fix_key, COUNT(*) FROM import_row WHERE batch_id = $1 AND fix_key <> ''
              AND verdict IN ('asked', 'refused') GROUP BY fix_key ORDER BY fix_key"
        ),
        &[&batch],
    )?;
    Ok(found.into_iter().collect())
}
