//! The link of a text message that offers places: whoever holds the telephone sees the session and the time, no
//! child and no name; yes or no is one tap, without signing in.

use crate::open_day::words::times;
use crate::open_day::{SOURCE, book, letters};
use crate::visit::at_words;
use askama::Template;
use gongyu_kernel::{Error, Result};
use gongyu_web::filters;
use gongyu_web::permit::Anyone;
use gongyu_web::{Flash, Get, Post, Reply};

#[derive(Template)]
#[template(path = "open_day/pages/link.html")]
struct Page {
    link: String,
    over: bool,
    title: String,
    session: String,
    when: String,
    seats: i64,
    until: String,
}

pub(super) fn show(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    let link: String = g.req.param("link")?;
    let view = g.view().clone();
    let body = match letters::by_link(g.r, &g.app.vault, &link) {
        Ok((_, booked, day, session)) => Page {
            link,
            over: false,
            title: day.title,
            session: format!("{} {}", times(&view, &session), session.title),
            when: at_words(&view, session.starts_at),
            seats: booked.seats,
            until: booked.until.map(|u| at_words(&view, u)).unwrap_or_default(),
        },
        Err(Error::NotFound) => Page {
            link,
            over: true,
            title: String::new(),
            session: String::new(),
            when: String::new(),
            seats: 0,
            until: String::new(),
        },
        Err(other) => return Err(other),
    };
    Ok(g.page(g.t("open-offer"), "", &body)?.bare())
}

pub(super) fn answer(p: &mut Post<'_>, _: Anyone) -> Result<Reply> {
    let link: String = p.req.param("link")?;
    let (party, ..) = letters::by_link(p.tx, &p.app.vault, &link)?;
    let flash = if p.form().get("answer") == "yes" {
        book::accept(p.tx, party.booking)?;
        p.audit("open_day.accept", (SOURCE, Some(party.booking)), "{\"by\":\"link\"}")?;
        "open-booked-now"
    } else {
        book::give_back(p.tx, &party)?;
        p.audit("open_day.give_back", (SOURCE, Some(party.open_day)), "{\"by\":\"link\"}")?;
        "open-given-back"
    };
    Ok(Reply::to_with(format!("/o/{link}"), Flash::new(flash)))
}
