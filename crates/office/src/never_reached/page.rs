//! The list on a page: numbers for everybody with the right, names only for those who may see a child.

use super::filter::{DAYS, Narrow, Which};
use super::list::Child;
use crate::reach::Choice;
use crate::unreached;
use askama::Template;
use gongyu_access::{Action, right};
use gongyu_kernel::{Date, Id, Result};
use gongyu_ledger::figures;
use gongyu_registry::unit::{self, Unit, UnitKind};
use gongyu_registry::year;
use gongyu_store::Reader;
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{Get, Holder, Reply};
use std::collections::HashMap;

/// Children on a page.
const PAGE: usize = 40;
/// Groups beside the list.
const GROUPS: usize = 12;

struct Line {
    id: Id,
    name: String,
    school: String,
    class: String,
    days: i64,
    phone: bool,
    last: Option<Date>,
    /// The task of following the child up, if there is one.
    task: Option<Id>,
}

struct GroupLine {
    name: String,
    n: i64,
    query: String,
}

struct Chip {
    label: &'static str,
    query: String,
    on: bool,
}

#[derive(Template)]
#[template(path = "never_reached/list.html")]
struct List {
    title: String,
    lead: String,
    which: &'static str,
    order: String,
    chips: [Chip; 2],
    towns: Vec<Choice>,
    schools: Vec<Choice>,
    settings: Vec<Choice>,
    phones: Vec<Choice>,
    days: Vec<Choice>,
    lines: Vec<Line>,
    total: i64,
    named: bool,
    many_schools: bool,
    groups: Vec<GroupLine>,
    groups_title: &'static str,
    groups_all: usize,
    most: i64,
    by_school: String,
    by_joined: String,
    next: Option<String>,
    first: Option<String>,
    export: Option<String>,
    narrowed: bool,
    /// Whether the person begins a follow-up from here.
    begins: bool,
}

pub(super) fn show(g: &mut Get<'_>, at: Holder<right::SeeReach>) -> Result<Reply> {
    let within = unit::find(g.r, at.actor.unit()?)?;
    let narrow = Narrow::read(&g.req.query);
    let (semester, depth, today) = (figures::present(g.r)?.code(), figures::reach_depth(g.r)?, g.r.today());
    let list = narrow.list(&within, &semester, depth, today);
    let many_schools = !matches!(within.kind, UnitKind::School | UnitKind::Class);
    let group = if many_schools && narrow.school.is_none() { "school" } else { "class" };
    let mut counts = list.counts_by(g.r, group)?;
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let total: i64 = counts.iter().map(|(_, n)| n).sum();
    let named = at.actor.may(Action::SeeStudent).is_ok();
    let cursor = g.req.query.get("after").to_owned();
    let (lines, next) = if named {
        let start = year::current(g.r)?.start;
        let page = list.after(Some(&cursor)).limit(PAGE).rows::<Child>(g.r)?;
        let ids: Vec<Id> = page.rows.iter().map(|c| c.id).collect();
        let tasks = unreached::store::open_among(g.r, &ids)?;
        (page.rows.into_iter().map(|c| line(c, start, today, &tasks)).collect(), page.next)
    } else {
        (Vec::new(), None)
    };
    let view = g.view().clone();
    let schools = schools_within(g.r, &within, narrow.town)?;
    let query = &g.req.query;
    let names = group_names(g.r, group, &schools, &counts)?;
    let title = view.t(if narrow.which == Which::Never { "never-title" } else { "never-title-semester" });
    let body =
        List {
            lead: lead(&view, narrow.which, total),
            which: narrow.which.code(),
            order: narrow.order.clone(),
            chips: [(Which::Never, "never-chip"), (Which::Semester, "never-chip-semester")].map(|(which, label)| {
                Chip { label, query: query.query_with(&[("which", which.code())]), on: which == narrow.which }
            }),
            towns: town_choices(g.r, &within, narrow.town)?,
            schools: schools
                .iter()
                .map(|s| Choice { value: s.id.to_string(), label: s.name.clone(), chosen: narrow.school == Some(s.id) })
                .collect(),
            settings: ["urban", "rural"]
                .map(|code| Choice {
                    value: code.to_owned(),
                    label: view.t(&format!("duty-setting-{code}")),
                    chosen: narrow.setting.is_some_and(|s| s.code() == code),
                })
                .to_vec(),
            phones: [("yes", true), ("no", false)]
                .map(|(code, has)| Choice {
                    value: code.to_owned(),
                    label: view.t(&format!("never-phone-{code}")),
                    chosen: narrow.phone == Some(has),
                })
                .to_vec(),
            days: DAYS
                .map(|n| Choice {
                    value: n.to_string(),
                    label: view.ta("never-days", &[("n", n.into())]),
                    chosen: narrow.days == Some(n),
                })
                .to_vec(),
            most: counts.first().map_or(0, |(_, n)| *n),
            groups_all: counts.len(),
            groups: counts
                .iter()
                .take(GROUPS)
                .map(|(id, n)| GroupLine {
                    name: names.get(id).cloned().unwrap_or_default(),
                    n: *n,
                    query: query.query_with(&[(group, id)]),
                })
                .collect(),
            groups_title: if group == "school" { "never-by-school" } else { "never-by-class" },
            by_school: query.query_with(&[("order", "")]),
            by_joined: query.query_with(&[("order", "joined")]),
            next: next.map(|next| query.query_with(&[("after", &next)])),
            first: (!cursor.is_empty()).then(|| query.query_with(&[])),
            export: at.actor.may(Action::Export).is_ok().then(|| query.query_with(&[])),
            narrowed: narrow.narrows(),
            begins: narrow.which == Which::Never && at.actor.may(Action::HandleUnreached).is_ok(),
            title: title.clone(),
            lines,
            total,
            named,
            many_schools,
        };
    g.page(title, "never", &body)
}

