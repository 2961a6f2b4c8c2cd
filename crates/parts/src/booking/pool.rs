//! Pools and their quotas.

use super::line;
use super::model::{Booking, Pool, Quota};
use super::step::{self, turn};
use gongyu_kernel::error::Code;
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Asked, Reader, Tx, sql};

/// How a pool serves its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Minutes an offer stands; 0 gives the places at once.
    pub offer_minutes: i64,
    /// Whether a smaller party behind may have what the first has no use for.
    pub passes: bool,
    /// Whether the line is served.
    pub serving: bool,
}

/// Opens the pool of a record, or changes how it serves its line. Gives those served by the change.
///
/// # Errors
/// As any statement.
pub fn open(tx: &mut Tx, owner: (&str, Id), rules: Rules) -> Result<(Id, Vec<Booking>)> {
    let (id, now) = (tx.new_id(), tx.now());
    let (pool,): (Id,) = tx.one(
        sql!(
            "INSERT INTO booking_pool (id, owner_kind, owner_id, offer_minutes, passes, serving, created_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7)
              ON CONFLICT (owner_kind, owner_id) DO UPDATE SET offer_minutes = excluded.offer_minutes,
                 passes = excluded.passes, serving = excluded.serving RETURNING id"
        ),
        &[&id, &owner.0, &owner.1, &rules.offer_minutes, &rules.passes, &rules.serving, &now],
    )?;
    if pool == id {
        step::own_turn(tx, pool);
        return Ok((pool, Vec::new()));
    }
    let served = line::serve(tx, pool)?;
    Ok((pool, served))
}

/// A pool.
///
/// # Errors
/// `Error::NotFound`.
pub fn find(r: &mut Reader, id: Id) -> Result<Pool> {
    r.one(
        sql!("SELECT id, owner_kind, owner_id, offer_minutes, passes, serving FROM booking_pool WHERE id = $1"),
        &[&id],
    )
}

/// The pools of records of one kind: record and pool.
///
/// # Errors
/// As any statement.
pub fn of_owners(r: &mut Reader, kind: &str, owners: &[Id]) -> Result<Vec<(Id, Id)>> {
    r.rows_in(
        sql!("SELECT owner_id, id FROM booking_pool WHERE owner_id IN ($1) AND owner_kind = $2"),
        owners,
        &[&kind],
    )
}

/// The quotas of pools with what is free: one statement, however many there are.
///
/// # Errors
/// As any statement.
pub fn availability(r: &mut Reader, pools: &[Id]) -> Result<Vec<Quota>> {
    ask_availability(r, pools)?.rows(r)
}

/// As `availability`, asked on the way to the next answer.
pub(super) fn ask_availability(r: &mut Reader, pools: &[Id]) -> Result<Asked<Quota>> {
    r.ask_in(
        sql!(
            "SELECT id, pool_id, kind, key_id, capacity, per_holder, used FROM booking_quota WHERE pool_id IN ($1)
              ORDER BY pool_id, id"
        ),
        pools,
        &[],
    )
}

/// Sets a quota of a pool, in the feature's words. Gives the quota and those of the line who could be served
/// because there is more now.
///
/// # Errors
/// `Error::Conflict("booking-below-used")` when more seats are already given.
pub fn set_quota(tx: &mut Tx, pool: Id, key: (&str, Id), capacity: i64, per_holder: i64) -> Result<(Id, Vec<Booking>)> {
    turn(tx, pool)?;
    let found: Option<(Id, i64, i64)> = tx.row(
        sql!("SELECT id, used, capacity FROM booking_quota WHERE pool_id = $1 AND kind = $2 AND key_id = $3"),
        &[&pool, &key.0, &key.1],
    )?;
    let Some((id, used, before)) = found else {
        let id = tx.new_id();
        tx.exec(
            sql!(
                "INSERT INTO booking_quota (id, pool_id, kind, key_id, capacity, per_holder, used)
                  VALUES ($1, $2, $3, $4, $5, $6, 0)"
            ),
            &[&id, &pool, &key.0, &key.1, &capacity, &per_holder],
        )?;
        return Ok((id, Vec::new()));
    };
    if used > capacity {
        return Err(Error::conflict(Code::new("booking-below-used").arg("n", used)));
    }
    tx.exec(
        sql!("UPDATE booking_quota SET capacity = $1, per_holder = $2 WHERE id = $3"),
        &[&capacity, &per_holder, &id],
    )?;
    let served = if capacity > before { line::serve(tx, pool)? } else { Vec::new() };
    Ok((id, served))
}

/// Takes a quota away. Whoever counts in it keeps its places in the others.
///
/// # Errors
/// As any statement.
pub fn drop_quota(tx: &mut Tx, pool: Id, key: (&str, Id)) -> Result<Vec<Booking>> {
    turn(tx, pool)?;
    tx.exec(
        sql!(
            "DELETE FROM booking_use WHERE quota_id IN (SELECT id FROM booking_quota WHERE pool_id = $1 AND kind = $2
                                                          AND key_id = $3)"
        ),
        &[&pool, &key.0, &key.1],
    )?;
    tx.exec(
        sql!("DELETE FROM booking_quota WHERE pool_id = $1 AND kind = $2 AND key_id = $3"),
        &[&pool, &key.0, &key.1],
    )?;
    line::serve(tx, pool)
}

/// What does not agree between quotas and bookings, in words for the operator; for `Feature::integrity`.
///
/// # Errors
/// As any statement.
pub fn disagreements(r: &mut Reader) -> Result<Vec<String>> {
    step::disagreements(r)
}
