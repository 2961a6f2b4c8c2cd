//! An account for a member of staff, or a new password for one: a one-time password, shown once.

use super::staff_member::{self, member};
use super::staff_place::{AtPlace, in_reach};
use crate::account::news;
use crate::people::{Staff, is_login, login_for, login_of};
use askama::Template;
use gongyu_access::account::{self, NewAccount};
use gongyu_access::{Action, Actor, password, right, session};
use gongyu_kernel::error::{Code, Invalid};
use gongyu_kernel::random::Random;
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Tx, audit};
use gongyu_web::filters;
use gongyu_web::page::Page;
use gongyu_web::show::View;
use gongyu_web::{Flash, FormData, Get, Post, Reply, Req, Routes, Slow};

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

fn show(g: &mut Get<'_>, at: AtPlace<right::ManageStaff>) -> Result<Reply> {
    let staff = member(g.r, at.place.id, g.req.param("staff")?)?;
    let proposed = login_for(&staff.name);
    let back = format!("/schools/{}/staff/{}", at.place.id, staff.id);
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
            note(tx, &by, &req, ("account.created", made), "{}")?;
            Ok((staff, login.clone()))
        })
        .await?;
    shown(&slow, &actor, staff, first)
}

/// Why somebody else's way of signing in is changed; asked, because the person is told.
fn reason(form: &FormData) -> Result<String> {
    let mut invalid = Invalid::default();
    let reason = form.required("reason", 100, &mut invalid);
    invalid.into_result()?;
    Ok(reason)
}

/// Takes the second factor of a member of staff off: the phone is lost. The person sets it up anew at the
/// next sign-in where the role asks for it, and is told who did this and why.
pub(super) fn factor_off(p: &mut Post<'_>, at: AtPlace<right::ManageStaff>) -> Result<Reply> {
    let staff = member(p.tx, at.place.id, p.req.param("staff")?)?;
    let id = account::of_staff(p.tx, staff.id)?.ok_or(Error::NotFound)?;
    if id == at.actor.account {
        return Err(Error::conflict("people-own-password"));
    }
    let reason = reason(p.form())?;
    account::set_totp(p.tx, id, None)?;
    session::end_others(p.tx, id, None)?;
    news::tell(p.tx, id, news::FACTOR, &reason, &at.actor.name)?;
    p.audit("account.factor-reset", ("account", Some(id)), &serde_json::json!({ "reason": reason }).to_string())?;
    let flash = Flash::new(Code::new("people-factor-is-off").arg("name", &staff.name));
    Ok(Reply::to_with(format!("/schools/{}/staff/{}", at.place.id, staff.id), flash))
}

async fn reset(slow: Slow) -> Result<Reply> {
    let actor = manager(&slow)?;
    let reason = reason(&slow.req.form)?;
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
            news::tell(tx, id, news::PASSWORD, &reason, &by.name)?;
            let detail = serde_json::json!({ "reason": reason }).to_string();
            note(tx, &by, &req, ("account.password-reset", id), &detail)?;
            let login = login_of(tx, id)?;
            Ok((staff, login))
        })
        .await?;
    shown(&slow, &actor, staff, first)
}

/// The person, before anything slow is done: a stranger does not get us to hash.
pub(super) fn manager(slow: &Slow) -> Result<Actor> {
    let actor = slow.signed()?;
    if actor.must_change {
        return Err(Error::conflict("must-change-password"));
    }
    actor.may(Action::ManageStaff)?;
    Ok(actor.clone())
}

/// The member of staff of the address, in the manager's reach.
fn staff_of(tx: &mut Tx, actor: &Actor, req: &Req) -> Result<Staff> {
    let place = in_reach(tx, actor, req.id()?)?;
    member(tx, place.id, req.param("staff")?)
}

/// Three groups of four letters and digits that are not mistaken for one another, and their hash.
pub(super) async fn first_password(random: &Random) -> Result<(String, String)> {
    let random = random.clone();
    let made = tokio::task::spawn_blocking(move || {
        let first = [random.code(4), random.code(4), random.code(4)].join("-");
        password::hash(&random, &first).map(|hash| (first, hash))
    });
    made.await.map_err(Error::internal)?
}

pub(super) fn note(tx: &mut Tx, actor: &Actor, req: &Req, (action, account): (&str, Id), detail: &str) -> Result<()> {
    audit::note(
        tx,
        &audit::Entry {
            account: Some(actor.account),
            hat: &actor.hat.code(),
            action,
            object_kind: "account",
            object: Some(account),
            school: actor.hat.unit,
            detail,
            client: &req.client,
        },
    )
}

/// The one time the password is seen.
pub(super) fn shown(slow: &Slow, actor: &Actor, (staff, login): (Staff, String), first: String) -> Result<Reply> {
    let view = View::plain(&slow.app, actor.prefs.lang);
    let back = format!("/schools/{}/staff/{}", staff.unit, staff.id);
    let body = Shown { back, name: staff.name, login, first };
    Ok(Reply::Page(Page::new(view.t("people-first-password"), "staff", view.render(&body)?)))
}
