//! The SQL of open days and their sessions.

use super::SOURCE;
use super::model::{More, NewOpenDay, OpenDay, Session, Stand, State};
use super::rules;
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_parts::booking::{Booking, pool, take};
use gongyu_registry::unit;
use gongyu_store::{Reader, Tx, Value, sql};

macro_rules! day {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT o.id, o.school_id, o.title, o.intro, o.place, o.day, o.state, o.capacity, o.per_family, o.per_class,
                    o.opens_at, o.closes_at, o.offer_minutes, o.passes
             FROM open_day o ",
            $tail
        ))
    };
}

macro_rules! session {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT s.id, s.open_day_id, s.school_id, s.kind, s.title, s.place, s.teacher_staff_id, COALESCE(f.name, ''),
                    s.starts_at, s.ends_at, s.capacity, s.state, s.version
             FROM open_session s LEFT JOIN staff f ON f.id = s.teacher_staff_id ",
            $tail
        ))
    };
}

/// An open day.
///
/// # Errors
/// `Error::NotFound`.
pub fn find(r: &mut Reader, id: Id) -> Result<OpenDay> {
    r.one(day!("WHERE o.id = $1"), &[&id])
}

/// Some open days.
///
/// # Errors
/// As any statement.
pub fn some(r: &mut Reader, ids: &[Id]) -> Result<Vec<OpenDay>> {
    r.rows_in(day!("WHERE o.id IN ($1)"), ids, &[])
}

/// What few pages need of it.
///
/// # Errors
/// `Error::NotFound`.
pub fn more(r: &mut Reader, id: Id) -> Result<More> {
    r.one(sql!("SELECT questions, act_id, notice_id, off_why FROM open_day WHERE id = $1"), &[&id])
}

/// The open days of the schools below a unit since a day, the next first, those over last.
///
/// # Errors
/// As any statement.
pub fn within(r: &mut Reader, unit: Id, since: Date, drafts: bool) -> Result<Vec<OpenDay>> {
    r.rows(
        day!(
            "JOIN unit_closure c ON c.descendant_id = o.school_id AND c.ancestor_id = $1 AND c.valid_to IS NULL
             WHERE o.day >= $2 AND (o.state <> 'draft' OR $3) ORDER BY o.day DESC, o.id DESC LIMIT 200"
        ),
        &[&unit, &since, &drafts],
    )
}

/// A session.
///
/// # Errors
/// `Error::NotFound`.
pub fn session(r: &mut Reader, id: Id) -> Result<Session> {
    r.one(session!("WHERE s.id = $1"), &[&id])
}

/// The sessions of some open days in the order of the day.
///
/// # Errors
/// As any statement.
pub fn sessions(r: &mut Reader, days: &[Id]) -> Result<Vec<Session>> {
    let mut found: Vec<Session> = r.rows_in(session!("WHERE s.open_day_id IN ($1)"), days, &[])?;
    found.sort_by_key(|s| (s.starts_at, s.id));
    Ok(found)
}

/// The classes asked to an open day.
///
/// # Errors
/// As any statement.
pub fn classes(r: &mut Reader, day: Id) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> =
        r.rows(sql!("SELECT class_id FROM open_day_class WHERE open_day_id = $1 ORDER BY class_id"), &[&day])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Begins an open day; the same key of the same account begins it once.
///
/// # Errors
/// As any statement.
pub fn create(tx: &mut Tx, school: Id, new: &NewOpenDay, by: Id, client_key: &str) -> Result<(Id, bool)> {
    let (id, now) = (tx.new_id(), tx.now());
    let made: Option<(Id,)> = tx.row(
        sql!(
            "INSERT INTO open_day (id, school_id, title, intro, place, day, state, capacity, per_family, per_class,
                                    opens_at, closes_at, offer_minutes, passes, questions, off_why, created_by,
                                    client_key, created_at, updated_at)
              VALUES ($1, $2, $3, $4, $5, $6, 'draft', $7, $8, $9, $10, $11, $12, $13, $14, '', $15, $16, $17, $17)
              ON CONFLICT (created_by, client_key) DO NOTHING RETURNING id"
        ),
        &[
            &id,
            &school,
            &new.title,
            &new.intro,
            &new.place,
            &new.day,
            &new.capacity,
            &new.per_family,
            &new.per_class,
            &new.opens_at,
            &new.closes_at,
            &new.offer_minutes,
            &new.passes,
            &new.questions,
            &by,
            &client_key,
            &now,
        ],
    )?;
    if made.is_none() {
        let before =
            tx.scalar(sql!("SELECT id FROM open_day WHERE created_by = $1 AND client_key = $2"), &[&by, &client_key])?;
        return Ok((before, false));
    }
    set_classes(tx, id, school, &new.classes)?;
    Ok((id, true))
}

/// Changes an open day. What is booked stays booked; more places serve the line: gives those offered.
///
/// # Errors
/// `Error::Conflict` when there would be fewer places than are taken, or it is over.
pub fn update(tx: &mut Tx, day: &OpenDay, new: &NewOpenDay) -> Result<Vec<Booking>> {
    still(day)?;
    if new.day != day.day && day.state == State::Published {
        return Err(Error::conflict("open-day-fixed"));
    }
    let now = tx.now();
    tx.exec(
        sql!(
            "UPDATE open_day SET title = $1, intro = $2, place = $3, day = $4, capacity = $5, per_family = $6,
               per_class = $7, opens_at = $8, closes_at = $9, offer_minutes = $10, passes = $11, questions = $12,
               updated_at = $13 WHERE id = $14"
        ),
        &[
            &new.title,
            &new.intro,
            &new.place,
            &new.day,
            &new.capacity,
            &new.per_family,
            &new.per_class,
            &new.opens_at,
            &new.closes_at,
            &new.offer_minutes,
            &new.passes,
            &new.questions,
            &now,
            &day.id,
        ],
    )?;
    set_classes(tx, day.id, day.school, &new.classes)?;
    let changed = find(tx, day.id)?;
    if changed.state == State::Published { set_places(tx, &changed) } else { Ok(Vec::new()) }
}

