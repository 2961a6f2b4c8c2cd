//! The form of a session: new, changed with everybody told, called off.

use super::edit::{Field, field};
use super::one::own;
use crate::open_day::model::{Kind, NewSession, OpenDay, Session};
use crate::open_day::permit::{ForOpenDay, ForSession};
use crate::open_day::{SOURCE, letters, sessions};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_registry::people;
use gongyu_web::filters;
use gongyu_web::{Flash, FormData, Get, Post, Reply};

#[derive(Template)]
#[template(path = "open_day/pages/session.html")]
struct Page {
    phone: bool,
    address: String,
    back: String,
    is_new: bool,
    kinds: Vec<(&'static str, &'static str, bool)>,
    title: Field,
    from: Field,
    to: Field,
    capacity: Field,
    place: Field,
    staff: Vec<(Id, String, bool)>,
    told: i64,
    off: Option<Id>,
    refusal: String,
}

fn clock(at: Millis) -> String {
    at.civil().strftime("%H:%M").to_string()
}

fn page(g: &mut Get<'_>, day: &OpenDay, session: Option<&Session>) -> Result<Reply> {
    let told = match session {
        Some(s) => sessions::counts(g.r, &[day.id])?.get(&s.id).map_or(0, |c| c.booked + c.offered + c.waiting),
        None => 0,
    };
    let kind = g.value("kind", session.map_or(Kind::Lesson, |s| s.kind).code()).to_owned();
    let teacher = g.typed().map_or(session.and_then(|s| s.teacher), |f| f.id("teacher"));
    let of_school = people::staff_of_school(g.r, day.school)?;
    let body = Page {
        phone: g.view().phone,
        address: session
            .map_or_else(|| format!("/open-days/{}/sessions", day.id), |s| format!("/open-sessions/{}", s.id)),
        back: format!("/open-days/{}", day.id),
        is_new: session.is_none(),
        kinds: Kind::ALL.iter().map(|k| (k.code(), k.label_key(), k.code() == kind)).collect(),
        title: field(g, "title", session.map_or("", |s| &s.title)),
        from: field(g, "from", &session.map(|s| clock(s.starts_at)).unwrap_or_default()),
        to: field(g, "to", &session.map(|s| clock(s.ends_at)).unwrap_or_default()),
        capacity: field(g, "capacity", &session.map_or(30, |s| s.capacity).to_string()),
        place: field(g, "place", session.map_or("", |s| &s.place)),
        staff: of_school.into_iter().map(|s| (s.id, s.name, Some(s.id) == teacher)).collect(),
        told,
        off: session.map(|s| s.id),
        refusal: g.refusal(),
    };
    g.page(g.t(if body.is_new { "open-session-new" } else { "open-session-edit" }), "open-days", &body)
}

pub(super) fn new(g: &mut Get<'_>, at: ForOpenDay<right::ManageOpenDays>) -> Result<Reply> {
    own(&at)?;
    page(g, &at.day, None)
}

fn own_session<R>(at: &ForSession<R>) -> Result<()> {
    if at.actor.hat.unit == Some(at.day.school) { Ok(()) } else { Err(Error::Forbidden) }
}

pub(super) fn show(g: &mut Get<'_>, at: ForSession<right::ManageOpenDays>) -> Result<Reply> {
    own_session(&at)?;
    page(g, &at.day, Some(&at.session))
}

fn read(form: &FormData, day: &OpenDay) -> Result<NewSession> {
    let mut invalid = Invalid::default();
    let time = |name: &'static str, invalid: &mut Invalid| {
        let minute = form.get(name).get(..5).and_then(crate::visit::record::minute_of);
        minute.map_or_else(
            || {
                invalid.push(name, "field-required");
                Millis(0)
            },
            |m| Millis::start_of(day.day).plus_minutes(m),
        )
    };
    let new = NewSession {
        kind: form.choice("kind", Kind::parse, &mut invalid).unwrap_or(Kind::Lesson),
        title: form.required("title", 40, &mut invalid),
        place: form.optional("place", 60, &mut invalid),
        teacher: form.id("teacher"),
        starts_at: time("from", &mut invalid),
        ends_at: time("to", &mut invalid),
        capacity: form.number("capacity", 1, 5_000, &mut invalid),
    };
    invalid.into_result()?;
    Ok(new)
}

pub(super) fn add(p: &mut Post<'_>, at: ForOpenDay<right::ManageOpenDays>) -> Result<Reply> {
    own(&at)?;
    let new = read(p.form(), &at.day)?;
    sessions::add(p.tx, &at.day, &new)?;
    p.audit("open_day.session", (SOURCE, Some(at.day.id)), "{}")?;
    Ok(Reply::to_with(format!("/open-days/{}", at.day.id), Flash::new("open-session-added")))
}

pub(super) fn save(p: &mut Post<'_>, at: ForSession<right::ManageOpenDays>) -> Result<Reply> {
    own_session(&at)?;
    let new = read(p.form(), &at.day)?;
    let changed = sessions::change(p.tx, &at.day, &at.session, &new)?;
    letters::moved(p.tx, &changed.told, at.session.version + 1)?;
    letters::offered(p.tx, &changed.offered)?;
    let detail = serde_json::json!({ "told": changed.told.len(), "clashes": changed.clashes }).to_string();
    p.audit("open_day.session_change", (SOURCE, Some(at.day.id)), &detail)?;
    let key = if changed.clashes > 0 { "open-session-clashes" } else { "open-saved" };
    Ok(Reply::to_with(format!("/open-days/{}", at.day.id), Flash::new(key)))
}

pub(super) fn call_off(p: &mut Post<'_>, at: ForSession<right::ManageOpenDays>) -> Result<Reply> {
    own_session(&at)?;
    let (ended, offered) = sessions::call_off(p.tx, &at.day, &at.session)?;
    letters::called_off(p.tx, &ended)?;
    letters::offered(p.tx, &offered)?;
    let detail = serde_json::json!({ "told": ended.len() }).to_string();
    p.audit("open_day.session_off", (SOURCE, Some(at.day.id)), &detail)?;
    Ok(Reply::to_with(format!("/open-days/{}", at.day.id), Flash::new("open-session-called-off")))
}
