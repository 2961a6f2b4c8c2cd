//! The addresses of files: bringing one, opening one.

use super::field::{Chosen, Line};
use super::{Attachment, bring, find, of_key, prepare, received};
use axum::http::StatusCode;
use gongyu_access::Actor;
use gongyu_kernel::error::Code;
use gongyu_kernel::{Error, Result};
use gongyu_web::{Get, Post, Reply, Routes, Signed, Stored};
use serde_json::{Value, json};

/// Longest key a device may give a file, in characters: a UUID with a little more.
const LONGEST_KEY: usize = 64;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .upload_with("/files", prepare, refused, take)
        .get("/files/arrived.json", arrived)
        .get("/files/{id}/{name}", open)
}

/// Keeps the files that came. A page's script gets them as lines of its field, an outbox as JSON with the numbers by
/// which it knows that they arrived.
fn take(p: &mut Post<'_>, at: Signed) -> Result<Reply> {
    p.app.limits().uploads.check(&at.0.account.to_string())?;
    let files = received(p.req);
    if files.is_empty() {
        return Err(Error::conflict("attach-none"));
    }
    let key = p.form().get("client_key").to_owned();
    if key.chars().count() > LONGEST_KEY || (!key.is_empty() && files.len() > 1) {
        return Err(Error::conflict("upload-broken"));
    }
    let key = (!key.is_empty()).then_some(key);
    let mut kept = Vec::new();
    for file in &files {
        let id = bring(p.tx, at.0.account, file, key.as_deref())?;
        kept.push(find(p.tx, id)?);
    }
    p.audit("attachment.brought", ("attachment", kept.first().map(|a| a.id)), &json!({ "n": kept.len() }).to_string())?;
    if wants_json(p.req) {
        let list: Vec<Value> = kept.iter().map(as_json).collect();
        return Ok(Reply::Json(StatusCode::CREATED, json!({ "files": list })));
    }
    let name = p.form().get("name");
    let name = if name.is_empty() { "attachment" } else { name };
    p.partial(&Chosen { name: name.to_owned(), files: kept.iter().map(Line::of).collect() })
}

/// Why a file was refused, as the caller reads it.
fn refused(g: &mut Get<'_>, _: Signed) -> Result<Reply> {
    let why = g.refusal();
    if wants_json(g.req) {
        return Ok(Reply::Json(StatusCode::UNPROCESSABLE_ENTITY, json!({ "error": { "message": why } })));
    }
    Err(Error::conflict(Code::new("attach-refused").arg("why", why)))
}

fn wants_json(req: &gongyu_web::Req) -> bool {
    req.header("accept").is_some_and(|a| a.starts_with("application/json"))
}

fn as_json(file: &Attachment) -> Value {
    json!({ "id": file.id, "name": file.name, "kind": file.kind.code(), "size": file.size, "href": file.href() })
}

/// Which of the files under these keys arrived, for an outbox whose answer was lost.
fn arrived(g: &mut Get<'_>, at: Signed) -> Result<Reply> {
    let keys = g.req.query.get("keys").to_owned();
    let mut list = Vec::new();
    for key in keys.split(',').filter(|k| !k.is_empty()).take(100) {
        if let Some(file) = of_key(g.r, at.0.account, key)? {
            list.push(json!({ "key": key, "file": as_json(&file) }));
        }
    }
    Ok(Reply::Json(StatusCode::OK, json!({ "arrived": list })))
}

/// Opens a file, for those its record lets. To everybody else it does not exist.
fn open(g: &mut Get<'_>, at: Signed) -> Result<Reply> {
    let file = find(g.r, g.req.id()?)?;
    if !may_open(g, &at.0, &file)? {
        return Err(Error::NotFound);
    }
    let small = g.req.query.has("small") && !file.small_sha256.is_empty();
    let hash = if small { &file.small_sha256 } else { &file.sha256 };
    Ok(Reply::Stored(Stored {
        path: g.app.blobs.path(hash),
        media_type: file.kind.media_type().to_owned(),
        inline: file.kind == super::FileKind::Picture,
        name: file.name,
    }))
}

fn may_open(g: &mut Get<'_>, actor: &Actor, file: &Attachment) -> Result<bool> {
    match file.owner() {
        None => Ok(file.account == actor.account),
        Some((kind, owner)) => match g.app.file_gate(kind) {
            Some(gate) => gated((gate.may_open)(g, actor, owner)),
            None => Ok(false),
        },
    }
}

/// A record that is gone or not theirs is a no, not a fault.
fn gated(asked: Result<bool>) -> Result<bool> {
    match asked {
        Err(Error::NotFound | Error::Forbidden) => Ok(false),
        other => other,
    }
}
