//! “有这回事” or “没有”: what the family says of a recorded contact.

use crate::guardian_home::rules::ASK_DAYS;
use crate::guardian_home::store;
use gongyu_access::right;
use gongyu_kernel::{Error, Result};
use gongyu_ledger::touch;
use gongyu_registry::permit::is_guardian_of;
use gongyu_web::{Flash, Holder, Post, Reply};

pub(super) fn save(p: &mut Post<'_>, at: Holder<right::SeeOwnChildren>) -> Result<Reply> {
    let me = at.actor.guardian.ok_or(Error::Forbidden)?;
    let id = p.req.id()?;
    let (student, school, guardian, day) = store::touch(p.tx, id)?;
    let mine = guardian.is_none_or(|g| g == me) && is_guardian_of(p.tx, me, student)?;
    // Twice the days of asking, so that an answer can still be changed.
    if !mine || (p.tx.today() - day).get_days() > 2 * ASK_DAYS {
        return Err(Error::NotFound);
    }
    let happened = match p.form().get("happened") {
        "yes" => true,
        "no" => false,
        _ => return Err(Error::field("happened", "field-choose")),
    };
    touch::answer(p.tx, id, school, me, happened)?;
    p.audit("contact.answer", ("touch", Some(id)), &serde_json::json!({ "happened": happened }).to_string())?;
    let to = if p.form().get("back") == "child" { format!("/children/{student}") } else { "/home".to_owned() };
    let key = if happened { "home-answered-yes" } else { "home-answered-no" };
    Ok(Reply::to_with(to, Flash::new(key)))
}
