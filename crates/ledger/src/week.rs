//! Weekly snapshots of class figures: what trends and figures as of a day are drawn from.

use gongyu_kernel::{Date, Id, Result};
use gongyu_registry::year;
use gongyu_store::{Db, Reader, Tx, record, sql};
use jiff::ToSpan;

/// Sunday of the week of a day.
pub fn week_end(day: Date) -> Date {
    let left = 7 - i64::from(day.weekday().to_monday_one_offset());
    day.checked_add(left.days()).unwrap_or(day)
}

/// Keeps the figures of every class for the week of today; run daily, the last run of a week stands.
///
/// # Errors
/// As any statement.
pub fn keep_week(db: &Db) -> Result<()> {
    let schools: Vec<(Id,)> = db.read_wait(|r| {
        r.rows(sql!("SELECT DISTINCT school_id FROM class_reach WHERE period = 'all' ORDER BY school_id"), &[])
    })?;
    for chunk in schools.chunks(20) {
        let chunk = chunk.to_vec();
        db.write_wait(move |tx| chunk.iter().try_for_each(|(school,)| keep_school(tx, *school)))?;
    }
    Ok(())
}

fn keep_school(tx: &mut Tx, school: Id) -> Result<()> {
    let today = tx.today();
    let semester = year::semester_of(tx, today)?;
    let (end, code, year) = (week_end(today), semester.code(), semester.year.code());
    tx.exec(
        sql!(
            "INSERT INTO class_week (class_id, week_end, semester, school_id, town_id, setting, students, confirmed,
                                      talked, met, visited, never)
              SELECT b.class_id, CAST($1 AS TEXT), CAST($2 AS TEXT), b.school_id, b.town_id, b.setting, b.students,
                     COALESCE(c.confirmed, 0), COALESCE(c.talked, 0), COALESCE(c.met, 0), COALESCE(y.visited, 0),
                     b.students - b.confirmed
              FROM class_reach b
              LEFT JOIN class_reach c ON c.class_id = b.class_id AND c.period = $2
              LEFT JOIN class_reach y ON y.class_id = b.class_id AND y.period = $3
              WHERE b.school_id = $4 AND b.period = 'all' AND b.students > 0
              ON CONFLICT (week_end, class_id) DO UPDATE SET
                semester = excluded.semester, school_id = excluded.school_id, town_id = excluded.town_id,
                setting = excluded.setting, students = excluded.students, confirmed = excluded.confirmed,
                talked = excluded.talked, met = excluded.met, visited = excluded.visited, never = excluded.never"
        ),
        &[&end, &code, &year, &school],
    )?;
    Ok(())
}

record! {
    /// One week of a group of classes.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Week {
        /// Its Sunday.
        pub end: Date,
        /// `urban` or `rural`.
        pub setting: String,
        /// Children.
        pub students: i64,
        /// Reached this semester, at least confirmed.
        pub confirmed: i64,
        /// Talked with.
        pub talked: i64,
        /// Met.
        pub met: i64,
        /// Visited this school year.
        pub visited: i64,
        /// Never reached at all.
        pub never: i64,
    }
}

macro_rules! weeks_sql {
    ($scope:literal) => {
        sql!(concat!(
            "SELECT week_end, setting, CAST(SUM(students) AS BIGINT), CAST(SUM(confirmed) AS BIGINT),
                    CAST(SUM(talked) AS BIGINT), CAST(SUM(met) AS BIGINT), CAST(SUM(visited) AS BIGINT),
                    CAST(SUM(never) AS BIGINT)
             FROM class_week WHERE week_end >= $1 AND week_end <= $2 ",
            $scope,
            " GROUP BY week_end, setting ORDER BY week_end, setting"
        ))
    };
}

/// The weeks of the district between two days, urban and rural apart.
///
/// # Errors
/// As any statement.
pub fn of_district(r: &mut Reader, from: Date, to: Date) -> Result<Vec<Week>> {
    r.rows(weeks_sql!(""), &[&from, &to])
}

/// The weeks of a school.
///
/// # Errors
/// As any statement.
pub fn of_school(r: &mut Reader, school: Id, from: Date, to: Date) -> Result<Vec<Week>> {
    r.rows(weeks_sql!("AND school_id = $3"), &[&from, &to, &school])
}

/// The figures of every town as they stood at the end of a week: town, children, reached, never.
///
/// # Errors
/// As any statement.
pub fn towns_as_of(r: &mut Reader, week_end: Date) -> Result<Vec<(Id, i64, i64, i64)>> {
    r.rows(
        sql!(
            "SELECT COALESCE(town_id, 0), CAST(SUM(students) AS BIGINT), CAST(SUM(confirmed) AS BIGINT),
                     CAST(SUM(never) AS BIGINT)
              FROM class_week WHERE week_end = $1 GROUP BY town_id ORDER BY 1"
        ),
        &[&week_end],
    )
}

/// The same of the schools of a town.
///
/// # Errors
/// As any statement.
pub fn schools_as_of(r: &mut Reader, week_end: Date, town: Id) -> Result<Vec<(Id, i64, i64, i64)>> {
    r.rows(
        sql!(
            "SELECT school_id, CAST(SUM(students) AS BIGINT), CAST(SUM(confirmed) AS BIGINT),
                     CAST(SUM(never) AS BIGINT)
              FROM class_week WHERE week_end = $1 AND town_id = $2 GROUP BY school_id ORDER BY 1"
        ),
        &[&week_end, &town],
    )
}
