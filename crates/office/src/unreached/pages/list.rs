//! The list with its figures; for whoever knocks at doors, their errands.

use super::super::figures::{By, Figures};
use super::super::list::{DAYS, Line, NO_REASON, Narrow};
use super::super::model::{Level, Reason, State};
use super::super::permit::Watcher;
use super::{Choice, look, reason_words, with_words};
use askama::Template;
use gongyu_access::{Action, Actor, Role};
use gongyu_kernel::{Date, Id, Result};
use gongyu_registry::unit::{self, Unit, UnitKind};
use gongyu_registry::year;
use gongyu_store::Reader;
use gongyu_web::filters;
use gongyu_web::show::{View, thousands};
use gongyu_web::{Get, Reply};
use std::collections::HashMap;

/// Tasks on a page.
const PAGE: usize = 40;
/// Units in the short list.
const PARTS: usize = 12;

pub(super) struct Row {
    pub id: Id,
    /// Name of the child; `None` for those who may not know it.
    pub name: Option<String>,
    pub school: String,
    pub class: String,
    pub reason: String,
    pub with: String,
    pub days: i64,
    pub due: Date,
    pub open: bool,
    pub closed: Option<Date>,
    pub look: &'static str,
    pub icon: &'static str,
}

struct Bar {
    label: String,
    n: i64,
    late: i64,
    longest: i64,
    query: String,
}

#[derive(Template)]
#[template(path = "unreached/pages/list.html")]
struct Page {
    phone: bool,
    lead: String,
    state: &'static str,
    chips: Vec<(String, &'static str, bool)>,
    towns: Vec<Choice>,
    schools: Vec<Choice>,
    levels: Vec<Choice>,
    reasons: Vec<Choice>,
    days: Vec<Choice>,
    late_only: bool,
    late_query: String,
    figures: Figures,
    without_reason: i64,
    parts_title: &'static str,
    parts: Vec<Bar>,
    parts_all: usize,
    by_reason: Vec<Bar>,
    by_level: Vec<Bar>,
    rows: Vec<Row>,
    many_schools: bool,
    next: Option<String>,
    first: Option<String>,
    export: bool,
    query: String,
    narrowed: bool,
    settings: bool,
    hidden: bool,
}

/// What one look at the list needs.
pub(super) struct Look {
    pub narrow: Narrow,
    pub within: Unit,
    pub start: i16,
    pub today: Date,
}

impl Look {
    pub(super) fn read(r: &mut Reader, actor: &Actor, query: &gongyu_web::FormData) -> Result<Self> {
        let within = unit::find(r, actor.unit()?)?;
        Ok(Self { narrow: Narrow::read(query), within, start: year::current(r)?.start, today: r.today() })
    }

    pub(super) fn row(&self, view: &View, role: Role, line: &Line) -> Row {
        let (look, icon) = look(line.due_on, self.today);
        let opens = line.opens_to(role, self.today);
        Row {
            id: line.id,
            name: opens.then(|| line.name.clone()),
            school: line.school_name.clone(),
            class: line.class_name(self.start),
            reason: reason_words(view, line.reason, ""),
            with: with_words(view, line.level, &line.with(self.start)),
            days: line.days(self.today),
            due: line.due_on,
            open: line.state == State::Open,
            closed: line.closed_day(),
            look,
            icon,
        }
    }
}

pub(super) fn show(g: &mut Get<'_>, at: Watcher) -> Result<Reply> {
    if at.actor.may(Action::SeeUnreached).is_err() {
        return super::errand::list(g, &at.actor);
    }
    let look = Look::read(g.r, &at.actor, &g.req.query)?;
    let list = look.narrow.list(&look.within, look.today);
    let by = match look.within.kind {
        UnitKind::District if look.narrow.town.is_none() => By::Town,
        UnitKind::District | UnitKind::Town if look.narrow.school.is_none() => By::School,
        _ => By::Class,
    };
    let figures = Figures::of(g.r, &list, by)?;
    let cursor = g.req.query.get("after").to_owned();
    let page = list.after(Some(&cursor)).limit(PAGE).rows::<Line>(g.r)?;
    let view = g.view().clone();
    let role = at.actor.hat.role;
    let rows: Vec<Row> = page.rows.iter().map(|line| look.row(&view, role, line)).collect();
    let query = &g.req.query;
    let names = names_of(g.r, by, &figures, look.start)?;
    let many_schools = !matches!(look.within.kind, UnitKind::School | UnitKind::Class);
    let body = Page {
        phone: view.phone,
        lead: lead(&view, &look.narrow, &figures),
        state: look.narrow.state.code(),
        chips: State::ALL
            .iter()
            .map(|s| (query.query_with(&[("state", s.code())]), s.label_key(), *s == look.narrow.state))
            .collect(),
        towns: town_choices(g.r, &look)?,
        schools: school_choices(g.r, &look)?,
        levels: choices(&view, Level::ALL, Level::code, Level::label_key, look.narrow.level.map(Level::code)),
        reasons: reason_choices(&view, look.narrow.reason),
        days: DAYS
            .iter()
            .map(|n| Choice {
                value: n.to_string(),
                label: view.ta("unreached-days-from", &[("n", (*n).into())]),
                on: look.narrow.days == Some(*n),
            })
            .collect(),
        late_only: look.narrow.late,
        late_query: query.query_with(&[("late", if look.narrow.late { "" } else { "1" })]),
        without_reason: figures.reasons.iter().find(|(r, _)| r.is_none()).map_or(0, |(_, n)| *n),
        parts_title: match by {
            By::Town => "unreached-by-town",
            By::School => "unreached-by-school",
            By::Class => "unreached-by-class",
        },
        parts_all: figures.parts.len(),
        parts: figures
            .parts
            .iter()
            .take(PARTS)
            .map(|part| Bar {
                label: names.get(&part.id).cloned().unwrap_or_else(|| view.t("unreached-no-town")),
                n: part.n,
                late: part.late,
                longest: part.longest,
                query: query.query_with(&[(key_of(by), &part.id.to_string())]),
            })
            .collect(),
        by_reason: figures
            .reasons
            .iter()
            .map(|(reason, n)| Bar {
                label: reason_words(&view, *reason, ""),
                n: *n,
                late: 0,
                longest: 0,
                query: query.query_with(&[("reason", reason.map_or(NO_REASON, Reason::code))]),
            })
            .collect(),
        by_level: figures
            .levels
            .iter()
            .map(|(level, n, late)| Bar {
                label: view.t(level.label_key()),
                n: *n,
                late: *late,
                longest: 0,
                query: query.query_with(&[("level", level.code())]),
            })
            .collect(),
        next: page.next.map(|next| query.query_with(&[("after", &next)])),
        first: (!cursor.is_empty()).then(|| query.query_with(&[])),
        export: at.actor.may(Action::Export).is_ok(),
        query: query.query_with(&[]),
        narrowed: look.narrow.narrows(),
        settings: at.actor.may(Action::EditRules).is_ok(),
        hidden: rows.iter().any(|r| r.name.is_none()),
        rows,
        figures,
        many_schools,
    };
    g.page(g.t("unreached-title"), "unreached", &body)
}

const fn key_of(by: By) -> &'static str {
    match by {
        By::Town => "town",
        By::School => "school",
        By::Class => "class",
    }
}

