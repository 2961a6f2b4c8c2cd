//! What a guardian agreed to, and taking it back.

use super::super::consent::{self, Consent};
use super::super::notice_text;
use super::notice::{Answerable, answerable, district};
use crate::people;
use askama::Template;
use gongyu_access::{Actor, Role, session};
use gongyu_kernel::{Error, Id, Result};
use gongyu_web::filters;
use gongyu_web::permit::Signed;
use gongyu_web::route::session_cookie;
use gongyu_web::{Flash, Get, Post, Reply};

#[derive(Template)]
#[template(path = "account/pages/consent.html")]
struct ConsentPage {
    consents: Vec<Consent>,
    /// Children held back until consent is given again, and why.
    held: Vec<Held>,
    answerable: Option<Answerable>,
    district: String,
    storage: Option<String>,
    version: String,
}

struct Held {
    id: Id,
    name: String,
    refused: bool,
}

#[derive(Template)]
#[template(path = "account/pages/consent_text.html")]
struct TextPage {
    consent: Consent,
    answerable: Option<Answerable>,
    district: String,
    storage: Option<String>,
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
    let withheld = people::withheld_children(g.r, guardian)?;
    let school = children.first().or_else(|| withheld.first()).map(|c| c.school);
    let answerable = school.map(|school| answerable(g.r, school)).transpose()?;
    let consents = consent::of_guardian(g.r, guardian)?;
    let newest = |child: Id| consents.iter().find(|c| c.student == child);
    let held = withheld
        .into_iter()
        .map(|c| Held { refused: newest(c.id).is_some_and(|found| found.refused), id: c.id, name: c.name })
        .collect();
    let text = notice_text::current(g.r)?;
    let page = ConsentPage {
        held,
        answerable,
        district: district(g.app, g.r)?,
        storage: text.storage(g.view().lang()).map(str::to_owned),
        version: text.name(),
        consents,
    };
    g.page(g.t("account-consent-title"), "me", &page)
}

/// The text a consent was given to, as it was then.
pub fn text(g: &mut Get<'_>, Signed(actor): Signed) -> Result<Reply> {
    let guardian = guardian(&actor)?;
    let id = g.req.id()?;
    let consent = consent::of_guardian(g.r, guardian)?.into_iter().find(|c| c.id == id).ok_or(Error::NotFound)?;
    let text = notice_text::named(g.r, &consent.notice)?;
    let school = people::find_student(g.r, consent.student)?.school;
    let page = TextPage {
        answerable: Some(answerable(g.r, school)?),
        district: district(g.app, g.r)?,
        storage: text.storage(g.view().lang()).map(str::to_owned),
        consent,
    };
    g.page(g.t("account-notice-title"), "me", &page)
}

/// Gives consent again for a child held back.
pub fn again(p: &mut Post<'_>, Signed(actor): Signed) -> Result<Reply> {
    let guardian = guardian(&actor)?;
    let id = p.req.id()?;
    let child = people::withheld_children(p.tx, guardian)?.into_iter().find(|c| c.id == id).ok_or(Error::NotFound)?;
    let notice = notice_text::current(p.tx)?.name();
    consent::give(p.tx, guardian, &child, &p.req.client)?;
    let detail = serde_json::json!({ "guardian": guardian, "notice": notice }).to_string();
    p.audit("consent.give", ("student", Some(child.id)), &detail)?;
    p.app.guardians_changed(p.tx, &[child.id])?;
    Ok(Reply::to_with("/me/consent", Flash::new("account-agreed")))
}

/// Says what follows before it is taken back.
pub fn show_withdraw(g: &mut Get<'_>, Signed(actor): Signed) -> Result<Reply> {
    let guardian = guardian(&actor)?;
    let id = g.req.id()?;
    let standing = consent::of_guardian(g.r, guardian)?.into_iter().find(|c| c.id == id && c.withdrawn_at.is_none());
    let consent = standing.ok_or(Error::NotFound)?;
    let last = !consent::others_remain(g.r, guardian, &[consent.student])?;
    g.page(g.t("account-withdraw-title"), "me", &WithdrawPage { consent, last })
}

/// Takes it back. With the last consent every session of the guardian ends.
pub fn withdraw(p: &mut Post<'_>, Signed(actor): Signed) -> Result<Reply> {
    let guardian = guardian(&actor)?;
    let id = p.req.id()?;
    let mine = consent::of_guardian(p.tx, guardian)?.into_iter().find(|c| c.id == id).ok_or(Error::NotFound)?;
    consent::withdraw(p.tx, guardian, id)?;
    p.audit("consent.withdraw", ("student", Some(mine.student)), "")?;
    p.app.guardians_changed(p.tx, &[mine.student])?;
    if consent::others_remain(p.tx, guardian, &[])? {
        return Ok(Reply::to_with("/me/consent", Flash::new("account-withdrawn-one")));
    }
    session::end_others(p.tx, actor.account, None)?;
    Ok(Reply::Redirect { to: "/sign-in/withdrawn".to_owned(), flash: None, cookies: vec![session_cookie(p.app, "")] })
}
