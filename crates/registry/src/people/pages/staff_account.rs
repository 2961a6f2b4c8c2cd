//! An account for a member of staff, or a new password for one: a one-time password, shown once.

use super::staff_member::{self, member};
use crate::people::{Staff, is_login, login_for, login_of};
use crate::permit::{ForSchool, unit_in_reach};
use crate::unit::UnitKind;
use askama::Template;
use gongyu_access::account::{self, NewAccount};
use gongyu_access::{Action, Actor, password, right, session};
use gongyu_kernel::error::Invalid;
use gongyu_kernel::random::Random;
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Tx, audit};
use gongyu_web::filters;
use gongyu_web::page::Page;
use gongyu_web::show::View;
use gongyu_web::{Get, Reply, Req, Routes, Slow};

#[derive(Template)]
#[template(path = "people/pages/staff_account.html")]
struct Form {
    action: String,
    back: String,
    name: String,
    login: String,
    problem: String,
    refusal: String,
}

#[derive(Template)]
#[template(path = "people/pages/staff_password.html")]
struct Shown {
    back: String,
    name: String,
    login: String,
    first: String,
}

pub(super) fn routes() -> Routes {
    Routes::new().slow("/schools/{id}/staff/{staff}/account", true, show, create).slow(
        "/schools/{id}/staff/{staff}/password",
        true,
        staff_member::show,
        reset,
    )
}

fn show(g: &mut Get<'_>, at: ForSchool<right::ManageStaff>) -> Result<Reply> {
    let staff = member(g.r, at.school.id, g.req.param("staff")?)?;
    let proposed = login_for(&staff.name);
    let back = format!("/schools/{}/staff/{}", at.school.id, staff.id);
    let body = Form {
        action: format!("{back}/account"),
        back,
        login: g.value("login", &proposed).to_owned(),
        problem: g.problem("login"),
        refusal: g.refusal(),
        name: staff.name,
    };
    g.page(g.t("people-account-open"), "staff", &body)
}

async fn create(slow: Slow) -> Result<Reply> {
    let actor = manager(&slow)?;
    let mut invalid = Invalid::default();
    let login = slow.req.form.required("login", 32, &mut invalid).to_lowercase();
    if !login.is_empty() && !is_login(&login) {
        invalid.push("login", "people-login-odd");
    }
    invalid.into_result()?;
    let (first, hash) = first_password(&slow.app.random).await?;
    let (req, by) = (slow.req.clone(), actor.clone());
    let staff = slow
        .app
        .db
        .write(move |tx| {
            let staff = staff_of(tx, &by, &req)?;
            if account::of_staff(tx, staff.id)?.is_some() {
                return Err(Error::conflict("people-has-account"));
            }
            let new = NewAccount {
                login: Some(&login),
                name: &staff.name,
                staff: Some(staff.id),
                guardian: None,
                password_hash: Some(&hash),
                must_change: true,
            };
            let made = account::create(tx, &new)?;
            note(tx, &by, &req, "account.created", made)?;
            Ok((staff, login.clone()))
        })
        .await?;
    shown(&slow, &actor, staff, first)
}

async fn reset(slow: Slow) -> Result<Reply> {
    let actor = manager(&slow)?;
    let (first, hash) = first_password(&slow.app.random).await?;
    let (req, by) = (slow.req.clone(), actor.clone());
    let staff = slow
        .app
        .db
        .write(move |tx| {
            let staff = staff_of(tx, &by, &req)?;
            let id = account::of_staff(tx, staff.id)?.ok_or(Error::NotFound)?;
            if id == by.account {
                return Err(Error::conflict("people-own-password"));
            }
            account::set_password(tx, id, &hash, true)?;
            session::end_others(tx, id, None)?;
            note(tx, &by, &req, "account.password-reset", id)?;
            let login = login_of(tx, id)?;
            Ok((staff, login))
        })
        .await?;
    shown(&slow, &actor, staff, first)
}

/// The person, before anything slow is done: a stranger does not get us to hash.
fn manager(slow: &Slow) -> Result<Actor> {
    let actor = slow.signed()?;
    if actor.must_change {
        return Err(Error::conflict("must-change-password"));
    }
    actor.may(Action::ManageStaff)?;
    Ok(actor.clone())
}

/// The member of staff of the address, in the manager's reach.
fn staff_of(tx: &mut Tx, actor: &Actor, req: &Req) -> Result<Staff> {
    let school = unit_in_reach(tx, actor, req.id()?, Some(UnitKind::School))?;
    member(tx, school.id, req.param("staff")?)
}

/// Three groups of four letters and digits that are not mistaken for one another, and their hash.
async fn first_password(random: &Random) -> Result<(String, String)> {
    let random = random.clone();
    let made = tokio::task::spawn_blocking(move || {
        let first = [random.code(4), random.code(4), random.code(4)].join("-");
        password::hash(&random, &first).map(|hash| (first, hash))
    });
    made.await.map_err(Error::internal)?
}

fn note(tx: &mut Tx, actor: &Actor, req: &Req, action: &str, account: Id) -> Result<()> {
    audit::note(
        tx,
        &audit::Entry {
            account: Some(actor.account),
            hat: &actor.hat.code(),
            action,
            object_kind: "account",
            object: Some(account),
            school: actor.hat.unit,
            detail: "{}",
            client: &req.client,
        },
    )
}

/// The one time the password is seen.
fn shown(slow: &Slow, actor: &Actor, (staff, login): (Staff, String), first: String) -> Result<Reply> {
    let view = View::plain(&slow.app, actor.prefs.lang);
    let back = format!("/schools/{}/staff/{}", staff.unit, staff.id);
    let body = Shown { back, name: staff.name, login, first };
    Ok(Reply::Page(Page::new(view.t("people-first-password"), "staff", view.render(&body)?)))
}
