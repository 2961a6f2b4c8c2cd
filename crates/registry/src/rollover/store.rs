//! What the turn of the year reads and keeps.

use super::rules::{ClassNow, Course, Entrants, SchoolNow};
use crate::roster::class_label::{ClassKey, SchoolKind, Speciality, Stage};
use crate::unit::Unit;
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_store::{Reader, Tx, coded, record, sql};
use std::collections::HashMap;

/// Where a school's turn of the year stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    /// Decided; the job is at it.
    Running,
    /// Done.
    Done,
}

impl State {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::Running, Self::Done].into_iter().find(|s| s.code() == text)
    }
}
coded!(State);

record! {
    /// The turn of a year in a school.
    #[derive(Clone, Debug)]
    pub(super) struct Turn {
        pub(super) id: Id,
        pub(super) school: Id,
        pub(super) year: i16,
        pub(super) state: State,
        entrants: String,
        pub(super) keep_teachers: bool,
        pub(super) decided_by: Id,
        pub(super) done_at: Option<Millis>,
        pub(super) classes_closed: i64,
        pub(super) pupils_graduated: i64,
        pub(super) classes_opened: i64,
        pub(super) teachers_ended: i64,
    }
}

impl Turn {
    pub(super) fn entrants(&self) -> Result<Entrants> {
        Ok(serde_json::from_str(&self.entrants)?)
    }
}

pub(super) fn find(r: &mut Reader, school: Id, year: i16) -> Result<Option<Turn>> {
    r.row(
        sql!(
            "SELECT id, school_id, year_start, state, entrants, keep_teachers, decided_by, done_at, classes_closed,
                     pupils_graduated, classes_opened, teachers_ended
              FROM rollover WHERE school_id = $1 AND year_start = $2"
        ),
        &[&school, &year],
    )
}

/// Decides a school's turn; one that was decided already stays as it is. Tells whether it is new.
pub(super) fn decide(
    tx: &mut Tx,
    school: Id,
    year: i16,
    entrants: &Entrants,
    keep_teachers: bool,
    by: Id,
) -> Result<bool> {
    let (id, now, json) = (tx.new_id(), tx.now(), serde_json::to_string(entrants)?);
    let n = tx.exec(
        sql!(
            "INSERT INTO rollover (id, school_id, year_start, state, entrants, keep_teachers, decided_by, decided_at,
                                    classes_closed, pupils_graduated, classes_opened, teachers_ended)
              VALUES ($1, $2, $3, 'running', $4, $5, $6, $7, 0, 0, 0, 0) ON CONFLICT DO NOTHING"
        ),
        &[&id, &school, &year, &json, &keep_teachers, &by, &now],
    )?;
    Ok(n == 1)
}

/// What one step of the work has done.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Done {
    pub(super) closed: i64,
    pub(super) graduated: i64,
    pub(super) opened: i64,
    pub(super) ended: i64,
}

pub(super) fn add(tx: &mut Tx, turn: Id, done: Done) -> Result<()> {
    tx.exec(
        sql!(
            "UPDATE rollover SET classes_closed = classes_closed + $1, pupils_graduated = pupils_graduated + $2,
                                  classes_opened = classes_opened + $3, teachers_ended = teachers_ended + $4
              WHERE id = $5"
        ),
        &[&done.closed, &done.graduated, &done.opened, &done.ended, &turn],
    )?;
    Ok(())
}

/// Ends a school's turn; tells whether it was still running.
pub(super) fn finish(tx: &mut Tx, turn: Id) -> Result<bool> {
    let now = tx.now();
    let n = tx.exec(
        sql!("UPDATE rollover SET state = 'done', done_at = $1 WHERE id = $2 AND state = 'running'"),
        &[&now, &turn],
    )?;
    Ok(n == 1)
}

