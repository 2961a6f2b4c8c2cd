//! The classes and families of one school.

use super::class_words;
use crate::permit::ForSchool;
use crate::unit::{self, UnitKind};
use crate::year;
use askama::Template;
use gongyu_access::{Action, Role, right};
use gongyu_kernel::{Id, Result};
use gongyu_web::filters;
use gongyu_web::{Get, Holder, Reply};

struct Row {
    id: Id,
    name: String,
    new_grade: bool,
    grade: String,
    teachers: String,
    pupils: i64,
    activated: i64,
}

#[derive(Template)]
#[template(path = "unit/pages/classes.html")]
struct Classes {
    school: Id,
    school_name: String,
    rows: Vec<Row>,
    pupils: i64,
    activated: i64,
    without_teacher: usize,
    prints: bool,
    staff: bool,
    settles: bool,
}

/// Leads to the classes of the hat's own school, or to the one class of a class hat.
pub(super) fn mine(g: &mut Get<'_>, at: Holder<right::SeeClass>) -> Result<Reply> {
    let here = unit::find(g.r, at.actor.unit()?)?;
    Ok(Reply::to(match here.kind {
        UnitKind::School => format!("/schools/{}/classes", here.id),
        UnitKind::Class => format!("/classes/{}/students", here.id),
        _ => "/schools".to_owned(),
    }))
}

pub(super) fn show(g: &mut Get<'_>, at: ForSchool<right::SeeClass>) -> Result<Reply> {
    let start = year::current(g.r)?.start;
    let lines = unit::class_lines(g.r, at.school.id)?;
    let mut last_grade = String::new();
    let mut rows = Vec::with_capacity(lines.len());
    for line in lines {
        let (grade, name) = class_words(&line.class, start);
        rows.push(Row {
            id: line.class.id,
            name,
            new_grade: grade != last_grade,
            grade: grade.clone(),
            teachers: line.teachers.join("、"),
            pupils: line.pupils,
            activated: line.activated,
        });
        last_grade = grade;
    }
    let body = Classes {
        school: at.school.id,
        school_name: at.school.name.clone(),
        pupils: rows.iter().map(|r| r.pupils).sum(),
        activated: rows.iter().map(|r| r.activated).sum(),
        without_teacher: rows.iter().filter(|r| r.teachers.is_empty()).count(),
        prints: at.actor.may(Action::PrintCards).is_ok(),
        staff: at.actor.may(Action::SeeSchool).is_ok(),
        settles: at.actor.may(Action::EditGuardians).is_ok(),
        rows,
    };
    let nav =
        if matches!(at.actor.hat.role, Role::DistrictOfficer | Role::DistrictAdmin) { "schools" } else { "classes" };
    g.page(g.t("units-nav-classes"), nav, &body)
}
