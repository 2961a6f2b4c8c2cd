//! The nightly drawing: from what was recorded since the last one, school by school.

use super::model::State;
use super::rules::{can_be_asked, chosen, last_day, lot, month_ago};
use super::settings;
use crate::rules::{Depth, TouchKind};
use gongyu_kernel::{Date, Id, Millis, Result};
use gongyu_store::{Db, Tx, Value, record, sql};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Contacts the first drawing looks back over.
const FIRST_DAYS: i64 = 1;
/// Minutes that the newest contacts wait for the next drawing: a write may still be on its way that stamped
/// an earlier moment.
const LAG_MINUTES: i64 = 5;

record! {
    struct Recorded {
        touch: Id,
        student: Id,
        family: Id,
        guardian: Option<Id>,
        kind: TouchKind,
        depth: Depth,
        day: Date,
    }
}

/// Closes what nobody can answer any more and asks about a few of the contacts recorded since the last
/// time. Running it twice draws the same. `fresh` is the salt of the lots where there is none yet.
///
/// # Errors
/// As any statement.
pub fn draw_job(db: &Db, fresh: u64) -> Result<()> {
    let (salt, percent, from, to) = db.write_wait(move |tx| {
        close(tx)?;
        let to = tx.now().plus_minutes(-LAG_MINUTES);
        let from = settings::until(tx)?.map_or_else(|| to.plus_days(-FIRST_DAYS), Millis);
        Ok((settings::salt(tx, fresh)?, settings::settings_of(tx)?.percent, from, to))
    })?;
    if percent > 0 {
        let schools: Vec<(Id,)> = db.read_wait(|r| {
            r.rows(sql!("SELECT id FROM unit WHERE kind = 'school' AND valid_to IS NULL ORDER BY id"), &[])
        })?;
        for (school,) in schools {
            db.write_wait(move |tx| of_school(tx, school, (from, to), (salt, percent)))?;
        }
    }
    db.write_wait(move |tx| settings::keep_until(tx, to.0))
}

/// A question about a contact of more than a fortnight ago is over; one about a contact taken back never was.
fn close(tx: &mut Tx) -> Result<()> {
    let oldest = last_day(tx.today());
    tx.exec(
        sql!(
            "UPDATE touch_question SET state = 'gone' WHERE state = 'open' AND EXISTS
              (SELECT 1 FROM touch v WHERE v.reverses_id = touch_question.touch_id
                                       AND v.school_id = touch_question.school_id)"
        ),
        &[],
    )?;
    tx.exec(sql!("UPDATE touch_question SET state = 'lapsed' WHERE state = 'open' AND occurred_on < $1"), &[&oldest])?;
    Ok(())
}

fn of_school(tx: &mut Tx, school: Id, (from, to): (Millis, Millis), (salt, percent): (u64, u8)) -> Result<()> {
    let (today, oldest) = (tx.today(), last_day(tx.today()));
    let recorded: Vec<Recorded> = tx.rows(
        sql!(
            "SELECT t.id, t.student_id, s.family_id, t.guardian_id, t.kind, t.depth, t.occurred_on
              FROM unit u JOIN touch t ON t.class_id = u.id AND t.recorded_at > $2 AND t.recorded_at <= $3
              JOIN student s ON s.id = t.student_id AND s.state = 'active' AND s.family_id IS NOT NULL
              WHERE u.school_id = $1 AND u.kind = 'class' AND t.occurred_on >= $4 AND t.reverses_id IS NULL
                AND t.kind IN ('contact', 'visit', 'meeting', 'open_day') AND t.depth IN ('talked', 'met')
                AND NOT EXISTS (SELECT 1 FROM touch v WHERE v.reverses_id = t.id AND v.school_id = t.school_id)
              ORDER BY t.id"
        ),
        &[&school, &from, &to, &oldest],
    )?;
    // One of a family: the lowest lot, so that who is recorded more often is not asked more often.
    let mut drawn: BTreeMap<Id, Recorded> = BTreeMap::new();
    for one in recorded {
        if can_be_asked(&one.kind, one.depth, one.day, today) && chosen(salt, one.touch, percent) {
            let better = drawn.get(&one.family).is_none_or(|held| lot(salt, one.touch) < lot(salt, held.touch));
            if better {
                drawn.insert(one.family, one);
            }
        }
    }
    rested(tx, &mut drawn, month_ago(today))?;
    ask(tx, school, &drawn, today)
}

/// Leaves out the families that were asked within a month or still have a question.
fn rested(tx: &mut Tx, drawn: &mut BTreeMap<Id, Recorded>, since: Date) -> Result<()> {
    if drawn.is_empty() {
        return Ok(());
    }
    let families: Vec<Id> = drawn.keys().copied().collect();
    let tired: Vec<(Id,)> = tx.rows_in(
        sql!(
            "SELECT family_id FROM touch_question
              WHERE family_id IN ($1) AND (asked_on > $2 OR state = 'open')"
        ),
        &families,
        &[&since],
    )?;
    let tired: HashSet<Id> = tired.into_iter().map(|(family,)| family).collect();
    drawn.retain(|family, _| !tired.contains(family));
    Ok(())
}

/// Asks in the app the guardian who was reached, or the first who uses it where nobody was named. A family
/// without the app is not asked: no message goes out for a question.
fn ask(tx: &mut Tx, school: Id, drawn: &BTreeMap<Id, Recorded>, today: Date) -> Result<()> {
    if drawn.is_empty() {
        return Ok(());
    }
    let students: Vec<Id> = drawn.values().map(|one| one.student).collect();
    let users: Vec<(Id, Id)> = tx.rows_in(
        sql!(
            "SELECT k.student_id, k.guardian_id FROM guardianship k
              JOIN account a ON a.guardian_id = k.guardian_id AND a.state = 'active'
              WHERE k.student_id IN ($1) AND k.valid_to IS NULL AND k.may_receive AND NOT k.restricted
              ORDER BY k.student_id, k.position, k.id"
        ),
        &students,
        &[],
    )?;
    let mut by_child: HashMap<Id, Vec<Id>> = HashMap::new();
    users.into_iter().for_each(|(student, guardian)| by_child.entry(student).or_default().push(guardian));
    let mut rows: Vec<Vec<Value<'_>>> = Vec::new();
    for (family, one) in drawn {
        let users = by_child.get(&one.student).map_or(&[][..], Vec::as_slice);
        let asked = match one.guardian {
            Some(reached) => users.iter().find(|user| **user == reached),
            None => users.first(),
        };
        let Some(guardian) = asked else { continue };
        rows.push(vec![
            Value::Int(tx.new_id().raw()),
            Value::Int(school.raw()),
            Value::Int(one.touch.raw()),
            Value::Int(one.student.raw()),
            Value::Int(family.raw()),
            Value::Int(guardian.raw()),
            Value::Text(one.day.to_string().into()),
            Value::Text(today.to_string().into()),
            Value::Text(Cow::Borrowed(State::Open.code())),
        ]);
    }
    // A brother or sister at another school may have been drawn for meanwhile.
    tx.insert_many_with("touch_question", COLUMNS, "ON CONFLICT DO NOTHING", &rows)
}

const COLUMNS: &[&str] =
    &["id", "school_id", "touch_id", "student_id", "family_id", "guardian_id", "occurred_on", "asked_on", "state"];
