//! Consent taken back for a child, or refused: what concerns the child is held back from that guardian at once.
//!
//! `may_receive` itself is turned off, so that every statement of every room that asks for it is right
//! without asking more; what custody says is kept beside it and comes back with consent.

use super::student::Student;
use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, Tx, sql};

/// Holds back what concerns a child from a guardian.
///
/// # Errors
/// As any statement.
pub fn hold_back(tx: &mut Tx, guardian: Id, student: Id) -> Result<()> {
    tx.exec(
        sql!(
            "UPDATE guardianship SET custody_receives = may_receive, may_receive = FALSE, withheld = TRUE
              WHERE guardian_id = $1 AND student_id = $2 AND NOT withheld"
        ),
        &[&guardian, &student],
    )?;
    Ok(())
}

/// Lets a guardian receive again what custody lets them receive.
///
/// # Errors
/// As any statement.
pub fn release(tx: &mut Tx, guardian: Id, student: Id) -> Result<()> {
    tx.exec(
        sql!(
            "UPDATE guardianship SET may_receive = custody_receives, withheld = FALSE
              WHERE guardian_id = $1 AND student_id = $2 AND withheld"
        ),
        &[&guardian, &student],
    )?;
    Ok(())
}

/// The children in school held back from a guardian who could have them by consenting, oldest first.
///
/// # Errors
/// As any statement.
pub fn withheld_children(r: &mut Reader, guardian: Id) -> Result<Vec<Student>> {
    r.rows(
        sql!(
            "SELECT s.id, s.school_id, s.class_id, s.family_id, s.name, s.sex, s.birth_date, s.state,
                     s.number_in_class, s.left_behind, s.migrant, s.boarding, s.special, s.joined_on, s.left_on
              FROM guardianship k JOIN student s ON s.id = k.student_id
              WHERE k.guardian_id = $1 AND k.valid_to IS NULL AND k.withheld AND k.custody_receives
                AND NOT k.restricted AND s.state = 'active'
              ORDER BY s.birth_date, s.id"
        ),
        &[&guardian],
    )
}

/// Holds back what a tie made anew would open although its guardian had taken consent back: told whenever
/// guardianships of some children changed.
///
/// # Errors
/// As any statement.
pub fn settle(tx: &mut Tx, students: &[Id]) -> Result<()> {
    let open: Vec<(Id, Id)> = tx.rows_in(
        sql!(
            "SELECT DISTINCT k.guardian_id, k.student_id FROM guardianship k
              JOIN consent c ON c.student_id = k.student_id AND c.guardian_id = k.guardian_id
              WHERE k.student_id IN ($1) AND k.valid_to IS NULL AND NOT k.withheld AND c.withdrawn_at IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM consent d WHERE d.student_id = k.student_id
                                AND d.guardian_id = k.guardian_id AND d.withdrawn_at IS NULL)"
        ),
        students,
        &[],
    )?;
    for (guardian, student) in open {
        hold_back(tx, guardian, student)?;
    }
    Ok(())
}
