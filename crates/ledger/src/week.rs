//! Weekly snapshots of class figures: what trends and figures as of a day are drawn from.

use crate::figures::Figures;
use crate::rules::Depth;
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
    db.write_wait(|tx| {
        let end = week_end(tx.today());
        sum_units(tx, end, end)
    })
}

fn keep_school(tx: &mut Tx, school: Id) -> Result<()> {
    let today = tx.today();
    let semester = year::semester_of(tx, today)?;
    let (end, code, year) = (week_end(today), semester.code(), semester.year.code());
    tx.exec(
        sql!(
            "INSERT INTO class_week (class_id, week_end, semester, school_id, town_id, setting, students, special, told,
                                      confirmed, talked, met, father, mother, visited, never, t_good, t_neutral,
                                      t_concern, t_complaint, entire)
              SELECT b.class_id, CAST($1 AS TEXT), CAST($2 AS TEXT), b.school_id, b.town_id, b.setting, b.students,
                     b.special, COALESCE(c.told, 0), COALESCE(c.confirmed, 0), COALESCE(c.talked, 0),
                     COALESCE(c.met, 0), COALESCE(c.father, 0), COALESCE(c.mother, 0), COALESCE(y.visited, 0),
                     b.students - b.confirmed, COALESCE(c.t_good, 0), COALESCE(c.t_neutral, 0),
                     COALESCE(c.t_concern, 0), COALESCE(c.t_complaint, 0), CAST($5 AS BOOLEAN)
              FROM class_reach b
              LEFT JOIN class_reach c ON c.class_id = b.class_id AND c.period = $2
              LEFT JOIN class_reach y ON y.class_id = b.class_id AND y.period = $3
              WHERE b.school_id = $4 AND b.period = 'all' AND b.students > 0
              ON CONFLICT (week_end, class_id) DO UPDATE SET
                semester = excluded.semester, school_id = excluded.school_id, town_id = excluded.town_id,
                setting = excluded.setting, students = excluded.students, special = excluded.special,
                told = excluded.told, confirmed = excluded.confirmed, talked = excluded.talked, met = excluded.met,
                father = excluded.father, mother = excluded.mother, visited = excluded.visited,
                never = excluded.never, t_good = excluded.t_good, t_neutral = excluded.t_neutral,
                t_concern = excluded.t_concern, t_complaint = excluded.t_complaint, entire = excluded.entire"
        ),
        &[&end, &code, &year, &school, &true],
    )?;
    Ok(())
}

/// Sums the classes of every school, and all schools by town and country, for the weeks that end between two days.
///
/// # Errors
/// As any statement.
pub fn sum_units(tx: &mut Tx, from: Date, to: Date) -> Result<()> {
    tx.exec(sql!("DELETE FROM unit_week WHERE week_end >= $1 AND week_end <= $2"), &[&from, &to])?;
    tx.exec(
        sql!(
            "INSERT INTO unit_week (kind, week_end, unit_id, setting, semester, entire, classes, students, special,
                                     told, confirmed, talked, met, father, mother, visited, never, t_good, t_neutral,
                                     t_concern, t_complaint)
              SELECT 'school', week_end, school_id, MIN(setting), MIN(semester), MIN(CASE WHEN entire THEN 1 ELSE 0 END) > 0,
                     COUNT(*), CAST(SUM(students) AS BIGINT), CAST(SUM(special) AS BIGINT), CAST(SUM(told) AS BIGINT),
                     CAST(SUM(confirmed) AS BIGINT), CAST(SUM(talked) AS BIGINT), CAST(SUM(met) AS BIGINT),
                     CAST(SUM(father) AS BIGINT), CAST(SUM(mother) AS BIGINT), CAST(SUM(visited) AS BIGINT),
                     CAST(SUM(never) AS BIGINT), CAST(SUM(t_good) AS BIGINT), CAST(SUM(t_neutral) AS BIGINT),
                     CAST(SUM(t_concern) AS BIGINT), CAST(SUM(t_complaint) AS BIGINT)
              FROM class_week WHERE week_end >= $1 AND week_end <= $2 GROUP BY week_end, school_id"
        ),
        &[&from, &to],
    )?;
    tx.exec(
        sql!(
            "INSERT INTO unit_week (kind, week_end, unit_id, setting, semester, entire, classes, students, special,
                                     told, confirmed, talked, met, father, mother, visited, never, t_good, t_neutral,
                                     t_concern, t_complaint)
              SELECT 'district', week_end, 0, setting, MIN(semester), MIN(CASE WHEN entire THEN 1 ELSE 0 END) > 0,
                     CAST(SUM(classes) AS BIGINT), CAST(SUM(students) AS BIGINT), CAST(SUM(special) AS BIGINT),
                     CAST(SUM(told) AS BIGINT), CAST(SUM(confirmed) AS BIGINT), CAST(SUM(talked) AS BIGINT),
                     CAST(SUM(met) AS BIGINT), CAST(SUM(father) AS BIGINT), CAST(SUM(mother) AS BIGINT),
                     CAST(SUM(visited) AS BIGINT), CAST(SUM(never) AS BIGINT), CAST(SUM(t_good) AS BIGINT),
                     CAST(SUM(t_neutral) AS BIGINT), CAST(SUM(t_concern) AS BIGINT), CAST(SUM(t_complaint) AS BIGINT)
              FROM unit_week WHERE kind = 'school' AND week_end >= $1 AND week_end <= $2 GROUP BY week_end, setting"
        ),
        &[&from, &to],
    )?;
    Ok(())
}

