//! Duties counted anew: when a child changes class, when a rule gets a new version, for the operator.

use super::book::{RuleBook, book};
use super::count::count_acts;
use crate::rules::{self, Counts, Rule, Subject};
use crate::touch;
use gongyu_kernel::calendar::{Period, SchoolCalendar};
use gongyu_kernel::{Date, Id, Result};
use gongyu_registry::year;
use gongyu_store::{Db, Reader, Tx, Value, sql};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// How many children of a class have each child's duty met, in the period of today.
pub(crate) fn recount_class(tx: &mut Tx, class: Id, calendar: &SchoolCalendar) -> Result<()> {
    let rules = book(tx)?;
    let today = tx.today();
    for rule in rules.for_children() {
        let period = Period::of(rule.period, today, calendar);
        let everyone = rule.applies.categories.is_empty();
        tx.exec(
            sql!(
                "INSERT INTO duty_class (rule, version, period, class_id, school_id, met)
                  SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($3 AS TEXT), u.id, u.school_id,
                    CAST(COALESCE(SUM(CASE WHEN d.n >= $4 THEN 1 ELSE 0 END), 0) AS BIGINT)
                  FROM unit u
                  LEFT JOIN student s ON s.class_id = u.id AND s.state = 'active' AND (s.special OR $5)
                  LEFT JOIN duty_count d ON d.subject_id = s.id AND d.period = $3 AND d.rule = $1 AND d.version = $2
                  WHERE u.id = $6 AND u.school_id IS NOT NULL GROUP BY u.id, u.school_id
                  ON CONFLICT (period, rule, version, class_id) DO UPDATE SET met = excluded.met"
            ),
            &[&rule.code, &rule.version, &period.code, &i64::from(rule.required), &everyone, &class],
        )?;
    }
    Ok(())
}

/// Counts one version of a rule over the school year of today.
pub(super) fn rule(db: &Db, code: &str, version: u32) -> Result<()> {
    let code = code.to_owned();
    let rule = db.read_wait(move |r| Ok(book(r)?.rule(&code)?.clone()))?;
    if rule.version != version || !rule.enabled {
        return Ok(());
    }
    match (&rule.counts, rule.subject) {
        (Counts::Touches { .. }, Subject::Child) => children(db, &rule),
        (Counts::Acts { .. }, _) => acts(db),
        _ => Ok(()),
    }
}

fn children(db: &Db, rule: &Rule) -> Result<()> {
    let mut after = Id(0);
    loop {
        let rule = rule.clone();
        let last = db.write_wait(move |tx| some_children(tx, &rule, after))?;
        match last {
            Some(id) => after = id,
            None => break,
        }
    }
    let classes: Vec<(Id,)> = db.read_wait(|r| {
        r.rows(sql!("SELECT id FROM unit WHERE kind = 'class' AND valid_to IS NULL ORDER BY id"), &[])
    })?;
    for chunk in classes.chunks(100) {
        let chunk = chunk.to_vec();
        db.write_wait(move |tx| {
            let calendar = year::calendar(tx)?;
            chunk.iter().try_for_each(|(class,)| recount_class(tx, *class, &calendar))
        })?;
    }
    Ok(())
}

fn some_children(tx: &mut Tx, rule: &Rule, after: Id) -> Result<Option<Id>> {
    let calendar = year::calendar(tx)?;
    let ids: Vec<(Id, Id)> =
        tx.rows(sql!("SELECT id, school_id FROM student WHERE id > $1 ORDER BY id LIMIT 400"), &[&after])?;
    let Some((last, _)) = ids.last().copied() else { return Ok(None) };
    let students: Vec<Id> = ids.iter().map(|(id, _)| *id).collect();
    let counts = counts_of(tx, std::slice::from_ref(rule), &students, &calendar)?;
    tx.exec_in(
        sql!("DELETE FROM duty_count WHERE subject_id IN ($1) AND rule = $2 AND version = $3"),
        &students,
        &[&rule.code, &rule.version],
    )?;
    let school = |student: Id| ids.iter().find(|(id, _)| *id == student).map(|(_, school)| *school);
    let rows: Vec<Vec<Value<'_>>> = counts
        .iter()
        .map(|((student, _, period), n)| {
            vec![
                Value::Text(Cow::Borrowed(&rule.code)),
                Value::Int(i64::from(rule.version)),
                Value::Text(Cow::Borrowed(period)),
                Value::Int(student.raw()),
                school(*student).map_or(Value::Null, |s| Value::Int(s.raw())),
                Value::Int(*n),
            ]
        })
        .collect();
    tx.insert_many("duty_count", &["rule", "version", "period", "subject_id", "school_id", "n"], &rows)?;
    Ok(Some(last))
}

