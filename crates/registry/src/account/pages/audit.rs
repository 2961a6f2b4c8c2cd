//! The audit log for the auditor: who did what to which record, newest first.

use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Date, Id, Millis, Result};
use gongyu_store::list::{Filter, ListQuery, ListSpec, Order};
use gongyu_store::{Reader, list_spec, record, sql};
use gongyu_web::filters;
use gongyu_web::{FormData, Get, Holder, Reply};

list_spec! {
    static AUDIT = ListSpec {
        name: "audit",
        columns: "a.id, a.at, COALESCE(c.name, ''), a.hat, a.action, a.object_kind, a.object_id, a.detail, a.client,
                  a.sealed_in IS NOT NULL",
        from: "FROM audit a LEFT JOIN account c ON c.id = a.account_id WHERE a.id > 0",
        fixed: 0,
        filters: &[
            Filter { name: "from", sql: "a.at >= $1", params: 1 },
            Filter { name: "to", sql: "a.at < $1", params: 1 },
            Filter { name: "action", sql: "a.action >= $1 AND a.action < $2", params: 2 },
            Filter { name: "person", sql: "c.name = $1", params: 1 },
            Filter { name: "object", sql: "a.object_id = $1", params: 1 },
            Filter { name: "client", sql: "a.client = $1", params: 1 },
        ],
        orders: &[Order { name: "newest", keys: &[("a.id", true)] }],
        groups: &[],
    };
}

record! {
    struct Line {
        _id: Id,
        at: Millis,
        name: String,
        hat: String,
        action: String,
        object_kind: String,
        object: Option<Id>,
        detail: String,
        client: String,
        sealed: bool,
    }
}

#[derive(Template)]
#[template(path = "account/pages/audit.html")]
struct AuditPage {
    lines: Vec<Line>,
    next: Option<String>,
    paged: bool,
    from: String,
    to: String,
    action: String,
    person: String,
    object: String,
    client: String,
    seal: Option<(i64, Millis)>,
}

fn asked(query: &FormData) -> ListQuery {
    let day = |name: &str| query.get(name).parse::<Date>().ok();
    let mut list = AUDIT.query(&[]).after(Some(query.get("after")).filter(|a| !a.is_empty())).limit(50);
    if let Some(from) = day("from") {
        list = list.filter("from", &[&Millis::start_of(from)]);
    }
    if let Some(after) = day("to").and_then(|d| d.tomorrow().ok()) {
        list = list.filter("to", &[&Millis::start_of(after)]);
    }
    let action = query.get("action");
    if !action.is_empty() {
        list = list.filter("action", &[&action, &format!("{action}\u{10ffff}")]);
    }
    for name in ["person", "client"] {
        if !query.get(name).is_empty() {
            list = list.filter(name, &[&query.get(name)]);
        }
    }
    if let Some(object) = query.id("object") {
        list = list.filter("object", &[&object]);
    }
    list
}

fn last_seal(r: &mut Reader) -> Result<Option<(i64, Millis)>> {
    r.row(sql!("SELECT number, sealed_at FROM audit_seal ORDER BY number DESC LIMIT 1"), &[])
}

/// Shows it.
pub fn show(g: &mut Get<'_>, _: Holder<right::SeeAudit>) -> Result<Reply> {
    let query = &g.req.query;
    let page = asked(query).rows::<Line>(g.r)?;
    let next = page.next.map(|after| format!("/audit?{}", query.query_with(&[("after", &after)])));
    let text = |name: &str| query.get(name).to_owned();
    let page = AuditPage {
        lines: page.rows,
        next,
        paged: query.has("after"),
        from: text("from"),
        to: text("to"),
        action: text("action"),
        person: text("person"),
        object: text("object"),
        client: text("client"),
        seal: last_seal(g.r)?,
    };
    g.page(g.t("account-audit-title"), "audit", &page)
}
