//! The way of a task: handed on, handed back, taken over, its reason given. What is done to one task is done to
//! its whole errand.

use super::super::model::{Level, Reason, StepKind, Task};
use super::super::rules::{back, onward};
use super::{NewStep, due, held_open, note, rules, site, unit_at};
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Tx, sql};

/// Gives or changes the reason of a whole errand.
///
/// # Errors
/// As `held_open`.
pub fn give_reason(tx: &mut Tx, id: Id, seen: i64, reason: Reason, words: &str, by: Id) -> Result<()> {
    let (_, errand) = held_open(tx, id, Some(seen))?;
    for task in errand {
        reason_of(tx, &task, reason, words)?;
        note(tx, &task, &NewStep::plain(StepKind::Reason, Some(by), words))?;
    }
    Ok(())
}

fn reason_of(tx: &mut Tx, task: &Task, reason: Reason, words: &str) -> Result<()> {
    tx.exec(
        sql!("UPDATE unreached_task SET reason = $1, reason_words = $2 WHERE id = $3"),
        &[&reason, &words, &task.id],
    )?;
    Ok(())
}

/// Lays a task somewhere else, with a day to answer by.
pub(super) fn lay(
    tx: &mut Tx,
    task: &Task,
    kind: StepKind,
    to: (Level, Id),
    by: Option<Id>,
    words: &str,
) -> Result<()> {
    let rules = rules(tx)?;
    let due = due(tx, &rules, to.0)?;
    tx.exec(
        sql!(
            "UPDATE unreached_task SET level = $1, unit_id = $2, since_on = $3, due_on = $4, raised_on = NULL
              WHERE id = $5"
        ),
        &[&to.0, &to.1, &due.from, &due.on, &task.id],
    )?;
    let step = NewStep { kind, from: Some(task.unit), to: Some(to.1), by, words, due: Some(due) };
    note(tx, task, &step)
}

/// Hands an errand on, to a site of the town where it lies with the town. Gives how many children went.
///
/// # Errors
/// `Error::Invalid` without a reason or a site, `Error::Conflict` where there is nobody to hand it to;
/// otherwise as `held_open`.
pub fn hand_on(tx: &mut Tx, id: Id, seen: i64, to_site: Option<Id>, words: &str, by: Id) -> Result<usize> {
    let (task, errand) = held_open(tx, id, Some(seen))?;
    let level = onward(task.level).ok_or_else(|| Error::conflict("unreached-nobody-next"))?;
    if task.reason.is_none() {
        return Err(Error::field("reason", "unreached-reason-first"));
    }
    for one in &errand {
        let unit = match level {
            Level::Site => {
                let chosen = to_site.ok_or_else(|| Error::field("site", "field-choose"))?;
                site(tx, chosen, task.unit)?.id
            }
            _ => unit_at(one, level).ok_or_else(|| Error::conflict("unreached-nobody-next"))?,
        };
        if one.reason.is_none()
            && let Some(reason) = task.reason
        {
            reason_of(tx, one, reason, &task.reason_words)?;
        }
        lay(tx, one, StepKind::Handed, (level, unit), Some(by), words)?;
    }
    Ok(errand.len())
}

/// Hands an errand back to where it came from, with an answer in words.
///
/// # Errors
/// As `held_open`.
pub fn hand_back(tx: &mut Tx, id: Id, seen: i64, words: &str, by: Id) -> Result<()> {
    let (task, errand) = held_open(tx, id, Some(seen))?;
    let level = back(task.level).ok_or_else(|| Error::conflict("unreached-nobody-next"))?;
    for one in &errand {
        let unit = unit_at(one, level).ok_or_else(|| Error::conflict("unreached-nobody-next"))?;
        lay(tx, one, StepKind::Back, (level, unit), Some(by), words)?;
    }
    Ok(())
}

/// Takes an errand over from the one below.
///
/// # Errors
/// As `held_open`.
pub fn take_over(tx: &mut Tx, id: Id, seen: i64, own: (Level, Id), by: Id) -> Result<()> {
    let (_, errand) = held_open(tx, id, Some(seen))?;
    for one in &errand {
        lay(tx, one, StepKind::Taken, own, Some(by), "")?;
    }
    Ok(())
}
