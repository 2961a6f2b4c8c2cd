//! The audit log for the auditor, in words: who did what to which record, newest first, and as a file.

use super::audit_words::{self, AREAS, Described};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Date, Error, Id, Millis, Result};
use gongyu_paper::book::{Book, Column, ColumnKind, Value};
use gongyu_store::list::{Filter, ListQuery, ListSpec, Order};
use gongyu_store::{Reader, list_spec, record, sql};
use gongyu_web::filters;
use gongyu_web::{Download, FormData, Get, Holder, Post, Reply};

/// Entries in one file at most; the oldest beyond are left out, and the file says so.
const MOST: usize = 50_000;
/// An identifier holds the moment it was made; this much off at most, in days.
const SLACK: i64 = 1;

list_spec! {
    static AUDIT = ListSpec {
        name: "audit",
        columns: "a.id, a.at, a.account_id, COALESCE(c.name, ''), a.hat, a.action, a.object_kind, a.object_id, a.detail,
                  a.client, a.sealed_in IS NOT NULL",
        from: "FROM audit a LEFT JOIN account c ON c.id = a.account_id WHERE a.id > 0",
        fixed: 0,
        filters: &[
            Filter { name: "from", sql: "a.id >= $1 AND a.at >= $2", params: 2 },
            Filter { name: "to", sql: "a.id < $1 AND a.at < $2", params: 2 },
            Filter { name: "area", sql: "a.action >= $1 AND a.action < $2", params: 2 },
            Filter { name: "action", sql: "a.action = $1", params: 1 },
            Filter {
                name: "person",
                sql: "a.account_id IN (SELECT p.id FROM account p WHERE p.name = $1 OR p.login = $1)",
                params: 1,
            },
            Filter { name: "account", sql: "a.account_id = $1", params: 1 },
            Filter { name: "object", sql: "a.object_id = $1", params: 1 },
            Filter { name: "client", sql: "a.client = $1", params: 1 },
        ],
        orders: &[Order { name: "newest", keys: &[("a.id", true)] }],
        groups: &[],
    };
}

record! {
    /// One entry as it is kept.
    #[derive(Clone, Debug)]
    pub(super) struct Line {
        pub(super) id: Id,
        pub(super) at: Millis,
        pub(super) account: Option<Id>,
        pub(super) name: String,
        pub(super) hat: String,
        pub(super) action: String,
        pub(super) object_kind: String,
        pub(super) object: Option<Id>,
        pub(super) detail: String,
        pub(super) client: String,
        pub(super) sealed: bool,
    }
}

struct Area {
    code: &'static str,
    label: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "account/pages/audit.html")]
