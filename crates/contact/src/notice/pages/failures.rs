//! Letters that did not arrive, person by person, and trying them again.

use super::words::names;
use crate::notice::SOURCE;
use crate::notice::permit::{ForNotice, Slice};
use askama::Template;
use gongyu_access::{Action, right};
use gongyu_deliver::dispatch::{self, State};
use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, sql};
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Post, Reply};
use std::collections::HashMap;

/// Letters on a page.
const PAGE: i64 = 50;

struct Row {
    guardian: Option<Id>,
    who: String,
    child: String,
    student: Option<Id>,
    channel: String,
    why: &'static str,
    when: String,
}

#[derive(Template)]
#[template(path = "notice/pages/failures.html")]
struct Page {
    phone: bool,
    id: Id,
    title: String,
    rows: Vec<Row>,
    next: Option<Id>,
    may_retry: bool,
}

/// Names of guardians and children by their identifier.
fn named(r: &mut Reader, guardians: &[Id], students: &[Id]) -> Result<HashMap<Id, String>> {
    let mut out: HashMap<Id, String> = HashMap::new();
    let people: Vec<(Id, String)> =
        r.rows_in(sql!("SELECT id, name FROM guardian WHERE id IN ($1)"), guardians, &[])?;
    out.extend(people);
    let pupils: Vec<(Id, String)> = r.rows_in(sql!("SELECT id, name FROM student WHERE id IN ($1)"), students, &[])?;
    out.extend(pupils);
    Ok(out)
}

/// Somebody who sees only a part of the families sees theirs by name on the list of families.
pub(super) fn show(g: &mut Get<'_>, at: ForNotice<right::SeeNotices>) -> Result<Reply> {
    let notice = &at.sight.notice;
    if at.sight.slice != Slice::ALL {
        return Ok(Reply::to(format!("/notices/{}/families?show=failed", notice.id)));
    }
    let view = g.view().clone();
    let after = g.req.query.id("after");
    let list = dispatch::failures(g.r, SOURCE, notice.id, after, PAGE)?;
    let guardians: Vec<Id> = list.iter().filter_map(|f| f.guardian).collect();
    let students: Vec<Id> = list.iter().filter_map(|f| f.student).collect();
    let known = named(g.r, &guardians, &students)?;
    let name = |id: Option<Id>| id.and_then(|id| known.get(&id).cloned()).unwrap_or_default();
    let next = list.last().filter(|_| list.len() as i64 == PAGE).map(|f| f.dispatch);
    let rows = list
        .into_iter()
        .map(|f| Row {
            who: name(f.guardian),
            child: names(&view, [name(f.student).as_str()]),
            student: f.student,
            channel: match f.channel.as_str() {
                "" => view.t("notice-channel-none"),
                channel => view.t(&format!("notice-channel-{}", channel.replace('_', "-"))),
            },
            why: match f.state {
                State::Unknown => "notice-fail-unknown",
                State::ByHand => "notice-fail-by-hand",
                _ => "notice-fail-failed",
            },
            guardian: f.guardian,
            when: view.moment(f.at),
        })
        .collect();
    let may_retry = at.sight.steers && at.actor.may(Action::SendNotice).is_ok();
    let body = Page { phone: view.phone, id: notice.id, title: notice.title.clone(), rows, next, may_retry };
    g.page(g.t("notice-failures"), "notices", &body)
}

/// Tries one family again, or all of them.
pub(super) fn retry(p: &mut Post<'_>, at: crate::notice::permit::ToSteer<right::SendNotice>) -> Result<Reply> {
    let one = p.form().id("guardian");
    let which = one.map(|id| vec![id]);
    let n = dispatch::retry(p.tx, SOURCE, at.notice.id, which.as_deref())?;
    p.audit("notice.retry", ("notice", Some(at.notice.id)), &serde_json::json!({ "n": n }).to_string())?;
    let flash = Flash::new(gongyu_kernel::error::Code::new("notice-retried").arg("n", n));
    Ok(Reply::to_with(format!("/notices/{}/failures", at.notice.id), flash))
}
