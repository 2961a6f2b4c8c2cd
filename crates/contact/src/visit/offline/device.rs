//! The phones: which account keeps visits on which, and whether it still may.

use super::rules::{Last, Word, word};
use gongyu_access::{Action, Actor, account, grant, session};
use gongyu_kernel::hex;
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_store::{Reader, Tx, record, sql};
use sha2::{Digest, Sha256};

/// Phones of one account; the one not seen for longest makes room [P].
const MOST: i64 = 10;

record! {
    /// A phone.
    #[derive(Clone, Debug)]
    pub(super) struct Device {
        pub(super) id: Id,
        pub(super) account: Id,
        pub(super) session: Id,
        pub(super) session_until: Millis,
    }
}

/// Only the hash of a phone's secret is kept.
fn hashed(token: &str) -> String {
    hex(Sha256::digest(token.as_bytes()))
}

fn is_secret(token: &str) -> bool {
    (32..=160).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

fn find(r: &mut Reader, token: &str) -> Result<Option<Device>> {
    if !is_secret(token) {
        return Ok(None);
    }
    let hash = hashed(token);
    r.row(sql!("SELECT id, account_id, session_id, session_until FROM offline_device WHERE token_hash = $1"), &[&hash])
}

/// The word to the phone that asks, and whether it is to introduce itself again because its session is another.
///
/// # Errors
/// As any statement.
pub(super) fn standing(r: &mut Reader, token: Option<&str>, actor: Option<&Actor>) -> Result<(Word, bool)> {
    let Some(token) = token else { return Ok((Word::None, false)) };
    let Some(device) = find(r, token)? else { return Ok((Word::Unknown, true)) };
    let own = actor.filter(|a| a.account == device.account);
    let told = word(own.is_some(), may_still(r, device.account)?, last(r, &device)?);
    let anew = own.is_some_and(|a| a.session != Some(device.session));
    Ok((told, anew))
}

fn may_still(r: &mut Reader, account: Id) -> Result<bool> {
    let open = match account::by_id(r, account) {
        Ok(credential) => credential.state == "active",
        Err(Error::NotFound) => false,
        Err(e) => return Err(e),
    };
    Ok(open && grant::current(r, account)?.iter().any(|g| g.role.may(Action::RecordVisit)))
}

fn last(r: &mut Reader, device: &Device) -> Result<Last> {
    Ok(match session::until(r, device.session)? {
        Some(_) => Last::There,
        None if device.session_until <= r.now() => Last::Over,
        None => Last::Ended,
    })
}

/// A phone introduces itself, or is seen with another session; gives whether it is new here.
///
/// # Errors
/// `Error::NotFound` for a secret that is another account's, `Error::Conflict` for one that is none.
pub(super) fn introduce(tx: &mut Tx, actor: &Actor, token: &str, label: &str) -> Result<bool> {
    if !is_secret(token) {
        return Err(Error::conflict("visit-offline-odd"));
    }
    let session = actor.session.ok_or(Error::Forbidden)?;
    let until = session::until(tx, session)?.ok_or(Error::SignedOut)?;
    let (id, now, hash) = (tx.new_id(), tx.now(), hashed(token));
    let label: String = label.chars().take(80).collect();
    let kept: Option<(Id,)> = tx.row(
        sql!(
            "INSERT INTO offline_device (id, token_hash, account_id, session_id, session_until, label, first_at, seen_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
              ON CONFLICT (token_hash) DO UPDATE SET session_id = excluded.session_id,
                session_until = excluded.session_until, seen_at = excluded.seen_at
              WHERE offline_device.account_id = excluded.account_id RETURNING id"
        ),
        &[&id, &hash, &actor.account, &session, &until, &label, &now],
    )?;
    let Some((kept,)) = kept else { return Err(Error::NotFound) };
    tx.exec(
        sql!(
            "DELETE FROM offline_device WHERE account_id = $1 AND id NOT IN
              (SELECT id FROM offline_device WHERE account_id = $1 ORDER BY seen_at DESC, id DESC LIMIT $2)"
        ),
        &[&actor.account, &MOST],
    )?;
    Ok(kept == id)
}
