//! Codes sent to a phone to sign a guardian in.

use gongyu_kernel::hex;
use gongyu_kernel::random::Random;
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Tx, sql};
use sha2::{Digest, Sha256};

/// Minutes a code is good for [P].
pub const GOOD_MINUTES: i64 = 5;
/// Wrong tries a code survives [P].
const TRIES: i64 = 5;
/// Codes a phone may be sent within an hour [P].
const PER_HOUR: i64 = 5;

/// Makes a code for a phone, known only by its blind index. The caller hands it to the outgoing channel.
///
/// # Errors
/// `Error::TooMany` when the phone was sent enough within the hour.
pub fn issue(tx: &mut Tx, random: &Random, phone_blind: &str) -> Result<String> {
    let now = tx.now();
    let hour_ago = now.plus_minutes(-60);
    let sent: i64 = tx.scalar(
        sql!("SELECT COUNT(*) FROM sign_code WHERE phone_blind = $1 AND created_at > $2"),
        &[&phone_blind, &hour_ago],
    )?;
    if sent >= PER_HOUR {
        return Err(Error::TooMany { retry_after: 3600 });
    }
    let code = random.digits(6);
    let (id, hash, until) = (tx.new_id(), hashed(phone_blind, &code), now.plus_minutes(GOOD_MINUTES));
    tx.exec(
        sql!(
            "INSERT INTO sign_code (id, phone_blind, code_hash, tries, created_at, expires_at)
              VALUES ($1, $2, $3, 0, $4, $5)"
        ),
        &[&id, &phone_blind, &hash, &now, &until],
    )?;
    Ok(code)
}

/// What became of a typed code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It fits; it cannot be used again.
    Fits,
    /// It does not fit, or there is none.
    Wrong,
    /// It is past its time or was tried too often: a new one is needed.
    Spent,
}

/// Tries a code. A wrong try is counted in this transaction, so commit it either way.
///
/// # Errors
/// As any statement.
pub fn try_code(tx: &mut Tx, phone_blind: &str, typed: &str) -> Result<Outcome> {
    let now = tx.now();
    let newest: Option<(Id, String, i64, i64)> = tx.row(
        sql!(
            "SELECT id, code_hash, tries, expires_at FROM sign_code
              WHERE phone_blind = $1 AND used_at IS NULL ORDER BY id DESC LIMIT 1"
        ),
        &[&phone_blind],
    )?;
    let Some((id, hash, tries, expires)) = newest else {
        return Ok(Outcome::Wrong);
    };
    if tries >= TRIES || expires < now.0 {
        return Ok(Outcome::Spent);
    }
    if hash != hashed(phone_blind, typed.trim()) {
        tx.exec(sql!("UPDATE sign_code SET tries = tries + 1 WHERE id = $1"), &[&id])?;
        return Ok(Outcome::Wrong);
    }
    tx.exec(sql!("UPDATE sign_code SET used_at = $1 WHERE id = $2"), &[&now, &id])?;
    Ok(Outcome::Fits)
}

/// A code copied from a contact card as it is looked up: letters and digits in upper case, hashed.
/// `None` when it cannot be one: cards carry 8 characters without 0, O, 1, I, L.
pub fn of_card(typed: &str) -> Option<String> {
    let plain: String =
        typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
    let fits = plain.len() == 8 && plain.bytes().all(|b| b.is_ascii_alphanumeric());
    fits.then(|| hex(Sha256::digest(plain.as_bytes())))
}

/// Forgets codes older than a day.
///
/// # Errors
/// As any statement.
pub fn sweep(tx: &mut Tx) -> Result<u64> {
    let day_ago = tx.now().plus_days(-1);
    tx.exec(sql!("DELETE FROM sign_code WHERE created_at < $1"), &[&day_ago])
}

fn hashed(phone_blind: &str, code: &str) -> String {
    hex(Sha256::digest(format!("{phone_blind}:{code}").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::of_card;

    #[test]
    fn a_card_code_is_read_however_it_is_typed() {
        let code = of_card("K7MP2X9Q").unwrap();
        assert_eq!(of_card(" k7mp-2x9q "), Some(code));
        assert_eq!(of_card("K7MP2X9"), None);
        assert_eq!(of_card("K7MP2X9石"), None);
    }
}
