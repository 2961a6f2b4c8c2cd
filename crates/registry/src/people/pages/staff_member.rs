//! One member of staff: the account, the roles of today, giving and ending them.

use super::staff::role_words;
use crate::people::{self, Staff, find_staff, is_of_class};
use crate::permit::ForSchool;
use crate::unit::{self, UnitKind};
use crate::year;
use askama::Template;
use gongyu_access::{Role, account, right};
use gongyu_kernel::error::{Code, Invalid};
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::Reader;
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Post, Reply};

struct Held {
    grant: Id,
    words: String,
    own: bool,
}

struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "people/pages/staff_member.html")]
struct Member {
    school: Id,
    school_name: String,
    staff: Staff,
    has_account: bool,
    login: String,
    held: Vec<Held>,
    roles: Vec<Choice>,
    classes: Vec<Choice>,
    problem_role: String,
    problem_class: String,
    problem: String,
}

/// The member of staff named by `{staff}`, of this school and still at work.
///
/// # Errors
/// `Error::NotFound`.
pub(super) fn member(r: &mut Reader, school: Id, staff: Id) -> Result<Staff> {
    let staff = find_staff(r, staff)?;
    if staff.unit == school && staff.state == "active" { Ok(staff) } else { Err(Error::NotFound) }
}

pub(super) fn show(g: &mut Get<'_>, at: ForSchool<right::ManageStaff>) -> Result<Reply> {
    let staff = member(g.r, at.school.id, g.req.param("staff")?)?;
    let start = year::current(g.r)?.start;
    let view = g.view().clone();
    let account = account::of_staff(g.r, staff.id)?;
    let login = match account {
        Some(id) => people::login_of(g.r, id)?,
        None => String::new(),
    };
    let held = people::roles_in_school(g.r, at.school.id, start)?
        .into_iter()
        .filter(|h| h.staff == staff.id)
        .map(|h| Held { grant: h.grant, words: role_words(&view, &h), own: h.account == at.actor.account })
        .collect();
    let chosen = g.value("role", "").to_owned();
    let chosen_class = g.value("class", "").to_owned();
    let classes = unit::classes_of(g.r, at.school.id)?;
    let name = staff.name.clone();
    let body = Member {
        school: at.school.id,
        school_name: at.school.name.clone(),
        has_account: account.is_some(),
        login,
        held,
        roles: people::ROLES
            .into_iter()
            .map(|role| Choice {
                value: role.code().to_owned(),
                label: view.t(&format!("role-{}", role.code().replace('_', "-"))),
                chosen: role.code() == chosen,
            })
            .collect(),
        classes: classes
            .into_iter()
            .map(|c| {
                let value = c.id.to_string();
                Choice { chosen: value == chosen_class, label: c.display(start), value }
            })
            .collect(),
        problem_role: g.problem("role"),
        problem_class: g.problem("class"),
        problem: g.refusal(),
        staff,
    };
    g.page(name, "staff", &body)
}

pub(super) fn appoint(p: &mut Post<'_>, at: ForSchool<right::ManageStaff>) -> Result<Reply> {
    let staff = member(p.tx, at.school.id, p.req.param("staff")?)?;
    let mut invalid = Invalid::default();
    let known = |text: &str| people::ROLES.into_iter().find(|role| role.code() == text);
    let role = p.form().choice("role", known, &mut invalid);
    let class = p.form().id("class");
    if role.is_some_and(is_of_class) && class.is_none() {
        invalid.push("class", "people-choose-class");
    }
    invalid.into_result()?;
    let role = role.ok_or(Error::NotFound)?;
    let account = account::of_staff(p.tx, staff.id)?.ok_or_else(|| Error::conflict("people-account-first"))?;
    let place = match class {
        Some(class) if is_of_class(role) => class,
        _ => at.school.id,
    };
    give(p, &at, account, role, place)?;
    Ok(back(&at, staff.id, Flash::new(Code::new("people-role-given").arg("name", &staff.name))))
}

/// Gives a role in the school or one of its classes, and notes it.
fn give(p: &mut Post<'_>, at: &ForSchool<right::ManageStaff>, account: Id, role: Role, place: Id) -> Result<()> {
    let unit = unit::find(p.tx, place)?;
    let fits = if is_of_class(role) {
        unit.kind == UnitKind::Class && unit.school == Some(at.school.id) && unit.valid_to.is_none()
    } else {
        unit.id == at.school.id
    };
    if !fits {
        return Err(Error::NotFound);
    }
    let start = year::current(p.tx)?.start;
    let ended = people::appoint(p.tx, account, role, (unit.id, &unit.display(start)), at.actor.account)?;
    let detail = serde_json::json!({ "role": role.code(), "unit": unit.id, "ended": ended }).to_string();
    p.audit("role.given", ("account", Some(account)), &detail)
}

pub(super) fn end(p: &mut Post<'_>, at: ForSchool<right::ManageStaff>) -> Result<Reply> {
    let staff = member(p.tx, at.school.id, p.req.param("staff")?)?;
    let grant: Id = p.req.param("grant")?;
    let start = year::current(p.tx)?.start;
    let held = people::roles_in_school(p.tx, at.school.id, start)?
        .into_iter()
        .find(|h| h.grant == grant && h.staff == staff.id)
        .ok_or(Error::NotFound)?;
    if held.account == at.actor.account {
        return Err(Error::conflict("people-own-role"));
    }
    people::dismiss(p.tx, grant)?;
    let detail = serde_json::json!({ "role": held.role.code(), "unit": held.unit }).to_string();
    p.audit("role.ended", ("account", Some(held.account)), &detail)?;
    let undo = format!("/schools/{}/staff/{}/roles/{grant}/resume", at.school.id, staff.id);
    let flash = Flash::new(Code::new("people-role-ended").arg("name", &staff.name)).undo(undo);
    Ok(back(&at, staff.id, flash))
}

/// Undoes `end`: the same role is given again, by the same rules.
pub(super) fn resume(p: &mut Post<'_>, at: ForSchool<right::ManageStaff>) -> Result<Reply> {
    let staff = member(p.tx, at.school.id, p.req.param("staff")?)?;
    let (account, of, role, place) = people::past_role(p.tx, p.req.param("grant")?)?;
    if of != Some(staff.id) || !people::ROLES.contains(&role) {
        return Err(Error::NotFound);
    }
    give(p, &at, account, role, place)?;
    Ok(back(&at, staff.id, Flash::new(Code::new("people-role-given").arg("name", &staff.name))))
}

fn back(at: &ForSchool<right::ManageStaff>, staff: Id, flash: Flash) -> Reply {
    Reply::to_with(format!("/schools/{}/staff/{staff}", at.school.id), flash)
}
