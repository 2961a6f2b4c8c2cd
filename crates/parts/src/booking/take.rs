//! Taking places, giving them back, and changing them.

use super::model::{Booking, IfFull, Outcome, Quota, Span, State, Use, Wish};
use super::read::{self, select};
use super::step::{self, turn};
use super::{line, pool, rules};
use gongyu_kernel::error::Code;
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_store::{Asked, Reader, Tx, sql};

/// Takes the places of a wish, all or none of them.
///
/// # Errors
/// `Error::Conflict`: `booking-overlap` when somebody of the party is elsewhere at the time, `booking-holder-limit`
/// when the holder would have too many; `Error::Invalid` for an empty party.
pub fn take(tx: &mut Tx, wish: &Wish, if_full: IfFull) -> Result<Outcome> {
    settle(tx, wish, if_full, State::Booked, None)
}

/// Keeps the places of a wish for so many minutes, until `confirm`, `cancel`, or the time is over.
///
/// # Errors
/// As `take`.
pub fn hold(tx: &mut Tx, wish: &Wish, minutes: i64) -> Result<Outcome> {
    let until = tx.now().plus_minutes(minutes);
    settle(tx, wish, IfFull::Tell, State::Held, Some(until))
}

/// Makes a held or offered booking theirs.
///
/// # Errors
/// `Error::Conflict("booking-offer-over")` when it ran out or is over; `booking-overlap`.
pub fn confirm(tx: &mut Tx, id: Id) -> Result<Booking> {
    let seen = read::find(tx, id)?;
    turn(tx, seen.pool)?;
    let booking = read::find(tx, id)?;
    let now = tx.now();
    match booking.state {
        State::Booked => return Ok(booking),
        State::Offered | State::Held if booking.until.is_none_or(|until| until > now) => {}
        _ => return Err(Error::conflict("booking-offer-over")),
    }
    let persons: Vec<Id> = read::persons_of(tx, &[id])?.into_iter().map(|(_, p)| p).collect();
    step::nowhere_else(tx, &persons, Span { from: booking.starts_at, to: booking.ends_at }, id)?;
    step::set_state(tx, &[id], State::Booked, None)?;
    Ok(Booking { state: State::Booked, until: None, changed_at: now, ..booking })
}

/// Gives a booking back, declines an offer, or leaves the line. Gives those of the line served by it; nothing
/// happens to what is already over.
///
/// # Errors
/// As any statement.
pub fn cancel(tx: &mut Tx, id: Id) -> Result<Vec<Booking>> {
    let seen = read::find(tx, id)?;
    turn(tx, seen.pool)?;
    let booking = read::find(tx, id)?;
    if !booking.state.live() {
        return Ok(Vec::new());
    }
    let to = if booking.state == State::Offered { State::Declined } else { State::Cancelled };
    step::set_state(tx, &[id], to, None)?;
    if !booking.state.counts() {
        return Ok(Vec::new());
    }
    let uses = step::uses_of(tx, id)?;
    step::count(tx, &uses, -1)?;
    line::serve(tx, booking.pool)
}

/// Changes a booking into another wish of the same holder, in the same or another pool, keeping its identifier;
/// without room it stays as it was. Also gives those of the line served by what it left.
///
/// # Errors
/// As `take`; `Error::Conflict("booking-over")` when there is nothing left to move.
pub fn move_to(tx: &mut Tx, id: Id, wish: &Wish) -> Result<(Outcome, Vec<Booking>)> {
    let seen = read::find(tx, id)?;
    turn(tx, seen.pool.min(wish.pool))?;
    turn(tx, seen.pool.max(wish.pool))?;
    let before = read::find(tx, id)?;
    if !before.state.counts() {
        return Err(Error::conflict("booking-over"));
    }
    if let Some((other,)) = same_slot(tx, wish, id)? {
        return Ok((Outcome::Already(other), Vec::new()));
    }
    step::nowhere_else(tx, &wish.persons, wish.span, id)?;
    let old = step::uses_of(tx, id)?;
    let (quotas, mine) = ask_quotas(tx, wish, id)?;
    let (mut quotas, mine) = (quotas.rows(tx)?, mine.rows(tx)?);
    if before.pool == wish.pool {
        rules::count(&mut quotas, &old, -1);
    }
    limit(&quotas, &mine, &wish.uses)?;
    let shorts = rules::shorts(&quotas, &wish.uses);
    if !shorts.is_empty() {
        return Ok((Outcome::Full(shorts), Vec::new()));
    }
    let now = tx.now();
    step::count(tx, &old, -1)?;
    step::count(tx, &wish.uses, 1)?;
    tx.exec(sql!("DELETE FROM booking_use WHERE booking_id = $1"), &[&id])?;
    tx.exec(sql!("DELETE FROM booking_person WHERE booking_id = $1"), &[&id])?;
    tx.exec(
        sql!(
            "UPDATE booking SET pool_id = $1, slot_id = $2, seats = $3, starts_at = $4, ends_at = $5, state = 'booked',
               until = NULL, changed_at = $6 WHERE id = $7"
        ),
        &[&wish.pool, &wish.slot, &wish.seats, &wish.span.from, &wish.span.to, &now, &id],
    )?;
    step::write_party(tx, id, &wish.uses, &wish.persons)?;
    let served = line::serve(tx, before.pool)?;
    Ok((Outcome::Booked(id), served))
}

