//! The duties of one school.

use super::super::line::{Count, Line, States, Wanted, chips, wanted};
use crate::dashboard::{Crumb, crumbs};
use askama::Template;
use gongyu_access::{Actor, right};
use gongyu_kernel::Result;
use gongyu_ledger::duty;
use gongyu_ledger::rules::DutyStatus;
use gongyu_registry::permit::ForSchool;
use gongyu_registry::unit::Unit;
use gongyu_registry::year;
use gongyu_web::filters;
use gongyu_web::{Get, Reply};

#[derive(Template)]
#[template(path = "duties/pages/school.html")]
struct School {
    crumbs: Vec<Crumb>,
    name: String,
    late: usize,
    chips: Vec<States>,
    lines: Vec<Line>,
}

pub fn show(g: &mut Get<'_>, at: ForSchool<right::SeeDuties>) -> Result<Reply> {
    page(g, &at.actor, &at.school)
}

pub(super) fn page(g: &mut Get<'_>, actor: &Actor, school: &Unit) -> Result<Reply> {
    let (found, calendar, view) = (duty::school_lines(g.r, school)?, year::calendar(g.r)?, g.view().clone());
    let statuses: Vec<DutyStatus> = found.iter().map(|l| l.status).collect();
    let base = format!("/schools/{}", school.id);
    let lines: Vec<Line> = found.iter().map(|l| Line::of(&view, actor, &calendar, &base, l)).collect();
    let body = School {
        crumbs: crumbs(g.r, &view, actor, school)?,
        name: school.name.clone(),
        late: statuses.iter().filter(|s| matches!(s, DutyStatus::Overdue { .. })).count(),
        chips: chips(&g.req.query, &statuses),
        lines: wanted(lines, Wanted::read(&g.req.query)),
    };
    g.page(view.t("duties-title"), "duties", &body)
}
