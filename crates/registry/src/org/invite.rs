//! One-time codes with which staff choose their first password. A code has 59 bits of chance, so its
//! keyed hash needs no slow function; the code itself is in the file handed out and nowhere else.

use gongyu_access::Role;
use gongyu_kernel::random::Random;
use gongyu_kernel::{Id, Millis, Result};
use gongyu_store::{Reader, Tx, Value, record, sql};
use gongyu_vault::Vault;
use std::borrow::Cow;

/// Days a code is good for [P].
pub(super) const DAYS: i64 = 30;
/// Characters of a code, without the hyphens.
const LENGTH: usize = 12;
/// Name of the blind index of codes.
const BLIND: &str = "staff-invite";

record! {
    /// Somebody who has no password yet.
    #[derive(Clone, Debug)]
    pub(super) struct Waiting {
        pub(super) account: Id,
        pub(super) login: String,
        pub(super) name: String,
        pub(super) unit_name: String,
        pub(super) staff_no: String,
    }
}

/// Staff at work in a unit who have no password yet.
pub(super) fn waiting_in(r: &mut Reader, unit: Id) -> Result<Vec<Waiting>> {
    r.rows(
        sql!(
            "SELECT a.id, COALESCE(a.login, ''), s.name, u.name, s.staff_no
              FROM staff s JOIN account a ON a.staff_id = s.id JOIN unit u ON u.id = s.school_id
              WHERE s.school_id = $1 AND s.state = 'active' AND a.state = 'active' AND a.password_hash IS NULL
              ORDER BY s.name_key, s.id LIMIT 1000"
        ),
        &[&unit],
    )
}

/// Registrars of all schools who have no password yet: the first to be let in, as they hand out the
/// codes of their own school.
pub(super) fn waiting_registrars(r: &mut Reader) -> Result<Vec<Waiting>> {
    let (today, role) = (r.today(), Role::Registrar);
    r.rows(
        sql!(
            "SELECT a.id, COALESCE(a.login, ''), s.name, u.name, s.staff_no
              FROM role_grant g JOIN account a ON a.id = g.account_id JOIN staff s ON s.id = a.staff_id
                   JOIN unit u ON u.id = g.unit_id
              WHERE g.role = $1 AND g.valid_from <= $2 AND (g.valid_to IS NULL OR g.valid_to >= $2)
                AND a.state = 'active' AND s.state = 'active' AND a.password_hash IS NULL
              ORDER BY u.name_key, s.name_key, a.id LIMIT 3000"
        ),
        &[&role, &today],
    )
}

/// Makes a new code for each; earlier codes are good no longer.
pub(super) fn make(tx: &mut Tx, vault: &Vault, random: &Random, accounts: &[Id]) -> Result<Vec<String>> {
    let (now, expires) = (tx.now(), tx.now().plus_days(DAYS));
    let codes: Vec<String> = accounts.iter().map(|_| random.code(LENGTH)).collect();
    let rows: Vec<Vec<Value<'_>>> = accounts
        .iter()
        .zip(&codes)
        .map(|(account, code)| {
            vec![
                Value::Int(account.raw()),
                Value::Text(Cow::Owned(vault.blind(BLIND, code))),
                Value::Int(now.0),
                Value::Int(expires.0),
            ]
        })
        .collect();
    tx.insert_many_with(
        "staff_invite",
        &["account_id", "code_hash", "made_at", "expires_at"],
        "ON CONFLICT (account_id) DO UPDATE SET code_hash = excluded.code_hash, made_at = excluded.made_at,
                                               expires_at = excluded.expires_at",
        &rows,
    )?;
    Ok(codes.iter().map(|code| grouped(code)).collect())
}

/// ABCD-EFGH-JKLM.
fn grouped(code: &str) -> String {
    code.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-")
}

/// A code as typed: any case, with or without hyphens and spaces.
fn plain(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase()
}

/// The account of a login and a code that is still good.
pub(super) fn redeem(r: &mut Reader, vault: &Vault, login: &str, code: &str) -> Result<Option<Id>> {
    let (login, hash, now) = (login.trim().to_lowercase(), vault.blind(BLIND, &plain(code)), r.now());
    let found: Option<(Id,)> = r.row(
        sql!(
            "SELECT a.id FROM account a JOIN staff_invite i ON i.account_id = a.id
              WHERE a.login = $1 AND a.state = 'active' AND i.code_hash = $2 AND i.expires_at > $3"
        ),
        &[&login, &hash, &now],
    )?;
    Ok(found.map(|(id,)| id))
}

/// Uses a code up.
pub(super) fn spend(tx: &mut Tx, account: Id) -> Result<()> {
    tx.exec(sql!("DELETE FROM staff_invite WHERE account_id = $1"), &[&account])?;
    Ok(())
}

/// When the codes of a unit were last made.
pub(super) fn last_made(r: &mut Reader, unit: Id) -> Result<Option<Millis>> {
    let found: Option<(Millis,)> = r.row(
        sql!(
            "SELECT i.made_at FROM staff_invite i JOIN account a ON a.id = i.account_id
                     JOIN staff s ON s.id = a.staff_id
              WHERE s.school_id = $1 ORDER BY i.made_at DESC LIMIT 1"
        ),
        &[&unit],
    )?;
    Ok(found.map(|(at,)| at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_in_any_case_with_or_without_hyphens() {
        let code = "ABCDEFGHJKLM";
        assert_eq!(grouped(code), "ABCD-EFGH-JKLM");
        assert_eq!(plain(" abcd-efgh jklm "), code);
    }
}
