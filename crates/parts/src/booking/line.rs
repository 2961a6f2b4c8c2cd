//! The line: who waits is served in order from what is given back, by an offer that runs out; and each can be
//! told why not yet.

use super::model::{Booking, Quota, Short, Span, State, Use};
use super::pool;
use super::read::{self, select};
use super::rules::{self, InLine};
use super::step::{self, turn};
use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, Tx, sql};

/// What keeps a party in the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Not enough seats are free.
    Short(Short),
    /// Somebody of the party is booked elsewhere at the time.
    Elsewhere,
    /// The line is not served now.
    Paused,
    /// Parties before it are not to be passed.
    Ahead,
    /// Nothing: it is served with the next look.
    Nothing,
}

/// Why a party is not served yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// The booking.
    pub booking: Id,
    /// Parties before it that want the same.
    pub ahead: i64,
    /// Seats those want.
    pub ahead_seats: i64,
    /// Parties that came later, needed less, and were served.
    pub passed_by: i64,
    /// What keeps it.
    pub blocks: Vec<Block>,
}

/// The line of a pool with what each needs, in order.
fn line_of(r: &mut Reader, pool: Id) -> Result<Vec<InLine>> {
    let rows: Vec<(Id, Id, i64)> = r.rows(
        sql!(
            "SELECT b.id, u.quota_id, u.seats FROM booking b JOIN booking_use u ON u.booking_id = b.id
              WHERE b.pool_id = $1 AND b.state = 'waiting' ORDER BY b.asked_at, b.id, u.quota_id"
        ),
        &[&pool],
    )?;
    let mut line: Vec<InLine> = Vec::new();
    for (id, quota, seats) in rows {
        match line.last_mut() {
            Some(last) if last.id == id => last.uses.push(Use { quota, seats }),
            _ => line.push(InLine { id, uses: vec![Use { quota, seats }] }),
        }
    }
    Ok(line)
}

/// Whether somebody waits whom this party would pass.
pub(super) fn stands_behind(r: &mut Reader, pool: Id, uses: &[Use]) -> Result<bool> {
    let line = line_of(r, pool)?;
    Ok(line.iter().any(|p| p.uses.iter().any(|u| uses.iter().any(|own| own.quota == u.quota))))
}

/// The quotas as a party sees them for which others wait: nothing is free.
pub(super) fn as_shorts(quotas: &[Quota], uses: &[Use]) -> Vec<Short> {
    let shut: Vec<Quota> = quotas.iter().map(|q| Quota { used: q.capacity, ..q.clone() }).collect();
    rules::shorts(&shut, uses)
}

/// Serves the line of a pool from what is free. Gives those now offered their places (booked at once where offers
/// need no answer), so that the feature can tell them.
///
/// # Errors
/// As any statement.
pub fn serve(tx: &mut Tx, pool: Id) -> Result<Vec<Booking>> {
    turn(tx, pool)?;
    let before = pool::availability(tx, &[pool])?;
    if before.iter().all(|q| q.free() <= 0) {
        return Ok(Vec::new());
    }
    let rules_of = pool::find(tx, pool)?;
    let line = line_of(tx, pool)?;
    if line.is_empty() || !rules_of.serving {
        return Ok(Vec::new());
    }
    let (mut after, now) = (before.clone(), tx.now());
    // Two of the line may share a person: who was served first in this round is elsewhere for the second.
    let mut taken: Vec<(Id, Span)> = Vec::new();
    let served = rules::serve(&mut after, &line, rules_of.passes, |party| {
        let booking = read::find(tx, party.id)?;
        let span = Span { from: booking.starts_at, to: booking.ends_at };
        let persons: Vec<Id> = read::persons_of(tx, &[party.id])?.into_iter().map(|(_, p)| p).collect();
        let clash = taken.iter().any(|(p, s)| persons.contains(p) && s.from < span.to && s.to > span.from);
        if clash || span.from <= now || step::elsewhere(tx, &persons, span, party.id)?.is_some() {
            return Ok::<bool, gongyu_kernel::Error>(false);
        }
        taken.extend(persons.into_iter().map(|p| (p, span)));
        Ok(true)
    })?;
    if served.is_empty() {
        return Ok(Vec::new());
    }
    step::keep(tx, &before, &after)?;
    if rules_of.offer_minutes == 0 {
        step::set_state(tx, &served, State::Booked, None)?;
    } else {
        let until = now.plus_minutes(rules_of.offer_minutes);
        tx.exec_in(
            sql!(
                "UPDATE booking SET state = 'offered', until = CASE WHEN starts_at < $2 THEN starts_at ELSE $2 END,
                   changed_at = $3 WHERE id IN ($1)"
            ),
            &served,
            &[&until, &now],
        )?;
    }
    let mut found: Vec<Booking> = tx.rows_in(select!("WHERE b.id IN ($1)"), &served, &[])?;
    found.sort_by_key(|b| (b.asked_at, b.id));
    Ok(found)
}

