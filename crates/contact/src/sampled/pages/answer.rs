//! “有这回事”, “不记得有这次联系”, “说不准”.

use gongyu_access::right;
use gongyu_kernel::{Error, Result};
use gongyu_ledger::question::{self, Answer};
use gongyu_web::{Flash, Holder, Post, Reply};

pub(super) fn save(p: &mut Post<'_>, at: Holder<right::SeeOwnChildren>) -> Result<Reply> {
    let (me, id) = (at.actor.guardian.ok_or(Error::NotFound)?, p.req.id()?);
    let answer = Answer::parse(p.form().get("answer")).ok_or_else(|| Error::field("answer", "field-choose"))?;
    question::answer(p.tx, id, me, answer)?;
    p.audit("question.answer", ("touch_question", Some(id)), "{}")?;
    let told = Flash::new(match answer {
        Answer::Yes => "sampled-told-yes",
        Answer::No => "sampled-told-no",
        Answer::Unsure => "sampled-told-unsure",
    });
    Ok(Reply::to_with("/home", told.undo(format!("/questions/{id}/reopen"))))
}

pub(super) fn reopen(p: &mut Post<'_>, at: Holder<right::SeeOwnChildren>) -> Result<Reply> {
    let (me, id) = (at.actor.guardian.ok_or(Error::NotFound)?, p.req.id()?);
    question::reopen(p.tx, id, me)?;
    p.audit("question.reopen", ("touch_question", Some(id)), "{}")?;
    Ok(Reply::to("/home"))
}
