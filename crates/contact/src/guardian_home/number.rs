//! “号码不对？” A guardian tells the class teacher that a number is wrong; the teacher mends it and closes the request.

use gongyu_kernel::{Id, Millis, Result};
use gongyu_registry::people::Student;
use gongyu_store::{Reader, Tx, record, sql};
use gongyu_vault::Vault;

const SEALED: &str = "number_request.sealed";

record! {
    struct Stored {
        id: Id,
        student: Id,
        student_name: String,
        guardian_name: String,
        sealed: Vec<u8>,
        made_at: Millis,
    }
}

/// A request on the desk of the class teacher.
#[derive(Clone, Debug)]
pub struct NumberTask {
    /// Identifier.
    pub id: Id,
    /// The child.
    pub child: Id,
    /// Its name.
    pub child_name: String,
    /// Who asks.
    pub guardian_name: String,
    /// The right number, when it was given.
    pub number: String,
    /// When.
    pub made_at: Millis,
}

/// The open requests of the children of a class, oldest first.
///
/// # Errors
/// As any statement, or `Error::Internal` when one cannot be opened.
pub fn open_requests(r: &mut Reader, vault: &Vault, class: Id) -> Result<Vec<NumberTask>> {
    let rows: Vec<Stored> = r.rows(
        sql!(
            "SELECT q.id, q.student_id, s.name, g.name, q.sealed, q.made_at
              FROM student s JOIN number_request q ON q.student_id = s.id AND q.done_at IS NULL
              JOIN guardian g ON g.id = q.guardian_id
              WHERE s.class_id = $1 AND s.state = 'active' ORDER BY q.id LIMIT 20"
        ),
        &[&class],
    )?;
    rows.into_iter()
        .map(|row| {
            Ok(NumberTask {
                number: vault.open_text(SEALED, row.id, &row.sealed)?,
                id: row.id,
                child: row.student,
                child_name: row.student_name,
                guardian_name: row.guardian_name,
                made_at: row.made_at,
            })
        })
        .collect()
}

/// Asks for a number to be mended. Asking again while a request is open says the new number instead.
pub(super) fn ask(tx: &mut Tx, vault: &Vault, student: &Student, guardian: Id, number: &str) -> Result<Id> {
    let open: Option<(Id,)> = tx.row(
        sql!("SELECT id FROM number_request WHERE student_id = $1 AND guardian_id = $2 AND done_at IS NULL"),
        &[&student.id, &guardian],
    )?;
    let (id, now) = (open.map_or_else(|| tx.new_id(), |(id,)| id), tx.now());
    let sealed = vault.seal(SEALED, id, number.as_bytes())?;
    if open.is_some() {
        tx.exec(sql!("UPDATE number_request SET sealed = $1, made_at = $2 WHERE id = $3"), &[&sealed, &now, &id])?;
    } else {
        tx.exec(
            sql!(
                "INSERT INTO number_request (id, school_id, student_id, guardian_id, sealed, made_at)
                  VALUES ($1, $2, $3, $4, $5, $6)"
            ),
            &[&id, &student.school, &student.id, &guardian, &sealed, &now],
        )?;
    }
    Ok(id)
}

/// The child a request is about.
pub(super) fn child_of(r: &mut Reader, id: Id) -> Result<Id> {
    r.scalar(sql!("SELECT student_id FROM number_request WHERE id = $1"), &[&id])
}

/// Closes a request, or opens it again.
pub(super) fn close(tx: &mut Tx, id: Id, by: Id, done: bool) -> Result<()> {
    let now = tx.now();
    let (at, by) = if done { (Some(now), Some(by)) } else { (None, None) };
    tx.exec(sql!("UPDATE number_request SET done_at = $1, done_by = $2 WHERE id = $3"), &[&at, &by, &id])?;
    Ok(())
}