/// A slot at another time.
#[derive(Clone, Debug)]
pub struct Shifted {
    /// Its live bookings.
    pub live: Vec<Booking>,
    /// Booking and person now in two places.
    pub clashes: Vec<(Id, Id)>,
}

/// The slot is at another time now: its live bookings keep their places.
///
/// # Errors
/// As any statement.
pub fn shift(tx: &mut Tx, pool: Id, slot: Id, span: Span) -> Result<Shifted> {
    turn(tx, pool)?;
    let now = tx.now();
    tx.exec(
        sql!(
            "UPDATE booking SET starts_at = $1, ends_at = $2, changed_at = $3
              WHERE pool_id = $4 AND slot_id = $5 AND state IN ('waiting', 'offered', 'held', 'booked')"
        ),
        &[&span.from, &span.to, &now, &pool, &slot],
    )?;
    let live = live_of_slot(tx, pool, slot)?;
    let clashes = tx.rows(
        sql!(
            "SELECT p.booking_id, p.person_id FROM booking b JOIN booking_person p ON p.booking_id = b.id
               JOIN booking_person o ON o.person_id = p.person_id AND o.booking_id <> b.id
               JOIN booking x ON x.id = o.booking_id AND x.state IN ('offered', 'held', 'booked')
                AND x.starts_at < $3 AND x.ends_at > $4
              WHERE b.pool_id = $1 AND b.slot_id = $2 AND b.state IN ('offered', 'held', 'booked')
              ORDER BY p.booking_id, p.person_id"
        ),
        &[&pool, &slot, &span.to, &span.from],
    )?;
    Ok(Shifted { live, clashes })
}

/// Nothing is left of a slot: all its live bookings end. Gives them as they were, and those of the line served by
/// what they counted in.
///
/// # Errors
/// As any statement.
pub fn end_slot(tx: &mut Tx, pool: Id, slot: Id) -> Result<(Vec<Booking>, Vec<Booking>)> {
    turn(tx, pool)?;
    let live = live_of_slot(tx, pool, slot)?;
    let counted: Vec<Id> = live.iter().filter(|b| b.state.counts()).map(|b| b.id).collect();
    let back: Vec<(Id, i64)> = tx.rows_in(
        sql!("SELECT quota_id, CAST(SUM(seats) AS BIGINT) FROM booking_use WHERE booking_id IN ($1) GROUP BY quota_id"),
        &counted,
        &[],
    )?;
    let back: Vec<Use> = back.into_iter().map(|(quota, seats)| Use { quota, seats }).collect();
    let all: Vec<Id> = live.iter().map(|b| b.id).collect();
    step::set_state(tx, &all, State::Cancelled, None)?;
    step::count(tx, &back, -1)?;
    let served = line::serve(tx, pool)?;
    Ok((live, served))
}

fn live_of_slot(r: &mut Reader, pool: Id, slot: Id) -> Result<Vec<Booking>> {
    r.rows(
        select!(
            "WHERE b.pool_id = $1 AND b.slot_id = $2 AND b.state IN ('waiting', 'offered', 'held', 'booked')
             ORDER BY b.asked_at, b.id"
        ),
        &[&pool, &slot],
    )
}

fn same_slot(r: &mut Reader, wish: &Wish, except: Id) -> Result<Option<(Id,)>> {
    r.row(
        sql!(
            "SELECT id FROM booking WHERE slot_id = $1 AND holder_kind = $2 AND holder_id = $3
              AND state IN ('waiting', 'offered', 'held', 'booked') AND id <> $4"
        ),
        &[&wish.slot, &wish.holder.kind, &wish.holder.id, &except],
    )
}

fn as_outcome(booking: &Booking) -> Outcome {
    match booking.state {
        State::Waiting => Outcome::Waiting(booking.id),
        State::Offered | State::Held | State::Booked => Outcome::Booked(booking.id),
        _ => Outcome::Already(booking.id),
    }
}

/// Seats of a holder by quota.
type Mine = Vec<(Id, i64)>;

/// Quotas and a holder's seats of them, on their way.
type AskedQuotas = (Asked<Quota>, Asked<(Id, i64)>);

/// Asks for the quotas of a pool, and what the holder has of each in bookings other than `except`.
fn ask_quotas(r: &mut Reader, wish: &Wish, except: Id) -> Result<AskedQuotas> {
    let quotas = pool::ask_availability(r, &[wish.pool])?;
    let mine = r.ask(
        sql!(
            "SELECT u.quota_id, CAST(SUM(u.seats) AS BIGINT) FROM booking b JOIN booking_use u ON u.booking_id = b.id
              WHERE b.holder_kind = $1 AND b.holder_id = $2 AND b.pool_id = $3 AND b.id <> $4
                AND b.state IN ('waiting', 'offered', 'held', 'booked') GROUP BY u.quota_id"
        ),
        &[&wish.holder.kind, &wish.holder.id, &wish.pool, &except],
    )?;
    Ok((quotas, mine))
}

