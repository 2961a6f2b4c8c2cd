//! Opening tasks: by night for every child nobody reached, and by hand.

use super::super::model::{Level, Rules, State, StepKind};
use super::{Due, due, open_of, rules};
use gongyu_kernel::{Error, Id, Result};
use gongyu_ledger::figures;
use gongyu_registry::people::{Student, StudentState};
use gongyu_registry::unit;
use gongyu_store::{Db, ToValue, Tx, Value, sql};
use jiff::ToSpan;

/// Children in one transaction of the night.
const AT_ONCE: i64 = 100;

/// The columns of a fresh task, for those who write them in bulk.
pub const OPEN_COLUMNS: &[&str] = &[
    "id",
    "school_id",
    "class_id",
    "town_id",
    "student_id",
    "period",
    "reason",
    "reason_words",
    "level",
    "unit_id",
    "step",
    "opened_on",
    "opened_at",
    "opened_by",
    "since_on",
    "due_on",
    "state",
];
/// The columns of a step that handed a task on, for those who write them in bulk.
pub const STEP_COLUMNS: &[&str] = &[
    "task_id",
    "step",
    "school_id",
    "kind",
    "from_unit_id",
    "to_unit_id",
    "account_id",
    "at",
    "words",
    "due_from",
    "due_days",
    "due_on",
];

/// A child without a task: child, class, town of the school.
type Missing = (Id, Id, Option<Id>);

/// Opens a task for every child in school whom nobody reached, school by school, some at a time.
///
/// # Errors
/// As any statement.
pub fn open_missing(db: &Db) -> Result<u64> {
    let schools: Vec<Id> = db.read_wait(|r| Ok(unit::schools(r, None)?.into_iter().map(|s| s.id).collect()))?;
    let mut opened = 0;
    for school in schools {
        loop {
            let n = db.write_wait(move |tx| open_some(tx, school))?;
            opened += n;
            if n < AT_ONCE.unsigned_abs() {
                break;
            }
        }
    }
    Ok(opened)
}

fn open_some(tx: &mut Tx, school: Id) -> Result<u64> {
    let rules = rules(tx)?;
    let period = period_of(tx, &rules)?;
    let settled = tx.today().saturating_sub(rules.settle_days.days());
    let missing: Vec<Missing> = tx.rows(
        sql!(
            "SELECT s.id, s.class_id, k.town_id FROM student s
              JOIN unit k ON k.id = s.school_id
              JOIN class_reach b ON b.class_id = s.class_id AND b.period = $2 AND b.confirmed < b.students
              LEFT JOIN reach a ON a.student_id = s.id AND a.period = $2
              WHERE s.school_id = $1 AND s.state = 'active' AND s.joined_on <= $3
                AND COALESCE(a.n_confirmed + a.n_talked + a.n_met, 0) = 0
                AND NOT EXISTS (SELECT 1 FROM unreached_task t WHERE t.student_id = s.id AND t.closed_at IS NULL)
              ORDER BY s.id LIMIT $4"
        ),
        &[&school, &period, &settled, &AT_ONCE],
    )?;
    if missing.is_empty() {
        return Ok(0);
    }
    let due = due(tx, &rules, Level::Class)?;
    let (mut tasks, mut steps) = (Vec::new(), Vec::new());
    for (student, class, town) in missing {
        let place = Place { school, class, town };
        let (task, step) = rows(tx, student, place, &period, None, due);
        tasks.push(task);
        steps.push(step);
    }
    tx.insert_many("unreached_task", OPEN_COLUMNS, &tasks)?;
    tx.insert_many("unreached_step", STEP_COLUMNS, &steps)?;
    Ok(tasks.len() as u64)
}

/// The period in which children count as not reached.
fn period_of(tx: &mut Tx, rules: &Rules) -> Result<String> {
    if rules.semester { Ok(figures::present(tx)?.code()) } else { Ok("all".to_owned()) }
}

#[derive(Clone, Copy)]
struct Place {
    school: Id,
    class: Id,
    town: Option<Id>,
}

type Row = Vec<Value<'static>>;

fn rows(tx: &mut Tx, student: Id, at: Place, period: &str, by: Option<Id>, due: Due) -> (Row, Row) {
    let (id, now) = (tx.new_id(), tx.now());
    let text = |t: &str| Value::Text(t.to_owned().into());
    let day = |d: &dyn ToValue| d.to_value().into_owned();
    let task = vec![
        Value::Int(id.raw()),
        Value::Int(at.school.raw()),
        Value::Int(at.class.raw()),
        day(&at.town),
        Value::Int(student.raw()),
        text(period),
        Value::Null,
        text(""),
        text(Level::Class.code()),
        Value::Int(at.class.raw()),
        Value::Int(1),
        day(&due.from),
        Value::Int(now.0),
        day(&by),
        day(&due.from),
        day(&due.on),
        text(State::Open.code()),
    ];
    let step = vec![
        Value::Int(id.raw()),
        Value::Int(1),
        Value::Int(at.school.raw()),
        text(StepKind::Opened.code()),
        Value::Null,
        Value::Int(at.class.raw()),
        day(&by),
        Value::Int(now.0),
        text(""),
        day(&due.from),
        day(&due.days),
        day(&due.on),
    ];
    (task, step)
}

/// Opens a task for one child by hand; the one already open is given instead.
///
/// # Errors
/// `Error::Conflict` when the ledger already has a touch that reaches the child, or it is not in a class.
pub fn by_hand(tx: &mut Tx, child: &Student, by: Id) -> Result<Id> {
    tx.lock(&format!("unreached:{}", child.family))?;
    if let Some(task) = open_of(tx, child.id)? {
        return Ok(task.id);
    }
    let (Some(class), StudentState::Active) = (child.class, child.state) else {
        return Err(Error::conflict("unreached-no-class"));
    };
    super::close::close_one(tx, child.id)?;
    let rules = rules(tx)?;
    let period = period_of(tx, &rules)?;
    let reached: Option<(i64,)> = tx.row(
        sql!(
            "SELECT n_confirmed + n_talked + n_met FROM reach
              WHERE student_id = $1 AND period = $2 AND n_confirmed + n_talked + n_met > 0"
        ),
        &[&child.id, &period],
    )?;
    if reached.is_some() {
        return Err(Error::conflict("unreached-reached-already"));
    }
    let town = unit::find(tx, child.school)?.town;
    let due = due(tx, &rules, Level::Class)?;
    let place = Place { school: child.school, class, town };
    let (task, step) = rows(tx, child.id, place, &period, Some(by), due);
    tx.insert_many("unreached_task", OPEN_COLUMNS, &[task])?;
    tx.insert_many("unreached_step", STEP_COLUMNS, &[step])?;
    open_of(tx, child.id)?.map(|t| t.id).ok_or(Error::NotFound)
}