fn lead(view: &View, narrow: &Narrow, figures: &Figures) -> String {
    let n = || thousands(figures.n).into();
    match (narrow.state, figures.n) {
        (State::Open, 0) => view.t("unreached-lead-none"),
        (State::Open, _) if figures.longest == 0 => view.ta("unreached-lead-new", &[("n", n())]),
        (State::Open, _) => view.ta(
            "unreached-lead",
            &[("n", n()), ("median", figures.median.into()), ("longest", figures.longest.into())],
        ),
        (State::Reached, _) => view.ta("unreached-lead-reached", &[("n", n())]),
        (State::Left, _) => view.ta("unreached-lead-left", &[("n", n())]),
    }
}

fn names_of(r: &mut Reader, by: By, figures: &Figures, start: i16) -> Result<HashMap<Id, String>> {
    let ids: Vec<Id> =
        figures.parts.iter().take(PARTS).map(|p| p.id).filter(|id| by != By::Town || id.raw() > 0).collect();
    if ids.is_empty() { Ok(HashMap::new()) } else { unit::names(r, &ids, start) }
}

fn town_choices(r: &mut Reader, look: &Look) -> Result<Vec<Choice>> {
    if look.within.kind != UnitKind::District {
        return Ok(Vec::new());
    }
    let towns = unit::towns(r)?.into_iter();
    Ok(towns.map(|t| Choice { value: t.id.to_string(), label: t.name, on: look.narrow.town == Some(t.id) }).collect())
}

fn school_choices(r: &mut Reader, look: &Look) -> Result<Vec<Choice>> {
    let schools = match (look.within.kind, look.narrow.town) {
        (UnitKind::District, town @ Some(_)) => unit::schools(r, town)?,
        (UnitKind::Town, _) => unit::schools(r, Some(look.within.id))?,
        _ => Vec::new(),
    };
    let choice = |s: Unit| Choice { value: s.id.to_string(), label: s.name, on: look.narrow.school == Some(s.id) };
    Ok(schools.into_iter().map(choice).collect())
}

fn choices<T: Copy>(
    view: &View,
    all: &[T],
    code: fn(T) -> &'static str,
    label: fn(T) -> &'static str,
    chosen: Option<&str>,
) -> Vec<Choice> {
    let one = |t: &T| Choice { value: code(*t).to_owned(), label: view.t(label(*t)), on: chosen == Some(code(*t)) };
    all.iter().map(one).collect()
}

fn reason_choices(view: &View, chosen: Option<Option<Reason>>) -> Vec<Choice> {
    let code = chosen.map(|reason| reason.map_or(NO_REASON, Reason::code));
    let mut all = choices(view, Reason::ALL, Reason::code, Reason::label_key, code);
    let label = view.t("unreached-reason-none");
    all.push(Choice { value: NO_REASON.to_owned(), label, on: code == Some(NO_REASON) });
    all
}
