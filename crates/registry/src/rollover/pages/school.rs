//! The turn of the year in one school: before and after, what to decide, what is odd.

use super::super::apply::{self, SchoolTask};
use super::super::rules::{self, Course, Entrants, Fate, MOST_CLASSES, due_year};
use super::super::store::{self, State, Turn};
use super::list::wait;
use crate::permit::ForSchool;
use crate::roster::class_label::Stage;
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Error, Id, Result};
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Post, Reply};

/// A class before and after.
struct Line {
    before: String,
    after: String,
    graduates: bool,
    pupils: i64,
    teacher: Option<String>,
}

/// How many classes a stage gets.
struct Field {
    name: String,
    label: String,
    value: String,
    problem: String,
}

#[derive(Template)]
#[template(path = "rollover/pages/school.html")]
struct SchoolPage {
    id: Id,
    name: String,
    whole: bool,
    lead: String,
    lines: Vec<Line>,
    opening: Vec<String>,
    graduating: i64,
    without_teacher: usize,
    without_class: i64,
    fields: Vec<Field>,
    most: u16,
    keep: bool,
    turn: Option<Turn>,
}

impl SchoolPage {
    fn is_done(&self) -> bool {
        self.turn.as_ref().is_some_and(|t| t.state == State::Done)
    }
}

/// Name of the form field of a course.
fn field_name(course: Course) -> String {
    format!("entrants-{}", String::from(course))
}

fn label(g: &Get<'_>, course: Course) -> String {
    if !course.speciality.is_none() {
        return g.ta("rollover-speciality", &[("name", course.speciality.to_string().into())]);
    }
    g.t(match course.stage {
        Stage::Kindergarten => "rollover-stage-kindergarten",
        Stage::Primary => "rollover-stage-primary",
        Stage::Junior => "rollover-stage-junior",
        Stage::Senior => "rollover-stage-senior",
        Stage::Vocational => "rollover-stage-vocational",
        Stage::Special => "rollover-stage-special",
    })
}

pub(super) fn show(g: &mut Get<'_>, at: ForSchool<right::ImportRoster>) -> Result<Reply> {
    let Some(year) = due_year(g.r.today()) else { return wait(g) };
    let now = store::school_now(g.r, &at.school)?;
    let turn = store::find(g.r, at.school.id, year)?;
    let entrants = match &turn {
        Some(turn) => turn.entrants()?,
        None => rules::usual_entrants(&now, year),
    };
    let plan = rules::plan(&now, year, &entrants);
    let lines = now.classes.iter().map(|class| {
        let graduates = rules::fate(&class.key, year) == Fate::Graduates;
        Line {
            before: class.key.display(year - 1),
            after: if graduates { String::new() } else { class.key.display(year) },
            graduates,
            pupils: class.pupils,
            teacher: class.teacher.clone(),
        }
    });
    let fields = entrants
        .0
        .iter()
        .map(|(course, n)| {
            let name = field_name(*course);
            Field {
                label: label(g, *course),
                value: g.value(&name, &n.to_string()).to_owned(),
                problem: g.problem(&name),
                name,
            }
        })
        .collect();
    let page = SchoolPage {
        id: at.school.id,
        whole: at.actor.unit()? != at.school.id,
        lead: g.ta("rollover-school-lead", &[("from", i64::from(year).into()), ("to", i64::from(year + 1).into())]),
        lines: lines.collect(),
        opening: plan.opening.iter().map(|key| key.display(year)).collect(),
        graduating: plan.pupils_graduating,
        without_teacher: plan.without_teacher,
        without_class: plan.without_class,
        fields,
        most: MOST_CLASSES,
        keep: g.value("teachers", "keep") != "empty",
        turn,
        name: at.school.name.clone(),
    };
    g.page(at.school.name, "rollover", &page)
}

pub(super) fn save(p: &mut Post<'_>, at: ForSchool<right::ImportRoster>) -> Result<Reply> {
    let year = due_year(p.tx.today()).ok_or_else(|| Error::conflict("rollover-too-early"))?;
    let now = store::school_now(p.tx, &at.school)?;
    let mut invalid = Invalid::default();
    let mut entrants = Entrants::default();
    for course in rules::usual_entrants(&now, year).0.into_keys() {
        let n = p.form().number(&field_name(course), 0, i64::from(MOST_CLASSES), &mut invalid);
        entrants.0.insert(course, u16::try_from(n).unwrap_or(0));
    }
    invalid.into_result()?;
    let keep_teachers = p.form().get("teachers") != "empty";
    let back = format!("/rollover/{}", at.school.id);
    if !store::decide(p.tx, at.school.id, year, &entrants, keep_teachers, at.actor.account)? {
        return Ok(Reply::to_with(back, Flash::new("rollover-already")));
    }
    gongyu_store::jobs::enqueue(p.tx, apply::SCHOOL, &SchoolTask { school: at.school.id, year })?;
    let detail = serde_json::json!({ "year": year, "entrants": entrants, "keep_teachers": keep_teachers }).to_string();
    p.audit("rollover.decided", ("unit", Some(at.school.id)), &detail)?;
    Ok(Reply::to_with(back, Flash::new("rollover-begun")))
}
