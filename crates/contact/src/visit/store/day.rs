//! The visits of some days as the person who goes needs them: what a phone holds without a network.

use super::children_of;
use crate::visit::model::{Company, Reason, State, VisitChild, VisitId, Way};
use gongyu_access::{Actor, Role};
use gongyu_kernel::{Date, Id, Millis, Result};
use gongyu_store::{Reader, record, sql};

record! {
    struct Row {
        id: VisitId,
        state: State,
        reason: Reason,
        day: Option<Date>,
        starts_at: Option<Millis>,
        due_on: Option<Date>,
        way: Way,
        version: i64,
        lead: Option<Id>,
        lead_name: Option<String>,
        class: Id,
        offers: i64,
    }
}

/// A visit of a day.
#[derive(Clone, Debug)]
pub struct DayVisit {
    /// Visit.
    pub id: VisitId,
    /// Where it stands.
    pub state: State,
    /// Why.
    pub reason: Reason,
    /// Day agreed.
    pub day: Option<Date>,
    /// Moment agreed.
    pub starts_at: Option<Millis>,
    /// Day by which the plan wants it.
    pub due_on: Option<Date>,
    /// How it is meant to happen.
    pub way: Way,
    /// Version of the record; 0 when there is none.
    pub version: i64,
    /// Who leads it.
    pub lead: Option<Id>,
    /// Their name.
    pub lead_name: String,
    /// Class that keeps it.
    pub class: Id,
    /// Times it was offered.
    pub offers: i64,
    /// The person comes along and does not lead.
    pub companion: Option<Company>,
    /// The children.
    pub children: Vec<VisitChild>,
}

macro_rules! select {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT v.id, v.state, v.reason, v.day, v.starts_at, v.due_on, v.way, v.version, v.lead_staff_id, p.name,
                    v.class_id, v.offers
             FROM visit v LEFT JOIN staff p ON p.id = v.lead_staff_id ",
            $tail
        ))
    };
}

/// The visits a person leads, or keeps as the class teacher, or comes along to, with a day from `from` to
/// `to`, recorded ones too. In the order of the day.
///
/// # Errors
/// As any statement.
pub fn of_day(r: &mut Reader, actor: &Actor, from: Date, to: Date) -> Result<Vec<DayVisit>> {
    let class = own_class(actor);
    let staff = actor.staff.unwrap_or_default();
    let rows: Vec<Row> = r.rows(
        select!(
            "WHERE v.day >= $3 AND v.day <= $4 AND v.state IN ('offered', 'agreed', 'done')
               AND (v.lead_staff_id = $1 OR v.class_id = $2
                    OR v.id IN (SELECT k.visit_id FROM visit_companion k
                                WHERE k.staff_id = $1 AND k.state <> 'not_coming'))
             ORDER BY v.day, CASE WHEN v.starts_at IS NULL THEN 1 ELSE 0 END, v.starts_at, v.id LIMIT 200"
        ),
        &[&staff, &class, &from, &to],
    )?;
    with_children(r, staff, rows)
}

/// Every visit a person leads or comes along to that is not recorded yet, whatever its day.
///
/// # Errors
/// As any statement.
pub fn of_staff(r: &mut Reader, actor: &Actor) -> Result<Vec<DayVisit>> {
    let Some(staff) = actor.staff else { return Ok(Vec::new()) };
    let rows: Vec<Row> = r.rows(
        select!(
            "WHERE v.state IN ('planned', 'offered', 'agreed')
               AND (v.lead_staff_id = $1 OR v.id IN (SELECT k.visit_id FROM visit_companion k
                                                      WHERE k.staff_id = $1 AND k.state <> 'not_coming'))
             ORDER BY CASE WHEN v.day IS NULL THEN 1 ELSE 0 END, v.day,
                      CASE WHEN v.due_on IS NULL THEN 1 ELSE 0 END, v.due_on, v.id LIMIT 200"
        ),
        &[&staff],
    )?;
    with_children(r, staff, rows)
}

/// The class a class teacher's hat is of; nobody else keeps a class's visits.
fn own_class(actor: &Actor) -> Id {
    actor.hat.unit.filter(|_| actor.hat.role == Role::ClassTeacher).unwrap_or_default()
}

fn with_children(r: &mut Reader, staff: Id, rows: Vec<Row>) -> Result<Vec<DayVisit>> {
    let ids: Vec<Id> = rows.iter().map(|v| v.id).collect();
    let children = children_of(r, &ids)?;
    let company: Vec<(Id, Company)> = r.rows_in(
        sql!("SELECT visit_id, state FROM visit_companion WHERE visit_id IN ($1) AND staff_id = $2"),
        &ids,
        &[&staff],
    )?;
    Ok(rows
        .into_iter()
        .map(|v| DayVisit {
            children: children.iter().filter(|c| c.visit == v.id).cloned().collect(),
            companion: company.iter().find(|(id, _)| *id == v.id).map(|(_, state)| *state),
            id: v.id,
            state: v.state,
            reason: v.reason,
            day: v.day,
            starts_at: v.starts_at,
            due_on: v.due_on,
            way: v.way,
            version: v.version,
            lead: v.lead,
            lead_name: v.lead_name.unwrap_or_default(),
            class: v.class,
            offers: v.offers,
        })
        .collect())
}
