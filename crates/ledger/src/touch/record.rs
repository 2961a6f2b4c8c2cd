//! Recording touches and taking them back.

use super::model::{NewTouch, Touch};
use super::place::{self, Children, Periods, Place};
use super::read;
use crate::duty;
use crate::reach::{self, Move};
use gongyu_kernel::{Date, Error, Id, Millis, Result};
use gongyu_registry::year;
use gongyu_store::{ToValue, Tx, Value, record, sql};
use std::collections::HashMap;

/// Days back that a contact may be noted [P].
const OLDEST_DAYS: i32 = 366;

/// The columns of a touch, for those who write them in bulk.
pub const COLUMNS: &[&str] = &[
    "id",
    "school_id",
    "class_id",
    "student_id",
    "act_id",
    "source_kind",
    "source_id",
    "occurred_on",
    "recorded_at",
    "semester",
    "kind",
    "depth",
    "channel",
    "tone",
    "by_family",
    "guardian_id",
    "relation",
    "staff_id",
    "staff_role",
    "minutes",
    "reverses_id",
    "client_key",
];

/// Records touches with everything that follows from them: reach, class figures, duties.
/// One whose client key is already there is not recorded again; its identifier is returned instead.
///
/// # Errors
/// `Error::Conflict` for a day that cannot be, `Error::NotFound` for a child that is not there.
pub fn record(tx: &mut Tx, touches: &[NewTouch]) -> Result<Vec<Id>> {
    let students: Vec<Id> = touches.iter().map(|t| t.student).collect();
    let children = place::look(tx, &students)?;
    record_for(tx, children, touches)
}

/// `record` for children who were looked at already, for whatever else needed to know where they are.
/// Nothing may have been recorded for them since.
///
/// # Errors
/// As `record`.
pub fn record_for(tx: &mut Tx, children: Children, touches: &[NewTouch]) -> Result<Vec<Id>> {
    let today = tx.today();
    for touch in touches {
        check_day(touch.occurred_on, today)?;
    }
    let calendar = year::calendar(tx)?;
    let current = Periods::of(&calendar, today);
    let known = known_keys(tx, touches, &children.places)?;
    let now = tx.now();
    let mut ids = Vec::with_capacity(touches.len());
    let (mut rows, mut moves, mut facts) = (Vec::new(), Vec::new(), Vec::new());
    for touch in touches {
        if let Some(id) = touch.client_key.as_ref().and_then(|key| known.get(key)) {
            ids.push(*id);
            continue;
        }
        let place = children.place(touch.student)?;
        let (school, class) = place::stamp(tx, place, touch.occurred_on)?;
        let id = tx.new_id();
        ids.push(id);
        let periods = Periods::of(&calendar, touch.occurred_on);
        rows.push(row_of(touch, id, (school, class), periods.semester.clone(), now));
        moves.push(move_of(touch, id, place, (school, class), periods, &current));
        facts.push(duty::Counted {
            student: touch.student,
            school,
            class,
            current_class: place.current_class(),
            special: place.special,
            facts: touch.facts(),
            sign: 1,
        });
    }
    tx.insert_many_later("touch", COLUMNS, "", &rows)?;
    reach::apply(tx, &moves, &current, children.reach)?;
    duty::count_touches(tx, &facts, &calendar)?;
    Ok(ids)
}

fn check_day(day: Date, today: Date) -> Result<()> {
    if day > today {
        Err(Error::conflict("touch-in-future"))
    } else if (today - day).get_days() > OLDEST_DAYS {
        Err(Error::conflict("touch-too-old"))
    } else {
        Ok(())
    }
}

fn known_keys(tx: &mut Tx, touches: &[NewTouch], places: &HashMap<Id, Place>) -> Result<HashMap<String, Id>> {
    let mut known = HashMap::new();
    for touch in touches {
        let (Some(key), Some(place)) = (&touch.client_key, places.get(&touch.student)) else { continue };
        let found: Option<(Id,)> =
            tx.row(sql!("SELECT id FROM touch WHERE school_id = $1 AND client_key = $2"), &[&place.school, key])?;
        if let Some((id,)) = found {
            known.insert(key.clone(), id);
        }
    }
    Ok(known)
}

