//! A visit as its family sees it: the times offered, what was agreed, and a word on it.

use super::one::{lead_name, met_words};
use crate::contact_log::candidates;
use crate::visit::model::{Answer, State, Visit, VisitChild, Way};
use crate::visit::offer::{self, Invite};
use crate::visit::words::at_words;
use crate::visit::{SOURCE, family, follow, held_by_guardian, store};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Date, Error, Id, Millis, Result};
use gongyu_store::Reader;
use gongyu_vault::note;
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Holder, Post, Reply};

struct Slot {
    n: i64,
    words: String,
}

struct Promise {
    what: String,
    who: &'static str,
    due: Option<Date>,
    done: bool,
}

struct Opened {
    name: String,
    purpose: String,
    at: Millis,
}

#[derive(Template)]
#[template(path = "visit/pages/family.html")]
struct Page {
    id: Id,
    teacher: String,
    children: String,
    way: &'static str,
    home: bool,
    offered: bool,
    agreed: Option<String>,
    off: bool,
    slots: Vec<Slot>,
    answer: Option<&'static str>,
    recorded: bool,
    day: Option<Date>,
    good: String,
    met: String,
    promises: Vec<Promise>,
    said: Option<(bool, String)>,
    notes: i64,
    opened: Vec<Opened>,
    refusal: String,
}

type Own = (Id, Visit, Vec<VisitChild>);

fn own(r: &mut Reader, guardian: Option<Id>, id: Id) -> Result<Own> {
    let me = guardian.ok_or(Error::Forbidden)?;
    let (visit, children) = held_by_guardian(r, me, id)?;
    Ok((me, visit, children))
}

fn invite_of(r: &mut Reader, visit: &Visit, me: Id) -> Result<Option<Invite>> {
    Ok(offer::invites_of(r, visit.id, visit.offers)?.into_iter().find(|i| i.guardian == me))
}

pub(super) fn show(g: &mut Get<'_>, at: Holder<right::SeeOwnChildren>) -> Result<Reply> {
    let id = g.req.id()?;
    let (me, visit, children) = own(g.r, at.actor.guardian, id)?;
    let view = g.view().clone();
    let invite = invite_of(g.r, &visit, me)?;
    let open = visit.state == State::Offered && invite.as_ref().is_some_and(|i| i.expires_at >= view.now);
    let slots = if open { offer::slots_of(g.r, id, visit.offers)? } else { Vec::new() };
    let recorded = visit.recorded_at.is_some();
    let record = if recorded { store::record_of(g.r, &g.app.vault, id)? } else { Default::default() };
    let students: Vec<Id> = children.iter().map(|c| c.student).collect();
    let people = candidates(g.r, &students)?;
    let said = family::said_of(g.r, id)?.into_iter().find(|s| s.guardian == me);
    let (mut notes, mut opened) = (0, Vec::new());
    for child in &students {
        notes += note::count_of(g.r, *child)?;
        for a in note::accesses_of(g.r, *child)? {
            let purpose = view.t(&format!("visit-purpose-{}", a.purpose.code()));
            opened.push(Opened { name: a.name, purpose, at: a.at });
        }
    }
    let promises = if recorded { follow::tasks_of(g.r, id)? } else { Vec::new() };
    let body = Page {
        id,
        teacher: lead_name(g.r, &visit)?,
        children: children.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join(&view.t("visit-and")),
        way: visit.way.label_key(),
        home: visit.way == Way::Home,
        offered: open,
        agreed: (visit.state == State::Agreed).then(|| visit.starts_at.map(|t| at_words(&view, t))).flatten(),
        off: visit.state == State::Cancelled,
        slots: slots.into_iter().map(|(n, t)| Slot { n, words: at_words(&view, t) }).collect(),
        answer: invite.filter(|i| i.answer != Answer::Open).map(|i| i.answer.label_key()),
        recorded,
        day: visit.day,
        good: record.good.clone(),
        met: record.met.iter().map(|m| met_words(&view, m, &people)).collect::<Vec<_>>().join(&view.t("visit-and")),
        promises: promises
            .iter()
            .filter(|t| t.state != "dropped")
            .map(|t| Promise { what: t.what.clone(), who: t.owner.label_key(), due: t.due_on, done: t.state == "done" })
            .collect(),
        said: said.map(|s| (s.agreed, s.words)),
        notes,
        opened,
        refusal: g.refusal(),
    };
    g.page(g.t("visit-nav"), "home", &body)
}

/// Reads an answer: `accept-N`, `move` or `decline`, with words.
pub(super) fn read_answer(form: &gongyu_web::FormData) -> Result<(Answer, i64, String)> {
    let mut invalid = Invalid::default();
    let words = form.optional("words", 100, &mut invalid);
    invalid.into_result()?;
    match form.get("answer") {
        "move" => Ok((Answer::Moved, 0, words)),
        "decline" => Ok((Answer::Declined, 0, words)),
        other => {
            let slot = other.strip_prefix("accept-").and_then(|n| n.parse().ok());
            slot.map(|n| (Answer::Accepted, n, words)).ok_or_else(|| Error::conflict("visit-choose-time"))
        }
    }
}

pub(super) const fn answered_key(answer: Answer) -> &'static str {
    match answer {
        Answer::Accepted => "visit-answered-yes",
        _ => "visit-answered-other",
    }
}

pub(super) fn answer(p: &mut Post<'_>, at: Holder<right::SeeOwnChildren>) -> Result<Reply> {
    let id = p.req.id()?;
    let (me, visit, _) = own(p.tx, at.actor.guardian, id)?;
    let invite = invite_of(p.tx, &visit, me)?.ok_or(Error::NotFound)?;
    if invite.expires_at < p.tx.now() {
        return Err(Error::conflict("visit-offer-over"));
    }
    let (answer, slot, words) = read_answer(p.form())?;
    offer::answer(p.tx, &invite, answer, slot, &words)?;
    let detail = serde_json::json!({ "answer": answer.code() }).to_string();
    p.audit("visit.answer", (SOURCE, Some(id)), &detail)?;
    Ok(Reply::to_with(format!("/family/visits/{id}"), Flash::new(answered_key(answer))))
}

/// The family's word on what was agreed.
pub(super) fn agreed(p: &mut Post<'_>, at: Holder<right::SeeOwnChildren>) -> Result<Reply> {
    let id = p.req.id()?;
    let (me, _, _) = own(p.tx, at.actor.guardian, id)?;
    let mut invalid = Invalid::default();
    let words = p.form().optional("words", 300, &mut invalid);
    let agrees = p.form().get("agreed") != "no";
    if !agrees && words.is_empty() {
        return Err(Error::conflict("visit-object-words"));
    }
    invalid.into_result()?;
    family::say(p.tx, id, me, agrees, &words)?;
    p.audit("visit.confirm", (SOURCE, Some(id)), &serde_json::json!({ "agreed": agrees }).to_string())?;
    let key = if agrees { "visit-confirmed" } else { "visit-objected" };
    let to = if p.req.query.get("back") == "home" { "/home".to_owned() } else { format!("/family/visits/{id}") };
    Ok(Reply::to_with(to, Flash::new(key)))
}
