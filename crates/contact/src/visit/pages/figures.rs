//! Figures of visits: the district by town, a town by school, a school by class, and the same as a workbook.

use super::class::sees_names;
use crate::visit::figures::{self, ThemeCount, UnitVisits, whole};
use askama::Template;
use gongyu_access::{Actor, Role, right};
use gongyu_kernel::{Error, Id, Result};
use gongyu_paper::book::{Book, Column, ColumnKind, Value};
use gongyu_parts::figures::{Chart, Series};
use gongyu_registry::permit::{ForSchool, ForTown};
use gongyu_registry::unit::{self, Unit, UnitKind};
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{Download, Get, Holder, Reply};

struct Row {
    name: String,
    href: Option<String>,
    left: i64,
    of: UnitVisits,
}

struct ThemeRow {
    label: &'static str,
    n: i64,
    few: bool,
}

#[derive(Template)]
#[template(path = "visit/pages/figures.html")]
struct Page {
    name: String,
    above: Option<(String, String)>,
    students: i64,
    visited: i64,
    semester: i64,
    left: i64,
    column: &'static str,
    rows: Vec<Row>,
    themes: Vec<ThemeRow>,
    chart: String,
    theme_chart: String,
    file: Option<String>,
}

/// The unit of a hat that stands above schools.
fn district(g: &mut Get<'_>, actor: &Actor) -> Result<Unit> {
    let here = unit::find(g.r, actor.unit()?)?;
    if here.kind == UnitKind::District { Ok(here) } else { Err(Error::NotFound) }
}

pub(super) fn of_district(g: &mut Get<'_>, at: Holder<right::SeeVisits>) -> Result<Reply> {
    let here = district(g, &at.actor)?;
    show(g, &at.actor, &here)
}

pub(super) fn of_town(g: &mut Get<'_>, at: ForTown<right::SeeVisits>) -> Result<Reply> {
    show(g, &at.actor, &at.town)
}

pub(super) fn of_school(g: &mut Get<'_>, at: ForSchool<right::SeeVisits>) -> Result<Reply> {
    show(g, &at.actor, &at.school)
}

fn address(unit: &Unit) -> String {
    match unit.kind {
        UnitKind::School => format!("/schools/{}/visits", unit.id),
        UnitKind::Town => format!("/towns/{}/visits", unit.id),
        _ => "/district/visits".to_owned(),
    }
}

fn show(g: &mut Get<'_>, actor: &Actor, here: &Unit) -> Result<Reply> {
    let parts = figures::parts_of(g.r, here)?;
    let (students, visited, semester) = whole(&parts);
    let href = |id: Id| match here.kind {
        UnitKind::District => Some(format!("/towns/{id}/visits")),
        UnitKind::Town => Some(format!("/schools/{id}/visits")),
        _ => sees_names(actor.hat.role).then(|| format!("/classes/{id}/visits")),
    };
    let themes = figures::themes_of(g.r, here)?;
    let above = match (here.kind, actor.hat.role) {
        (UnitKind::Town, Role::DistrictOfficer | Role::DistrictAdmin) => {
            Some(("/district/visits".to_owned(), unit::district(g.r)?.name))
        }
        (UnitKind::School, Role::DistrictOfficer | Role::DistrictAdmin | Role::TownOfficer) => match here.town {
            Some(town) => Some((format!("/towns/{town}/visits"), unit::find(g.r, town)?.name)),
            None => None,
        },
        _ => None,
    };
    let file = actor.may(gongyu_access::Action::Export).is_ok().then(|| format!("{}.xlsx", address(here)));
    let view = g.view().clone();
    let (chart, theme_chart) = if view.phone {
        (String::new(), String::new())
    } else {
        (parts_chart(&view, &parts)?, themes_chart(&view, &themes)?)
    };
    let body = Page {
        name: here.name.clone(),
        chart,
        theme_chart,
        above,
        students,
        visited,
        semester,
        left: students - visited,
        column: match here.kind {
            UnitKind::School => "visit-class",
            UnitKind::Town => "visit-school-name",
            _ => "visit-town",
        },
        rows: parts
            .into_iter()
            .map(|of| Row { name: of.name.clone(), href: href(of.id), left: of.left(), of })
            .collect(),
        themes: themes
            .into_iter()
            .map(|(theme, n)| ThemeRow { label: theme.label_key(), few: n.is_none(), n: n.unwrap_or(0) })
            .collect(),
        file,
    };
    Ok(g.page(g.t("visit-figures"), "visits", &body)?.script("echarts.js").script("chart.js"))
}

/// Parts a picture holds; the table has all of them.
const MOST_BARS: usize = 16;

