//! Counters of duties, moved in the transaction of the thing itself.

use super::book::book;
use crate::act;
use crate::rules::{self, Counts, Rule, TouchFacts};
use gongyu_kernel::calendar::{Period, SchoolCalendar};
use gongyu_kernel::{Date, Id, Result};
use gongyu_store::{ToValue, Tx, Value, sql};
use std::collections::BTreeMap;

/// A touch on its way into the duties of its child.
pub(crate) struct Counted {
    pub(crate) student: Id,
    pub(crate) school: Id,
    pub(crate) class: Id,
    pub(crate) current_class: Option<Id>,
    pub(crate) special: bool,
    pub(crate) facts: TouchFacts,
    pub(crate) sign: i64,
}

const COUNT: &[&str] = &["rule", "version", "period", "subject_id", "school_id", "n"];
const ADD_COUNT: &str = "ON CONFLICT (subject_id, period, rule, version) DO UPDATE SET n = duty_count.n + excluded.n
    RETURNING rule, period, subject_id, n";
const CLASS: &[&str] = &["rule", "version", "period", "class_id", "school_id", "met"];
const ADD_CLASS: &str =
    "ON CONFLICT (period, rule, version, class_id) DO UPDATE SET met = duty_class.met + excluded.met";

/// What touches change in one count.
struct Change<'t> {
    rule: &'t Rule,
    by: i64,
    touch: &'t Counted,
}

/// Counts touches, or takes them back, for every rule about children: one statement for the counts of
/// all rules and children, one for the classes in which a duty came to be met or no longer is.
pub(crate) fn count_touches(tx: &mut Tx, touches: &[Counted], calendar: &SchoolCalendar) -> Result<()> {
    let rules = book(tx)?;
    let mut changes: BTreeMap<(String, String, Id), Change<'_>> = BTreeMap::new();
    for rule in rules.for_children() {
        for touch in touches {
            if let Some(period) = rules::counts_in(rule, &touch.facts, calendar) {
                let key = (rule.code.clone(), period.code, touch.student);
                changes.entry(key).or_insert(Change { rule, by: 0, touch }).by += touch.sign;
            }
        }
    }
    changes.retain(|_, change| change.by != 0);
    let rows: Vec<Vec<Value<'_>>> = changes
        .iter()
        .map(|((rule, period, student), c)| {
            vec![
                rule.to_value(),
                Value::Int(i64::from(c.rule.version)),
                period.to_value(),
                Value::Int(student.raw()),
                Value::Int(c.touch.school.raw()),
                Value::Int(c.by),
            ]
        })
        .collect();
    let counted: Vec<(String, String, Id, i64)> = tx.insert_many_returning("duty_count", COUNT, ADD_COUNT, &rows)?;
    let today = tx.today();
    let mut steps: BTreeMap<(&str, &str, Id), (i64, &Change<'_>)> = BTreeMap::new();
    for (rule, period, student, n) in counted {
        let Some(((_, period, _), change)) = changes.get_key_value(&(rule, period, student)) else { continue };
        let required = i64::from(change.rule.required);
        let step = i64::from(n >= required) - i64::from(n - change.by >= required);
        if step == 0 || !asked_of(change) {
            continue;
        }
        let present = *period == Period::of(change.rule.period, today, calendar).code;
        let class = if present { change.touch.current_class } else { Some(change.touch.class) };
        if let Some(class) = class {
            steps.entry((&change.rule.code, period, class)).or_insert((0, change)).0 += step;
        }
    }
    let rows: Vec<Vec<Value<'_>>> = steps
        .iter()
        .map(|((rule, period, class), (step, change))| {
            vec![
                rule.to_value(),
                Value::Int(i64::from(change.rule.version)),
                period.to_value(),
                Value::Int(class.raw()),
                Value::Int(change.touch.school.raw()),
                Value::Int(*step),
            ]
        })
        .collect();
    tx.insert_many_later("duty_class", CLASS, ADD_CLASS, &rows)
}

/// Whether a rule about some children is about this one.
fn asked_of(change: &Change<'_>) -> bool {
    change.rule.applies.categories.is_empty() || change.touch.special
}

/// Counts the activities of a unit anew for the period of a day: few enough to be counted whole.
///
/// # Errors
/// As any statement.
pub fn count_acts(tx: &mut Tx, unit: Id, school: Option<Id>, day: Date, calendar: &SchoolCalendar) -> Result<()> {
    let rules = book(tx)?;
    for rule in rules.for_acts() {
        let Counts::Acts { .. } = rule.counts else { continue };
        let period = Period::of(rule.period, day, calendar);
        let held = act::facts_between(tx, unit, period.from, period.to)?;
        let n = i64::from(rules::tally_acts(rule, &held));
        tx.exec(
            sql!("INSERT INTO duty_count (rule, version, period, subject_id, school_id, n) VALUES ($1, $2, $3, $4, $5, $6)
                  ON CONFLICT (subject_id, period, rule, version) DO UPDATE SET n = excluded.n"),
            &[&rule.code, &rule.version, &period.code, &unit, &school, &n],
        )?;
    }
    Ok(())
}
