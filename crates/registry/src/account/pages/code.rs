//! The code from the text message.

use super::super::proceed;
use super::super::step::{self, Proved, Step};
use super::Top;
use super::phone::dispatch;
use super::sign_in::old;
use crate::people::PHONE_BLIND;
use crate::roster::id_number::mask_phone;
use askama::Template;
use gongyu_access::code::{self, Outcome};
use gongyu_kernel::error::Code;
use gongyu_kernel::{Error, Result};
use gongyu_web::filters;
use gongyu_web::permit::Anyone;
use gongyu_web::{Get, Reply, Slow};

/// Seconds before another code may be asked for.
const WAIT_SECONDS: i64 = 60;

#[derive(Template)]
#[template(path = "account/pages/code.html")]
struct CodePage {
    top: Top,
    phone: String,
    minutes: i64,
    problem: String,
    refusal: String,
    demo: bool,
    again: &'static str,
}

/// Asks for the code.
pub fn show(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    let Some((Step::Code { phone, card, .. }, _)) = step::of(g.app, g.req) else {
        return Ok(Reply::to("/sign-in/phone"));
    };
    let page = CodePage {
        top: Top { here: "/sign-in/code".to_owned(), ..Top::of(g) },
        phone: mask_phone(&phone),
        minutes: code::GOOD_MINUTES,
        problem: g.problem("code"),
        refusal: g.refusal(),
        demo: g.app.config.demo,
        again: if card.is_some() { "/activate" } else { "/sign-in/phone" },
    };
    Ok(g.page(g.t("account-code-title"), "", &page)?.bare())
}

/// Sends another code, not sooner than a minute after the last.
pub async fn resend(ask: Slow) -> Result<Reply> {
    let Some((Step::Code { phone, card, sent }, back)) = step::of(&ask.app, &ask.req) else {
        return Ok(Reply::to("/sign-in/phone"));
    };
    let wait = (sent.plus_seconds(WAIT_SECONDS).0 - ask.app.clock().now().0 + 999) / 1000;
    if wait > 0 {
        return Err(Error::conflict(Code::new("account-code-wait").arg("n", wait)));
    }
    dispatch(&ask, phone, card, back).await
}

/// Takes the code. A wrong one is counted even though the form is shown again.
pub async fn enter(ask: Slow) -> Result<Reply> {
    ask.app.limits().sign_in.check(&ask.req.client)?;
    let Some((Step::Code { phone, card, .. }, back)) = step::of(&ask.app, &ask.req) else {
        return Ok(Reply::to("/sign-in/phone"));
    };
    let typed: String = ask.req.form.get("code").chars().filter(char::is_ascii_digit).collect();
    if typed.len() != 6 {
        return Err(Error::field("code", "account-code-digits"));
    }
    let blind = ask.app.vault.blind(PHONE_BLIND, &phone);
    let on = ask.clone();
    let (outcome, reply) = ask
        .app
        .db
        .write(move |tx| {
            let outcome = code::try_code(tx, &blind, &typed)?;
            if outcome != Outcome::Fits {
                return Ok((outcome, None));
            }
            let proved = Proved { phone: blind.clone(), card, guardian: None };
            Ok((outcome, Some(proceed::proceed(tx, &on.app, &on.req, proved, &back, old(&on))?)))
        })
        .await?;
    match (outcome, reply) {
        (Outcome::Fits, Some(reply)) => Ok(reply),
        (Outcome::Spent, _) => Err(Error::field("code", "account-code-spent")),
        _ => Err(Error::field("code", "account-code-wrong")),
    }
}
