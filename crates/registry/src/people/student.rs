//! Pupils and where they are.

use super::model::{STUDENT_SEALED, SealedStudent, StudentState};
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_store::{Reader, Tx, record, search, sql};
use gongyu_vault::Vault;
use gongyu_web::MembershipChange;
use std::collections::{BTreeSet, HashMap};

record! {
    /// A pupil, without what is sealed.
    #[derive(Clone, Debug)]
    pub struct Student {
        /// Identifier.
        pub id: Id,
        /// School; the last one for a pupil who left.
        pub school: Id,
        /// Class.
        pub class: Option<Id>,
        /// Family.
        pub family: Id,
        /// Name.
        pub name: String,
        /// `male` or `female`.
        pub sex: String,
        /// Birth date.
        pub birth_date: Date,
        /// Where the pupil stands.
        pub state: StudentState,
        /// Number in the class.
        pub number_in_class: Option<i64>,
        /// `none`, `one` or `both` parents away three months or more.
        pub left_behind: String,
        /// Child of migrant workers.
        pub migrant: bool,
        /// Boards at school.
        pub boarding: bool,
        /// Belongs to a group that the rules ask special visits for.
        pub special: bool,
        /// First day in the school.
        pub joined_on: Date,
        /// Last day, if left.
        pub left_on: Option<Date>,
    }
}

macro_rules! select {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT s.id, s.school_id, s.class_id, s.family_id, s.name, s.sex, s.birth_date, s.state,
                    s.number_in_class, s.left_behind, s.migrant, s.boarding, s.special, s.joined_on, s.left_on
             FROM student s ",
            $tail
        ))
    };
}

/// A pupil.
///
/// # Errors
/// `Error::NotFound`.
pub fn find_student(r: &mut Reader, id: Id) -> Result<Student> {
    r.one(select!("WHERE s.id = $1"), &[&id])
}

/// The pupils of a class today, by name.
///
/// # Errors
/// As any statement.
pub fn class_members(r: &mut Reader, class: Id) -> Result<Vec<Student>> {
    r.rows(select!("WHERE s.class_id = $1 AND s.state = 'active' ORDER BY s.name_key, s.id"), &[&class])
}

/// What is sealed of a pupil.
///
/// # Errors
/// `Error::NotFound`, or `Error::Internal` when it cannot be opened.
pub fn student_details(r: &mut Reader, vault: &Vault, id: Id) -> Result<SealedStudent> {
    let sealed: Vec<u8> = r.scalar(sql!("SELECT sealed FROM student WHERE id = $1"), &[&id])?;
    super::packed::open(vault, id, &sealed)
}

/// The present addresses of some pupils, those without one left out.
///
/// # Errors
/// `Error::Internal` when one cannot be opened.
pub fn addresses_of(r: &mut Reader, vault: &Vault, ids: &[Id]) -> Result<HashMap<Id, String>> {
    let rows: Vec<(Id, Vec<u8>)> = r.rows_in(sql!("SELECT id, sealed FROM student WHERE id IN ($1)"), ids, &[])?;
    let mut out = HashMap::with_capacity(rows.len());
    for (id, sealed) in rows {
        let opened: SealedStudent = vault.open_json(STUDENT_SEALED, id, &sealed)?;
        if !opened.address.is_empty() {
            out.insert(id, opened.address);
        }
    }
    Ok(out)
}

/// A pupil to be made or brought up to date.
#[derive(Clone, Debug)]
pub struct NewStudent<'a> {
    /// Name.
    pub name: &'a str,
    /// `male` or `female`.
    pub sex: &'a str,
    /// Birth date.
    pub birth_date: Date,
    /// Number in the class.
    pub number_in_class: Option<i64>,
    /// `none`, `one` or `both`.
    pub left_behind: &'a str,
    /// Child of migrant workers.
    pub migrant: bool,
    /// Boards at school.
    pub boarding: bool,
    /// Belongs to a group that the rules ask special visits for.
    pub special: bool,
    /// Blind index of the identity number.
    pub id_blind: Option<String>,
    /// Blind index of the student-roll number.
    pub roll_blind: Option<String>,
    /// What is sealed.
    pub sealed: &'a SealedStudent,
    /// Hash of the roster row this came from, to see whether a later file changes anything.
    pub row_hash: &'a str,
}

/// Makes a pupil in a class, with the first row of its history. The caller tells the features and
/// indexes the name once the guardians are known.
///
/// # Errors
/// `Error::Unique` when the identity or roll number is another pupil's.
pub fn create_student(
    tx: &mut Tx,
    vault: &Vault,
    new: &NewStudent<'_>,
    school: Id,
    class: Option<Id>,
    family: Id,
    from: Date,
) -> Result<(Id, MembershipChange)> {
    let (id, now) = (tx.new_id(), tx.now());
    let sealed = vault.seal_json(STUDENT_SEALED, id, new.sealed)?;
    let key = search::sort_key(new.name);
    tx.exec(
        sql!(
            "INSERT INTO student (id, school_id, class_id, family_id, name, name_key, sex, birth_date, state,
                                   number_in_class, left_behind, migrant, boarding, special, id_blind, roll_blind,
                                   sealed, row_hash, joined_on, created_at, updated_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'active', $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                      $19, $19)"
        ),
        &[
            &id,
            &school,
            &class,
            &family,
            &new.name,
            &key,
            &new.sex,
            &new.birth_date,
            &new.number_in_class,
            &new.left_behind,
            &new.migrant,
            &new.boarding,
            &new.special,
            &new.id_blind,
            &new.roll_blind,
            &sealed,
            &new.row_hash,
            &from,
            &now,
        ],
    )?;
    enrol(tx, id, school, class, from, "joined")?;
    Ok((id, MembershipChange { student: id, from_class: None, to_class: class, on: from }))
}

