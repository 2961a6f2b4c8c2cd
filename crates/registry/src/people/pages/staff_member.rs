//! One member of staff: the account, the roles of today, giving and ending them.

use super::staff::role_words;
use super::staff_place::AtPlace;
use crate::people::{self, Staff, find_staff};
use crate::unit;
use crate::year;
use askama::Template;
use gongyu_access::{account, right};
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::Reader;
use gongyu_web::filters;
use gongyu_web::{Get, Reply};

struct Held {
    grant: Id,
    words: String,
    own: bool,
    hands_over: bool,
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
    /// The account has a second factor.
    factor: bool,
    /// The account is the reader's own: others look after it.
    own: bool,
    problem_role: String,
    problem_class: String,
    problem_reason: String,
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

pub(super) fn show(g: &mut Get<'_>, at: AtPlace<right::ManageStaff>) -> Result<Reply> {
    let staff = member(g.r, at.place.id, g.req.param("staff")?)?;
    let start = year::current(g.r)?.start;
    let view = g.view().clone();
    let account = account::of_staff(g.r, staff.id)?;
    let login = match account {
        Some(id) => people::login_of(g.r, id)?,
        None => String::new(),
    };
    let factor = match account {
        Some(id) => account::by_id(g.r, id)?.totp_sealed.is_some(),
        None => false,
    };
    let held = people::roles_in_school(g.r, at.place.id, start)?
        .into_iter()
        .filter(|h| h.staff == staff.id)
        .map(|h| Held {
            grant: h.grant,
            words: role_words(&view, &h),
            own: h.account == at.actor.account,
            hands_over: h.account != at.actor.account,
        })
        .collect();
    let chosen = g.value("role", "").to_owned();
    let chosen_class = g.value("class", "").to_owned();
    let classes = unit::classes_of(g.r, at.place.id)?;
    let name = staff.name.clone();
    let body = Member {
        school: at.place.id,
        school_name: at.place.name.clone(),
        has_account: account.is_some(),
        login,
        held,
        roles: people::roles_of(at.place.kind)
            .iter()
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
        problem_reason: g.problem("reason"),
        problem: g.refusal(),
        own: account == Some(at.actor.account),
        factor,
        staff,
    };
    g.page(name, "staff", &body)
}