fn line(child: Child, start: i16, today: Date, tasks: &HashMap<Id, Id>) -> Line {
    Line {
        task: tasks.get(&child.id).copied(),
        class: child.class_name(start),
        days: child.days(today),
        last: child.last_day(),
        id: child.id,
        name: child.name,
        school: child.school_name,
        phone: child.phone,
    }
}

fn lead(view: &View, which: Which, total: i64) -> String {
    let key = match (which, total) {
        (Which::Never, 0) => "never-lead-none",
        (Which::Never, _) => "never-lead",
        (Which::Semester, 0) => "never-lead-semester-none",
        (Which::Semester, _) => "never-lead-semester",
    };
    view.ta(key, &[("n", gongyu_web::show::thousands(total).into())])
}

/// Schools to choose from; none for a school's or a class's own people.
pub(super) fn schools_within(r: &mut Reader, within: &Unit, town: Option<Id>) -> Result<Vec<Unit>> {
    match within.kind {
        UnitKind::District => unit::schools(r, town),
        UnitKind::Town => unit::schools(r, Some(within.id)),
        _ => Ok(Vec::new()),
    }
}

fn town_choices(r: &mut Reader, within: &Unit, chosen: Option<Id>) -> Result<Vec<Choice>> {
    if within.kind != UnitKind::District {
        return Ok(Vec::new());
    }
    let towns = unit::towns(r)?.into_iter();
    Ok(towns.map(|t| Choice { value: t.id.to_string(), label: t.name, chosen: chosen == Some(t.id) }).collect())
}

/// Names of schools or classes by their identifier as text, for the groups that are shown.
pub(super) fn group_names(
    r: &mut Reader,
    group: &str,
    schools: &[Unit],
    counts: &[(String, i64)],
) -> Result<HashMap<String, String>> {
    if group == "school" {
        return Ok(schools.iter().map(|s| (s.id.to_string(), s.name.clone())).collect());
    }
    let ids: Vec<Id> = counts.iter().take(GROUPS).filter_map(|(id, _)| id.parse().ok()).collect();
    let start = year::current(r)?.start;
    Ok(unit::names(r, &ids, start)?.into_iter().map(|(id, name)| (id.to_string(), name)).collect())
}
