//! What a change would do today, before it is saved.

use super::super::preview::{self, Kept, Known, Progress};
use super::amount;
use crate::dashboard::Crumb;
use crate::duties::title;
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Error, Id, Result};
use gongyu_ledger::duty;
use gongyu_ledger::duty::preview::{Place, Preview, Whom};
use gongyu_ledger::rules::Rule;
use gongyu_paper::book::{Book, Column, ColumnKind, Value};
use gongyu_registry::{unit, year};
use gongyu_store::Reader;
use gongyu_web::filters;
use gongyu_web::show::{View, thousands};
use gongyu_web::{Download, Get, Holder, Reply};
use std::collections::{BTreeMap, HashMap};

/// Schools and classes named on the page for each list; the file has all of them.
const NAMED: usize = 300;

struct Town {
    name: String,
    now: i64,
    then: i64,
    newly: i64,
    no_longer: i64,
}

/// A school with those of its classes that are late; without any for the school itself.
struct School {
    name: String,
    classes: Vec<String>,
}

/// Schools and classes of one list, by town.
struct Group {
    town: String,
    n: usize,
    schools: Vec<School>,
}

struct List {
    key: &'static str,
    label: &'static str,
    n: usize,
    more: usize,
    groups: Vec<Group>,
}

struct Found {
    towns: Vec<Town>,
    lists: Vec<List>,
}

#[derive(Template)]
#[template(path = "rules/pages/look.html")]
struct Look {
    crumbs: Vec<Crumb>,
    id: Id,
    code: String,
    name: String,
    lead: String,
    was: String,
    becomes: String,
    /// The rule was changed by somebody since this was typed.
    outdated: bool,
    fields: Vec<(String, String)>,
    found: Option<Found>,
    running: Option<Progress>,
    dead: bool,
}

#[derive(Template)]
#[template(path = "rules/pages/running.html")]
struct Running {
    id: Id,
    running: Progress,
}

pub fn show(g: &mut Get<'_>, at: Holder<right::EditRules>) -> Result<Reply> {
    let id = g.req.id()?;
    let kept = preview::find(g.r, id, at.actor.account)?;
    let (book, view) = (duty::book(g.r)?, g.view().clone());
    let rule = book.rule(&kept.code)?;
    let (mut lead, mut found, mut running, mut dead) = (view.t("rules-look-running"), None, None, false);
    match preview::known(g.r, &kept)? {
        Known::Whole(whole) => {
            lead = lead_of(&view, &whole);
            found = Some(named(g.r, &view, &whole)?);
        }
        Known::Running(progress) => running = Some(progress),
        Known::Dead => (lead, dead) = (view.t("rules-look-dead"), true),
    }
    let body = Look {
        crumbs: vec![
            Crumb { href: "/rules".to_owned(), name: view.t("rules-title") },
            Crumb { href: back(id, &kept), name: title(&view, rule).to_owned() },
        ],
        id,
        name: title(&view, rule).to_owned(),
        lead,
        was: asks(&view, rule),
        becomes: asks(&view, &kept.rule),
        outdated: rule.version != kept.version,
        fields: kept.form.pairs().to_vec(),
        code: kept.code,
        found,
        running,
        dead,
    };
    g.page(view.t("rules-look-title"), "rules", &body)
}

/// The form with everything as it was typed.
fn back(id: Id, kept: &Kept) -> String {
    format!("/rules/{}?from={id}", kept.code)
}

/// The progress alone, asked for every two seconds; when the job has ended, the page is asked for anew.
pub fn progress(g: &mut Get<'_>, at: Holder<right::EditRules>) -> Result<Reply> {
    let id = g.req.id()?;
    let kept = preview::find(g.r, id, at.actor.account)?;
    match preview::known(g.r, &kept)? {
        Known::Running(running) => g.partial(&Running { id, running }),
        _ => Ok(Reply::to(format!("/rules/previews/{id}"))),
    }
}

/// 每学期2次，启用.
fn asks(view: &View, rule: &Rule) -> String {
    let period = view.t(&format!("duty-period-{}", rule.period.code()));
    let state = view.t(if rule.enabled { "rules-on" } else { "rules-off" });
    view.ta(
        "rules-version-what",
        &[("period", period.into()), ("amount", amount(view, rule).into()), ("state", state.into())],
    )
}

fn lead_of(view: &View, whole: &Preview) -> String {
    let key = match whole.whom {
        Whom::Nobody => return view.t("rules-look-nobody"),
        _ if whole.now.is_empty() && whole.then.is_empty() => return view.t("rules-look-none"),
        Whom::Schools => "rules-look-schools",
        Whom::Classes => "rules-look-classes",
    };
    let figure = |n: usize| thousands(n as i64);
    view.ta(key, &[("then", figure(whole.then.len()).into()), ("now", figure(whole.now.len()).into())])
}

/// Names of towns, schools and classes.
struct Names(HashMap<Id, String>);

