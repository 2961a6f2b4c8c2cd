//! A family is the children who share a guardian.

use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, Tx, record, sql};

/// A family of its own, for a child not yet tied to any guardian.
///
/// # Errors
/// As any statement.
pub fn create(tx: &mut Tx) -> Result<Id> {
    let (id, now) = (tx.new_id(), tx.now());
    tx.exec(sql!("INSERT INTO family (id, created_at) VALUES ($1, $2)"), &[&id, &now])?;
    Ok(id)
}

/// Joins the families of all children who share this guardian into the oldest of them.
///
/// # Errors
/// As any statement.
pub fn join_by_guardian(tx: &mut Tx, guardian: Id) -> Result<()> {
    let families: Vec<(Id,)> = tx.rows(
        sql!(
            "SELECT DISTINCT s.family_id FROM guardianship k JOIN student s ON s.id = k.student_id
              WHERE k.guardian_id = $1 AND k.valid_to IS NULL ORDER BY s.family_id"
        ),
        &[&guardian],
    )?;
    let Some(((oldest,), others)) = families.split_first() else {
        return Ok(());
    };
    for (other,) in others {
        tx.exec(sql!("UPDATE student SET family_id = $1 WHERE family_id = $2"), &[oldest, other])?;
    }
    Ok(())
}

record! {
    /// A brother or sister in school.
    #[derive(Clone, Debug)]
    pub struct Sibling {
        /// Pupil.
        pub id: Id,
        /// Name.
        pub name: String,
        /// Class.
        pub class: Option<Id>,
        /// School.
        pub school: Id,
    }
}

/// The other children of a child's family, by age.
///
/// # Errors
/// As any statement.
pub fn siblings(r: &mut Reader, student: Id) -> Result<Vec<Sibling>> {
    r.rows(
        sql!(
            "SELECT o.id, o.name, o.class_id, o.school_id FROM student s
              JOIN student o ON o.family_id = s.family_id AND o.id <> s.id
              WHERE s.id = $1 AND o.state = 'active' ORDER BY o.birth_date, o.id LIMIT 20"
        ),
        &[&student],
    )
}
