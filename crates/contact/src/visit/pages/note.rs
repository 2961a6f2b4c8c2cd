//! Protected notes of a visit: writing one, and opening one for a purpose.

use crate::visit::{OfVisit, keep_note, open_note};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_vault::note::{self, Purpose};
use gongyu_web::filters;
use gongyu_web::{Flash, Holder, Page as Whole, Post, Reply};

#[derive(Template)]
#[template(path = "visit/pages/note.html")]
struct Body {
    phone: bool,
    visit: Id,
    author: String,
    made_at: Millis,
    text: String,
    /// Who opened it, what for as a message key, when.
    accesses: Vec<(String, String, Millis)>,
}

pub(super) fn keep(p: &mut Post<'_>, at: OfVisit<right::SeeProtectedNote>) -> Result<Reply> {
    let (visit, child) = (at.held.visit.id, p.form().id("child").ok_or(Error::NotFound)?);
    let (text, key) = (p.form().get("note").to_owned(), p.form().get("key").to_owned());
    let id = keep_note(p.tx, &p.app.vault, &at.actor, &at.held, child, &text, &key)?;
    p.audit("note.keep", ("protected_note", Some(id)), "{}")?;
    Ok(Reply::to_with(format!("/visits/{visit}"), Flash::new("visit-note-kept")))
}

/// Opens a note: the content is shown once, in the answer to the form that named the purpose.
pub(super) fn open(p: &mut Post<'_>, at: Holder<right::SeeProtectedNote>) -> Result<Reply> {
    let id = p.req.id()?;
    let purpose = Purpose::parse(p.form().get("purpose")).ok_or_else(|| Error::conflict("visit-note-why"))?;
    let (head, text) = open_note(p.tx, &p.app.vault, &at.actor, id, purpose, "")?;
    let detail = serde_json::json!({ "purpose": purpose.code() }).to_string();
    p.audit("note.open", ("protected_note", Some(id)), &detail)?;
    let view = p.view().clone();
    let body = Body {
        phone: view.phone,
        visit: head.owner,
        author: head.author_name,
        made_at: head.made_at,
        text,
        accesses: note::accesses(p.tx, id)?
            .into_iter()
            .map(|a| (a.name, format!("visit-purpose-{}", a.purpose.code()), a.at))
            .collect(),
    };
    Ok(Reply::Page(Whole::new(view.t("visit-notes"), "visits", view.render(&body)?)))
}
