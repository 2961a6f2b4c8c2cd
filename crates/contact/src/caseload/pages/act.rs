//! What staff do with a case. Every act is noted in the audit log by the case's number and never by its words.

use super::letter::tell_writer;
use crate::caseload::model::{Case, How};
use crate::caseload::permit::{Held, OfCase, Part, held as reach};
use crate::caseload::store::{self, Change};
use crate::caseload::{SOURCE, rules};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Error, Result};
use gongyu_web::{Flash, FormData, Page as Whole, Post, Reply, filters};

type Handled = OfCase<right::HandleCases>;
type Steered = OfCase<right::SteerCases>;
type Approved = OfCase<right::ApproveReplies>;

fn done(p: &mut Post<'_>, case: &Case, action: &str, told: &'static str) -> Result<Reply> {
    p.audit(action, (SOURCE, Some(case.id)), "{}")?;
    Ok(Reply::to_with(format!("/cases/{}", case.id), Flash::new(told)))
}

/// The case of a person who works on it, at the version their page showed where it says one.
fn worked(at: &Handled, form: &FormData) -> Result<Case> {
    at.held.works()?;
    seen(&at.held, form)
}

fn seen(held: &Held, form: &FormData) -> Result<Case> {
    Change { seen: form.get("version").parse().ok() }.check(&held.case)?;
    Ok(held.case.clone())
}

pub(super) fn assign(p: &mut Post<'_>, at: Handled) -> Result<Reply> {
    let mut case = worked(&at, &p.req.form)?;
    let staff = p.form().id("staff").ok_or_else(|| Error::field("staff", "field-choose"))?;
    store::assign(p.tx, p.app, &at.actor, &mut case, staff, p.req.form.get("words"))?;
    p.audit("case.assign", (SOURCE, Some(case.id)), "{}")?;
    // Who passed it on and neither steers nor helps has it no longer.
    let to = match reach(p.tx, &at.actor, case.id) {
        Ok(_) => format!("/cases/{}", case.id),
        Err(Error::NotFound) => "/cases".to_owned(),
        Err(other) => return Err(other),
    };
    Ok(Reply::to_with(to, Flash::new("case-assigned")))
}

pub(super) fn help(p: &mut Post<'_>, at: Handled) -> Result<Reply> {
    let mut case = worked(&at, &p.req.form)?;
    let staff = p.form().id("staff").ok_or_else(|| Error::field("staff", "field-choose"))?;
    store::help(p.tx, p.app, &at.actor, &mut case, staff, p.req.form.get("words"))?;
    done(p, &case, "case.help", "case-help-asked")
}

pub(super) fn unhelp(p: &mut Post<'_>, at: Handled) -> Result<Reply> {
    let mut case = worked(&at, &p.req.form)?;
    let staff = p.form().id("staff").ok_or(Error::NotFound)?;
    store::unhelp(p.tx, p.app, &at.actor, &mut case, staff)?;
    done(p, &case, "case.unhelp", "case-help-gone")
}

pub(super) fn opinion(p: &mut Post<'_>, at: Handled) -> Result<Reply> {
    if at.held.part != Part::Helps {
        return Err(Error::Forbidden);
    }
    let mut case = at.held.case.clone();
    store::opinion(p.tx, p.app, &at.actor, &mut case, p.req.form.get("opinion"))?;
    done(p, &case, "case.opinion", "case-opinion-sent")
}

pub(super) fn ask(p: &mut Post<'_>, at: Handled) -> Result<Reply> {
    let mut case = worked(&at, &p.req.form)?;
    store::ask(p.tx, p.app, &at.actor, &mut case, p.req.form.get("question"))?;
    tell_writer(p, &case)?;
    done(p, &case, "case.ask", "case-asked")
}

/// What the writer told by telephone or in person, noted by whoever heard it.
pub(super) fn told(p: &mut Post<'_>, at: Handled) -> Result<Reply> {
    let mut case = worked(&at, &p.req.form)?;
    store::answer_question(p.tx, p.app, Some(&at.actor), &mut case, p.req.form.get("answer"))?;
    done(p, &case, "case.told", "case-more-told")
}

pub(super) fn extend(p: &mut Post<'_>, at: Handled) -> Result<Reply> {
    let mut case = worked(&at, &p.req.form)?;
    let days = p.form().get("days").parse().map_err(|_| Error::field("days", "deadline-no-days"))?;
    store::extend(p.tx, p.app, &at.actor, &mut case, days, p.req.form.get("why"))?;
    tell_writer(p, &case)?;
    done(p, &case, "case.extend", "case-extended")
}

