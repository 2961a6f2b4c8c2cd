//! What an import changed, pupil by pupil, each with the way to the roll.

use super::batch_of;
use crate::roster::import::written_page;
use crate::unit;
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Id, Result};
use gongyu_web::{Get, Holder, Reply, filters};

struct Line {
    id: Id,
    name: String,
    class: Option<(Id, String)>,
    school: String,
    is_new: bool,
}

#[derive(Template)]
#[template(path = "roster/pages/changes.html")]
struct Page {
    id: String,
    file: String,
    lines: Vec<Line>,
    next: Option<Id>,
}

/// Shows what was written, the latest part first.
pub(super) fn show(g: &mut Get<'_>, at: Holder<right::ImportRoster>) -> Result<Reply> {
    let batch = batch_of(g.r, &at.actor, g.req.id()?)?;
    let before = g.req.query.get("before").parse().unwrap_or(Id(i64::MAX));
    let (pupils, next) = written_page(g.r, batch.id, before)?;
    let places: Vec<Id> = pupils.iter().flat_map(|p| [Some(p.school), p.class]).flatten().collect();
    let year = crate::year::current(g.r)?.start;
    let names = unit::names(g.r, &places, year)?;
    let named = |id: Id| names.get(&id).cloned().unwrap_or_default();
    let lines = pupils
        .into_iter()
        .map(|p| Line {
            id: p.id,
            class: p.class.map(|class| (class, named(class))),
            school: named(p.school),
            is_new: p.is_new,
            name: p.name,
        })
        .collect();
    let page = Page { id: batch.id.to_string(), file: batch.file_name, lines, next };
    g.page(g.t("roster-changes-title"), "roster", &page)
}
