//! Who is behind a phone or a contact card.

use crate::people::{Relation, StudentState};
use gongyu_access::account;
use gongyu_access::code;
use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, record, sql};

record! {
    /// A contact card that works, and the child on it.
    #[derive(Clone, Debug)]
    pub struct Card {
        /// Card.
        pub id: Id,
        /// Child.
        pub student: Id,
        /// Name of the child.
        pub name: String,
        /// Name of the school.
        pub school_name: String,
    }
}

/// The working card of a typed code. One that is unknown, revoked, past its time or of a pupil who
/// left is `None`: from outside they look the same.
///
/// # Errors
/// As any statement.
pub fn card_of(r: &mut Reader, typed: &str) -> Result<Option<Card>> {
    let Some(hash) = code::of_card(typed) else { return Ok(None) };
    let now = r.now();
    r.row(
        sql!(
            "SELECT c.id, s.id, s.name, u.name FROM contact_card c
              JOIN student s ON s.id = c.student_id JOIN unit u ON u.id = s.school_id
              WHERE c.code_hash = $1 AND c.revoked_at IS NULL AND c.expires_at > $2 AND s.state = $3"
        ),
        &[&hash, &now, &StudentState::Active],
    )
}

/// The child of a card that still works.
///
/// # Errors
/// As any statement.
pub fn student_of_card(r: &mut Reader, card: Id) -> Result<Option<Id>> {
    let now = r.now();
    let found: Option<(Id,)> = r.row(
        sql!("SELECT student_id FROM contact_card WHERE id = $1 AND revoked_at IS NULL AND expires_at > $2"),
        &[&card, &now],
    )?;
    Ok(found.map(|(id,)| id))
}

record! {
    /// A guardian whose phone was proved.
    #[derive(Clone, Debug)]
    pub struct Behind {
        /// Guardian.
        pub guardian: Id,
        /// Name.
        pub name: String,
        /// What they are to the child.
        pub relation: Relation,
        /// One child of theirs.
        pub child: String,
        /// Account, once activated.
        pub account: Option<Id>,
    }
}

/// The guardians with a phone who may receive what concerns a child now in school, those too who would
/// have to consent again first: one line a guardian.
///
/// # Errors
/// As any statement.
pub fn guardians(r: &mut Reader, phone_blind: &str) -> Result<Vec<Behind>> {
    let mut found: Vec<Behind> = r.rows(
        sql!(
            "SELECT g.id, g.name, k.relation, s.name, a.id FROM guardian g
              JOIN guardianship k ON k.guardian_id = g.id JOIN student s ON s.id = k.student_id
              LEFT JOIN account a ON a.guardian_id = g.id
              WHERE g.phone_blind = $1 AND k.valid_to IS NULL AND NOT k.restricted
                AND (k.may_receive OR (k.withheld AND k.custody_receives))
                AND s.state = 'active' ORDER BY g.id, s.birth_date, s.id"
        ),
        &[&phone_blind],
    )?;
    found.dedup_by_key(|b| b.guardian);
    Ok(found)
}

/// The guardians of one child with a phone.
///
/// # Errors
/// As any statement.
pub fn guardians_of_child(r: &mut Reader, phone_blind: &str, student: Id) -> Result<Vec<Behind>> {
    r.rows(
        sql!(
            "SELECT g.id, g.name, k.relation, s.name, a.id FROM guardian g
              JOIN guardianship k ON k.guardian_id = g.id JOIN student s ON s.id = k.student_id
              LEFT JOIN account a ON a.guardian_id = g.id
              WHERE g.phone_blind = $1 AND s.id = $2 AND k.valid_to IS NULL AND NOT k.restricted
                AND (k.may_receive OR (k.withheld AND k.custody_receives))
                AND s.state = 'active' ORDER BY k.position, g.id"
        ),
        &[&phone_blind, &student],
    )
}

/// Whether a member of staff has this phone.
///
/// # Errors
/// As any statement.
pub fn is_staff(r: &mut Reader, phone_blind: &str) -> Result<bool> {
    Ok(staff_account(r, phone_blind, None)?.is_some())
}

/// The staff account with this phone, and this name where one is given, that is not yet a guardian's too.
///
/// # Errors
/// As any statement.
pub fn staff_account(r: &mut Reader, phone_blind: &str, name: Option<&str>) -> Result<Option<Id>> {
    let found: Vec<(Id, String, Option<Id>)> = r.rows(
        sql!(
            "SELECT a.id, s.name, a.guardian_id FROM staff s JOIN account a ON a.staff_id = s.id
              WHERE s.phone_blind = $1 AND s.state = 'active' AND a.state = 'active' ORDER BY a.id"
        ),
        &[&phone_blind],
    )?;
    Ok(match name {
        None => found.first().map(|(id, _, _)| *id),
        Some(name) => found.into_iter().find(|(_, n, g)| n == name && g.is_none()).map(|(id, _, _)| id),
    })
}

/// The account of a guardian, made when there is none. A teacher who is also a parent gets a second
/// hat on the account they have.
///
/// # Errors
/// As any statement.
pub fn account_for(tx: &mut gongyu_store::Tx, phone_blind: &str, guardian: Id, name: &str) -> Result<(Id, bool)> {
    if let Some(account) = account::of_guardian(tx, guardian)? {
        return Ok((account, false));
    }
    if let Some(account) = staff_account(tx, phone_blind, Some(name))? {
        account::join_guardian(tx, account, guardian)?;
        return Ok((account, true));
    }
    let new = account::NewAccount { name, guardian: Some(guardian), ..account::NewAccount::default() };
    Ok((account::create(tx, &new)?, true))
}

/// The first character of a name and no more: enough for the family, too little for a stranger with a card.
pub fn masked(name: &str) -> String {
    name.chars().next().map(|c| format!("{c}**")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_stranger_with_a_card_learns_one_character_of_the_name() {
        assert_eq!(masked("陈语桐"), "陈**");
        assert_eq!(masked("阿依古丽·买买提"), "阿**");
        assert_eq!(masked(""), "");
    }
}
