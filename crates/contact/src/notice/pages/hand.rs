//! What staff do about families who have not answered: remind, call, take a slip back.

use crate::notice::permit::ForNotice;
use crate::notice::rules::Hand;
use crate::notice::store::{self, Silent};
use gongyu_access::{Action, right};
use gongyu_kernel::{Error, Id, Result};
use gongyu_web::{Flash, Post, Reply};

/// Reminds those who have not looked, or have not answered, in what this person sees.
pub(super) fn remind(p: &mut Post<'_>, at: ForNotice<right::SeeNotices>) -> Result<Reply> {
    at.actor.may(Action::SendNotice)?;
    let (notice, slice) = (&at.sight.notice, at.sight.slice);
    let who = if p.form().get("who") == "silent" { Silent::Unanswered } else { Silent::Unseen };
    store::remind_now(p.tx, notice, who, slice)?;
    p.audit("notice.remind", ("notice", Some(notice.id)), "{}")?;
    Ok(Reply::to_with(format!("/notices/{}", notice.id), Flash::new("notice-reminded")))
}

fn back(p: &Post<'_>, notice: Id, child: Id) -> String {
    let show: String = p.form().get("show").chars().filter(char::is_ascii_alphabetic).take(12).collect();
    format!("/notices/{notice}/families?show={show}#c-{child}")
}

/// A call was made, or a slip came back.
pub(super) fn tick(p: &mut Post<'_>, at: ForNotice<right::SeeNotices>) -> Result<Reply> {
    at.actor.may(Action::LogContact)?;
    let child = p.form().id("child").ok_or(Error::NotFound)?;
    store::child_in_sight(p.tx, &at.sight, child)?;
    let hand = if p.form().get("by") == "paper" { Hand::Paper } else { Hand::Call(p.form().id("guardian")) };
    let notice = at.sight.notice.clone();
    store::tick_off(p.tx, &at.actor, &notice, child, hand)?;
    p.audit("notice.tick", ("notice", Some(notice.id)), &serde_json::json!({ "student": child }).to_string())?;
    let key = if hand == Hand::Paper { "notice-ticked-paper" } else { "notice-ticked-call" };
    Ok(Reply::to_with(back(p, notice.id, child), Flash::new(key)))
}

/// It was a slip of the finger.
pub(super) fn untick(p: &mut Post<'_>, at: ForNotice<right::SeeNotices>) -> Result<Reply> {
    at.actor.may(Action::LogContact)?;
    let child = p.form().id("child").ok_or(Error::NotFound)?;
    store::child_in_sight(p.tx, &at.sight, child)?;
    let notice = at.sight.notice.clone();
    store::untick(p.tx, &notice, child)?;
    p.audit("notice.untick", ("notice", Some(notice.id)), &serde_json::json!({ "student": child }).to_string())?;
    Ok(Reply::to_with(back(p, notice.id, child), Flash::new("notice-unticked")))
}
