//! What a guardian agreed to, and taking it back.

use super::super::consent::{self, Consent, under_14};
use super::notice::{Answerable, answerable, district};
use crate::people;
use askama::Template;
use gongyu_access::{Actor, Role, session};
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::Reader;
use gongyu_web::filters;
use gongyu_web::permit::Signed;
use gongyu_web::route::session_cookie;
use gongyu_web::{Flash, Get, Post, Reply};

#[derive(Template)]
#[template(path = "account/pages/consent.html")]
struct ConsentPage {
    consents: Vec<Consent>,
    answerable: Option<Answerable>,
    district: String,
}

#[derive(Template)]
#[template(path = "account/pages/withdraw.html")]
struct WithdrawPage {
    consent: Consent,
    last: bool,
}

fn guardian(actor: &Actor) -> Result<Id> {
    actor.guardian.filter(|_| actor.hat.role == Role::Guardian).ok_or(Error::NotFound)
}

/// Lists the consents, with the text agreed to.
pub fn show(g: &mut Get<'_>, Signed(actor): Signed) -> Result<Reply> {
    let guardian = guardian(&actor)?;
    let children = people::children_of(g.r, guardian)?;
    let answerable = children.first().map(|c| c.school).map(|school| answerable(g.r, school)).transpose()?;
    let page =
        ConsentPage { consents: consent::of_guardian(g.r, guardian)?, answerable, district: district(g.app, g.r)? };
    g.page(g.t("account-consent-title"), "me", &page)
}

/// Says what follows before it is taken back.
pub fn show_withdraw(g: &mut Get<'_>, Signed(actor): Signed) -> Result<Reply> {
    let guardian = guardian(&actor)?;
    let id = g.req.id()?;
    let standing = consent::of_guardian(g.r, guardian)?.into_iter().find(|c| c.id == id && c.withdrawn_at.is_none());
    let consent = standing.ok_or(Error::NotFound)?;
    let last = !others_remain(g.r, guardian, consent.student)?;
    g.page(g.t("account-withdraw-title"), "me", &WithdrawPage { consent, last })
}

/// Whether the guardian still has a child here, besides one, for whom no consent is missing.
fn others_remain(r: &mut Reader, guardian: Id, besides: Id) -> Result<bool> {
    let today = r.today();
    for child in people::children_of(r, guardian)? {
        if child.id != besides && (!under_14(child.birth_date, today) || consent::given(r, guardian, child.id)?) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Takes it back. With the last consent every session of the guardian ends.
pub fn withdraw(p: &mut Post<'_>, Signed(actor): Signed) -> Result<Reply> {
    let guardian = guardian(&actor)?;
    let id = p.req.id()?;
    let mine = consent::of_guardian(p.tx, guardian)?.into_iter().find(|c| c.id == id).ok_or(Error::NotFound)?;
    consent::withdraw(p.tx, guardian, id)?;
    p.audit("consent.withdraw", ("student", Some(mine.student)), "")?;
    if others_remain(p.tx, guardian, mine.student)? {
        return Ok(Reply::to_with("/me/consent", Flash::new("account-withdrawn-one")));
    }
    session::end_others(p.tx, actor.account, None)?;
    Ok(Reply::Redirect { to: "/sign-in/withdrawn".to_owned(), flash: None, cookies: vec![session_cookie(p.app, "")] })
}
