//! Where and when a touch is counted: the class as it was that day, and the periods of the day.

use gongyu_kernel::calendar::SchoolCalendar;
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_registry::people::StudentState;
use gongyu_store::{Reader, record, sql};
use std::collections::HashMap;

/// The period that never ends.
pub(crate) const EVER: &str = "all";

/// The periods in which a touch of one day is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Periods {
    /// Semester code.
    pub(crate) semester: String,
    /// School-year code.
    pub(crate) year: String,
}

impl Periods {
    /// The periods of a day.
    pub(crate) fn of(calendar: &SchoolCalendar, day: Date) -> Self {
        let semester = calendar.semester_of(day);
        Self { semester: semester.code(), year: semester.year.code() }
    }

    /// Semester, school year, ever.
    pub(crate) fn codes(&self) -> [&str; 3] {
        [&self.semester, &self.year, EVER]
    }
}

record! {
    /// A child and where it is today.
    #[derive(Clone, Debug)]
    pub(crate) struct Place {
        pub(crate) student: Id,
        pub(crate) school: Id,
        pub(crate) class: Option<Id>,
        pub(crate) state: StudentState,
        pub(crate) since: Option<Date>,
    }
}

impl Place {
    /// The class in which the child is counted today.
    pub(crate) fn current_class(&self) -> Option<Id> {
        if self.state == StudentState::Active { self.class } else { None }
    }
}

/// Where children are today.
pub(crate) fn places(r: &mut Reader, students: &[Id]) -> Result<HashMap<Id, Place>> {
    let rows: Vec<Place> = r.rows_in(
        sql!(
            "SELECT s.id, s.school_id, s.class_id, s.state, e.valid_from
              FROM student s LEFT JOIN enrolment e ON e.student_id = s.id AND e.valid_to IS NULL
              WHERE s.id IN ($1)"
        ),
        students,
        &[],
    )?;
    Ok(rows.into_iter().map(|p| (p.student, p)).collect())
}

/// School and class of a child on a day; before its first day, those of its first day.
pub(crate) fn stamp(r: &mut Reader, place: &Place, day: Date) -> Result<(Id, Id)> {
    if let (Some(class), Some(since)) = (place.class, place.since)
        && since <= day
    {
        return Ok((place.school, class));
    }
    let then: Option<(Id, Id)> = r.row(
        sql!(
            "SELECT school_id, class_id FROM enrolment
              WHERE student_id = $1 AND class_id IS NOT NULL
              ORDER BY CASE WHEN valid_from <= $2 THEN 0 ELSE 1 END,
                       CASE WHEN valid_from <= $2 THEN valid_from ELSE '' END DESC, valid_from, id DESC
              LIMIT 1"
        ),
        &[&place.student, &day],
    )?;
    then.ok_or_else(|| Error::conflict("touch-no-class"))
}
