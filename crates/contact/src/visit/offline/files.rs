//! Photos and signatures from a phone: in pieces, so that a line that breaks costs one piece; put together,
//! checked against the phone's checksum, kept once, receipted.

use super::receive::{Receipt, before, checksum};
use super::store::{self, NewItem};
use super::{photo, rules};
use crate::visit::model::Signer;
use crate::visit::permit::{self, Part};
use crate::visit::store::{NewSignature, keep_signature};
use crate::visit::{Held, SOURCE, keep_note};
use axum::http::StatusCode;
use gongyu_access::{Action, Actor, right};
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_parts::sign::Signature;
use gongyu_store::audit;
use gongyu_store::{Reader, Tx};
use gongyu_web::permit::Holder;
use gongyu_web::{Get, Post, Reply, Routes, Slow, api};
use serde::Deserialize;
use serde_json::json;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/visits/offline/pieces.json", pieces).post("/visits/offline/piece", piece).slow(
        "/visits/offline/file.json",
        true,
        refused,
        file,
    )
}

/// Key and number of pieces of a file, from the address.
fn named(req: &gongyu_web::Req) -> Result<(&str, i64)> {
    let key = req.query.get("key");
    let of: i64 = req.query.get("of").parse().unwrap_or(0);
    if rules::is_key(key) && (1..=rules::MOST_PIECES).contains(&of) { Ok((key, of)) } else { Err(odd()) }
}

fn odd() -> Error {
    Error::conflict("visit-offline-odd")
}

/// Which pieces are here already.
fn pieces(g: &mut Get<'_>, at: Holder<right::RecordVisit>) -> Result<Reply> {
    let (key, of) = named(g.req)?;
    let have = match store::arrived(g.r, at.actor.account, key)? {
        // All of it arrived: nothing has to be sent again.
        Some(_) => (0..of).collect(),
        None => store::pieces_here(g.r, at.actor.account, key, of)?,
    };
    api::json(&json!({ "now": g.r.now(), "have": have }))
}

/// Takes a piece.
fn piece(p: &mut Post<'_>, at: Holder<right::RecordVisit>) -> Result<Reply> {
    let (key, of) = named(p.req)?;
    let n: i64 = p.req.query.get("n").parse().map_err(|_| odd())?;
    let bytes = &p.req.body;
    if !(0..of).contains(&n) || bytes.is_empty() || bytes.len() > rules::PIECE_BYTES {
        return Err(odd());
    }
    if store::arrived(p.tx, at.actor.account, key)?.is_none() {
        store::keep_piece(p.tx, &p.app.vault, at.actor.account, key, (n, of), bytes)?;
    }
    api::json(&json!({ "now": p.tx.now() }))
}

/// What a phone says of a file whose pieces it has sent.
#[derive(Clone, Debug, Deserialize)]
struct Sent {
    key: String,
    kind: Kind,
    /// Key of the record it belongs to.
    record: String,
    sha256: String,
    pieces: i64,
    said_ago: i64,
    said_at: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Photo,
    Signature,
    Note,
}

impl Kind {
    const fn code(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Signature => "signature",
            Self::Note => "note",
        }
    }
}

#[derive(Debug, Deserialize)]
struct Signed {
    who: Signer,
    #[serde(default)]
    name: String,
    #[serde(default)]
    strokes: String,
}

#[derive(Debug, Deserialize)]
struct Noted {
    student: Id,
    text: String,
}

/// What the parts of the work between two transactions have found.
enum Looked {
    /// It arrived before.
    Before(Receipt),
    /// It is here, whole and as the phone made it.
    Whole(Vec<u8>),
    /// Something is missing or was changed on the way.
    Broken,
}

/// Why a file was refused, for the phone to show.
fn refused(g: &mut Get<'_>, _: Holder<right::RecordVisit>) -> Result<Reply> {
    let words = g.refusal();
    if words.is_empty() {
        return Err(Error::NotFound);
    }
    api::json(&json!({ "now": g.r.now(), "error": { "code": "refused", "message": words } }))
}

