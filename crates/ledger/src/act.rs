//! Acts: activities a unit held, counted once per unit whatever the attendance.

use crate::duty;
use crate::rules::{ActFacts, ActKind};
use gongyu_kernel::{Date, Error, Id, Millis, Result};
use gongyu_registry::year;
use gongyu_store::{Reader, Tx, record, sql};
use std::collections::HashMap;

record! {
    /// A recorded activity.
    #[derive(Clone, Debug)]
    pub struct Act {
        /// Identifier.
        pub id: Id,
        /// School it belongs to, if any.
        pub school: Option<Id>,
        /// Unit that held it.
        pub unit: Id,
        /// Kind.
        pub kind: ActKind,
        /// Title.
        pub title: String,
        /// Place.
        pub place: String,
        /// Day.
        pub held_on: Date,
        /// Minutes, 0 when not noted.
        pub minutes: i64,
        /// Families that came, as noted.
        pub attendance: i64,
        /// Account that noted it.
        pub recorded_by: Option<Id>,
        /// When.
        pub recorded_at: Millis,
    }
}

impl Act {
    /// As rules see it.
    pub fn facts(&self) -> ActFacts {
        ActFacts { kind: self.kind.clone(), held_on: self.held_on }
    }
}

/// An activity to be recorded.
#[derive(Clone, Debug)]
pub struct NewAct<'a> {
    /// School it belongs to, if any.
    pub school: Option<Id>,
    /// Unit that held it.
    pub unit: Id,
    /// Kind.
    pub kind: ActKind,
    /// Title.
    pub title: &'a str,
    /// Place.
    pub place: &'a str,
    /// Day.
    pub held_on: Date,
    /// Minutes.
    pub minutes: i64,
    /// Families that came.
    pub attendance: i64,
    /// Account that notes it.
    pub by: Option<Id>,
}

/// Records an activity with the duties that follow from it.
///
/// # Errors
/// `Error::Conflict("touch-in-future")` for a day still to come.
pub fn record(tx: &mut Tx, new: &NewAct<'_>) -> Result<Id> {
    if new.held_on > tx.today() {
        return Err(Error::conflict("touch-in-future"));
    }
    let (id, now) = (tx.new_id(), tx.now());
    tx.exec(
        sql!(
            "INSERT INTO act (id, school_id, unit_id, kind, title, place, held_on, minutes, attendance, recorded_by,
                               recorded_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        &[
            &id,
            &new.school,
            &new.unit,
            &new.kind,
            &new.title,
            &new.place,
            &new.held_on,
            &new.minutes,
            &new.attendance,
            &new.by,
            &now,
        ],
    )?;
    let calendar = year::calendar(tx)?;
    duty::count_acts(tx, new.unit, new.school, new.held_on, &calendar)?;
    Ok(id)
}

/// Records an activity unless this unit recorded one with the same key before: its identifier, and
/// whether it is new.
///
/// # Errors
/// As `record`.
pub fn record_once(tx: &mut Tx, new: &NewAct<'_>, client_key: &str) -> Result<(Id, bool)> {
    let before: Option<(Id,)> =
        tx.row(sql!("SELECT id FROM act WHERE unit_id = $1 AND client_key = $2"), &[&new.unit, &client_key])?;
    if let Some((id,)) = before {
        return Ok((id, false));
    }
    let id = record(tx, new)?;
    tx.exec(sql!("UPDATE act SET client_key = $1 WHERE id = $2"), &[&client_key, &id])?;
    Ok((id, true))
}

/// Takes an activity back.
///
/// # Errors
/// `Error::NotFound`, `Error::Conflict("act-already-reversed")`.
pub fn reverse(tx: &mut Tx, id: Id, by: Option<Id>) -> Result<()> {
    let act = find(tx, id)?;
    let gone: Option<(Id,)> = tx.row(sql!("SELECT id FROM act WHERE reverses_id = $1"), &[&id])?;
    if gone.is_some() {
        return Err(Error::conflict("act-already-reversed"));
    }
    let (reversal, now) = (tx.new_id(), tx.now());
    tx.exec(
        sql!(
            "INSERT INTO act (id, school_id, unit_id, kind, title, place, held_on, minutes, attendance, recorded_by,
                               recorded_at, reverses_id)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        &[
            &reversal,
            &act.school,
            &act.unit,
            &act.kind,
            &act.title,
            &act.place,
            &act.held_on,
            &act.minutes,
            &act.attendance,
            &by,
            &now,
            &id,
        ],
    )?;
    let calendar = year::calendar(tx)?;
    duty::count_acts(tx, act.unit, act.school, act.held_on, &calendar)
}

/// Sets how many came, when that is only known afterwards.
///
/// # Errors
/// As any statement.
pub fn set_attendance(tx: &mut Tx, id: Id, attendance: i64) -> Result<()> {
    tx.exec(sql!("UPDATE act SET attendance = $1 WHERE id = $2"), &[&attendance, &id]).map(drop)
}

/// An activity.
///
/// # Errors
/// `Error::NotFound`.
pub fn find(r: &mut Reader, id: Id) -> Result<Act> {
    r.one(
        sql!(
            "SELECT id, school_id, unit_id, kind, title, place, held_on, minutes, attendance, recorded_by, recorded_at
              FROM act WHERE id = $1 AND reverses_id IS NULL"
        ),
        &[&id],
    )
}

/// The activities of a unit between two days, newest first, those taken back left out.
///
/// # Errors
/// As any statement.
pub fn between(r: &mut Reader, unit: Id, from: Date, to: Date) -> Result<Vec<Act>> {
    r.rows(
        sql!(
            "SELECT a.id, a.school_id, a.unit_id, a.kind, a.title, a.place, a.held_on, a.minutes, a.attendance,
                     a.recorded_by, a.recorded_at
              FROM act a WHERE a.unit_id = $1 AND a.held_on >= $2 AND a.held_on <= $3 AND a.reverses_id IS NULL
                AND NOT EXISTS (SELECT 1 FROM act v WHERE v.reverses_id = a.id)
              ORDER BY a.held_on DESC, a.id DESC LIMIT 500"
        ),
        &[&unit, &from, &to],
    )
}

pub(crate) fn facts_between(r: &mut Reader, unit: Id, from: Date, to: Date) -> Result<Vec<ActFacts>> {
    Ok(between(r, unit, from, to)?.iter().map(Act::facts).collect())
}

record! {
    struct OfUnit {
        unit: Id,
        kind: ActKind,
        held_on: Date,
    }
}

/// The activities of every unit between two days as rules see them, those taken back left out.
pub(crate) fn facts_of_units(r: &mut Reader, from: Date, to: Date) -> Result<HashMap<Id, Vec<ActFacts>>> {
    let rows: Vec<OfUnit> = r.rows(
        sql!(
            "SELECT a.unit_id, a.kind, a.held_on FROM act a
              WHERE a.held_on >= $1 AND a.held_on <= $2 AND a.reverses_id IS NULL
                AND NOT EXISTS (SELECT 1 FROM act v WHERE v.reverses_id = a.id)"
        ),
        &[&from, &to],
    )?;
    let mut found: HashMap<Id, Vec<ActFacts>> = HashMap::new();
    for OfUnit { unit, kind, held_on } in rows {
        found.entry(unit).or_default().push(ActFacts { kind, held_on });
    }
    Ok(found)
}
