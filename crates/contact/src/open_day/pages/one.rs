//! One open day as its school sees it: sessions with their numbers, and what can be done now.

use crate::notice::{self, Audience, Draft};
use crate::open_day::model::{OpenDay, Session, Stand, State};
use crate::open_day::permit::ForOpenDay;
use crate::open_day::sessions::{self, Counts};
use crate::open_day::words::{kind_icon, state_look, times};
use crate::open_day::{SOURCE, door, letters, store};
use crate::visit::at_words;
use askama::Template;
use gongyu_access::{Action, right};
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_registry::{unit, year};
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Post, Reply};

struct Line {
    id: Id,
    icon: &'static str,
    kind: &'static str,
    title: String,
    times: String,
    place: String,
    teacher: String,
    capacity: i64,
    of: Counts,
    off: bool,
}

#[derive(Template)]
#[template(path = "open_day/pages/one.html")]
struct Page {
    phone: bool,
    id: Id,
    title: String,
    intro: String,
    place: String,
    day: Date,
    state: &'static str,
    look: &'static str,
    icon: &'static str,
    draft: bool,
    open: bool,
    today: bool,
    past: bool,
    booking: String,
    classes: Vec<String>,
    all_classes: bool,
    lines: Vec<Line>,
    seats: i64,
    capacity: i64,
    waiting: i64,
    came: i64,
    children: i64,
    manages: bool,
    receives: bool,
    exports: bool,
    notice: Option<Id>,
    off_why: String,
}

fn line(view: &gongyu_web::show::View, s: &Session, of: Counts) -> Line {
    Line {
        id: s.id,
        icon: kind_icon(s.kind),
        kind: s.kind.label_key(),
        title: s.title.clone(),
        times: times(view, s),
        place: s.place.clone(),
        teacher: s.teacher_name.clone(),
        capacity: s.capacity,
        of,
        off: s.stand == Stand::Off,
    }
}

pub(super) fn show(g: &mut Get<'_>, at: ForOpenDay<right::SeeOpenDays>) -> Result<Reply> {
    let (view, day) = (g.view().clone(), &at.day);
    let start = year::current(g.r)?.start;
    let all = store::sessions(g.r, &[day.id])?;
    let counts = sessions::counts(g.r, &[day.id])?;
    let more = store::more(g.r, day.id)?;
    let asked = store::classes(g.r, day.id)?;
    let in_school = unit::classes_of(g.r, day.school)?;
    let children = door::children_reached(g.r, day.id)?;
    let (look, icon) = state_look(day.state);
    let of = |s: &Session| counts.get(&s.id).copied().unwrap_or_default();
    let lines: Vec<Line> = all.iter().map(|s| line(&view, s, of(s))).collect();
    let args = [("from", at_words(&view, day.opens_at).into()), ("to", at_words(&view, day.closes_at).into())];
    let body = Page {
        phone: view.phone,
        id: day.id,
        title: day.title.clone(),
        intro: day.intro.clone(),
        place: day.place.clone(),
        day: day.day,
        state: day.state.label_key(),
        look,
        icon,
        draft: day.state == State::Draft,
        open: day.state == State::Published,
        today: day.day == view.today(),
        past: day.day < view.today(),
        booking: view.ta("open-booking-between", &args),
        all_classes: asked.len() == in_school.len(),
        classes: in_school.iter().filter(|c| asked.contains(&c.id)).map(|c| c.display(start)).collect(),
        seats: lines.iter().map(|l| l.of.seats).sum(),
        capacity: lines.iter().filter(|l| !l.off).map(|l| l.capacity).sum(),
        waiting: lines.iter().map(|l| l.of.waiting).sum(),
        came: lines.iter().map(|l| l.of.came).sum(),
        lines,
        children,
        manages: manages(&at),
        receives: at.actor.may(Action::ReceiveOpenDay).is_ok(),
        exports: at.actor.may(Action::Export).is_ok(),
        notice: more.notice,
        off_why: more.off_why,
    };
    g.page(body.title.clone(), "open-days", &body)
}

fn manages<R>(at: &ForOpenDay<R>) -> bool {
    at.actor.may(Action::ManageOpenDays).is_ok() && at.actor.hat.unit == Some(at.day.school)
}

/// Only in the school itself: who stands above looks on.
///
/// # Errors
/// `Error::Forbidden`.
pub(super) fn own<R>(at: &ForOpenDay<R>) -> Result<()> {
    if at.actor.hat.unit == Some(at.day.school) { Ok(()) } else { Err(Error::Forbidden) }
}

pub(super) fn publish(p: &mut Post<'_>, at: ForOpenDay<right::ManageOpenDays>) -> Result<Reply> {
    own(&at)?;
    store::publish(p.tx, &at.day)?;
    p.audit("open_day.publish", (SOURCE, Some(at.day.id)), "{}")?;
    Ok(Reply::to_with(format!("/open-days/{}", at.day.id), Flash::new("open-published")))
}

/// Writes the notice that invites: nothing is typed again, and the composer sends it.
pub(super) fn invite(p: &mut Post<'_>, at: ForOpenDay<right::ManageOpenDays>) -> Result<Reply> {
    own(&at)?;
    let day = &at.day;
    if day.state != State::Published {
        return Err(Error::conflict("open-publish-first"));
    }
    let view = p.view().clone();
    let sessions = store::sessions(p.tx, &[day.id])?;
    let draft = invitation(&view, &p.app.config.link_base(), day, &sessions, store::classes(p.tx, day.id)?);
    let (id, _) = notice::store::create(p.tx, &at.actor, &draft, false, &format!("open-day-{}", day.id))?;
    store::set_notice(p.tx, day.id, id)?;
    p.audit("open_day.invite", (SOURCE, Some(day.id)), "{}")?;
    Ok(Reply::to(format!("/notices/{id}/edit")))
}

fn invitation(
    view: &gongyu_web::show::View,
    base: &str,
    day: &OpenDay,
    sessions: &[Session],
    classes: Vec<Id>,
) -> Draft {
    let mut body = vec![day.intro.clone(), String::new()];
    for s in sessions.iter().filter(|s| s.stand == Stand::On) {
        body.push(format!("- {} {}", times(view, s), s.title));
    }
    body.push(String::new());
    let until = at_words(view, day.closes_at);
    body.push(view.ta("open-invite-book", &[("until", until.into())]));
    body.push(format!("{base}/family/open-days/{}", day.id));
    let args = [("title", day.title.as_str().into()), ("day", view.day(day.day).into())];
    Draft {
        kind: notice::Kind::Confirm,
        title: view.ta("open-invite-title", &args),
        body: body.join("\n"),
        audience: Audience { units: classes, ..Audience::default() },
        remind: false,
        ..Draft::default()
    }
}

pub(super) fn call_off(p: &mut Post<'_>, at: ForOpenDay<right::ManageOpenDays>) -> Result<Reply> {
    own(&at)?;
    let mut invalid = Invalid::default();
    let why = p.form().optional("why", 200, &mut invalid);
    invalid.into_result()?;
    let ended = store::call_off(p.tx, &at.day, &why)?;
    letters::called_off(p.tx, &ended)?;
    p.audit("open_day.off", (SOURCE, Some(at.day.id)), &serde_json::json!({ "told": ended.len() }).to_string())?;
    Ok(Reply::to_with(format!("/open-days/{}", at.day.id), Flash::new("open-called-off")))
}
