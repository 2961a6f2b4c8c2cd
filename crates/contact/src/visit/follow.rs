//! What follows from a record besides the ledger: findings as codes, measures as tasks, suggestions closed.

use super::model::{Owner, Visit, VisitId, Way};
use super::permit::Held;
use super::record::VisitRecord;
use gongyu_kernel::{Date, Id, Millis, Result};
use gongyu_store::{Reader, ToValue, Tx, Value, record, sql};

record! {
    /// Something agreed, as its owner's task.
    #[derive(Clone, Debug)]
    pub struct Task {
        /// Identifier.
        pub id: Id,
        /// Visit.
        pub visit: VisitId,
        /// Key of the measure in the record.
        pub key: String,
        /// What will be done.
        pub what: String,
        /// By whom.
        pub owner: Owner,
        /// Until when.
        pub due_on: Option<Date>,
        /// `open`, `done` or `dropped`.
        pub state: String,
        /// What came of it.
        pub outcome: String,
        /// When it was closed.
        pub closed_at: Option<Millis>,
        /// Family visited.
        pub class: Id,
    }
}

macro_rules! select_task {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT m.id, m.visit_id, m.measure_key, m.what, m.owner, m.due_on, m.state, m.outcome, m.closed_at,
                    m.class_id
             FROM visit_measure m ",
            $tail
        ))
    };
}

/// Replaces the findings of a visit.
pub(super) fn findings(tx: &mut Tx, held: &Held, visit: &Visit, record: &VisitRecord, semester: &str) -> Result<()> {
    forget_findings(tx, visit.id)?;
    let mut rows: Vec<Vec<Value<'static>>> = Vec::new();
    for child in &held.children {
        let mut about: Vec<_> = record.findings.iter().filter(|f| f.child.is_none_or(|c| c == child.student)).collect();
        // One row a theme: said of the child itself and of all children, the more pressing one counts.
        about.sort_by_key(|f| (f.theme, std::cmp::Reverse(f.risk)));
        about.dedup_by_key(|f| f.theme);
        for finding in about {
            rows.push(
                [
                    visit.id.to_value(),
                    child.student.to_value(),
                    visit.school.to_value(),
                    child.class.to_value(),
                    semester.to_value(),
                    finding.theme.to_value(),
                    finding.risk.to_value(),
                ]
                .into_iter()
                .map(Value::into_owned)
                .collect(),
            );
        }
    }
    let columns = &["visit_id", "student_id", "school_id", "class_id", "semester", "theme", "risk"];
    tx.insert_many("visit_finding", columns, &rows)
}

/// Forgets the findings of a visit.
pub(super) fn forget_findings(tx: &mut Tx, visit: VisitId) -> Result<()> {
    tx.exec(sql!("DELETE FROM visit_finding WHERE visit_id = $1"), &[&visit]).map(drop)
}

/// Brings the tasks of a visit in line with the measures of its record. What is done stays done; what the
/// record no longer says is dropped.
pub(super) fn measures(tx: &mut Tx, visit: &Visit, record: &VisitRecord) -> Result<()> {
    let known = tasks_of(tx, visit.id)?;
    for measure in &record.measures {
        let id = tx.new_id();
        let owner_staff = (measure.owner == Owner::Teacher).then_some(visit.lead).flatten();
        tx.exec(
            sql!(
                "INSERT INTO visit_measure (id, school_id, class_id, visit_id, measure_key, what, owner,
                                             owner_staff_id, due_on, state, outcome)
                  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', '')
                  ON CONFLICT (visit_id, measure_key) DO UPDATE SET what = excluded.what, owner = excluded.owner,
                     owner_staff_id = excluded.owner_staff_id, due_on = excluded.due_on,
                     state = CASE WHEN visit_measure.state = 'dropped' THEN 'open' ELSE visit_measure.state END"
            ),
            &[
                &id,
                &visit.school,
                &visit.class,
                &visit.id,
                &measure.key,
                &measure.what,
                &measure.owner,
                &owner_staff,
                &measure.due,
            ],
        )?;
    }
    let gone: Vec<Id> = known
        .iter()
        .filter(|t| t.state == "open" && record.measures.iter().all(|m| m.key != t.key))
        .map(|t| t.id)
        .collect();
    tx.exec_in(sql!("UPDATE visit_measure SET state = 'dropped' WHERE id IN ($1)"), &gone, &[]).map(drop)
}

/// Drops the open tasks of a visit that was taken back.
pub(super) fn drop_tasks(tx: &mut Tx, visit: VisitId) -> Result<()> {
    tx.exec(sql!("UPDATE visit_measure SET state = 'dropped' WHERE visit_id = $1 AND state = 'open'"), &[&visit])
        .map(drop)
}

/// A task.
///
/// # Errors
/// `Error::NotFound`.
pub fn find_task(r: &mut Reader, id: Id) -> Result<Task> {
    r.one(select_task!("WHERE m.id = $1"), &[&id])
}

/// The tasks that came from a visit.
///
/// # Errors
/// As any statement.
pub fn tasks_of(r: &mut Reader, visit: VisitId) -> Result<Vec<Task>> {
    r.rows(select_task!("WHERE m.visit_id = $1 ORDER BY m.id"), &[&visit])
}

/// The open tasks of a member of staff and of the class they keep, the most pressing first.
///
/// # Errors
/// As any statement.
pub fn open_tasks(r: &mut Reader, staff: Id, class: Id, limit: i64) -> Result<Vec<Task>> {
    r.rows(
        select_task!(
            "WHERE m.state = 'open' AND (m.owner_staff_id = $1 OR m.class_id = $2)
             ORDER BY CASE WHEN m.due_on IS NULL THEN 1 ELSE 0 END, m.due_on, m.id LIMIT $3"
        ),
        &[&staff, &class, &limit],
    )
}

/// Closes a task with a word on what came of it, or opens it again.
///
/// # Errors
/// As any statement.
pub fn close_task(tx: &mut Tx, id: Id, by: Id, outcome: &str, done: bool) -> Result<()> {
    let now = tx.now();
    let (state, at, who) = if done { ("done", Some(now), Some(by)) } else { ("open", None, None) };
    tx.exec(
        sql!("UPDATE visit_measure SET state = $1, outcome = $2, closed_at = $3, closed_by = $4 WHERE id = $5"),
        &[&state, &outcome, &at, &who, &id],
    )
    .map(drop)
}

/// Closes the suggestions that led to a visit which took place at home.
pub(super) fn close_tasks(tx: &mut Tx, visit: &Visit, by: Id, way: Way) -> Result<()> {
    if way != Way::Home {
        return Ok(());
    }
    let now = tx.now();
    tx.exec(
        sql!("UPDATE visit_task SET closed_at = $1, closed_by = $2 WHERE visit_id = $3 AND closed_at IS NULL"),
        &[&now, &by, &visit.id],
    )
    .map(drop)
}
