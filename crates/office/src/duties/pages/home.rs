//! The duties of the hat's own unit: rules by how many schools met them, for a town or the district.

use super::super::line::{citation, title};
use super::{class, school};
use crate::dashboard::{Crumb, crumbs};
use askama::Template;
use gongyu_access::{Actor, right};
use gongyu_kernel::{Id, Result};
use gongyu_ledger::duty::{self, DutyLine, SchoolDuties};
use gongyu_registry::permit::unit_in_reach;
use gongyu_registry::unit::{self, Unit, UnitKind};
use gongyu_store::Reader;
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{Get, Holder, Reply};
use std::collections::BTreeMap;

/// One rule and where the schools stand in it.
struct RuleRow {
    code: String,
    title: String,
    source: String,
    met: i64,
    due: i64,
    overdue: i64,
    asked: i64,
}

#[derive(Template)]
#[template(path = "duties/pages/home.html")]
struct Home {
    name: String,
    crumbs: Vec<Crumb>,
    rows: Vec<RuleRow>,
    all: SchoolDuties,
    asked: i64,
    schools: usize,
    query: String,
}

pub fn show(g: &mut Get<'_>, at: Holder<right::SeeDuties>) -> Result<Reply> {
    if let Some(school) = g.req.query.id("school") {
        return Ok(Reply::to(format!("/schools/{school}/duties")));
    }
    let here = scope(g.r, &at.actor, g.req.query.id("town"))?;
    match here.kind {
        UnitKind::School => school::page(g, &at.actor, &here),
        UnitKind::Class => class::page(g, &at.actor, &here),
        _ => matrix(g, &at.actor, &here),
    }
}

/// The unit whose duties are shown: the hat's, or a town in its reach.
pub(super) fn scope(r: &mut Reader, actor: &Actor, town: Option<Id>) -> Result<Unit> {
    match town {
        Some(town) => unit_in_reach(r, actor, town, Some(UnitKind::Town)),
        None => unit::find(r, actor.unit()?),
    }
}

/// The schools of a unit with their duties.
pub(super) fn schools_of(r: &mut Reader, here: &Unit) -> Result<Vec<(Unit, Vec<DutyLine>)>> {
    let town = (here.kind == UnitKind::Town).then_some(here.id);
    let schools = unit::schools(r, town)?;
    let lines = duty::district_lines(r, &schools)?;
    Ok(schools.into_iter().zip(lines.into_iter().map(|(_, lines)| lines)).collect())
}

fn matrix(g: &mut Get<'_>, actor: &Actor, here: &Unit) -> Result<Reply> {
    let schools = schools_of(g.r, here)?;
    let view = g.view().clone();
    let rows = rule_rows(&view, schools.iter().flat_map(|(_, lines)| lines));
    let mut all = SchoolDuties::default();
    for row in &rows {
        all.met += row.met;
        all.due += row.due;
        all.overdue += row.overdue;
    }
    let body = Home {
        crumbs: if here.kind == UnitKind::Town { crumbs(g.r, &view, actor, here)? } else { Vec::new() },
        name: if here.kind == UnitKind::Town { here.name.clone() } else { view.t("duties-district") },
        rows,
        all,
        asked: all.asked(),
        schools: schools.len(),
        query: g.req.query.query_with(&[]),
    };
    g.page(view.t("duties-title"), "duties", &body)
}

/// Rules summed over schools, those with most that are late first.
fn rule_rows<'a>(view: &View, lines: impl Iterator<Item = &'a DutyLine>) -> Vec<RuleRow> {
    let mut by_rule: BTreeMap<&str, (&DutyLine, SchoolDuties)> = BTreeMap::new();
    for line in lines {
        by_rule.entry(&line.rule.code).or_insert((line, SchoolDuties::default())).1.add(line.status);
    }
    let mut rows: Vec<RuleRow> = by_rule
        .into_iter()
        .map(|(code, (line, n))| RuleRow {
            code: code.to_owned(),
            title: title(view, &line.rule).to_owned(),
            source: citation(view, &line.rule).cell(),
            met: n.met,
            due: n.due,
            overdue: n.overdue,
            asked: n.asked(),
        })
        .collect();
    rows.sort_by(|a, b| b.overdue.cmp(&a.overdue).then(b.due.cmp(&a.due)).then_with(|| a.code.cmp(&b.code)));
    rows
}
