//! Consent of a guardian for a child under 14, and its withdrawal (个人信息保护法 arts 15, 28 and 31;
//! 儿童个人信息网络保护规定: a screen with a refuse button and six notices).

use super::notice_text;
use crate::people::{self, Student};
use gongyu_kernel::{Date, Error, Id, Millis, Result};
use gongyu_store::{Reader, Tx, record, sql};

/// Version of the notice the product comes with. The district's own words make versions of it
/// (`notice_text`). A new text asks anew only those who sign in for a child without any consent.
pub const NOTICE: &str = "2026-11";

/// Whether a child is under 14 on a day (个人信息保护法 art. 28: under 14 is sensitive throughout).
/// One turns 14 at the start of the birthday; born on 29 February, on 1 March of a common year.
pub fn under_14(birth: Date, today: Date) -> bool {
    let turned = i32::from(today.year()) - i32::from(birth.year());
    let had_birthday = (today.month(), today.day()) >= (birth.month(), birth.day());
    turned < 14 || (turned == 14 && !had_birthday)
}

/// The children of a guardian for whom consent is to be asked: under 14 and without it. Those for whom it
/// was taken back or refused are asked about again when nothing else is left to see, or when their own
/// contact card (`card`) was taken out.
///
/// # Errors
/// As any statement.
pub fn wanted(r: &mut Reader, guardian: Id, card: Option<Id>) -> Result<Vec<Student>> {
    let today = r.today();
    let (mut out, mut open) = (Vec::new(), false);
    for child in people::children_of(r, guardian)? {
        if under_14(child.birth_date, today) && !given(r, guardian, child.id)? {
            out.push(child);
        } else {
            open = true;
        }
    }
    let nothing_else = !open && out.is_empty();
    let held = people::withheld_children(r, guardian)?.into_iter();
    out.extend(held.filter(|child| nothing_else || Some(child.id) == card));
    Ok(out)
}

/// Whether a guardian has a child here, besides some, whose matters they see: consent stands or is not needed.
///
/// # Errors
/// As any statement.
pub fn others_remain(r: &mut Reader, guardian: Id, besides: &[Id]) -> Result<bool> {
    let today = r.today();
    for child in people::children_of(r, guardian)? {
        if !besides.contains(&child.id) && (!under_14(child.birth_date, today) || given(r, guardian, child.id)?) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether this guardian's consent for a child stands.
///
/// # Errors
/// As any statement.
pub fn given(r: &mut Reader, guardian: Id, student: Id) -> Result<bool> {
    let found: Option<(Id,)> = r.row(
        sql!("SELECT id FROM consent WHERE student_id = $1 AND guardian_id = $2 AND withdrawn_at IS NULL"),
        &[&student, &guardian],
    )?;
    Ok(found.is_some())
}

/// Records consent for a child to the notice of today, and what concerns the child is received again; given
/// twice it is one.
///
/// # Errors
/// As any statement.
pub fn give(tx: &mut Tx, guardian: Id, child: &Student, client: &str) -> Result<()> {
    if given(tx, guardian, child.id)? {
        return Ok(());
    }
    let (id, now, notice) = (tx.new_id(), tx.now(), notice_text::current(tx)?.name());
    tx.exec(
        sql!(
            "INSERT INTO consent (id, school_id, guardian_id, student_id, notice_version, given_at, client)
              VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        &[&id, &child.school, &guardian, &child.id, &notice, &now, &client],
    )?;
    people::release(tx, guardian, child.id)
}

/// Records that consent for a child was refused by somebody who is let in for other children.
///
/// # Errors
/// As any statement.
pub fn refuse(tx: &mut Tx, guardian: Id, child: &Student, client: &str) -> Result<()> {
    let (id, now, notice) = (tx.new_id(), tx.now(), notice_text::current(tx)?.name());
    tx.exec(
        sql!(
            "INSERT INTO consent (id, school_id, guardian_id, student_id, notice_version, given_at, withdrawn_at,
                                   client, refused)
              VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8)"
        ),
        &[&id, &child.school, &guardian, &child.id, &notice, &now, &client, &true],
    )?;
    people::hold_back(tx, guardian, child.id)
}

record! {
    /// One consent as its giver sees it.
    #[derive(Clone, Debug)]
    pub struct Consent {
        /// Identifier.
        pub id: Id,
        /// Child.
        pub student: Id,
        /// Name of the child.
        pub child: String,
        /// Version of the text agreed to.
        pub notice: String,
        /// Given.
        pub given_at: Millis,
        /// Withdrawn; of a refusal the moment it was refused.
        pub withdrawn_at: Option<Millis>,
        /// It was refused and never given.
        pub refused: bool,
    }
}

/// What a guardian agreed to, newest first.
///
/// # Errors
/// As any statement.
pub fn of_guardian(r: &mut Reader, guardian: Id) -> Result<Vec<Consent>> {
    r.rows(
        sql!(
            "SELECT c.id, c.student_id, s.name, c.notice_version, c.given_at, c.withdrawn_at, c.refused
              FROM consent c JOIN student s ON s.id = c.student_id
              WHERE c.guardian_id = $1 ORDER BY c.id DESC LIMIT 100"
        ),
        &[&guardian],
    )
}

/// Withdraws a consent of one's own; what concerns the child is held back from that moment.
///
/// # Errors
/// `Error::NotFound` when it is another's or was withdrawn before.
pub fn withdraw(tx: &mut Tx, guardian: Id, id: Id) -> Result<()> {
    let now = tx.now();
    let ended: Option<(Id,)> = tx.row(
        sql!(
            "UPDATE consent SET withdrawn_at = $1 WHERE id = $2 AND guardian_id = $3 AND withdrawn_at IS NULL
              RETURNING student_id"
        ),
        &[&now, &id, &guardian],
    )?;
    let (student,) = ended.ok_or(Error::NotFound)?;
    people::hold_back(tx, guardian, student)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i16, m: i8, d: i8) -> Date {
        Date::new(y, m, d).unwrap()
    }

    #[test]
    fn consent_is_asked_until_the_day_before_the_fourteenth_birthday() {
        let birth = day(2012, 11, 23);
        assert!(under_14(birth, day(2026, 11, 22)));
        assert!(!under_14(birth, day(2026, 11, 23)));
        assert!(under_14(day(2012, 2, 29), day(2026, 2, 28)));
        assert!(!under_14(day(2012, 2, 29), day(2026, 3, 1)));
    }
}
