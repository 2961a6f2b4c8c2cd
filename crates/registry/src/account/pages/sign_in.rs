//! Signing in by name and password. Whether a name exists is told neither by words nor by time.

use super::super::admit::{self, Entry};
use super::super::step::{self, Step};
use super::Top;
use super::demo::{self, DemoGroup};
use askama::Template;
use gongyu_access::{account, password, session};
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Error, Id, Result};
use gongyu_web::filters;
use gongyu_web::permit::Anyone;
use gongyu_web::route::session_cookie;
use gongyu_web::{Flash, Get, Post, Reply, Slow};

/// Longest password looked at, so that nobody keeps a thread busy with a book.
pub const LONGEST: usize = 200;

#[derive(Template)]
#[template(path = "account/pages/sign_in.html")]
struct SignInPage {
    top: Top,
    back: String,
    name: String,
    refusal: String,
    demo: Vec<DemoGroup>,
}

/// The page for everybody who is not signed in.
pub fn show(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    let demo = if g.app.config.demo { demo::groups(g.r)? } else { Vec::new() };
    let page = SignInPage {
        top: Top::of(g),
        back: g.value("back", g.req.query.get("back")).to_owned(),
        name: g.value("name", "").to_owned(),
        refusal: refusal(g),
        demo,
    };
    Ok(g.page(g.t("account-sign-in-title"), "", &page)?.bare())
}

fn refusal(g: &Get<'_>) -> String {
    let named = [g.refusal(), g.problem("name"), g.problem("password")];
    named.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
}

/// Takes name and password.
pub async fn enter(ask: Slow) -> Result<Reply> {
    let (app, form) = (&ask.app, &ask.req.form);
    app.limits().sign_in.check(&ask.req.client)?;
    let mut invalid = Invalid::default();
    let name = form.required("name", 100, &mut invalid);
    let typed = form.required("password", LONGEST, &mut invalid);
    invalid.into_result()?;
    app.limits().sign_in.check(&format!("name:{}", name.to_lowercase()))?;
    let found = app.db.read(move |r| account::by_login(r, &name)).await?;
    let hash = found.as_ref().and_then(|c| c.password_hash.clone());
    let fits = tokio::task::spawn_blocking(move || password::fits_or_pretend(&typed, hash.as_deref()))
        .await
        .map_err(Error::internal)?;
    let now = app.clock().now();
    let open = found.as_ref().filter(|c| c.state == "active" && c.locked_until <= now);
    let Some(credential) = open.filter(|_| fits) else {
        refuse(&ask, open.map(|c| c.id)).await?;
        return Err(Error::conflict("account-sign-in-wrong"));
    };
    let account = credential.id;
    let hats = app.db.read(move |r| session::hats(r, account)).await?;
    let Some(hat) = admit::first_hat(&hats).cloned() else {
        return Err(Error::conflict("account-no-role"));
    };
    let wants = hats.iter().any(|h| h.role.wants_second_factor()) && !app.config.demo;
    let next = match (&credential.totp_sealed, wants) {
        (Some(_), _) => Some(("/sign-in/second", Step::SecondFactor { account })),
        (None, true) => {
            let secret = gongyu_access::totp::new_secret(&app.random);
            Some(("/sign-in/set-up", Step::SetUp { account, secret }))
        }
        (None, false) => None,
    };
    if let Some((to, step)) = next {
        let cookies = vec![step::carry(app, step, form.get("back"))?];
        return Ok(Reply::Redirect { to: to.to_owned(), flash: None, cookies });
    }
    let on = ask.clone();
    ask.app
        .db
        .write(move |tx| {
            let back = admit::wanted(&hats, on.req.form.get("back"));
            let entry = Entry {
                account,
                hat: hat.clone(),
                strong: false,
                totp_step: None,
                how: "sign-in.password",
                back,
                old: old(&on),
                flash: None,
            };
            admit::admit(tx, &on.app, &on.req, &entry)
        })
        .await
}

/// The session somebody came with.
pub fn old(ask: &Slow) -> Option<(Id, Id)> {
    ask.actor().and_then(|a| a.session.map(|session| (a.account, session)))
}

/// Counts a wrong try and notes it; the same work for a name nobody has.
///
/// # Errors
/// As any statement.
pub async fn refuse(ask: &Slow, account: Option<Id>) -> Result<()> {
    let req = ask.req.clone();
    ask.app
        .db
        .write(move |tx| {
            let locked = match account {
                Some(id) => account::note_failure(tx, id)?,
                None => false,
            };
            let action = if locked { "sign-in.locked" } else { "sign-in.refused" };
            admit::note(tx, &req, action, account, "")
        })
        .await
}

/// Signs out: the session ends here and everywhere the same cookie was.
pub fn leave(p: &mut Post<'_>, _: Anyone) -> Result<Reply> {
    let session = p.actor().and_then(|a| a.session.map(|s| (a.account, s)));
    if let Some((account, session)) = session {
        session::end(p.tx, account, session)?;
        p.audit("sign-out", ("account", Some(account)), "")?;
    }
    Ok(Reply::Redirect {
        to: "/sign-in".to_owned(),
        flash: session.map(|_| Flash::new("account-signed-out")),
        cookies: vec![session_cookie(p.app, "")],
    })
}