/// The share visited this year and this semester, those with most left first; empty for a single part.
fn parts_chart(view: &View, parts: &[UnitVisits]) -> Result<String> {
    let drawn = &parts[..parts.len().min(MOST_BARS)];
    let (Some(worst), true) = (drawn.first(), drawn.len() > 1) else { return Ok(String::new()) };
    let share = |of: fn(&UnitVisits) -> i64| {
        drawn.iter().map(move |p| of(p) as f64 * 100.0 / p.students.max(1) as f64).collect::<Vec<f64>>()
    };
    let finding = view.ta("visit-chart-finding", &[("name", worst.name.as_str().into()), ("n", worst.left().into())]);
    let chart = Chart::bar(finding)
        .labels(drawn.iter().map(|p| p.name.clone()))
        .series(Series::new(view.t("visit-chart-year"), share(|p| p.visited)).color("c1"));
    // In the first semester the year is the semester.
    let chart = if drawn.iter().all(|p| p.semester == p.visited) {
        chart
    } else {
        chart.series(Series::new(view.t("visit-chart-semester"), share(|p| p.semester)).color("c2"))
    };
    chart.unit("%").bounds(0.0, 100.0).horizontal().tall().figure(view)
}

/// Findings by theme; a theme of one to four children has no bar.
fn themes_chart(view: &View, themes: &[ThemeCount]) -> Result<String> {
    let told = themes.iter().filter_map(|(theme, n)| Some((*theme, (*n)?))).max_by_key(|(_, n)| *n);
    let Some((theme, n)) = told else { return Ok(String::new()) };
    let finding = view.ta("visit-chart-theme", &[("theme", view.t(theme.label_key()).into()), ("n", n.into())]);
    Chart::bar(finding)
        .labels(themes.iter().map(|(theme, _)| view.t(theme.label_key())))
        .series(
            Series::new(view.t("visit-theme-children"), themes.iter().map(|(_, n)| n.map(|n| n as f64))).color("c3"),
        )
        .horizontal()
        .figure(view)
}

pub(super) fn district_file(g: &mut Get<'_>, at: Holder<right::SeeVisits>, _: Holder<right::Export>) -> Result<Reply> {
    let here = district(g, &at.actor)?;
    file(g, &here)
}

pub(super) fn town_file(g: &mut Get<'_>, at: ForTown<right::SeeVisits>, _: Holder<right::Export>) -> Result<Reply> {
    file(g, &at.town)
}

pub(super) fn school_file(g: &mut Get<'_>, at: ForSchool<right::SeeVisits>, _: Holder<right::Export>) -> Result<Reply> {
    file(g, &at.school)
}

/// Exactly what the page shows, small counts left out as there.
fn file(g: &mut Get<'_>, here: &Unit) -> Result<Reply> {
    let (parts, themes) = (figures::parts_of(g.r, here)?, figures::themes_of(g.r, here)?);
    let (view, name) = (g.view().clone(), here.name.clone());
    Ok(Reply::later(move || {
        let column = |key: &str, width, kind| Column::new(view.t(key), width, kind);
        let columns = [
            column("visit-unit", 32.0, ColumnKind::Text),
            column("visit-students", 10.0, ColumnKind::Number),
            column("visit-visited-year", 16.0, ColumnKind::Number),
            column("visit-left-count", 12.0, ColumnKind::Number),
            column("visit-share", 14.0, ColumnKind::Percent),
            column("visit-visited-semester", 16.0, ColumnKind::Number),
        ];
        let cells = |p: &UnitVisits| {
            vec![
                Value::from(p.name.clone()),
                Value::from(p.students),
                Value::from(p.visited),
                Value::from(p.left()),
                Value::from((p.students > 0).then(|| p.visited as f64 / p.students as f64)),
                Value::from(p.semester),
            ]
        };
        let theme_columns =
            [column("visit-theme", 20.0, ColumnKind::Text), column("visit-theme-children", 14.0, ColumnKind::Text)];
        let fewer = view.t("visit-fewer");
        let theme_cells = themes.iter().map(|(theme, n)| {
            let count = n.map_or_else(|| fewer.clone(), |n| n.to_string());
            vec![Value::from(view.t(theme.label_key())), Value::from(count)]
        });
        let book = Book::new()
            .sheet(&view.t("visit-figures"))
            .note(&name)
            .columns(&columns)
            .rows(parts.iter().map(cells))
            .sheet(&view.t("visit-themes"))
            .note(&view.t("visit-themes-note"))
            .columns(&theme_columns)
            .rows(theme_cells);
        let bytes = book.finish().map_err(Error::internal)?;
        Ok(Download::xlsx(format!("{} {name}.xlsx", view.t("visit-figures")), bytes))
    }))
}