/// Brings what the roster says of a pupil up to date; class and school are moved by `move_to_class`.
///
/// # Errors
/// As `create_student`.
pub fn update_student(tx: &mut Tx, vault: &Vault, id: Id, new: &NewStudent<'_>) -> Result<()> {
    let now = tx.now();
    let sealed = vault.seal_json(STUDENT_SEALED, id, new.sealed)?;
    let key = search::sort_key(new.name);
    tx.exec(
        sql!(
            "UPDATE student SET name = $1, name_key = $2, sex = $3, birth_date = $4, number_in_class = $5,
                     left_behind = $6, migrant = $7, boarding = $8, special = $9, id_blind = $10,
                     roll_blind = $11, sealed = $12, row_hash = $13, updated_at = $14
              WHERE id = $15"
        ),
        &[
            &new.name,
            &key,
            &new.sex,
            &new.birth_date,
            &new.number_in_class,
            &new.left_behind,
            &new.migrant,
            &new.boarding,
            &new.special,
            &new.id_blind,
            &new.roll_blind,
            &sealed,
            &new.row_hash,
            &now,
            &id,
        ],
    )?;
    Ok(())
}

/// Moves a pupil to a class, of the same school or another, from a day on; also brings back one who left.
///
/// # Errors
/// `Error::NotFound`.
pub fn move_to_class(
    tx: &mut Tx,
    student: Id,
    school: Id,
    class: Option<Id>,
    from: Date,
    reason: &str,
) -> Result<MembershipChange> {
    let before = find_student(tx, student)?;
    close_enrolment(tx, student, from)?;
    enrol(tx, student, school, class, from, reason)?;
    let now = tx.now();
    let joined = if before.school == school { before.joined_on } else { from };
    tx.exec(
        sql!(
            "UPDATE student SET school_id = $1, class_id = $2, state = 'active', joined_on = $3, left_on = NULL,
                                 updated_at = $4 WHERE id = $5"
        ),
        &[&school, &class, &joined, &now, &student],
    )?;
    if before.school != school {
        tx.exec(sql!("UPDATE guardianship SET school_id = $1 WHERE student_id = $2"), &[&school, &student])?;
        search::move_to(tx, search::Kind::Student, student, school)?;
    }
    let was_in = if before.state == StudentState::Active { before.class } else { None };
    Ok(MembershipChange { student, from_class: was_in, to_class: class, on: from })
}

/// Lets a pupil leave after a day; everything about them stays.
///
/// # Errors
/// `Error::NotFound`.
pub fn leave(tx: &mut Tx, student: Id, last_day: Date, state: StudentState) -> Result<MembershipChange> {
    let before = find_student(tx, student)?;
    let next = last_day.tomorrow().map_err(Error::internal)?;
    close_enrolment(tx, student, next)?;
    let now = tx.now();
    tx.exec(
        sql!("UPDATE student SET state = $1, class_id = NULL, left_on = $2, updated_at = $3 WHERE id = $4"),
        &[&state, &last_day, &now, &student],
    )?;
    Ok(MembershipChange { student, from_class: before.class, to_class: None, on: next })
}

fn enrol(tx: &mut Tx, student: Id, school: Id, class: Option<Id>, from: Date, reason: &str) -> Result<()> {
    let (id, now) = (tx.new_id(), tx.now());
    tx.exec(
        sql!(
            "INSERT INTO enrolment (id, school_id, student_id, class_id, valid_from, reason, recorded_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        &[&id, &school, &student, &class, &from, &reason, &now],
    )?;
    Ok(())
}

fn close_enrolment(tx: &mut Tx, student: Id, before: Date) -> Result<()> {
    let last_day = before.yesterday().map_err(Error::internal)?;
    tx.exec(
        sql!("UPDATE enrolment SET valid_to = $1 WHERE student_id = $2 AND valid_to IS NULL"),
        &[&last_day, &student],
    )?;
    Ok(())
}

/// Makes a pupil findable by name and by the tails of the guardians' telephones.
///
/// # Errors
/// As any statement.
pub fn index_student(tx: &mut Tx, vault: &Vault, id: Id, school: Id, name: &str, phones: &[String]) -> Result<()> {
    let mut terms: BTreeSet<String> = search::name_terms(name);
    for phone in phones {
        if let Some(tail) = phone.len().checked_sub(4).and_then(|at| phone.get(at..)) {
            terms.insert(vault.tail_term(tail));
        }
    }
    search::index(tx, search::Kind::Student, id, school, &terms)
}
