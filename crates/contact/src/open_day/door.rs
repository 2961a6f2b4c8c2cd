//! At the door: by the code of the ticket, from the list, or without a booking. Once for a booking, whoever scans
//! it how often; a touch for each child, however many sessions its family sees.

use super::SOURCE;
use super::book;
use super::model::{How, OpenDay, Party, Session, Stand, State};
use super::rules::MEND_DAYS;
use super::store;
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_ledger::act::{self, NewAct};
use gongyu_ledger::rules::{ActKind, Channel, Depth, TouchKind};
use gongyu_ledger::touch::{self, NewTouch};
use gongyu_parts::booking;
use gongyu_registry::people::{self, Relation};
use gongyu_store::{Reader, Tx, Value, record, sql};

record! {
    /// Somebody who came.
    #[derive(Clone, Debug)]
    pub struct Arrival {
        /// Identifier.
        pub id: Id,
        /// Session.
        pub session: Id,
        /// Booking; `None` for a walk-in.
        pub booking: Option<Id>,
        /// Guardian, when known.
        pub guardian: Option<Id>,
        /// Name: the guardian's, or what a guest gave.
        pub name: String,
        /// Adults.
        pub adults: i64,
        /// How they were noted.
        pub how: How,
        /// When.
        pub at: Millis,
    }
}

/// What became of noting somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noted {
    /// Now.
    New(Id),
    /// Before, at this moment.
    Before(Millis),
}

fn open_door(tx: &Tx, day: &OpenDay, session: &Session) -> Result<()> {
    let today = tx.today();
    if !matches!(day.state, State::Published | State::Held) || session.stand == Stand::Off {
        return Err(Error::conflict("open-closed-off"));
    }
    if today < day.day {
        return Err(Error::conflict("open-not-today"));
    }
    if i64::from((today - day.day).get_days()) > MEND_DAYS {
        return Err(Error::conflict("open-too-late"));
    }
    Ok(())
}

/// Notes that a party came; a second time is told as such.
///
/// # Errors
/// `Error::Conflict` when the day is another, the party has no places, or the session is called off.
pub fn check_in(tx: &mut Tx, day: &OpenDay, party: &Party, how: How, account: Id) -> Result<Noted> {
    if party.open_day != day.id {
        return Err(Error::NotFound);
    }
    let session = store::session(tx, party.session)?;
    open_door(tx, day, &session)?;
    note(tx, day, party, how, account)
}

/// As `check_in`, whatever day it is.
///
/// # Errors
/// `Error::Conflict` when the party has no places.
pub fn note(tx: &mut Tx, day: &OpenDay, party: &Party, how: How, account: Id) -> Result<Noted> {
    if let Some(at) = party.arrived_at {
        return Ok(Noted::Before(at));
    }
    let booked = booking::find(tx, party.booking)?;
    if !book::is_booked(&booked) {
        return Err(Error::conflict("open-not-booked"));
    }
    let (id, now) = (tx.new_id(), tx.now());
    let made: Option<(Id,)> = tx.row(
        sql!(
            "INSERT INTO open_arrival (id, open_day_id, session_id, school_id, booking_id, guardian_id, guest, adults,
                                        how, account_id, at)
              VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8, $9, $10) ON CONFLICT DO NOTHING RETURNING id"
        ),
        &[
            &id,
            &day.id,
            &party.session,
            &day.school,
            &party.booking,
            &party.guardian,
            &party.adults,
            &how,
            &account,
            &now,
        ],
    )?;
    if made.is_none() {
        let at = tx.scalar(sql!("SELECT at FROM open_arrival WHERE booking_id = $1"), &[&party.booking])?;
        return Ok(Noted::Before(at));
    }
    let children: Vec<Id> = book::children_of(tx, &[party.booking])?.into_iter().map(|(_, c, _)| c).collect();
    keep_children(tx, id, &children)?;
    came(tx, day, &children, Some(party.guardian), account)?;
    Ok(Noted::New(id))
}

