//! Activation by contact card: its QR code, or its eight characters typed.

use super::super::phone::{self, Card};
use super::super::proceed::proceed;
use super::super::step::{self, Proved, Step};
use super::phone::{dispatch, read};
use super::sign_in::old;
use super::{Top, why};
use askama::Template;
use gongyu_kernel::{Error, Result};
use gongyu_web::filters;
use gongyu_web::permit::Anyone;
use gongyu_web::{Get, Reply, Slow};

#[derive(Template)]
#[template(path = "account/pages/activate.html")]
struct TypePage {
    top: Top,
    code: String,
    problem: String,
}

#[derive(Template)]
#[template(path = "account/pages/card.html")]
struct CardPage {
    top: Top,
    code: String,
    child: String,
    school: String,
    proved: bool,
    phone: String,
    problem: String,
}

/// Asks for the code on the card.
pub fn show(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    type_page(g, why(g, "code"))
}

fn type_page(g: &Get<'_>, problem: String) -> Result<Reply> {
    let top = Top { here: "/activate".to_owned(), ..Top::of(g) };
    let page = TypePage { top, code: g.value("code", "").to_owned(), problem };
    Ok(g.page(g.t("account-activate-title"), "", &page)?.bare())
}

/// Looks the typed code up.
pub async fn look_up(ask: Slow) -> Result<Reply> {
    ask.app.limits().sign_in.check(&ask.req.client)?;
    let typed: String = ask.req.form.get("code").chars().filter(char::is_ascii_alphanumeric).collect();
    let code = typed.clone();
    match ask.app.db.read(move |r| phone::card_of(r, &code)).await? {
        Some(_) => Ok(Reply::to(format!("/a/{}", typed.to_ascii_uppercase()))),
        None => Err(Error::field("code", "account-card-unknown")),
    }
}

/// Shows a card's child, the name hidden but for its first character, and asks for the phone.
pub fn show_card(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    g.app.limits().sign_in.check(&g.req.client)?;
    let code: String = g.req.param("code")?;
    let Some(card) = phone::card_of(g.r, &code)? else {
        return type_page(g, g.t("account-card-unknown"));
    };
    let other = g.req.query.has("other") || g.typed().is_some();
    let proved = !other && matches!(step::of(g.app, g.req), Some((Step::Proved(_), _)));
    let page = CardPage {
        top: Top::of(g),
        code,
        child: phone::masked(&card.name),
        school: card.school_name,
        proved,
        phone: g.value("phone", "").to_owned(),
        problem: why(g, "phone"),
    };
    Ok(g.page(g.t("account-activate-title"), "", &page)?.bare())
}

/// Sends a code to the phone typed; a phone that was just proved goes straight on.
pub async fn send(ask: Slow) -> Result<Reply> {
    ask.app.limits().sign_in.check(&ask.req.client)?;
    let code: String = ask.req.param("code")?;
    let found: Option<Card> = ask.app.db.read(move |r| phone::card_of(r, &code)).await?;
    let Some(card) = found else { return Ok(Reply::to("/activate")) };
    let form = &ask.req.form;
    if form.ticked("proved")
        && let Some((Step::Proved(before), back)) = step::of(&ask.app, &ask.req)
    {
        let on = ask.clone();
        let proved = Proved { phone: before.phone, card: Some(card.id), guardian: None };
        let next = move |tx: &mut gongyu_store::Tx| proceed(tx, &on.app, &on.req, proved.clone(), &back, old(&on));
        return ask.app.db.write(next).await;
    }
    let number = read(form.get("phone"))?;
    dispatch(&ask, number, Some(card.id), String::new()).await
}
