//! Giving, ending and handing over the roles of a member of staff.

use super::staff::role_words;
use super::staff_member::member;
use super::staff_place::AtPlace;
use crate::people::{self, HeldRole, is_of_class};
use crate::unit::{self, UnitKind};
use crate::year;
use askama::Template;
use gongyu_access::{Role, account, right};
use gongyu_kernel::error::{Code, Invalid};
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_store::Reader;
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Post, Reply};

/// Days ahead for which a handing over may be set.
const AHEAD: i32 = 120;

/// A role that somebody of the unit holds today.
fn held_by(r: &mut Reader, place: Id, start: i16, (grant, staff): (Id, Id)) -> Result<HeldRole> {
    let all = people::roles_in_school(r, place, start)?;
    all.into_iter().find(|h| h.grant == grant && h.staff == staff).ok_or(Error::NotFound)
}

struct Colleague {
    id: Id,
    name: String,
    roles: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "people/pages/staff_hand_over.html")]
struct HandOver {
    back: String,
    action: String,
    name: String,
    role: String,
    colleagues: Vec<Colleague>,
    from: String,
    today: String,
    problem_to: String,
    problem_from: String,
    refusal: String,
}

/// Who takes the role over, and from when.
pub(super) fn choose(g: &mut Get<'_>, at: AtPlace<right::ManageStaff>) -> Result<Reply> {
    let staff = member(g.r, at.place.id, g.req.param("staff")?)?;
    let grant: Id = g.req.param("grant")?;
    let start = year::current(g.r)?.start;
    let held = held_by(g.r, at.place.id, start, (grant, staff.id))?;
    let view = g.view().clone();
    let others = people::roles_in_school(g.r, at.place.id, start)?;
    let chosen = g.typed().and_then(|f| f.id("to"));
    let mut colleagues = Vec::new();
    for person in people::staff_of_school(g.r, at.place.id)? {
        if person.id == staff.id || account::of_staff(g.r, person.id)?.is_none() {
            continue;
        }
        let theirs: Vec<String> =
            others.iter().filter(|h| h.staff == person.id).map(|h| role_words(&view, h)).collect();
        colleagues.push(Colleague {
            chosen: chosen == Some(person.id),
            id: person.id,
            name: person.name,
            roles: theirs.join(&view.t("people-list-mark")),
        });
    }
    let today = view.today().to_string();
    let back = format!("/schools/{}/staff/{}", at.place.id, staff.id);
    let body = HandOver {
        action: format!("{back}/roles/{grant}/hand-over"),
        back,
        role: role_words(&view, &held),
        colleagues,
        from: g.value("from", &today).to_owned(),
        today,
        problem_to: g.problem("to"),
        problem_from: g.problem("from"),
        refusal: g.refusal(),
        name: staff.name,
    };
    g.page(g.t("people-hand-over"), "staff", &body)
}

/// Hands it over.
pub(super) fn hand_over(p: &mut Post<'_>, at: AtPlace<right::ManageStaff>) -> Result<Reply> {
    let staff = member(p.tx, at.place.id, p.req.param("staff")?)?;
    let grant: Id = p.req.param("grant")?;
    let start = year::current(p.tx)?.start;
    let held = held_by(p.tx, at.place.id, start, (grant, staff.id))?;
    let today = p.tx.today();
    let mut invalid = Invalid::default();
    let to = p.form().id("to");
    if to.is_none() {
        invalid.push("to", "people-hand-over-choose");
    }
    let from = p.form().date("from", &mut invalid);
    if from.is_some_and(|day: Date| day < today || (day - today).get_days() > AHEAD) {
        invalid.push("from", Code::new("people-hand-over-day").arg("n", AHEAD));
    }
    invalid.into_result()?;
    let (Some(to), Some(from)) = (to, from) else { return Err(Error::NotFound) };
    if held.account == at.actor.account {
        return Err(Error::conflict("people-own-role"));
    }
    let next = member(p.tx, at.place.id, to)?;
    let account = account::of_staff(p.tx, next.id)?.ok_or_else(|| Error::conflict("people-account-first"))?;
    let place = unit::find(p.tx, held.unit)?;
    people::hand_over(p.tx, &held, account, &place.display(start), from, at.actor.account)?;
    let detail = serde_json::json!({ "role": held.role.code(), "unit": held.unit, "account": account, "day": from });
    p.audit("role.handed-over", ("account", Some(held.account)), &detail.to_string())?;
    let words = Code::new("people-handed-over").arg("name", &next.name).arg("day", p.view().day(from));
    Ok(back(&at, next.id, Flash::new(words)))
}

