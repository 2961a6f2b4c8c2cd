//! Open days as a family sees them: what there is, how many places, and one form to book for all who come.

use crate::open_day::book::{self, Asked};
use crate::open_day::model::{OpenDay, Session, Stand, State};
use crate::open_day::permit::own_children;
use crate::open_day::rules::bookable;
use crate::open_day::words::{booking_look, kind_icon, times};
use crate::open_day::{SOURCE, sessions, store};
use crate::visit::at_words;
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_parts::booking::{Outcome, pool};
use gongyu_store::sql;
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Holder, Post, Reply};

struct Line {
    id: Id,
    icon: &'static str,
    kind: &'static str,
    title: String,
    times: String,
    place: String,
    teacher: String,
    free: String,
    full: bool,
    off: bool,
    open: bool,
    on: bool,
}

struct Own {
    id: Id,
    title: String,
    look: &'static str,
    icon: &'static str,
    label: &'static str,
}

#[derive(Template)]
#[template(path = "open_day/pages/family.html")]
struct Page {
    id: Id,
    key: String,
    title: String,
    intro: String,
    place: String,
    day: Date,
    off: Option<String>,
    closed: Option<&'static str>,
    not_yet: bool,
    opens: String,
    until: String,
    per_family: i64,
    lines: Vec<Line>,
    any: bool,
    own: Vec<Own>,
    children: Vec<(Id, String, bool)>,
    adults: Vec<(i64, bool)>,
    along: bool,
    wait: bool,
    feedback: bool,
    refusal: String,
    problem: String,
}

struct Choice {
    id: Id,
    title: String,
    day: Date,
    until: String,
    open: bool,
    off: bool,
}

#[derive(Template)]
#[template(path = "open_day/pages/families.html")]
struct Every {
    lines: Vec<Choice>,
}

/// The open days of the classes of one's children, those to come first.
pub(super) fn list(g: &mut Get<'_>, at: Holder<right::SeeOwnChildren>) -> Result<Reply> {
    let me = at.actor.guardian.ok_or(Error::Forbidden)?;
    let since = g.r.today().saturating_sub(jiff::Span::new().days(200));
    let ids: Vec<(Id,)> = g.r.rows(
        sql!(
            "SELECT DISTINCT o.id FROM guardianship k JOIN student s ON s.id = k.student_id AND s.state = 'active'
              JOIN open_day_class c ON c.class_id = s.class_id
              JOIN open_day o ON o.id = c.open_day_id AND o.state <> 'draft' AND o.day >= $2
              WHERE k.guardian_id = $1 AND k.valid_to IS NULL AND k.may_receive AND NOT k.restricted
              ORDER BY o.id LIMIT 50"
        ),
        &[&me, &since],
    )?;
    let ids: Vec<Id> = ids.into_iter().map(|(id,)| id).collect();
    let view = g.view().clone();
    let mut days = store::some(g.r, &ids)?;
    days.sort_by_key(|d| std::cmp::Reverse(d.day));
    let now = g.r.now();
    let lines = days
        .into_iter()
        .map(|d| Choice {
            open: d.state == State::Published && d.opens_at <= now && now < d.closes_at,
            off: d.state == State::Off,
            until: at_words(&view, d.closes_at),
            id: d.id,
            title: d.title,
            day: d.day,
        })
        .collect();
    g.page(g.t("open-nav"), "home", &Every { lines })
}

fn free_words(g: &Get<'_>, free: i64, waiting: i64) -> String {
    let key = if free > 0 {
        "open-free-n"
    } else if waiting > 0 {
        "open-full-waiting"
    } else {
        "open-full"
    };
    g.ta(key, &[("n", if free > 0 { free } else { waiting }.into())])
}

