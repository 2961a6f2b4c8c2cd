//! Recording an activity with its attendance, correcting it, taking it back.

use super::rules;
use crate::contact_log::{Candidate, candidates, staff_role};
use gongyu_access::Actor;
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_ledger::act::{self, NewAct};
use gongyu_ledger::rules::{ActKind, Channel, Depth};
use gongyu_ledger::touch::{self, NewTouch, Touch};
use gongyu_registry::people::class_members;
use gongyu_registry::unit::{Unit, UnitKind};
use gongyu_store::{Reader, Tx, sql};

/// Kind of the source of a touch that is an attendance.
const SOURCE: &str = "act";

/// An activity as posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Posted {
    pub(super) kind: ActKind,
    pub(super) title: String,
    pub(super) place: String,
    pub(super) day: Date,
    pub(super) minutes: i64,
    pub(super) attendance: i64,
    /// Children whose family came, of a class, with who came where that is known.
    pub(super) came: Vec<(Id, Option<Id>)>,
}

/// Records an activity of a unit; the same key of the same unit is recorded once, and tells so.
///
/// # Errors
/// `Error::NotFound` when a ticked child is not of the class or a named guardian not the child's,
/// `Error::Conflict` for a day to come.
pub(super) fn record(tx: &mut Tx, actor: &Actor, unit: &Unit, posted: &Posted, key: &str) -> Result<(Id, bool)> {
    let came = if unit.kind == UnitKind::Class { posted.came.as_slice() } else { &[] };
    if !came.is_empty() {
        let members = class_members(tx, unit.id)?;
        if came.iter().any(|(child, _)| !members.iter().any(|m| m.id == *child)) {
            return Err(Error::NotFound);
        }
    }
    let counted = i64::try_from(came.len()).unwrap_or(i64::MAX);
    let (id, is_new) = act::record_once(
        tx,
        &NewAct {
            school: unit.school,
            unit: unit.id,
            kind: posted.kind.clone(),
            title: &posted.title,
            place: &posted.place,
            held_on: posted.day,
            minutes: posted.minutes,
            attendance: posted.attendance.max(counted),
            by: Some(actor.account),
        },
        key,
    )?;
    if !is_new {
        return Ok((id, false));
    }
    let known = candidates(tx, &came.iter().map(|(child, _)| *child).collect::<Vec<_>>())?;
    if let Some(kind) = rules::attended_as(&posted.kind).filter(|_| !came.is_empty()) {
        let mut touches = Vec::with_capacity(came.len());
        for (child, guardian) in came {
            let who = named(&known, *child, *guardian)?;
            touches.push(NewTouch {
                student: *child,
                kind: kind.clone(),
                depth: Depth::Met,
                channel: Channel::Event,
                tone: None,
                by_family: false,
                occurred_on: posted.day,
                guardian: who.map(|c| c.guardian),
                relation: who.map(|c| c.relation),
                staff: actor.staff,
                staff_role: Some(staff_role(actor.hat.role)),
                minutes: posted.minutes,
                source: (SOURCE, Some(id)),
                act: Some(id),
                client_key: None,
            });
        }
        touch::record(tx, &touches)?;
    }
    Ok((id, true))
}

/// Who came for a child: the one named, or the only one there is. Of several nobody is guessed: a father
/// counted as reached who was not there would be worse than nobody named.
fn named(known: &[Candidate], child: Id, guardian: Option<Id>) -> Result<Option<&Candidate>> {
    let mut of_child = known.iter().filter(|c| c.student == child && c.receives);
    match guardian {
        Some(id) => of_child.find(|c| c.guardian == id).map(Some).ok_or(Error::NotFound),
        None => match (of_child.next(), of_child.next()) {
            (Some(only), None) => Ok(Some(only)),
            _ => Ok(None),
        },
    }
}

/// Takes an activity back with the attendance noted for it.
///
/// # Errors
/// `Error::Conflict("act-already-reversed")`.
pub(super) fn undo(tx: &mut Tx, id: Id, by: Id) -> Result<()> {
    let touches: Vec<Id> = attendance(tx, id)?.iter().map(|t| t.id).collect();
    touch::reverse(tx, &touches)?;
    act::reverse(tx, id, Some(by))
}

/// Corrects an activity: the old one is taken back, the new one recorded.
///
/// # Errors
/// As `undo` and `record`.
pub(super) fn amend(tx: &mut Tx, actor: &Actor, unit: &Unit, id: Id, posted: &Posted) -> Result<Id> {
    undo(tx, id, actor.account)?;
    // What replaces an activity is known by it: a second tap finds the first already taken back.
    record(tx, actor, unit, posted, &format!("amends-{id}")).map(|(id, _)| id)
}

/// The attendance of an activity that stands.
pub(super) fn attendance(r: &mut Reader, id: Id) -> Result<Vec<Touch>> {
    Ok(touch::of_source(r, SOURCE, id)?.into_iter().filter(|t| !t.reversed).collect())
}

/// Whether an activity was taken back.
pub(super) fn is_undone(r: &mut Reader, id: Id) -> Result<bool> {
    let found: Option<(Id,)> = r.row(sql!("SELECT id FROM act WHERE reverses_id = $1"), &[&id])?;
    Ok(found.is_some())
}
