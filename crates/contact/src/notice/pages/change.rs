//! What may be done with a notice as a whole: copied, kept as a template, thrown away, withdrawn.

use crate::notice::permit::{ForNotice, ToSteer};
use crate::notice::{SOURCE, store};
use askama::Template;
use gongyu_access::{Action, right};
use gongyu_kernel::{Id, Result};
use gongyu_parts::attach;
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Post, Reply};

pub(super) fn unschedule(p: &mut Post<'_>, at: ToSteer<right::SendNotice>) -> Result<Reply> {
    store::unschedule(p.tx, &at.notice)?;
    p.audit("notice.unschedule", ("notice", Some(at.notice.id)), "{}")?;
    Ok(Reply::to_with(format!("/notices/{}/edit", at.notice.id), Flash::new("notice-unscheduled")))
}

pub(super) fn delete(p: &mut Post<'_>, at: ToSteer<right::SendNotice>) -> Result<Reply> {
    store::delete(p.tx, &at.notice)?;
    attach::settle(p.tx, at.actor.account, (SOURCE, at.notice.id), &[])?;
    p.audit("notice.delete", ("notice", Some(at.notice.id)), "{}")?;
    let tab = if at.notice.template { "templates" } else { "drafts" };
    Ok(Reply::to_with(format!("/notices?tab={tab}"), Flash::new("notice-deleted")))
}

/// A new draft with the words and files of a template or an earlier notice.
pub(super) fn copy(p: &mut Post<'_>, at: ForNotice<right::SeeNotices>) -> Result<Reply> {
    at.actor.may(Action::SendNotice)?;
    let from = at.sight.notice.clone();
    let (id, _) = store::copy(p.tx, &at.actor, &from, "")?;
    let files = attach::copy(p.tx, at.actor.account, (SOURCE, from.id), (SOURCE, id))?;
    if !files.is_empty() {
        let notice = store::find(p.tx, id)?;
        let draft = crate::notice::Draft { attachments: files, ..store::as_draft(&notice) };
        store::update(p.tx, &notice, &draft)?;
    }
    p.audit("notice.copy", ("notice", Some(id)), "{}")?;
    Ok(Reply::to(format!("/notices/{id}/edit")))
}

/// Kept as a template of the unit, with its files.
pub(super) fn template(p: &mut Post<'_>, at: ToSteer<right::SendNotice>) -> Result<Reply> {
    let id = store::as_template(p.tx, &at.actor, &at.notice)?;
    p.audit("notice.template", ("notice", Some(id)), "{}")?;
    Ok(Reply::to_with(format!("/notices/{}", at.notice.id), Flash::new("notice-template-kept")))
}

#[derive(Template)]
#[template(path = "notice/pages/recall.html")]
struct Recall {
    phone: bool,
    id: Id,
    title: String,
    children: i64,
    why: String,
    problem: String,
    refusal: String,
}

pub(super) fn recall_page(g: &mut Get<'_>, at: ToSteer<right::SendNotice>) -> Result<Reply> {
    let counts = store::counts(g.r, at.notice.id, crate::notice::Slice::ALL)?;
    let body = Recall {
        phone: g.view().phone,
        id: at.notice.id,
        title: at.notice.title.clone(),
        children: counts.seen(),
        why: g.value("why", "").to_owned(),
        problem: g.problem("why"),
        refusal: g.refusal(),
    };
    g.page(g.t("notice-act-recall"), "notices", &body)
}

pub(super) fn recall(p: &mut Post<'_>, at: ToSteer<right::SendNotice>) -> Result<Reply> {
    let mut invalid = gongyu_kernel::error::Invalid::default();
    let why = p.form().optional("why", 60, &mut invalid);
    invalid.into_result()?;
    store::recall(p.tx, &at.notice, &why)?;
    p.audit("notice.recall", ("notice", Some(at.notice.id)), "{}")?;
    Ok(Reply::to_with(format!("/notices/{}", at.notice.id), Flash::new("notice-recall-done")))
}