/// Pools of records of one kind in which something ran out.
///
/// # Errors
/// As any statement.
pub fn due(r: &mut Reader, owner_kind: &str, limit: i64) -> Result<Vec<Id>> {
    let now = r.now();
    let rows: Vec<(Id,)> = r.rows(
        sql!(
            "SELECT DISTINCT b.pool_id FROM booking b JOIN booking_pool p ON p.id = b.pool_id
              WHERE b.until IS NOT NULL AND b.until <= $1 AND p.owner_kind = $2 ORDER BY b.pool_id LIMIT $3"
        ),
        &[&now, &owner_kind, &limit],
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Ends the offers and holds of a pool that ran out and serves the line with what they leave: those that ran out,
/// and those offered.
///
/// # Errors
/// As any statement.
pub fn expire(tx: &mut Tx, pool: Id) -> Result<(Vec<Booking>, Vec<Booking>)> {
    turn(tx, pool)?;
    let now = tx.now();
    let over: Vec<Booking> = tx.rows(
        select!("WHERE b.pool_id = $1 AND b.until <= $2 AND b.state IN ('offered', 'held') ORDER BY b.id"),
        &[&pool, &now],
    )?;
    let ids: Vec<Id> = over.iter().map(|b| b.id).collect();
    step::set_state(tx, &ids, State::Expired, None)?;
    for id in &ids {
        let uses = step::uses_of(tx, *id)?;
        step::count(tx, &uses, -1)?;
    }
    let served = serve(tx, pool)?;
    Ok((over, served))
}

/// Why each party of a pool's line is not served yet, in the order of the line; a constant number of statements.
///
/// # Errors
/// As any statement.
pub fn whys(r: &mut Reader, pool: Id) -> Result<Vec<Why>> {
    let rules_of = pool::find(r, pool)?;
    let quotas = pool::availability(r, &[pool])?;
    let line = line_of(r, pool)?;
    let elsewhere: Vec<(Id,)> = r.rows(
        sql!(
            "SELECT DISTINCT b.id FROM booking b JOIN booking_person p ON p.booking_id = b.id
               JOIN booking_person o ON o.person_id = p.person_id AND o.booking_id <> b.id
               JOIN booking x ON x.id = o.booking_id AND x.state IN ('offered', 'held', 'booked')
                AND x.starts_at < b.ends_at AND x.ends_at > b.starts_at
              WHERE b.pool_id = $1 AND b.state = 'waiting'"
        ),
        &[&pool],
    )?;
    let passed: Vec<(Id, i64)> = r.rows(
        sql!(
            "SELECT b.id, COUNT(*) FROM booking b JOIN booking s ON s.pool_id = b.pool_id AND s.slot_id = b.slot_id
               AND (s.asked_at > b.asked_at OR (s.asked_at = b.asked_at AND s.id > b.id))
               AND s.state IN ('offered', 'booked')
              WHERE b.pool_id = $1 AND b.state = 'waiting' GROUP BY b.id"
        ),
        &[&pool],
    )?;
    let shares = |a: &InLine, b: &InLine| a.uses.iter().any(|u| b.uses.iter().any(|o| o.quota == u.quota));
    let most = |p: &InLine| p.uses.iter().map(|u| u.seats).max().unwrap_or(0);
    let mut out = Vec::with_capacity(line.len());
    for (at, party) in line.iter().enumerate() {
        // Whole-pool quotas are shared by all; what counts as "before me" is who wants the narrowest of mine.
        let ahead: Vec<&InLine> = line[..at].iter().filter(|other| shares(other, party)).collect();
        let mut blocks: Vec<Block> = rules::shorts(&quotas, &party.uses).into_iter().map(Block::Short).collect();
        if elsewhere.iter().any(|(id,)| *id == party.id) {
            blocks.push(Block::Elsewhere);
        }
        if !rules_of.serving {
            blocks.push(Block::Paused);
        }
        if !rules_of.passes && !ahead.is_empty() {
            blocks.push(Block::Ahead);
        }
        if blocks.is_empty() {
            blocks.push(Block::Nothing);
        }
        out.push(Why {
            booking: party.id,
            ahead: ahead.len() as i64,
            ahead_seats: ahead.iter().map(|p| most(p)).sum(),
            passed_by: passed.iter().find(|(id, _)| *id == party.id).map_or(0, |(_, n)| *n),
            blocks,
        });
    }
    Ok(out)
}

/// Why one party is not served yet; `None` when it does not wait.
///
/// # Errors
/// As any statement.
pub fn why(r: &mut Reader, booking: &Booking) -> Result<Option<Why>> {
    Ok(whys(r, booking.pool)?.into_iter().find(|w| w.booking == booking.id))
}
