//! The tables of the loop.

mod close;
mod door;
mod number;
mod open;
mod steps;

pub use close::{close_due, disagreements, follow_moves, raise_late, settle};
pub use door::{Knock, Met, knock, take_back};
pub use number::{Waiting, decide, numbers_of, suggest};
pub use open::{OPEN_COLUMNS, STEP_COLUMNS, by_hand, open_missing};
pub use steps::{give_reason, hand_back, hand_on, take_over};

use super::model::{Level, Rules, State, Step, StepKind, Task};
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_parts::deadline::{Clock, Term};
use gongyu_registry::unit::{self, Unit, UnitKind};
use gongyu_registry::year;
use gongyu_store::{Reader, Tx, settings, sql};
use std::collections::HashMap;

const SETTING: &str = "unreached.rules";

/// Whether the ledger has reached the child of `t`: in the task's period, or in a later semester. The same
/// question as in the list of the never reached: at least a confirmed contact.
macro_rules! reached {
    () => {
        "EXISTS (SELECT 1 FROM reach a WHERE a.student_id = t.student_id
            AND (a.period = t.period OR (t.period <> 'all' AND a.period <> 'all' AND a.period > t.period))
            AND a.n_confirmed + a.n_talked + a.n_met > 0)"
    };
}
pub(super) use reached;

/// How a task stands: what its row says once it is closed, before that what roster and ledger say.
macro_rules! standing {
    () => {
        concat!(
            "CASE WHEN t.closed_at IS NOT NULL THEN t.state WHEN s.state <> 'active' THEN 'left' WHEN ",
            $crate::unreached::store::reached!(),
            " THEN 'reached' ELSE 'open' END"
        )
    };
}
pub(super) use standing;

macro_rules! select {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT t.id, t.school_id, t.class_id, t.town_id, t.student_id, s.family_id, t.period, t.reason,
                    t.reason_words, t.level, t.unit_id, t.step, t.opened_on, t.opened_at, t.since_on, t.due_on, ",
            $crate::unreached::store::standing!(),
            ", t.closed_on, t.touch_id, s.name FROM unreached_task t JOIN student s ON s.id = t.student_id ",
            $tail
        ))
    };
}

/// The rules of the district.
///
/// # Errors
/// As any statement.
pub fn rules(r: &mut Reader) -> Result<Rules> {
    settings::get_or_default(r, SETTING)
}

/// Keeps the rules of the district.
///
/// # Errors
/// As any statement.
pub fn keep_rules(tx: &mut Tx, rules: &Rules) -> Result<()> {
    settings::put(tx, SETTING, rules)
}

/// A task, standing as roster and ledger say.
///
/// # Errors
/// `Error::NotFound`.
pub fn find(r: &mut Reader, id: Id) -> Result<Task> {
    r.one(select!("WHERE t.id = $1"), &[&id])
}

/// The task of a child that no touch and no leaving has closed yet.
///
/// # Errors
/// As any statement.
pub fn open_of(r: &mut Reader, student: Id) -> Result<Option<Task>> {
    let found: Option<Task> = r.row(select!("WHERE t.student_id = $1 AND t.closed_at IS NULL"), &[&student])?;
    Ok(found.filter(|t| t.state == State::Open))
}

/// The open tasks of some children, by child.
///
/// # Errors
/// As any statement.
pub fn open_among(r: &mut Reader, students: &[Id]) -> Result<HashMap<Id, Id>> {
    let found: Vec<(Id, Id)> = r.rows_in(
        sql!("SELECT student_id, id FROM unreached_task WHERE student_id IN ($1) AND closed_at IS NULL"),
        students,
        &[],
    )?;
    Ok(found.into_iter().collect())
}

/// The open tasks of a family: brothers and sisters, wherever they lie.
///
/// # Errors
/// As any statement.
pub fn of_family(r: &mut Reader, family: Id) -> Result<Vec<Task>> {
    let found: Vec<Task> =
        r.rows(select!("WHERE s.family_id = $1 AND t.closed_at IS NULL ORDER BY t.id"), &[&family])?;
    Ok(found.into_iter().filter(|t| t.state == State::Open).collect())
}

/// The tasks that go one way with this one: the family's open tasks in the same hands. In a school the class
/// teachers of brothers and sisters are the same hands.
///
/// # Errors
/// As any statement.
pub fn errand(r: &mut Reader, task: &Task) -> Result<Vec<Task>> {
    let mut tasks = of_family(r, task.family)?;
    tasks.retain(|t| {
        let same = if task.level == Level::Class { t.school == task.school } else { t.unit == task.unit };
        t.id == task.id || (t.level == task.level && same)
    });
    Ok(tasks)
}