/// A school before its turn.
pub(super) fn school_now(r: &mut Reader, school: &Unit) -> Result<SchoolNow> {
    let kind = school.kind_of_school().ok_or_else(|| Error::internal("a school without its kind"))?;
    let today = r.today();
    let lines: Vec<(Id, String, i16, u16, String, i64)> = r.rows(
        sql!("SELECT u.id, u.stage, u.entry_year, u.class_no, u.speciality,
                     (SELECT COUNT(*) FROM student s WHERE s.class_id = u.id AND s.state = 'active')
              FROM unit u WHERE u.kind = 'class' AND u.school_id = $1 AND u.valid_to IS NULL
              ORDER BY CASE u.stage WHEN 'junior' THEN 1 WHEN 'senior' THEN 1 ELSE 0 END, u.entry_year DESC, u.speciality, u.class_no"),
        &[&school.id],
    )?;
    let teachers: Vec<(Id, String)> = r.rows(
        sql!(
            "SELECT g.unit_id, a.name FROM role_grant g JOIN account a ON a.id = g.account_id
                     JOIN unit u ON u.id = g.unit_id
              WHERE u.school_id = $1 AND u.kind = 'class' AND u.valid_to IS NULL AND g.role = 'class_teacher'
                AND g.valid_from <= $2 AND (g.valid_to IS NULL OR g.valid_to >= $2) ORDER BY g.id"
        ),
        &[&school.id, &today],
    )?;
    let teachers: HashMap<Id, String> = teachers.into_iter().collect();
    let without_class = r.scalar(
        sql!("SELECT COUNT(*) FROM student WHERE class_id IS NULL AND school_id = $1 AND state = 'active'"),
        &[&school.id],
    )?;
    let classes = lines.into_iter().filter_map(|(id, stage, entry_year, class_no, speciality, pupils)| {
        let key = ClassKey::of_columns(Some(&stage), Some(entry_year), Some(class_no), Some(&speciality))?;
        Some(ClassNow { id, key, pupils, teacher: teachers.get(&id).cloned() })
    });
    Ok(SchoolNow { kind, classes: classes.collect(), without_class })
}

record! {
    /// A school in the list of the whole district.
    #[derive(Clone, Debug)]
    pub(super) struct SchoolLine {
        pub(super) id: Id,
        pub(super) name: String,
        pub(super) town: String,
        school_kind: Option<String>,
        pub(super) state: Option<State>,
        pub(super) classes_closed: Option<i64>,
        pub(super) pupils_graduated: Option<i64>,
        pub(super) classes_opened: Option<i64>,
    }
}

impl SchoolLine {
    pub(super) fn kind(&self) -> Option<SchoolKind> {
        SchoolKind::from_key(self.school_kind.as_deref()?)
    }
}

/// The open schools with their turn of this year; those not begun first.
pub(super) fn schools(r: &mut Reader, year: i16) -> Result<Vec<SchoolLine>> {
    r.rows(
        sql!(
            "SELECT u.id, u.name, COALESCE(t.name, ''), u.school_kind, o.state, o.classes_closed, o.pupils_graduated,
                     o.classes_opened
              FROM unit u LEFT JOIN unit t ON t.id = u.town_id
                   LEFT JOIN rollover o ON o.school_id = u.id AND o.year_start = $1
              WHERE u.kind = 'school' AND u.valid_to IS NULL
              ORDER BY CASE WHEN o.state IS NULL THEN 0 WHEN o.state = 'running' THEN 1 ELSE 2 END, u.name_key, u.id
              LIMIT 3000"
        ),
        &[&year],
    )
}

/// A course and year of entry, and how many classes they have.
pub(super) type Cohort = (Course, i16, i64);

/// How many classes of each cohort each school has, for the list of the district.
pub(super) fn cohorts(r: &mut Reader) -> Result<HashMap<Id, Vec<Cohort>>> {
    let lines: Vec<(Id, String, String, i16, i64)> = r.rows(
        sql!(
            "SELECT school_id, stage, speciality, entry_year, COUNT(*) FROM unit
              WHERE kind = 'class' AND valid_to IS NULL GROUP BY school_id, stage, speciality, entry_year"
        ),
        &[],
    )?;
    let mut out: HashMap<Id, Vec<Cohort>> = HashMap::new();
    for (school, stage, taught, entry_year, n) in lines {
        if let Some((stage, speciality)) = Stage::from_key(&stage).zip(Speciality::read(&taught)) {
            out.entry(school).or_default().push((Course { stage, speciality }, entry_year, n));
        }
    }
    Ok(out)
}

/// Classes without a class teacher today, by school.
pub(super) fn without_teacher(r: &mut Reader) -> Result<HashMap<Id, i64>> {
    let today = r.today();
    let lines: Vec<(Id, i64)> = r.rows(
        sql!(
            "SELECT u.school_id, COUNT(*) FROM unit u
              WHERE u.kind = 'class' AND u.valid_to IS NULL AND NOT EXISTS (
                    SELECT 1 FROM role_grant g WHERE g.unit_id = u.id AND g.role = 'class_teacher'
                      AND g.valid_from <= $1 AND (g.valid_to IS NULL OR g.valid_to >= $1))
              GROUP BY u.school_id"
        ),
        &[&today],
    )?;
    Ok(lines.into_iter().collect())
}

/// Pupils in no class, by school.
pub(super) fn without_class(r: &mut Reader) -> Result<HashMap<Id, i64>> {
    let lines: Vec<(Id, i64)> = r.rows(
        sql!("SELECT school_id, COUNT(*) FROM student WHERE class_id IS NULL AND state = 'active' GROUP BY school_id"),
        &[],
    )?;
    Ok(lines.into_iter().collect())
}

/// The pupils of a class, at most `limit`.
pub(super) fn pupils(r: &mut Reader, class: Id, limit: i64) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> = r.rows(
        sql!("SELECT id FROM student WHERE class_id = $1 AND state = 'active' ORDER BY name_key, id LIMIT $2"),
        &[&class, &limit],
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
