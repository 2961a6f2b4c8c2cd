//! From the counts in memory to sums in the database, and what is counted by night.

use super::forms::Form;
use super::rules::Group;
use gongyu_access::Role;
use gongyu_deliver::ration::monday;
use gongyu_kernel::{Date, Id, Result};
use gongyu_ledger::touch;
use gongyu_store::{Db, Reader, Tx, Value, sql};
use gongyu_web::App;
use gongyu_web::toll::{Cost, Key};
use std::collections::{BTreeMap, HashMap};

const COLUMNS: &[&str] = &["week", "school_id", "role", "form", "forms", "timed", "seconds", "taps"];
const ADD: &str = "ON CONFLICT (week, school_id, role, form) DO UPDATE SET
    forms = burden_week.forms + excluded.forms, timed = burden_week.timed + excluded.timed,
    seconds = burden_week.seconds + excluded.seconds, taps = burden_week.taps + excluded.taps";

/// A sum: the order of the key keeps two nodes from waiting for each other.
type Sums = BTreeMap<(Date, Id, &'static str, &'static str), Cost>;

/// Adds what this node counted to the sums of school, role and week. What cannot be kept now is counted on.
///
/// # Errors
/// As any statement.
pub fn flush(app: &App) -> Result<()> {
    let taken = app.toll().take();
    if taken.is_empty() {
        return Ok(());
    }
    let counted: Vec<(Key, Cost)> = taken.into_iter().collect();
    let to_keep = counted.clone();
    let kept = app.db.write_wait(move |tx| add(tx, &to_keep));
    if kept.is_err() {
        counted.iter().for_each(|(key, cost)| app.toll().add(*key, cost));
    }
    kept
}

fn add(tx: &mut Tx, counted: &[(Key, Cost)]) -> Result<()> {
    let units: Vec<Id> = counted.iter().map(|(key, _)| key.unit).collect();
    let schools = schools_of(tx, &units)?;
    let mut sums = Sums::new();
    for (key, cost) in counted {
        // Only the work of schools is counted: offices of towns and the district are a handful of people.
        let Some(school) = schools.get(&key.unit).filter(|_| Group::of(key.role).is_some()) else { continue };
        let form = Form::of(key.form).code();
        sums.entry((monday(key.day), *school, key.role.code(), form)).or_default().add(cost);
    }
    let rows: Vec<Vec<Value<'_>>> = sums
        .iter()
        .map(|((week, school, role, form), cost)| {
            vec![
                Value::Text(week.to_string().into()),
                Value::Int(school.raw()),
                Value::Text((*role).into()),
                Value::Text((*form).into()),
                Value::Int(cost.forms),
                Value::Int(cost.timed),
                Value::Int(cost.seconds),
                Value::Int(cost.taps),
            ]
        })
        .collect();
    tx.insert_many_with("burden_week", COLUMNS, ADD, &rows)
}

fn schools_of(r: &mut Reader, units: &[Id]) -> Result<HashMap<Id, Id>> {
    let rows: Vec<(Id, Id)> = r.rows_in(
        sql!(
            "SELECT id, CASE WHEN kind = 'school' THEN id ELSE school_id END FROM unit
              WHERE id IN ($1) AND (kind = 'school' OR (kind = 'class' AND school_id IS NOT NULL))"
        ),
        units,
        &[],
    )?;
    Ok(rows.into_iter().collect())
}

/// Counts the people the sums are divided by, and the entries nobody had to type, of this week and the last.
///
/// # Errors
/// As any statement.
pub fn nightly(db: &Db) -> Result<()> {
    let schools: Vec<(Id,)> = db.read_wait(|r| {
        r.rows(sql!("SELECT id FROM unit WHERE kind = 'school' AND valid_to IS NULL ORDER BY id"), &[])
    })?;
    for (school,) in schools {
        // A school at a time: two weeks of its entries are read, and nobody may wait for that long.
        db.write_wait(move |tx| {
            let week = monday(tx.today());
            let last = monday(week.yesterday().unwrap_or(week));
            people(tx, school, week)?;
            [last, week].into_iter().try_for_each(|week| saved(tx, school, week))
        })?;
    }
    Ok(())
}

fn people(tx: &mut Tx, school: Id, week: Date) -> Result<()> {
    let today = tx.today();
    let held: Vec<(String, i64)> = tx.rows(
        sql!(
            "SELECT g.role, COUNT(DISTINCT g.account_id) FROM unit u JOIN role_grant g ON g.unit_id = u.id
              WHERE (u.id = $1 OR (u.school_id = $1 AND u.kind = 'class'))
                AND g.valid_from <= $2 AND (g.valid_to IS NULL OR g.valid_to >= $2)
              GROUP BY g.role ORDER BY g.role"
        ),
        &[&school, &today],
    )?;
    let rows: Vec<Vec<Value<'_>>> = held
        .iter()
        .filter(|(role, _)| Role::parse(role).and_then(Group::of).is_some())
        .map(|(role, n)| {
            vec![
                Value::Text(week.to_string().into()),
                Value::Int(school.raw()),
                Value::Text(role.as_str().into()),
                Value::Int(*n),
            ]
        })
        .collect();
    tx.insert_many_with(
        "burden_people",
        &["week", "school_id", "role", "people"],
        "ON CONFLICT (week, school_id, role) DO UPDATE SET people = excluded.people",
        &rows,
    )
}

/// What a note for several children and the families' own confirmations put into the ledger by themselves.
fn saved(tx: &mut Tx, school: Id, week: Date) -> Result<()> {
    let until = week.saturating_add(jiff::Span::new().days(6));
    let mut kinds: BTreeMap<&str, i64> = BTreeMap::new();
    for source in touch::sources_of_school(tx, school, week, until)? {
        match source.kind.as_str() {
            "contact_record" => {
                kinds.insert("bulk", source.entries - source.records);
                kinds.insert("noted", source.entries);
            }
            "notice" => {
                kinds.insert("confirmed", source.entries);
            }
            _ => {}
        }
    }
    let rows: Vec<Vec<Value<'_>>> = kinds
        .iter()
        .map(|(kind, n)| {
            vec![
                Value::Text(week.to_string().into()),
                Value::Int(school.raw()),
                Value::Text((*kind).into()),
                Value::Int(*n),
            ]
        })
        .collect();
    tx.insert_many_with(
        "burden_saved",
        &["week", "school_id", "kind", "n"],
        "ON CONFLICT (week, school_id, kind) DO UPDATE SET n = excluded.n",
        &rows,
    )
}
