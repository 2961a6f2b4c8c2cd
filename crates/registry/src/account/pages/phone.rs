//! A guardian's phone: where to send a code. The answer is the same whether or not the number is known.

use super::super::phone;
use super::super::step::{self, Step};
use super::{Top, why};
use crate::people::PHONE_BLIND;
use crate::roster::id_number::{Phone, PhoneFault};
use askama::Template;
use gongyu_access::code;
use gongyu_kernel::error::Code;
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::outgoing::{self, CODE_FIELD, CODE_JOB, CodeJob};
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Tx, jobs};
use gongyu_web::filters;
use gongyu_web::permit::Anyone;
use gongyu_web::show::View;
use gongyu_web::{App, Get, Reply, Slow};

#[derive(Template)]
#[template(path = "account/pages/phone.html")]
struct PhonePage {
    top: Top,
    back: String,
    phone: String,
    problem: String,
}

/// Asks for the number.
pub fn show(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    let page = PhonePage {
        top: Top::of(g),
        back: g.value("back", g.req.query.get("back")).to_owned(),
        phone: g.value("phone", "").to_owned(),
        problem: why(g, "phone"),
    };
    Ok(g.page(g.t("account-phone-title"), "", &page)?.bare())
}

/// Sends a code to the number, if a guardian or a member of staff has it.
pub async fn send(ask: Slow) -> Result<Reply> {
    let number = read(ask.req.form.get("phone"))?;
    dispatch(&ask, number, None, ask.req.form.get("back").to_owned()).await
}

/// Reads a mobile number.
///
/// # Errors
/// The reason, at the field `phone`.
pub fn read(typed: &str) -> Result<String> {
    let off = |fault: &PhoneFault| i64::try_from(fault.off_by()).unwrap_or(0);
    let why = match Phone::parse(typed) {
        Ok(phone) if phone.is_mobile() => return Ok(phone.as_str().to_owned()),
        Ok(_) => Code::new("account-phone-landline"),
        Err(fault @ PhoneFault::Short(_)) => Code::new("account-phone-short").arg("n", off(&fault)),
        Err(fault @ PhoneFault::Long(_)) => Code::new("account-phone-long").arg("n", off(&fault)),
        Err(_) => Code::new("account-phone-unreadable"),
    };
    Err(Error::field("phone", why))
}

/// Makes a code for a number and leads to where it is typed. With a card in hand it is sent to any
/// number, because what follows tells only its owner whether the school knows it.
///
/// # Errors
/// `Error::TooMany` for an address or a phone that asked too often.
pub async fn dispatch(ask: &Slow, number: String, card: Option<Id>, back: String) -> Result<Reply> {
    ask.app.limits().codes.check(&ask.req.client)?;
    let lang = View::of(&ask.app, &ask.req, None, ask.app.clock().now()).lang();
    let (app, phone) = (ask.app.clone(), number.clone());
    ask.app
        .db
        .write(move |tx| {
            let blind = app.vault.blind(PHONE_BLIND, &phone);
            let known = card.is_some() || !phone::guardians(tx, &blind)?.is_empty() || phone::is_staff(tx, &blind)?;
            post(tx, &app, &phone, &blind, known, lang)
        })
        .await?;
    let step = Step::Code { phone: number, card, sent: ask.app.clock().now() };
    let cookies = vec![step::carry(&ask.app, step, &back)?];
    Ok(Reply::Redirect { to: "/sign-in/code".to_owned(), flash: None, cookies })
}

fn post(tx: &mut Tx, app: &App, phone: &str, blind: &str, known: bool, lang: Lang) -> Result<()> {
    let code = code::issue(tx, &app.random, blind)?;
    let (message, until) = (tx.new_id(), tx.now().plus_minutes(code::GOOD_MINUTES));
    let letter = outgoing::Code { phone: phone.to_owned(), code, minutes: code::GOOD_MINUTES, until, lang };
    let sealed = app.vault.seal_json(CODE_FIELD, message, &letter)?;
    jobs::enqueue(tx, CODE_JOB, &CodeJob { message, sealed: known.then_some(sealed) })?;
    Ok(())
}
