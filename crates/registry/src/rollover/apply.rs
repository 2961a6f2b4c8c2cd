//! Doing the turn of the year, class by class, each in one small write; a worker that is lost is
//! followed by one that goes on where it stopped.

use super::names;
use super::rules::{self, ClassNow};
use super::store::{self, Done, Turn};
use crate::people::{self, StudentState};
use crate::roster::class_label::ClassKey;
use crate::unit::{self, NewUnit, Unit, UnitKind};
use crate::year;
use gongyu_access::{Role, grant};
use gongyu_kernel::calendar::SchoolYear;
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_store::jobs::{self, Handler};
use gongyu_store::{Tx, audit};
use gongyu_web::App;
use serde::{Deserialize, Serialize};

pub(super) const SCHOOL: &str = "rollover.school";
pub(super) const ALL: &str = "rollover.all";

pub(super) const HANDLERS: &[Handler<App>] = &[
    Handler { kind: SCHOOL, run: school_job },
    Handler { kind: ALL, run: all_job },
    Handler { kind: names::KIND, run: names::job },
];

/// Pupils let go in one write: each takes about five small statements.
const PUPILS: i64 = 60;
/// Keeps nobody: no account has this identifier.
const NOBODY: Id = Id(0);

/// What the job for one school is told.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct SchoolTask {
    pub(super) school: Id,
    pub(super) year: i16,
}

/// What the job for the whole district is told.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct AllTask {
    pub(super) year: i16,
    pub(super) keep_teachers: bool,
    pub(super) by: Id,
}

/// How far the job for the whole district is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Progress {
    pub(super) done: usize,
    pub(super) total: usize,
}

fn school_job(app: &App, _: Id, payload: &str) -> Result<()> {
    let task: SchoolTask = serde_json::from_str(payload)?;
    turn_school(app, task.school, task.year)
}

/// Decides every school that has not been decided yet as usual, and does them one after the other.
fn all_job(app: &App, job: Id, payload: &str) -> Result<()> {
    let task: AllTask = serde_json::from_str(payload)?;
    let schools = app.db.read_wait(move |r| store::schools(r, task.year))?;
    let open: Vec<Id> = schools.iter().filter(|s| s.state != Some(store::State::Done)).map(|s| s.id).collect();
    let total = open.len();
    for (done, school) in open.into_iter().enumerate() {
        app.db.write_wait(move |tx| {
            if store::find(tx, school, task.year)?.is_none() {
                let unit = unit::find(tx, school)?;
                if unit.kind_of_school().is_some() {
                    let usual = rules::usual_entrants(&store::school_now(tx, &unit)?, task.year);
                    store::decide(tx, school, task.year, &usual, task.keep_teachers, task.by)?;
                }
            }
            jobs::progress(tx, job, &Progress { done, total })
        })?;
        turn_school(app, school, task.year)?;
    }
    Ok(())
}

/// The turn of one school that was decided; nothing when it was not, or is done.
fn turn_school(app: &App, school: Id, year_start: i16) -> Result<()> {
    let (turn, unit, now, last_day) = app.db.read_wait(move |r| {
        let unit = unit::find(r, school)?;
        let now = match unit.kind_of_school() {
            Some(_) => Some(store::school_now(r, &unit)?),
            None => None,
        };
        let begins = year::calendar(r)?.year_dates(SchoolYear { start: year_start }).first_from;
        let before = begins.yesterday().map_err(Error::internal)?;
        Ok((store::find(r, school, year_start)?, unit, now, before.min(r.today())))
    })?;
    let (Some(turn), Some(now)) = (turn.filter(|t| t.state == store::State::Running), now) else { return Ok(()) };
    let plan = rules::plan(&now, year_start, &turn.entrants()?);
    for class in plan.graduating {
        while !graduate(app, turn.id, &class, None, last_day)? {}
    }
    if !turn.keep_teachers {
        for class in &plan.staying {
            let (turn, class) = (turn.id, class.id);
            app.db.write_wait(move |tx| {
                let ended = grant::end_others(tx, class, Role::ClassTeacher, NOBODY, last_day)?;
                store::add(tx, turn, Done { ended: ended as i64, ..Done::default() })
            })?;
        }
    }
    for chunk in plan.opening.chunks(20) {
        let (turn, unit, keys) = (turn.id, unit.clone(), chunk.to_vec());
        app.db.write_wait(move |tx| open_classes(tx, turn, &unit, &keys, last_day))?;
    }
    for (class, next) in plan.going_on {
        let key = next;
        let to = app.db.read_wait(move |r| unit::class_by_key(r, school, &key))?.ok_or(Error::NotFound)?;
        while !graduate(app, turn.id, &class, Some((school, to.id)), last_day)? {}
    }
    finish(app, turn, school)
}