pub(super) fn still(day: &OpenDay) -> Result<()> {
    match day.state {
        State::Draft | State::Published => Ok(()),
        State::Held | State::Off => Err(Error::conflict("open-over")),
    }
}

fn set_classes(tx: &mut Tx, day: Id, school: Id, chosen: &[Id]) -> Result<()> {
    let all: Vec<Id> = unit::classes_of(tx, school)?.into_iter().map(|c| c.id).collect();
    let asked: Vec<Id> = all.iter().copied().filter(|id| chosen.is_empty() || chosen.contains(id)).collect();
    if asked.is_empty() {
        return Err(Error::field("classes", "open-no-classes"));
    }
    tx.exec(sql!("DELETE FROM open_day_class WHERE open_day_id = $1"), &[&day])?;
    let rows: Vec<Vec<Value<'_>>> =
        asked.iter().map(|c| vec![Value::Int(day.0), Value::Int(c.0), Value::Int(school.0)]).collect();
    tx.insert_many("open_day_class", &["open_day_id", "class_id", "school_id"], &rows)
}

/// The pool of an open day; `None` before it is published.
///
/// # Errors
/// As any statement.
pub fn pool_of(r: &mut Reader, day: Id) -> Result<Option<Id>> {
    Ok(pool::of_owners(r, SOURCE, &[day])?.into_iter().next().map(|(_, pool)| pool))
}

/// Sets the quotas as the open day says: all sessions together, each class, each session.
fn set_places(tx: &mut Tx, day: &OpenDay) -> Result<Vec<Booking>> {
    let serving = day.state == State::Published;
    let rules_of = pool::Rules { offer_minutes: day.offer_minutes, passes: day.passes, serving };
    let (pool, mut served) = pool::open(tx, (SOURCE, day.id), rules_of)?;
    served.extend(pool::set_quota(tx, pool, ("all", Id(0)), rules::quota(day.capacity), 0)?.1);
    for class in classes(tx, day.id)? {
        served.extend(pool::set_quota(tx, pool, ("class", class), rules::quota(day.per_class), 0)?.1);
    }
    for session in sessions(tx, &[day.id])?.iter().filter(|s| s.stand == Stand::On) {
        served.extend(pool::set_quota(tx, pool, ("session", session.id), session.capacity, day.per_family)?.1);
    }
    Ok(served)
}

/// Shows an open day to the families.
///
/// # Errors
/// `Error::Conflict` without sessions, or when it is not a draft.
pub fn publish(tx: &mut Tx, day: &OpenDay) -> Result<()> {
    if day.state != State::Draft {
        return Err(Error::conflict("open-published-already"));
    }
    if !sessions(tx, &[day.id])?.iter().any(|s| s.stand == Stand::On) {
        return Err(Error::conflict("open-no-sessions"));
    }
    if day.day < tx.today() {
        return Err(Error::conflict("open-past"));
    }
    set_state(tx, day.id, State::Published, "")?;
    let day = find(tx, day.id)?;
    set_places(tx, &day).map(drop)
}

/// Puts an open day into a state.
///
/// # Errors
/// As any statement.
pub fn set_state(tx: &mut Tx, day: Id, state: State, why: &str) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!("UPDATE open_day SET state = $1, off_why = $2, updated_at = $3 WHERE id = $4"),
        &[&state, &why, &now, &day],
    )
    .map(drop)
}

/// Calls an open day off; gives the bookings that end by it.
///
/// # Errors
/// `Error::Conflict` when it is over.
pub fn call_off(tx: &mut Tx, day: &OpenDay, why: &str) -> Result<Vec<Booking>> {
    still(day)?;
    set_state(tx, day.id, State::Off, why)?;
    let Some(pool) = pool_of(tx, day.id)? else { return Ok(Vec::new()) };
    let rules_of = pool::Rules { offer_minutes: day.offer_minutes, passes: day.passes, serving: false };
    pool::open(tx, (SOURCE, day.id), rules_of)?;
    let mut ended = Vec::new();
    for session in sessions(tx, &[day.id])? {
        ended.extend(take::end_slot(tx, pool, session.id)?.0);
    }
    Ok(ended)
}

/// Ties the inviting notice to an open day.
///
/// # Errors
/// As any statement.
pub fn set_notice(tx: &mut Tx, day: Id, notice: Id) -> Result<()> {
    tx.exec(sql!("UPDATE open_day SET notice_id = $1 WHERE id = $2"), &[&notice, &day]).map(drop)
}

/// Days that were and are not settled.
///
/// # Errors
/// As any statement.
pub fn unsettled(r: &mut Reader, limit: i64) -> Result<Vec<OpenDay>> {
    let today = r.today();
    r.rows(day!("WHERE o.state = 'published' AND o.day < $1 ORDER BY o.day LIMIT $2"), &[&today, &limit])
}
