//! Guardians, and what each is to a child.

use super::family;
use super::model::{GUARDIAN_PHONE, GUARDIAN_SEALED, ID_BLIND, PHONE_BLIND, Relation, SealedGuardian};
use super::student::Student;
use gongyu_kernel::{Date, Id, Result};
use gongyu_store::{Reader, Tx, record, search, sql};
use gongyu_vault::Vault;
use std::collections::HashMap;

record! {
    /// A guardian, without what is sealed.
    #[derive(Clone, Debug)]
    pub struct Guardian {
        /// Identifier.
        pub id: Id,
        /// Name.
        pub name: String,
        /// Blind index of the telephone; `None` for a family without one.
        pub phone_blind: Option<String>,
    }
}

record! {
    /// One guardian of a child.
    #[derive(Clone, Debug)]
    pub struct GuardianOf {
        /// The guardianship.
        pub id: Id,
        /// Guardian.
        pub guardian: Id,
        /// Name.
        pub name: String,
        /// Relation.
        pub relation: Relation,
        /// Everyday word for it, such as 外婆; may be empty.
        pub kin: String,
        /// A guardian in law.
        pub is_guardian: bool,
        /// Receives here what concerns the child: custody allows it and consent was not taken back.
        pub may_receive: bool,
        /// May pick the child up.
        pub may_pick_up: bool,
        /// Kept from the child by an order or agreement.
        pub restricted: bool,
        /// Why.
        pub restriction_note: String,
        /// Whether a telephone is known.
        pub has_phone: bool,
        /// Account, once activated.
        pub account: Option<Id>,
        /// The guardian took consent back or refused it: nothing here, telephone and paper go on.
        pub withheld: bool,
        /// What custody says of receiving while it is withheld.
        pub custody_receives: bool,
    }
}

impl GuardianOf {
    /// Whether custody lets them receive what concerns the child, by whatever way they agree to.
    pub const fn custody_allows(&self) -> bool {
        !self.restricted && (self.may_receive || (self.withheld && self.custody_receives))
    }
}

/// The columns of a guardian, for those who write them in bulk.
pub const GUARDIAN_COLUMNS: &[&str] =
    &["id", "name", "name_key", "phone_sealed", "phone_blind", "id_blind", "sealed", "created_at", "updated_at"];
/// The columns of a guardianship that begins, for those who write them in bulk.
pub const GUARDIANSHIP_COLUMNS: &[&str] = &[
    "id",
    "school_id",
    "student_id",
    "guardian_id",
    "relation",
    "kin",
    "is_guardian",
    "position",
    "may_receive",
    "may_pick_up",
    "restricted",
    "restriction_note",
    "source",
    "valid_from",
];

/// A guardian.
///
/// # Errors
/// `Error::NotFound`.
pub fn find_guardian(r: &mut Reader, id: Id) -> Result<Guardian> {
    r.one(sql!("SELECT id, name, phone_blind FROM guardian WHERE id = $1"), &[&id])
}

/// The guardians of a child today, in the order of the roster.
///
/// # Errors
/// As any statement.
pub fn guardians_of(r: &mut Reader, student: Id) -> Result<Vec<GuardianOf>> {
    r.rows(
        sql!(
            "SELECT k.id, g.id, g.name, k.relation, k.kin, k.is_guardian, k.may_receive, k.may_pick_up,
                     k.restricted, k.restriction_note, g.phone_blind IS NOT NULL, a.id, k.withheld, k.custody_receives
              FROM guardianship k JOIN guardian g ON g.id = k.guardian_id
              LEFT JOIN account a ON a.guardian_id = g.id
              WHERE k.student_id = $1 AND k.valid_to IS NULL ORDER BY k.position, k.id"
        ),
        &[&student],
    )
}

/// The children of a guardian whose matters they may receive, oldest first.
///
/// # Errors
/// As any statement.
pub fn children_of(r: &mut Reader, guardian: Id) -> Result<Vec<Student>> {
    r.rows(
        sql!(
            "SELECT s.id, s.school_id, s.class_id, s.family_id, s.name, s.sex, s.birth_date, s.state,
                     s.number_in_class, s.left_behind, s.migrant, s.boarding, s.special, s.joined_on, s.left_on
              FROM guardianship k JOIN student s ON s.id = k.student_id
              WHERE k.guardian_id = $1 AND k.valid_to IS NULL AND k.may_receive AND NOT k.restricted
                AND s.state = 'active'
              ORDER BY s.birth_date, s.id"
        ),
        &[&guardian],
    )
}

/// The telephone of a guardian.
///
/// # Errors
/// `Error::NotFound`, or `Error::Internal` when it cannot be opened.
pub fn phone_of(r: &mut Reader, vault: &Vault, guardian: Id) -> Result<Option<String>> {
    let sealed: Option<Vec<u8>> = r.scalar(sql!("SELECT phone_sealed FROM guardian WHERE id = $1"), &[&guardian])?;
    sealed.map(|bytes| vault.open_text(GUARDIAN_PHONE, guardian, &bytes)).transpose()
}

