//! The small steps every change of a pool is made of. Whoever calls them has the pool's turn.

use super::model::{Booking, Quota, Span, State, Use};
use super::read::select;
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_store::{Asked, Reader, Tx, Value, sql};

/// One change of a pool after the other.
pub(super) fn turn(tx: &mut Tx, pool: Id) -> Result<()> {
    tx.turn(&format!("booking:{pool}"))
}

/// A pool this transaction has just made.
pub(super) fn own_turn(tx: &mut Tx, pool: Id) {
    tx.own_turn(&format!("booking:{pool}"));
}

/// Counts seats into quotas, or out of them; the database refuses what would oversell.
pub(super) fn count(tx: &mut Tx, uses: &[Use], sign: i64) -> Result<()> {
    for u in uses {
        let by = sign * u.seats;
        tx.exec_later(sql!("UPDATE booking_quota SET used = used + $1 WHERE id = $2"), &[&by, &u.quota])?;
    }
    Ok(())
}

/// Writes what changed of the quotas.
pub(super) fn keep(tx: &mut Tx, before: &[Quota], after: &[Quota]) -> Result<()> {
    for (old, new) in before.iter().zip(after).filter(|(old, new)| old.used != new.used) {
        let by = new.used - old.used;
        tx.exec_later(sql!("UPDATE booking_quota SET used = used + $1 WHERE id = $2"), &[&by, &old.id])?;
    }
    Ok(())
}

/// What a booking counts in.
pub(super) fn uses_of(r: &mut Reader, booking: Id) -> Result<Vec<Use>> {
    let rows: Vec<(Id, i64)> =
        r.rows(sql!("SELECT quota_id, seats FROM booking_use WHERE booking_id = $1 ORDER BY quota_id"), &[&booking])?;
    Ok(rows.into_iter().map(|(quota, seats)| Use { quota, seats }).collect())
}

/// Writes what a booking counts in, and who is in it.
pub(super) fn write_party(tx: &mut Tx, booking: Id, uses: &[Use], persons: &[Id]) -> Result<()> {
    let used: Vec<Vec<Value<'_>>> =
        uses.iter().map(|u| vec![Value::Int(booking.0), Value::Int(u.quota.0), Value::Int(u.seats)]).collect();
    tx.insert_many_later("booking_use", &["booking_id", "quota_id", "seats"], "", &used)?;
    let people: Vec<Vec<Value<'_>>> = persons.iter().map(|p| vec![Value::Int(booking.0), Value::Int(p.0)]).collect();
    tx.insert_many_later("booking_person", &["booking_id", "person_id"], "ON CONFLICT DO NOTHING", &people)
}

/// Puts bookings into a state.
pub(super) fn set_state(tx: &mut Tx, ids: &[Id], state: State, until: Option<Millis>) -> Result<()> {
    let now = tx.now();
    tx.exec_in(
        sql!("UPDATE booking SET state = $2, until = $3, changed_at = $4 WHERE id IN ($1)"),
        ids,
        &[&state, &until, &now],
    )
    .map(drop)
}

/// A booking of these persons at a time that touches the span, other than `except`.
pub(super) fn elsewhere(r: &mut Reader, persons: &[Id], span: Span, except: Id) -> Result<Option<Booking>> {
    let found: Vec<(Id,)> = r.rows_in(
        sql!(
            "SELECT b.id FROM booking_person p JOIN booking b ON b.id = p.booking_id
              WHERE p.person_id IN ($1) AND b.state IN ('offered', 'held', 'booked') AND b.starts_at < $2
                AND b.ends_at > $3 AND b.id <> $4"
        ),
        persons,
        &[&span.to, &span.from, &except],
    )?;
    match found.first() {
        Some((id,)) => r.row(select!("WHERE b.id = $1"), &[id]),
        None => Ok(None),
    }
}

/// Asks for a booking of these persons at a time that touches the span.
pub(super) fn ask_elsewhere(r: &mut Reader, persons: &[Id], span: Span) -> Result<Asked<(Id,)>> {
    r.ask_in(
        sql!(
            "SELECT b.id FROM booking_person p JOIN booking b ON b.id = p.booking_id
              WHERE p.person_id IN ($1) AND b.state IN ('offered', 'held', 'booked') AND b.starts_at < $2
                AND b.ends_at > $3"
        ),
        persons,
        &[&span.to, &span.from],
    )
}

/// Refuses persons who are elsewhere at the time.
pub(super) fn nowhere_else(r: &mut Reader, persons: &[Id], span: Span, except: Id) -> Result<()> {
    match elsewhere(r, persons, span, except)? {
        None => Ok(()),
        Some(_) => Err(Error::conflict("booking-overlap")),
    }
}

pub(super) fn disagreements(r: &mut Reader) -> Result<Vec<String>> {
    let rows: Vec<(Id, i64, i64)> = r.rows(
        sql!(
            "SELECT q.id, q.used, COALESCE(s.seats, 0) FROM booking_quota q
              LEFT JOIN (SELECT u.quota_id, CAST(SUM(u.seats) AS BIGINT) AS seats FROM booking_use u
                           JOIN booking b ON b.id = u.booking_id WHERE b.state IN ('offered', 'held', 'booked')
                          GROUP BY u.quota_id) s ON s.quota_id = q.id
              WHERE q.used <> COALESCE(s.seats, 0) OR q.used > q.capacity"
        ),
        &[],
    )?;
    Ok(rows.iter().map(|(id, used, sum)| format!("booking quota {id}: {used} counted, {sum} booked")).collect())
}