pub(super) fn reply(p: &mut Post<'_>, at: Handled) -> Result<Reply> {
    let mut case = worked(&at, &p.req.form)?;
    let text = p.req.form.get("reply");
    if text.chars().count() > rules::LONGEST {
        let code = gongyu_kernel::error::Code::new("field-too-long").arg("n", rules::LONGEST);
        return Err(Error::field("reply", code));
    }
    if p.form().get("act") == "keep" {
        store::draft(p.tx, p.app, &at.actor, &mut case, text)?;
        return done(p, &case, "case.draft", "case-draft-kept");
    }
    store::submit(p.tx, p.app, &at.actor, &mut case, text)?;
    done(p, &case, "case.submit", "case-submitted")
}

pub(super) fn approve(p: &mut Post<'_>, at: Approved) -> Result<Reply> {
    if at.held.part != Part::Steers {
        return Err(Error::Forbidden);
    }
    let mut case = seen(&at.held, &p.req.form)?;
    store::approve(p.tx, p.app, &at.actor, &mut case)?;
    done(p, &case, "case.approve", "case-approved")
}

pub(super) fn give_back(p: &mut Post<'_>, at: Approved) -> Result<Reply> {
    if at.held.part != Part::Steers {
        return Err(Error::Forbidden);
    }
    let mut case = seen(&at.held, &p.req.form)?;
    store::give_back(p.tx, p.app, &at.actor, &mut case, p.req.form.get("words"))?;
    done(p, &case, "case.return", "case-returned")
}

pub(super) fn tell(p: &mut Post<'_>, at: Handled) -> Result<Reply> {
    let mut case = worked(&at, &p.req.form)?;
    let how = How::parse(p.form().get("how")).ok_or_else(|| Error::field("how", "field-choose"))?;
    store::tell(p.tx, p.app, &at.actor, &mut case, how)?;
    done(p, &case, "case.tell", "case-told-done")
}

pub(super) fn merge(p: &mut Post<'_>, at: Steered) -> Result<Reply> {
    let mut case = at.held.case.clone();
    let into = p.form().id("into").ok_or_else(|| Error::field("into", "field-choose"))?;
    let mut other = reach(p.tx, &at.actor, into)?.case;
    store::merge(p.tx, p.app, &at.actor, &mut case, &mut other)?;
    done(p, &other, "case.merge", "case-merged")
}

pub(super) fn petition(p: &mut Post<'_>, at: Steered) -> Result<Reply> {
    let mut case = at.held.case.clone();
    let words = p.req.form.get("words");
    if words.is_empty() {
        return Err(Error::field("words", "field-required"));
    }
    store::petition(p.tx, p.app, &at.actor, &mut case, words)?;
    tell_writer(p, &case)?;
    done(p, &case, "case.petition", "case-petition-begun")
}

pub(super) fn accept(p: &mut Post<'_>, at: Steered) -> Result<Reply> {
    let mut case = at.held.case.clone();
    store::accept_petition(p.tx, p.app, &at.actor, &mut case)?;
    tell_writer(p, &case)?;
    done(p, &case, "case.accept", "case-petition-accepted")
}

#[derive(Template)]
#[template(path = "caseload/pages/name.html")]
struct Name {
    case: gongyu_kernel::Id,
    name: String,
    child: String,
}

/// The confidential name, once, on the page that answers the post; the writer sees that it was opened.
pub(super) fn name(p: &mut Post<'_>, at: Handled) -> Result<Reply> {
    let case = &at.held.case;
    let who = store::open_name(p.tx, p.app, &at.actor, case)?;
    p.audit("case.name", (SOURCE, Some(case.id)), "{}")?;
    let view = p.view().clone();
    let body = Name { case: case.id, name: who.person.name, child: who.child.unwrap_or_default() };
    Ok(Reply::Page(Whole::new(view.t("case-name-title"), "cases", view.render(&body)?)))
}

pub(super) fn publish(p: &mut Post<'_>, at: Approved) -> Result<Reply> {
    if at.held.part != Part::Steers {
        return Err(Error::Forbidden);
    }
    let mut case = at.held.case.clone();
    let (question, answer) = (p.req.form.get("question"), p.req.form.get("answer"));
    store::publish(p.tx, p.app, &at.actor, &mut case, question, answer)?;
    done(p, &case, "case.publish", "case-published")
}

pub(super) fn withdraw(p: &mut Post<'_>, at: Approved) -> Result<Reply> {
    if at.held.part != Part::Steers {
        return Err(Error::Forbidden);
    }
    let mut case = at.held.case.clone();
    store::withdraw(p.tx, p.app, &at.actor, &mut case)?;
    done(p, &case, "case.withdraw", "case-withdrawn")
}
