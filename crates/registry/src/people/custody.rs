//! What a guardian, or another person a child is handed to, may receive and do; and mending it by hand.

use super::family;
use super::guardian::{GuardianOf, guardians_of, phone_of};
use super::model::{GUARDIAN_PHONE, PHONE_BLIND, Relation};
use super::student::{Student, index_student};
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Reader, Tx, record, sql};
use gongyu_vault::Vault;

/// What somebody may do about one child.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Custody {
    /// Receives what concerns the child.
    pub may_receive: bool,
    /// May be handed the child at the gate.
    pub may_pick_up: bool,
    /// Kept from the child by an order or agreement.
    pub restricted: bool,
    /// Which order or agreement; empty when not restricted.
    pub note: String,
}

impl Custody {
    /// The same without contradictions: who is kept from a child receives nothing about it and is not
    /// handed the child, and a note stands only beside a restriction.
    #[must_use]
    pub fn settled(self) -> Self {
        if self.restricted {
            Self { may_receive: false, may_pick_up: false, ..self }
        } else {
            Self { note: String::new(), ..self }
        }
    }
}

/// A tie between a child and a guardian that holds today.
///
/// # Errors
/// `Error::NotFound` when it is another child's or has ended.
pub fn find_tie(r: &mut Reader, student: Id, tie: Id) -> Result<GuardianOf> {
    guardians_of(r, student)?.into_iter().find(|g| g.id == tie).ok_or(Error::NotFound)
}

record! {
    /// A guardian of somebody in a class, for a list.
    #[derive(Clone, Debug)]
    pub struct ClassGuardian {
        /// Pupil.
        pub student: Id,
        /// Name.
        pub name: String,
        /// Relation.
        pub relation: Relation,
        /// Everyday word for it; may be empty.
        pub kin: String,
        /// A guardian in law.
        pub is_guardian: bool,
        /// May receive what concerns the child, by whatever way they agree to.
        pub may_receive: bool,
        /// Whether a telephone is known.
        pub has_phone: bool,
        /// Account, once activated and while consent stands.
        pub account: Option<Id>,
    }
}

/// The guardians of every pupil of a class today, in the order of the roster.
///
/// # Errors
/// As any statement.
pub fn guardians_of_class(r: &mut Reader, class: Id) -> Result<Vec<ClassGuardian>> {
    r.rows(
        sql!(
            "SELECT s.id, g.name, k.relation, k.kin, k.is_guardian,
                     (k.may_receive OR (k.withheld AND k.custody_receives)) AND NOT k.restricted,
                     g.phone_blind IS NOT NULL, CASE WHEN k.withheld THEN NULL ELSE a.id END
              FROM student s JOIN guardianship k ON k.student_id = s.id AND k.valid_to IS NULL
              JOIN guardian g ON g.id = k.guardian_id LEFT JOIN account a ON a.guardian_id = g.id
              WHERE s.class_id = $1 AND s.state = 'active' ORDER BY s.id, k.position, k.id"
        ),
        &[&class],
    )
}

record! {
    /// A guardian of somebody in a class with the sealed number, for a file.
    #[derive(Clone, Debug)]
    pub struct GuardianNumber {
        /// Pupil.
        pub student: Id,
        /// Guardian.
        pub guardian: Id,
        /// Name.
        pub name: String,
        /// Relation.
        pub relation: Relation,
        /// Everyday word for it; may be empty.
        pub kin: String,
        /// The telephone, sealed.
        pub sealed: Option<Vec<u8>>,
    }
}

impl GuardianNumber {
    /// The telephone.
    ///
    /// # Errors
    /// `Error::Internal` when it cannot be opened.
    pub fn open(&self, vault: &Vault) -> Result<Option<String>> {
        self.sealed.as_ref().map(|bytes| vault.open_text(GUARDIAN_PHONE, self.guardian, bytes)).transpose()
    }
}

/// The guardians of every pupil of a class whom custody lets be called, in the order of the roster.
///
/// # Errors
/// As any statement.
pub fn numbers_of_class(r: &mut Reader, class: Id) -> Result<Vec<GuardianNumber>> {
    r.rows(
        sql!(
            "SELECT s.id, g.id, g.name, k.relation, k.kin, g.phone_sealed
              FROM student s JOIN guardianship k ON k.student_id = s.id AND k.valid_to IS NULL
              JOIN guardian g ON g.id = k.guardian_id
              WHERE s.class_id = $1 AND s.state = 'active' AND NOT k.restricted ORDER BY s.id, k.position, k.id"
        ),
        &[&class],
    )
}

/// Changes what follows from custody; contradictions are settled first. Who took consent back goes on
/// receiving nothing until they consent again.
///
/// # Errors
/// As any statement.
pub fn set_custody(tx: &mut Tx, tie: Id, custody: Custody) -> Result<()> {
    let settled = custody.settled();
    tx.exec(
        sql!(
            "UPDATE guardianship SET may_receive = CASE WHEN withheld THEN FALSE ELSE $1 END, custody_receives = $1,
                                      may_pick_up = $2, restricted = $3, restriction_note = $4
              WHERE id = $5"
        ),
        &[&settled.may_receive, &settled.may_pick_up, &settled.restricted, &settled.note, &tie],
    )?;
    Ok(())
}

