//! Adding one member of staff by hand: name, post, number, and with them an account and the first role.

use super::staff_account::{first_password, manager, note, shown};
use super::staff_place::{AtPlace, in_reach};
use crate::people::{self, NewStaff, free_login, is_login, is_of_class};
use crate::roster::id_number::Phone;
use crate::unit::{self, Unit, UnitKind};
use crate::year;
use askama::Template;
use gongyu_access::account::{self, NewAccount};
use gongyu_access::{Actor, Role, right};
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Tx, sql};
use gongyu_web::filters;
use gongyu_web::{FormData, Get, Reply, Routes, Slow};

pub(super) fn routes() -> Routes {
    Routes::new().slow("/schools/{id}/staff/new", true, show, add)
}

struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

struct Problems {
    name: String,
    staff_no: String,
    phone: String,
    login: String,
    role: String,
    class: String,
    whole: String,
}

#[derive(Template)]
#[template(path = "people/pages/staff_new.html")]
struct Form {
    school: Id,
    place: String,
    name: String,
    staff_no: String,
    title: String,
    phone: String,
    login: String,
    roles: Vec<Choice>,
    classes: Vec<Choice>,
    problems: Problems,
}

fn show(g: &mut Get<'_>, at: AtPlace<right::ManageStaff>) -> Result<Reply> {
    let start = year::current(g.r)?.start;
    let (role, class) = (g.value("role", "").to_owned(), g.value("class", "").to_owned());
    let roles = people::roles_of(at.place.kind)
        .iter()
        .map(|r| Choice {
            value: r.code().to_owned(),
            label: g.t(&format!("role-{}", r.code().replace('_', "-"))),
            chosen: r.code() == role,
        })
        .collect();
    let classes = unit::classes_of(g.r, at.place.id)?
        .into_iter()
        .map(|c| {
            let value = c.id.to_string();
            Choice { chosen: value == class, label: c.display(start), value }
        })
        .collect();
    let body = Form {
        school: at.place.id,
        place: at.place.name.clone(),
        name: g.value("name", "").to_owned(),
        staff_no: g.value("staff_no", "").to_owned(),
        title: g.value("title", "").to_owned(),
        phone: g.value("phone", "").to_owned(),
        login: g.value("login", "").to_owned(),
        roles,
        classes,
        problems: Problems {
            name: g.problem("name"),
            staff_no: g.problem("staff_no"),
            phone: g.problem("phone"),
            login: g.problem("login"),
            role: g.problem("role"),
            class: g.problem("class"),
            whole: g.refusal(),
        },
    };
    g.page(g.t("people-staff-add"), "staff", &body)
}

#[derive(Clone)]
struct Said {
    name: String,
    staff_no: String,
    title: String,
    phone: Option<String>,
    login: String,
    role: Option<Role>,
    class: Option<Id>,
}

fn read(form: &FormData) -> Result<Said> {
    let mut invalid = Invalid::default();
    let name = form.required("name", 40, &mut invalid);
    let staff_no = form.optional("staff_no", 30, &mut invalid);
    let title = form.optional("title", 40, &mut invalid);
    let typed = form.get("phone");
    let phone = match Phone::parse(typed) {
        Ok(phone) => Some(phone.as_str().to_owned()),
        Err(_) if typed.is_empty() => None,
        Err(_) => {
            invalid.push("phone", "people-phone-unreadable");
            None
        }
    };
    let login = form.optional("login", 32, &mut invalid).to_lowercase();
    if !login.is_empty() && !is_login(&login) {
        invalid.push("login", "people-login-odd");
    }
    let role = form.choice(
        "role",
        |text| if text.is_empty() { Some(None) } else { Role::parse(text).map(Some) },
        &mut invalid,
    );
    let class = form.id("class");
    let role = role.flatten();
    if role.is_some_and(is_of_class) && class.is_none() {
        invalid.push("class", "people-choose-class");
    }
    invalid.into_result()?;
    Ok(Said { name, staff_no, title, phone, login, role, class })
}

async fn add(slow: Slow) -> Result<Reply> {
    let actor = manager(&slow)?;
    let said = read(&slow.req.form)?;
    let (first, hash) = first_password(&slow.app.random).await?;
    let (app, req, by) = (slow.app.clone(), slow.req.clone(), actor.clone());
    let made = slow
        .app
        .db
        .write(move |tx| {
            let place = in_reach(tx, &by, req.id()?)?;
            let (staff, account, login) = make(tx, &app, &place, &said, &hash)?;
            note(tx, &by, &req, ("staff.added", account), "{}")?;
            if let Some(role) = said.role {
                give(tx, &by, &place, account, (role, said.class))?;
                let detail = serde_json::json!({ "role": role.code(), "unit": said.class.unwrap_or(place.id) });
                note(tx, &by, &req, ("role.given", account), &detail.to_string())?;
            }
            Ok((people::find_staff(tx, staff)?, login))
        })
        .await?;
    shown(&slow, &actor, made, first)
}

fn make(tx: &mut Tx, app: &gongyu_web::App, place: &Unit, said: &Said, hash: &str) -> Result<(Id, Id, String)> {
    if !said.staff_no.is_empty() {
        let taken: Option<(Id,)> =
            tx.row(sql!("SELECT id FROM staff WHERE school_id = $1 AND staff_no = $2"), &[&place.id, &said.staff_no])?;
        if taken.is_some() {
            return Err(Error::field("staff_no", "people-staff-no-taken"));
        }
    }
    let login = match said.login.as_str() {
        "" => free_login(tx, &said.name)?,
        typed if account::by_login(tx, typed)?.is_some() => return Err(Error::field("login", "account-login-taken")),
        typed => typed.to_owned(),
    };
    let today = tx.today();
    let new = NewStaff {
        unit: place.id,
        staff_no: &said.staff_no,
        name: &said.name,
        title: &said.title,
        phone: said.phone.as_deref(),
        from: today,
    };
    let staff = people::create_staff(tx, &app.vault, &new)?;
    let account = account::create(
        tx,
        &NewAccount {
            login: Some(&login),
            name: &said.name,
            staff: Some(staff),
            guardian: None,
            password_hash: Some(hash),
            must_change: true,
        },
    )?;
    Ok((staff, account, login))
}

/// The first role, in the unit or one of its classes.
fn give(tx: &mut Tx, by: &Actor, place: &Unit, account: Id, (role, class): (Role, Option<Id>)) -> Result<()> {
    if !people::roles_of(place.kind).contains(&role) {
        return Err(Error::field("role", "field-choose"));
    }
    let unit = match class {
        Some(class) if is_of_class(role) => unit::find(tx, class)?,
        _ => place.clone(),
    };
    if is_of_class(role) && (unit.kind != UnitKind::Class || unit.school != Some(place.id) || unit.valid_to.is_some()) {
        return Err(Error::NotFound);
    }
    let start = year::current(tx)?.start;
    people::appoint(tx, account, role, (unit.id, &unit.display(start)), by.account).map(drop)
}
