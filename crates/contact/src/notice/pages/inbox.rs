//! A family's notices, the newest first, each once with the children it names.

use super::words::{at_words, names};
use crate::notice::model::{Kind, Stand, State};
use crate::notice::store::{self, InboxLine, InboxStand};
use askama::Template;
use gongyu_kernel::{Id, Result};
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{Get, Reply};

/// Lines read for a page; a notice to three children is three lines.
const LINES: i64 = 60;

struct Row {
    id: Id,
    title: String,
    from: String,
    children: String,
    when: String,
    until: String,
    urgent: bool,
    wants: bool,
    mark: (&'static str, &'static str, &'static str),
}

#[derive(Template)]
#[template(path = "notice/pages/inbox.html")]
struct Page {
    elder: bool,
    waiting: usize,
    rows: Vec<Row>,
    next: Option<Id>,
}

pub(super) fn show(g: &mut Get<'_>, guardian: Id) -> Result<Reply> {
    let before = g.req.query.id("after");
    let lines = store::inbox(g.r, guardian, before, LINES)?;
    let full = lines.len() as i64 == LINES;
    let now = g.r.now();
    let mut groups: Vec<Vec<(InboxLine, InboxStand)>> = Vec::new();
    for (line, stand) in lines {
        match groups.last_mut() {
            Some(group) if group.first().is_some_and(|(l, _)| l.notice == line.notice) => group.push((line, stand)),
            _ => groups.push(vec![(line, stand)]),
        }
    }
    // The last notice may be cut in the middle: it begins the next page instead.
    let next = if full && groups.len() > 1 {
        groups.pop();
        groups.last().and_then(|g| g.first()).map(|(l, _)| l.notice)
    } else {
        None
    };
    let view = g.view().clone();
    let mut rows: Vec<Row> = groups.iter().filter_map(|group| row(&view, group, now)).collect();
    // What waits for an answer stands before the rest of its page.
    rows.sort_by_key(|r| !r.wants);
    let body = Page { elder: view.prefs.elder, waiting: rows.iter().filter(|r| r.wants).count(), rows, next };
    g.page(g.t("notice-title"), "notices", &body)
}

fn row(view: &View, group: &[(InboxLine, InboxStand)], now: gongyu_kernel::Millis) -> Option<Row> {
    let (line, _) = group.first()?;
    let live = matches!(line.state, State::Sending | State::Sent) && line.replaced_by.is_none();
    let open = live && (line.kind != Kind::Answer || line.deadline.is_none_or(|end| now <= end));
    let done = group.iter().all(|(_, s)| s.stand == Stand::Confirmed);
    let unread = group.iter().any(|(_, s)| s.own < Stand::Read);
    let wants = open && line.kind != Kind::Plain && !done;
    let mark = match (line.state, line.replaced_by.is_some()) {
        (State::Recalled, _) => ("na", "ban", "notice-in-recalled"),
        (_, true) => ("na", "transfer", "notice-in-replaced"),
        _ if done && line.kind != Kind::Plain => (
            "met",
            "circle-check",
            if line.kind == Kind::Answer { "notice-in-answered" } else { "notice-in-confirmed" },
        ),
        _ if wants && line.kind == Kind::Answer => ("due", "clock", "notice-in-answer"),
        _ if wants => ("due", "clock", "notice-in-confirm"),
        _ if line.kind == Kind::Answer && !open => ("na", "clock", "notice-in-closed"),
        _ if unread => ("due", "mail", "notice-in-new"),
        _ => ("met", "eye", "notice-in-read"),
    };
    Some(Row {
        id: line.notice,
        title: line.title.clone(),
        from: line.from_name.clone(),
        children: names(view, group.iter().map(|(l, _)| l.child.as_str())),
        when: line.sent_at.map(|at| view.moment(at)).unwrap_or_default(),
        until: line.deadline.filter(|_| wants).map(|end| at_words(view, end)).unwrap_or_default(),
        urgent: line.urgent,
        wants,
        mark,
    })
}
