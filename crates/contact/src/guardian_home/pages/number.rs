//! Saying that a number is wrong, and closing the request once it is mended.

use crate::guardian_home::number;
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Error, Id, Result};
use gongyu_registry::people::phone_of;
use gongyu_registry::permit::{OfStudent, student_in_reach};
use gongyu_registry::roster::id_number::{Phone, mask_phone};
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Holder, Post, Reply};

#[derive(Template)]
#[template(path = "guardian_home/pages/number.html")]
struct Page {
    child: Id,
    present: String,
    number: String,
    problem: String,
}

pub(super) fn show(g: &mut Get<'_>, at: OfStudent<right::SeeOwnChildren>) -> Result<Reply> {
    let me = at.actor.guardian.ok_or(Error::NotFound)?;
    let present = phone_of(g.r, &g.app.vault, me)?.map(|n| mask_phone(&n)).unwrap_or_default();
    let body =
        Page { child: at.student.id, present, number: g.value("number", "").to_owned(), problem: g.problem("number") };
    g.page(g.t("home-number-wrong"), "children", &body)
}

pub(super) fn save(p: &mut Post<'_>, at: OfStudent<right::SeeOwnChildren>) -> Result<Reply> {
    let me = at.actor.guardian.ok_or(Error::NotFound)?;
    let typed = p.form().get("number");
    let number = match Phone::parse(typed) {
        Ok(phone) => phone.as_str().to_owned(),
        Err(_) if typed.is_empty() => String::new(),
        Err(_) => return Err(Error::field("number", "home-number-odd")),
    };
    let id = number::ask(p.tx, &p.app.vault, &at.student, me, &number)?;
    p.audit("number.ask", ("number_request", Some(id)), "{}")?;
    Ok(Reply::to_with(format!("/children/{}", at.student.id), Flash::new("home-number-sent")))
}

pub(super) fn done(p: &mut Post<'_>, at: Holder<right::EditGuardians>) -> Result<Reply> {
    let id = settle(p, &at, true)?;
    Ok(Reply::to_with(back(p, &at)?, Flash::new("home-number-closed").undo(format!("/numbers/{id}/reopen"))))
}

pub(super) fn reopen(p: &mut Post<'_>, at: Holder<right::EditGuardians>) -> Result<Reply> {
    settle(p, &at, false)?;
    Ok(Reply::to(back(p, &at)?))
}

fn settle(p: &mut Post<'_>, at: &Holder<right::EditGuardians>, done: bool) -> Result<Id> {
    let id = p.req.id()?;
    let child = number::child_of(p.tx, id)?;
    student_in_reach(p.tx, &at.actor, child)?;
    number::close(p.tx, id, at.actor.account, done)?;
    p.audit(if done { "number.done" } else { "number.reopen" }, ("number_request", Some(id)), "{}")?;
    Ok(id)
}

/// The board of the child's class, as the teacher's own or as one of the school's.
fn back(p: &mut Post<'_>, at: &Holder<right::EditGuardians>) -> Result<String> {
    let child = number::child_of(p.tx, p.req.id()?)?;
    let class = gongyu_registry::people::find_student(p.tx, child)?.class;
    Ok(match class {
        Some(class) if Some(class) != at.actor.hat.unit => format!("/classes/{class}/board"),
        _ => "/class".to_owned(),
    })
}
