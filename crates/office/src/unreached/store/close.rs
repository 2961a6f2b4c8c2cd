//! Closing: only by a touch in the ledger that reaches the child, or because the child left.

use super::super::model::{Level, State, StepKind, Task};
use super::{NewStep, find, note, reached, standing, steps};
use gongyu_kernel::{Error, Id, Result};
use gongyu_registry::unit;
use gongyu_store::{Db, Tx, sql};
use gongyu_web::MembershipChange;

/// Tasks in one transaction of the night.
const AT_ONCE: i64 = 60;

/// Closes a task whose child the ledger has reached or who left; gives how it stands now.
///
/// # Errors
/// As any statement.
pub fn settle(tx: &mut Tx, id: Id) -> Result<State> {
    let task = find(tx, id)?;
    if task.closed_on.is_some() {
        return Ok(task.state);
    }
    match task.state {
        State::Open => Ok(State::Open),
        State::Left => close(tx, &task, State::Left, None),
        // Counters without a touch behind them close nothing.
        State::Reached => match reaching(tx, &task)? {
            Some(touch) => close(tx, &task, State::Reached, Some(touch)),
            None => Ok(State::Open),
        },
    }
}

/// Closes the task of a child that roster or ledger has decided, if there is one.
pub(super) fn close_one(tx: &mut Tx, student: Id) -> Result<()> {
    let open: Option<(Id,)> =
        tx.row(sql!("SELECT id FROM unreached_task WHERE student_id = $1 AND closed_at IS NULL"), &[&student])?;
    open.map_or(Ok(()), |(id,)| settle(tx, id).map(drop))
}

/// The touch that reached the child of a task: the first one noted since it was opened, else the last before.
fn reaching(tx: &mut Tx, task: &Task) -> Result<Option<Id>> {
    let found: Option<(Id,)> = tx.row(
        sql!(
            "SELECT h.id FROM touch h
              WHERE h.student_id = $1 AND h.reverses_id IS NULL AND h.depth <> 'told'
                AND ($2 = 'all' OR h.semester >= $2)
                AND NOT EXISTS (SELECT 1 FROM touch v WHERE v.reverses_id = h.id AND v.school_id = h.school_id)
              ORDER BY CASE WHEN h.recorded_at >= $3 THEN h.recorded_at ELSE $3 + $3 - h.recorded_at END, h.id
              LIMIT 1"
        ),
        &[&task.student, &task.period, &task.opened_at],
    )?;
    Ok(found.map(|(id,)| id))
}

fn close(tx: &mut Tx, task: &Task, state: State, touch: Option<Id>) -> Result<State> {
    let (now, today) = (tx.now(), tx.today());
    tx.exec(
        sql!("UPDATE unreached_task SET state = $1, closed_at = $2, closed_on = $3, touch_id = $4 WHERE id = $5"),
        &[&state, &now, &today, &touch, &task.id],
    )?;
    let kind = if state == State::Left { StepKind::Left } else { StepKind::Reached };
    note(tx, task, &NewStep::plain(kind, None, ""))?;
    Ok(state)
}

/// Opens a closed task again, after what closed it was taken back.
pub(super) fn reopen(tx: &mut Tx, task: &Task) -> Result<()> {
    tx.exec(
        sql!(
            "UPDATE unreached_task SET state = 'open', closed_at = NULL, closed_on = NULL, touch_id = NULL
              WHERE id = $1"
        ),
        &[&task.id],
    )?;
    Ok(())
}

/// Closes every task that ledger or roster has decided.
///
/// # Errors
/// As any statement.
pub fn close_due(db: &Db) -> Result<()> {
    let mut after = Id(0);
    loop {
        let last = db.write_wait(move |tx| {
            let decided: Vec<(Id,)> = tx.rows(
                sql!(concat!(
                    "SELECT t.id FROM unreached_task t JOIN student s ON s.id = t.student_id
                      WHERE t.closed_at IS NULL AND t.id > $1 AND ",
                    standing!(),
                    " <> 'open' ORDER BY t.id LIMIT $2"
                )),
                &[&after, &AT_ONCE],
            )?;
            for (id,) in &decided {
                settle(tx, *id)?;
            }
            Ok(decided.last().map(|(id,)| *id))
        })?;
        match last {
            Some(id) => after = id,
            None => return Ok(()),
        }
    }
}

