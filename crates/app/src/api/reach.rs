//! Reach: children whose family was reached, counted by town, school or class.

use super::shape::{ErrorBody, id_in};
use gongyu_access::right;
use gongyu_kernel::calendar::Semester;
use gongyu_kernel::{Error, Id, Result};
use gongyu_ledger::figures::{self, Figures};
use gongyu_registry::permit::unit_in_reach;
use gongyu_registry::unit::{self, UnitKind};
use gongyu_registry::year;
use gongyu_web::permit::Holder;
use gongyu_web::{Get, Reply, api};
use serde::Serialize;
use utoipa::ToSchema;

/// The children of one town, school or class. Depths contain one another: who met also talked.
#[derive(Serialize, ToSchema)]
pub(super) struct Counted {
    /// Town, school or class.
    id: String,
    name: String,
    classes: i64,
    /// Children.
    students: i64,
    /// Children whose family was told something in the semester.
    told: i64,
    /// Whose family confirmed something.
    confirmed: i64,
    /// With whose family somebody talked.
    talked: i64,
    /// With whose family somebody met.
    met: i64,
    /// Whose father was reached.
    father: i64,
    /// Whose mother was reached.
    mother: i64,
    /// Visited at home in the school year.
    visited: i64,
    /// Children whose family was never reached, at least confirmed, since the records begin.
    never: i64,
    /// Contacts by tone.
    tones: Tones,
}

/// Contacts of a semester by tone.
#[derive(Serialize, ToSchema)]
struct Tones {
    good: i64,
    neutral: i64,
    concern: i64,
    complaint: i64,
}

/// Figures of the units right below one unit.
#[derive(Serialize, ToSchema)]
pub(super) struct Reach {
    /// Semester they are of, such as 2026-1.
    semester: String,
    /// From this depth on a family counts as reached in this district.
    reached_from: &'static str,
    /// One line for each unit below.
    units: Vec<Counted>,
    /// The sum of the lines.
    total: Counted,
}

/// Reach in a unit: of a district by town or school, of a town by school, of a school by class. Counted when asked.
#[utoipa::path(get, path = "/api/v1/reach", tag = "figures",
    params(
        ("within" = Option<String>, Query, description = "District, town or school; the token's own unit when left out"),
        ("by" = Option<String>, Query, description = "In a district: `town` (default) or `school`"),
        ("semester" = Option<String>, Query, description = "Such as 2026-1; the present one when left out"),
    ),
    responses(
        (status = 200, description = "The figures", body = Reach),
        (status = 401, description = "No token, or one that no longer works", body = ErrorBody),
        (status = 403, description = "The role may not see reach", body = ErrorBody),
        (status = 404, description = "`within` is not in reach", body = ErrorBody),
        (status = 422, description = "A parameter cannot be understood", body = ErrorBody),
    ))]
pub(super) fn figures(g: &mut Get<'_>, at: Holder<right::UseApi>, _: Holder<right::SeeReach>) -> Result<Reply> {
    let within = match id_in(g.req, "within")? {
        Some(id) => id,
        None => at.actor.unit()?,
    };
    let within = unit_in_reach(g.r, &at.actor, within, None)?;
    let semester = match g.req.query.get("semester") {
        "" => figures::present(g.r)?,
        text => Semester::parse(text).map_err(|_| Error::field("semester", "api-not-a-semester"))?,
    };
    let rows = match (within.kind, g.req.query.get("by")) {
        (UnitKind::District, "" | "town") => figures::by_town(g.r, semester)?,
        (UnitKind::District, "school") => figures::by_every_school(g.r, semester)?,
        (UnitKind::Town, _) => figures::by_school(g.r, semester, within.id)?,
        (UnitKind::School, _) => figures::by_class(g.r, semester, within.id)?,
        (UnitKind::Class, _) => vec![figures::of_class(g.r, semester, within.id)?],
        (UnitKind::District, _) => return Err(Error::field("by", "api-unknown-word")),
        (UnitKind::Agency | UnitKind::Community, _) => return Err(Error::NotFound),
    };
    let school_year = year::current(g.r)?.start;
    let keys: Vec<Id> = rows.iter().map(|f| f.key).collect();
    let names = unit::names(g.r, &keys, school_year)?;
    let total = counted(&Figures::total(&rows), within.id, within.display(school_year));
    let units = rows.iter().map(|f| counted(f, f.key, names.get(&f.key).cloned().unwrap_or_default())).collect();
    let reached_from = figures::reach_depth(g.r)?.code();
    api::json(&Reach { semester: semester.code(), reached_from, units, total })
}

fn counted(f: &Figures, id: Id, name: String) -> Counted {
    Counted {
        id: id.to_string(),
        name,
        classes: f.classes,
        students: f.students,
        told: f.told,
        confirmed: f.confirmed,
        talked: f.talked,
        met: f.met,
        father: f.father,
        mother: f.mother,
        visited: f.visited,
        never: f.never(),
        tones: Tones { good: f.good, neutral: f.neutral, concern: f.concern, complaint: f.complaint },
    }
}