fn row_of<'t>(touch: &'t NewTouch, id: Id, (school, class): (Id, Id), semester: String, now: Millis) -> Vec<Value<'t>> {
    vec![
        Value::Int(id.raw()),
        Value::Int(school.raw()),
        Value::Int(class.raw()),
        Value::Int(touch.student.raw()),
        touch.act.to_value().into_owned(),
        Value::Text(touch.source.0.into()),
        touch.source.1.to_value().into_owned(),
        touch.occurred_on.to_value().into_owned(),
        Value::Int(now.0),
        Value::Text(semester.into()),
        touch.kind.to_value(),
        touch.depth.to_value(),
        touch.channel.to_value(),
        touch.tone.to_value(),
        touch.by_family.to_value(),
        touch.guardian.to_value(),
        touch.relation.to_value(),
        touch.staff.to_value(),
        touch.staff_role.to_value(),
        touch.minutes.to_value(),
        Value::Null,
        touch.client_key.to_value(),
    ]
}

fn move_of(touch: &NewTouch, id: Id, place: &Place, stamped: (Id, Id), periods: Periods, current: &Periods) -> Move {
    Move {
        student: touch.student,
        touch: id,
        school: stamped.0,
        stamped_class: stamped.1,
        current_school: place.school,
        current_class: place.current_class(),
        is_current: periods == *current,
        has_figures: place.has_figures(),
        periods,
        depth: touch.depth,
        tone: touch.tone,
        relation: touch.relation,
        visit: reach::is_visit(&touch.kind, touch.channel, touch.depth),
        occurred_on: touch.occurred_on,
        sign: 1,
    }
}

record! {
    struct Reversing {
        reverses: Id,
    }
}

/// Takes touches back by entries that reverse them, undoing the period and class they were stamped with.
///
/// # Errors
/// `Error::Conflict("touch-already-reversed")`, `Error::NotFound`.
pub fn reverse(tx: &mut Tx, ids: &[Id]) -> Result<Vec<Id>> {
    let touches: Vec<Touch> = read::by_ids(tx, ids)?;
    if touches.len() != ids.len() {
        return Err(Error::NotFound);
    }
    let already: Vec<Reversing> =
        tx.rows_in(sql!("SELECT reverses_id FROM touch WHERE reverses_id IN ($1)"), ids, &[])?;
    if already.iter().any(|a| ids.contains(&a.reverses)) || touches.iter().any(|t| t.reverses.is_some()) {
        return Err(Error::conflict("touch-already-reversed"));
    }
    let (today, now) = (tx.today(), tx.now());
    let calendar = year::calendar(tx)?;
    let current = Periods::of(&calendar, today);
    let students: Vec<Id> = touches.iter().map(|t| t.student).collect();
    let children = place::look(tx, &students)?;
    let copies: Vec<NewTouch> = touches.iter().map(copied).collect();
    let mut reversals = Vec::new();
    let (mut rows, mut moves, mut facts) = (Vec::new(), Vec::new(), Vec::new());
    for (touch, copy) in touches.iter().zip(&copies) {
        let place = children.place(touch.student)?;
        let id = tx.new_id();
        reversals.push(id);
        let periods = Periods::of(&calendar, touch.occurred_on);
        let mut row = row_of(copy, id, (touch.school, touch.class), touch.semester.clone(), now);
        row[20] = touch.id.to_value();
        rows.push(row);
        let mut undone = move_of(copy, touch.id, place, (touch.school, touch.class), periods, &current);
        undone.sign = -1;
        moves.push(undone);
        facts.push(duty::Counted {
            student: touch.student,
            school: touch.school,
            class: touch.class,
            current_class: place.current_class(),
            special: place.special,
            facts: touch.facts(),
            sign: -1,
        });
    }
    tx.insert_many_later("touch", COLUMNS, "", &rows)?;
    reach::apply(tx, &moves, &current, children.reach)?;
    duty::count_touches(tx, &facts, &calendar)?;
    Ok(reversals)
}

fn copied(touch: &Touch) -> NewTouch {
    NewTouch {
        student: touch.student,
        kind: touch.kind.clone(),
        depth: touch.depth,
        channel: touch.channel,
        tone: touch.tone,
        by_family: touch.by_family,
        occurred_on: touch.occurred_on,
        guardian: touch.guardian,
        relation: touch.relation,
        staff: touch.staff,
        staff_role: touch.staff_role,
        minutes: touch.minutes,
        source: ("reversal", touch.source_id),
        act: touch.act,
        client_key: None,
    }
}