/// Changes what a guardian is to a child.
///
/// # Errors
/// As any statement.
pub fn set_relation(tx: &mut Tx, tie: Id, relation: Relation, kin: &str, is_guardian: bool) -> Result<()> {
    tx.exec(
        sql!("UPDATE guardianship SET relation = $1, kin = $2, is_guardian = $3 WHERE id = $4"),
        &[&relation, &kin, &is_guardian, &tie],
    )?;
    Ok(())
}

/// Brings back a tie that was ended, unless the two are tied again already.
///
/// # Errors
/// `Error::NotFound` when there is no such tie; `Error::Conflict("people-guardian-already")`.
pub fn resume(tx: &mut Tx, student: Id, tie: Id) -> Result<()> {
    let guardian: Id = tx.scalar(
        sql!("SELECT guardian_id FROM guardianship WHERE id = $1 AND student_id = $2 AND valid_to IS NOT NULL"),
        &[&tie, &student],
    )?;
    if guardians_of(tx, student)?.iter().any(|g| g.guardian == guardian) {
        return Err(Error::conflict("people-guardian-already"));
    }
    tx.exec(sql!("UPDATE guardianship SET valid_to = NULL WHERE id = $1"), &[&tie])?;
    family::join_by_guardian(tx, guardian)
}

/// The guardian of this name with this telephone, who may already be known through a brother or sister.
///
/// # Errors
/// As any statement.
pub fn guardian_known(r: &mut Reader, vault: &Vault, name: &str, phone: &str) -> Result<Option<Id>> {
    let blind = vault.blind(PHONE_BLIND, phone);
    let found: Option<(Id,)> = r.row(
        sql!("SELECT id FROM guardian WHERE phone_blind = $1 AND name = $2 ORDER BY id LIMIT 1"),
        &[&blind, &name],
    )?;
    Ok(found.map(|(id,)| id))
}

/// The place after the last guardian of a child.
///
/// # Errors
/// As any statement.
pub fn next_position(r: &mut Reader, student: Id) -> Result<i64> {
    r.scalar(
        sql!("SELECT CAST(COALESCE(MAX(position), 0) + 1 AS BIGINT) FROM guardianship WHERE student_id = $1"),
        &[&student],
    )
}

/// The children a guardian is tied to today, whatever they may receive.
///
/// # Errors
/// As any statement.
pub fn tied_children(r: &mut Reader, guardian: Id) -> Result<Vec<(Id, Id, String)>> {
    r.rows(
        sql!(
            "SELECT s.id, s.school_id, s.name FROM guardianship k JOIN student s ON s.id = k.student_id
              WHERE k.guardian_id = $1 AND k.valid_to IS NULL ORDER BY s.id LIMIT 40"
        ),
        &[&guardian],
    )
}

/// The telephones of a child's guardians today.
///
/// # Errors
/// As any statement, or `Error::Internal` when one cannot be opened.
pub fn phones_of_child(r: &mut Reader, vault: &Vault, student: Id) -> Result<Vec<String>> {
    let mut phones = Vec::new();
    for guardian in guardians_of(r, student)? {
        phones.extend(phone_of(r, vault, guardian.guardian)?);
    }
    Ok(phones)
}

/// Makes a child findable by the present telephones of its guardians.
///
/// # Errors
/// As any statement.
pub fn reindex(tx: &mut Tx, vault: &Vault, student: &Student) -> Result<()> {
    reindex_named(tx, vault, (student.id, student.school, &student.name))
}

/// The same for every child of a guardian, after the guardian's telephone changed.
///
/// # Errors
/// As any statement.
pub fn reindex_children(tx: &mut Tx, vault: &Vault, guardian: Id) -> Result<Vec<Id>> {
    let children = tied_children(tx, guardian)?;
    for (id, school, name) in &children {
        reindex_named(tx, vault, (*id, *school, name))?;
    }
    Ok(children.into_iter().map(|(id, _, _)| id).collect())
}

fn reindex_named(tx: &mut Tx, vault: &Vault, (id, school, name): (Id, Id, &str)) -> Result<()> {
    let phones = phones_of_child(tx, vault, id)?;
    index_student(tx, vault, id, school, name, &phones)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_kept_from_a_child_receives_nothing_and_is_not_handed_the_child() {
        let asked = Custody { may_receive: true, may_pick_up: true, restricted: true, note: "判决".to_owned() };
        let settled = asked.settled();
        assert_eq!((settled.may_receive, settled.may_pick_up), (false, false));
        assert_eq!(settled.note, "判决");
    }

    #[test]
    fn a_note_without_a_restriction_is_dropped() {
        let asked = Custody { may_receive: true, may_pick_up: false, restricted: false, note: "旧的".to_owned() };
        let settled = asked.clone().settled();
        assert_eq!(settled, Custody { note: String::new(), ..asked });
    }
}
