//! Following a letter nobody signed: by its number and password, without an account. Both travel in the form,
//! never in an address, and tries are limited.

use super::letter::{self, anew, say, tell_more};
use crate::caseload::model::Case;
use crate::caseload::store;
use askama::Template;
use gongyu_kernel::{Error, Result};
use gongyu_web::permit::Anyone;
use gongyu_web::{Get, Page as Whole, Post, Reply, filters};

#[derive(Template)]
#[template(path = "caseload/pages/follow.html")]
struct Page {
    number: String,
    refusal: String,
}

pub(super) fn show(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    let body = Page { number: g.value("number", "").to_owned(), refusal: g.refusal() };
    Ok(g.page(g.t("case-follow-title"), "", &body)?.bare())
}

/// The letter named in the form. Tries are counted for an address and for a number, in memory alone.
fn named(p: &mut Post<'_>) -> Result<(Case, (String, String))> {
    let limit = &p.app.limits().sign_in;
    limit.check(&format!("receipt:{}", p.req.client))?;
    let (number, password) = (p.form().get("number").to_owned(), p.form().get("password").to_owned());
    limit.check(&format!("receipt-number:{number}"))?;
    let case = store::by_receipt(p.tx, p.app, &number, &password)?;
    Ok((case, (number, password)))
}

fn shown(p: &mut Post<'_>, case: &Case, receipt: (String, String)) -> Result<Reply> {
    let view = p.view().clone();
    let page = letter::built(p.tx, p.app, &view, case, Some(receipt))?;
    let body = view.render(&page)?;
    Ok(Reply::Page(Whole::new(view.t("case-letter-page"), "", body).bare()))
}

/// Opens the letter. Nothing is noted: a line in a log would say when.
pub(super) fn open(p: &mut Post<'_>, _: Anyone) -> Result<Reply> {
    let (case, receipt) = named(p)?;
    shown(p, &case, receipt)
}

pub(super) fn act(p: &mut Post<'_>, _: Anyone) -> Result<Reply> {
    let (mut case, receipt) = named(p)?;
    match p.form().get("act") {
        "more" => tell_more(p.tx, p.app, &mut case, &p.req.form)?,
        "rate" => say(p.tx, p.app, &mut case, &p.req.form)?,
        "again" => anew(p.tx, p.app, &mut case, &p.req.form)?,
        _ => return Err(Error::NotFound),
    };
    shown(p, &case, receipt)
}
