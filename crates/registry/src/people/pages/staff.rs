//! The staff of a school with their roles of today.

use super::staff_place::AtPlace;
use crate::people::{self, HeldRole};
use crate::unit::{self, UnitKind};
use crate::year;
use askama::Template;
use gongyu_access::{Action, Role, right};
use gongyu_kernel::{Id, Millis, Result};
use gongyu_store::Reader;
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{Get, Holder, Reply};
use std::collections::HashMap;

struct Row {
    id: Id,
    staff_no: String,
    name: String,
    title: String,
    login: Option<String>,
    last: Option<Millis>,
    roles: Vec<String>,
}

#[derive(Template)]
#[template(path = "people/pages/staff.html")]
struct Staff {
    school: Id,
    school_name: String,
    rows: Vec<Row>,
    total: i64,
    typed: String,
    next: Option<String>,
    first: Option<String>,
    manages: bool,
    /// Not a school: units with staff of their own beside this one.
    others: Vec<(Id, String)>,
    empty_classes: Vec<String>,
}

/// Leads to the staff of the hat's own school.
pub(super) fn mine(g: &mut Get<'_>, at: Holder<right::SeeSchool>) -> Result<Reply> {
    let here = unit::find(g.r, at.actor.unit()?)?;
    Ok(Reply::to(match here.kind {
        UnitKind::School => format!("/schools/{}/staff", here.id),
        _ if at.actor.may(Action::ManageStaff).is_ok() => format!("/schools/{}/staff", here.id),
        _ => "/schools".to_owned(),
    }))
}

/// A role in words: 班主任 三年级2班.
pub(super) fn role_words(view: &View, held: &HeldRole) -> String {
    let role = view.t(&format!("role-{}", held.role.code().replace('_', "-")));
    if held.class.is_empty() { role } else { format!("{role} {}", held.class) }
}

pub(super) fn show(g: &mut Get<'_>, at: AtPlace<right::SeeSchool>) -> Result<Reply> {
    let typed = g.req.query.get("q").to_owned();
    let after = g.req.query.get("after").to_owned();
    let start = year::current(g.r)?.start;
    let view = g.view().clone();
    let (page, total) = people::staff_lines(g.r, at.place.id, &typed, Some(&after))?;
    let mut roles: HashMap<Id, Vec<String>> = HashMap::new();
    for held in people::roles_in_school(g.r, at.place.id, start)? {
        roles.entry(held.staff).or_default().push(role_words(&view, &held));
    }
    let lines = unit::class_lines(g.r, at.place.id)?;
    let body = Staff {
        school: at.place.id,
        school_name: at.place.name.clone(),
        rows: page
            .rows
            .into_iter()
            .map(|line| Row {
                roles: roles.remove(&line.id).unwrap_or_default(),
                id: line.id,
                staff_no: line.staff_no,
                name: line.name,
                title: line.title,
                login: line.login,
                last: line.last_sign_in,
            })
            .collect(),
        total,
        next: page.next.map(|cursor| g.req.query.query_with(&[("after", &cursor)])),
        first: (!after.is_empty()).then(|| g.req.query.query_with(&[])),
        others: others(g.r, &at)?,
        manages: at.actor.may(Action::ManageStaff).is_ok(),
        empty_classes: lines.iter().filter(|l| l.teachers.is_empty()).map(|l| l.class.display(start)).collect(),
        typed,
    };
    let nav = match at.actor.hat.role {
        Role::SchoolLeader | Role::MoralDirector | Role::Registrar => "staff",
        Role::DistrictAdmin if at.actor.hat.unit == Some(at.place.id) => "staff",
        _ => "schools",
    };
    g.page(g.t("people-staff"), nav, &body)
}

/// For who keeps the district: the other units below it whose staff no school keeps.
fn others(r: &mut Reader, at: &AtPlace<right::SeeSchool>) -> Result<Vec<(Id, String)>> {
    if at.place.kind != UnitKind::District || at.actor.may(Action::ManageStaff).is_err() {
        return Ok(Vec::new());
    }
    people::offices_below(r, at.place.id)
}
