//! The page with the address, and the feed itself.

use super::store::{self, Owner};
use askama::Template;
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::{Date, Error, Id, Millis, Result};
use gongyu_paper::ical::{self, IcalEvent};
use gongyu_web::calendar::{CalendarOf, Event, When};
use gongyu_web::filters;
use gongyu_web::permit::{Anyone, Signed};
use gongyu_web::show::View;
use gongyu_web::{Download, Flash, Get, Post, Reply};
use jiff::Timestamp;

/// Days back and ahead that a feed holds [P].
const BACK: i64 = 60;
const AHEAD: i64 = 370;
/// Days ahead that the page lists.
const LISTED: i64 = 30;

struct Line {
    when: String,
    title: String,
    href: String,
}

#[derive(Template)]
#[template(path = "calendar/page.html")]
struct Page {
    phone: bool,
    address: String,
    lines: Vec<Line>,
}

fn of(account: Id, (staff, guardian): (Option<Id>, Option<Id>), today: Date, ahead: i64, back: i64) -> CalendarOf {
    let day = |n: i64| today.saturating_add(jiff::Span::new().days(n));
    CalendarOf { account, staff, guardian, from: day(-back), to: day(ahead) }
}

pub(super) fn show(g: &mut Get<'_>, at: Signed) -> Result<Reply> {
    let (view, today) = (g.view().clone(), g.r.today());
    let secret = store::secret_of(g.r, &g.app.vault, at.0.account)?;
    let asked = of(at.0.account, Owner::of(&at.0), today, LISTED, 0);
    let mut events = g.app.events_of(g.r, &asked)?;
    events.retain(|e| !e.cancelled);
    events.sort_by_key(|e| begin(e.when));
    let body = Page {
        phone: view.phone,
        address: secret.map(|s| format!("{}/agenda/feed/{s}", g.app.config.link_base())).unwrap_or_default(),
        lines: events
            .into_iter()
            .map(|e| Line { when: when_words(&view, e.when), title: view.code(&e.title), href: e.href })
            .collect(),
    };
    g.page(g.t("agenda-nav"), "me", &body)
}

pub(super) fn renew(p: &mut Post<'_>, at: Signed) -> Result<Reply> {
    store::renew(p.tx, &p.app.vault, &p.app.random, at.0.account)?;
    p.audit("calendar.renew", ("account", Some(at.0.account)), "{}")?;
    Ok(Reply::to_with("/agenda", Flash::new("agenda-renewed")))
}

pub(super) fn end(p: &mut Post<'_>, at: Signed) -> Result<Reply> {
    store::end(p.tx, at.0.account)?;
    p.audit("calendar.end", ("account", Some(at.0.account)), "{}")?;
    Ok(Reply::to_with("/agenda", Flash::new("agenda-ended")))
}

pub(super) fn feed(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    let secret: String = g.req.param("secret")?;
    let owner = store::owner(g.r, &g.app.vault, &secret)?;
    let asked = of(owner.account, (owner.staff, owner.guardian), g.r.today(), AHEAD, BACK);
    let events = g.app.events_of(g.r, &asked)?;
    let view = View::plain(g.app, Lang::parse(&owner.lang).unwrap_or_default());
    let base = g.app.config.link_base();
    let lines: Result<Vec<IcalEvent>> = events.iter().map(|e| as_ical(&view, &base, e)).collect();
    let text = ical::calendar(&view.t("agenda-name"), &stamp(g.r.now())?, &lines?);
    Ok(Reply::File(Download {
        name: "gongyu.ics".to_owned(),
        media_type: "text/calendar; charset=utf-8",
        bytes: text.into_bytes(),
        inline: true,
    }))
}

fn as_ical(view: &View, base: &str, e: &Event) -> Result<IcalEvent> {
    let (start, end) = match e.when {
        When::Span(from, to) => (stamp(from)?, stamp(to)?),
        When::Day(day) => (digits(day), digits(day.tomorrow().map_err(Error::internal)?)),
    };
    Ok(IcalEvent {
        uid: format!("{}@gongyu", e.uid),
        sequence: e.sequence.rem_euclid(i64::from(i32::MAX)),
        start,
        end,
        summary: view.code(&e.title),
        description: e.text.as_ref().map(|t| view.code(t)).unwrap_or_default(),
        url: format!("{base}{}", e.href),
        cancelled: e.cancelled,
    })
}

fn digits(day: Date) -> String {
    day.to_string().replace('-', "")
}

/// A moment as RFC 5545 writes it, in UTC.
fn stamp(at: Millis) -> Result<String> {
    let text = Timestamp::from_second(at.0.div_euclid(1000)).map_err(Error::internal)?.to_string();
    Ok(text.replace(['-', ':'], ""))
}

const fn begin(when: When) -> i64 {
    match when {
        When::Span(at, _) => at.0,
        When::Day(_) => i64::MAX,
    }
}

fn when_words(view: &View, when: When) -> String {
    match when {
        When::Span(at, _) => crate::visit::at_words(view, at),
        When::Day(day) => view.day(day),
    }
}
