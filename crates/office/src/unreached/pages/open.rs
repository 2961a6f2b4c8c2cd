//! Opening a task by hand, from the list of the never reached or from a child's page.

use super::super::store;
use gongyu_access::right;
use gongyu_kernel::{Error, Result};
use gongyu_registry::permit::student_in_reach;
use gongyu_web::{Flash, Holder, Post, Reply};

pub(super) fn open(
    p: &mut Post<'_>,
    at: Holder<right::HandleUnreached>,
    _: Holder<right::SeeStudent>,
) -> Result<Reply> {
    let child = p.form().id("child").ok_or(Error::NotFound)?;
    let child = student_in_reach(p.tx, &at.actor, child)?;
    let id = store::by_hand(p.tx, &child, at.actor.account)?;
    p.audit("unreached.open", ("student", Some(child.id)), "{}")?;
    Ok(Reply::to_with(format!("/unreached/{id}"), Flash::new("unreached-opened")))
}
