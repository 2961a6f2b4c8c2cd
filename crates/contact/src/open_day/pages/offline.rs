//! The door without a network. The phone takes the list of the day with it: what its tickets begin with, as hashes,
//! and whom they let in; it notes who came and sends it later, each thing under a key of its own.

use super::people::rows;
use crate::open_day::door::{self, Noted};
use crate::open_day::model::How;
use crate::open_day::permit::ForOpenDay;
use crate::open_day::{SOURCE, book};
use gongyu_access::right;
use gongyu_kernel::{Error, Id, Result, hex};
use gongyu_parts::booking::State;
use gongyu_web::{Get, Post, Reply, api};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

/// Arrivals in one message at most.
const AT_ONCE: usize = 200;

#[derive(Serialize)]
struct Line {
    /// Hash of the ticket: the list does not hold what opens the door.
    ticket: String,
    booking: Id,
    name: String,
    children: String,
    what: String,
    seats: i64,
    came: bool,
}

/// `GET /open-days/{id}/door.json`: the families this person may see at the door.
pub(super) fn list(g: &mut Get<'_>, at: ForOpenDay<right::ReceiveOpenDay>) -> Result<Reply> {
    let view = g.view().clone();
    let mut list = rows(g.r, &view, &at.actor, &at.day)?;
    list.retain(|row| row.state == State::Booked);
    let lines: Vec<Line> = list
        .into_iter()
        .map(|row| Line {
            ticket: hex(Sha256::digest(row.ticket.as_bytes())),
            booking: row.booking,
            name: row.name,
            children: row.children,
            what: row.what,
            seats: row.seats,
            came: row.arrived.is_some(),
        })
        .collect();
    api::json(&json!({ "now": g.r.now(), "account": at.actor.account, "families": lines }))
}

#[derive(Debug, Deserialize)]
struct Sent {
    items: Vec<Item>,
}

#[derive(Debug, Deserialize)]
struct Item {
    key: String,
    ticket: String,
}

/// `POST /open-days/{id}/arrivals.json`: what was noted; for each key what became of it. Sending it again changes
/// nothing: a booking comes once.
pub(super) fn arrivals(p: &mut Post<'_>, at: ForOpenDay<right::ReceiveOpenDay>) -> Result<Reply> {
    let sent: Sent = serde_json::from_slice(&p.req.body).map_err(|_| Error::conflict("visit-offline-odd"))?;
    let mut done = serde_json::Map::new();
    let mut fresh = 0;
    for item in sent.items.iter().take(AT_ONCE) {
        let became = match one(p, &at, &item.ticket) {
            Ok(Noted::New(_)) => {
                fresh += 1;
                "done"
            }
            Ok(Noted::Before(_)) => "before",
            Err(Error::NotFound) => "unknown",
            Err(Error::Conflict(_)) => "refused",
            Err(other) => return Err(other),
        };
        done.insert(item.key.chars().take(64).collect(), became.into());
    }
    if fresh > 0 {
        let detail = json!({ "offline": fresh }).to_string();
        p.audit("open_day.arrive", (SOURCE, Some(at.day.id)), &detail)?;
    }
    api::json(&json!({ "now": p.tx.now(), "items": done }))
}

fn one(p: &mut Post<'_>, at: &ForOpenDay<right::ReceiveOpenDay>, ticket: &str) -> Result<Noted> {
    let party = book::by_ticket(p.tx, ticket)?;
    door::check_in(p.tx, &at.day, &party, How::Code, at.actor.account)
}