/// Somebody who comes without a booking.
#[derive(Clone, Debug)]
pub struct WalkIn {
    /// Children of the roll they come for; may be none for a guest with a name only.
    pub children: Vec<Id>,
    /// Guardian of the roll.
    pub guardian: Option<Id>,
    /// Name of a guest.
    pub guest: String,
    /// Adults.
    pub adults: i64,
}

/// Lets somebody in who has no booking; the same key of the same account does it once.
///
/// # Errors
/// `Error::Invalid` when nobody is named; `Error::NotFound` for a child of another school or a guardian of another
/// child; `Error::Conflict` as `check_in`.
pub fn walk_in(
    tx: &mut Tx,
    day: &OpenDay,
    session: &Session,
    who: &WalkIn,
    account: Id,
    client_key: &str,
) -> Result<Noted> {
    open_door(tx, day, session)?;
    if session.open_day != day.id {
        return Err(Error::NotFound);
    }
    if who.children.is_empty() && who.guest.trim().is_empty() {
        return Err(Error::field("guest", "open-walk-in-who"));
    }
    for child in &who.children {
        let student = people::find_student(tx, *child)?;
        if student.school != day.school {
            return Err(Error::NotFound);
        }
        if let Some(guardian) = who.guardian {
            let ties = people::guardians_of(tx, *child)?;
            if !ties.iter().any(|t| t.guardian == guardian && !t.restricted) {
                return Err(Error::NotFound);
            }
        }
    }
    let (id, now) = (tx.new_id(), tx.now());
    let made: Option<(Id,)> = tx.row(
        sql!(
            "INSERT INTO open_arrival (id, open_day_id, session_id, school_id, guardian_id, guest, adults, how,
                                        account_id, client_key, at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, 'walk_in', $8, $9, $10) ON CONFLICT DO NOTHING RETURNING id"
        ),
        &[
            &id,
            &day.id,
            &session.id,
            &day.school,
            &who.guardian,
            &who.guest.trim(),
            &who.adults,
            &account,
            &client_key,
            &now,
        ],
    )?;
    if made.is_none() {
        return Ok(Noted::Before(now));
    }
    keep_children(tx, id, &who.children)?;
    came(tx, day, &who.children, who.guardian, account)?;
    Ok(Noted::New(id))
}

fn keep_children(tx: &mut Tx, arrival: Id, children: &[Id]) -> Result<()> {
    let rows: Vec<Vec<Value<'_>>> = children.iter().map(|c| vec![Value::Int(arrival.0), Value::Int(c.0)]).collect();
    tx.insert_many_later("open_arrival_child", &["arrival_id", "student_id"], "ON CONFLICT DO NOTHING", &rows)
}

/// The activity of the day in the ledger; the school's duties follow from it.
fn act_of(tx: &mut Tx, day: &OpenDay, by: Id) -> Result<Id> {
    if let Some(id) = store::more(tx, day.id)?.act {
        return Ok(id);
    }
    let sessions = store::sessions(tx, &[day.id])?;
    let held = sessions.iter().filter(|s| s.stand == Stand::On);
    let minutes = held.map(|s| (s.ends_at.0 - s.starts_at.0) / 60_000).sum();
    let new = NewAct {
        school: Some(day.school),
        unit: day.school,
        kind: ActKind::OPEN_DAY,
        title: &day.title,
        place: &day.place,
        held_on: day.day,
        minutes,
        attendance: 0,
        by: Some(by),
    };
    let (id, _) = act::record_once(tx, &new, &format!("open-day-{}", day.id))?;
    tx.exec(sql!("UPDATE open_day SET act_id = $1 WHERE id = $2"), &[&id, &day.id])?;
    Ok(id)
}