pub(super) fn appoint(p: &mut Post<'_>, at: AtPlace<right::ManageStaff>) -> Result<Reply> {
    let staff = member(p.tx, at.place.id, p.req.param("staff")?)?;
    let mut invalid = Invalid::default();
    let offered = people::roles_of(at.place.kind);
    let known = |text: &str| offered.iter().copied().find(|role| role.code() == text);
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
        _ => at.place.id,
    };
    give(p, &at, account, role, place)?;
    Ok(back(&at, staff.id, Flash::new(Code::new("people-role-given").arg("name", &staff.name))))
}

/// Gives a role in the unit or one of its classes, and notes it.
pub(super) fn give(
    p: &mut Post<'_>,
    at: &AtPlace<right::ManageStaff>,
    account: Id,
    role: Role,
    place: Id,
) -> Result<()> {
    let unit = unit::find(p.tx, place)?;
    let fits = if is_of_class(role) {
        unit.kind == UnitKind::Class && unit.school == Some(at.place.id) && unit.valid_to.is_none()
    } else {
        unit.id == at.place.id
    };
    if !fits {
        return Err(Error::NotFound);
    }
    let start = year::current(p.tx)?.start;
    let ended = people::appoint(p.tx, account, role, (unit.id, &unit.display(start)), at.actor.account)?;
    let detail = serde_json::json!({ "role": role.code(), "unit": unit.id, "ended": ended }).to_string();
    p.audit("role.given", ("account", Some(account)), &detail)
}

pub(super) fn end(p: &mut Post<'_>, at: AtPlace<right::ManageStaff>) -> Result<Reply> {
    let staff = member(p.tx, at.place.id, p.req.param("staff")?)?;
    let grant: Id = p.req.param("grant")?;
    let start = year::current(p.tx)?.start;
    let held = held_by(p.tx, at.place.id, start, (grant, staff.id))?;
    if held.account == at.actor.account {
        return Err(Error::conflict("people-own-role"));
    }
    people::dismiss(p.tx, grant)?;
    let detail = serde_json::json!({ "role": held.role.code(), "unit": held.unit }).to_string();
    p.audit("role.ended", ("account", Some(held.account)), &detail)?;
    let undo = format!("/schools/{}/staff/{}/roles/{grant}/resume", at.place.id, staff.id);
    let flash = Flash::new(Code::new("people-role-ended").arg("name", &staff.name)).undo(undo);
    Ok(back(&at, staff.id, flash))
}

/// Undoes `end`: the same role is given again, by the same rules.
pub(super) fn resume(p: &mut Post<'_>, at: AtPlace<right::ManageStaff>) -> Result<Reply> {
    let staff = member(p.tx, at.place.id, p.req.param("staff")?)?;
    let (account, of, role, place) = people::past_role(p.tx, p.req.param("grant")?)?;
    if of != Some(staff.id) || !people::roles_of(at.place.kind).contains(&role) {
        return Err(Error::NotFound);
    }
    give(p, &at, account, role, place)?;
    Ok(back(&at, staff.id, Flash::new(Code::new("people-role-given").arg("name", &staff.name))))
}

fn back(at: &AtPlace<right::ManageStaff>, staff: Id, flash: Flash) -> Reply {
    Reply::to_with(format!("/schools/{}/staff/{staff}", at.place.id), flash)
}
