//! A record from a phone: taken once whatever happens on the line, compared with what stands, receipted.

use super::begun::{self, Begun};
use super::rules;
use super::store::{self, Item, NewItem};
use crate::visit::model::Way;
use crate::visit::store::{Conflict, Outcome, Save, save_record, version_record, versions};
use crate::visit::{SOURCE, VisitRecord, permit};
use axum::http::StatusCode;
use gongyu_access::right;
use gongyu_kernel::hex;
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_store::Reader;
use gongyu_web::permit::Holder;
use gongyu_web::{Get, Post, Reply, api};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Kind of an item that is a record.
pub(super) const RECORD: &str = "record";

/// What a phone sends. `payload` is the text its checksum was made of.
#[derive(Debug, Deserialize)]
struct Sent {
    key: String,
    sha256: String,
    /// The visit; nothing for one that was begun on the phone.
    visit: Option<Id>,
    base: i64,
    payload: String,
    /// Milliseconds since it was finished, and since it was begun, by the phone's own reckoning.
    said_ago: i64,
    begun_ago: i64,
    /// What the phone's clock said; kept, not believed.
    said_at: i64,
}

#[derive(Debug, Deserialize)]
struct Payload {
    fields: VisitRecord,
    /// The day was supposed by the phone, not chosen by the person.
    #[serde(default)]
    day_guessed: bool,
    /// A visit nobody planned.
    #[serde(default)]
    begun: Option<Begun>,
}

/// What came back to the phone for something that arrived.
#[derive(Debug, Serialize)]
pub(super) struct Receipt {
    receipt: String,
    at: Millis,
    visit: Id,
    version: i64,
    sha256: String,
}

impl From<&Item> for Receipt {
    fn from(item: &Item) -> Self {
        Self {
            receipt: rules::receipt(item.id.raw()),
            at: item.arrived_at,
            visit: item.visit,
            version: item.version,
            sha256: item.sha256.clone(),
        }
    }
}

/// The checksum of some bytes, as phones write it.
pub(super) fn checksum(bytes: &[u8]) -> String {
    hex(Sha256::digest(bytes))
}

fn odd() -> Error {
    Error::conflict("visit-offline-odd")
}

/// `POST /visits/offline/record.json`.
pub(super) fn record(p: &mut Post<'_>, at: Holder<right::RecordVisit>) -> Result<Reply> {
    let sent: Sent = serde_json::from_slice(&p.req.body).map_err(|_| odd())?;
    if !rules::is_key(&sent.key) || checksum(sent.payload.as_bytes()) != sent.sha256 {
        return Err(odd());
    }
    // Twenty answers that were lost are twenty tries at once: one after another they find the first.
    p.tx.lock(&format!("offline:{}", sent.key))?;
    if let Some(item) = before(p.tx, at.actor.account, &sent.key, &sent.sha256)? {
        return api::json(&Receipt::from(&item));
    }
    let payload: Payload = serde_json::from_str(&sent.payload).map_err(|_| odd())?;
    let now = p.tx.now();
    let mut fields = payload.fields;
    let at_door = rules::written_at(now, sent.begun_ago);
    fields.day = rules::day_of(fields.day, payload.day_guessed, at_door, p.tx.today());
    let visit = match (sent.visit, &payload.begun) {
        (Some(visit), _) => visit,
        (None, Some(new)) => begun::visit(p, &at.actor, new, fields.day, fields.way.unwrap_or(Way::Home))?,
        (None, None) => return Err(odd()),
    };
    let held = permit::held(p.tx, &at.actor, visit)?;
    let new = NewItem {
        school: held.visit.school,
        client_key: &sent.key,
        account: at.actor.account,
        kind: RECORD,
        visit: held.visit.id,
        version: 0,
        sha256: &sent.sha256,
        size: i64::try_from(sent.payload.len()).unwrap_or(i64::MAX),
        said_at: Millis(sent.said_at),
        written_at: rules::written_at(now, sent.said_ago),
    };
    let mut item = store::take(p.tx, &new)?;
    let said_at = Some(Millis(sent.said_at));
    let save = Save { client_key: &sent.key, base_version: sent.base, fields, draft: false, said_at };
    match save_record(p.tx, &p.app.vault, &at.actor, &held, &save)? {
        Outcome::Conflict(conflict) => {
            store::give_back(p.tx, &item)?;
            Ok(Reply::Json(StatusCode::CONFLICT, told(p.tx, visit, &conflict)?))
        }
        Outcome::Saved(saved) => {
            item.version = saved.version;
            store::kept(p.tx, &item, saved.version, None)?;
            if !saved.again {
                p.audit("visit.record", (SOURCE, Some(held.visit.id)), "{\"offline\":true}")?;
            }
            api::json(&Receipt::from(&item))
        }
    }
}

/// What arrived before under this key. The same key with another content is refused: one of the two would be lost.
pub(super) fn before(r: &mut Reader, account: Id, key: &str, sha256: &str) -> Result<Option<Item>> {
    match store::arrived(r, account, key)? {
        Some(item) if item.sha256 != sha256 => Err(Error::conflict("visit-offline-key-reused")),
        found => Ok(found),
    }
}

/// The two changes, for the person to choose from, with who made the other one and when.
fn told(r: &mut Reader, visit: Id, conflict: &Conflict) -> Result<Value> {
    let last = versions(r, visit)?.into_iter().next();
    Ok(json!({ "now": r.now(), "conflict": {
        "version": conflict.version,
        "record": conflict.merged,
        "fields": conflict.fields,
        "by": last.as_ref().map(|v| v.name.clone()).unwrap_or_default(),
        "at": last.map(|v| v.saved_at),
    } }))
}

/// `GET /visits/offline/version.json?key=`: the record as it became when this one arrived, with what others had
/// changed meanwhile; what is written next on the phone builds on it.
pub(super) fn version(g: &mut Get<'_>, at: Holder<right::RecordVisit>) -> Result<Reply> {
    let key = g.req.query.get("key").to_owned();
    let item = store::arrived(g.r, at.actor.account, &key)?.ok_or(Error::NotFound)?;
    let held = permit::held(g.r, &at.actor, item.visit)?;
    let record = version_record(g.r, &g.app.vault, held.visit.id, item.version)?;
    api::json(&json!({ "now": g.r.now(), "version": item.version, "record": record }))
}

/// `GET /visits/offline/arrived.json?keys=`: which of these are here. Others' keys are as if they were nothing.
pub(super) fn arrived(g: &mut Get<'_>, at: Holder<right::RecordVisit>) -> Result<Reply> {
    let keys: Vec<&str> = g.req.query.get("keys").split(',').filter(|k| rules::is_key(k)).take(100).collect();
    let items = store::arrived_among(g.r, at.actor.account, &keys)?;
    let there: serde_json::Map<String, Value> = items
        .iter()
        .map(|item| Ok((item.client_key.clone(), serde_json::to_value(Receipt::from(item))?)))
        .collect::<Result<_>>()?;
    api::json(&json!({ "now": g.r.now(), "items": there }))
}
