//! Giving in the workbook.

use crate::org::batch::{self, BatchFile};
use crate::org::{book, jobs};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Error, Result};
use gongyu_web::filters;
use gongyu_web::{Download, Get, Holder, Post, Reply, upload};

/// How long an uploaded workbook is kept, in days [P].
const KEPT_DAYS: i64 = 90;

#[derive(Template)]
#[template(path = "org/pages/import.html")]
struct Import {
    refusal: String,
    max_bytes: u64,
    batches: Vec<batch::Batch>,
}

pub(super) fn show(g: &mut Get<'_>, _: Holder<right::ManageUnits>) -> Result<Reply> {
    let page = Import { refusal: g.refusal(), max_bytes: g.app.config.max_upload_bytes, batches: batch::latest(g.r)? };
    Ok(g.page(g.t("org-import-title"), "org", &page)?.script("upload.js"))
}

pub(super) fn save(p: &mut Post<'_>, by: Holder<right::ManageUnits>) -> Result<Reply> {
    let files = upload::files(p.req);
    if files.is_empty() {
        return Err(Error::conflict("org-import-no-file"));
    }
    let media = "application/octet-stream";
    let expires = p.tx.now().plus_days(KEPT_DAYS);
    let mut kept = Vec::new();
    for file in files {
        gongyu_store::blob::remember(p.tx, &file.sha256, file.size, media, &file.name, Some(expires))?;
        kept.push(BatchFile { name: file.name, sha256: file.sha256 });
    }
    let id = batch::create(p.tx, &kept, p.form().ticked("complete"), by.actor.account)?;
    let job = gongyu_store::jobs::enqueue(p.tx, jobs::READ, &jobs::Task { batch: id })?;
    batch::set_job(p.tx, id, job)?;
    p.audit("org.import-read", ("org_batch", Some(id)), "{}")?;
    Ok(Reply::to(format!("/org/import/{id}")))
}

/// The workbook to fill in.
pub(super) fn template(g: &mut Get<'_>, _: Holder<right::ManageUnits>) -> Result<Reply> {
    let view = g.view().clone();
    Ok(Reply::later(move || {
        let name = format!("{}.xlsx", view.t("org-template-name"));
        Ok(Download::xlsx(name, book::template(&view)?))
    }))
}
