//! The full form: several children, another day, who was reached, how long it took.

use super::fields::{Fields, Initial};
use super::quick;
use crate::contact_log::{advice, advice_key, candidates, default_guardian, last_touches, mark};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Id, Result};
use gongyu_ledger::rules::{Channel, Tone};
use gongyu_registry::people::{self, Student};
use gongyu_registry::permit::{student_in_reach, unit_in_reach};
use gongyu_registry::unit::UnitKind;
use gongyu_web::filters;
use gongyu_web::{Get, Holder, Post, Reply};

struct Pupil {
    id: Id,
    name: String,
    on: bool,
}

#[derive(Template)]
#[template(path = "contact_log/pages/form.html")]
struct Form {
    phone: bool,
    key: String,
    back: String,
    one: Option<(Id, String, String)>,
    pupils: Vec<Pupil>,
    advice: Option<&'static str>,
    child_problem: String,
    f: Fields,
}

/// The form with the class to choose from.
pub(super) fn pick(g: &mut Get<'_>, at: Holder<right::LogContact>) -> Result<Reply> {
    show(g, at)
}

pub(super) fn show(g: &mut Get<'_>, at: Holder<right::LogContact>) -> Result<Reply> {
    let chosen = match g.typed() {
        Some(form) => form.ids("child"),
        None => g.req.query.ids("child"),
    };
    let hat = at.actor.unit()?;
    let one = match chosen.as_slice() {
        [only] => Some(student_in_reach(g.r, &at.actor, *only)?),
        _ => None,
    };
    // A leader's hat is the school: then the class is the child's own.
    let class = one.as_ref().and_then(|s| s.class).unwrap_or(hat);
    let members = match unit_in_reach(g.r, &at.actor, class, Some(UnitKind::Class)) {
        Ok(class) => people::class_members(g.r, class.id)?,
        Err(_) if one.is_none() => return Ok(Reply::to("/classes")),
        Err(_) => Vec::new(),
    };
    let (initial, known, hint) = begin(g, one.as_ref())?;
    let key = match g.value("key", "") {
        "" => g.app.random.code(24),
        kept => kept.to_owned(),
    };
    let body = Form {
        phone: g.view().phone,
        key,
        back: g.value("back", g.req.query.get("back")).to_owned(),
        pupils: members
            .into_iter()
            .filter(|s| one.as_ref().is_none_or(|o| o.id != s.id))
            .map(|s| Pupil { on: chosen.contains(&s.id), id: s.id, name: s.name })
            .collect(),
        one: one.map(|s| (s.id, mark(&s.name), s.name)),
        advice: hint,
        child_problem: g.problem("child"),
        f: Fields::of(g, &initial, &known),
    };
    g.page(g.t("contact-log-title"), "log", &body)
}

type Begin = (Initial, Vec<crate::contact_log::Candidate>, Option<&'static str>);

/// What the form begins with: for one child the last way and guardian, and the advice.
fn begin(g: &mut Get<'_>, one: Option<&Student>) -> Result<Begin> {
    let today = g.r.today();
    let mut initial = Initial {
        channel: Channel::Phone,
        tone: Tone::parse(g.req.query.get("tone")),
        note: String::new(),
        day: today,
        minutes: 0,
        by_family: false,
        left: false,
        who: "usual".to_owned(),
    };
    let Some(child) = one else { return Ok((initial, Vec::new(), None)) };
    let since = today.saturating_sub(jiff::Span::new().days(366));
    let last = last_touches(g.r, &[child.id], since)?;
    let known = candidates(g.r, &[child.id])?;
    if let Some(touch) = last.first() {
        initial.channel = touch.channel;
    }
    let of_child: Vec<_> = known.iter().collect();
    if let Some(usual) = default_guardian(&of_child, last.first().and_then(|t| t.guardian)) {
        initial.who = usual.guardian.to_string();
    }
    let tones: Vec<Tone> = last.iter().map(|t| t.tone).collect();
    Ok((initial, known, advice(&tones).map(advice_key)))
}

pub(super) fn save(p: &mut Post<'_>, at: Holder<right::LogContact>) -> Result<Reply> {
    quick::keep(p, &at.actor)
}
