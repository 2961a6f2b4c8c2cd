//! Handing out one-time codes: made when they are asked for, in the file and nowhere else. Asking again
//! makes new ones, and the old are good no longer.

use crate::org::book;
use crate::org::invite::{self, Waiting};
use crate::permit::ForUnit;
use gongyu_access::right;
use gongyu_kernel::{Error, Id, Result};
use gongyu_web::{Download, Holder, Post, Reply};

fn file(p: &mut Post<'_>, title: String, waiting: Vec<Waiting>, about: Option<Id>) -> Result<Reply> {
    if waiting.is_empty() {
        return Err(Error::conflict("org-codes-none"));
    }
    let accounts: Vec<Id> = waiting.iter().map(|person| person.account).collect();
    let codes = invite::make(p.tx, &p.app.vault, &p.app.random, &accounts)?;
    let detail = serde_json::json!({ "people": accounts.len() }).to_string();
    p.audit("org.codes-made", ("unit", about), &detail)?;
    let people: Vec<(Waiting, String)> = waiting.into_iter().zip(codes).collect();
    let (view, address) = (p.view().clone(), format!("{}/join", p.app.config.link_base()));
    Ok(Reply::later(move || {
        let bytes = book::codes(&view, &title, &address, &people)?;
        Ok(Download::xlsx(format!("{title}.xlsx"), bytes))
    }))
}

/// For everybody in a unit who has no password yet.
pub(super) fn unit(p: &mut Post<'_>, at: ForUnit<right::ManageStaff>) -> Result<Reply> {
    let waiting = invite::waiting_in(p.tx, at.unit.id)?;
    let title = p.view().ta("org-codes-title", &[("unit", at.unit.name.as_str().into())]);
    file(p, title, waiting, Some(at.unit.id))
}

/// For the registrars of all schools.
pub(super) fn registrars(p: &mut Post<'_>, _: Holder<right::ManageUnits>) -> Result<Reply> {
    let waiting = invite::waiting_registrars(p.tx)?;
    let title = p.view().t("org-codes-registrars-title");
    file(p, title, waiting, None)
}
