//! Accounts: what a person signs in with.

use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_store::{Reader, Tx, record, sql};

/// Wrong passwords in a row before an account is locked (usual checklists: 5 [C/P]).
pub const FAILURES: i64 = 5;
/// Minutes an account stays locked (usual checklists: 5 to 15 [C/P]).
pub const LOCK_MINUTES: i64 = 15;

record! {
    /// What signing in needs to know.
    #[derive(Clone, Debug)]
    pub struct Credential {
        /// Account.
        pub id: Id,
        /// Name to show.
        pub name: String,
        /// argon2 hash; `None` when no password was ever set.
        pub password_hash: Option<String>,
        /// Must choose a new password.
        pub must_change: bool,
        /// Sealed secret of the authenticator app, if set up.
        pub totp_sealed: Option<Vec<u8>>,
        /// Step of the last one-time code used.
        pub totp_step: i64,
        /// `active` or `closed`.
        pub state: String,
        /// Locked until then.
        pub locked_until: Millis,
    }
}

/// The credential of a login name.
///
/// # Errors
/// As any statement.
pub fn by_login(r: &mut Reader, login: &str) -> Result<Option<Credential>> {
    let login = login.trim().to_lowercase();
    r.row(
        sql!(
            "SELECT id, name, password_hash, must_change, totp_sealed, totp_step, state, locked_until
              FROM account WHERE login = $1"
        ),
        &[&login],
    )
}

/// The credential of an account.
///
/// # Errors
/// `Error::NotFound`.
pub fn by_id(r: &mut Reader, id: Id) -> Result<Credential> {
    r.one(
        sql!(
            "SELECT id, name, password_hash, must_change, totp_sealed, totp_step, state, locked_until
              FROM account WHERE id = $1"
        ),
        &[&id],
    )
}

/// The account of a guardian, if they have one.
///
/// # Errors
/// As any statement.
pub fn of_guardian(r: &mut Reader, guardian: Id) -> Result<Option<Id>> {
    let found: Option<(Id,)> = r.row(sql!("SELECT id FROM account WHERE guardian_id = $1"), &[&guardian])?;
    Ok(found.map(|(id,)| id))
}

/// The account of a member of staff, if they have one.
///
/// # Errors
/// As any statement.
pub fn of_staff(r: &mut Reader, staff: Id) -> Result<Option<Id>> {
    let found: Option<(Id,)> = r.row(sql!("SELECT id FROM account WHERE staff_id = $1"), &[&staff])?;
    Ok(found.map(|(id,)| id))
}

/// A new account.
#[derive(Clone, Debug, Default)]
pub struct NewAccount<'a> {
    /// Login name, kept in lower case; `None` for guardians, who use their phone.
    pub login: Option<&'a str>,
    /// Name to show.
    pub name: &'a str,
    /// Member of staff.
    pub staff: Option<Id>,
    /// Guardian.
    pub guardian: Option<Id>,
    /// argon2 hash.
    pub password_hash: Option<&'a str>,
    /// Must choose a new password at first sign-in.
    pub must_change: bool,
}

/// Makes an account.
///
/// # Errors
/// `Error::Conflict("account-login-taken")`.
pub fn create(tx: &mut Tx, new: &NewAccount<'_>) -> Result<Id> {
    let (id, now) = (tx.new_id(), tx.now());
    let login = new.login.map(|l| l.trim().to_lowercase());
    if let Some(login) = &login
        && by_login(tx, login)?.is_some()
    {
        return Err(Error::conflict("account-login-taken"));
    }
    tx.exec(
        sql!(
            "INSERT INTO account (id, login, name, staff_id, guardian_id, password_hash, must_change,
                                   totp_step, state, failures, locked_until, lang, theme, text_size, created_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 'active', 0, 0, 'zh-CN', 'auto', 'normal', $8)"
        ),
        &[&id, &login, &new.name, &new.staff, &new.guardian, &new.password_hash, &new.must_change, &now],
    )?;
    Ok(id)
}

/// The login name of an account; `None` for guardians.
///
/// # Errors
/// `Error::NotFound`.
pub fn login_of(r: &mut Reader, id: Id) -> Result<Option<String>> {
    r.scalar(sql!("SELECT login FROM account WHERE id = $1"), &[&id])
}

/// Lets an account also act as a guardian.
///
/// # Errors
/// As any statement.
pub fn join_guardian(tx: &mut Tx, account: Id, guardian: Id) -> Result<()> {
    tx.exec(sql!("UPDATE account SET guardian_id = $1 WHERE id = $2"), &[&guardian, &account])?;
    Ok(())
}

/// Counts a wrong password; returns whether the account is locked now.
///
/// # Errors
/// As any statement.
pub fn note_failure(tx: &mut Tx, id: Id) -> Result<bool> {
    let until = tx.now().plus_minutes(LOCK_MINUTES);
    let failures: i64 =
        tx.scalar(sql!("UPDATE account SET failures = failures + 1 WHERE id = $1 RETURNING failures"), &[&id])?;
    if failures >= FAILURES {
        tx.exec(sql!("UPDATE account SET failures = 0, locked_until = $1 WHERE id = $2"), &[&until, &id])?;
    }
    Ok(failures >= FAILURES)
}

/// Notes a sign-in that succeeded.
///
/// # Errors
/// As any statement.
pub fn note_success(tx: &mut Tx, id: Id, totp_step: Option<i64>) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!(
            "UPDATE account SET failures = 0, locked_until = 0, last_sign_in_at = $1,
                                 totp_step = CASE WHEN $2 > totp_step THEN $2 ELSE totp_step END
              WHERE id = $3"
        ),
        &[&now, &totp_step.unwrap_or(0), &id],
    )?;
    Ok(())
}

/// Sets a password.
///
/// # Errors
/// As any statement.
pub fn set_password(tx: &mut Tx, id: Id, hash: &str, must_change: bool) -> Result<()> {
    tx.exec(
        sql!(
            "UPDATE account SET password_hash = $1, must_change = $2, failures = 0, locked_until = 0
              WHERE id = $3"
        ),
        &[&hash, &must_change, &id],
    )?;
    Ok(())
}

/// Sets or removes the authenticator secret.
///
/// # Errors
/// As any statement.
pub fn set_totp(tx: &mut Tx, id: Id, sealed: Option<&[u8]>) -> Result<()> {
    tx.exec(sql!("UPDATE account SET totp_sealed = $1, totp_step = 0 WHERE id = $2"), &[&sealed, &id])?;
    Ok(())
}

/// Keeps how a person likes their pages.
///
/// # Errors
/// As any statement.
pub fn set_prefs(tx: &mut Tx, id: Id, prefs: crate::Prefs) -> Result<()> {
    let size = if prefs.elder { "elder" } else { "normal" };
    tx.exec(
        sql!("UPDATE account SET lang = $1, theme = $2, text_size = $3 WHERE id = $4"),
        &[&prefs.lang.tag(), &prefs.theme.code(), &size, &id],
    )?;
    Ok(())
}
