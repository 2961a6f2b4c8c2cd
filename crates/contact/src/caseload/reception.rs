//! Reception days (B2): who receives when, the times a family may take, and what became of each. A time is one
//! row and taken by one statement, so that two families never have the same.

use super::letters;
use super::model::Topic;
use super::rota::{self, Planned};
use super::settings::doors_of;
use crate::labelled::words;
use gongyu_access::Actor;
use gongyu_kernel::{Date, Error, Id, Millis, Result};
use gongyu_registry::permit::is_guardian_of;
use gongyu_registry::{people, year};
use gongyu_store::{Reader, Tx, record, sql};

words! {
    /// Where a reception day stands.
    DayState, "reception-day" {
        /// To be.
        Planned = "planned",
        /// Called off.
        Cancelled = "cancelled",
    }
}

words! {
    /// Where a time stands.
    SlotState, "reception-slot" {
        /// Nobody has it.
        Free = "free",
        /// A family has it.
        Booked = "booked",
        /// They came.
        Came = "came",
        /// They did not come.
        Missed = "missed",
    }
}

record! {
    /// A leader receives.
    #[derive(Clone, Debug)]
    pub struct Day {
        /// Identifier.
        pub id: Id,
        /// School.
        pub school: Id,
        /// Day.
        pub day: Date,
        /// First minute.
        pub from: i64,
        /// Minute after the last.
        pub to: i64,
        /// Leader.
        pub leader: Id,
        /// The leader's name.
        pub leader_name: String,
        /// Where.
        pub place: String,
        /// Where it stands.
        pub state: DayState,
        /// Times still free.
        pub free: i64,
        /// Times taken.
        pub taken: i64,
    }
}

record! {
    /// A time of a day.
    #[derive(Clone, Debug)]
    pub struct Slot {
        /// Identifier.
        pub id: Id,
        /// Day.
        pub day: Id,
        /// School.
        pub school: Id,
        /// When.
        pub starts_at: Millis,
        /// Where it stands.
        pub state: SlotState,
        /// The guardian who has it.
        pub guardian: Option<Id>,
        /// Their name.
        pub guardian_name: Option<String>,
        /// The child it is about.
        pub student: Option<Id>,
        /// Its name.
        pub child: Option<String>,
        /// What it is about.
        pub topic: String,
        /// What was noted of it.
        pub case: Option<Id>,
    }
}

macro_rules! select_day {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT d.id, d.school_id, d.day, d.from_minute, d.to_minute, d.leader_staff_id, p.name, d.place, d.state,
                    (SELECT COUNT(*) FROM reception_slot s WHERE s.day_id = d.id AND s.state = 'free'),
                    (SELECT COUNT(*) FROM reception_slot s WHERE s.day_id = d.id AND s.state <> 'free')
             FROM reception_day d JOIN staff p ON p.id = d.leader_staff_id ",
            $tail
        ))
    };
}

macro_rules! select_slot {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT s.id, s.day_id, s.school_id, s.starts_at, s.state, s.guardian_id, g.name, s.student_id, c.name,
                    s.topic, s.case_id
             FROM reception_slot s LEFT JOIN guardian g ON g.id = s.guardian_id
             LEFT JOIN student c ON c.id = s.student_id ",
            $tail
        ))
    };
}

/// A day.
///
/// # Errors
/// `Error::NotFound`.
pub fn find_day(r: &mut Reader, id: Id) -> Result<Day> {
    r.one(select_day!("WHERE d.id = $1"), &[&id])
}

/// A time.
///
/// # Errors
/// `Error::NotFound`.
pub fn find_slot(r: &mut Reader, id: Id) -> Result<Slot> {
    r.one(select_slot!("WHERE s.id = $1"), &[&id])
}

/// The days of a school in some days, called off ones too.
///
/// # Errors
/// As any statement.
pub fn days_of(r: &mut Reader, school: Id, from: Date, to: Date) -> Result<Vec<Day>> {
    r.rows(
        select_day!("WHERE d.school_id = $1 AND d.day >= $2 AND d.day <= $3 ORDER BY d.day, d.from_minute LIMIT 300"),
        &[&school, &from, &to],
    )
}

