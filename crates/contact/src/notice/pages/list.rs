//! Staff's notices: sent, scheduled, being written, templates.

use super::words::{at_words, done, done_key, state_mark};
use crate::notice::model::{Notice, State};
use crate::notice::permit::Slice;
use crate::notice::store::{self, Tab};
use askama::Template;
use gongyu_access::{Action, Actor};
use gongyu_kernel::{Id, Result};
use gongyu_registry::unit;
use gongyu_web::filters;
use gongyu_web::{Get, Reply};

/// Notices on a page.
const PAGE: i64 = 30;

struct Row {
    id: Id,
    href: String,
    title: String,
    from: String,
    when: String,
    until: String,
    mark: (&'static str, &'static str, &'static str),
    urgent: bool,
    done: i64,
    done_key: &'static str,
    children: i64,
    failed: i64,
    running: bool,
}

struct TabLink {
    label: &'static str,
    code: &'static str,
    here: bool,
}

#[derive(Template)]
#[template(path = "notice/pages/list.html")]
struct Page {
    phone: bool,
    tabs: Vec<TabLink>,
    tab: &'static str,
    rows: Vec<Row>,
    next: Option<Id>,
    may_send: bool,
    may_set: bool,
}

pub(super) fn show(g: &mut Get<'_>, actor: &Actor) -> Result<Reply> {
    let here = unit::find(g.r, actor.unit()?)?;
    let tab = match g.req.query.get("tab") {
        "drafts" => "drafts",
        "scheduled" => "scheduled",
        "templates" => "templates",
        _ => "sent",
    };
    let after = g.req.query.id("after");
    let notices = match tab {
        "drafts" => store::list(g.r, actor, Tab::Drafts, after, PAGE)?,
        "scheduled" => store::list(g.r, actor, Tab::Scheduled, after, PAGE)?,
        "templates" => store::templates(g.r, actor)?,
        _ => store::list(g.r, actor, Tab::Sent, after, PAGE)?,
    };
    let full = tab != "templates" && notices.len() as i64 == PAGE;
    let next = notices.last().filter(|_| full).map(|n| n.id);
    let ids: Vec<Id> = notices.iter().map(|n| n.id).collect();
    let counts = store::counts_of(g.r, &ids, Slice::of(here.kind, here.id))?;
    let may_send = actor.may(Action::SendNotice).is_ok() && super::super::may_send(g.r, actor.hat.role, here.school)?;
    let view = g.view().clone();
    let row = |n: Notice| {
        let counts = counts.get(&n.id).copied().unwrap_or_default();
        let running = matches!(n.state, State::Sending | State::Sent);
        let at = match n.state {
            State::Draft => n.updated_at,
            State::Scheduled => n.send_at.unwrap_or(n.updated_at),
            _ => n.sent_at.unwrap_or(n.created_at),
        };
        let edits = matches!(n.state, State::Draft | State::Scheduled);
        Row {
            href: match (edits, n.template && n.author != actor.account) {
                (true, false) => format!("/notices/{}/edit", n.id),
                _ => format!("/notices/{}", n.id),
            },
            when: if edits && n.state == State::Scheduled { at_words(&view, at) } else { view.moment(at) },
            until: n.deadline.map(|end| at_words(&view, end)).unwrap_or_default(),
            mark: state_mark(&n),
            from: if n.unit == here.id { n.author_name.clone() } else { n.from_name.clone() },
            done: done(&counts, n.kind),
            done_key: done_key(n.kind),
            children: counts.children(),
            failed: counts.failed,
            urgent: n.urgent,
            title: if n.title.is_empty() { view.t("notice-untitled") } else { n.title },
            id: n.id,
            running,
        }
    };
    let tabs = [
        ("sent", "notice-tab-sent"),
        ("scheduled", "notice-tab-scheduled"),
        ("drafts", "notice-tab-drafts"),
        ("templates", "notice-tab-templates"),
    ]
    .map(|(code, label)| TabLink { label, code, here: code == tab })
    .into();
    let body = Page {
        phone: view.phone,
        tabs,
        tab,
        rows: notices.into_iter().map(row).collect(),
        next,
        may_send,
        may_set: super::settings::may_set(actor.hat.role),
    };
    g.page(g.t("notice-title"), "notices", &body)
}
