//! How far a school reached its families: its classes in the order of need.

use super::super::cards::Cards;
use super::crumbs::{Crumb, crumbs};
use super::district::{answer, never_words, updated};
use crate::reach::{
    self, Choice, Moment, Row, Tones, class_groups, depth_choices, duties_by_school, semester_choices, sum,
};
use askama::Template;
use gongyu_access::{Action, right};
use gongyu_kernel::{Id, Result};
use gongyu_registry::permit::ForSchool;
use gongyu_web::filters;
use gongyu_web::{Get, Reply};

#[derive(Template)]
#[template(path = "dashboard/pages/school.html")]
struct School {
    here: String,
    id: Id,
    name: String,
    crumbs: Vec<Crumb>,
    answer: String,
    never_text: String,
    updated: String,
    semesters: Vec<Choice>,
    depths: Vec<Choice>,
    as_of: String,
    today: String,
    setting: &'static str,
    query: String,
    cards: Cards,
    tones: Option<Tones>,
    rows: Vec<Row>,
    trend: Option<String>,
    empty: bool,
}

pub fn show(g: &mut Get<'_>, at: ForSchool<right::SeeReach>) -> Result<Reply> {
    let school = &at.school;
    let moment = Moment::read(g.r, &g.req.query)?;
    let classes = class_groups(g.r, &moment, school.id)?;
    let view = g.view().clone();
    let whole = sum(&classes);
    let duties = if moment.is_now() && at.actor.may(Action::SeeDuties).is_ok() {
        duties_by_school(g.r, std::slice::from_ref(school))?.remove(&school.id)
    } else {
        None
    };
    let cards = match &whole {
        Some(whole) => Cards {
            parents: moment.entire,
            never_page: format!("/never?school={}", school.id),
            duties_page: format!("/duties?school={}", school.id),
            ..Cards::of(&view, whole, (0, 0), duties)
        },
        None => Cards::default(),
    };
    let rural = school.setting.is_some_and(|s| s.code() == "rural");
    let now = whole.as_ref().filter(|_| moment.is_now()).map(|w| {
        let part = (w.reached(), w.figures.students);
        if rural { ((0, 0), part) } else { (part, (0, 0)) }
    });
    let trend = reach::of_school(g.r, &moment, school.id, now)?;
    let query = &g.req.query;
    let body = School {
        here: format!("/schools/{}/reach", school.id),
        id: school.id,
        name: school.name.clone(),
        crumbs: crumbs(g.r, &view, &at.actor, school)?,
        answer: whole.as_ref().map(|w| answer(&view, w, &moment)).unwrap_or_default(),
        never_text: whole.as_ref().map(|w| never_words(&view, w.never())).unwrap_or_default(),
        updated: updated(&view, &moment),
        semesters: semester_choices(g.r, &view, &moment)?,
        depths: depth_choices(&view, &moment),
        as_of: query.get("as_of").to_owned(),
        today: view.today().to_string(),
        setting: "",
        query: query.query_with(&[]),
        tones: whole.as_ref().and_then(|w| Tones::of(&w.figures)),
        rows: classes.iter().map(|c| Row::of(c, None)).collect(),
        trend: if trend.is_empty() { None } else { Some(trend.figure(&view)?) },
        empty: whole.is_none(),
        cards,
    };
    let nav = if at.actor.may(Action::SeeDistrict).is_ok() { "district" } else { "never" };
    Ok(g.page(school.name.clone(), nav, &body)?.script("echarts.js").script("chart.js"))
}
