//! Choosing a new password.

use super::super::admit;
use super::factor::staff_only;
use super::sign_in::LONGEST;
use askama::Template;
use gongyu_access::{account, password, session};
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Error, Result};
use gongyu_web::filters;
use gongyu_web::permit::Signed;
use gongyu_web::{Flash, Get, Reply, Slow};

#[derive(Template)]
#[template(path = "account/pages/password.html")]
struct PasswordPage {
    phone: bool,
    must: bool,
    refusal: String,
    shortest: usize,
    fields: Vec<Field>,
}

struct Field {
    name: &'static str,
    label: &'static str,
    complete: &'static str,
    problem: String,
}

/// Asks for the old and the new one.
pub fn show(g: &mut Get<'_>, Signed(actor): Signed) -> Result<Reply> {
    staff_only(&actor)?;
    let field = |name, label, complete| Field { name, label, complete, problem: g.problem(name) };
    let page = PasswordPage {
        phone: g.view().phone,
        must: actor.must_change,
        refusal: g.refusal(),
        shortest: password::SHORTEST,
        fields: vec![
            field("old", "account-password-old", "current-password"),
            field("new", "account-password-new", "new-password"),
            field("again", "account-password-again", "new-password"),
        ],
    };
    g.page(g.t("account-password-title"), "me", &page)
}

/// Takes it; every other session of the account ends.
pub async fn save(ask: Slow) -> Result<Reply> {
    let actor = ask.signed()?.clone();
    staff_only(&actor)?;
    ask.app.limits().sign_in.check(&format!("password:{}", actor.account))?;
    let form = &ask.req.form;
    let mut invalid = Invalid::default();
    let old = form.required("old", LONGEST, &mut invalid);
    let new = form.required("new", LONGEST, &mut invalid);
    let (credential, login) =
        ask.app.db.read(move |r| Ok((account::by_id(r, actor.account)?, account::login_of(r, actor.account)?))).await?;
    if !new.is_empty() {
        if let Err(why) = password::check_new(&new, login.as_deref().unwrap_or_default()) {
            invalid.push("new", why);
        } else if new == old {
            invalid.push("new", "account-password-same");
        } else if new != form.get("again") {
            invalid.push("again", "account-password-differs");
        }
    }
    invalid.into_result()?;
    let random = ask.app.random.clone();
    let hashing = move || {
        if password::fits_or_pretend(&old, credential.password_hash.as_deref()) {
            password::hash(&random, &new)
        } else {
            Err(Error::field("old", "account-password-wrong"))
        }
    };
    let hash = tokio::task::spawn_blocking(hashing).await.map_err(Error::internal)??;
    let on = ask.clone();
    ask.app
        .db
        .write(move |tx| {
            account::set_password(tx, actor.account, &hash, false)?;
            session::end_others(tx, actor.account, actor.session)?;
            admit::note(tx, &on.req, "password.change", Some(actor.account), &actor.hat.code())?;
            let to = if actor.must_change { on.app.home_of(actor.hat.role) } else { "/me" };
            Ok(Reply::to_with(to, Flash::new("account-password-changed")))
        })
        .await
}