struct AuditPage {
    lines: Vec<Described>,
    next: Option<String>,
    paged: bool,
    filtered: bool,
    /// The filters chosen, for the file.
    chosen: Vec<(&'static str, String)>,
    from: String,
    to: String,
    areas: Vec<Area>,
    action: String,
    action_words: String,
    person: String,
    object: String,
    client: String,
    seal: Option<(i64, Millis)>,
}

fn chosen(query: &FormData) -> ListQuery {
    let day = |name: &str| query.get(name).parse::<Date>().ok();
    let mut list = AUDIT.query(&[]);
    if let Some(from) = day("from") {
        let start = Millis::start_of(from);
        list = list.filter("from", &[&Id::first_of(start.plus_days(-SLACK)), &start]);
    }
    if let Some(after) = day("to").and_then(|d| d.tomorrow().ok()) {
        let end = Millis::start_of(after);
        list = list.filter("to", &[&Id::first_of(end.plus_days(SLACK)), &end]);
    }
    if let Some(area) = AREAS.iter().find(|area| **area == query.get("area")) {
        // Actions are named area.something; some areas are the whole name.
        list = list.filter("area", &[area, &format!("{area}/")]);
    }
    for name in ["action", "person", "client"] {
        if !query.get(name).is_empty() {
            list = list.filter(name, &[&query.get(name)]);
        }
    }
    for name in ["object", "account"] {
        if let Some(id) = query.id(name) {
            list = list.filter(name, &[&id]);
        }
    }
    list
}

fn last_seal(r: &mut Reader) -> Result<Option<(i64, Millis)>> {
    r.row(sql!("SELECT (SELECT COUNT(*) FROM audit_seal), sealed_at FROM audit_seal ORDER BY id DESC LIMIT 1"), &[])
}

/// Shows it.
pub fn show(g: &mut Get<'_>, _: Holder<right::SeeAudit>) -> Result<Reply> {
    let query = &g.req.query;
    let view = g.view().clone();
    let list = chosen(query).after(Some(query.get("after")).filter(|a| !a.is_empty())).limit(50);
    let page = list.rows::<Line>(g.r)?;
    let lines = audit_words::describe(g.r, &view, &page.rows)?;
    let text = |name: &str| query.get(name).to_owned();
    let asked = ["from", "to", "area", "action", "person", "account", "object", "client"];
    let action = text("action");
    let chosen = asked.iter().map(|name| (*name, text(name))).filter(|(_, value)| !value.is_empty()).collect();
    let page = AuditPage {
        lines,
        next: page.next.map(|after| format!("/audit?{}", query.query_with(&[("after", &after)]))),
        paged: query.has("after"),
        chosen,
        filtered: asked.iter().any(|name| !query.get(name).is_empty()),
        from: text("from"),
        to: text("to"),
        areas: AREAS
            .iter()
            .map(|code| Area { code, label: view.t(&format!("audit-area-{code}")), chosen: *code == query.get("area") })
            .collect(),
        action_words: if action.is_empty() { String::new() } else { audit_words::action(&view, &action) },
        action,
        person: text("person"),
        object: text("object"),
        client: text("client"),
        seal: last_seal(g.r)?,
    };
    g.page(g.t("account-audit-title"), "audit", &page)
}

/// The entries the filters leave as a file. Taking it away is an entry itself.
pub fn export(p: &mut Post<'_>, _: Holder<right::SeeAudit>) -> Result<Reply> {
    let view = p.view().clone();
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = chosen(p.form()).after(after.as_deref()).limit(1_000).rows::<Line>(p.tx)?;
        rows.extend(audit_words::describe(p.tx, &view, &page.rows)?);
        after = page.next;
        if after.is_none() || rows.len() >= MOST {
            break;
        }
    }
    rows.truncate(MOST);
    p.audit("audit.export", ("audit", None), &serde_json::json!({ "rows": rows.len() }).to_string())?;
    let t = |key: &str| view.t(key);
    let (sheet, note) = (t("account-audit-title"), view.ta("account-audit-file-note", &[("n", rows.len().into())]));
    let heads = [
        ("account-audit-when", 20.0),
        ("account-audit-person", 14.0),
        ("account-audit-hat", 26.0),
        ("account-audit-action", 24.0),
        ("account-audit-object", 30.0),
        ("account-audit-detail", 44.0),
        ("account-audit-client", 18.0),
        ("account-audit-code", 22.0),
        ("account-audit-seal", 10.0),
    ];
    let columns: Vec<Column> = heads.iter().map(|(key, width)| Column::new(t(key), *width, ColumnKind::Text)).collect();
    let (yes, no, nobody) = (t("account-audit-yes"), t("account-audit-soon"), t("account-audit-nobody"));
    let name = format!("{sheet}.xlsx");
    Ok(Reply::later(move || {
        let cells = rows.into_iter().map(|d| {
            let who = if d.line.name.is_empty() { nobody.clone() } else { d.line.name };
            let object = d.object.map_or(d.kind.clone(), |(_, name)| format!("{} {name}", d.kind));
            let seal = if d.line.sealed { yes.clone() } else { no.clone() };
            let texts = [d.exact, who, d.hat, d.action, object, d.detail, d.line.client, d.line.action, seal];
            texts.into_iter().map(Value::from).collect::<Vec<_>>()
        });
        let book = Book::new().sheet(&sheet).note(&note).columns(&columns).rows(cells);
        Ok(Download::xlsx(name, book.finish().map_err(Error::internal)?))
    }))
}
