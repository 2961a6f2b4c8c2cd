//! Families added to a notice that has gone, and children who joined a class since.

use super::choice::{self, Offer};
use crate::notice::model::Audience;
use crate::notice::permit::{ForNotice, ToSteer};
use crate::notice::store;
use askama::Template;
use gongyu_access::{Action, right};
use gongyu_kernel::{Error, Id, Result};
use gongyu_registry::unit;
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Post, Reply};

#[derive(Template)]
#[template(path = "notice/pages/add.html")]
struct Page {
    phone: bool,
    id: Id,
    title: String,
    offer: Offer,
    audience_problem: String,
}

pub(super) fn show(g: &mut Get<'_>, at: ToSteer<right::SendNotice>) -> Result<Reply> {
    let here = unit::find(g.r, at.actor.unit()?)?;
    let chosen = match g.typed().cloned() {
        Some(form) => choice::read(g.r, &form, &here)?,
        None => Audience::default(),
    };
    let view = g.view().clone();
    let offer = choice::offer(g.r, &view, &here, &chosen)?;
    let refusal = g.refusal();
    let body = Page {
        phone: view.phone,
        id: at.notice.id,
        title: at.notice.title.clone(),
        offer,
        audience_problem: if refusal.is_empty() { g.problem("audience") } else { refusal },
    };
    g.page(g.t("notice-act-add"), "notices", &body)
}

pub(super) fn save(p: &mut Post<'_>, at: ToSteer<right::SendNotice>) -> Result<Reply> {
    let here = unit::find(p.tx, at.actor.unit()?)?;
    let more = choice::read(p.tx, &p.req.form, &here)?;
    store::add_recipients(p.tx, &at.actor, &at.notice, &more)?;
    p.audit("notice.add", ("notice", Some(at.notice.id)), "{}")?;
    Ok(Reply::to_with(format!("/notices/{}", at.notice.id), Flash::new("notice-added")))
}

/// A child who joined the class is added with one tap, or left out.
pub(super) fn join(p: &mut Post<'_>, at: ForNotice<right::SeeNotices>) -> Result<Reply> {
    at.actor.may(Action::SendNotice)?;
    let class = at.actor.unit()?;
    let child = p.form().id("child").ok_or(Error::NotFound)?;
    let add = p.form().ticked("add");
    store::settle_joiner(p.tx, &at.sight.notice, class, child, add)?;
    p.audit("notice.join", ("notice", Some(at.sight.notice.id)), &serde_json::json!({ "student": child }).to_string())?;
    let key = if add { "notice-joined" } else { "notice-left-out" };
    Ok(Reply::to_with(format!("/notices/{}", at.sight.notice.id), Flash::new(key)))
}
