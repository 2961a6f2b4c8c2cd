//! A number somebody found: kept sealed until the class teacher takes it over or refuses it.

use super::super::model::{Level, StepKind, Task};
use super::steps::lay;
use super::{NewStep, held_open, note};
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_registry::people;
use gongyu_registry::roster::id_number::Phone;
use gongyu_store::{Reader, Tx, record, sql};
use gongyu_vault::Vault;

const SEALED: &str = "unreached_number.sealed";

record! {
    struct Stored {
        id: Id,
        guardian: Id,
        name: String,
        unit: String,
        sealed: Vec<u8>,
        at: Millis,
    }
}

/// A number that waits.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Identifier.
    pub id: Id,
    /// Whose it is.
    pub guardian: Id,
    /// Their name.
    pub name: String,
    /// The unit that found it.
    pub unit: String,
    /// The number.
    pub number: String,
    /// When.
    pub at: Millis,
}

/// The numbers of a task that wait, oldest first.
///
/// # Errors
/// As any statement, or `Error::Internal` when one cannot be opened.
pub fn numbers_of(r: &mut Reader, vault: &Vault, task: Id) -> Result<Vec<Waiting>> {
    let rows: Vec<Stored> = r.rows(
        sql!(
            "SELECT n.id, n.guardian_id, g.name, u.name, n.sealed, n.suggested_at FROM unreached_number n
              JOIN guardian g ON g.id = n.guardian_id JOIN unit u ON u.id = n.unit_id
              WHERE n.task_id = $1 AND n.state = 'waiting' ORDER BY n.id"
        ),
        &[&task],
    )?;
    rows.into_iter()
        .map(|row| {
            Ok(Waiting {
                number: vault.open_text(SEALED, row.id, &row.sealed)?,
                id: row.id,
                guardian: row.guardian,
                name: row.name,
                unit: row.unit,
                at: row.at,
            })
        })
        .collect()
}

/// Suggests a number for a guardian of the child; a second one for the same guardian takes the first one's place.
///
/// # Errors
/// `Error::Invalid` for somebody who is not the child's guardian; otherwise as `held_open`.
pub fn suggest(tx: &mut Tx, vault: &Vault, id: Id, seen: i64, guardian: Id, number: &Phone, by: Id) -> Result<()> {
    let (task, _) = held_open(tx, id, Some(seen))?;
    let ties = people::guardians_of(tx, task.student)?;
    if !ties.iter().any(|k| k.guardian == guardian && !k.restricted) {
        return Err(Error::field("guardian", "field-choose"));
    }
    let now = tx.now();
    tx.exec(
        sql!(
            "UPDATE unreached_number SET state = 'replaced', decided_at = $1
              WHERE task_id = $2 AND guardian_id = $3 AND state = 'waiting'"
        ),
        &[&now, &task.id, &guardian],
    )?;
    let new = tx.new_id();
    let sealed = vault.seal(SEALED, new, number.as_str().as_bytes())?;
    tx.exec(
        sql!(
            "INSERT INTO unreached_number (id, task_id, school_id, student_id, guardian_id, sealed, suggested_by,
                                            suggested_at, unit_id, state, words)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', '')"
        ),
        &[&new, &task.id, &task.school, &task.student, &guardian, &sealed, &by, &now, &task.unit],
    )?;
    note(tx, &task, &NewStep { from: Some(task.unit), ..NewStep::plain(StepKind::Number, Some(by), "") })
}

/// Takes a number over into the guardian's record, or refuses it with a word. Taken over, the errand goes
/// back to the class teacher, who calls; refused, it stays where it lies. Gives the children whose guardian's
/// number changed.
///
/// # Errors
/// `Error::NotFound` when it waits no longer; otherwise as `held_open`.
pub fn decide(tx: &mut Tx, vault: &Vault, task: Id, number: Id, accept: bool, words: &str, by: Id) -> Result<Vec<Id>> {
    let (task, errand) = held_open(tx, task, None)?;
    let (guardian, sealed): (Id, Vec<u8>) = tx.one(
        sql!("SELECT guardian_id, sealed FROM unreached_number WHERE id = $1 AND task_id = $2 AND state = 'waiting'"),
        &[&number, &task.id],
    )?;
    let (now, state) = (tx.now(), if accept { "accepted" } else { "refused" });
    tx.exec(
        sql!("UPDATE unreached_number SET state = $1, decided_by = $2, decided_at = $3, words = $4 WHERE id = $5"),
        &[&state, &by, &now, &words, &number],
    )?;
    if !accept {
        note(tx, &task, &NewStep::plain(StepKind::Refused, Some(by), words))?;
        return Ok(Vec::new());
    }
    let phone = vault.open_text(SEALED, number, &sealed)?;
    people::set_phone(tx, vault, guardian, Some(&phone))?;
    let children = people::reindex_children(tx, vault, guardian)?;
    for one in &errand {
        to_teacher(tx, one, by)?;
    }
    Ok(children)
}

fn to_teacher(tx: &mut Tx, task: &Task, by: Id) -> Result<()> {
    match task.class {
        Some(class) => lay(tx, task, StepKind::Accepted, (Level::Class, class), Some(by), ""),
        None => note(tx, task, &NewStep::plain(StepKind::Accepted, Some(by), "")),
    }
}
