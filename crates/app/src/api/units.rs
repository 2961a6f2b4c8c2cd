//! Units in the reach of the token.

use super::shape::{ErrorBody, PageOf, id_in, paged};
use gongyu_access::right;
use gongyu_kernel::{Error, Result};
use gongyu_registry::permit::{ForUnit, unit_in_reach};
use gongyu_registry::unit::{Unit, UnitKind};
use gongyu_registry::year;
use gongyu_store::list::{Filter, ListSpec, Order};
use gongyu_store::list_spec;
use gongyu_web::permit::Holder;
use gongyu_web::{Get, Reply, api};
use serde::Serialize;
use utoipa::ToSchema;

list_spec! {
    /// The open units in a unit (`$1`), in the order in which they were made.
    static UNITS = ListSpec {
        name: "api units",
        columns: "u.id, u.kind, u.code, u.name, u.short_name, u.parent_id, u.town_id, u.school_id, u.school_kind,
                  u.setting, u.stage, u.entry_year, u.class_no, u.speciality, u.phone, u.valid_from, u.valid_to",
        from: "FROM unit u
               JOIN unit_closure x ON x.descendant_id = u.id AND x.ancestor_id = $1 AND x.valid_to IS NULL
               WHERE u.valid_to IS NULL",
        fixed: 1,
        filters: &[Filter { name: "kind", sql: "u.kind = $1", params: 1 }],
        orders: &[Order { name: "made", keys: &[("u.id", false)] }],
        groups: &[],
    };
}

/// A district, town, school, class, agency or community site.
#[derive(Serialize, ToSchema)]
pub(super) struct UnitBody {
    id: String,
    /// `district`, `town`, `school`, `class`, `agency`, `community`.
    kind: &'static str,
    /// Code given by the authorities; empty for most units that are not schools.
    code: String,
    /// Name; of a class its grade and number in the present school year, such as 三年级2班.
    name: String,
    /// Unit above.
    parent: Option<String>,
    town: Option<String>,
    school: Option<String>,
    /// Kind of school.
    school_kind: Option<String>,
    /// `urban` or `rural`.
    setting: Option<&'static str>,
    /// Stage of a class.
    stage: Option<String>,
    /// Year in which a class entered.
    entry_year: Option<i16>,
    /// Number of a class in its cohort.
    class_no: Option<u16>,
    /// What a vocational class is taught, such as 护理; empty otherwise.
    speciality: String,
}

impl UnitBody {
    fn of(unit: Unit, school_year: i16) -> Self {
        let name = unit.display(school_year);
        let text = |id: Option<gongyu_kernel::Id>| id.map(|id| id.to_string());
        Self {
            id: unit.id.to_string(),
            kind: unit.kind.code(),
            code: unit.code,
            name,
            parent: text(unit.parent),
            town: text(unit.town),
            school: text(unit.school),
            school_kind: unit.school_kind,
            setting: unit.setting.map(|s| s.code()),
            stage: unit.stage,
            entry_year: unit.entry_year,
            class_no: unit.class_no,
            speciality: unit.speciality,
        }
    }
}

/// The open units in reach.
#[utoipa::path(get, path = "/api/v1/units", tag = "units",
    params(
        ("within" = Option<String>, Query, description = "Only this unit and those below it"),
        ("kind" = Option<String>, Query, description = "Only units of this kind"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u32>, Query, description = "Rows of a page, 1 to 1000; 100 when left out"),
    ),
    responses(
        (status = 200, description = "One page", body = PageOf<UnitBody>),
        (status = 401, description = "No token, or one that no longer works", body = ErrorBody),
        (status = 403, description = "The role may not use the API", body = ErrorBody),
        (status = 404, description = "`within` is not in reach", body = ErrorBody),
        (status = 422, description = "A parameter cannot be understood", body = ErrorBody),
    ))]
pub(super) fn list(g: &mut Get<'_>, at: Holder<right::UseApi>) -> Result<Reply> {
    let within = match id_in(g.req, "within")? {
        Some(id) => unit_in_reach(g.r, &at.actor, id, None)?.id,
        None => at.actor.unit()?,
    };
    let mut list = paged(UNITS.query(&[&within]), g.req)?;
    match g.req.query.get("kind") {
        "" => {}
        text => {
            let kind = UnitKind::parse(text).ok_or_else(|| Error::field("kind", "api-unknown-word"))?;
            list = list.filter("kind", &[&kind]);
        }
    }
    let year = year::current(g.r)?.start;
    let page = list.rows::<Unit>(g.r)?;
    let items = page.rows.into_iter().map(|u| UnitBody::of(u, year)).collect();
    api::json(&PageOf { items, next: page.next })
}

/// One unit in reach.
#[utoipa::path(get, path = "/api/v1/units/{id}", tag = "units",
    params(("id" = String, Path, description = "Identifier of the unit")),
    responses(
        (status = 200, description = "The unit", body = UnitBody),
        (status = 401, description = "No token, or one that no longer works", body = ErrorBody),
        (status = 404, description = "Not there, or not in reach", body = ErrorBody),
    ))]
pub(super) fn one(g: &mut Get<'_>, at: ForUnit<right::UseApi>) -> Result<Reply> {
    let year = year::current(g.r)?.start;
    api::json(&UnitBody::of(at.unit, year))
}
