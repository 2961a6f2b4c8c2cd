//! The second factor while signing in: its code, or setting it up where the role asks for it.

use super::super::admit::{self, Entry, TOTP_FIELD};
use super::super::step::{self, Step};
use super::factor::{self, Offer};
use super::sign_in::{old, refuse};
use super::{Top, why};
use askama::Template;
use gongyu_access::{account, session, totp};
use gongyu_kernel::{Error, Id, Result};
use gongyu_web::filters;
use gongyu_web::permit::Anyone;
use gongyu_web::{App, Get, Reply, Slow};

#[derive(Template)]
#[template(path = "account/pages/second.html")]
struct SecondPage {
    top: Top,
    refusal: String,
}

#[derive(Template)]
#[template(path = "account/pages/set_up.html")]
struct SetUpPage {
    top: Top,
    offer: Offer,
    refusal: String,
}

/// Asks for the code of the authenticator app.
pub fn show(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    match step::of(g.app, g.req) {
        Some((Step::SecondFactor { .. }, _)) => {
            let page = SecondPage { top: Top::of(g), refusal: why(g, "code") };
            Ok(g.page(g.t("account-second-title"), "", &page)?.bare())
        }
        _ => Ok(Reply::to("/sign-in")),
    }
}

/// Takes the code.
pub async fn enter(ask: Slow) -> Result<Reply> {
    ask.app.limits().sign_in.check(&ask.req.client)?;
    let Some((Step::SecondFactor { account }, back)) = step::of(&ask.app, &ask.req) else {
        return Ok(Reply::to("/sign-in"));
    };
    let credential = ask.app.db.read(move |r| account::by_id(r, account)).await?;
    let now = ask.app.clock().now();
    let open = credential.state == "active" && credential.locked_until <= now;
    let sealed = credential.totp_sealed.as_deref();
    let secret = sealed.map(|bytes| factor::open_secret(&ask.app, account, bytes)).transpose()?;
    let used = secret
        .filter(|_| open)
        .and_then(|secret| totp::check(secret, ask.req.form.get("code"), now, credential.totp_step));
    let Some(used) = used else {
        refuse(&ask, open.then_some(account)).await?;
        return Err(Error::field("code", "account-second-wrong"));
    };
    let on = ask.clone();
    ask.app.db.write(move |tx| enter_strong(tx, &on, account, used, &back)).await
}

fn enter_strong(tx: &mut gongyu_store::Tx, ask: &Slow, account: Id, used: i64, back: &str) -> Result<Reply> {
    let hats = session::hats(tx, account)?;
    let hat = admit::first_hat(&hats).cloned().ok_or_else(|| Error::conflict("account-no-role"))?;
    let back = admit::wanted(&hats, back);
    let entry = Entry {
        account,
        hat,
        strong: true,
        totp_step: Some(used),
        how: "sign-in.two-factors",
        back,
        old: old(ask),
        flash: None,
    };
    admit::admit(tx, &ask.app, &ask.req, &entry)
}

/// Offers the second factor to roles that want it, before the session is opened.
pub fn show_set_up(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    match step::of(g.app, g.req) {
        Some((Step::SetUp { account, secret }, _)) => {
            let login = account::login_of(g.r, account)?.unwrap_or_default();
            let offer = Offer::new(g, secret, &login)?;
            let page = SetUpPage { top: Top::of(g), offer, refusal: why(g, "code") };
            Ok(g.page(g.t("account-factor-title"), "", &page)?.bare())
        }
        _ => Ok(Reply::to("/sign-in")),
    }
}

/// Takes the first code and opens the session.
pub async fn set_up(ask: Slow) -> Result<Reply> {
    ask.app.limits().sign_in.check(&ask.req.client)?;
    let Some((Step::SetUp { account, secret }, back)) = step::of(&ask.app, &ask.req) else {
        return Ok(Reply::to("/sign-in"));
    };
    let now = ask.app.clock().now();
    let used = totp::check(secret, ask.req.form.get("code"), now, 0)
        .ok_or_else(|| Error::field("code", "account-factor-wrong"))?;
    let on = ask.clone();
    ask.app
        .db
        .write(move |tx| {
            let credential = account::by_id(tx, account)?;
            if credential.totp_sealed.is_some() || credential.locked_until > tx.now() {
                return Ok(Reply::to("/sign-in"));
            }
            keep(tx, &on.app, account, secret)?;
            admit::note(tx, &on.req, "factor.set-up", Some(account), "")?;
            enter_strong(tx, &on, account, used, &back)
        })
        .await
}

/// Keeps a secret, sealed.
pub fn keep(tx: &mut gongyu_store::Tx, app: &App, account: Id, secret: [u8; 20]) -> Result<()> {
    let sealed = app.vault.seal(TOTP_FIELD, account, &secret)?;
    account::set_totp(tx, account, Some(&sealed))
}
