//! The same figures once more, from the ledger itself: for the operator who wants to be sure, for
//! data loaded in bulk, and as what the tests compare the counters with.

use super::counters::{ChildReach, Move, all_of, is_visit, write};
use super::members::recompute_class;
use crate::duty;
use crate::touch::{self, Periods};
use gongyu_kernel::{Id, Result};
use gongyu_registry::people::StudentState;
use gongyu_registry::year;
use gongyu_store::{Db, Reader, Tx, record, sql};
use std::collections::BTreeMap;

record! {
    struct Child {
        id: Id,
        school: Id,
        class: Option<Id>,
        state: StudentState,
    }
}

/// What the counters of one class's children should be, from the ledger.
fn expected(r: &mut Reader, children: &[Child]) -> Result<BTreeMap<(Id, String), ChildReach>> {
    let calendar = year::calendar(r)?;
    let current = Periods::of(&calendar, r.today());
    let ids: Vec<Id> = children.iter().map(|c| c.id).collect();
    let touches = touch::standing_of(r, &ids)?;
    let mut rows: BTreeMap<(Id, String), ChildReach> = BTreeMap::new();
    for touch in &touches {
        let Some(child) = children.iter().find(|c| c.id == touch.student) else { continue };
        let now_in = if child.state == StudentState::Active { child.class } else { None };
        let periods = Periods::of(&calendar, touch.occurred_on);
        let m = Move {
            student: touch.student,
            touch: touch.id,
            school: touch.school,
            stamped_class: touch.class,
            current_school: child.school,
            current_class: now_in,
            is_current: periods == current,
            has_figures: false,
            periods,
            depth: touch.depth,
            tone: touch.tone,
            relation: touch.relation,
            visit: is_visit(&touch.kind, touch.channel, touch.depth),
            occurred_on: touch.occurred_on,
            sign: 1,
        };
        for period in m.periods.codes() {
            let here = current.codes().contains(&period);
            let (school, class) = if here { (m.current_school, now_in) } else { (m.school, Some(m.stamped_class)) };
            rows.entry((m.student, period.to_owned()))
                .or_insert_with(|| ChildReach {
                    student: m.student,
                    period: period.to_owned(),
                    school,
                    class,
                    ..ChildReach::default()
                })
                .add(&m);
        }
    }
    Ok(rows)
}

const CHILDREN_AT_ONCE: i64 = 400;

fn children_after(r: &mut Reader, after: Id) -> Result<Vec<Child>> {
    r.rows(
        sql!("SELECT id, school_id, class_id, state FROM student WHERE id > $1 ORDER BY id LIMIT $2"),
        &[&after, &CHILDREN_AT_ONCE],
    )
}

/// Counts everything anew from the ledger: counters, class figures of the present periods, duties.
///
/// # Errors
/// As any statement.
pub fn rebuild_all(db: &Db) -> Result<()> {
    let mut after = Id(0);
    loop {
        let last = db.write_wait(move |tx| rebuild_children(tx, after))?;
        match last {
            Some(id) => after = id,
            None => break,
        }
    }
    let classes: Vec<(Id,)> =
        db.read_wait(|r| r.rows(sql!("SELECT id FROM unit WHERE kind = 'class' ORDER BY id"), &[]))?;
    for chunk in classes.chunks(50) {
        let chunk = chunk.to_vec();
        db.write_wait(move |tx| {
            let calendar = year::calendar(tx)?;
            let periods = Periods::of(&calendar, tx.today());
            for (class,) in &chunk {
                for period in periods.codes() {
                    recompute_class(tx, *class, period)?;
                }
            }
            Ok(())
        })?;
    }
    duty::rebuild(db)
}

fn rebuild_children(tx: &mut Tx, after: Id) -> Result<Option<Id>> {
    let children = children_after(tx, after)?;
    let Some(last) = children.last().map(|c| c.id) else { return Ok(None) };
    let mut rows = expected(tx, &children)?;
    let ids: Vec<Id> = children.iter().map(|c| c.id).collect();
    let present = present(tx)?;
    for (key, old) in kept(tx, &ids)? {
        if let Some(row) = rows.get_mut(&key) {
            keep_place(row, &old, &present);
        }
    }
    tx.exec_in(sql!("DELETE FROM reach WHERE student_id IN ($1)"), &ids, &[])?;
    write(tx, &rows.values().collect::<Vec<_>>())?;
    Ok(Some(last))
}

