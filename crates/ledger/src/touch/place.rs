//! Where and when a touch is counted: the class as it was that day, and the periods of the day.

use crate::reach::{self, ChildReach};
use gongyu_kernel::calendar::SchoolCalendar;
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_registry::people::StudentState;
use gongyu_registry::year;
use gongyu_store::{Asked, Reader, record, sql};
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
    pub struct Place {
        /// The child.
        pub student: Id,
        /// School; the last one for a child who left.
        pub school: Id,
        /// Class.
        pub class: Option<Id>,
        /// Where the child stands.
        pub state: StudentState,
        /// Belongs to a group that the rules ask special visits for.
        pub(crate) special: bool,
        pub(crate) since: Option<Date>,
        /// How many of the present periods have a row of figures for the class.
        pub(crate) class_rows: i64,
    }
}

impl Place {
    /// The class in which the child is counted today.
    pub(crate) fn current_class(&self) -> Option<Id> {
        if self.state == StudentState::Active { self.class } else { None }
    }

    /// Whether the class has its rows of figures for every present period.
    pub(crate) fn has_figures(&self) -> bool {
        self.class_rows == 3
    }
}

/// Children as they stand, looked at once for everything that follows from a touch.
#[derive(Debug)]
pub struct Children {
    pub(crate) places: HashMap<Id, Place>,
    /// Their counters of the present periods.
    pub(crate) reach: Vec<ChildReach>,
}

impl Children {
    /// Where they are today; who is not there is left out.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.places.values()
    }

    pub(crate) fn place(&self, student: Id) -> Result<&Place> {
        self.places.get(&student).ok_or(Error::NotFound)
    }
}

/// `Children` on their way; see `Reader::ask`.
pub struct AskedChildren {
    places: Asked<Place>,
    reach: Asked<ChildReach>,
}

impl AskedChildren {
    /// The children.
    ///
    /// # Errors
    /// As any statement.
    pub fn take(self, r: &mut Reader) -> Result<Children> {
        let places = self.places.rows(r)?.into_iter().map(|p| (p.student, p)).collect();
        Ok(Children { places, reach: self.reach.rows(r)? })
    }
}

/// Asks how children stand. What is answered holds until the first touch of theirs is recorded.
///
/// # Errors
/// As any statement.
pub fn ask(r: &mut Reader, students: &[Id]) -> Result<AskedChildren> {
    let today = r.today();
    let current = Periods::of(&*year::calendar(r)?, today);
    let [semester, school_year, ever] = current.codes();
    let places = r.ask_in(
        sql!(
            "SELECT s.id, s.school_id, s.class_id, s.state, s.special, e.valid_from,
                (SELECT COUNT(*) FROM class_reach c WHERE c.period = $2 AND c.class_id = s.class_id)
                  + (SELECT COUNT(*) FROM class_reach c WHERE c.period = $3 AND c.class_id = s.class_id)
                  + (SELECT COUNT(*) FROM class_reach c WHERE c.period = $4 AND c.class_id = s.class_id)
              FROM student s LEFT JOIN enrolment e ON e.student_id = s.id AND e.valid_to IS NULL
              WHERE s.id IN ($1)"
        ),
        students,
        &[&semester, &school_year, &ever],
    )?;
    Ok(AskedChildren { places, reach: reach::ask_of(r, students, &current)? })
}

/// How children stand.
///
/// # Errors
/// As any statement.
pub(crate) fn look(r: &mut Reader, students: &[Id]) -> Result<Children> {
    ask(r, students)?.take(r)
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