/// Lets some pupils of a class graduate, or go on to another class of the school; when none is left, closes it. True when it is closed.
fn graduate(app: &App, turn: Id, class: &ClassNow, to: Option<(Id, Id)>, last_day: Date) -> Result<bool> {
    let (on, class) = (app.clone(), class.id);
    app.db.write_wait(move |tx| {
        let pupils = store::pupils(tx, class, PUPILS)?;
        let mut changes = Vec::new();
        for pupil in &pupils {
            changes.push(match to {
                None => people::leave(tx, *pupil, last_day, StudentState::Graduated)?,
                Some((school, class)) => {
                    let from = last_day.tomorrow().map_err(Error::internal)?;
                    people::move_to_class(tx, *pupil, school, Some(class), from, "new_year")?
                }
            });
        }
        on.membership_changed(tx, &changes)?;
        let more = pupils.len() as i64 == PUPILS;
        let mut done = Done { graduated: if to.is_none() { pupils.len() as i64 } else { 0 }, ..Done::default() };
        if !more && unit::find(tx, class)?.valid_to.is_none() {
            for role in [Role::ClassTeacher, Role::SubjectTeacher] {
                done.ended += grant::end_others(tx, class, role, NOBODY, last_day)? as i64;
            }
            unit::close(tx, class, last_day)?;
            done.closed = 1;
        }
        store::add(tx, turn, done)?;
        Ok(!more)
    })
}

fn open_classes(tx: &mut Tx, turn: Id, school: &Unit, keys: &[ClassKey], last_day: Date) -> Result<()> {
    let valid_from = last_day.tomorrow().map_err(Error::internal)?;
    let mut opened = 0;
    for key in keys {
        if unit::class_by_key(tx, school.id, key)?.is_some() {
            continue;
        }
        let name = key.display(key.entry_year);
        let new = NewUnit {
            kind: UnitKind::Class,
            code: "",
            name: &name,
            short_name: "",
            parent: Some(school.id),
            school_kind: None,
            setting: None,
            class: Some(*key),
            phone: "",
            valid_from,
        };
        unit::create(tx, &new)?;
        opened += 1;
    }
    store::add(tx, turn, Done { opened, ..Done::default() })
}

fn finish(app: &App, turn: Turn, school: Id) -> Result<()> {
    app.db.write_wait(move |tx| {
        if !store::finish(tx, turn.id)? {
            return Ok(());
        }
        let done = store::find(tx, school, turn.year)?.ok_or(Error::NotFound)?;
        let detail = serde_json::json!({
            "year": done.year, "closed": done.classes_closed, "graduated": done.pupils_graduated,
            "opened": done.classes_opened, "teachers": done.teachers_ended,
        })
        .to_string();
        audit::note(
            tx,
            &audit::Entry {
                account: Some(turn.decided_by),
                action: "rollover.done",
                object_kind: "unit",
                object: Some(school),
                school: Some(school),
                detail: &detail,
                ..audit::Entry::default()
            },
        )
    })
}
