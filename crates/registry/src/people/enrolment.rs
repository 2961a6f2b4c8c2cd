//! Where a pupil was when.

use crate::roster::class_label::ClassKey;
use gongyu_kernel::{Date, Id, Result};
use gongyu_store::{Reader, record, sql};

record! {
    struct Stored {
        from: Date,
        to: Option<Date>,
        reason: String,
        school: String,
        class: Option<Id>,
        stage: Option<String>,
        entry_year: Option<i16>,
        class_no: Option<u16>,
        speciality: Option<String>,
    }
}

/// A stretch of a pupil's time in one class.
#[derive(Clone, Debug)]
pub struct Stay {
    /// First day.
    pub from: Date,
    /// Last day; `None` for where the pupil is.
    pub to: Option<Date>,
    /// Why it began, as its code.
    pub reason: String,
    /// Name of the school.
    pub school: String,
    /// Class, if it was known.
    pub class: Option<Id>,
    /// Cohort of the class.
    pub key: Option<ClassKey>,
}

/// Where a pupil was, the latest first.
///
/// # Errors
/// As any statement.
pub fn stays(r: &mut Reader, student: Id) -> Result<Vec<Stay>> {
    let rows: Vec<Stored> = r.rows(
        sql!(
            "SELECT e.valid_from, e.valid_to, e.reason, s.name, c.id, c.stage, c.entry_year, c.class_no, c.speciality
              FROM enrolment e JOIN unit s ON s.id = e.school_id LEFT JOIN unit c ON c.id = e.class_id
              WHERE e.student_id = $1 ORDER BY e.valid_from DESC, e.id DESC LIMIT 50"
        ),
        &[&student],
    )?;
    let key = |row: &Stored| {
        ClassKey::of_columns(row.stage.as_deref(), row.entry_year, row.class_no, row.speciality.as_deref())
    };
    let stay = |row: Stored| Stay {
        key: key(&row),
        from: row.from,
        to: row.to,
        reason: row.reason,
        school: row.school,
        class: row.class,
    };
    Ok(rows.into_iter().map(stay).collect())
}
