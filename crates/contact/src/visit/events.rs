//! Visits in a calendar: of the teacher who leads, of companions, of guardians.

use gongyu_kernel::error::Code;
use gongyu_kernel::{Date, Id, Millis, Result};
use gongyu_store::{Reader, record, sql};
use gongyu_web::calendar::{CalendarOf, Event, When};

/// Minutes a visit takes in a calendar [P].
const MINUTES: i64 = 45;

record! {
    struct Row {
        id: Id,
        state: String,
        day: Option<Date>,
        starts_at: Option<Millis>,
        updated_at: Millis,
        child: String,
        teacher: Option<String>,
    }
}

/// The visits agreed in some days; called off ones stay so that calendars take them away.
///
/// # Errors
/// As any statement.
pub fn events(r: &mut Reader, of: &CalendarOf) -> Result<Vec<Event>> {
    let mut out = Vec::new();
    if let Some(staff) = of.staff {
        let rows: Vec<Row> = r.rows(
            sql!(
                "SELECT v.id, v.state, v.day, v.starts_at, v.updated_at, s.name, p.name FROM visit v
                  JOIN visit_child c ON c.visit_id = v.id JOIN student s ON s.id = c.student_id
                  LEFT JOIN staff p ON p.id = v.lead_staff_id
                  WHERE v.day >= $2 AND v.day <= $3 AND v.state IN ('agreed', 'done', 'cancelled')
                    AND (v.lead_staff_id = $1 OR v.id IN (SELECT k.visit_id FROM visit_companion k
                                                           WHERE k.staff_id = $1 AND k.state <> 'not_coming'))
                  ORDER BY v.id, s.birth_date LIMIT 1000"
            ),
            &[&staff, &of.from, &of.to],
        )?;
        out.extend(joined(rows, true));
    }
    if let Some(guardian) = of.guardian {
        let rows: Vec<Row> = r.rows(
            sql!(
                "SELECT v.id, v.state, v.day, v.starts_at, v.updated_at, s.name, p.name FROM guardianship k
                  JOIN visit_child c ON c.student_id = k.student_id JOIN visit v ON v.id = c.visit_id
                  JOIN student s ON s.id = k.student_id LEFT JOIN staff p ON p.id = v.lead_staff_id
                  WHERE k.guardian_id = $1 AND k.valid_to IS NULL AND k.may_receive AND NOT k.restricted
                    AND v.day >= $2 AND v.day <= $3 AND v.state IN ('agreed', 'done', 'cancelled')
                  ORDER BY v.id, s.birth_date LIMIT 200"
            ),
            &[&guardian, &of.from, &of.to],
        )?;
        out.extend(joined(rows, false));
    }
    Ok(out)
}

/// One event a visit, its children named together.
fn joined(rows: Vec<Row>, staff: bool) -> Vec<Event> {
    let mut out: Vec<(Row, Vec<String>)> = Vec::new();
    for row in rows {
        match out.last_mut() {
            Some((last, names)) if last.id == row.id => names.push(row.child),
            _ => {
                let name = row.child.clone();
                out.push((row, vec![name]));
            }
        }
    }
    out.into_iter().filter_map(|(row, names)| event(&row, &names, staff)).collect()
}

fn event(row: &Row, names: &[String], staff: bool) -> Option<Event> {
    let when = match (row.starts_at, row.day) {
        (Some(at), _) => When::Span(at, at.plus_minutes(MINUTES)),
        (None, Some(day)) => When::Day(day),
        (None, None) => return None,
    };
    let (title, href, side) = if staff {
        (Code::new("visit-event").arg("names", names.join("、")), format!("/visits/{}", row.id), "")
    } else {
        let teacher = row.teacher.as_deref().map(crate::guardian_home::called).unwrap_or_default();
        (Code::new("visit-event-family").arg("teacher", teacher), format!("/family/visits/{}", row.id), "-f")
    };
    Some(Event {
        uid: format!("visit-{}{side}", row.id),
        sequence: row.updated_at.0 / 1000,
        when,
        title,
        text: None,
        href,
        cancelled: row.state == "cancelled",
    })
}
