//! Visits and their children.

use crate::visit::model::{NewVisit, State, Visit, VisitChild, VisitId};
use gongyu_kernel::{Error, Id, Result};
use gongyu_registry::year;
use gongyu_store::{Reader, ToValue, Tx, Value, record, sql};
use std::collections::BTreeSet;

macro_rules! select {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT v.id, v.school_id, v.class_id, v.family_id, v.lead_staff_id, v.lead_role, v.made_by, v.reason,
                    v.trigger_code, v.state, v.school_year, v.due_on, v.day, v.starts_at, v.way, v.contact_id,
                    v.offers, v.version, v.recorded_at
             FROM visit v ",
            $tail
        ))
    };
}

/// A visit.
///
/// # Errors
/// `Error::NotFound`.
pub fn find(r: &mut Reader, id: VisitId) -> Result<Visit> {
    r.one(select!("WHERE v.id = $1"), &[&id])
}

/// The visit an account made with a key of its own.
///
/// # Errors
/// As any statement.
pub fn by_key(r: &mut Reader, account: Id, key: &str) -> Result<Option<Visit>> {
    r.row(select!("WHERE v.made_by = $1 AND v.client_key = $2"), &[&account, &key])
}

/// The visits that concern children of some classes in a school year, those taken back left out.
///
/// # Errors
/// As any statement.
pub fn of_classes(r: &mut Reader, classes: &[Id], school_year: &str) -> Result<Vec<Visit>> {
    let mut found: Vec<Visit> = r.rows_in(
        select!(
            "WHERE v.id IN (SELECT c.visit_id FROM visit_child c WHERE c.class_id IN ($1))
                 AND v.school_year = $2 AND v.state <> 'cancelled'"
        ),
        classes,
        &[&school_year],
    )?;
    found.sort_by_key(|v| v.id);
    found.dedup_by_key(|v| v.id);
    Ok(found)
}

/// The children of some visits, the oldest first.
///
/// # Errors
/// As any statement.
pub fn children_of(r: &mut Reader, visits: &[VisitId]) -> Result<Vec<VisitChild>> {
    let mut found: Vec<VisitChild> = r.rows_in(
        sql!(
            "SELECT c.visit_id, c.student_id, s.name, c.class_id FROM visit_child c
              JOIN student s ON s.id = c.student_id WHERE c.visit_id IN ($1)
              ORDER BY c.visit_id, s.birth_date, s.id"
        ),
        visits,
        &[],
    )?;
    found.dedup();
    Ok(found)
}

record! {
    struct Place {
        student: Id,
        school: Id,
        class: Option<Id>,
        family: Id,
    }
}

/// Plans a visit. The same key of the same account gives the visit already there and `false`.
/// `within` are the classes a child may be of, apart from brothers and sisters of one that is.
///
/// # Errors
/// `Error::NotFound` for a child that is not in school, `Error::Conflict` for children of several
/// families or schools.
pub fn create(tx: &mut Tx, new: &NewVisit, made_by: Id, client_key: &str) -> Result<(VisitId, bool)> {
    if let Some(earlier) = by_key(tx, made_by, client_key)? {
        return Ok((earlier.id, false));
    }
    let asked: BTreeSet<Id> = new.children.iter().copied().collect();
    let ids: Vec<Id> = asked.iter().copied().collect();
    let mut places: Vec<Place> = tx.rows_in(
        sql!("SELECT id, school_id, class_id, family_id FROM student WHERE id IN ($1) AND state = 'active'"),
        &ids,
        &[],
    )?;
    places.sort_by_key(|p| p.student);
    places.dedup_by_key(|p| p.student);
    let first_child = new.children.first().copied();
    let first = places.iter().find(|p| Some(p.student) == first_child).ok_or(Error::NotFound)?;
    if places.len() != asked.len() {
        return Err(Error::NotFound);
    }
    if places.iter().any(|p| p.school != first.school || p.family != first.family) {
        return Err(Error::conflict("visit-one-family"));
    }
    let class = first.class.ok_or(Error::NotFound)?;
    let (id, now) = (tx.new_id(), tx.now());
    let calendar = year::calendar(tx)?;
    let day = new.day.unwrap_or_else(|| tx.today());
    let school_year = calendar.year_of(day).code();
    let state = if new.starts_at.is_some() || new.day.is_some() { State::Agreed } else { State::Planned };
    let added: Option<(Id,)> = tx.row(
        sql!(
            "INSERT INTO visit (id, school_id, class_id, family_id, lead_staff_id, lead_role, made_by, reason,
                                 trigger_code, state, school_year, due_on, day, starts_at, way, contact_id, offers,
                                 version, semester, client_key, created_at, updated_at, reminded_for)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, 0, '', $17, $18, $18, 0)
              ON CONFLICT (made_by, client_key) DO NOTHING RETURNING id"
        ),
        &[
            &id,
            &first.school,
            &class,
            &first.family,
            &new.lead.0,
            &new.lead.1.code(),
            &made_by,
            &new.reason,
            &new.trigger,
            &state,
            &school_year,
            &new.due_on,
            &new.day,
            &new.starts_at,
            &new.way,
            &new.contact,
            &client_key,
            &now,
        ],
    )?;
    if added.is_none() {
        let earlier = by_key(tx, made_by, client_key)?.ok_or(Error::NotFound)?;
        return Ok((earlier.id, false));
    }
    let rows: Vec<Vec<Value<'static>>> = places
        .iter()
        .map(|p| [&id, &p.student, &p.school, &p.class.unwrap_or(class)].map(|v| v.to_value().into_owned()).to_vec())
        .collect();
    tx.insert_many("visit_child", &["visit_id", "student_id", "school_id", "class_id"], &rows)?;
    Ok((id, true))
}

/// Moves a visit on, or takes it out of the plan.
///
/// # Errors
/// As any statement.
pub fn set_state(tx: &mut Tx, id: VisitId, state: State) -> Result<()> {
    let now = tx.now();
    tx.exec(sql!("UPDATE visit SET state = $1, updated_at = $2 WHERE id = $3"), &[&state, &now, &id])?;
    Ok(())
}

/// The visits of some families in a school and a school year, those taken back left out.
///
/// # Errors
/// As any statement.
pub fn of_families(r: &mut Reader, families: &[Id], school: Id, school_year: &str) -> Result<Vec<Visit>> {
    let mut found: Vec<Visit> = r.rows_in(
        select!("WHERE v.family_id IN ($1) AND v.school_id = $2 AND v.school_year = $3 AND v.state <> 'cancelled'"),
        families,
        &[&school, &school_year],
    )?;
    found.sort_by_key(|v| v.id);
    found.dedup_by_key(|v| v.id);
    Ok(found)
}
