//! A guardian's first page: the three doors of their children's schools, and what they wrote or said.

use super::words::{Mark, door_icon, mark};
use crate::caseload::model::{Matter, State};
use crate::caseload::permit::as_guardian;
use crate::caseload::settings::doors_of;
use crate::caseload::store;
use askama::Template;
use gongyu_kernel::{Id, Result};
use gongyu_registry::{people, unit};
use gongyu_store::Reader;
use gongyu_web::permit::Signed;
use gongyu_web::{Get, Reply, filters};

pub(super) struct School {
    pub(super) id: Id,
    pub(super) name: String,
    pub(super) line: String,
    pub(super) hours: String,
}

struct Row {
    href: String,
    icon: &'static str,
    title: String,
    meta: String,
    mark: Mark,
}

#[derive(Template)]
#[template(path = "caseload/pages/mine.html")]
struct Page {
    schools: Vec<School>,
    rows: Vec<Row>,
}

/// The schools of a guardian's children, each once, with its published number.
pub(super) fn schools_of(r: &mut Reader, guardian: Id) -> Result<Vec<School>> {
    let mut ids: Vec<Id> = people::children_of(r, guardian)?.iter().map(|c| c.school).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut out = Vec::with_capacity(ids.len());
    for id in ids {
        let (school, doors) = (unit::find(r, id)?, doors_of(r, id)?);
        let line = if doors.line.is_empty() { school.phone } else { doors.line };
        out.push(School { id, name: school.name, line, hours: doors.hours });
    }
    Ok(out)
}

pub(super) fn show(g: &mut Get<'_>, Signed(actor): Signed) -> Result<Reply> {
    let guardian = as_guardian(&actor)?;
    let schools = schools_of(g.r, guardian)?;
    let view = g.view().clone();
    let mut rows = Vec::new();
    for m in store::mine(g.r, guardian)? {
        let matter: Matter = store::opened(&g.app.vault, m.id, &m.sealed)?;
        let answered = m.state == State::Merged && m.answered_on.is_some();
        let state = if answered { State::Answered } else { m.state };
        rows.push(Row {
            href: format!("/mailbox/{}", m.id),
            icon: door_icon(m.door),
            title: matter.title,
            meta: format!("{} · {}", view.day(m.received_on), view.t(m.topic.label_key())),
            mark: mark(&view, state, m.due_on),
        });
    }
    g.page(g.t("case-family-title"), "mailbox", &Page { schools, rows })
}
