//! Consent of a guardian for a child under 14, and its withdrawal (个人信息保护法 arts 15, 28 and 31;
//! 儿童个人信息网络保护规定: a screen with a refuse button and six notices).

use crate::people::{self, Student};
use gongyu_kernel::{Date, Error, Id, Millis, Result};
use gongyu_store::{Reader, Tx, record, sql};

/// Version of the notice now shown; kept with each consent. A new text asks anew only those who sign
/// in for a child without any consent.
pub const NOTICE: &str = "2026-11";

/// Whether a child is under 14 on a day (个人信息保护法 art. 28: under 14 is sensitive throughout).
/// One turns 14 at the start of the birthday; born on 29 February, on 1 March of a common year.
pub fn under_14(birth: Date, today: Date) -> bool {
    let turned = i32::from(today.year()) - i32::from(birth.year());
    let had_birthday = (today.month(), today.day()) >= (birth.month(), birth.day());
    turned < 14 || (turned == 14 && !had_birthday)
}

/// The children of a guardian for whom consent is needed and not given.
///
/// # Errors
/// As any statement.
pub fn wanted(r: &mut Reader, guardian: Id) -> Result<Vec<Student>> {
    let today = r.today();
    let mut out = Vec::new();
    for child in people::children_of(r, guardian)? {
        if under_14(child.birth_date, today) && !given(r, guardian, child.id)? {
            out.push(child);
        }
    }
    Ok(out)
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

/// Records consent for a child; given twice it is one.
///
/// # Errors
/// As any statement.
pub fn give(tx: &mut Tx, guardian: Id, child: &Student, client: &str) -> Result<()> {
    if given(tx, guardian, child.id)? {
        return Ok(());
    }
    let (id, now) = (tx.new_id(), tx.now());
    tx.exec(
        sql!(
            "INSERT INTO consent (id, school_id, guardian_id, student_id, notice_version, given_at, client)
              VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        &[&id, &child.school, &guardian, &child.id, &NOTICE, &now, &client],
    )?;
    Ok(())
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
        /// Withdrawn.
        pub withdrawn_at: Option<Millis>,
    }
}

/// What a guardian agreed to, newest first.
///
/// # Errors
/// As any statement.
pub fn of_guardian(r: &mut Reader, guardian: Id) -> Result<Vec<Consent>> {
    r.rows(
        sql!(
            "SELECT c.id, c.student_id, s.name, c.notice_version, c.given_at, c.withdrawn_at
              FROM consent c JOIN student s ON s.id = c.student_id
              WHERE c.guardian_id = $1 ORDER BY c.id DESC LIMIT 100"
        ),
        &[&guardian],
    )
}

/// Withdraws a consent of one's own.
///
/// # Errors
/// `Error::NotFound` when it is another's or was withdrawn before.
pub fn withdraw(tx: &mut Tx, guardian: Id, id: Id) -> Result<()> {
    let now = tx.now();
    let n = tx.exec(
        sql!("UPDATE consent SET withdrawn_at = $1 WHERE id = $2 AND guardian_id = $3 AND withdrawn_at IS NULL"),
        &[&now, &id, &guardian],
    )?;
    if n == 1 { Ok(()) } else { Err(Error::NotFound) }
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
