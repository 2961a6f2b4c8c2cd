//! Leaders and subject teachers who come along.

use super::model::{Company, VisitId};
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Reader, Tx, record, sql};

record! {
    /// A companion.
    #[derive(Clone, Debug)]
    pub struct Companion {
        /// Member of staff.
        pub staff: Id,
        /// Name.
        pub name: String,
        /// Post.
        pub title: String,
        /// Where they stand.
        pub state: Company,
    }
}

/// The companions of a visit.
///
/// # Errors
/// As any statement.
pub fn companions(r: &mut Reader, visit: VisitId) -> Result<Vec<Companion>> {
    r.rows(
        sql!(
            "SELECT k.staff_id, s.name, s.title, k.state FROM visit_companion k JOIN staff s ON s.id = k.staff_id
              WHERE k.visit_id = $1 ORDER BY k.invited_at, s.name_key, s.id"
        ),
        &[&visit],
    )
}

/// Invites staff of the school; who is invited already stays as they are, who could not come is asked again.
///
/// # Errors
/// `Error::NotFound` for somebody who is not of the school.
pub fn invite(tx: &mut Tx, (visit, school): (VisitId, Id), staff: &[Id], by: Id) -> Result<()> {
    let now = tx.now();
    for one in staff {
        let found: Option<(Id,)> = tx
            .row(sql!("SELECT id FROM staff WHERE id = $1 AND school_id = $2 AND state = 'active'"), &[one, &school])?;
        if found.is_none() {
            return Err(Error::NotFound);
        }
        tx.exec(
            sql!(
                "INSERT INTO visit_companion (visit_id, staff_id, school_id, state, invited_by, invited_at)
                  VALUES ($1, $2, $3, 'invited', $4, $5)
                  ON CONFLICT (visit_id, staff_id) DO UPDATE SET
                     state = CASE WHEN visit_companion.state = 'not_coming' THEN 'invited' ELSE visit_companion.state END"
            ),
            &[&visit, one, &school, &by, &now],
        )?;
    }
    Ok(())
}

/// Takes an invitation back.
///
/// # Errors
/// As any statement.
pub fn uninvite(tx: &mut Tx, visit: VisitId, staff: Id) -> Result<()> {
    tx.exec(sql!("DELETE FROM visit_companion WHERE visit_id = $1 AND staff_id = $2"), &[&visit, &staff]).map(drop)
}

/// A companion's answer.
///
/// # Errors
/// `Error::NotFound` for who was not invited.
pub fn answer(tx: &mut Tx, visit: VisitId, staff: Id, comes: bool) -> Result<()> {
    let now = tx.now();
    let state = if comes { Company::Coming } else { Company::NotComing };
    let changed = tx.exec(
        sql!("UPDATE visit_companion SET state = $1, answered_at = $2 WHERE visit_id = $3 AND staff_id = $4"),
        &[&state, &now, &visit, &staff],
    )?;
    if changed == 0 { Err(Error::NotFound) } else { Ok(()) }
}
