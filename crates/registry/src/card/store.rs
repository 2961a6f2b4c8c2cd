//! The codes on contact cards: kept as a hash to be recognised, and sealed to be printed again.

use super::VALID_DAYS;
use gongyu_access::code::of_card;
use gongyu_kernel::random::Random;
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_store::{Reader, Tx, record, sql};
use gongyu_vault::Vault;
use std::collections::HashMap;

/// Seal name of `contact_card.code_sealed`.
const CODE_SEALED: &str = "contact_card.code";
/// Characters of a code: 31 to the 8th are more than 800 thousand million.
const CODE_LENGTH: usize = 8;

record! {
    /// A pupil on the page of a class's cards.
    #[derive(Clone, Debug)]
    pub struct CardState {
        /// Pupil.
        pub student: Id,
        /// Name.
        pub name: String,
        /// Number in the class.
        pub number: Option<i64>,
        /// Guardians who have an account and may receive.
        pub activated: i64,
        /// Guardians who may receive.
        pub guardians: i64,
        /// When the card that works was issued; `None` without one.
        pub issued_at: Option<Millis>,
    }
}

/// The pupils of a class and their cards, in the order of the roll.
///
/// # Errors
/// As any statement.
pub fn card_states(r: &mut Reader, class: Id) -> Result<Vec<CardState>> {
    let now = r.now();
    r.rows(
        sql!(
            "SELECT s.id, s.name, s.number_in_class,
                     (SELECT COUNT(*) FROM guardianship k JOIN account a ON a.guardian_id = k.guardian_id
                      WHERE k.student_id = s.id AND k.valid_to IS NULL AND k.may_receive AND NOT k.restricted),
                     (SELECT COUNT(*) FROM guardianship k
                      WHERE k.student_id = s.id AND k.valid_to IS NULL AND (k.may_receive OR k.withheld) AND NOT k.restricted),
                     (SELECT MAX(c.issued_at) FROM contact_card c
                      WHERE c.student_id = s.id AND c.revoked_at IS NULL AND c.expires_at > $2)
              FROM student s WHERE s.class_id = $1 AND s.state = 'active'
              ORDER BY CASE WHEN s.number_in_class IS NULL THEN 1 ELSE 0 END, s.number_in_class, s.name_key, s.id"
        ),
        &[&class, &now],
    )
}

/// A code to be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// The code.
    pub code: String,
    /// Until when it works.
    pub expires_at: Millis,
}

/// The working codes of some pupils; a pupil without one is missing.
///
/// # Errors
/// As any statement, or `Error::Internal` when one cannot be opened.
pub fn codes_of(r: &mut Reader, vault: &Vault, students: &[Id]) -> Result<HashMap<Id, Issued>> {
    let now = r.now();
    let mut out = HashMap::new();
    for student in students {
        let row: Option<(Id, Vec<u8>, Millis)> = r.row(
            sql!(
                "SELECT id, code_sealed, expires_at FROM contact_card
                  WHERE student_id = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY id DESC LIMIT 1"
            ),
            &[student, &now],
        )?;
        if let Some((card, sealed, expires_at)) = row {
            let code = vault.open_text(CODE_SEALED, card, &sealed)?;
            out.insert(*student, Issued { code, expires_at });
        }
    }
    Ok(out)
}

/// Gives each of the pupils a code who has none that works. Returns how many that were.
///
/// # Errors
/// As any statement.
pub fn issue_missing(tx: &mut Tx, vault: &Vault, random: &Random, students: &[(Id, Id)]) -> Result<usize> {
    let ids: Vec<Id> = students.iter().map(|(student, _)| *student).collect();
    let held = codes_of(tx, vault, &ids)?;
    let now = tx.now();
    let mut issued = 0;
    for (student, school) in students {
        if held.contains_key(student) {
            continue;
        }
        let (id, code) = (tx.new_id(), random.code(CODE_LENGTH));
        let hash = of_card(&code).ok_or_else(|| Error::internal("a card code of another shape"))?;
        let sealed = vault.seal(CODE_SEALED, id, code.as_bytes())?;
        tx.exec(
            sql!(
                "INSERT INTO contact_card (id, school_id, student_id, code_hash, code_sealed, issued_at, expires_at)
                  VALUES ($1, $2, $3, $4, $5, $6, $7)"
            ),
            &[&id, school, student, &hash, &sealed, &now, &now.plus_days(VALID_DAYS)],
        )?;
        issued += 1;
    }
    Ok(issued)
}

/// Ends every code of a pupil: a card that was lost opens nothing any more.
///
/// # Errors
/// As any statement.
pub fn revoke(tx: &mut Tx, student: Id) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!("UPDATE contact_card SET revoked_at = $1 WHERE student_id = $2 AND revoked_at IS NULL"),
        &[&now, &student],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_we_print_is_one_that_is_recognised_when_typed() {
        let random = Random::seeded(11);
        for _ in 0..200 {
            let code = random.code(CODE_LENGTH);
            assert!(of_card(&code).is_some(), "{code}");
            assert_eq!(of_card(&code.to_lowercase()), of_card(&code));
        }
    }
}
