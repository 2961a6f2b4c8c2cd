//! A knock at the door: the touch that closes an errand, and its undoing.

use super::super::SOURCE;
use super::super::model::{State, StepKind, Task};
use super::close::{reopen, settle};
use super::{NewStep, find, held_open, note};
use gongyu_access::Actor;
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_ledger::rules::{Channel, Depth, StaffRole, TouchKind};
use gongyu_ledger::touch::{self, NewTouch};
use gongyu_registry::people::{self, Relation};
use gongyu_store::{Tx, sql};

/// Whom the worker met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    /// A guardian the roster knows.
    Guardian(Id),
    /// Another grown-up who looks after the child.
    Other,
}

/// A knock that was answered.
#[derive(Clone, Debug)]
pub struct Knock<'a> {
    /// Whom they met.
    pub met: Met,
    /// Day.
    pub day: Date,
    /// What was said; may be empty.
    pub words: &'a str,
}

/// Records the knock for the whole errand: a touch for each child, each closing its task at once. A brother or
/// sister whom the guardian met may not speak for stays open. Gives how many were closed.
///
/// # Errors
/// `Error::Invalid` for a day before the errand came or somebody who is not the child's; otherwise as
/// `held_open` and `touch::record`.
pub fn knock(tx: &mut Tx, id: Id, seen: i64, knock: &Knock<'_>, by: &Actor) -> Result<usize> {
    let (task, errand) = held_open(tx, id, Some(seen))?;
    if knock.day < task.since_on || knock.day > tx.today() {
        return Err(Error::field("day", "unreached-day-refused"));
    }
    let mut met = Vec::new();
    for one in &errand {
        match of_child(tx, one, knock.met)? {
            Some((guardian, relation)) => met.push((one, guardian, relation)),
            None if one.id == task.id => return Err(Error::field("met", "field-choose")),
            None => {}
        }
    }
    let touches: Vec<NewTouch> = met.iter().map(|(one, g, relation)| touch_of(one, *g, *relation, knock, by)).collect();
    touch::record(tx, &touches)?;
    let mut closed = 0;
    for (one, ..) in &met {
        note(tx, one, &NewStep::plain(StepKind::Knocked, Some(by.account), knock.words))?;
        closed += usize::from(settle(tx, one.id)? == State::Reached);
    }
    Ok(closed)
}

fn of_child(tx: &mut Tx, task: &Task, met: Met) -> Result<Option<(Option<Id>, Relation)>> {
    Ok(match met {
        Met::Other => Some((None, Relation::Other)),
        Met::Guardian(id) => {
            let ties = people::guardians_of(tx, task.student)?;
            ties.iter().find(|k| k.guardian == id && !k.restricted).map(|k| (Some(id), k.relation))
        }
    })
}

fn touch_of(task: &Task, guardian: Option<Id>, relation: Relation, knock: &Knock<'_>, by: &Actor) -> NewTouch {
    NewTouch {
        student: task.student,
        kind: TouchKind::CONTACT,
        depth: Depth::Met,
        channel: Channel::HomeVisit,
        tone: None,
        by_family: false,
        occurred_on: knock.day,
        guardian,
        relation: Some(relation),
        staff: by.staff,
        staff_role: Some(StaffRole::Other),
        minutes: 0,
        source: (SOURCE, Some(task.id)),
        act: None,
        client_key: Some(format!("{SOURCE}-{}-{}", task.id, task.step)),
    }
}

/// Takes a knock back on the day it was noted, by the one who noted it: its touches are reversed and the whole
/// errand is open again.
///
/// # Errors
/// `Error::NotFound` for another's knock or another day's, `Error::Conflict` when a new task stands already.
pub fn take_back(tx: &mut Tx, id: Id, by: &Actor) -> Result<()> {
    let family = find(tx, id)?.family;
    tx.lock(&format!("unreached:{family}"))?;
    let task = find(tx, id)?;
    let today = tx.today();
    let (Some(closing), true) = (task.touch, task.closed_on == Some(today)) else { return Err(Error::NotFound) };
    let mut tasks = Vec::new();
    for one in closed_today(tx, &task)? {
        let mine = last_knock(tx, one.id)? == Some(by.account);
        let touches = touch::of_source(tx, SOURCE, one.id)?;
        let standing = touches.into_iter().find(|t| !t.reversed && Some(t.id) == one.touch);
        match standing {
            Some(standing) if mine => tasks.push((one, standing.id)),
            _ => {}
        }
    }
    if !tasks.iter().any(|(_, touch)| *touch == closing) {
        return Err(Error::NotFound);
    }
    let touches: Vec<Id> = tasks.iter().map(|(_, touch)| *touch).collect();
    touch::reverse(tx, &touches)?;
    for (one, _) in &tasks {
        if !super::open_among(tx, &[one.student])?.is_empty() {
            return Err(Error::conflict("unreached-open-again"));
        }
        reopen(tx, one)?;
        note(tx, one, &NewStep::plain(StepKind::Undone, Some(by.account), ""))?;
        // Somebody else may have reached the family as well.
        settle(tx, one.id)?;
    }
    Ok(())
}

/// The tasks of the errand that were closed with this one.
fn closed_today(tx: &mut Tx, task: &Task) -> Result<Vec<Task>> {
    let ids: Vec<(Id,)> = tx.rows(
        sql!(
            "SELECT t.id FROM student s JOIN unreached_task t ON t.student_id = s.id
              WHERE s.family_id = $1 AND t.unit_id = $2 AND t.closed_on = $3 AND t.state = 'reached' ORDER BY t.id"
        ),
        &[&task.family, &task.unit, &task.closed_on],
    )?;
    ids.into_iter().map(|(id,)| find(tx, id)).collect()
}

fn last_knock(tx: &mut Tx, task: Id) -> Result<Option<Id>> {
    let found: Option<(Option<Id>,)> = tx.row(
        sql!(
            "SELECT account_id FROM unreached_step WHERE task_id = $1 AND kind = 'knocked'
              ORDER BY step DESC LIMIT 1"
        ),
        &[&task],
    )?;
    Ok(found.and_then(|(by,)| by))
}
