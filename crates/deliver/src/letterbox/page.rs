//! The page of the inbox.

use crate::inbox::{self, Letter};
use crate::live;
use askama::Template;
use gongyu_kernel::{Id, Millis, Result};
use gongyu_web::filters;
use gongyu_web::{Get, Post, Reply, Signed};

/// Letters of a page.
const PAGE: i64 = 30;

struct Line {
    id: Id,
    title: String,
    /// What the title does not say already.
    text: String,
    href: String,
    at: Millis,
    fresh: bool,
}

#[derive(Template)]
#[template(path = "letterbox/page.html")]
struct Page {
    phone: bool,
    elder: bool,
    lines: Vec<Line>,
    unseen: i64,
    next: Option<Id>,
    ticket: String,
}

impl Line {
    fn of(letter: Letter, fresh: bool) -> Self {
        let said = letter.said;
        let text = if said.text == said.title { String::new() } else { said.text };
        Self { id: letter.id, title: said.title, text, href: said.href, at: letter.at, fresh }
    }
}

pub(super) fn show(g: &mut Get<'_>, Signed(actor): Signed) -> Result<Reply> {
    let before = g.req.query.id("before");
    let unseen = if before.is_none() { inbox::unseen(g.r, actor.account)? } else { 0 };
    let letters = inbox::letters(g.r, &g.app.vault, actor.account, before, PAGE)?;
    let next = letters.last().filter(|_| letters.len() as i64 == PAGE).map(|l| l.id);
    let lines = (0..).zip(letters).map(|(n, letter)| Line::of(letter, n < unseen)).collect();
    let view = g.view();
    let page = Page {
        phone: view.phone,
        elder: view.prefs.elder,
        lines,
        unseen,
        next,
        ticket: live::ticket(g.app, &actor, &inbox::topic(actor.account)),
    };
    Ok(g.page(g.t("letterbox-title"), "inbox", &page)?.script("live.js"))
}

/// The page was looked at: nothing on it is new any more.
pub(super) fn seen(p: &mut Post<'_>, Signed(actor): Signed) -> Result<Reply> {
    inbox::seen(p.tx, actor.account)?;
    Ok(Reply::to("/inbox"))
}
