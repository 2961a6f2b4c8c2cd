//! Pings for open pages: one table, numbered in rounds, so that every node tells every page exactly what the
//! pages of the others are told, and a page that was away for a while hears what it missed.
//!
//! Identifiers are made before commit, so their order is not the order in which rows appear. Whoever looks and
//! finds rows without a round takes a lock and gives all of them the next one: a reader that has seen a round
//! has seen everything in it.

use gongyu_access::Actor;
use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, Tx, sql};
use gongyu_vault::Vault;
use gongyu_web::App;
use gongyu_web::live::{Pings, Source};

/// Name of the blind index that signs tickets.
const TICKET: &str = "live-ticket";
/// Minutes a ping is kept for pages that were away.
const KEPT_MINUTES: i64 = 30;

pub(crate) const SOURCE: Source = Source { since, number, topic };

/// Tells every open page of this topic to look again once the transaction has committed. A topic is a short
/// text such as `notice:123`; it is no secret and names no person.
///
/// # Errors
/// As any statement.
pub fn publish(tx: &mut Tx, topic: &str) -> Result<()> {
    let id = tx.new_id();
    tx.exec(sql!("INSERT INTO live_event (id, topic) VALUES ($1, $2)"), &[&id, &topic])?;
    gongyu_web::live::wake();
    Ok(())
}

/// The ticket with which this person's session, and no other, may listen to a topic. The page that may be
/// seen hands it out as `data-live="…"`; empty for somebody without a session.
pub fn ticket(app: &App, actor: &Actor, topic: &str) -> String {
    actor.session.map_or_else(String::new, |session| format!("{topic}.{}", sign(&app.vault, session, topic)))
}

fn sign(vault: &Vault, session: Id, topic: &str) -> String {
    vault.blind(TICKET, &format!("{session}|{topic}"))
}

fn topic(app: &App, session: Id, ticket: &str) -> Option<String> {
    let (topic, mac) = ticket.rsplit_once('.')?;
    let right = sign(&app.vault, session, topic);
    // Compared in full whatever the first difference, so that time tells nothing.
    let same = right.len() == mac.len() && right.bytes().zip(mac.bytes()).fold(0, |d, (a, b)| d | (a ^ b)) == 0;
    same.then(|| topic.to_owned())
}

fn since(r: &mut Reader, after: i64) -> Result<Pings> {
    let last: Option<(i64,)> = r.row(sql!("SELECT seq FROM live_round WHERE one = 1"), &[])?;
    let last = last.map_or(0, |(seq,)| seq);
    let topics = if after < 0 || after >= last {
        Vec::new()
    } else {
        r.rows(
            sql!("SELECT topic, MAX(seq) FROM live_event WHERE seq > $1 AND seq <= $2 GROUP BY topic"),
            &[&after, &last],
        )?
    };
    let waiting: Option<(Id,)> = r.row(sql!("SELECT id FROM live_event WHERE seq IS NULL LIMIT 1"), &[])?;
    Ok(Pings { topics, last, unnumbered: waiting.is_some() })
}

fn number(tx: &mut Tx) -> Result<()> {
    tx.lock("live-round")?;
    tx.exec(
        sql!(
            "INSERT INTO live_round (one, seq) VALUES (1, 1) ON CONFLICT (one) DO UPDATE SET seq = live_round.seq + 1"
        ),
        &[],
    )?;
    tx.exec(sql!("UPDATE live_event SET seq = (SELECT seq FROM live_round WHERE one = 1) WHERE seq IS NULL"), &[])?;
    Ok(())
}

/// Forgets old pings.
pub(crate) fn sweep(tx: &mut Tx) -> Result<u64> {
    let before = tx.now().plus_minutes(-KEPT_MINUTES);
    // Identifiers carry their time: what was made before this one is old.
    let bound = Id::first_at(before);
    tx.exec(
        sql!("DELETE FROM live_event WHERE id IN (SELECT id FROM live_event WHERE id < $1 AND seq IS NOT NULL ORDER BY id LIMIT 1000)"),
        &[&bound],
    )
}
