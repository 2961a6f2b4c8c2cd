//! The caseload in calendars: a family's reception, a leader's reception day, a handler's last days.

use super::reception::{DayState, SlotState};
use gongyu_kernel::error::Code;
use gongyu_kernel::{Date, Id, Millis, Result};
use gongyu_store::{Reader, sql};
use gongyu_web::calendar::{CalendarOf, Event, When};

/// The events of a person in some days.
///
/// # Errors
/// As any statement.
pub fn events(r: &mut Reader, of: &CalendarOf) -> Result<Vec<Event>> {
    let mut out = Vec::new();
    if let Some(staff) = of.staff {
        out.extend(receptions(r, of, staff)?);
        out.extend(deadlines(r, of, staff)?);
    }
    if let Some(guardian) = of.guardian {
        out.extend(booked(r, of, guardian)?);
    }
    Ok(out)
}

fn receptions(r: &mut Reader, of: &CalendarOf, staff: Id) -> Result<Vec<Event>> {
    let rows: Vec<(Id, Date, i64, i64, DayState, i64, String)> = r.rows(
        sql!(
            "SELECT id, day, from_minute, to_minute, state, version, place FROM reception_day
              WHERE leader_staff_id = $1 AND day >= $2 AND day <= $3 ORDER BY day LIMIT 200"
        ),
        &[&staff, &of.from, &of.to],
    )?;
    let one = |(id, day, from, to, state, version, place): (Id, Date, i64, i64, DayState, i64, String)| Event {
        uid: format!("reception-{id}"),
        sequence: version,
        when: When::Span(Millis::start_of(day).plus_minutes(from), Millis::start_of(day).plus_minutes(to)),
        title: Code::new("reception-event"),
        text: (!place.is_empty()).then(|| Code::new("reception-event-place").arg("place", place)),
        href: format!("/receptions/{id}"),
        cancelled: state == DayState::Cancelled,
    };
    Ok(rows.into_iter().map(one).collect())
}

fn deadlines(r: &mut Reader, of: &CalendarOf, staff: Id) -> Result<Vec<Event>> {
    let rows: Vec<(Id, Date, i64)> = r.rows(
        sql!(
            "SELECT id, due_on, version FROM caseload_case WHERE handler_staff_id = $1
              AND state IN ('handling', 'approving', 'telling') AND due_on >= $2 AND due_on <= $3 ORDER BY due_on LIMIT 200"
        ),
        &[&staff, &of.from, &of.to],
    )?;
    let one = |(id, due, version): (Id, Date, i64)| Event {
        uid: format!("case-{id}"),
        sequence: version,
        when: When::Day(due),
        title: Code::new("case-event-due"),
        text: None,
        href: format!("/cases/{id}"),
        cancelled: false,
    };
    Ok(rows.into_iter().map(one).collect())
}

fn booked(r: &mut Reader, of: &CalendarOf, guardian: Id) -> Result<Vec<Event>> {
    let (from, to) = (Millis::start_of(of.from), Millis::start_of(of.to).plus_days(1));
    let rows: Vec<(Id, Millis, i64, SlotState, DayState, i64, String)> = r.rows(
        sql!(
            "SELECT s.id, s.starts_at, d.slot_minutes, s.state, d.state, s.version + d.version, d.place
              FROM reception_slot s JOIN reception_day d ON d.id = s.day_id
              WHERE s.guardian_id = $1 AND s.starts_at >= $2 AND s.starts_at < $3 ORDER BY s.starts_at LIMIT 100"
        ),
        &[&guardian, &from, &to],
    )?;
    let one = |(id, at, minutes, _, day, version, place): (Id, Millis, i64, SlotState, DayState, i64, String)| Event {
        uid: format!("reception-slot-{id}"),
        sequence: version,
        when: When::Span(at, at.plus_minutes(minutes)),
        title: Code::new("reception-event-family"),
        text: (!place.is_empty()).then(|| Code::new("reception-event-place").arg("place", place)),
        href: "/reception".to_owned(),
        cancelled: day == DayState::Cancelled,
    };
    Ok(rows.into_iter().map(one).collect())
}