/// The telephone numbers of these guardians, of those who have one.
///
/// # Errors
/// As any statement, and when a number cannot be opened.
pub fn phones_of(r: &mut Reader, vault: &Vault, guardians: &[Id]) -> Result<HashMap<Id, String>> {
    let rows: Vec<(Id, Vec<u8>)> = r.rows_in(
        sql!("SELECT id, phone_sealed FROM guardian WHERE id IN ($1) AND phone_sealed IS NOT NULL"),
        guardians,
        &[],
    )?;
    rows.into_iter().map(|(id, sealed)| Ok((id, vault.open_text(GUARDIAN_PHONE, id, &sealed)?))).collect()
}

/// Makes a guardian.
///
/// # Errors
/// `Error::Unique` when the identity number is another guardian's.
pub fn new_guardian(
    tx: &mut Tx,
    vault: &Vault,
    name: &str,
    phone: Option<&str>,
    sealed: &SealedGuardian,
) -> Result<Id> {
    let (id, now) = (tx.new_id(), tx.now());
    let key = search::sort_key(name);
    let id_blind = (!sealed.id_number.is_empty()).then(|| vault.blind(ID_BLIND, &sealed.id_number));
    let packed = vault.seal_json(GUARDIAN_SEALED, id, sealed)?;
    let (phone_sealed, phone_blind) = seal_phone(vault, id, phone)?;
    tx.exec(
        sql!(
            "INSERT INTO guardian (id, name, name_key, phone_sealed, phone_blind, id_blind, sealed, created_at,
                                    updated_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)"
        ),
        &[&id, &name, &key, &phone_sealed, &phone_blind, &id_blind, &packed, &now],
    )?;
    Ok(id)
}

type SealedPhone = (Option<Vec<u8>>, Option<String>);

fn seal_phone(vault: &Vault, guardian: Id, phone: Option<&str>) -> Result<SealedPhone> {
    match phone {
        None => Ok((None, None)),
        Some(number) => {
            Ok((Some(vault.seal(GUARDIAN_PHONE, guardian, number.as_bytes())?), Some(vault.blind(PHONE_BLIND, number))))
        }
    }
}

/// Changes a guardian's telephone; `None` says that there is none.
///
/// # Errors
/// As any statement.
pub fn set_phone(tx: &mut Tx, vault: &Vault, guardian: Id, phone: Option<&str>) -> Result<()> {
    let now = tx.now();
    let (sealed, blind) = seal_phone(vault, guardian, phone)?;
    tx.exec(
        sql!("UPDATE guardian SET phone_sealed = $1, phone_blind = $2, updated_at = $3 WHERE id = $4"),
        &[&sealed, &blind, &now, &guardian],
    )?;
    Ok(())
}

/// A guardianship to be made.
#[derive(Clone, Debug)]
pub struct NewGuardianship<'a> {
    /// Relation.
    pub relation: Relation,
    /// Everyday word for it; may be empty.
    pub kin: &'a str,
    /// A guardian in law.
    pub is_guardian: bool,
    /// Place in the order of the roster.
    pub position: i64,
    /// `roster` or `hand`.
    pub source: &'a str,
}

/// Ties a guardian to a child and joins the families that now share this guardian.
///
/// # Errors
/// As any statement.
pub fn link(tx: &mut Tx, student: &Student, guardian: Id, new: &NewGuardianship<'_>, from: Date) -> Result<Id> {
    let id = tx.new_id();
    tx.exec(
        sql!(
            "INSERT INTO guardianship (id, school_id, student_id, guardian_id, relation, kin, is_guardian, position,
                                        may_receive, may_pick_up, restricted, restriction_note, source, valid_from)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, '', $11, $12)"
        ),
        &[
            &id,
            &student.school,
            &student.id,
            &guardian,
            &new.relation,
            &new.kin,
            &new.is_guardian,
            &new.position,
            &true,
            &false,
            &new.source,
            &from,
        ],
    )?;
    family::join_by_guardian(tx, guardian)?;
    Ok(id)
}

/// Ends a guardianship after a day. Children whom only this guardian joined are two families again.
///
/// # Errors
/// As any statement.
pub fn end_guardianship(tx: &mut Tx, guardianship: Id, last_day: Date) -> Result<()> {
    let ended: Option<(Id,)> = tx.row(
        sql!("UPDATE guardianship SET valid_to = $1 WHERE id = $2 AND valid_to IS NULL RETURNING student_id"),
        &[&last_day, &guardianship],
    )?;
    if let Some((student,)) = ended {
        let family: Id = tx.scalar(sql!("SELECT family_id FROM student WHERE id = $1"), &[&student])?;
        family::part(tx, family)?;
    }
    Ok(())
}
