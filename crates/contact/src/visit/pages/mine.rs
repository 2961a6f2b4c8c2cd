//! The first page of visits, by role: a class teacher's class, others' own visits, a unit's figures.

use super::class::{self, Line, Todo};
use crate::visit::follow;
use crate::visit::model::State;
use crate::visit::store;
use askama::Template;
use gongyu_access::{Actor, Role, right};
use gongyu_kernel::{Id, Result};
use gongyu_registry::unit::{self, UnitKind};
use gongyu_web::filters;
use gongyu_web::{Get, Holder, Reply};

#[derive(Template)]
#[template(path = "visit/pages/mine.html")]
struct Page {
    phone: bool,
    figures: Option<String>,
    lines: Vec<Line>,
    todos: Vec<Todo>,
}

pub(super) fn show(g: &mut Get<'_>, at: Holder<right::SeeVisits>) -> Result<Reply> {
    let here = unit::find(g.r, at.actor.unit()?)?;
    match (at.actor.hat.role, here.kind) {
        (Role::ClassTeacher, UnitKind::Class) => class::show(g, &at.actor, &here),
        (Role::TownOfficer, _) => Ok(Reply::to(format!("/towns/{}/visits", here.id))),
        (Role::DistrictOfficer | Role::DistrictAdmin, _) => Ok(Reply::to("/district/visits")),
        (Role::Supervisor, UnitKind::School) => Ok(Reply::to(format!("/schools/{}/visits", here.id))),
        (Role::Supervisor, _) => Ok(Reply::to("/district/visits")),
        _ => mine(g, &at.actor, (here.kind == UnitKind::School).then(|| format!("/schools/{}/visits", here.id))),
    }
}

fn mine(g: &mut Get<'_>, actor: &Actor, figures: Option<String>) -> Result<Reply> {
    let view = g.view().clone();
    let today = view.today();
    let mut visits = store::of_staff(g.r, actor)?;
    let since = today.saturating_sub(jiff::Span::new().days(60));
    visits.extend(store::of_day(g.r, actor, since, today)?.into_iter().filter(|v| v.state == State::Done));
    let tasks = follow::open_tasks(g.r, actor.staff.unwrap_or_default(), Id(0), 30)?;
    let todos = class::todos(g.r, &view, &tasks)?;
    let body = Page {
        phone: view.phone,
        figures,
        lines: visits.iter().map(|v| Line::of(&view, v, actor.staff)).collect(),
        todos,
    };
    g.page(g.t("visit-nav"), "visits", &body)
}
