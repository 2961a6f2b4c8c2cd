//! What is done with a task: every change of it comes through one form address, `act` naming the step.

use super::super::model::{Level, Reason};
use super::super::permit::OfTask;
use super::super::rules::{knocks, level_of};
use super::super::store::{self, Knock, Met};
use askama::Template;
use gongyu_access::{Action, right};
use gongyu_kernel::error::{Code, Invalid};
use gongyu_kernel::{Error, Id, Result};
use gongyu_registry::people;
use gongyu_registry::people::pages::fault_words;
use gongyu_registry::roster::id_number::Phone;
use gongyu_web::filters;
use gongyu_web::page::Page;
use gongyu_web::{Flash, Post, Reply};

type At = OfTask<right::HandleUnreached>;

pub(super) fn save(p: &mut Post<'_>, at: At) -> Result<Reply> {
    match p.form().get("act") {
        "reason" => reason(p, &at),
        "hand" => hand(p, &at),
        "back" => back(p, &at),
        "take" => take(p, &at),
        "number" => number(p, &at),
        "accept" => decide(p, &at, true),
        "refuse" => decide(p, &at, false),
        "knock" => knock(p, &at),
        _ => Err(Error::NotFound),
    }
}

/// The step the person saw: what somebody else did meanwhile is not done over.
fn seen(p: &Post<'_>) -> i64 {
    p.form().get("step").parse().unwrap_or(-1)
}

fn note(p: &mut Post<'_>, at: &At, action: &str, detail: &serde_json::Value) -> Result<()> {
    p.audit(action, ("student", Some(at.held.task.student)), &detail.to_string())
}

fn here(at: &At, key: &'static str) -> Reply {
    Reply::to_with(format!("/unreached/{}", at.held.task.id), Flash::new(key))
}

/// Back to the list: the task lies with somebody else now.
fn gone(code: Code) -> Reply {
    Reply::to_with("/unreached", Flash::new(code))
}

fn read_reason(p: &Post<'_>) -> Result<(Reason, String)> {
    let mut invalid = Invalid::default();
    let reason = p.form().choice("reason", Reason::parse, &mut invalid);
    let words = p.form().optional("reason_words", 100, &mut invalid);
    invalid.into_result()?;
    let reason = reason.ok_or_else(|| Error::field("reason", "field-choose"))?;
    if reason == Reason::Other && words.is_empty() {
        return Err(Error::field("reason", "unreached-other-words"));
    }
    Ok((reason, words))
}

fn reason(p: &mut Post<'_>, at: &At) -> Result<Reply> {
    at.own()?;
    let (reason, words) = read_reason(p)?;
    store::give_reason(p.tx, at.held.task.id, seen(p), reason, &words, at.actor.account)?;
    note(p, at, "unreached.reason", &serde_json::json!({ "reason": reason.code() }))?;
    Ok(here(at, "unreached-reason-saved"))
}

fn hand(p: &mut Post<'_>, at: &At) -> Result<Reply> {
    at.own()?;
    let task = &at.held.task;
    let (reason, reason_words) = read_reason(p)?;
    let mut invalid = Invalid::default();
    let words = p.form().required("words", 300, &mut invalid);
    invalid.into_result()?;
    let (site, by, mut step) = (p.form().id("site"), at.actor.account, seen(p));
    if task.reason != Some(reason) || task.reason_words != reason_words {
        store::give_reason(p.tx, task.id, step, reason, &reason_words, by)?;
        step += 1;
    }
    let n = store::hand_on(p.tx, task.id, step, site, &words, by)?;
    let to = store::find(p.tx, task.id)?.unit;
    note(p, at, "unreached.hand", &serde_json::json!({ "task": task.id, "to": to, "children": n }))?;
    Ok(gone(Code::new("unreached-handed").arg("name", &task.name)))
}

fn back(p: &mut Post<'_>, at: &At) -> Result<Reply> {
    at.own()?;
    let mut invalid = Invalid::default();
    let words = p.form().required("words", 300, &mut invalid);
    invalid.into_result()?;
    store::hand_back(p.tx, at.held.task.id, seen(p), &words, at.actor.account)?;
    note(p, at, "unreached.back", &serde_json::json!({ "task": at.held.task.id }))?;
    Ok(gone(Code::new("unreached-handed-back").arg("name", &at.held.task.name)))
}

