//! The imports so far, and the form for a new one.

use super::school_of;
use crate::roster::import::{BatchState, SpecialGroup, special_groups, store};
use crate::unit;
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Id, Millis, Result};
use gongyu_web::{Get, Holder, Reply, filters};

struct Line {
    id: Id,
    file: String,
    at: Millis,
    school: String,
    state: &'static str,
    is_refused: bool,
    is_busy: bool,
    added: i64,
    changed: i64,
    moved: i64,
    gone: i64,
    waiting: i64,
}

#[derive(Template)]
#[template(path = "roster/pages/list.html")]
struct Page {
    lines: Vec<Line>,
    whole: bool,
    max_bytes: u64,
    max_mb: i64,
    problem: String,
    groups: Vec<(&'static str, bool)>,
}

/// Shows the imports of the person's school or district.
pub(super) fn show(g: &mut Get<'_>, at: Holder<right::ImportRoster>) -> Result<Reply> {
    let school = school_of(g.r, &at.actor)?;
    let batches = store::recent(g.r, school)?;
    let schools: Vec<Id> = batches.iter().filter_map(|batch| batch.school).collect();
    let year = crate::year::current(g.r)?.start;
    let names = unit::names(g.r, &schools, year)?;
    let lines = batches
        .into_iter()
        .map(|batch| Line {
            id: batch.id,
            at: batch.created_at,
            school: batch.school.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
            state: batch.state.code(),
            is_refused: batch.state == BatchState::Refused,
            is_busy: matches!(batch.state, BatchState::Reading | BatchState::Applying | BatchState::Undoing),
            added: batch.added,
            changed: batch.changed,
            moved: batch.moved,
            gone: batch.gone,
            waiting: batch.waiting(),
            file: batch.file_name,
        })
        .collect();
    let max_bytes = g.app.config.max_upload_bytes;
    let refusal = g.refusal();
    let problem = if refusal.is_empty() { g.problem("file") } else { refusal };
    let max_mb = i64::try_from(max_bytes >> 20).unwrap_or(i64::MAX);
    let chosen = special_groups(g.r)?;
    let groups = SpecialGroup::ALL.into_iter().map(|group| (group.code(), chosen.contains(&group))).collect();
    let page = Page { lines, whole: school.is_none(), max_bytes, max_mb, problem, groups };
    Ok(g.page(g.t("roster-title"), "roster", &page)?.script("upload.js"))
}