impl Names {
    fn read(r: &mut Reader, places: &[&[Place]]) -> Result<Self> {
        let start = year::current(r)?.start;
        let all = places.iter().flat_map(|list| list.iter());
        let mut ids: Vec<Id> = all.flat_map(|p| [Some(p.unit), Some(p.school), p.town]).flatten().collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(Self(unit::names(r, &ids, start)?))
    }

    fn of(&self, id: Id) -> String {
        self.0.get(&id).cloned().unwrap_or_default()
    }

    fn town(&self, view: &View, town: Option<Id>) -> String {
        town.map_or_else(|| view.t("rules-look-no-town"), |town| self.of(town))
    }
}

fn named(r: &mut Reader, view: &View, whole: &Preview) -> Result<Found> {
    let (newly, no_longer) = (whole.newly(), whole.no_longer());
    let by_town = whole.by_town();
    let shown = |list: &[Place]| list[..list.len().min(NAMED)].to_vec();
    let (some_new, some_gone) = (shown(&newly), shown(&no_longer));
    let towns: Vec<Place> =
        by_town.keys().flatten().map(|town| Place { unit: *town, school: *town, town: Some(*town) }).collect();
    let names = Names::read(r, &[&some_new, &some_gone, &towns])?;
    let count = |list: &[Place], town: Option<Id>| list.iter().filter(|p| p.town == town).count() as i64;
    let lines = by_town.iter().map(|(town, (now, then))| Town {
        name: names.town(view, *town),
        now: *now as i64,
        then: *then as i64,
        newly: count(&newly, *town),
        no_longer: count(&no_longer, *town),
    });
    let mut towns: Vec<Town> = lines.collect();
    towns.sort_by_cached_key(|t| gongyu_store::search::sort_key(&t.name));
    let list = |key, label, some: &[Place], all: &[Place]| List {
        key,
        label,
        n: all.len(),
        more: all.len() - some.len(),
        groups: grouped(view, &names, some),
    };
    let lists = vec![
        list("newly", "rules-look-newly", &some_new, &newly),
        list("gone", "rules-look-no-longer", &some_gone, &no_longer),
    ];
    Ok(Found { towns, lists: lists.into_iter().filter(|l| l.n > 0).collect() })
}

fn grouped(view: &View, names: &Names, places: &[Place]) -> Vec<Group> {
    let mut towns: BTreeMap<Option<Id>, BTreeMap<Id, Vec<Id>>> = BTreeMap::new();
    for place in places {
        let classes = towns.entry(place.town).or_default().entry(place.school).or_default();
        if place.unit != place.school {
            classes.push(place.unit);
        }
    }
    let school = |(school, classes): (&Id, &Vec<Id>)| School {
        name: names.of(*school),
        classes: classes.iter().map(|class| names.of(*class)).collect(),
    };
    let mut groups: Vec<Group> = towns
        .iter()
        .map(|(town, schools)| Group {
            town: names.town(view, *town),
            n: places.iter().filter(|p| p.town == *town).count(),
            schools: schools.iter().map(school).collect(),
        })
        .collect();
    groups.sort_by_cached_key(|g| gongyu_store::search::sort_key(&g.town));
    groups
}

/// Every school or class that is late now or would be, with what changes for it.
pub fn file(g: &mut Get<'_>, at: Holder<right::EditRules>, _: Holder<right::Export>) -> Result<Reply> {
    let kept = preview::find(g.r, g.req.id()?, at.actor.account)?;
    let Known::Whole(whole) = preview::known(g.r, &kept)? else { return Err(Error::NotFound) };
    let view = g.view().clone();
    let names = Names::read(g.r, &[&whole.now, &whole.then])?;
    let (newly, gone) = (whole.newly(), whole.no_longer());
    let stays = whole.then.iter().filter(|p| !newly.contains(p)).copied().collect::<Vec<_>>();
    let mut rows = Vec::new();
    for (label, places) in [("rules-look-newly", &newly), ("rules-look-no-longer", &gone), ("rules-look-stays", &stays)]
    {
        for place in places {
            let class = if place.unit == place.school { String::new() } else { names.of(place.unit) };
            rows.push(vec![
                Value::from(names.town(&view, place.town)),
                Value::from(names.of(place.school)),
                Value::from(class),
                Value::from(view.t(label)),
            ]);
        }
    }
    Ok(Reply::later(move || {
        let column = |key: &str, width| Column::new(view.t(key), width, ColumnKind::Text);
        let columns = [
            column("rules-look-town", 20.0),
            column("rules-look-school", 32.0),
            column("rules-look-class", 16.0),
            column("rules-look-change", 16.0),
        ];
        let name = view.t("rules-look-title");
        let bytes = Book::new().sheet(&name).columns(&columns).rows(rows).finish().map_err(Error::internal)?;
        Ok(Download::xlsx(format!("{name} {}.xlsx", kept.code), bytes))
    }))
}
