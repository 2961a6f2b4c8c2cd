//! Asking for letters, taking them back, trying again.

use super::{NewDispatch, RUN_JOB};
use gongyu_kernel::{Id, Result};
use gongyu_store::{Tx, Value, jobs, sql};

const COLUMNS: &[&str] = &[
    "id",
    "kind",
    "source_id",
    "school_id",
    "guardian_id",
    "account_id",
    "student_id",
    "round",
    "urgent",
    "state",
    "due_at",
];

/// Asks for letters. They go when the transaction has committed and their time has come; one statement
/// for 500 letters. Call it in chunks of a few thousand for a whole district.
///
/// # Errors
/// As any statement.
pub fn send(tx: &mut Tx, letters: &[NewDispatch]) -> Result<()> {
    if letters.is_empty() {
        return Ok(());
    }
    let id = |id: Option<Id>| id.map_or(Value::Null, |id| Value::Int(id.0));
    let rows: Vec<Vec<Value<'_>>> = letters
        .iter()
        .map(|new| {
            vec![
                Value::Int(tx.new_id().0),
                Value::Text(new.kind.into()),
                Value::Int(new.source.0),
                Value::Int(new.school.0),
                id(new.guardian),
                id(new.account),
                id(new.student),
                Value::Int(new.round),
                Value::Bool(new.urgent),
                Value::Text("queued".into()),
                Value::Int(new.due_at.0),
            ]
        })
        .collect();
    tx.insert_many("dispatch", COLUMNS, &rows)?;
    wake(tx)
}

/// Sees to it that the sending job runs soon.
pub(crate) fn wake(tx: &mut Tx) -> Result<()> {
    let now = tx.now();
    jobs::enqueue_once(tx, RUN_JOB, &(), now, RUN_JOB).map(drop)
}

/// Takes back letters that have not gone: those to `guardians`, or all of the record. What is with a
/// channel already stays as it is. Returns how many were taken back.
///
/// # Errors
/// As any statement.
pub fn cancel(tx: &mut Tx, kind: &'static str, source: Id, guardians: Option<&[Id]>) -> Result<u64> {
    let now = tx.now();
    match guardians {
        None => tx.exec(
            sql!(
                "UPDATE dispatch SET state = 'cancelled', held = '', changed_at = $1
                  WHERE source_id = $2 AND kind = $3 AND state = 'queued'"
            ),
            &[&now, &source, &kind],
        ),
        Some(ids) => tx.exec_in(
            sql!(
                "UPDATE dispatch SET state = 'cancelled', held = '', changed_at = $2
                  WHERE guardian_id IN ($1) AND source_id = $3 AND kind = $4 AND state = 'queued'"
            ),
            ids,
            &[&now, &source, &kind],
        ),
    }
}

/// Tries again what failed or was left to be done by hand, from the first channel on: for `guardians`, or for
/// all of the record. A letter whose answer was lost goes again only when its guardian is named, because
/// somebody then decided it. Returns how many.
///
/// # Errors
/// As any statement.
pub fn retry(tx: &mut Tx, kind: &'static str, source: Id, guardians: Option<&[Id]>) -> Result<u64> {
    let now = tx.now();
    let again = match guardians {
        None => tx.exec(
            sql!(
                "UPDATE dispatch SET state = 'queued', due_at = $1, changed_at = $1, lease_until = 0, attempts = 0,
                                      tried = '', held = '', channel = '', receipt = '', parcel_id = NULL
                  WHERE source_id = $2 AND kind = $3 AND state IN ('failed', 'by_hand')"
            ),
            &[&now, &source, &kind],
        )?,
        Some(ids) => tx.exec_in(
            sql!(
                "UPDATE dispatch SET state = 'queued', due_at = $2, changed_at = $2, lease_until = 0, attempts = 0,
                                      tried = '', held = '', channel = '', receipt = '', parcel_id = NULL
                  WHERE guardian_id IN ($1) AND source_id = $3 AND kind = $4
                    AND state IN ('failed', 'by_hand', 'unknown')"
            ),
            ids,
            &[&now, &source, &kind],
        )?,
    };
    if again > 0 {
        wake(tx)?;
    }
    Ok(again)
}
