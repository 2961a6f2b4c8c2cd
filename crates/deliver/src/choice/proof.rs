//! Proof that an address is a person's own: a code sent to an e-mail address, a state that comes back from WeChat.

use crate::channel::Way;
use gongyu_kernel::random::Random;
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Tx, sql};
use gongyu_vault::Vault;

/// Seal name of `address_proof.address_sealed`.
const ADDRESS: &str = "address_proof.address";
/// Name of the blind index of codes.
const CODE: &str = "address-proof";
/// Minutes a code or a state is good for [P].
const GOOD_MINUTES: i64 = 30;
/// Wrong tries before a code is void.
const TRIES: i64 = 5;
/// Codes a person may ask for within an hour.
const PER_HOUR: i64 = 5;

/// Begins a proof of an e-mail address: the six digits to be sent there.
///
/// # Errors
/// `Error::Conflict` when too many were asked for.
pub fn begin_email(tx: &mut Tx, vault: &Vault, random: &Random, person: Id, to: &str) -> Result<String> {
    let now = tx.now();
    // Each was good for half an hour, so those of the last hour end after half an hour ago.
    let since = now.plus_minutes(GOOD_MINUTES - 60);
    let asked: i64 = tx.scalar(
        sql!("SELECT COUNT(*) FROM address_proof WHERE person_id = $1 AND channel = 'email' AND expires_at > $2"),
        &[&person, &since],
    )?;
    if asked >= PER_HOUR {
        return Err(Error::conflict("channels-too-many-codes"));
    }
    let code = random.digits(6);
    let (id, until) = (tx.new_id(), now.plus_minutes(GOOD_MINUTES));
    let sealed = vault.seal(ADDRESS, id, to.as_bytes())?;
    let hash = vault.blind(CODE, &format!("{person}:{code}"));
    tx.exec(
        sql!(
            "INSERT INTO address_proof (id, person_id, channel, code_hash, address_sealed, tries, expires_at)
              VALUES ($1, $2, 'email', $3, $4, 0, $5)"
        ),
        &[&id, &person, &hash, &sealed, &until],
    )?;
    Ok(code)
}

/// The address that this code proves to be the person's.
///
/// # Errors
/// `Error::Conflict` never: a wrong code is `None`, and counts as a try.
pub fn finish_email(tx: &mut Tx, vault: &Vault, person: Id, typed: &str) -> Result<Option<String>> {
    let now = tx.now();
    let open: Option<(Id, String, Vec<u8>)> = tx.row(
        sql!(
            "SELECT id, code_hash, address_sealed FROM address_proof
              WHERE person_id = $1 AND channel = 'email' AND used_at IS NULL AND expires_at > $2 AND tries < $3
                AND address_sealed IS NOT NULL
              ORDER BY id DESC LIMIT 1"
        ),
        &[&person, &now, &TRIES],
    )?;
    let Some((id, hash, sealed)) = open else { return Ok(None) };
    if hash != vault.blind(CODE, &format!("{person}:{}", typed.trim())) {
        tx.exec(sql!("UPDATE address_proof SET tries = tries + 1 WHERE id = $1"), &[&id])?;
        return Ok(None);
    }
    tx.exec(sql!("UPDATE address_proof SET used_at = $2 WHERE id = $1"), &[&id, &now])?;
    vault.open_text(ADDRESS, id, &sealed).map(Some)
}

/// Begins a binding whose answer comes back through WeChat: the state that ties it to this person.
///
/// # Errors
/// As any statement.
pub fn begin_state(tx: &mut Tx, vault: &Vault, random: &Random, person: Id, way: Way) -> Result<String> {
    let state = random.code(24);
    let (id, until) = (tx.new_id(), tx.now().plus_minutes(GOOD_MINUTES));
    let hash = vault.blind(CODE, &state);
    tx.exec(
        sql!(
            "INSERT INTO address_proof (id, person_id, channel, code_hash, tries, expires_at)
              VALUES ($1, $2, $3, $4, 0, $5)"
        ),
        &[&id, &person, &way, &hash, &until],
    )?;
    Ok(state)
}

/// Whose state this is; it is good once.
///
/// # Errors
/// As any statement.
pub fn finish_state(tx: &mut Tx, vault: &Vault, way: Way, state: &str) -> Result<Option<Id>> {
    let now = tx.now();
    let hash = vault.blind(CODE, state);
    let found: Option<(Id, Id)> = tx.row(
        sql!(
            "UPDATE address_proof SET used_at = $1
              WHERE code_hash = $2 AND channel = $3 AND used_at IS NULL AND expires_at > $1
              RETURNING id, person_id"
        ),
        &[&now, &hash, &way],
    )?;
    Ok(found.map(|(_, person)| person))
}

/// Forgets proofs past their time.
pub(crate) fn sweep(tx: &mut Tx) -> Result<u64> {
    let before = tx.now().plus_days(-1);
    tx.exec(
        sql!(
            "DELETE FROM address_proof WHERE id IN
              (SELECT id FROM address_proof WHERE expires_at < $1 ORDER BY id LIMIT 500)"
        ),
        &[&before],
    )
}
