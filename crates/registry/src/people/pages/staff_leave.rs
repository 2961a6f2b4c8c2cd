//! A member of staff leaves the unit, without a file.

use super::staff::role_words;
use super::staff_member::member;
use super::staff_place::AtPlace;
use crate::people::{self, find_staff};
use crate::year;
use askama::Template;
use gongyu_access::{account, right};
use gongyu_kernel::error::Code;
use gongyu_kernel::{Error, Id, Result};
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Post, Reply};

#[derive(Template)]
#[template(path = "people/pages/staff_leave.html")]
struct Leave {
    back: String,
    name: String,
    roles: Vec<String>,
    refusal: String,
}

/// Says what ends with it.
pub(super) fn show(g: &mut Get<'_>, at: AtPlace<right::ManageStaff>) -> Result<Reply> {
    let staff = member(g.r, at.place.id, g.req.param("staff")?)?;
    let start = year::current(g.r)?.start;
    let view = g.view().clone();
    let roles = people::roles_in_school(g.r, at.place.id, start)?
        .iter()
        .filter(|h| h.staff == staff.id)
        .map(|h| role_words(&view, h))
        .collect();
    let back = format!("/schools/{}/staff/{}", at.place.id, staff.id);
    g.page(g.t("people-left-work"), "staff", &Leave { back, roles, refusal: g.refusal(), name: staff.name })
}

/// Ends the roles, the sessions and the place on the list.
pub(super) fn leave(p: &mut Post<'_>, at: AtPlace<right::ManageStaff>) -> Result<Reply> {
    let staff = member(p.tx, at.place.id, p.req.param("staff")?)?;
    let account = account::of_staff(p.tx, staff.id)?;
    if account == Some(at.actor.account) {
        return Err(Error::conflict("people-own-role"));
    }
    let ended = people::leave_staff(p.tx, staff.id, account)?;
    p.audit("staff.left", ("staff", Some(staff.id)), &serde_json::json!({ "ended": ended }).to_string())?;
    let undo = format!("/schools/{}/staff/{}/return", at.place.id, staff.id);
    let flash = Flash::new(Code::new("people-left-done").arg("name", &staff.name)).undo(undo);
    Ok(Reply::to_with(format!("/schools/{}/staff", at.place.id), flash))
}

/// Takes it back; the roles are given anew.
pub(super) fn back_again(p: &mut Post<'_>, at: AtPlace<right::ManageStaff>) -> Result<Reply> {
    let id: Id = p.req.param("staff")?;
    let staff = find_staff(p.tx, id)?;
    if staff.unit != at.place.id || staff.state != "left" {
        return Err(Error::NotFound);
    }
    people::return_staff(p.tx, id)?;
    p.audit("staff.returned", ("staff", Some(id)), "{}")?;
    let flash = Flash::new(Code::new("people-returned").arg("name", &staff.name));
    Ok(Reply::to_with(format!("/schools/{}/staff/{id}", at.place.id), flash))
}