/// The times of a day in their order.
///
/// # Errors
/// As any statement.
pub fn slots_of(r: &mut Reader, day: Id) -> Result<Vec<Slot>> {
    r.rows(select_slot!("WHERE s.day_id = $1 ORDER BY s.starts_at"), &[&day])
}

/// The times a guardian has from a day on.
///
/// # Errors
/// As any statement.
pub fn booked_by(r: &mut Reader, guardian: Id, from: Date) -> Result<Vec<Slot>> {
    let start = Millis::start_of(from);
    r.rows(
        select_slot!("WHERE s.guardian_id = $1 AND s.starts_at >= $2 ORDER BY s.starts_at LIMIT 50"),
        &[&guardian, &start],
    )
}

/// Plans a day with its times; one that stands at the same hour stays as it is. Says whether it is new.
///
/// # Errors
/// `Error::NotFound` for a leader of another school; as any statement.
pub fn plan(tx: &mut Tx, school: Id, planned: &Planned) -> Result<bool> {
    let doors = doors_of(tx, school)?;
    let leader = people::find_staff(tx, planned.leader)?;
    if leader.unit != school || leader.state != "active" {
        return Err(Error::NotFound);
    }
    let step = doors.slot_minutes.clamp(5, 240);
    let id = tx.new_id();
    let made = tx.exec(
        sql!(
            "INSERT INTO reception_day (id, school_id, day, from_minute, to_minute, slot_minutes, leader_staff_id, place,
                                        state, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'planned', 1) ON CONFLICT (school_id, day, from_minute) DO NOTHING"
        ),
        &[&id, &school, &planned.day, &planned.from, &planned.to, &step, &planned.leader, &doors.place],
    )?;
    if made == 0 {
        return Ok(false);
    }
    let mut minute = planned.from;
    while minute + step <= planned.to {
        let (slot, starts_at) = (tx.new_id(), Millis::start_of(planned.day).plus_minutes(minute));
        tx.exec(
            sql!(
                "INSERT INTO reception_slot (id, day_id, school_id, starts_at, state, guardian_id, student_id, topic,
                                             case_id, booked_at, version)
                  VALUES ($1, $2, $3, $4, 'free', NULL, NULL, '', NULL, NULL, 1)"
            ),
            &[&slot, &id, &school, &starts_at],
        )?;
        minute += step;
    }
    Ok(true)
}

/// Fills some days from the school's rota. Returns how many days are new.
///
/// # Errors
/// As `plan`.
pub fn fill(tx: &mut Tx, school: Id, from: Date, to: Date) -> Result<usize> {
    let (doors, calendar) = (doors_of(tx, school)?, year::calendar(tx)?);
    let mut made = 0;
    for planned in rota::planned(&doors.turns, from, to, &calendar.holidays) {
        made += usize::from(plan(tx, school, &planned)?);
    }
    Ok(made)
}

/// Another leader receives, or elsewhere.
///
/// # Errors
/// `Error::NotFound` for a leader of another school; `Error::Conflict` when it is called off.
pub fn change(tx: &mut Tx, day: &Day, leader: Id, place: &str) -> Result<()> {
    let person = people::find_staff(tx, leader)?;
    if person.unit != day.school || person.state != "active" {
        return Err(Error::NotFound);
    }
    let changed = tx.exec(
        sql!(
            "UPDATE reception_day SET leader_staff_id = $2, place = $3, version = version + 1
              WHERE id = $1 AND state = 'planned'"
        ),
        &[&day.id, &leader, &place],
    )?;
    if changed == 1 { Ok(()) } else { Err(Error::conflict("reception-is-off")) }
}

