//! Tokens for the API, each bound to the hat in which it was made and shown only once.

use super::why;
use askama::Template;
use gongyu_access::right;
use gongyu_access::token::{self, TokenView};
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Error, Result};
use gongyu_store::Reader;
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Holder, Page, Post, Reply};

#[derive(Template)]
#[template(path = "account/pages/tokens.html")]
struct TokensPage {
    phone: bool,
    tokens: Vec<TokenView>,
    fresh: Option<String>,
    label: String,
    problem: String,
}

fn tokens(r: &mut Reader, at: &Holder<right::UseApi>) -> Result<Vec<TokenView>> {
    token::list(r, at.actor.account)
}

/// Lists them.
pub fn show(g: &mut Get<'_>, at: Holder<right::UseApi>) -> Result<Reply> {
    let page = TokensPage {
        phone: g.view().phone,
        tokens: tokens(g.r, &at)?,
        fresh: None,
        label: g.value("label", "").to_owned(),
        problem: why(g, "label"),
    };
    g.page(g.t("account-tokens-title"), "me", &page)
}

/// Makes one and answers with the page that shows it: a redirect would have to keep it somewhere.
pub fn create(p: &mut Post<'_>, at: Holder<right::UseApi>) -> Result<Reply> {
    let mut invalid = Invalid::default();
    let label = p.form().required("label", 60, &mut invalid);
    invalid.into_result()?;
    let grant = at.actor.hat.grant.ok_or(Error::Forbidden)?;
    let fresh = token::create(p.tx, &p.app.random, at.actor.account, grant, &label)?;
    p.audit("token.create", ("account", Some(at.actor.account)), "")?;
    let page = TokensPage {
        phone: p.view().phone,
        tokens: tokens(p.tx, &at)?,
        fresh: Some(fresh),
        label: String::new(),
        problem: String::new(),
    };
    let view = p.view();
    Ok(Reply::Page(Page::new(view.t("account-tokens-title"), "me", view.render(&page)?)))
}

/// Ends one.
pub fn revoke(p: &mut Post<'_>, at: Holder<right::UseApi>) -> Result<Reply> {
    let id = p.req.id()?;
    token::revoke(p.tx, at.actor.account, id)?;
    p.audit("token.revoke", ("token", Some(id)), "")?;
    Ok(Reply::to_with("/me/tokens", Flash::new("account-token-ended")))
}
