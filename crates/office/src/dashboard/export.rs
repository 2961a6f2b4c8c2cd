//! The district's table as a workbook: exactly the towns shown, and the schools their rows open to.

use super::overview::Overview;
use super::pages::district::{chosen_setting, town_rows, updated};
use crate::reach::{Moment, Row, semester_words};
use gongyu_access::right;
use gongyu_kernel::{Error, Result};
use gongyu_paper::book::{Book, Column, ColumnKind, Value};
use gongyu_web::show::View;
use gongyu_web::{Download, Get, Holder, Reply};

pub(super) fn district(g: &mut Get<'_>, _: Holder<right::SeeDistrict>, _: Holder<right::Export>) -> Result<Reply> {
    let moment = Moment::read(g.r, &g.req.query)?;
    let all = Overview::load(g.r, &moment, None, true)?;
    let setting = chosen_setting(g.req.query.get("setting"));
    let view = g.view().clone();
    let towns = town_rows(&all, setting);
    let shown: Vec<gongyu_kernel::Id> = towns.iter().map(|t| t.id).collect();
    let schools: Vec<(String, Row)> = all
        .schools
        .iter()
        .filter(|s| shown.contains(&s.town.unwrap_or_default()))
        .map(|s| {
            let town = towns.iter().find(|t| t.id == s.town.unwrap_or_default());
            (town.map(|t| t.name.clone()).unwrap_or_default(), Row::of(s, all.duties_of(|u| u.id == s.id)))
        })
        .collect();
    let note = view.ta(
        "dash-file-note",
        &[
            ("semester", semester_words(&view, moment.semester).into()),
            ("depth", view.t(&format!("reach-depth-{}", moment.depth.code())).into()),
            ("at", updated(&view, &moment).into()),
        ],
    );
    Ok(Reply::later(move || {
        let book = Book::new()
            .sheet(&view.t("dash-towns"))
            .note(&note)
            .columns(&columns(&view, None))
            .rows(towns.iter().map(|row| cells(&view, None, row)))
            .sheet(&view.t("dash-town-schools"))
            .note(&note)
            .columns(&columns(&view, Some("dash-school")))
            .rows(schools.iter().map(|(town, row)| cells(&view, Some(town), row)));
        let bytes = book.finish().map_err(Error::internal)?;
        Ok(Download::xlsx(format!("{}.xlsx", view.t("dash-title")), bytes))
    }))
}

fn columns(view: &View, second: Option<&str>) -> Vec<Column> {
    let mut columns = vec![Column::new(view.t("dash-town"), 24.0, ColumnKind::Text)];
    if let Some(key) = second {
        columns.push(Column::new(view.t(key), 32.0, ColumnKind::Text));
    }
    let rest = [
        ("dash-setting", 10.0, ColumnKind::Text),
        ("dash-schools", 8.0, ColumnKind::Number),
        ("dash-classes", 8.0, ColumnKind::Number),
        ("reach-pupils", 10.0, ColumnKind::Number),
        ("reach-reached-count", 14.0, ColumnKind::Number),
        ("reach-reached", 16.0, ColumnKind::Percent),
        ("reach-change", 16.0, ColumnKind::Text),
        ("reach-missing", 16.0, ColumnKind::Number),
        ("reach-never", 12.0, ColumnKind::Number),
        ("dash-late", 12.0, ColumnKind::Number),
    ];
    columns.extend(rest.into_iter().map(|(key, width, kind)| Column::new(view.t(key), width, kind)));
    columns
}

fn cells(view: &View, town: Option<&str>, row: &Row) -> Vec<Value> {
    let name = if row.name.is_empty() { view.t("dash-no-town") } else { row.name.clone() };
    let setting = if row.setting.is_empty() { String::new() } else { view.t(row.setting) };
    let share = (row.students > 0).then(|| row.reached as f64 / row.students as f64);
    let mut cells: Vec<Value> = town.map(Value::from).into_iter().collect();
    cells.extend([
        Value::from(name),
        Value::from(setting),
        Value::from(row.schools),
        Value::from(row.classes),
        Value::from(row.students),
        Value::from(row.reached),
        Value::from(share),
        Value::from(row.change.as_ref().map(|c| c.text.clone())),
        Value::from(row.missing),
        Value::from(row.never_known.then_some(row.never)),
        Value::from(row.duties.map(|d| d.overdue)),
    ]);
    cells
}
