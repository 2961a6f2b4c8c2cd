//! A town: its schools in the order of need, as rows under the district's table, as a page of its own,
//! and as the first page of the town's officer.

use super::super::cards::Cards;
use super::super::overview::Overview;
use super::crumbs::{Crumb, crumbs};
use super::district::{answer, never_words, updated};
use crate::reach::{Choice, Moment, Row, Tones, depth_choices, semester_choices};
use askama::Template;
use gongyu_access::{Action, Actor, right};
use gongyu_kernel::{Id, Result};
use gongyu_registry::permit::{ForTown, unit_in_reach};
use gongyu_registry::unit::{Unit, UnitKind};
use gongyu_web::filters;
use gongyu_web::{Get, Holder, HomeItem, Reply};

#[derive(Template)]
#[template(path = "dashboard/pages/rows.html")]
struct Rows {
    town: Id,
    query: String,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "dashboard/pages/town.html")]
struct Town {
    here: String,
    name: String,
    crumbs: Vec<Crumb>,
    answer: String,
    never_text: String,
    updated: String,
    semesters: Vec<Choice>,
    depths: Vec<Choice>,
    as_of: String,
    today: String,
    setting: &'static str,
    query: String,
    cards: Cards,
    tones: Option<Tones>,
    rows: Vec<Row>,
    empty: bool,
    items: Vec<HomeItem>,
}

fn school_rows(all: &Overview) -> Vec<Row> {
    all.schools.iter().map(|school| Row::of(school, all.duties_of(|u| u.id == school.id))).collect()
}

/// The schools of a town under its row; asked for without htmx, the town's own page.
pub fn rows(g: &mut Get<'_>, at: ForTown<right::SeeTown>) -> Result<Reply> {
    let query = g.req.query.query_with(&[("setting", "")]);
    if !g.req.is_partial() {
        return Ok(Reply::to(format!("/towns/{}?{query}", at.town.id)));
    }
    let moment = Moment::read(g.r, &g.req.query)?;
    let all = Overview::load(g.r, &moment, Some(at.town.id), true)?;
    g.partial(&Rows { town: at.town.id, query, rows: school_rows(&all) })
}

pub fn mine(g: &mut Get<'_>, at: Holder<right::SeeTown>) -> Result<Reply> {
    let unit = at.actor.unit()?;
    let here = gongyu_registry::unit::find(g.r, unit)?;
    if here.kind != UnitKind::Town {
        return Ok(Reply::to("/district"));
    }
    let town = unit_in_reach(g.r, &at.actor, unit, Some(UnitKind::Town))?;
    page(g, &at.actor, &town, "/town".to_owned())
}

pub fn show(g: &mut Get<'_>, at: ForTown<right::SeeTown>) -> Result<Reply> {
    let here = format!("/towns/{}", at.town.id);
    page(g, &at.actor, &at.town, here)
}

fn page(g: &mut Get<'_>, actor: &Actor, town: &Unit, here: String) -> Result<Reply> {
    let moment = Moment::read(g.r, &g.req.query)?;
    let all = Overview::load(g.r, &moment, Some(town.id), true)?;
    let view = g.view().clone();
    let whole = all.whole();
    let nav = if actor.may(Action::SeeDistrict).is_ok() { "district" } else { "town" };
    let cards = match &whole {
        Some(whole) => Cards {
            parents: moment.entire,
            never_page: format!("/never?town={}", town.id),
            duties_page: format!("/duties?town={}", town.id),
            ..Cards::of(&view, whole, (0, 0), all.duties_of(|_| true))
        },
        None => Cards::default(),
    };
    // What waits is for the town's own officer, not for whoever looks in.
    let items = if actor.hat.unit == Some(town.id) { g.home_items(actor)? } else { Vec::new() };
    let query = &g.req.query;
    let body = Town {
        crumbs: crumbs(g.r, &view, actor, town)?,
        name: town.name.clone(),
        answer: whole.as_ref().map(|w| answer(&view, w, &moment)).unwrap_or_default(),
        never_text: whole.as_ref().map(|w| never_words(&view, w.never())).unwrap_or_default(),
        updated: updated(&view, &moment),
        semesters: semester_choices(g.r, &view, &moment)?,
        depths: depth_choices(&view, &moment),
        as_of: query.get("as_of").to_owned(),
        today: view.today().to_string(),
        setting: "",
        query: query.query_with(&[]),
        tones: whole.as_ref().and_then(|w| Tones::of(&w.figures)),
        rows: school_rows(&all),
        empty: whole.is_none(),
        items,
        here,
        cards,
    };
    g.page(town.name.clone(), nav, &body)
}
