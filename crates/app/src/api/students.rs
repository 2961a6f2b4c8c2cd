//! Pupils in the reach of the token, with their guardians.

use super::shape::{ErrorBody, PageOf, id_in, paged};
use gongyu_access::{Action, Actor, right};
use gongyu_kernel::{Id, Result};
use gongyu_registry::people::{self, GuardianOf, Student};
use gongyu_registry::permit::{OfStudent, unit_in_reach};
use gongyu_registry::roster::id_number::mask_phone;
use gongyu_store::list::{Filter, ListSpec, Order};
use gongyu_store::{Reader, list_spec};
use gongyu_web::permit::Holder;
use gongyu_web::{App, Get, Reply, api};
use serde::Serialize;
use utoipa::ToSchema;

list_spec! {
    /// The pupils of the schools in a unit (`$1`) today, in the order in which they were made.
    static STUDENTS = ListSpec {
        name: "api students",
        columns: "s.id, s.school_id, s.class_id, s.family_id, s.name, s.sex, s.birth_date, s.state, s.number_in_class,
                  s.left_behind, s.migrant, s.boarding, s.special, s.joined_on, s.left_on",
        from: "FROM student s
               JOIN unit_closure x ON x.descendant_id = s.class_id AND x.ancestor_id = $1 AND x.valid_to IS NULL
               WHERE s.state = 'active'",
        fixed: 1,
        filters: &[Filter { name: "named", sql: "s.name = $1", params: 1 }],
        orders: &[Order { name: "made", keys: &[("s.id", false)] }],
        groups: &[],
    };
}

/// A pupil.
#[derive(Serialize, ToSchema)]
pub(super) struct StudentBody {
    id: String,
    school: String,
    class: Option<String>,
    /// Pupils who share guardians share a family.
    family: String,
    name: String,
    /// `male` or `female`.
    sex: String,
    #[schema(format = Date)]
    birth_date: String,
    /// `active`, `left` or `graduated`.
    state: &'static str,
    boarding: bool,
    /// Groups the pupil belongs to; absent unless the role may see who belongs to them.
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<Groups>,
    /// In the order of the roster.
    guardians: Vec<GuardianBody>,
}

/// Groups that duties name. Who belongs to them is sensitive.
#[derive(Serialize, ToSchema)]
struct Groups {
    /// `none`, `one` or `both` parents away.
    left_behind: String,
    migrant: bool,
    special: bool,
}

/// A guardian of a pupil.
#[derive(Serialize, ToSchema)]
struct GuardianBody {
    id: String,
    name: String,
    /// `father`, `mother`, `grandparent`, `sibling`, `other`.
    relation: &'static str,
    /// May receive what concerns the child; never write to one who may not.
    may_receive: bool,
    may_pick_up: bool,
    /// Whether the guardian has an account here.
    activated: bool,
    /// The number without its middle, such as 139****5562; absent unless the role may see numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
}

fn body(r: &mut Reader, app: &App, actor: &Actor, s: Student) -> Result<StudentBody> {
    let sees = |action: Action| actor.may(action).is_ok();
    let mut guardians = Vec::new();
    for g in people::guardians_of(r, s.id)? {
        let phone = match g.has_phone && sees(Action::SeeContacts) {
            true => people::phone_of(r, &app.vault, g.guardian)?.map(|p| mask_phone(&p)),
            false => None,
        };
        guardians.push(guardian_body(g, phone));
    }
    let groups = sees(Action::SeeCategories).then(|| Groups {
        left_behind: s.left_behind.clone(),
        migrant: s.migrant,
        special: s.special,
    });
    Ok(StudentBody {
        id: s.id.to_string(),
        school: s.school.to_string(),
        class: s.class.map(|c| c.to_string()),
        family: s.family.to_string(),
        name: s.name,
        sex: s.sex,
        birth_date: s.birth_date.to_string(),
        state: s.state.code(),
        boarding: s.boarding,
        groups,
        guardians,
    })
}

fn guardian_body(g: GuardianOf, phone: Option<String>) -> GuardianBody {
    GuardianBody {
        id: g.guardian.to_string(),
        name: g.name,
        relation: g.relation.code(),
        may_receive: g.may_receive && !g.restricted,
        may_pick_up: g.may_pick_up && !g.restricted,
        activated: g.account.is_some(),
        phone,
    }
}

/// The pupils in reach, with their guardians.
#[utoipa::path(get, path = "/api/v1/students", tag = "students",
    params(
        ("within" = Option<String>, Query, description = "Only pupils of this town, school or class"),
        ("name" = Option<String>, Query, description = "Only pupils of exactly this name"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u32>, Query, description = "Rows of a page, 1 to 1000; 100 when left out"),
    ),
    responses(
        (status = 200, description = "One page", body = PageOf<StudentBody>),
        (status = 401, description = "No token, or one that no longer works", body = ErrorBody),
        (status = 403, description = "The role may not see pupils", body = ErrorBody),
        (status = 404, description = "`within` is not in reach", body = ErrorBody),
        (status = 422, description = "A parameter cannot be understood", body = ErrorBody),
    ))]
pub(super) fn list(g: &mut Get<'_>, at: Holder<right::UseApi>, _: Holder<right::SeeStudent>) -> Result<Reply> {
    let within: Id = match id_in(g.req, "within")? {
        Some(id) => unit_in_reach(g.r, &at.actor, id, None)?.id,
        None => at.actor.unit()?,
    };
    let mut list = paged(STUDENTS.query(&[&within]), g.req)?;
    let name = g.req.query.get("name").trim();
    if !name.is_empty() {
        list = list.filter("named", &[&name]);
    }
    let page = list.rows::<Student>(g.r)?;
    let mut items = Vec::with_capacity(page.rows.len());
    for student in page.rows {
        items.push(body(g.r, g.app, &at.actor, student)?);
    }
    api::json(&PageOf { items, next: page.next })
}

/// One pupil in reach, one who left too.
#[utoipa::path(get, path = "/api/v1/students/{id}", tag = "students",
    params(("id" = String, Path, description = "Identifier of the pupil")),
    responses(
        (status = 200, description = "The pupil", body = StudentBody),
        (status = 401, description = "No token, or one that no longer works", body = ErrorBody),
        (status = 403, description = "The role may not see pupils", body = ErrorBody),
        (status = 404, description = "Not there, or not in reach", body = ErrorBody),
    ))]
pub(super) fn one(g: &mut Get<'_>, _: Holder<right::UseApi>, at: OfStudent<right::SeeStudent>) -> Result<Reply> {
    let found = body(g.r, g.app, &at.actor, at.student)?;
    api::json(&found)
}
