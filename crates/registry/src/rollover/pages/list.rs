//! The turn of the year in the whole district: which schools are done, what the others will do.

use super::super::apply::{self, AllTask};
use super::super::rules::{Course, Fate, due_year, fate, next_class};
use super::super::store::{self, Cohort, SchoolLine, State};
use crate::roster::class_label::{ClassKey, Stage};
use crate::unit::{self, UnitKind};
use askama::Template;
use gongyu_access::{Action, right};
use gongyu_kernel::{Error, Id, Result};
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Holder, Post, Reply};

/// One school of the list.
struct Line {
    school: SchoolLine,
    classes: i64,
    graduating: i64,
    opening: i64,
    no_teacher: i64,
    no_class: i64,
}

impl Line {
    fn done(&self) -> bool {
        self.school.state == Some(State::Done)
    }
    /// What was done, else what would be done as usual: classes that graduate and classes that are made.
    fn figures(&self) -> (i64, i64) {
        (self.school.classes_closed.unwrap_or(self.graduating), self.school.classes_opened.unwrap_or(self.opening))
    }
    fn running(&self) -> bool {
        self.school.state == Some(State::Running)
    }
}

#[derive(Template)]
#[template(path = "rollover/pages/list.html")]
struct List {
    lead: String,
    lines: Vec<Line>,
    open: usize,
    done: usize,
    may_all: bool,
}

#[derive(Template)]
#[template(path = "rollover/pages/wait.html")]
struct Wait {
    year: i16,
}

/// The page that says that there is nothing to do before July.
pub(super) fn wait(g: &Get<'_>) -> Result<Reply> {
    let year = g.view().today().year();
    g.page(g.t("rollover-nav"), "rollover", &Wait { year })
}

fn counts(cohorts: &[Cohort], school: &SchoolLine, year: i16) -> (i64, i64, i64) {
    let total = cohorts.iter().map(|(_, _, n)| n).sum();
    let key = |stage: Stage, entry_year: i16| ClassKey::of_cohort(stage, entry_year, 1);
    let stays = |key: &ClassKey| school.kind().is_some_and(|kind| next_class(kind, key, year).is_some());
    let leaving = cohorts.iter().filter(|(course, entry, _)| {
        let key = key(course.stage, *entry);
        fate(&key, year) == Fate::Graduates && !stays(&key)
    });
    let graduating = leaving.map(|(_, _, n)| n).sum();
    let here = |course: Course| school.kind().is_some_and(|kind| kind.stages().contains(&course.stage));
    let begun =
        |course: Course| cohorts.iter().find(|(c, entry, _)| *c == course && *entry == year).map_or(0, |(_, _, n)| *n);
    let last_year = cohorts.iter().filter(|(course, entry, _)| *entry == year - 1 && here(*course));
    let opening = last_year.map(|(course, _, n)| (n - begun(*course)).max(0)).sum();
    (total, graduating, opening)
}

pub(super) fn show(g: &mut Get<'_>, by: Holder<right::ImportRoster>) -> Result<Reply> {
    let hat: Id = by.actor.unit()?;
    if unit::find(g.r, hat)?.kind == UnitKind::School {
        return Ok(Reply::to(format!("/rollover/{hat}")));
    }
    let Some(year) = due_year(g.r.today()) else { return wait(g) };
    let schools = store::schools(g.r, year)?;
    let cohorts = store::cohorts(g.r)?;
    let (no_teacher, no_class) = (store::without_teacher(g.r)?, store::without_class(g.r)?);
    let lines: Vec<Line> = schools
        .into_iter()
        .map(|school| {
            let own = cohorts.get(&school.id).map(Vec::as_slice).unwrap_or_default();
            let (classes, graduating, opening) = counts(own, &school, year);
            Line {
                classes,
                graduating,
                opening,
                no_teacher: no_teacher.get(&school.id).copied().unwrap_or(0),
                no_class: no_class.get(&school.id).copied().unwrap_or(0),
                school,
            }
        })
        .collect();
    let done = lines.iter().filter(|l| l.done()).count();
    let open = lines.iter().filter(|l| l.school.state.is_none()).count();
    let args = [
        ("from", i64::from(year).into()),
        ("to", i64::from(year + 1).into()),
        ("done", done.into()),
        ("total", lines.len().into()),
    ];
    let page = List {
        lead: g.ta("rollover-lead", &args),
        open,
        done,
        may_all: by.actor.may(Action::ManageUnits).is_ok(),
        lines,
    };
    g.page(g.t("rollover-nav"), "rollover", &page)
}

/// Does every school that has not begun, as usual.
pub(super) fn all(p: &mut Post<'_>, by: Holder<right::ManageUnits>) -> Result<Reply> {
    let year = due_year(p.tx.today()).ok_or_else(|| Error::conflict("rollover-too-early"))?;
    let keep_teachers = p.form().get("teachers") != "empty";
    let task = AllTask { year, keep_teachers, by: by.actor.account };
    let now = p.tx.now();
    let key = format!("rollover-{year}");
    gongyu_store::jobs::enqueue_once(p.tx, apply::ALL, &task, now, &key)?;
    let detail = serde_json::json!({ "year": year, "keep_teachers": keep_teachers }).to_string();
    p.audit("rollover.all", ("district", by.actor.hat.unit), &detail)?;
    Ok(Reply::to_with("/rollover", Flash::new("rollover-begun")))
}