record! {
    /// One week of a school, a class or all schools of town or country.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct Week {
        /// School or class; 0 for all schools.
        pub key: Id,
        /// Its Sunday.
        pub end: Date,
        /// `urban` or `rural`.
        pub setting: String,
        /// Semester its counters belong to.
        pub semester: String,
        /// Whether messages merely sent, parents and tones were kept too; weeks of the first days lack them.
        pub entire: bool,
        /// Classes.
        pub classes: i64,
        /// Children.
        pub students: i64,
        /// Of special groups: sensitive.
        pub special: i64,
        /// Reached this semester, at least by a message.
        pub told: i64,
        /// At least confirmed.
        pub confirmed: i64,
        /// Talked with.
        pub talked: i64,
        /// Met.
        pub met: i64,
        /// Whose father was reached.
        pub father: i64,
        /// Whose mother was reached.
        pub mother: i64,
        /// Visited this school year.
        pub visited: i64,
        /// Never reached at all.
        pub never: i64,
        /// Contacts with good news.
        pub good: i64,
        /// Everyday contacts.
        pub neutral: i64,
        /// Contacts out of care.
        pub concern: i64,
        /// Complaints.
        pub complaint: i64,
    }
}

impl Week {
    /// The same as figures of today have it.
    pub fn figures(&self) -> Figures {
        Figures {
            key: self.key,
            setting: self.setting.clone(),
            classes: self.classes,
            students: self.students,
            special: self.special,
            told: self.told,
            confirmed: self.confirmed,
            talked: self.talked,
            met: self.met,
            father: self.father,
            mother: self.mother,
            visited: self.visited,
            good: self.good,
            neutral: self.neutral,
            concern: self.concern,
            complaint: self.complaint,
            ever: self.students - self.never,
        }
    }

    /// Children reached so deeply; `None` for what the week does not know.
    pub const fn reached(&self, least: Depth) -> Option<i64> {
        match least {
            Depth::Told if !self.entire => None,
            Depth::Told => Some(self.told),
            Depth::Confirmed => Some(self.confirmed),
            Depth::Talked => Some(self.talked),
            Depth::Met => Some(self.met),
        }
    }
}

macro_rules! unit_weeks_sql {
    ($scope:literal) => {
        sql!(concat!(
            "SELECT unit_id, week_end, setting, semester, entire, classes, students, special, told, confirmed, talked,
                    met, father, mother, visited, never, t_good, t_neutral, t_concern, t_complaint
             FROM unit_week WHERE ",
            $scope
        ))
    };
}

/// The weeks of the district between two days, town and country apart.
///
/// # Errors
/// As any statement.
pub fn of_district(r: &mut Reader, from: Date, to: Date) -> Result<Vec<Week>> {
    r.rows(
        unit_weeks_sql!("kind = 'district' AND week_end >= $1 AND week_end <= $2 ORDER BY week_end, setting"),
        &[&from, &to],
    )
}

/// The weeks of a school.
///
/// # Errors
/// As any statement.
pub fn of_school(r: &mut Reader, school: Id, from: Date, to: Date) -> Result<Vec<Week>> {
    r.rows(
        unit_weeks_sql!("unit_id = $3 AND week_end >= $1 AND week_end <= $2 ORDER BY week_end, setting"),
        &[&from, &to, &school],
    )
}

/// Every school at a week's end.
///
/// # Errors
/// As any statement.
pub fn schools_at(r: &mut Reader, week_end: Date) -> Result<Vec<Week>> {
    r.rows(unit_weeks_sql!("kind = 'school' AND week_end = $1 ORDER BY unit_id"), &[&week_end])
}

/// The classes of a school at a week's end.
///
/// # Errors
/// As any statement.
pub fn classes_at(r: &mut Reader, week_end: Date, school: Id) -> Result<Vec<Week>> {
    r.rows(
        sql!(
            "SELECT class_id, week_end, setting, semester, entire, CAST(1 AS BIGINT), students, special, told, confirmed,
                    talked, met, father, mother, visited, never, t_good, t_neutral, t_concern, t_complaint
              FROM class_week WHERE school_id = $1 AND week_end = $2 ORDER BY class_id"
        ),
        &[&school, &week_end],
    )
}
