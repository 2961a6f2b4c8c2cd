//! Counters of duties, moved in the transaction of the thing itself.

use super::book::book;
use crate::act;
use crate::rules::{self, Counts, Rule, TouchFacts};
use gongyu_kernel::calendar::{Period, SchoolCalendar};
use gongyu_kernel::{Date, Id, Result};
use gongyu_store::{Tx, sql};
use std::collections::BTreeMap;

/// A touch on its way into the duties of its child.
pub(crate) struct Counted {
    pub(crate) student: Id,
    pub(crate) school: Id,
    pub(crate) class: Id,
    pub(crate) current_class: Option<Id>,
    pub(crate) facts: TouchFacts,
    pub(crate) sign: i64,
}

/// Counts touches, or takes them back, for every rule about children.
pub(crate) fn count_touches(tx: &mut Tx, touches: &[Counted], calendar: &SchoolCalendar) -> Result<()> {
    let rules = book(tx)?;
    let today = tx.today();
    for rule in rules.for_children() {
        let mut sums: BTreeMap<(Id, String), (i64, &Counted)> = BTreeMap::new();
        for touch in touches {
            if let Some(period) = rules::counts_in(rule, &touch.facts, calendar) {
                sums.entry((touch.student, period.code)).or_insert((0, touch)).0 += touch.sign;
            }
        }
        for ((student, period), (change, touch)) in sums {
            add(tx, rule, &period, student, change, touch, Period::of(rule.period, today, calendar).code)?;
        }
    }
    Ok(())
}

fn add(
    tx: &mut Tx,
    rule: &Rule,
    period: &str,
    student: Id,
    change: i64,
    touch: &Counted,
    current: String,
) -> Result<()> {
    let n: i64 = tx.scalar(
        sql!(
            "INSERT INTO duty_count (rule, version, period, subject_id, school_id, n) VALUES ($1, $2, $3, $4, $5, $6)
              ON CONFLICT (subject_id, period, rule, version) DO UPDATE SET n = duty_count.n + excluded.n
              RETURNING n"
        ),
        &[&rule.code, &rule.version, &period, &student, &touch.school, &change],
    )?;
    let required = i64::from(rule.required);
    let step = i64::from(n >= required) - i64::from(n - change >= required);
    let class = if period == current { touch.current_class } else { Some(touch.class) };
    let (Some(class), true) = (class, step != 0) else { return Ok(()) };
    if !asked_of(tx, rule, student)? {
        return Ok(());
    }
    tx.exec(
        sql!(
            "INSERT INTO duty_class (rule, version, period, class_id, school_id, met) VALUES ($1, $2, $3, $4, $5, $6)
              ON CONFLICT (period, rule, version, class_id) DO UPDATE SET met = duty_class.met + excluded.met"
        ),
        &[&rule.code, &rule.version, &period, &class, &touch.school, &step],
    )?;
    Ok(())
}

/// Whether a rule about some children is about this one.
fn asked_of(tx: &mut Tx, rule: &Rule, student: Id) -> Result<bool> {
    if rule.applies.categories.is_empty() {
        return Ok(true);
    }
    tx.scalar(sql!("SELECT special FROM student WHERE id = $1"), &[&student])
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
