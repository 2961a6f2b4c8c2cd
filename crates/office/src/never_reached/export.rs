//! The same list as a workbook: names for those who may see a child, numbers by school for the others.

use super::filter::{Narrow, Which};
use super::list::Child;
use super::page::schools_within;
use gongyu_access::{Action, right};
use gongyu_kernel::{Date, Error, Result};
use gongyu_ledger::figures;
use gongyu_paper::book::{Book, Column, ColumnKind, Value};
use gongyu_registry::unit;
use gongyu_registry::year;
use gongyu_web::show::View;
use gongyu_web::{Download, Get, Holder, Reply};
use std::sync::Arc;

pub(super) fn file(g: &mut Get<'_>, at: Holder<right::SeeReach>, _: Holder<right::Export>) -> Result<Reply> {
    let within = unit::find(g.r, at.actor.unit()?)?;
    let narrow = Narrow::read(&g.req.query);
    let (semester, depth, today) = (figures::present(g.r)?.code(), figures::reach_depth(g.r)?, g.r.today());
    let list = narrow.list(&within, &semester, depth, today);
    let view = g.view().clone();
    let title = view.t(if narrow.which == Which::Never { "never-title" } else { "never-title-semester" });
    if at.actor.may(Action::SeeStudent).is_ok() {
        let start = year::current(g.r)?.start;
        let mut rows = Vec::new();
        list.every(g.r, |child: Child| {
            rows.push(cells(&view, &child, start, today));
            Ok(())
        })?;
        return Ok(book(view, title, names_columns, rows));
    }
    let schools = schools_within(g.r, &within, None)?;
    let counts = list.counts_by(g.r, "school")?;
    let rows = counts
        .into_iter()
        .map(|(id, n)| {
            let name = schools.iter().find(|s| s.id.to_string() == id).map(|s| s.name.clone());
            vec![Value::from(name), Value::from(n)]
        })
        .collect();
    Ok(book(view, title, count_columns, rows))
}

fn book(view: Arc<View>, title: String, columns: fn(&View) -> Vec<Column>, rows: Vec<Vec<Value>>) -> Reply {
    Reply::later(move || {
        let bytes = Book::new().sheet(&title).columns(&columns(&view)).rows(rows).finish().map_err(Error::internal)?;
        Ok(Download::xlsx(format!("{title}.xlsx"), bytes))
    })
}

fn count_columns(view: &View) -> Vec<Column> {
    vec![
        Column::new(view.t("never-school"), 32.0, ColumnKind::Text),
        Column::new(view.t("never-pupils"), 12.0, ColumnKind::Number),
    ]
}

fn names_columns(view: &View) -> Vec<Column> {
    [
        ("never-child", 14.0, ColumnKind::Text),
        ("never-class", 16.0, ColumnKind::Text),
        ("never-school", 32.0, ColumnKind::Text),
        ("never-days-in", 12.0, ColumnKind::Number),
        ("never-phone", 10.0, ColumnKind::Text),
        ("never-last", 14.0, ColumnKind::Date),
    ]
    .into_iter()
    .map(|(key, width, kind)| Column::new(view.t(key), width, kind))
    .collect()
}

fn cells(view: &View, child: &Child, start: i16, today: Date) -> Vec<Value> {
    let phone = if child.phone { "never-phone-yes" } else { "never-phone-no" };
    vec![
        Value::from(child.name.as_str()),
        Value::from(child.class_name(start)),
        Value::from(child.school_name.as_str()),
        Value::from(child.days(today)),
        Value::from(view.t(phone)),
        Value::from(child.last_day().and_then(day)),
    ]
}

/// A day in a cell.
pub(crate) fn day(date: Date) -> Option<Value> {
    let year = u16::try_from(date.year()).ok()?;
    Some(Value::Date { year, month: date.month().unsigned_abs(), day: date.day().unsigned_abs() })
}
