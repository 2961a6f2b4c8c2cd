//! What the product costs those who work with it: sums of a unit, never of a person.

use super::shape::{ErrorBody, id_in};
use gongyu_access::right;
use gongyu_kernel::{Error, Result};
use gongyu_office::burden::{self, Average};
use gongyu_registry::permit::unit_in_reach;
use gongyu_registry::unit::UnitKind;
use gongyu_web::permit::Holder;
use gongyu_web::{Get, Reply, api};
use serde::Serialize;
use utoipa::ToSchema;

/// What one person spends in a week, on the average of at least five people.
#[derive(Serialize, ToSchema)]
pub(super) struct AverageBody {
    minutes: f64,
    forms: f64,
    taps: f64,
}

/// A group of staff in the last four whole weeks.
#[derive(Serialize, ToSchema)]
pub(super) struct GroupBody {
    /// `class_teachers`, `teachers` or `office`.
    group: &'static str,
    /// Absent where fewer than five people stand behind it.
    average: Option<AverageBody>,
}

/// One week of class teachers.
#[derive(Serialize, ToSchema)]
pub(super) struct WeekBody {
    /// Its Monday.
    #[schema(format = Date)]
    week: String,
    average: Option<AverageBody>,
}

/// A kind of work in the last four whole weeks.
#[derive(Serialize, ToSchema)]
pub(super) struct WorkBody {
    /// `contact`, `notice`, `visit`, `act`, `people`, `unreached`, `case`, `account` or `other`.
    kind: &'static str,
    forms: i64,
    /// Minutes of all forms; those that told no time count as the others on the average.
    minutes: f64,
    seconds_each: Option<f64>,
    taps_each: Option<f64>,
}

/// Messages to families in the last whole week.
#[derive(Serialize, ToSchema)]
pub(super) struct LettersBody {
    per_family: Option<f64>,
    /// Most a person gets in a day; 0 for no limit.
    limit_a_day: i64,
    gathered: i64,
}

/// A school of a town or a town of the district, in order of name.
#[derive(Serialize, ToSchema)]
pub(super) struct PartBody {
    id: String,
    name: String,
    average: Option<AverageBody>,
}

/// What the product costs in a unit.
#[derive(Serialize, ToSchema)]
pub(super) struct BurdenBody {
    unit: String,
    groups: Vec<GroupBody>,
    weeks: Vec<WeekBody>,
    work: Vec<WorkBody>,
    /// Contacts that needed no form of their own, noted with others in one.
    noted_together: i64,
    /// Entries of the ledger that came of families confirming a notice.
    confirmed_by_families: i64,
    /// Absent for a town.
    letters: Option<LettersBody>,
    parts: Vec<PartBody>,
}

const fn average(of: &Average) -> AverageBody {
    AverageBody { minutes: of.minutes, forms: of.forms, taps: of.taps }
}

/// Forms, taps and minutes a week of a school, a town or the district.
#[utoipa::path(get, path = "/api/v1/burden", tag = "figures",
    params(("within" = Option<String>, Query, description = "District, town or school; the token's own unit when left out")),
    responses(
        (status = 200, description = "The figures", body = BurdenBody),
        (status = 401, description = "No token, or one that no longer works", body = ErrorBody),
        (status = 403, description = "The role may not see them", body = ErrorBody),
        (status = 404, description = "`within` is not in reach", body = ErrorBody),
    ))]
pub(super) fn figures(g: &mut Get<'_>, at: Holder<right::UseApi>, _: Holder<right::SeeBurden>) -> Result<Reply> {
    let within = match id_in(g.req, "within")? {
        Some(id) => id,
        None => at.actor.unit()?,
    };
    let here = unit_in_reach(g.r, &at.actor, within, None)?;
    if !matches!(here.kind, UnitKind::School | UnitKind::Town | UnitKind::District) {
        return Err(Error::NotFound);
    }
    let found = burden::burden_of(g.r, &here)?;
    api::json(&BurdenBody {
        unit: here.id.to_string(),
        groups: found
            .groups
            .iter()
            .map(|(group, of)| GroupBody { group: group.code(), average: of.as_ref().map(average) })
            .collect(),
        weeks: found
            .weeks
            .iter()
            .map(|w| WeekBody { week: w.week.to_string(), average: w.average.as_ref().map(average) })
            .collect(),
        work: found
            .forms
            .iter()
            .map(|f| WorkBody {
                kind: f.form.code(),
                forms: f.forms,
                minutes: f.minutes,
                seconds_each: f.seconds_each,
                taps_each: f.taps_each,
            })
            .collect(),
        noted_together: found.bulk,
        confirmed_by_families: found.confirmed,
        letters: found.letters.map(|l| LettersBody {
            per_family: l.per_family,
            limit_a_day: l.limit,
            gathered: l.gathered,
        }),
        parts: found
            .parts
            .into_iter()
            .map(|p| PartBody { id: p.id.to_string(), name: p.name, average: p.average.as_ref().map(average) })
            .collect(),
    })
}