/// Puts a file together. Pictures are read outside the database, whose thread has other things to do.
async fn file(slow: Slow) -> Result<Reply> {
    let actor = slow.signed()?.clone();
    actor.may(Action::RecordVisit)?;
    let sent: Sent = serde_json::from_slice(&slow.req.body).map_err(|_| odd())?;
    if !rules::is_key(&sent.key) || !rules::is_key(&sent.record) {
        return Err(odd());
    }
    let (app, who, what) = (slow.app.clone(), actor.clone(), sent.clone());
    let looked = slow.app.db.read(move |r| look(r, &app, &who, &what)).await?;
    let bytes = match looked {
        Looked::Before(receipt) => return api::json(&receipt),
        Looked::Whole(bytes) => bytes,
        Looked::Broken => {
            let (account, key) = (actor.account, sent.key.clone());
            slow.app.db.write(move |tx| store::forget_pieces(tx, account, &key)).await?;
            return Ok(Reply::Json(StatusCode::CONFLICT, json!({ "again": true })));
        }
    };
    let prepared = match sent.kind {
        Kind::Signature | Kind::Note => None,
        Kind::Photo => {
            let app = slow.app.clone();
            let bytes = bytes.clone();
            Some(tokio::task::spawn_blocking(move || photo::prepare(&app, &bytes)).await.map_err(Error::internal)??)
        }
    };
    let client = slow.req.client.clone();
    let app = slow.app.clone();
    let receipt = slow
        .app
        .db
        .write(move |tx| {
            tx.lock(&format!("offline:{}", sent.key))?;
            if let Some(item) = before(tx, actor.account, &sent.key, &sent.sha256)? {
                return Ok(Receipt::from(&item));
            }
            let (held, version) = target(tx, &actor, &sent.record)?;
            let new = NewItem {
                school: held.visit.school,
                client_key: &sent.key,
                account: actor.account,
                kind: sent.kind.code(),
                visit: held.visit.id,
                version,
                sha256: &sent.sha256,
                size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
                said_at: Millis(sent.said_at),
                written_at: rules::written_at(tx.now(), sent.said_ago),
            };
            let item = store::take(tx, &new)?;
            let kept = match (&prepared, sent.kind) {
                (Some(picture), _) => photo::keep(tx, &actor, &held, &sent.key, picture)?,
                (None, Kind::Note) => protect(tx, &app, &actor, &held, &sent, &bytes)?,
                (None, _) => sign(tx, &app, &actor, &held, &sent, &bytes)?,
            };
            store::kept(tx, &item, version, Some(kept))?;
            store::forget_pieces(tx, actor.account, &sent.key)?;
            note(tx, &actor, &held, sent.kind, &client)?;
            Ok(Receipt::from(&item))
        })
        .await?;
    api::json(&receipt)
}

fn look(r: &mut Reader, app: &gongyu_web::App, actor: &Actor, sent: &Sent) -> Result<Looked> {
    if let Some(item) = before(r, actor.account, &sent.key, &sent.sha256)? {
        return Ok(Looked::Before(Receipt::from(&item)));
    }
    target(r, actor, &sent.record)?;
    let here = store::pieces_here(r, actor.account, &sent.key, sent.pieces)?;
    if i64::try_from(here.len()).ok() != Some(sent.pieces) {
        return Ok(Looked::Broken);
    }
    let bytes = store::whole_file(r, &app.vault, actor.account, &sent.key)?;
    Ok(if checksum(&bytes) == sent.sha256 { Looked::Whole(bytes) } else { Looked::Broken })
}

/// The visit of the record a file belongs to, still in the person's reach and theirs to write.
fn target(r: &mut Reader, actor: &Actor, record: &str) -> Result<(Held, i64)> {
    let item = store::arrived(r, actor.account, record)?.ok_or(Error::NotFound)?;
    let held = permit::held(r, actor, item.visit)?;
    if held.part == Part::Read {
        return Err(Error::Forbidden);
    }
    Ok((held, item.version))
}

fn sign(tx: &mut Tx, app: &gongyu_web::App, actor: &Actor, held: &Held, sent: &Sent, bytes: &[u8]) -> Result<Id> {
    held.whole()?;
    let signed: Signed = serde_json::from_slice(bytes).map_err(|_| odd())?;
    if !signed.strokes.is_empty() && Signature::parse(&signed.strokes).is_none() {
        return Err(Error::conflict("visit-signature-empty"));
    }
    let new = NewSignature {
        who: signed.who,
        name: &signed.name,
        strokes: &signed.strokes,
        account: actor.account,
        client_key: &sent.key,
    };
    keep_signature(tx, &app.vault, (held.visit.id, held.visit.school), &new)
}

/// Words that few may read go into a protected note, never into the record.
fn protect(tx: &mut Tx, app: &gongyu_web::App, actor: &Actor, held: &Held, sent: &Sent, bytes: &[u8]) -> Result<Id> {
    let noted: Noted = serde_json::from_slice(bytes).map_err(|_| odd())?;
    keep_note(tx, &app.vault, actor, held, noted.student, &noted.text, &sent.key)
}

fn note(tx: &mut Tx, actor: &Actor, held: &Held, kind: Kind, client: &str) -> Result<()> {
    let action = match kind {
        Kind::Photo => "visit.photo",
        Kind::Signature => "visit.sign",
        Kind::Note => "visit.note",
    };
    audit::note(
        tx,
        &audit::Entry {
            account: Some(actor.account),
            hat: &actor.hat.code(),
            action,
            object_kind: SOURCE,
            object: Some(held.visit.id),
            school: Some(held.visit.school),
            detail: "{\"offline\":true}",
            client,
        },
    )
}
