//! Sessions of an open day: added, changed, called off; and their numbers.

use super::SOURCE;
use super::model::{NewSession, OpenDay, Session};
use super::store::{pool_of, still};
use gongyu_kernel::{Error, Id, Result};
use gongyu_parts::booking::{self, Booking, Span, pool, take};
use gongyu_registry::people;
use gongyu_store::{Reader, Tx, sql};
use std::collections::HashMap;

/// Adds a session.
///
/// # Errors
/// `Error::Conflict` when the day is over; `Error::NotFound` for a teacher of another school.
pub fn add(tx: &mut Tx, day: &OpenDay, new: &NewSession) -> Result<Id> {
    still(day)?;
    check_session(tx, day, new)?;
    let (id, now) = (tx.new_id(), tx.now());
    tx.exec(
        sql!(
            "INSERT INTO open_session (id, open_day_id, school_id, kind, title, place, teacher_staff_id, starts_at,
                                        ends_at, capacity, state, version, updated_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'on', 1, $11)"
        ),
        &[
            &id,
            &day.id,
            &day.school,
            &new.kind,
            &new.title,
            &new.place,
            &new.teacher,
            &new.starts_at,
            &new.ends_at,
            &new.capacity,
            &now,
        ],
    )?;
    if let Some(pool) = pool_of(tx, day.id)? {
        pool::set_quota(tx, pool, ("session", id), new.capacity, day.per_family)?;
    }
    Ok(id)
}

fn check_session(tx: &mut Tx, day: &OpenDay, new: &NewSession) -> Result<()> {
    if new.starts_at.date() != day.day || new.ends_at <= new.starts_at || new.ends_at.date() != day.day {
        return Err(Error::field("from", "open-session-times"));
    }
    if let Some(teacher) = new.teacher {
        let of_school = people::staff_of_school(tx, day.school)?.iter().any(|s| s.id == teacher);
        if !of_school {
            return Err(Error::NotFound);
        }
    }
    Ok(())
}

/// What became of a changed session.
#[derive(Debug, Default)]
pub struct Changed {
    /// Bookings whose people are told: time or place is another.
    pub told: Vec<Booking>,
    /// Offered places because there are more now.
    pub offered: Vec<Booking>,
    /// Parties that are in two places now.
    pub clashes: usize,
}

/// Changes a session; places are kept.
///
/// # Errors
/// As `add`, and `Error::Conflict` when there would be fewer places than are taken.
pub fn change(tx: &mut Tx, day: &OpenDay, before: &Session, new: &NewSession) -> Result<Changed> {
    still(day)?;
    check_session(tx, day, new)?;
    let moved =
        (new.starts_at, new.ends_at, new.place.as_str()) != (before.starts_at, before.ends_at, before.place.as_str());
    let (now, version) = (tx.now(), before.version + i64::from(moved));
    tx.exec(
        sql!(
            "UPDATE open_session SET kind = $1, title = $2, place = $3, teacher_staff_id = $4, starts_at = $5,
               ends_at = $6, capacity = $7, version = $8, updated_at = $9 WHERE id = $10"
        ),
        &[
            &new.kind,
            &new.title,
            &new.place,
            &new.teacher,
            &new.starts_at,
            &new.ends_at,
            &new.capacity,
            &version,
            &now,
            &before.id,
        ],
    )?;
    let mut changed = Changed::default();
    if let Some(pool) = pool_of(tx, day.id)? {
        changed.offered = pool::set_quota(tx, pool, ("session", before.id), new.capacity, day.per_family)?.1;
        if moved {
            let span = Span { from: new.starts_at, to: new.ends_at };
            let shifted = take::shift(tx, pool, before.id, span)?;
            changed.clashes = shifted.clashes.len();
            changed.told = shifted.live;
        }
    }
    Ok(changed)
}

/// Calls a session off: those of its bookings that end, and those of the line served elsewhere by it.
///
/// # Errors
/// `Error::Conflict` when the day is over.
pub fn call_off(tx: &mut Tx, day: &OpenDay, session: &Session) -> Result<(Vec<Booking>, Vec<Booking>)> {
    still(day)?;
    let now = tx.now();
    tx.exec(
        sql!("UPDATE open_session SET state = 'off', version = version + 1, updated_at = $1 WHERE id = $2"),
        &[&now, &session.id],
    )?;
    match pool_of(tx, day.id)? {
        Some(pool) => take::end_slot(tx, pool, session.id),
        None => Ok((Vec::new(), Vec::new())),
    }
}

/// Numbers of a session: booked and waiting by slot, arrived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Families with places.
    pub booked: i64,
    /// Their seats.
    pub seats: i64,
    /// Families offered places.
    pub offered: i64,
    /// Families in the line.
    pub waiting: i64,
    /// Families that came, those without a booking too.
    pub came: i64,
}

/// Numbers of the sessions of some open days: session and numbers; two statements and one for the pools.
///
/// # Errors
/// As any statement.
pub fn counts(r: &mut Reader, days: &[Id]) -> Result<HashMap<Id, Counts>> {
    let pools: Vec<Id> = pool::of_owners(r, SOURCE, days)?.into_iter().map(|(_, p)| p).collect();
    let mut out: HashMap<Id, Counts> = HashMap::new();
    for line in booking::by_slot(r, &pools)? {
        let of = out.entry(line.slot).or_default();
        match line.state {
            booking::State::Booked => (of.booked, of.seats) = (line.parties, of.seats + line.seats),
            booking::State::Offered | booking::State::Held => {
                of.offered += line.parties;
                of.seats += line.seats;
            }
            booking::State::Waiting => of.waiting = line.parties,
            _ => {}
        }
    }
    let came: Vec<(Id, i64)> = r.rows_in(
        sql!("SELECT session_id, COUNT(*) FROM open_arrival WHERE open_day_id IN ($1) GROUP BY session_id"),
        days,
        &[],
    )?;
    for (session, n) in came {
        out.entry(session).or_default().came = n;
    }
    Ok(out)
}