/// Notes once on every late task that its day passed, which is when the next one up is told.
///
/// # Errors
/// As any statement.
pub fn raise_late(db: &Db) -> Result<()> {
    while db.write_wait(|tx| {
        let today = tx.today();
        let late: Vec<(Id,)> = tx.rows(
            sql!(concat!(
                "SELECT t.id FROM unreached_task t JOIN student s ON s.id = t.student_id
                  WHERE t.closed_at IS NULL AND t.raised_on IS NULL AND t.due_on < $1 AND s.state = 'active'
                    AND NOT ",
                reached!(),
                " ORDER BY t.id LIMIT $2"
            )),
            &[&today, &AT_ONCE],
        )?;
        for (id,) in &late {
            let task = find(tx, *id)?;
            tx.exec(sql!("UPDATE unreached_task SET raised_on = $1 WHERE id = $2"), &[&today, id])?;
            note(tx, &task, &NewStep { from: Some(task.unit), ..NewStep::plain(StepKind::Overdue, None, "") })?;
        }
        Ok(!late.is_empty())
    })? {}
    Ok(())
}

/// Tasks closed as reached without a touch behind them: there must be none.
///
/// # Errors
/// As any statement.
pub fn disagreements(db: &Db) -> Result<Vec<String>> {
    let found: Vec<(Id,)> = db.read_wait(|r| {
        r.rows(
            sql!(
                "SELECT t.id FROM unreached_task t WHERE t.state = 'reached'
                   AND NOT EXISTS (SELECT 1 FROM touch h WHERE h.id = t.touch_id AND h.student_id = t.student_id)
                  ORDER BY t.id LIMIT 20"
            ),
            &[],
        )
    })?;
    Ok(found.into_iter().map(|(id,)| format!("unreached task {id} is closed without a touch")).collect())
}

/// Children moved: a task follows its child to the new class, a new school begins again with its class
/// teacher, and a child who left closes it.
///
/// # Errors
/// As any statement.
pub fn follow_moves(tx: &mut Tx, changes: &[MembershipChange]) -> Result<()> {
    let students: Vec<Id> = changes.iter().map(|c| c.student).collect();
    let open: Vec<(Id, Id)> = tx.rows_in(
        sql!("SELECT student_id, id FROM unreached_task WHERE student_id IN ($1) AND closed_at IS NULL"),
        &students,
        &[],
    )?;
    for change in changes {
        let Some((_, id)) = open.iter().find(|(student, _)| *student == change.student) else { continue };
        let Some(class) = change.to_class else {
            settle(tx, *id)?;
            continue;
        };
        follow(tx, *id, class)?;
    }
    Ok(())
}

fn follow(tx: &mut Tx, id: Id, class: Id) -> Result<()> {
    let task = find(tx, id)?;
    if task.class == Some(class) {
        return Ok(());
    }
    let school = match unit::find(tx, class) {
        Ok(unit) => unit,
        Err(Error::NotFound) => return Ok(()),
        Err(other) => return Err(other),
    };
    let home = school.school.unwrap_or(task.school);
    tx.exec(
        sql!("UPDATE unreached_task SET class_id = $1, school_id = $2, town_id = $3 WHERE id = $4"),
        &[&class, &home, &school.town, &id],
    )?;
    let again = home != task.school || task.level == Level::Class;
    if again {
        let moved = Task { school: home, ..task };
        steps::lay(tx, &moved, StepKind::Moved, (Level::Class, class), None, "")?;
    }
    Ok(())
}
