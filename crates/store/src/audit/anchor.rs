//! The tips of all chains, tied together once a day. The hash also goes into the server's own log, which whoever can
//! rewrite the database need not be able to rewrite.

use super::verify::Break;
use crate::{Reader, Tx, record, sql};
use gongyu_kernel::{Result, hex};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// The hash of each link, by node and number.
pub(super) type Tips = HashMap<(i64, i64), String>;

record! {
    /// A day's anchor.
    #[derive(Clone, Debug)]
    pub(super) struct Anchor {
        day: String,
        tips: String,
        previous: String,
        hash: String,
    }
}

/// Ties the tips of all chains together for today; a day that has its anchor keeps it. Returns the hash of a new one.
///
/// # Errors
/// As any statement.
pub fn anchor(tx: &mut Tx) -> Result<Option<String>> {
    let tips: Vec<(i64, i64, String)> = tx.rows(
        sql!(
            "SELECT s.node, s.number, s.hash FROM audit_seal s
              WHERE s.number = (SELECT MAX(l.number) FROM audit_seal l WHERE l.node = s.node) ORDER BY s.node"
        ),
        &[],
    )?;
    let last: Option<(String,)> = tx.row(sql!("SELECT hash FROM audit_anchor ORDER BY day DESC LIMIT 1"), &[])?;
    let previous = last.map(|(hash,)| hash).unwrap_or_default();
    let (day, now, tips) = (tx.today().to_string(), tx.now(), serde_json::to_string(&tips)?);
    let hash = hash_of(&previous, &day, &tips);
    let made = tx.exec(
        sql!(
            "INSERT INTO audit_anchor (day, tips, previous, hash, made_at) VALUES ($1, $2, $3, $4, $5)
              ON CONFLICT (day) DO NOTHING"
        ),
        &[&day, &tips, &previous, &hash, &now],
    )?;
    Ok((made == 1).then_some(hash))
}

fn hash_of(previous: &str, day: &str, tips: &str) -> String {
    let mut hasher = Sha256::new();
    for part in [previous, day, tips] {
        hasher.update(part.as_bytes());
        hasher.update(b"\n");
    }
    hex(hasher.finalize())
}

pub(super) fn all(r: &mut Reader) -> Result<Vec<Anchor>> {
    r.rows(sql!("SELECT day, tips, previous, hash FROM audit_anchor ORDER BY day"), &[])
}

/// The first anchor that was changed, that does not follow the one before, or that names a link which is no more.
pub(super) fn first_broken(anchors: &[Anchor], tips: &Tips) -> Option<Break> {
    let mut before = "";
    for (anchor, link) in anchors.iter().zip(1..) {
        let broken = |why| Some(Break { node: 0, link, why });
        if anchor.previous != before {
            return broken("an anchor is missing");
        }
        if hash_of(&anchor.previous, &anchor.day, &anchor.tips) != anchor.hash {
            return broken("an anchor was changed");
        }
        let named: Vec<(i64, i64, String)> = serde_json::from_str(&anchor.tips).unwrap_or_default();
        if named.iter().any(|(node, number, hash)| tips.get(&(*node, *number)) != Some(hash)) {
            return broken("a link that was anchored is missing");
        }
        before = &anchor.hash;
    }
    None
}
