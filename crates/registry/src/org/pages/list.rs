//! The units of the district, with how many staff and classes each has.

use crate::org::batch;
use crate::org::book::school_kind_key;
use crate::unit::{self, UnitKind};
use askama::Template;
use gongyu_access::{Action, right};
use gongyu_kernel::{Id, Result};
use gongyu_store::list::{Filter, ListSpec, Order};
use gongyu_store::{list_spec, record};
use gongyu_web::filters;
use gongyu_web::{Get, Holder, Reply};

record! {
    struct Line {
        id: Id,
        kind: UnitKind,
        school_kind: Option<String>,
        name: String,
        code: String,
        town: String,
        staff: i64,
        waiting: i64,
        classes: i64,
    }
}

impl Line {
    fn kind_key(&self) -> String {
        school_kind_key(self.school_kind.as_deref().unwrap_or(self.kind.code()))
    }
}

list_spec! {
    /// Open units but classes, with their figures.
    static UNITS = ListSpec {
        name: "org-units",
        columns: "u.id, u.kind, u.school_kind, u.name, u.code, COALESCE(t.name, ''),
                  (SELECT COUNT(*) FROM staff s WHERE s.school_id = u.id AND s.state = 'active'),
                  (SELECT COUNT(*) FROM staff s JOIN account a ON a.staff_id = s.id
                   WHERE s.school_id = u.id AND s.state = 'active' AND a.password_hash IS NULL),
                  (SELECT COUNT(*) FROM unit c WHERE c.school_id = u.id AND c.kind = 'class' AND c.valid_to IS NULL)",
        from: "FROM unit u LEFT JOIN unit t ON t.id = u.town_id AND u.kind <> 'town'
               WHERE u.kind <> 'class' AND u.valid_to IS NULL",
        fixed: 0,
        filters: &[
            Filter { name: "kind", sql: "u.kind = $1", params: 1 },
            Filter { name: "town", sql: "u.town_id = $1", params: 1 },
        ],
        orders: &[Order { name: "name", keys: &[("u.name_key", false), ("u.id", false)] }],
        groups: &[],
    };
}

struct Chip {
    label: String,
    query: String,
    on: bool,
}

#[derive(Template)]
#[template(path = "org/pages/list.html")]
struct List {
    lead: String,
    chips: Vec<Chip>,
    towns: Vec<(Id, String, bool)>,
    kind: String,
    rows: Vec<Line>,
    next: String,
    may_import: bool,
    batches: Vec<batch::Batch>,
}

pub(super) fn show(g: &mut Get<'_>, by: Holder<right::ManageStaff>) -> Result<Reply> {
    let hat = by.actor.unit()?;
    if unit::find(g.r, hat)?.kind != UnitKind::District {
        return Ok(Reply::to(format!("/org/{hat}")));
    }
    let query = &g.req.query;
    let kind = UnitKind::parse(query.get("kind")).filter(|k| !matches!(k, UnitKind::Class | UnitKind::District));
    let town: Option<Id> = query.id("town");
    let mut list = UNITS.query(&[]).after(Some(query.get("after")).filter(|c| !c.is_empty()));
    let mut counted = UNITS.query(&[]);
    if let Some(kind) = kind {
        list = list.filter("kind", &[&kind]);
        counted = counted.filter("kind", &[&kind]);
    }
    if let Some(town) = town {
        list = list.filter("town", &[&town]);
        counted = counted.filter("town", &[&town]);
    }
    let page = list.rows::<Line>(g.r)?;
    let total = counted.count(g.r)?;
    let chip = |label: &str, code: &str| Chip {
        label: g.t(label),
        query: query.query_with(&[("kind", code)]),
        on: kind.map_or("", UnitKind::code) == code,
    };
    let chips = vec![
        chip("org-all", ""),
        chip("org-kind-school", "school"),
        chip("org-kind-town", "town"),
        chip("org-kind-agency", "agency"),
        chip("org-kind-community", "community"),
    ];
    let next = page.next.map(|after| query.query_with(&[("after", &after)])).unwrap_or_default();
    let lead = g.ta("org-lead", &[("n", gongyu_web::show::thousands(total).into())]);
    let may_import = by.actor.may(Action::ManageUnits).is_ok();
    let towns = unit::towns(g.r)?;
    let batches = if may_import { batch::latest(g.r)? } else { Vec::new() };
    let page = List {
        lead,
        chips,
        towns: towns.into_iter().map(|t| (t.id, t.name, Some(t.id) == town)).collect(),
        kind: kind.map_or(String::new(), |k| k.code().to_owned()),
        rows: page.rows,
        next,
        may_import,
        batches: batches.into_iter().take(3).collect(),
    };
    g.page(g.t("org-nav"), "org", &page)
}