/// Calls a day off and tells the families who had a time. Returns how many.
///
/// # Errors
/// `Error::Conflict` when it is called off already or somebody was received.
pub fn call_off(tx: &mut Tx, day: &Day) -> Result<usize> {
    let slots = slots_of(tx, day.id)?;
    if day.state == DayState::Cancelled || slots.iter().any(|s| s.state == SlotState::Came) {
        return Err(Error::conflict("reception-is-off"));
    }
    tx.exec(sql!("UPDATE reception_day SET state = 'cancelled', version = version + 1 WHERE id = $1"), &[&day.id])?;
    let families: Vec<Id> = slots.iter().filter(|s| s.state == SlotState::Booked).filter_map(|s| s.guardian).collect();
    letters::called_off(tx, day.school, day.id, &families)?;
    Ok(families.len())
}

/// A guardian takes a time: one of their own children's school, to come, not called off; one time a day.
///
/// # Errors
/// `Error::NotFound` for a school of none of their children; `Error::Conflict` when it is taken, over, or they
/// have one that day.
pub fn book(tx: &mut Tx, actor: &Actor, slot: Id, student: Id, topic: Topic) -> Result<()> {
    let guardian = actor.guardian.ok_or(Error::Forbidden)?;
    let found = find_slot(tx, slot)?;
    if !is_guardian_of(tx, guardian, student)? || people::find_student(tx, student)?.school != found.school {
        return Err(Error::NotFound);
    }
    let day = find_day(tx, found.day)?;
    let now = tx.now();
    if day.state == DayState::Cancelled || found.starts_at <= now {
        return Err(Error::conflict("reception-is-off"));
    }
    if found.guardian == Some(guardian) && found.state == SlotState::Booked {
        return Ok(());
    }
    let has: Option<(Id,)> =
        tx.row(sql!("SELECT id FROM reception_slot WHERE day_id = $1 AND guardian_id = $2"), &[&found.day, &guardian])?;
    if has.is_some() {
        return Err(Error::conflict("reception-have-one"));
    }
    let taken = tx.exec(
        sql!(
            "UPDATE reception_slot SET state = 'booked', guardian_id = $2, student_id = $3, topic = $4, booked_at = $5,
                    version = version + 1
              WHERE id = $1 AND state = 'free' AND guardian_id IS NULL"
        ),
        &[&slot, &guardian, &student, &topic, &now],
    )?;
    if taken == 1 { Ok(()) } else { Err(Error::conflict("reception-taken")) }
}

/// A guardian gives a time back.
///
/// # Errors
/// `Error::NotFound` when it is not theirs; `Error::Conflict` when it is over.
pub fn give_back(tx: &mut Tx, actor: &Actor, slot: Id) -> Result<()> {
    let guardian = actor.guardian.ok_or(Error::Forbidden)?;
    let found = find_slot(tx, slot)?;
    if found.guardian != Some(guardian) {
        return Err(Error::NotFound);
    }
    let now = tx.now();
    let freed = tx.exec(
        sql!(
            "UPDATE reception_slot SET state = 'free', guardian_id = NULL, student_id = NULL, topic = '', booked_at = NULL,
                    version = version + 1
              WHERE id = $1 AND state = 'booked' AND guardian_id = $2 AND starts_at > $3"
        ),
        &[&slot, &guardian, &now],
    )?;
    if freed == 1 { Ok(()) } else { Err(Error::conflict("reception-over")) }
}

/// What became of a time: they came, with what was noted, or did not.
///
/// # Errors
/// `Error::Conflict` when nobody has it, or it was noted already.
pub fn note(tx: &mut Tx, slot: &Slot, case: Option<Id>) -> Result<()> {
    let state = if case.is_some() { SlotState::Came } else { SlotState::Missed };
    let changed = tx.exec(
        sql!(
            "UPDATE reception_slot SET state = $2, case_id = $3, version = version + 1
              WHERE id = $1 AND state IN ('booked', 'missed') AND case_id IS NULL"
        ),
        &[&slot.id, &state, &case],
    )?;
    if changed == 1 { Ok(()) } else { Err(Error::conflict("reception-noted")) }
}
