//! A family is the children who share a guardian.

use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, Tx, record, sql};
use std::collections::{BTreeMap, HashMap};

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

/// Parts a family whose children no longer hang together by guardians of today: the children with the
/// oldest record keep it, every other group becomes a family of its own. Who is kept from a child by an
/// order is still kin: a restriction parts nobody.
///
/// # Errors
/// As any statement.
pub fn part(tx: &mut Tx, family: Id) -> Result<()> {
    let children: Vec<(Id,)> = tx.rows(sql!("SELECT id FROM student WHERE family_id = $1 ORDER BY id"), &[&family])?;
    if children.len() < 2 {
        return Ok(());
    }
    let children: Vec<Id> = children.into_iter().map(|(id,)| id).collect();
    let ties: Vec<(Id, Id)> = tx.rows_in(
        sql!("SELECT student_id, guardian_id FROM guardianship WHERE student_id IN ($1) AND valid_to IS NULL"),
        &children,
        &[],
    )?;
    for group in groups(&children, &ties).into_iter().skip(1) {
        let own = create(tx)?;
        tx.exec_in(sql!("UPDATE student SET family_id = $2 WHERE id IN ($1)"), &group, &[&own])?;
    }
    Ok(())
}

/// Children who hang together by shared guardians, the group of the first child first.
fn groups(children: &[Id], ties: &[(Id, Id)]) -> Vec<Vec<Id>> {
    let mut of: HashMap<Id, usize> = children.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let mut by_guardian: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for (child, guardian) in ties {
        by_guardian.entry(*guardian).or_default().push(*child);
    }
    for shared in by_guardian.values() {
        let marks: Vec<usize> = shared.iter().filter_map(|child| of.get(child).copied()).collect();
        let Some(first) = marks.iter().copied().min() else { continue };
        of.values_mut().filter(|mark| marks.contains(mark)).for_each(|mark| *mark = first);
    }
    let mut out: BTreeMap<usize, Vec<Id>> = BTreeMap::new();
    for child in children {
        out.entry(of.get(child).copied().unwrap_or_default()).or_default().push(*child);
    }
    out.into_values().collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(raw: &[i64]) -> Vec<Id> {
        raw.iter().copied().map(Id).collect()
    }

    #[test]
    fn children_hang_together_through_any_chain_of_guardians() {
        let ties = [(Id(1), Id(10)), (Id(2), Id(10)), (Id(2), Id(11)), (Id(3), Id(11)), (Id(4), Id(12))];
        assert_eq!(groups(&ids(&[1, 2, 3, 4]), &ties), [ids(&[1, 2, 3]), ids(&[4])]);
    }

    #[test]
    fn without_the_guardian_between_them_they_are_two_families() {
        let ties = [(Id(1), Id(10)), (Id(2), Id(11)), (Id(3), Id(11))];
        assert_eq!(groups(&ids(&[1, 2, 3]), &ties), [ids(&[1]), ids(&[2, 3])]);
        assert_eq!(groups(&ids(&[1, 2]), &[]), [ids(&[1]), ids(&[2])]);
    }
}
