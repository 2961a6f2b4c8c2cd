//! The SQL of what arrives from phones.

use super::rules;
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_store::{Reader, Tx, record, sql};
use gongyu_vault::Vault;

/// Seal name of a piece, bound to the account.
const PIECE: &str = "offline_piece.sealed";

record! {
    /// Something that arrived.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub(super) struct Item {
        pub(super) id: Id,
        pub(super) client_key: String,
        pub(super) account: Id,
        pub(super) kind: String,
        pub(super) visit: Id,
        pub(super) version: i64,
        pub(super) sha256: String,
        pub(super) arrived_at: Millis,
    }
}

/// Something arriving.
pub(super) struct NewItem<'a> {
    pub(super) school: Id,
    pub(super) client_key: &'a str,
    pub(super) account: Id,
    pub(super) kind: &'a str,
    pub(super) visit: Id,
    pub(super) version: i64,
    pub(super) sha256: &'a str,
    pub(super) size: i64,
    pub(super) said_at: Millis,
    pub(super) written_at: Millis,
}

macro_rules! select {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT id, client_key, account_id, kind, visit_id, version, sha256, arrived_at FROM offline_item ",
            $tail
        ))
    };
}

/// What arrived under a key, if it is this account's.
///
/// # Errors
/// `Error::NotFound` for another account's key.
pub(super) fn arrived(r: &mut Reader, account: Id, key: &str) -> Result<Option<Item>> {
    let found: Option<Item> = r.row(select!("WHERE client_key = $1"), &[&key])?;
    match found {
        Some(item) if item.account != account => Err(Error::NotFound),
        found => Ok(found),
    }
}

/// What arrived under some keys of an account; others' keys are as if they were nothing.
///
/// # Errors
/// As any statement.
pub(super) fn arrived_among(r: &mut Reader, account: Id, keys: &[&str]) -> Result<Vec<Item>> {
    let mut out = Vec::new();
    for key in keys {
        let found: Option<Item> = r.row(select!("WHERE client_key = $1 AND account_id = $2"), &[key, &account])?;
        out.extend(found);
    }
    Ok(out)
}

/// Takes the key of something that is arriving, before anything else is written. Of many tries at once one takes
/// it; the others collide here, run again and find what the first one kept.
///
/// # Errors
/// `Error::NotFound` when it was taken in this same moment and not seen, which a caller that looked before does not meet.
pub(super) fn take(tx: &mut Tx, new: &NewItem<'_>) -> Result<Item> {
    let (id, now) = (tx.new_id(), tx.now());
    let taken: Option<(Id,)> = tx.row(
        sql!(
            "INSERT INTO offline_item (id, school_id, client_key, account_id, kind, visit_id, version, sha256, size,
                                        kept_as, said_at, written_at, arrived_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, $10, $11, $12)
              ON CONFLICT (client_key) DO NOTHING RETURNING id"
        ),
        &[
            &id,
            &new.school,
            &new.client_key,
            &new.account,
            &new.kind,
            &new.visit,
            &new.version,
            &new.sha256,
            &new.size,
            &new.said_at,
            &new.written_at,
            &now,
        ],
    )?;
    if taken.is_none() {
        return Err(Error::NotFound);
    }
    Ok(Item {
        id,
        client_key: new.client_key.to_owned(),
        account: new.account,
        kind: new.kind.to_owned(),
        visit: new.visit,
        version: new.version,
        sha256: new.sha256.to_owned(),
        arrived_at: now,
    })
}

/// Notes what something that arrived was kept as: a version of the record, a file.
///
/// # Errors
/// As any statement.
pub(super) fn kept(tx: &mut Tx, item: &Item, version: i64, kept_as: Option<Id>) -> Result<()> {
    tx.exec(sql!("UPDATE offline_item SET version = $1, kept_as = $2 WHERE id = $3"), &[&version, &kept_as, &item.id])?;
    Ok(())
}

/// Gives a key back: nothing was kept under it.
///
/// # Errors
/// As any statement.
pub(super) fn give_back(tx: &mut Tx, item: &Item) -> Result<()> {
    tx.exec(sql!("DELETE FROM offline_item WHERE id = $1"), &[&item.id])?;
    Ok(())
}

/// Keeps a piece of a file; the same piece again changes nothing.
///
/// # Errors
/// `Error::Conflict` when the account has too many files half sent.
pub(super) fn keep_piece(
    tx: &mut Tx,
    vault: &Vault,
    account: Id,
    key: &str,
    (n, pieces): (i64, i64),
    bytes: &[u8],
) -> Result<()> {
    let waiting: i64 = tx.scalar(sql!("SELECT COUNT(*) FROM offline_piece WHERE account_id = $1"), &[&account])?;
    if waiting >= rules::MOST_WAITING {
        return Err(Error::conflict("visit-offline-too-many-pieces"));
    }
    let (now, sealed) = (tx.now(), vault.seal(PIECE, account, bytes)?);
    tx.exec(
        sql!(
            "INSERT INTO offline_piece (account_id, client_key, n, pieces, sealed, at) VALUES ($1, $2, $3, $4, $5, $6)
              ON CONFLICT (account_id, client_key, n) DO NOTHING"
        ),
        &[&account, &key, &n, &pieces, &sealed, &now],
    )?;
    Ok(())
}

/// Which pieces of a file are here.
///
/// # Errors
/// As any statement.
pub(super) fn pieces_here(r: &mut Reader, account: Id, key: &str, pieces: i64) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = r.rows(
        sql!("SELECT n FROM offline_piece WHERE account_id = $1 AND client_key = $2 AND pieces = $3 ORDER BY n"),
        &[&account, &key, &pieces],
    )?;
    Ok(rows.into_iter().map(|(n,)| n).collect())
}

/// A file put together from its pieces.
///
/// # Errors
/// `Error::Internal` when a piece cannot be opened.
pub(super) fn whole_file(r: &mut Reader, vault: &Vault, account: Id, key: &str) -> Result<Vec<u8>> {
    let rows: Vec<(Vec<u8>,)> = r.rows(
        sql!("SELECT sealed FROM offline_piece WHERE account_id = $1 AND client_key = $2 ORDER BY n"),
        &[&account, &key],
    )?;
    let mut out = Vec::new();
    for (sealed,) in rows {
        out.extend(vault.open_bytes(PIECE, account, &sealed)?);
    }
    Ok(out)
}

/// Forgets the pieces of a file.
///
/// # Errors
/// As any statement.
pub(super) fn forget_pieces(tx: &mut Tx, account: Id, key: &str) -> Result<()> {
    tx.exec(sql!("DELETE FROM offline_piece WHERE account_id = $1 AND client_key = $2"), &[&account, &key])?;
    Ok(())
}

/// Forgets pieces of files that never became whole, some at a time; gives how many.
///
/// # Errors
/// As any statement.
pub(super) fn sweep_pieces(tx: &mut Tx) -> Result<u64> {
    let before = tx.now().plus_days(-rules::PIECE_DAYS);
    tx.exec(
        sql!(
            "DELETE FROM offline_piece WHERE client_key IN
              (SELECT client_key FROM offline_piece WHERE at < $1 ORDER BY at LIMIT 200) AND at < $1"
        ),
        &[&before],
    )
}