fn take(p: &mut Post<'_>, at: &At) -> Result<Reply> {
    at.above()?;
    let level = level_of(at.actor.hat.role).filter(|l| *l != Level::Class).ok_or(Error::Forbidden)?;
    store::take_over(p.tx, at.held.task.id, seen(p), (level, at.actor.unit()?), at.actor.account)?;
    note(p, at, "unreached.take", &serde_json::json!({ "task": at.held.task.id }))?;
    Ok(here(at, "unreached-taken"))
}

fn number(p: &mut Post<'_>, at: &At) -> Result<Reply> {
    at.own()?;
    let guardian = p.form().id("guardian").ok_or_else(|| Error::field("guardian", "field-choose"))?;
    let phone = Phone::parse(p.form().get("phone")).map_err(|fault| Error::field("phone", fault_words(&fault)))?;
    store::suggest(p.tx, &p.app.vault, at.held.task.id, seen(p), guardian, &phone, at.actor.account)?;
    note(p, at, "unreached.number", &serde_json::json!({ "guardian": guardian }))?;
    Ok(here(at, "unreached-number-sent"))
}

/// The class teacher or the school, whoever may change guardians, wherever the task lies.
fn decide(p: &mut Post<'_>, at: &At, accept: bool) -> Result<Reply> {
    at.actor.may(Action::EditGuardians)?;
    let mut invalid = Invalid::default();
    let words = if accept { String::new() } else { p.form().required("words", 200, &mut invalid) };
    invalid.into_result()?;
    let number: Id = p.form().id("number").ok_or(Error::NotFound)?;
    let task = &at.held.task;
    let children = store::decide(p.tx, &p.app.vault, task.id, number, accept, &words, at.actor.account)?;
    p.app.guardians_changed(p.tx, &children)?;
    let action = if accept { "unreached.number-accepted" } else { "unreached.number-refused" };
    note(p, at, action, &serde_json::json!({ "number": number }))?;
    Ok(here(at, if accept { "unreached-number-accepted" } else { "unreached-number-refused" }))
}

fn knock(p: &mut Post<'_>, at: &At) -> Result<Reply> {
    at.own()?;
    if !knocks(at.held.task.level) {
        return Err(Error::Forbidden);
    }
    let mut invalid = Invalid::default();
    let met = match p.form().get("met") {
        "other" => Some(Met::Other),
        text => text.parse().ok().map(Met::Guardian),
    };
    if met.is_none() {
        invalid.push("met", "field-choose");
    }
    let day = p.form().date("day", &mut invalid);
    let words = p.form().optional("words", 300, &mut invalid);
    invalid.into_result()?;
    let (Some(met), Some(day)) = (met, day) else { return Err(Error::field("day", "field-required")) };
    let id = at.held.task.id;
    let n = store::knock(p.tx, id, seen(p), &Knock { met, day, words: &words }, &at.actor)?;
    note(p, at, "unreached.knock", &serde_json::json!({ "task": id, "children": n }))?;
    let flash = Flash::new("unreached-knocked").undo(format!("/unreached/{id}/undo"));
    Ok(Reply::to_with("/unreached", flash))
}

/// Takes one's own knock of today back. The task is closed, so that a worker no longer sees it: what is asked
/// is whether they closed it.
pub(super) fn undo(p: &mut Post<'_>, at: gongyu_web::Holder<right::HandleUnreached>) -> Result<Reply> {
    let id = p.req.id()?;
    store::take_back(p.tx, id, &at.actor)?;
    p.audit("unreached.knock-undone", ("unreached_task", Some(id)), "{}")?;
    Ok(Reply::to_with(format!("/unreached/{id}"), Flash::new("unreached-undone")))
}

#[derive(Template)]
#[template(path = "unreached/pages/address.html")]
struct Address {
    /// Where to go back to; `None` when it takes its place on the page.
    back: Option<Id>,
    name: String,
    address: String,
}

/// Where the family lives, for whoever knocks; noted before it is shown (未成年人网络保护条例 art. 36).
pub(super) fn address(p: &mut Post<'_>, at: At) -> Result<Reply> {
    at.own()?;
    let task = &at.held.task;
    if !knocks(task.level) {
        return Err(Error::Forbidden);
    }
    let address = people::addresses_of(p.tx, &p.app.vault, &[task.student])?.remove(&task.student).unwrap_or_default();
    note(p, &at, "unreached.address-shown", &serde_json::json!({ "task": task.id }))?;
    let partial = p.req.is_partial();
    let body = Address { back: (!partial).then_some(task.id), name: task.name.clone(), address };
    if partial {
        return p.partial(&body);
    }
    Ok(Reply::Page(Page::new(body.name.clone(), "unreached", p.view().render(&body)?)))
}
