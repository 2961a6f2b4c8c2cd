//! Duties: where schools stand today.

use super::shape::{ErrorBody, id_in};
use gongyu_access::{Action, right};
use gongyu_kernel::{Error, Result};
use gongyu_ledger::duty::{self, DutyLine, SchoolDuties};
use gongyu_ledger::rules::DutyStatus;
use gongyu_registry::permit::{ForSchool, unit_in_reach};
use gongyu_registry::unit::{self, Unit, UnitKind};
use gongyu_web::permit::Holder;
use gongyu_web::{Get, Reply, api};
use serde::Serialize;
use utoipa::ToSchema;

/// Children under which a count of a special group is not told: it would point at them.
const FEWEST: u32 = 5;

/// How many duties of a school are met, still in time, late.
#[derive(Serialize, ToSchema)]
pub(super) struct SchoolLine {
    id: String,
    code: String,
    name: String,
    met: i64,
    due: i64,
    overdue: i64,
}

/// The duties of the schools in a unit.
#[derive(Serialize, ToSchema)]
pub(super) struct SchoolLines {
    schools: Vec<SchoolLine>,
}

/// One duty of a school in one period.
#[derive(Serialize, ToSchema)]
pub(super) struct DutyBody {
    /// Code of the rule.
    rule: String,
    /// Version of the rule.
    version: u32,
    title_zh: String,
    title_en: String,
    /// The text that asks for it.
    source: String,
    /// Period it is counted in, such as 2026-1 or 2026-11.
    period: String,
    /// `met`, `due` or `overdue`.
    status: &'static str,
    /// Last day to meet it in time, while it is due.
    #[schema(format = Date)]
    by: Option<String>,
    /// First day on which it was late.
    #[schema(format = Date)]
    since: Option<String>,
    /// What was done; absent where it would point at fewer than five children of a special group.
    done: Option<u32>,
    /// Out of how many: children asked, or how often the rule asks.
    out_of: Option<u32>,
}

/// The duties of one school.
#[derive(Serialize, ToSchema)]
pub(super) struct SchoolDutyLines {
    school: String,
    /// Late ones first, then by deadline.
    duties: Vec<DutyBody>,
}

/// How the schools in reach stand, one line a school.
#[utoipa::path(get, path = "/api/v1/duties", tag = "figures",
    params(("within" = Option<String>, Query, description = "District, town or school; the token's own unit when left out")),
    responses(
        (status = 200, description = "One line a school", body = SchoolLines),
        (status = 401, description = "No token, or one that no longer works", body = ErrorBody),
        (status = 403, description = "The role may not see duties", body = ErrorBody),
        (status = 404, description = "`within` is not in reach", body = ErrorBody),
    ))]
pub(super) fn of_schools(g: &mut Get<'_>, at: Holder<right::UseApi>, _: Holder<right::SeeDuties>) -> Result<Reply> {
    let within = match id_in(g.req, "within")? {
        Some(id) => id,
        None => at.actor.unit()?,
    };
    let within = unit_in_reach(g.r, &at.actor, within, None)?;
    let schools: Vec<Unit> = match within.kind {
        UnitKind::District => unit::schools(g.r, None)?,
        UnitKind::Town => unit::schools(g.r, Some(within.id))?,
        UnitKind::School => vec![within],
        _ => return Err(Error::NotFound),
    };
    let lines = if let [school] = schools.as_slice() {
        vec![(school.id, duty::school_lines(g.r, school)?)]
    } else {
        duty::district_lines(g.r, &schools)?
    };
    let line = |school: &Unit| {
        let mut sum = SchoolDuties::default();
        let of = lines.iter().find(|(id, _)| *id == school.id);
        of.iter().flat_map(|(_, lines)| lines).for_each(|l| sum.add(l.status));
        SchoolLine {
            id: school.id.to_string(),
            code: school.code.clone(),
            name: school.name.clone(),
            met: sum.met,
            due: sum.due,
            overdue: sum.overdue,
        }
    };
    api::json(&SchoolLines { schools: schools.iter().map(line).collect() })
}

/// The duties of one school, late ones first.
#[utoipa::path(get, path = "/api/v1/schools/{id}/duties", tag = "figures",
    params(("id" = String, Path, description = "Identifier of the school")),
    responses(
        (status = 200, description = "The duties", body = SchoolDutyLines),
        (status = 401, description = "No token, or one that no longer works", body = ErrorBody),
        (status = 403, description = "The role may not see duties", body = ErrorBody),
        (status = 404, description = "Not there, or not in reach", body = ErrorBody),
    ))]
pub(super) fn of_school(g: &mut Get<'_>, _: Holder<right::UseApi>, at: ForSchool<right::SeeDuties>) -> Result<Reply> {
    let sees_groups = at.actor.may(Action::SeeCategories).is_ok();
    let lines = duty::school_lines(g.r, &at.school)?;
    let asked = lines.iter().filter(|l| l.status != DutyStatus::NotApplicable);
    let duties = asked.map(|l| body(l, sees_groups)).collect();
    api::json(&SchoolDutyLines { school: at.school.id.to_string(), duties })
}

fn body(line: &DutyLine, sees_groups: bool) -> DutyBody {
    let (status, by, since) = match line.status {
        DutyStatus::Met => ("met", None, None),
        DutyStatus::Due { by, .. } => ("due", Some(by), None),
        DutyStatus::Overdue { since } => ("overdue", None, Some(since)),
        DutyStatus::NotApplicable => ("not_applicable", None, None),
    };
    let of_group = !line.rule.applies.categories.is_empty();
    let hidden = of_group && !sees_groups && line.tally.out_of.is_some_and(|n| n < FEWEST);
    let out_of = line.tally.out_of.unwrap_or(line.rule.required);
    DutyBody {
        rule: line.rule.code.clone(),
        version: line.rule.version,
        title_zh: line.rule.title_zh.clone(),
        title_en: line.rule.title_en.clone(),
        source: line.rule.source_zh.cell(),
        period: line.period.code.clone(),
        status,
        by: by.map(|d| d.to_string()),
        since: since.map(|d| d.to_string()),
        done: (!hidden).then_some(line.tally.done),
        out_of: (!hidden).then_some(out_of),
    }
}