fn present(r: &mut Reader) -> Result<Periods> {
    let today = r.today();
    let calendar = year::calendar(r)?;
    Ok(Periods::of(&calendar, today))
}

/// A period that is over stays with the class in which the child was counted when it ended; the
/// touches alone cannot tell that class.
fn keep_place(row: &mut ChildReach, old: &ChildReach, present: &Periods) {
    if !present.codes().contains(&row.period.as_str()) {
        (row.school, row.class) = (old.school, old.class);
    }
}

fn kept(r: &mut Reader, students: &[Id]) -> Result<BTreeMap<(Id, String), ChildReach>> {
    let rows = all_of(r, students)?;
    Ok(rows.into_iter().map(|row| ((row.student, row.period.clone()), row)).collect())
}

/// Where counters and ledger disagree, in words for the operator; empty when all is well.
///
/// # Errors
/// As any statement.
pub fn disagreements(db: &Db) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let mut after = Id(0);
    loop {
        let (last, found) = db.read_wait(move |r| check_children(r, after))?;
        wrong.extend(found);
        match last {
            Some(id) => after = id,
            None => break,
        }
    }
    wrong.extend(db.read_wait(check_classes)?);
    wrong.extend(duty::disagreements(db)?);
    Ok(wrong)
}

fn check_children(r: &mut Reader, after: Id) -> Result<(Option<Id>, Vec<String>)> {
    let children = children_after(r, after)?;
    let Some(last) = children.last().map(|c| c.id) else { return Ok((None, Vec::new())) };
    let mut should = expected(r, &children)?;
    let ids: Vec<Id> = children.iter().map(|c| c.id).collect();
    let (kept, present) = (kept(r, &ids)?, present(r)?);
    for (key, row) in &mut should {
        if let Some(old) = kept.get(key) {
            keep_place(row, old, &present);
        }
    }
    let nothing = |row: &ChildReach| row.flags() == [0; 11] && row.told == 0;
    let mut wrong = Vec::new();
    for (key, row) in &kept {
        match should.get(key) {
            Some(right) if right == row => {}
            None if nothing(row) => {}
            _ => wrong.push(format!("reach of student {} in {} disagrees with the ledger", key.0, key.1)),
        }
    }
    for key in should.keys().filter(|key| !kept.contains_key(*key)) {
        wrong.push(format!("reach of student {} in {} is missing", key.0, key.1));
    }
    Ok((Some(last), wrong))
}

/// Class figures of the present periods must be the sums of their children.
fn check_classes(r: &mut Reader) -> Result<Vec<String>> {
    let calendar = year::calendar(r)?;
    let periods = Periods::of(&calendar, r.today());
    let mut wrong = Vec::new();
    for period in periods.codes() {
        let rows: Vec<(Id, i64, i64, i64, i64)> = r.rows(
            sql!(
                "SELECT c.class_id, c.students, c.confirmed, c.met, c.t_good FROM class_reach c
                  WHERE c.period = $1 AND (
                    c.students <> (SELECT COUNT(*) FROM student s WHERE s.class_id = c.class_id AND s.state = 'active')
                    OR c.confirmed <> (SELECT COUNT(*) FROM reach r JOIN student s ON s.id = r.student_id
                        WHERE s.class_id = c.class_id AND s.state = 'active' AND r.period = c.period
                          AND r.n_confirmed + r.n_talked + r.n_met > 0)
                    OR c.met <> (SELECT COUNT(*) FROM reach r JOIN student s ON s.id = r.student_id
                        WHERE s.class_id = c.class_id AND s.state = 'active' AND r.period = c.period AND r.n_met > 0)
                    OR c.t_good <> (SELECT CAST(COALESCE(SUM(r.n_good), 0) AS BIGINT) FROM reach r
                        JOIN student s ON s.id = r.student_id
                        WHERE s.class_id = c.class_id AND s.state = 'active' AND r.period = c.period))"
            ),
            &[&period],
        )?;
        wrong.extend(rows.into_iter().map(|(class, ..)| format!("figures of class {class} in {period} are off")));
    }
    Ok(wrong)
}
