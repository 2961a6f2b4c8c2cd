//! Tokens for the API: shown once, kept as a hash, bound to one role of one account.

use crate::actor::{Actor, Hat, Prefs};
use crate::policy::Role;
use crate::session::Found;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gongyu_kernel::random::Random;
use gongyu_kernel::{Id, Millis, Result};
use gongyu_store::{Reader, Tx, record, sql};
use sha2::{Digest, Sha256};

record! {
    struct TokenRow {
        account: Id,
        name: String,
        staff: Option<Id>,
        role: Role,
        unit: Id,
        unit_name: String,
        grant: Id,
    }
}

/// Makes a token in the name of a role the account holds.
///
/// # Errors
/// As any statement.
pub fn create(tx: &mut Tx, random: &Random, account: Id, grant: Id, label: &str) -> Result<String> {
    let token = format!("gy_{}", URL_SAFE_NO_PAD.encode(random.bytes::<24>()));
    let (id, now, hash) = (tx.new_id(), tx.now(), hashed(&token));
    tx.exec(
        sql!(
            "INSERT INTO api_token (id, token_hash, account_id, grant_id, label, created_at)
              VALUES ($1, $2, $3, $4, $5, $6)"
        ),
        &[&id, &hash, &account, &grant, &label, &now],
    )?;
    Ok(token)
}

/// Who is behind a token; `None` when it is unknown, revoked, or its role has ended.
///
/// # Errors
/// As any statement.
pub fn find(r: &mut Reader, token: &str) -> Result<Option<Found>> {
    let (hash, today) = (hashed(token), r.today());
    let row: Option<TokenRow> = r.row(
        sql!(
            "SELECT a.id, a.name, a.staff_id, g.role, g.unit_id, g.unit_name, g.id
              FROM api_token t JOIN account a ON a.id = t.account_id JOIN role_grant g ON g.id = t.grant_id
              WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND a.state = 'active'
                AND g.valid_from <= $2 AND (g.valid_to IS NULL OR g.valid_to >= $2)"
        ),
        &[&hash, &today],
    )?;
    Ok(row.map(|row| Found {
        wants_touch: false,
        csrf: String::new(),
        actor: Actor {
            account: row.account,
            session: None,
            name: row.name,
            staff: row.staff,
            guardian: None,
            hat: Hat { role: row.role, unit: Some(row.unit), unit_name: row.unit_name, grant: Some(row.grant) },
            strong: true,
            must_change: false,
            prefs: Prefs::default(),
        },
    }))
}

record! {
    /// A token as its owner sees it.
    #[derive(Clone, Debug)]
    pub struct TokenView {
        /// Identifier.
        pub id: Id,
        /// What it is for.
        pub label: String,
        /// Made.
        pub created_at: Millis,
    }
}

/// The tokens of an account that still work.
///
/// # Errors
/// As any statement.
pub fn list(r: &mut Reader, account: Id) -> Result<Vec<TokenView>> {
    r.rows(
        sql!(
            "SELECT id, label, created_at FROM api_token
              WHERE account_id = $1 AND revoked_at IS NULL ORDER BY id DESC LIMIT 100"
        ),
        &[&account],
    )
}

/// Ends a token.
///
/// # Errors
/// As any statement.
pub fn revoke(tx: &mut Tx, account: Id, token: Id) -> Result<()> {
    let now = tx.now();
    tx.exec(sql!("UPDATE api_token SET revoked_at = $1 WHERE id = $2 AND account_id = $3"), &[&now, &token, &account])?;
    Ok(())
}

fn hashed(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))
}
