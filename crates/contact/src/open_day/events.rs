//! Open days in a calendar: the sessions a family booked, the sessions a teacher gives.

use gongyu_kernel::error::Code;
use gongyu_kernel::{Id, Millis, Result};
use gongyu_store::{Reader, record, sql};
use gongyu_web::calendar::{CalendarOf, Event, When};

record! {
    struct Row {
        id: Id,
        title: String,
        day: String,
        place: String,
        starts_at: Millis,
        ends_at: Millis,
        version: i64,
        changed_at: Millis,
        off: bool,
    }
}

/// The sessions of some days; called off ones stay so that calendars take them away.
///
/// # Errors
/// As any statement.
pub fn events(r: &mut Reader, of: &CalendarOf) -> Result<Vec<Event>> {
    let (from, to) = (Millis::start_of(of.from), Millis::start_of(of.to).plus_days(1));
    let mut out = Vec::new();
    if let Some(guardian) = of.guardian {
        let rows: Vec<Row> = r.rows(
            sql!(
                "SELECT b.id, s.title, o.title, CASE WHEN s.place = '' THEN o.place ELSE s.place END, s.starts_at,
                         s.ends_at, s.version, b.changed_at, b.state <> 'booked'
                  FROM open_party p JOIN booking b ON b.id = p.booking_id AND b.state IN ('booked', 'cancelled')
                  JOIN open_session s ON s.id = p.session_id JOIN open_day o ON o.id = p.open_day_id
                  WHERE p.guardian_id = $1 AND s.starts_at >= $2 AND s.starts_at < $3 ORDER BY b.id LIMIT 200"
            ),
            &[&guardian, &from, &to],
        )?;
        out.extend(rows.iter().map(|row| event(row, "booking", format!("/family/open-days/bookings/{}", row.id))));
    }
    if let Some(staff) = of.staff {
        let rows: Vec<Row> = r.rows(
            sql!(
                "SELECT s.id, s.title, o.title, CASE WHEN s.place = '' THEN o.place ELSE s.place END, s.starts_at,
                         s.ends_at, s.version, s.updated_at, s.state = 'off'
                  FROM open_session s JOIN open_day o ON o.id = s.open_day_id AND o.state <> 'draft'
                  WHERE s.teacher_staff_id = $1 AND s.starts_at >= $2 AND s.starts_at < $3 ORDER BY s.id LIMIT 200"
            ),
            &[&staff, &from, &to],
        )?;
        out.extend(rows.iter().map(|row| event(row, "session", format!("/open-sessions/{}/people", row.id))));
    }
    Ok(out)
}

fn event(row: &Row, kind: &str, href: String) -> Event {
    Event {
        uid: format!("open-{kind}-{}", row.id),
        sequence: row.changed_at.0 / 1000 + row.version,
        when: When::Span(row.starts_at, row.ends_at),
        title: Code::new("open-event").arg("day", &row.day).arg("title", &row.title),
        text: (!row.place.is_empty()).then(|| Code::new("open-event-place").arg("place", &row.place)),
        href,
        cancelled: row.off,
    }
}
