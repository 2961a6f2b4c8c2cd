//! The public page of answers.

use super::words::{Choice, topics};
use crate::caseload::model::Topic;
use crate::caseload::store::{self, PublicAnswer};
use askama::Template;
use gongyu_kernel::{Id, Result};
use gongyu_registry::unit;
use gongyu_web::permit::Anyone;
use gongyu_web::{Get, Reply, filters};

/// Answers on a page.
const MOST: i64 = 100;

#[derive(Template)]
#[template(path = "caseload/pages/answers.html")]
struct Page {
    school: Option<(Id, String)>,
    topics: Vec<Choice>,
    chosen: bool,
    rows: Vec<PublicAnswer>,
}

pub(super) fn show(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    let topic = Topic::parse(g.req.query.get("topic"));
    let school = match g.req.query.id("school") {
        Some(id) => unit::find(g.r, id).ok().map(|u| (u.id, u.name)),
        None => None,
    };
    let rows = store::public_answers(g.r, school.as_ref().map(|(id, _)| *id), topic, MOST)?;
    let view = g.view().clone();
    let body = Page { school, topics: topics(&view, topic.map_or("", Topic::code)), chosen: topic.is_some(), rows };
    Ok(g.page(g.t("case-answers-title"), "", &body)?.bare())
}
