//! The duties towards the children of one class: for whom they are done and for whom not yet.

use super::super::badge::Badge;
use super::super::line::{deadline, title};
use super::super::rights::may_count;
use super::detail::Asked;
use crate::dashboard::{Crumb, crumbs};
use askama::Template;
use gongyu_access::{Action, Actor, right};
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_ledger::duty::{self, DutyLine};
use gongyu_ledger::rules::DutyStatus;
use gongyu_registry::people;
use gongyu_registry::permit::ForClass;
use gongyu_registry::unit::Unit;
use gongyu_registry::year;
use gongyu_store::Reader;
use gongyu_web::filters;
use gongyu_web::{Get, Reply};
use std::collections::BTreeMap;

/// One duty over the children of a class.
struct RuleRow {
    code: String,
    title: String,
    by: Option<Date>,
    done: i64,
    asked: i64,
    late: bool,
}

struct Child {
    id: Id,
    name: String,
    times: u32,
    done: bool,
    badge: Badge,
}

#[derive(Template)]
#[template(path = "duties/pages/class.html")]
struct Class {
    crumbs: Vec<Crumb>,
    id: Id,
    name: String,
    rows: Vec<RuleRow>,
}

#[derive(Template)]
#[template(path = "duties/pages/children.html")]
struct Children {
    crumbs: Vec<Crumb>,
    title: String,
    asked: Asked,
    by: Option<Date>,
    children: Vec<Child>,
    done: i64,
    whole: i64,
    named: bool,
    opens: bool,
}

/// A child's name and identifier with their duties.
type OfChild = (Id, String, Vec<DutyLine>);

fn of_children(r: &mut Reader, class: &Unit) -> Result<Vec<OfChild>> {
    let members = people::class_members(r, class.id)?;
    let mut out = Vec::with_capacity(members.len());
    for child in members {
        let lines = duty::child_lines(r, &child, class.stage.as_deref())?;
        out.push((child.id, child.name, lines));
    }
    Ok(out)
}

pub fn all(g: &mut Get<'_>, at: ForClass<right::SeeDuties>) -> Result<Reply> {
    page(g, &at.actor, &at.class)
}

pub(super) fn page(g: &mut Get<'_>, actor: &Actor, class: &Unit) -> Result<Reply> {
    let (calendar, view) = (year::calendar(g.r)?, g.view().clone());
    let children = of_children(g.r, class)?;
    let mut by_rule: BTreeMap<&str, RuleRow> = BTreeMap::new();
    for line in children.iter().flat_map(|(_, _, lines)| lines).filter(|l| may_count(actor, &l.rule)) {
        let row = by_rule.entry(&line.rule.code).or_insert_with(|| RuleRow {
            code: line.rule.code.clone(),
            title: title(&view, &line.rule).to_owned(),
            by: deadline(line, &calendar),
            done: 0,
            asked: 0,
            late: false,
        });
        row.asked += 1;
        row.done += i64::from(line.status == DutyStatus::Met);
        row.late |= matches!(line.status, DutyStatus::Overdue { .. });
    }
    let body = Class {
        crumbs: crumbs(g.r, &view, actor, class)?,
        id: class.id,
        name: class.display(year::current(g.r)?.start),
        rows: by_rule.into_values().collect(),
    };
    g.page(view.t("duties-title"), "duties", &body)
}

pub fn one(g: &mut Get<'_>, at: ForClass<right::SeeDuties>) -> Result<Reply> {
    let code: String = g.req.param("rule")?;
    let (book, calendar, view) = (duty::book(g.r)?, year::calendar(g.r)?, g.view().clone());
    let rule = book.rule(&code)?;
    if !may_count(&at.actor, rule) {
        return Err(Error::Forbidden);
    }
    let mut by = None;
    let mut children = Vec::new();
    for (id, name, lines) in of_children(g.r, &at.class)? {
        if let Some(line) = lines.into_iter().find(|l| l.rule.code == code) {
            by = deadline(&line, &calendar);
            children.push(Child {
                id,
                name,
                times: line.tally.done,
                done: line.status == DutyStatus::Met,
                badge: Badge::of(&view, line.status, view.today()),
            });
        }
    }
    children.sort_by_key(|c| c.done);
    let mut way = crumbs(g.r, &view, &at.actor, &at.class)?;
    let name = at.class.display(year::current(g.r)?.start);
    way.push(Crumb { href: format!("/classes/{}/duties", at.class.id), name });
    let done = children.iter().filter(|c| c.done).count() as i64;
    let body = Children {
        crumbs: way,
        title: title(&view, rule).to_owned(),
        asked: Asked::of(&view, rule),
        by,
        whole: children.len() as i64,
        done,
        children,
        named: at.actor.may(Action::SeeClass).is_ok(),
        opens: at.actor.may(Action::SeeStudent).is_ok(),
    };
    g.page(title(&view, rule), "duties", &body)
}
