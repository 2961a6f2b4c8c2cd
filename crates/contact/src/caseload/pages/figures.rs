//! Figures of the caseload by school and topic, and a school's as a workbook.

use crate::caseload::figures::{self, Line};
use askama::Template;
use gongyu_access::{Actor, Role, right};
use gongyu_kernel::{Error, Result};
use gongyu_paper::book::{Book, Column, ColumnKind, Value};
use gongyu_registry::permit::{ForSchool, ForTown};
use gongyu_registry::unit::{self, Unit, UnitKind};
use gongyu_registry::year;
use gongyu_web::permit::Holder;
use gongyu_web::{Download, Get, Reply, filters};

struct Section {
    title: &'static str,
    schools: bool,
    rows: Vec<Line>,
}

#[derive(Template)]
#[template(path = "caseload/pages/figures.html")]
struct Page {
    sections: Vec<Section>,
    name: String,
    above: Option<(String, String)>,
    whole: Line,
    year: String,
    before: String,
    present: bool,
    address: String,
    file: Option<String>,
    sets: bool,
}

fn district(g: &mut Get<'_>, actor: &Actor) -> Result<Unit> {
    let here = unit::find(g.r, actor.unit()?)?;
    if here.kind == UnitKind::District { Ok(here) } else { Err(Error::NotFound) }
}

pub(super) fn of_district(g: &mut Get<'_>, at: Holder<right::SeeCaseFigures>) -> Result<Reply> {
    let here = district(g, &at.actor)?;
    show(g, &at.actor, &here)
}

pub(super) fn of_town(g: &mut Get<'_>, at: ForTown<right::SeeCaseFigures>) -> Result<Reply> {
    show(g, &at.actor, &at.town)
}

pub(super) fn of_school(g: &mut Get<'_>, at: ForSchool<right::SeeCaseFigures>) -> Result<Reply> {
    show(g, &at.actor, &at.school)
}

fn address(unit: &Unit) -> String {
    match unit.kind {
        UnitKind::School => format!("/schools/{}/cases", unit.id),
        UnitKind::Town => format!("/towns/{}/cases", unit.id),
        _ => "/district/cases".to_owned(),
    }
}

fn years(g: &mut Get<'_>) -> Result<(String, String, bool)> {
    let present = year::current(g.r)?;
    let before = gongyu_kernel::calendar::SchoolYear { start: present.start - 1 };
    let wants = g.req.query.get("year") == before.code();
    Ok(if wants { (before.code(), present.code(), false) } else { (present.code(), before.code(), true) })
}

fn show(g: &mut Get<'_>, actor: &Actor, here: &Unit) -> Result<Reply> {
    let (year, before, present) = years(g)?;
    let of = figures::of(g.r, here, &year)?;
    let above = match (here.kind, actor.hat.role) {
        (UnitKind::District, _) => None,
        (_, Role::DistrictOfficer) => Some(("/district/cases".to_owned(), unit::district(g.r)?.name)),
        (UnitKind::School, Role::TownOfficer) => match here.town {
            Some(town) => Some((format!("/towns/{town}/cases"), unit::find(g.r, town)?.name)),
            None => None,
        },
        _ => None,
    };
    let may_file = actor.may(gongyu_access::Action::Export).is_ok() && here.kind != UnitKind::Town;
    let sections = vec![
        Section { title: "case-fig-topics", schools: false, rows: of.topics },
        Section { title: "case-fig-schools", schools: true, rows: of.schools },
    ];
    let body = Page {
        sections,
        name: here.name.clone(),
        above,
        whole: of.whole,
        file: may_file.then(|| format!("{}.xlsx?year={year}", address(here))),
        address: address(here),
        year,
        before,
        present,
        sets: actor.hat.role == Role::DistrictOfficer,
    };
    g.page(g.t("case-figures"), "cases", &body)
}

pub(super) fn district_file(
    g: &mut Get<'_>,
    at: Holder<right::SeeCaseFigures>,
    _: Holder<right::Export>,
) -> Result<Reply> {
    let here = district(g, &at.actor)?;
    file(g, &here)
}

pub(super) fn school_file(
    g: &mut Get<'_>,
    at: ForSchool<right::SeeCaseFigures>,
    _: Holder<right::Export>,
) -> Result<Reply> {
    file(g, &at.school)
}

/// Exactly what the page shows, small counts left out as there.
fn file(g: &mut Get<'_>, here: &Unit) -> Result<Reply> {
    let (year, ..) = years(g)?;
    let of = figures::of(g.r, here, &year)?;
    let (view, name) = (g.view().clone(), here.name.clone());
    Ok(Reply::later(move || {
        let text = |key: &str, width| Column::new(view.t(key), width, ColumnKind::Text);
        let columns = |first: &str| {
            [
                text(first, 30.0),
                text("case-fig-all", 10.0),
                text("case-fig-answered", 10.0),
                text("case-fig-in-time", 12.0),
                text("case-fig-content", 14.0),
                text("case-fig-petitions", 10.0),
            ]
        };
        let few = view.t("case-fig-few");
        let cells = |l: &Line| {
            let n = |n: i64| Value::from(if l.few { few.clone() } else { n.to_string() });
            let rated = if l.ratings == 0 { "—".to_owned() } else { format!("{}/{}", l.content, l.ratings) };
            let name = if l.id.is_some() { l.name.clone() } else { view.t(&l.name) };
            vec![Value::from(name), n(l.all), n(l.answered), n(l.in_time), Value::from(rated), n(l.petitions)]
        };
        let book = Book::new()
            .sheet(&view.t("case-fig-topics"))
            .note(&name)
            .columns(&columns("case-topic"))
            .rows(of.topics.iter().map(cells))
            .sheet(&view.t("case-fig-schools"))
            .note(&view.t("case-fig-note"))
            .columns(&columns("case-school"))
            .rows(of.schools.iter().map(cells));
        let bytes = book.finish().map_err(Error::internal)?;
        Ok(Download::xlsx(format!("{} {name}.xlsx", view.t("case-figures")), bytes))
    }))
}
