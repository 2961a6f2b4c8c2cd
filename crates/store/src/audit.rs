//! Who did what to which record, sealed soon after the commit into a hash chain of the node that wrote it.

mod anchor;
mod verify;

pub use anchor::anchor;
pub use verify::{Break, Verdict, verify};

use crate::{Tx, record, sql};
use gongyu_kernel::hex;
use gongyu_kernel::{Id, Millis, Result};
use sha2::{Digest, Sha256};

/// One thing somebody did.
#[derive(Clone, Debug, Default)]
pub struct Entry<'a> {
    /// Account that acted; `None` for the system and for people not signed in.
    pub account: Option<Id>,
    /// The hat worn, such as `class_teacher@120`.
    pub hat: &'a str,
    /// What was done, such as `contact.log`.
    pub action: &'a str,
    /// Kind of the record, such as `student`.
    pub object_kind: &'a str,
    /// The record.
    pub object: Option<Id>,
    /// School the record belongs to.
    pub school: Option<Id>,
    /// Facts worth keeping, as JSON without personal data; may be empty.
    pub detail: &'a str,
    /// Network address of the person.
    pub client: &'a str,
}

record! {
    /// A stored entry.
    #[derive(Clone, Debug)]
    pub struct Stored {
        /// Identifier.
        pub id: Id,
        /// When.
        pub at: Millis,
        /// Account.
        pub account: Option<Id>,
        /// Hat.
        pub hat: String,
        /// Action.
        pub action: String,
        /// Kind of record.
        pub object_kind: String,
        /// Record.
        pub object: Option<Id>,
        /// School.
        pub school: Option<Id>,
        /// Facts.
        pub detail: String,
        /// Address.
        pub client: String,
    }
}

/// Notes an entry in the caller's transaction.
///
/// # Errors
/// As any statement.
pub fn note(tx: &mut Tx, entry: &Entry<'_>) -> Result<()> {
    let (id, at) = (tx.new_id(), tx.now());
    tx.exec_later(
        sql!(
            "INSERT INTO audit (id, at, account_id, hat, action, object_kind, object_id, school_id, detail, client)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        &[
            &id,
            &at,
            &entry.account,
            &entry.hat,
            &entry.action,
            &entry.object_kind,
            &entry.object,
            &entry.school,
            &entry.detail,
            &entry.client,
        ],
    )
}

/// Rows sealed in one link of a chain at most.
const LINK: i64 = 5_000;
/// Rows younger than this stay open: their node may still commit an earlier identifier.
const SETTLE_SECONDS: i64 = 10;

/// Seals what has settled into the chains, one for each node: a row belongs to the chain of the node that made its
/// identifier, whichever node seals it, so that the chain of a node that is gone is closed by another. Returns how many
/// rows were sealed; call again while it is not 0.
///
/// # Errors
/// As any statement.
pub fn seal(tx: &mut Tx) -> Result<i64> {
    let settled = tx.now().plus_seconds(-SETTLE_SECONDS);
    let oldest: Option<(i64,)> = tx.row(
        sql!("SELECT (id / 4096) % 1024 FROM audit WHERE sealed_in IS NULL AND at < $1 ORDER BY id LIMIT 1"),
        &[&settled],
    )?;
    match oldest {
        Some((node,)) => seal_node(tx, node, settled),
        None => Ok(0),
    }
}

/// Seals the next link of one node. Only those who seal the same node's rows wait for one another.
fn seal_node(tx: &mut Tx, node: i64, settled: Millis) -> Result<i64> {
    tx.lock(&format!("audit-seal-{node}"))?;
    let rows: Vec<Stored> = tx.rows(
        sql!(
            "SELECT id, at, account_id, hat, action, object_kind, object_id, school_id, detail, client
              FROM audit WHERE sealed_in IS NULL AND at < $1 AND (id / 4096) % 1024 = $2 ORDER BY id LIMIT $3"
        ),
        &[&settled, &node, &LINK],
    )?;
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Ok(0);
    };
    let tip: Option<(i64, String)> =
        tx.row(sql!("SELECT number, hash FROM audit_seal WHERE node = $1 ORDER BY number DESC LIMIT 1"), &[&node])?;
    let (number, previous) = tip.map_or((1, String::new()), |(n, hash)| (n + 1, hash));
    let hash = link_hash(&previous, &rows);
    let (seal, now, count) = (tx.new_id(), tx.now(), rows.len() as i64);
    tx.exec(
        sql!(
            "INSERT INTO audit_seal (id, node, number, rows_sealed, previous, hash, sealed_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        &[&seal, &node, &number, &count, &previous, &hash, &now],
    )?;
    tx.exec(
        sql!(
            "UPDATE audit SET sealed_in = $1
              WHERE sealed_in IS NULL AND at < $2 AND id >= $3 AND id <= $4 AND (id / 4096) % 1024 = $5"
        ),
        &[&seal, &settled, &first.id, &last.id, &node],
    )?;
    Ok(count)
}

fn link_hash(previous: &str, rows: &[Stored]) -> String {
    let mut hasher = Sha256::new();
    hasher.update(previous.as_bytes());
    for row in rows {
        let raw = |id: Option<Id>| id.map_or(0, Id::raw);
        let line = serde_json::json!([
            row.id.raw(),
            row.at.0,
            raw(row.account),
            row.hat,
            row.action,
            row.object_kind,
            raw(row.object),
            raw(row.school),
            row.detail,
            row.client
        ]);
        hasher.update(line.to_string().as_bytes());
        hasher.update(b"\n");
    }
    hex(hasher.finalize())
}
