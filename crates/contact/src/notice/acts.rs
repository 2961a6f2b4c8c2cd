//! What a guardian does with one tap: a notice opened, a notice confirmed.

use super::permit::AsGuardian;
use super::store;
use gongyu_kernel::Result;
use gongyu_web::{Flash, Post, Reply, Routes};

pub(super) fn routes() -> Routes {
    Routes::new().post("/notices/{id}/read", read).post("/notices/{id}/confirm", confirm)
}

/// Posted by the page itself when it is shown, so that a preview fetched by a machine is no reading.
fn read(p: &mut Post<'_>, at: AsGuardian) -> Result<Reply> {
    store::read(p.tx, at.notice, at.guardian)?;
    Ok(Reply::Partial(String::new()))
}

/// One tap for all the children the notice names, or for the one of the field `child`.
fn confirm(p: &mut Post<'_>, at: AsGuardian) -> Result<Reply> {
    let child = p.form().id("child");
    let moved = store::confirm(p.tx, at.notice, at.guardian, child)?;
    if moved > 0 {
        p.audit("notice.confirm", ("notice", Some(at.notice)), "{}")?;
    }
    let to = if p.form().get("from") == "home" { "/home".to_owned() } else { format!("/notices/{}", at.notice) };
    Ok(Reply::to_with(to, Flash::new("notice-confirmed")))
}