pub(super) fn show(g: &mut Get<'_>, at: Holder<right::SeeOwnChildren>) -> Result<Reply> {
    let day = store::find(g.r, g.req.id()?)?;
    let children = own_children(g.r, at.actor.guardian, &day)?;
    let me = at.actor.guardian.ok_or(Error::Forbidden)?;
    let (view, now) = (g.view().clone(), g.r.now());
    let all = store::sessions(g.r, &[day.id])?;
    let counts = sessions::counts(g.r, &[day.id])?;
    let whole = whole(g, &day)?;
    let own = book::mine(g.r, me, day.id)?;
    let chosen = g.typed().and_then(|f| f.id("session")).or_else(|| g.req.query.id("session"));
    let line = |g: &Get<'_>, s: &Session| {
        let of = counts.get(&s.id).copied().unwrap_or_default();
        let free = (s.capacity - of.seats).min(whole).max(0);
        let mine = own.iter().any(|(p, _)| p.session == s.id);
        Line {
            id: s.id,
            icon: kind_icon(s.kind),
            kind: s.kind.label_key(),
            title: s.title.clone(),
            times: times(&view, s),
            place: s.place.clone(),
            teacher: s.teacher_name.clone(),
            free: free_words(g, free, of.waiting),
            full: free == 0,
            off: s.stand == Stand::Off,
            open: bookable(&day, s, now).is_ok() && !mine,
            on: chosen == Some(s.id),
        }
    };
    let lines: Vec<Line> = all.iter().map(|s| line(g, s)).collect();
    let closed = match all.iter().find(|s| s.stand == Stand::On) {
        Some(_) if day.state == State::Held || lines.iter().any(|l| l.open) => None,
        Some(s) => bookable(&day, s, now).err().map(crate::open_day::rules::Closed::key),
        None => None,
    };
    let off = if day.state == State::Off { Some(store::more(g.r, day.id)?.off_why) } else { None };
    let came = crate::open_day::feedback::came(g.r, day.id, me)?;
    let typed = g.typed();
    let about = typed.map(|f| f.ids("about"));
    let adults: i64 = typed.and_then(|f| f.get("adults").parse().ok()).unwrap_or(1);
    let body = Page {
        id: day.id,
        key: match g.value("key", "") {
            "" => g.app.random.code(24),
            kept => kept.to_owned(),
        },
        title: day.title.clone(),
        intro: day.intro.clone(),
        place: day.place.clone(),
        day: day.day,
        off,
        not_yet: closed == Some("open-closed-not-yet"),
        closed,
        opens: at_words(&view, day.opens_at),
        until: at_words(&view, day.closes_at),
        per_family: day.per_family,
        any: lines.iter().any(|l| l.open),
        lines,
        own: own
            .iter()
            .map(|(p, b)| {
                let (look, icon, label) = booking_look(b.state);
                let session = all.iter().find(|s| s.id == p.session);
                let title = session.map(|s| format!("{} {}", times(&view, s), s.title)).unwrap_or_default();
                Own { id: p.booking, title, look, icon, label }
            })
            .collect(),
        children: children
            .into_iter()
            .map(|c| (c.id, c.name, about.as_ref().is_none_or(|ids| ids.contains(&c.id))))
            .collect(),
        adults: (1..=day.per_family.clamp(1, 4)).map(|n| (n, n == adults)).collect(),
        along: typed.is_some_and(|f| f.ticked("along")),
        wait: typed.is_none_or(|f| f.ticked("wait")),
        feedback: came,
        refusal: g.refusal(),
        problem: [g.problem("about"), g.problem("adults"), g.problem("party"), g.problem("session")]
            .into_iter()
            .find(|p| !p.is_empty())
            .unwrap_or_default(),
    };
    g.page(body.title.clone(), "home", &body)
}

/// Seats left over all sessions together.
fn whole(g: &mut Get<'_>, day: &OpenDay) -> Result<i64> {
    let Some(pool) = store::pool_of(g.r, day.id)? else { return Ok(0) };
    let quotas = pool::availability(g.r, &[pool])?;
    Ok(quotas.iter().find(|q| q.kind == "all").map_or(0, gongyu_parts::booking::Quota::free))
}

pub(super) fn book(p: &mut Post<'_>, at: Holder<right::SeeOwnChildren>) -> Result<Reply> {
    let id = p.req.id()?;
    let me = at.actor.guardian.ok_or(Error::Forbidden)?;
    let form = p.form();
    let asked = Asked {
        about: form.ids("about"),
        adults: form.get("adults").parse().unwrap_or(0),
        along: form.ticked("along"),
        wait: form.ticked("wait"),
    };
    let session = form.id("session").ok_or_else(|| Error::field("session", "open-choose-session"))?;
    let key: String = form.get("key").chars().take(64).collect();
    let session = store::session(p.tx, session)?;
    if session.open_day != id {
        return Err(Error::NotFound);
    }
    let (booking, flash) = match book::book(p.tx, &p.app.random, (at.actor.account, me), &session, &asked, &key)? {
        Outcome::Booked(booking) => (booking, "open-booked-now"),
        Outcome::Waiting(booking) => (booking, "open-waits-now"),
        Outcome::Already(_) => return Err(Error::conflict("open-booked-already")),
        Outcome::Full(shorts) => {
            let free = shorts.iter().map(|s| s.free).min().unwrap_or(0);
            let code = gongyu_kernel::error::Code::new("open-full-now").arg("n", free.max(0));
            return Err(Error::conflict(code));
        }
    };
    p.audit("open_day.book", (SOURCE, Some(id)), "{}")?;
    Ok(Reply::to_with(format!("/family/open-days/bookings/{booking}"), Flash::new(flash)))
}
