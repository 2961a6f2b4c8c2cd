//! Several people share a phone: which of them is it? And the two dead ends after a proved phone.

use super::super::phone::Behind;
use super::super::proceed::{candidates, proceed};
use super::super::step::{self, Proved, Step};
use super::Top;
use crate::account::phone;
use askama::Template;
use gongyu_kernel::{Error, Result};
use gongyu_web::filters;
use gongyu_web::permit::Anyone;
use gongyu_web::{Get, Post, Reply, Req};

#[derive(Template)]
#[template(path = "account/pages/who.html")]
struct WhoPage {
    top: Top,
    people: Vec<Behind>,
    staff: bool,
}

fn proved(app: &gongyu_web::App, req: &Req) -> Option<(Proved, String)> {
    match step::of(app, req)? {
        (Step::Proved(proved), back) => Some((proved, back)),
        _ => None,
    }
}

/// Lists them.
pub fn show(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    let Some((proved, _)) = proved(g.app, g.req) else { return Ok(Reply::to("/sign-in/phone")) };
    let people = candidates(g.r, &proved)?;
    let staff = proved.card.is_none() && phone::is_staff(g.r, &proved.phone)?;
    let page = WhoPage { top: Top::of(g), people, staff };
    Ok(g.page(g.t("account-who-title"), "", &page)?.bare())
}

/// Takes the answer.
pub fn choose(p: &mut Post<'_>, _: Anyone) -> Result<Reply> {
    let Some((mut proved, back)) = proved(p.app, p.req) else { return Ok(Reply::to("/sign-in/phone")) };
    proved.guardian = Some(p.form().id("guardian").ok_or(Error::NotFound)?);
    let old = p.actor().and_then(|a| a.session.map(|s| (a.account, s)));
    proceed(p.tx, p.app, p.req, proved, &back, old)
}

#[derive(Template)]
#[template(path = "account/pages/dead_end.html")]
struct DeadEnd {
    top: Top,
    icon: &'static str,
    title: &'static str,
    text: &'static str,
    act: Option<(&'static str, &'static str)>,
}

fn dead_end(g: &Get<'_>, page: DeadEnd) -> Result<Reply> {
    Ok(g.page(g.t(page.title), "", &page)?.bare())
}

/// The phone is proved, but nobody with it has activated: the card is needed once.
pub fn first_time(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    let page = DeadEnd {
        top: Top::of(g),
        icon: "qrcode",
        title: "account-first-title",
        text: "account-first-text",
        act: Some(("/activate", "account-first-act")),
    };
    dead_end(g, page)
}

/// The phone is proved, but it is not among those the school has for this child. Nothing is kept.
pub fn no_match(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    let page = DeadEnd {
        top: Top::of(g),
        icon: "user-question",
        title: "account-no-match-title",
        text: "account-no-match-text",
        act: Some(("/activate", "account-no-match-act")),
    };
    dead_end(g, page)
}

/// The guardian did not agree: contact goes on by phone and on paper.
pub fn refused(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    let page = DeadEnd {
        top: Top::of(g),
        icon: "heart-handshake",
        title: "account-refused-title",
        text: "account-refused-text",
        act: Some(("/activate", "account-refused-act")),
    };
    dead_end(g, page)
}

/// The guardian withdrew the last consent.
pub fn withdrawn(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    let page = DeadEnd {
        top: Top::of(g),
        icon: "circle-check",
        title: "account-withdrawn-title",
        text: "account-withdrawn-text",
        act: None,
    };
    dead_end(g, page)
}
