//! Recomputing every chain of the audit log.

use super::anchor::{self, Tips};
use super::{Stored, link_hash};
use crate::{Db, Reader, sql};
use gongyu_kernel::{Id, Result};

/// Where a chain does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// Node whose chain it is; 0 for the chain of anchors.
    pub node: i64,
    /// Number of the link; of an anchor its place from 1.
    pub link: i64,
    /// What is wrong.
    pub why: &'static str,
}

/// What checking the chains found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Chains, one for each node that ever wrote.
    pub chains: i64,
    /// Links checked.
    pub links: i64,
    /// Rows under seal.
    pub rows: i64,
    /// Daily anchors checked.
    pub anchors: i64,
    /// Rows not sealed yet.
    pub open: i64,
    /// The first broken link of each chain that is broken.
    pub broken: Vec<Break>,
}

/// Recomputes all chains and holds them against the daily anchors. Links sealed before there was a chain for each node
/// stand in the chain of node 1, with the rows of every node, and are as good as ever.
///
/// # Errors
/// As any statement.
pub fn verify(db: &Db) -> Result<Verdict> {
    let seals: Vec<(Id, i64, i64, i64, String, String)> = db.read_wait(|r| {
        r.rows(sql!("SELECT id, node, number, rows_sealed, previous, hash FROM audit_seal ORDER BY node, number"), &[])
    })?;
    let mut verdict = Verdict::default();
    let mut tips = Tips::default();
    let (mut chain, mut number_due, mut tip) = (0, 1, String::new());
    for (seal, node, number, count, previous, hash) in seals {
        if node != chain {
            (chain, number_due, tip) = (node, 1, String::new());
            verdict.chains += 1;
        }
        verdict.links += 1;
        let rows = db.read_wait(move |r| sealed_rows(r, seal))?;
        verdict.rows += rows.len() as i64;
        let wrong = if number != number_due {
            Some("a link is missing")
        } else if previous != tip {
            Some("it does not follow the link before")
        } else if rows.len() as i64 != count {
            Some("rows were removed or added")
        } else if link_hash(&previous, &rows) != hash {
            Some("a row was changed")
        } else {
            None
        };
        if let Some(why) = wrong {
            verdict.blame(Break { node, link: number, why });
        }
        number_due = number + 1;
        tips.insert((node, number), hash.clone());
        tip = hash;
    }
    let anchors = db.read_wait(anchor::all)?;
    verdict.anchors = anchors.len() as i64;
    if let Some(broken) = anchor::first_broken(&anchors, &tips) {
        verdict.blame(broken);
    }
    verdict.open = db.read_wait(|r| r.scalar(sql!("SELECT COUNT(*) FROM audit WHERE sealed_in IS NULL"), &[]))?;
    Ok(verdict)
}

impl Verdict {
    /// Keeps the first break of each chain: what follows it is broken by it.
    fn blame(&mut self, broken: Break) {
        if !self.broken.iter().any(|b| b.node == broken.node) {
            self.broken.push(broken);
        }
    }
}

fn sealed_rows(r: &mut Reader, seal: Id) -> Result<Vec<Stored>> {
    r.rows(
        sql!(
            "SELECT id, at, account_id, hat, action, object_kind, object_id, school_id, detail, client
              FROM audit WHERE sealed_in = $1 ORDER BY id"
        ),
        &[&seal],
    )
}