/// Counts children in whose family came; the first time of the day leaves the touch.
fn came(tx: &mut Tx, day: &OpenDay, children: &[Id], guardian: Option<Id>, by: Id) -> Result<()> {
    let act = act_of(tx, day, by)?;
    let mut first = Vec::new();
    for child in children {
        let (times,): (i64,) = tx.one(
            sql!(
                "INSERT INTO open_came (open_day_id, student_id, school_id, times) VALUES ($1, $2, $3, 1)
                  ON CONFLICT (open_day_id, student_id) DO UPDATE SET times = open_came.times + 1 RETURNING times"
            ),
            &[&day.id, child, &day.school],
        )?;
        if times == 1 {
            first.push(*child);
        }
    }
    let mut touches = Vec::new();
    for child in &first {
        let relation = match guardian {
            Some(me) => relation(tx, *child, me)?,
            None => None,
        };
        touches.push(NewTouch {
            student: *child,
            kind: TouchKind::OPEN_DAY,
            depth: Depth::Met,
            channel: Channel::Event,
            tone: None,
            by_family: false,
            occurred_on: day.day,
            guardian,
            relation,
            staff: None,
            staff_role: None,
            minutes: 0,
            source: (SOURCE, Some(day.id)),
            act: Some(act),
            client_key: None,
        });
    }
    let ids = touch::record(tx, &touches)?;
    for (child, id) in first.iter().zip(ids) {
        tx.exec(
            sql!("UPDATE open_came SET touch_id = $1 WHERE open_day_id = $2 AND student_id = $3"),
            &[&id, &day.id, child],
        )?;
    }
    Ok(())
}

fn relation(r: &mut Reader, child: Id, guardian: Id) -> Result<Option<Relation>> {
    let found: Option<(Relation,)> = r.row(
        sql!("SELECT relation FROM guardianship WHERE student_id = $1 AND guardian_id = $2 AND valid_to IS NULL"),
        &[&child, &guardian],
    )?;
    Ok(found.map(|(relation,)| relation))
}

/// Takes a noted arrival back: it was somebody else. The touch goes with the last session of the child.
///
/// # Errors
/// `Error::NotFound` when it is not of this day.
pub fn take_back(tx: &mut Tx, day: &OpenDay, arrival: Id) -> Result<()> {
    let gone: Option<(Id,)> =
        tx.row(sql!("DELETE FROM open_arrival WHERE id = $1 AND open_day_id = $2 RETURNING id"), &[&arrival, &day.id])?;
    gone.ok_or(Error::NotFound)?;
    let children: Vec<(Id,)> =
        tx.rows(sql!("DELETE FROM open_arrival_child WHERE arrival_id = $1 RETURNING student_id"), &[&arrival])?;
    for (child,) in children {
        let (times, touch): (i64, Option<Id>) = tx.one(
            sql!(
                "UPDATE open_came SET times = times - 1 WHERE open_day_id = $1 AND student_id = $2
                  RETURNING times, touch_id"
            ),
            &[&day.id, &child],
        )?;
        if times == 0 {
            touch::reverse(tx, &touch.into_iter().collect::<Vec<_>>())?;
            tx.exec(sql!("DELETE FROM open_came WHERE open_day_id = $1 AND student_id = $2"), &[&day.id, &child])?;
        }
    }
    Ok(())
}

/// Who came, the latest first.
///
/// # Errors
/// As any statement.
pub fn arrivals(r: &mut Reader, day: Id) -> Result<Vec<Arrival>> {
    r.rows(
        sql!(
            "SELECT a.id, a.session_id, a.booking_id, a.guardian_id, COALESCE(g.name, a.guest), a.adults, a.how, a.at
              FROM open_arrival a LEFT JOIN guardian g ON g.id = a.guardian_id WHERE a.open_day_id = $1
              ORDER BY a.at DESC, a.id DESC"
        ),
        &[&day],
    )
}

/// Children whose family came to a day.
///
/// # Errors
/// As any statement.
pub fn children_reached(r: &mut Reader, day: Id) -> Result<i64> {
    r.scalar(sql!("SELECT COUNT(*) FROM open_came WHERE open_day_id = $1"), &[&day])
}

/// Settles a day that was: its activity gets the number of those who came. One nobody came to leaves none.
///
/// # Errors
/// As any statement.
pub fn settle(tx: &mut Tx, day: &OpenDay) -> Result<()> {
    if let Some(act) = store::more(tx, day.id)?.act {
        let n = children_reached(tx, day.id)?;
        act::set_attendance(tx, act, n)?;
    }
    store::set_state(tx, day.id, State::Held, "")
}
