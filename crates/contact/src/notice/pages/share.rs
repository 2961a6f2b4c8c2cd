//! Colleagues who may read the report.

use crate::notice::permit::ToSteer;
use crate::notice::store;
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Error, Id, Result};
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Post, Reply};

#[derive(Template)]
#[template(path = "notice/pages/share.html")]
struct Page {
    phone: bool,
    id: Id,
    title: String,
    shared: Vec<(Id, String)>,
    others: Vec<(Id, String)>,
}

pub(super) fn show(g: &mut Get<'_>, at: ToSteer<right::SendNotice>) -> Result<Reply> {
    let shared = store::shared_with(g.r, at.notice.id)?;
    let view = g.view().clone();
    let others = store::colleagues(g.r, &at.notice)?
        .into_iter()
        .filter(|c| shared.iter().all(|(account, _)| *account != c.account))
        .map(|c| {
            let role = view.t(&format!("role-{}", c.role.code().replace('_', "-")));
            (c.account, format!("{}，{} {role}", c.name, c.unit_name))
        })
        .collect();
    let body = Page { phone: view.phone, id: at.notice.id, title: at.notice.title.clone(), shared, others };
    g.page(g.t("notice-act-share"), "notices", &body)
}

pub(super) fn add(p: &mut Post<'_>, at: ToSteer<right::SendNotice>) -> Result<Reply> {
    let account = p.form().id("account").ok_or_else(|| Error::field("account", "field-choose"))?;
    store::share(p.tx, &at.notice, account, at.actor.account)?;
    p.audit("notice.share", ("notice", Some(at.notice.id)), &serde_json::json!({ "account": account }).to_string())?;
    Ok(Reply::to_with(format!("/notices/{}/share", at.notice.id), Flash::new("notice-shared")))
}

pub(super) fn end(p: &mut Post<'_>, at: ToSteer<right::SendNotice>) -> Result<Reply> {
    let account = p.form().id("account").ok_or(Error::NotFound)?;
    store::unshare(p.tx, &at.notice, account)?;
    p.audit("notice.unshare", ("notice", Some(at.notice.id)), &serde_json::json!({ "account": account }).to_string())?;
    Ok(Reply::to_with(format!("/notices/{}/share", at.notice.id), Flash::new("notice-unshared")))
}
