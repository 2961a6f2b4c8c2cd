//! Bookings as they are.

use super::model::{Booking, State};
use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, record, sql};

macro_rules! select {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT b.id, b.pool_id, b.slot_id, b.holder_kind, b.holder_id, b.seats, b.state, b.starts_at, b.ends_at,
                    b.until, b.asked_at, b.changed_at, b.waited, b.account_id
             FROM booking b ",
            $tail
        ))
    };
}
pub(super) use select;

/// A booking.
///
/// # Errors
/// `Error::NotFound`.
pub fn find(r: &mut Reader, id: Id) -> Result<Booking> {
    r.one(select!("WHERE b.id = $1"), &[&id])
}

/// All bookings of a pool in a state, in the order they were asked for.
///
/// # Errors
/// As any statement.
pub fn of_pool(r: &mut Reader, pool: Id, state: State) -> Result<Vec<Booking>> {
    r.rows(select!("WHERE b.pool_id = $1 AND b.state = $2 ORDER BY b.asked_at, b.id"), &[&pool, &state])
}

/// The live bookings of several pools, in the order they were asked for.
///
/// # Errors
/// As any statement.
pub fn of_pools(r: &mut Reader, pools: &[Id]) -> Result<Vec<Booking>> {
    let mut found: Vec<Booking> = r.rows_in(
        select!("WHERE b.pool_id IN ($1) AND b.state IN ('waiting', 'offered', 'held', 'booked')"),
        pools,
        &[],
    )?;
    found.sort_by_key(|b| (b.asked_at, b.id));
    Ok(found)
}

/// The live bookings of holders of one kind, the next first.
///
/// # Errors
/// As any statement.
pub fn live_of_holder(r: &mut Reader, kind: &str, holders: &[Id]) -> Result<Vec<Booking>> {
    let mut found: Vec<Booking> = r.rows_in(
        select!(
            "WHERE b.holder_id IN ($1) AND b.holder_kind = $2 AND b.state IN ('waiting', 'offered', 'held', 'booked')"
        ),
        holders,
        &[&kind],
    )?;
    found.sort_by_key(|b| (b.starts_at, b.id));
    Ok(found)
}

/// The live bookings in which any of these persons takes part.
///
/// # Errors
/// As any statement.
pub fn of_persons(r: &mut Reader, persons: &[Id]) -> Result<Vec<(Id, Booking)>> {
    let pairs: Vec<(Id, Id)> = r.rows_in(
        sql!(
            "SELECT p.person_id, p.booking_id FROM booking_person p JOIN booking b ON b.id = p.booking_id
              WHERE p.person_id IN ($1) AND b.state IN ('waiting', 'offered', 'held', 'booked')"
        ),
        persons,
        &[],
    )?;
    let ids: Vec<Id> = pairs.iter().map(|(_, b)| *b).collect();
    let bookings: Vec<Booking> = r.rows_in(select!("WHERE b.id IN ($1)"), &ids, &[])?;
    let of = |id: Id| bookings.iter().find(|b| b.id == id).cloned();
    Ok(pairs.into_iter().filter_map(|(person, id)| of(id).map(|b| (person, b))).collect())
}

/// The known persons of bookings: booking and person.
///
/// # Errors
/// As any statement.
pub fn persons_of(r: &mut Reader, bookings: &[Id]) -> Result<Vec<(Id, Id)>> {
    r.rows_in(
        sql!(
            "SELECT booking_id, person_id FROM booking_person WHERE booking_id IN ($1) ORDER BY booking_id, person_id"
        ),
        bookings,
        &[],
    )
}

record! {
    /// How many parties and seats of a slot are in a state.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct SlotLine {
        /// Pool.
        pub pool: Id,
        /// Slot.
        pub slot: Id,
        /// State.
        pub state: State,
        /// Parties.
        pub parties: i64,
        /// Seats.
        pub seats: i64,
    }
}

/// Parties and seats of pools by slot and state; one statement.
///
/// # Errors
/// As any statement.
pub fn by_slot(r: &mut Reader, pools: &[Id]) -> Result<Vec<SlotLine>> {
    r.rows_in(
        sql!(
            "SELECT pool_id, slot_id, state, COUNT(*), CAST(SUM(seats) AS BIGINT) FROM booking WHERE pool_id IN ($1)
              GROUP BY pool_id, slot_id, state"
        ),
        pools,
        &[],
    )
}
