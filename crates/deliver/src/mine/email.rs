//! An e-mail address, proved by a code sent to it.

use super::person;
use super::prove::{PROOF_JOB, ProofJob};
use crate::channel::Way;
use crate::choice::address::{self, NewAddress};
use crate::choice::proof;
use askama::Template;
use gongyu_kernel::{Error, Result};
use gongyu_store::jobs;
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Post, Reply, Signed};

/// Longest address (RFC 5321, 4.5.3.1.3).
const LONGEST: usize = 254;

#[derive(Template)]
#[template(path = "mine/email.html")]
struct Email {
    phone: bool,
    code: bool,
    value: String,
    problem: String,
}

pub(super) fn show(g: &mut Get<'_>, _: Signed) -> Result<Reply> {
    let problem = [g.problem("address"), g.refusal()].concat();
    let page = Email { phone: g.view().phone, code: false, value: g.value("address", "").to_owned(), problem };
    g.page(g.t("channels-email-title"), "me", &page)
}

pub(super) fn show_code(g: &mut Get<'_>, _: Signed) -> Result<Reply> {
    let page = Email { phone: g.view().phone, code: true, value: String::new(), problem: g.problem("code") };
    g.page(g.t("channels-email-title"), "me", &page)
}

pub(super) fn ask(p: &mut Post<'_>, Signed(actor): Signed) -> Result<Reply> {
    let to = p.form().get("address").to_owned();
    let fits = to.len() <= LONGEST && to.parse::<lettre::Address>().is_ok();
    if !fits {
        return Err(Error::field("address", "channels-email-bad"));
    }
    let code = proof::begin_email(p.tx, &p.app.vault, &p.app.random, person(&actor), &to)?;
    let message = p.tx.new_id();
    let job = ProofJob::seal(&p.app.vault, message, &to, &code, p.view().lang())?;
    jobs::enqueue(p.tx, PROOF_JOB, &job)?;
    p.audit("channels.email", ("account", Some(actor.account)), "{}")?;
    Ok(Reply::to("/me/channels/email/code"))
}

pub(super) fn confirm(p: &mut Post<'_>, Signed(actor): Signed) -> Result<Reply> {
    let typed = p.form().get("code").to_owned();
    let person = person(&actor);
    // A wrong code is kept as a try, so it is answered with a page and not by an error, which would undo it.
    let Some(to) = proof::finish_email(p.tx, &p.app.vault, person, &typed)? else {
        return Ok(Reply::to_with("/me/channels/email/code", Flash::new("channels-code-wrong")));
    };
    address::keep(p.tx, &p.app.vault, &NewAddress { person, way: Way::Email, to: &to, label: "" })?;
    p.audit("channels.bind", ("channel", None), "{\"channel\":\"email\"}")?;
    Ok(Reply::to_with("/me/channels", Flash::new("channels-bound-now")))
}
