//! Signatures: kept sealed, each once.

use crate::visit::model::{Signer, VisitId};
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_store::{Reader, Tx, sql};
use gongyu_vault::Vault;
use serde::{Deserialize, Serialize};

const SIGNATURE: &str = "visit_signature.sealed";
/// Bytes of the largest signature: a page full of strokes.
const MOST_BYTES: usize = 200_000;

/// A signature to be kept.
#[derive(Clone, Debug)]
pub struct NewSignature<'a> {
    /// Who signed.
    pub who: Signer,
    /// Their name, as typed or as known.
    pub name: &'a str,
    /// Strokes as `parts::sign` gives them; empty when the name was typed with consent instead.
    pub strokes: &'a str,
    /// Account of the device it was signed on.
    pub account: Id,
    /// The client's own key.
    pub client_key: &'a str,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    name: String,
    strokes: String,
}

/// A kept signature.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Receipt.
    pub id: Id,
    /// Who signed.
    pub who: Signer,
    /// Name.
    pub name: String,
    /// Strokes; empty for a typed name.
    pub strokes: String,
    /// When it arrived.
    pub signed_at: Millis,
}

/// Keeps a signature; the same key of the same account gives the one already kept: its receipt.
///
/// # Errors
/// `Error::Conflict` when it is too large or empty, `Error::NotFound` for another account's key.
pub fn keep_signature(tx: &mut Tx, vault: &Vault, visit: (VisitId, Id), new: &NewSignature<'_>) -> Result<Id> {
    if new.strokes.len() > MOST_BYTES || new.name.chars().count() > 40 || new.client_key.len() > 64 {
        return Err(Error::conflict("visit-signature-too-large"));
    }
    if new.client_key.is_empty() || (new.strokes.is_empty() && new.name.trim().is_empty()) {
        return Err(Error::conflict("visit-signature-empty"));
    }
    let (id, now) = (tx.new_id(), tx.now());
    let plain = Sealed { name: new.name.trim().to_owned(), strokes: new.strokes.to_owned() };
    let sealed = vault.seal_json(SIGNATURE, id, &plain)?;
    let added: Option<(Id,)> = tx.row(
        sql!(
            "INSERT INTO visit_signature (id, school_id, visit_id, who, account_id, client_key, signed_at, sealed)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (client_key) DO NOTHING RETURNING id"
        ),
        &[&id, &visit.1, &visit.0, &new.who, &new.account, &new.client_key, &now, &sealed],
    )?;
    if added.is_some() {
        return Ok(id);
    }
    let (earlier, of, by): (Id, Id, Id) =
        tx.one(sql!("SELECT id, visit_id, account_id FROM visit_signature WHERE client_key = $1"), &[&new.client_key])?;
    if of == visit.0 && by == new.account { Ok(earlier) } else { Err(Error::NotFound) }
}

/// The last signature of each who signed.
///
/// # Errors
/// `Error::Internal` when one cannot be opened.
pub fn signatures_of(r: &mut Reader, vault: &Vault, visit: VisitId) -> Result<Vec<Signature>> {
    let rows: Vec<(Id, Signer, Millis, Vec<u8>)> = r.rows(
        sql!("SELECT id, who, signed_at, sealed FROM visit_signature WHERE visit_id = $1 ORDER BY id DESC LIMIT 40"),
        &[&visit],
    )?;
    let mut out: Vec<Signature> = Vec::new();
    for (id, who, signed_at, sealed) in rows {
        if out.iter().all(|s| s.who != who) {
            let Sealed { name, strokes } = vault.open_json(SIGNATURE, id, &sealed)?;
            out.push(Signature { id, who, name, strokes, signed_at });
        }
    }
    Ok(out)
}
