//! Home visits: the appointments and records' heads of a class or school, and figures of a unit. What a
//! record says is not given out here.

use super::shape::{ErrorBody, id_in};
use gongyu_access::{Role, right};
use gongyu_contact::visit::figures;
use gongyu_contact::visit::store;
use gongyu_kernel::{Error, Id, Result};
use gongyu_registry::permit::unit_in_reach;
use gongyu_registry::unit::UnitKind;
use gongyu_registry::year;
use gongyu_web::permit::Holder;
use gongyu_web::{Get, Reply, api};
use serde::Serialize;
use utoipa::ToSchema;

/// A visit without its record.
#[derive(Serialize, ToSchema)]
pub(super) struct VisitBody {
    id: String,
    class: String,
    /// The children it is about.
    students: Vec<String>,
    /// `planned`, `offered`, `agreed` or `done`.
    state: &'static str,
    /// `home`, `video`, `phone` or `school`.
    way: &'static str,
    /// Day agreed, or day it happened.
    #[schema(format = Date)]
    day: Option<String>,
    /// Day by which the plan wants it.
    #[schema(format = Date)]
    due_on: Option<String>,
}

/// The visits of a class in this school year.
#[derive(Serialize, ToSchema)]
pub(super) struct Visits {
    visits: Vec<VisitBody>,
}

/// Visits of a unit counted, in children.
#[derive(Serialize, ToSchema)]
pub(super) struct VisitLine {
    id: String,
    name: String,
    students: i64,
    /// Visited this school year.
    visited: i64,
    /// Still to be visited this school year.
    left: i64,
    /// Visited this semester.
    semester: i64,
}

/// A theme of what was found.
#[derive(Serialize, ToSchema)]
pub(super) struct ThemeLine {
    theme: &'static str,
    /// Children concerned; absent from one to four.
    students: Option<i64>,
}

/// Figures of a unit.
#[derive(Serialize, ToSchema)]
pub(super) struct VisitFigures {
    parts: Vec<VisitLine>,
    /// Findings of this semester.
    themes: Vec<ThemeLine>,
}

/// The visits of a class in this school year, for tokens of the school.
#[utoipa::path(get, path = "/api/v1/visits", tag = "touches",
    params(("class" = Option<String>, Query, description = "The class; the token's own unit when left out")),
    responses(
        (status = 200, description = "The visits", body = Visits),
        (status = 401, description = "No token, or one that no longer works", body = ErrorBody),
        (status = 403, description = "The role may not see visits", body = ErrorBody),
        (status = 404, description = "The class is not in reach", body = ErrorBody),
    ))]
pub(super) fn list(g: &mut Get<'_>, at: Holder<right::UseApi>, _: Holder<right::SeeVisits>) -> Result<Reply> {
    // Visits are told by name to the school alone.
    if !matches!(at.actor.hat.role, Role::ClassTeacher | Role::MoralDirector | Role::SchoolLeader | Role::Counsellor) {
        return Err(Error::Forbidden);
    }
    let class = id_in(g.req, "class")?.map_or_else(|| at.actor.unit(), Ok)?;
    let class = unit_in_reach(g.r, &at.actor, class, Some(UnitKind::Class))?;
    let school_year = year::current(g.r)?.code();
    let visits = store::of_classes(g.r, &[class.id], &school_year)?;
    let ids: Vec<Id> = visits.iter().map(|v| v.id).collect();
    let children = store::children_of(g.r, &ids)?;
    let body = visits.into_iter().map(|v| VisitBody {
        id: v.id.to_string(),
        class: v.class.to_string(),
        students: children.iter().filter(|c| c.visit == v.id).map(|c| c.student.to_string()).collect(),
        state: v.state.code(),
        way: v.way.code(),
        day: v.day.map(|d| d.to_string()),
        due_on: v.due_on.map(|d| d.to_string()),
    });
    api::json(&Visits { visits: body.collect() })
}

/// Visits of a unit by its parts, and findings by theme.
#[utoipa::path(get, path = "/api/v1/visits/figures", tag = "figures",
    params(("within" = Option<String>, Query, description = "District, town or school; the token's own unit when left out")),
    responses(
        (status = 200, description = "The figures", body = VisitFigures),
        (status = 401, description = "No token, or one that no longer works", body = ErrorBody),
        (status = 403, description = "The role may not see visits", body = ErrorBody),
        (status = 404, description = "`within` is not in reach", body = ErrorBody),
    ))]
pub(super) fn of_unit(g: &mut Get<'_>, at: Holder<right::UseApi>, _: Holder<right::SeeVisits>) -> Result<Reply> {
    let within = id_in(g.req, "within")?.map_or_else(|| at.actor.unit(), Ok)?;
    let unit = unit_in_reach(g.r, &at.actor, within, None)?;
    if !matches!(unit.kind, UnitKind::District | UnitKind::Town | UnitKind::School) {
        return Err(Error::NotFound);
    }
    let line = |p: &figures::UnitVisits| VisitLine {
        id: p.id.to_string(),
        name: p.name.clone(),
        students: p.students,
        visited: p.visited,
        left: p.left(),
        semester: p.semester,
    };
    let parts = figures::parts_of(g.r, &unit)?.iter().map(line).collect();
    let themes = figures::themes_of(g.r, &unit)?;
    let themes = themes.into_iter().map(|(theme, students)| ThemeLine { theme: theme.code(), students }).collect();
    api::json(&VisitFigures { parts, themes })
}