/// What counts for each child, rule and period, from the ledger.
pub(super) fn counts_of(
    r: &mut Reader,
    rules: &[Rule],
    students: &[Id],
    calendar: &SchoolCalendar,
) -> Result<BTreeMap<(Id, String, String), i64>> {
    let touches = touch::standing_of(r, students)?;
    let mut out = BTreeMap::new();
    for touch in &touches {
        for rule in rules {
            if let Some(period) = rules::counts_in(rule, &touch.facts(), calendar) {
                *out.entry((touch.student, rule.code.clone(), period.code)).or_insert(0) += 1;
            }
        }
    }
    Ok(out)
}

fn acts(db: &Db) -> Result<()> {
    let held: Vec<(Id, Option<Id>, Date)> = db.read_wait(|r| {
        r.rows(sql!("SELECT DISTINCT unit_id, school_id, held_on FROM act ORDER BY unit_id, held_on"), &[])
    })?;
    for chunk in held.chunks(20) {
        let chunk = chunk.to_vec();
        db.write_wait(move |tx| {
            let calendar = year::calendar(tx)?;
            chunk.iter().try_for_each(|(unit, school, day)| count_acts(tx, *unit, *school, *day, &calendar))
        })?;
    }
    Ok(())
}

/// Counts every rule in use anew.
///
/// # Errors
/// As any statement.
pub fn rebuild(db: &Db) -> Result<()> {
    let rules = db.read_wait(book)?;
    for rule in rules.for_children() {
        children(db, rule)?;
    }
    acts(db)
}

/// Where duty counters and ledger disagree; empty when all is well.
///
/// # Errors
/// As any statement.
pub fn disagreements(db: &Db) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let mut after = Id(0);
    loop {
        let (last, found) = db.read_wait(move |r| check_some(r, after))?;
        wrong.extend(found);
        match last {
            Some(id) => after = id,
            None => return Ok(wrong),
        }
    }
}

fn check_some(r: &mut Reader, after: Id) -> Result<(Option<Id>, Vec<String>)> {
    let calendar = year::calendar(r)?;
    let rules: std::sync::Arc<RuleBook> = book(r)?;
    let ids: Vec<(Id,)> = r.rows(sql!("SELECT id FROM student WHERE id > $1 ORDER BY id LIMIT 400"), &[&after])?;
    let Some((last,)) = ids.last().copied() else { return Ok((None, Vec::new())) };
    let students: Vec<Id> = ids.iter().map(|(id,)| *id).collect();
    let enabled: Vec<Rule> = rules.for_children().cloned().collect();
    let should = counts_of(r, &enabled, &students, &calendar)?;
    let kept: Vec<(Id, String, i64, String, i64)> = r.rows_in(
        sql!("SELECT subject_id, rule, version, period, n FROM duty_count WHERE subject_id IN ($1) AND n <> 0"),
        &students,
        &[],
    )?;
    let mut have = BTreeMap::new();
    for (student, code, version, period, n) in kept {
        if enabled.iter().any(|rule| rule.code == code && i64::from(rule.version) == version) {
            have.insert((student, code, period), n);
        }
    }
    let mut wrong = Vec::new();
    if have != should {
        for key in should.keys().chain(have.keys()) {
            if have.get(key) != should.get(key) {
                wrong.push(format!("duty {} of student {} in {} disagrees with the ledger", key.1, key.0, key.2));
            }
        }
        wrong.dedup();
    }
    Ok((Some(last), wrong))
}