/// The errands of a unit, the most pressing first, and for each the names of its children.
///
/// # Errors
/// As any statement.
pub fn errands_of(r: &mut Reader, unit: Id) -> Result<Vec<Vec<Task>>> {
    let found: Vec<Task> =
        r.rows(select!("WHERE t.unit_id = $1 AND t.closed_at IS NULL ORDER BY t.due_on, t.id LIMIT 500"), &[&unit])?;
    let mut errands: Vec<Vec<Task>> = Vec::new();
    for task in found.into_iter().filter(|t| t.state == State::Open) {
        match errands.iter_mut().find(|e| e.iter().any(|t| t.family == task.family)) {
            Some(errand) => errand.push(task),
            None => errands.push(vec![task]),
        }
    }
    Ok(errands)
}

/// The steps of a task, oldest first.
///
/// # Errors
/// As any statement.
pub fn steps_of(r: &mut Reader, task: Id) -> Result<Vec<Step>> {
    r.rows(
        sql!(
            "SELECT p.step, p.kind, p.from_unit_id, p.to_unit_id, a.name, p.at, p.words, p.due_from, p.due_days,
                    p.due_on
              FROM unreached_step p LEFT JOIN account a ON a.id = p.account_id
              WHERE p.task_id = $1 ORDER BY p.step"
        ),
        &[&task],
    )
}

/// Village committees and community sites a town hands errands to: open units of its own of these kinds.
///
/// # Errors
/// As any statement.
pub fn sites_of(r: &mut Reader, town: Id) -> Result<Vec<(Id, String)>> {
    r.rows(
        sql!(
            "SELECT id, name FROM unit WHERE town_id = $1 AND kind IN ('community', 'agency') AND valid_to IS NULL
              ORDER BY name_key, id"
        ),
        &[&town],
    )
}

/// The unit a task lies with at a level; `None` where there is none.
fn unit_at(task: &Task, level: Level) -> Option<Id> {
    match level {
        Level::Class => task.class,
        Level::School => Some(task.school),
        Level::Town => task.town,
        Level::Site => None,
    }
}

/// A day to answer by, with how it came about.
#[derive(Clone, Copy, Debug)]
struct Due {
    from: Date,
    days: u32,
    on: Date,
}

fn due(r: &mut Reader, rules: &Rules, level: Level) -> Result<Due> {
    let (from, days) = (r.today(), rules.days(level));
    let clock = Clock::start(from, Term::workdays(days));
    let on = clock.due(&year::calendar(r)?.holidays).unwrap_or(from);
    Ok(Due { from, days, on })
}

/// A step to be noted.
struct NewStep<'a> {
    kind: StepKind,
    from: Option<Id>,
    to: Option<Id>,
    by: Option<Id>,
    words: &'a str,
    due: Option<Due>,
}

impl<'a> NewStep<'a> {
    fn plain(kind: StepKind, by: Option<Id>, words: &'a str) -> Self {
        Self { kind, from: None, to: None, by, words, due: None }
    }
}

/// Notes the next step of a task.
fn note(tx: &mut Tx, task: &Task, new: &NewStep<'_>) -> Result<()> {
    let (step, now) = (task.step + 1, tx.now());
    let due = new.due;
    tx.exec(
        sql!(
            "INSERT INTO unreached_step (task_id, step, school_id, kind, from_unit_id, to_unit_id, account_id, at,
                                          words, due_from, due_days, due_on)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        &[
            &task.id,
            &step,
            &task.school,
            &new.kind,
            &new.from,
            &new.to,
            &new.by,
            &now,
            &new.words,
            &due.map(|d| d.from),
            &due.map(|d| d.days),
            &due.map(|d| d.on),
        ],
    )?;
    tx.exec(sql!("UPDATE unreached_task SET step = $1 WHERE id = $2"), &[&step, &task.id])?;
    Ok(())
}

/// The task and its errand, held against others until the end of the transaction. What the ledger or the roster
/// has decided meanwhile closes it first.
///
/// # Errors
/// `Error::Conflict` when it is closed by now, or somebody else moved it on after step `seen`.
pub fn held_open(tx: &mut Tx, id: Id, seen: Option<i64>) -> Result<(Task, Vec<Task>)> {
    let family = find(tx, id)?.family;
    tx.lock(&format!("unreached:{family}"))?;
    let task = find(tx, id)?;
    if task.state != State::Open {
        return Err(Error::conflict("unreached-closed-meanwhile"));
    }
    if seen.is_some_and(|seen| seen != task.step) {
        return Err(Error::conflict("unreached-moved-on"));
    }
    let errand = errand(tx, &task)?;
    Ok((task, errand))
}

/// A unit of the right kind for a site of this town.
fn site(tx: &mut Tx, id: Id, town: Id) -> Result<Unit> {
    let unit = unit::find(tx, id)?;
    let fits = matches!(unit.kind, UnitKind::Community | UnitKind::Agency) && unit.town == Some(town);
    if fits && unit.valid_to.is_none() { Ok(unit) } else { Err(Error::field("site", "field-choose")) }
}
