//! Lists of cases: of a school, of who handles them, of a family.

use super::find::select_case;
use crate::caseload::model::{Case, Door, State, Topic};
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_registry::people::{self, Staff};
use gongyu_store::list::{Filter, Group, ListSpec, Order};
use gongyu_store::{Reader, list_spec, record, sql};

list_spec! {
    /// The cases of a school (`$1`) that may be seen on a day (`$2`): letters nobody signed from the next day on.
    pub static CASES = ListSpec {
        name: "caseload",
        columns: "c.id, c.school_id, c.door, c.writer, c.topic, c.state, c.track, c.received_on, c.school_year,
                  c.handler_staff_id, c.stages, c.due_on, c.late, c.merged_into, c.reopened, c.satisfaction,
                  c.wishes_public, c.answered_on, c.version, c.sealed",
        from: "FROM caseload_case c
               WHERE c.school_id = $1 AND (c.writer <> 'anonymous' OR c.received_on < $2)",
        fixed: 2,
        filters: &[
            Filter { name: "open", sql: "c.state IN ('new', 'handling', 'asking', 'approving', 'telling')", params: 0 },
            Filter { name: "new", sql: "c.state = 'new'", params: 0 },
            Filter { name: "approving", sql: "c.state = 'approving'", params: 0 },
            Filter { name: "over", sql: "c.state IN ('new', 'handling', 'approving', 'telling') AND c.due_on < $1", params: 1 },
            Filter { name: "done", sql: "c.state IN ('answered', 'closed', 'merged')", params: 0 },
            Filter { name: "door", sql: "c.door = $1", params: 1 },
            Filter { name: "topic", sql: "c.topic = $1", params: 1 },
            Filter { name: "year", sql: "c.school_year = $1", params: 1 },
            Filter {
                name: "of_staff",
                sql: "c.handler_staff_id = $1 OR EXISTS (SELECT h.staff_id FROM caseload_helper h
                      WHERE h.case_id = c.id AND h.staff_id = $1 AND h.state <> 'removed')",
                params: 1,
            },
        ],
        orders: &[
            Order { name: "due", keys: &[("COALESCE(c.due_on, '9999-12-31')", false), ("c.id", false)] },
            Order { name: "newest", keys: &[("c.received_on", true), ("c.id", false)] },
        ],
        groups: &[Group { name: "state", sql: "c.state" }, Group { name: "door", sql: "c.door" }],
    };
}

record! {
    /// A case of a family.
    #[derive(Clone, Debug)]
    pub struct Mine {
        /// Identifier.
        pub id: Id,
        /// Door.
        pub door: Door,
        /// What it is about.
        pub topic: Topic,
        /// Where it stands.
        pub state: State,
        /// Day it came in.
        pub received_on: Date,
        /// Last day of what runs.
        pub due_on: Option<Date>,
        /// Day of the answer; for what is answered with another, of that.
        pub answered_on: Option<Date>,
        /// What they said of it.
        pub rating: crate::caseload::model::Rating,
        /// What was written, sealed.
        pub sealed: Vec<u8>,
    }
}

/// The letters, calls and talks of a guardian, the newest first. What they wrote anonymously is not among
/// them: nothing says that it is theirs.
///
/// # Errors
/// As any statement.
pub fn mine(r: &mut Reader, guardian: Id) -> Result<Vec<Mine>> {
    r.rows(
        sql!(
            "SELECT c.id, c.door, c.topic, c.state, c.received_on, c.due_on, COALESCE(m.answered_on, c.answered_on),
                    c.satisfaction, c.sealed
              FROM caseload_writer w JOIN caseload_case c ON c.id = w.case_id
              LEFT JOIN caseload_case m ON m.id = c.merged_into
              WHERE w.guardian_id = $1 ORDER BY c.received_on DESC, c.id DESC LIMIT 100"
        ),
        &[&guardian],
    )
}

/// A member of staff who works at a school.
pub(super) fn staff_in(r: &mut Reader, school: Id, staff: Id) -> Result<Staff> {
    let person = people::find_staff(r, staff)?;
    if person.unit == school && person.state == "active" { Ok(person) } else { Err(Error::NotFound) }
}

/// What waits for a member of staff: (theirs to handle, of those over, asked to help, to be told).
///
/// # Errors
/// As any statement.
pub fn of_staff_counts(r: &mut Reader, staff: Id, today: Date) -> Result<(i64, i64, i64, i64)> {
    let rows: Vec<(String, i64)> = r.rows(
        sql!(
            "SELECT CASE WHEN c.state = 'telling' THEN 'tell' WHEN c.due_on < $2 THEN 'over' ELSE 'work' END, COUNT(*)
              FROM caseload_case c WHERE c.handler_staff_id = $1 AND c.state IN ('handling', 'telling') GROUP BY 1
             UNION ALL
             SELECT 'help', COUNT(*) FROM caseload_helper h JOIN caseload_case c ON c.id = h.case_id
              WHERE h.staff_id = $1 AND h.state = 'asked' AND c.state IN ('new', 'handling', 'asking', 'approving')"
        ),
        &[&staff, &today],
    )?;
    let of = |kind: &str| rows.iter().find(|(k, _)| k == kind).map_or(0, |(_, n)| *n);
    Ok((of("work"), of("over"), of("help"), of("tell")))
}

/// Open cases of the same school and topic that one may be joined to.
///
/// # Errors
/// As any statement.
pub fn open_like(r: &mut Reader, case: &Case) -> Result<Vec<Case>> {
    let today = r.today();
    r.rows(
        select_case!(
            "WHERE c.school_id = $1 AND c.topic = $2 AND c.id <> $3 AND c.track = $4
              AND c.state IN ('new', 'handling', 'asking', 'approving')
              AND (c.writer <> 'anonymous' OR c.received_on < $5) ORDER BY c.received_on, c.id LIMIT 30"
        ),
        &[&case.school, &case.topic, &case.id, &case.track, &today],
    )
}