fn limit(quotas: &[Quota], mine: &[(Id, i64)], uses: &[Use]) -> Result<()> {
    for u in uses {
        let quota = quotas.iter().find(|q| q.id == u.quota).ok_or(Error::NotFound)?;
        let has = mine.iter().find(|(id, _)| *id == u.quota).map_or(0, |(_, n)| *n);
        if quota.per_holder > 0 && has + u.seats > quota.per_holder {
            return Err(Error::conflict(Code::new("booking-holder-limit").arg("n", quota.per_holder)));
        }
    }
    Ok(())
}

fn check(wish: &Wish) -> Result<()> {
    if wish.seats < 1 || wish.uses.is_empty() || wish.uses.iter().any(|u| u.seats < 1) {
        return Err(Error::field("party", "booking-nobody"));
    }
    Ok(())
}

/// What has to be known before a wish is settled.
struct Seen {
    before: Option<Booking>,
    same_slot: Option<Id>,
    quotas: Vec<Quota>,
    mine: Mine,
    passes: bool,
    elsewhere: bool,
}

/// Asks it all on one way.
fn look(r: &mut Reader, wish: &Wish) -> Result<Seen> {
    let (account, key) = (wish.account.unwrap_or_default(), wish.client_key.clone().unwrap_or_default());
    let before = r.ask::<Booking>(select!("WHERE b.account_id = $1 AND b.client_key = $2"), &[&account, &key])?;
    let same_slot = r.ask::<(Id,)>(
        sql!(
            "SELECT id FROM booking WHERE slot_id = $1 AND holder_kind = $2 AND holder_id = $3
              AND state IN ('waiting', 'offered', 'held', 'booked')"
        ),
        &[&wish.slot, &wish.holder.kind, &wish.holder.id],
    )?;
    let passes = r.ask::<(bool,)>(sql!("SELECT passes FROM booking_pool WHERE id = $1"), &[&wish.pool])?;
    let elsewhere = step::ask_elsewhere(r, &wish.persons, wish.span)?;
    let (quotas, mine) = ask_quotas(r, wish, Id(0))?;
    Ok(Seen {
        before: before.row(r)?.filter(|_| wish.client_key.is_some()),
        same_slot: same_slot.row(r)?.map(|(id,)| id),
        passes: passes.row(r)?.ok_or(Error::NotFound)?.0,
        elsewhere: elsewhere.row(r)?.is_some(),
        quotas: quotas.rows(r)?,
        mine: mine.rows(r)?,
    })
}

fn settle(tx: &mut Tx, wish: &Wish, if_full: IfFull, state: State, until: Option<Millis>) -> Result<Outcome> {
    check(wish)?;
    // In its turn the transaction began when the one before had ended: what is seen is what is.
    let seen = look(tx, wish)?;
    if let Some(before) = &seen.before {
        return Ok(as_outcome(before));
    }
    let mut shorts = rules::shorts(&seen.quotas, &wish.uses);
    if if_full == IfFull::Tell && !shorts.is_empty() && seen.same_slot.is_none() {
        // Who comes when everything is gone is told so without standing in anybody's way.
        return Ok(Outcome::Full(shorts));
    }
    turn(tx, wish.pool)?;
    if let Some(other) = seen.same_slot {
        return Ok(Outcome::Already(other));
    }
    limit(&seen.quotas, &seen.mine, &wish.uses)?;
    let behind = shorts.is_empty() && !seen.passes && line::stands_behind(tx, wish.pool, &wish.uses)?;
    let room = shorts.is_empty() && !behind;
    if !room && if_full == IfFull::Tell {
        if behind {
            shorts = line::as_shorts(&seen.quotas, &wish.uses);
        }
        return Ok(Outcome::Full(shorts));
    }
    if seen.elsewhere {
        return Err(Error::conflict("booking-overlap"));
    }
    let state = if room { state } else { State::Waiting };
    let id = insert(tx, wish, state, until.filter(|_| room))?;
    if room {
        step::count(tx, &wish.uses, 1)?;
    }
    Ok(if room { Outcome::Booked(id) } else { Outcome::Waiting(id) })
}

fn insert(tx: &mut Tx, wish: &Wish, state: State, until: Option<Millis>) -> Result<Id> {
    let (id, now) = (tx.new_id(), tx.now());
    let waits = state == State::Waiting;
    tx.exec_later(
        sql!(
            "INSERT INTO booking (id, pool_id, slot_id, holder_kind, holder_id, seats, state, starts_at, ends_at, until,
                                  asked_at, changed_at, waited, account_id, client_key)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $13, $14)"
        ),
        &[
            &id,
            &wish.pool,
            &wish.slot,
            &wish.holder.kind,
            &wish.holder.id,
            &wish.seats,
            &state,
            &wish.span.from,
            &wish.span.to,
            &until,
            &now,
            &waits,
            &wish.account,
            &wish.client_key,
        ],
    )?;
    step::write_party(tx, id, &wish.uses, &wish.persons)?;
    Ok(id)
}
