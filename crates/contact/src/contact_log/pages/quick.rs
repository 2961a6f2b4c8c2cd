//! Three taps: child, channel, tone. What the sheet on the class board posts.

use super::fields;
use crate::contact_log::{NewContact, log};
use gongyu_access::{Actor, Role, right};
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Error, Id, Result};
use gongyu_web::show::View;
use gongyu_web::{Flash, Holder, Post, Reply};

pub(super) fn save(p: &mut Post<'_>, at: Holder<right::LogContact>) -> Result<Reply> {
    keep(p, &at.actor)
}

/// Notes what was posted and leads back to where it came from.
pub(super) fn keep(p: &mut Post<'_>, actor: &Actor) -> Result<Reply> {
    let mut invalid = Invalid::default();
    let mut children = p.form().ids("child");
    children.sort_unstable();
    children.dedup();
    if children.is_empty() {
        invalid.push("child", "contact-log-choose-child");
    }
    let today = p.tx.today();
    let new = fields::read(p.form(), today, children, &mut invalid);
    invalid.into_result()?;
    let new = new.ok_or_else(|| Error::internal("a field was refused without a reason"))?;
    let key = client_key(p)?;
    let (id, is_new) = log(p.tx, actor, &new, &key)?;
    if is_new {
        p.audit("contact.log", (crate::contact_log::SOURCE, Some(id)), &detail(&new))?;
    }
    if p.req.is_partial() {
        return Ok(Reply::told(told(p.view(), "contact-saved", &new.children, Some(id))));
    }
    let flash = Flash::new("contact-saved").undo(format!("/contacts/{id}/undo"));
    Ok(Reply::to_with(after(p, actor, &new, id), flash))
}

/// What the board is told: the toast with its undo and the way to a line more, and the cells to fetch anew.
pub(super) fn told(view: &View, key: &str, children: &[Id], record: Option<Id>) -> serde_json::Value {
    let mut toast = serde_json::json!({ "text": view.t(key) });
    if let Some(id) = record {
        toast["undo"] = format!("/contacts/{id}/undo").into();
        toast["undoLabel"] = view.t("undo").into();
        toast["more"] = format!("/contacts/{id}").into();
        toast["moreLabel"] = view.t("contact-add-line").into();
    }
    serde_json::json!({ "gy-toast": toast, "gy-board": { "children": children } })
}

/// What is worth keeping in the audit log: no names, no words.
fn detail(new: &NewContact) -> String {
    serde_json::json!({ "channel": new.channel.code(), "tone": new.tone.code(), "children": new.children.len() })
        .to_string()
}

/// The client's key makes a second tap harmless; a form that lost it gets one of ours.
fn client_key(p: &Post<'_>) -> Result<String> {
    let key = p.form().get("key");
    if key.len() > 64 || !key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return Err(Error::NotFound);
    }
    Ok(if key.is_empty() { p.app.random.code(24) } else { key.to_owned() })
}

fn after(p: &Post<'_>, actor: &Actor, new: &NewContact, id: Id) -> String {
    let back = p.form().get("back");
    match (back, new.children.as_slice()) {
        ("child", [child]) => format!("/students/{child}/contacts"),
        _ if back.starts_with("/classes/") && !back.contains("//") => format!("{back}?saved={id}"),
        (_, [child]) if !matches!(actor.hat.role, Role::ClassTeacher | Role::SubjectTeacher) => {
            format!("/students/{child}/contacts")
        }
        _ => format!("/class?saved={id}"),
    }
}
