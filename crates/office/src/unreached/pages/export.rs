//! The list as a workbook: exactly what the page shows to this person.

use super::super::list::Line;
use super::list::{Look, Row};
use gongyu_access::right;
use gongyu_kernel::{Error, Result};
use gongyu_paper::book::{Book, Column, ColumnKind, Value};
use gongyu_web::show::View;
use gongyu_web::{Download, Holder, Post, Reply};

/// Columns: key of the heading, width, kind.
const COLUMNS: [(&str, f64, ColumnKind); 7] = [
    ("unreached-child", 14.0, ColumnKind::Text),
    ("unreached-school", 32.0, ColumnKind::Text),
    ("unreached-class", 16.0, ColumnKind::Text),
    ("unreached-reason", 24.0, ColumnKind::Text),
    ("unreached-with", 24.0, ColumnKind::Text),
    ("unreached-days", 10.0, ColumnKind::Number),
    ("unreached-due", 14.0, ColumnKind::Date),
];

pub(super) fn file(p: &mut Post<'_>, at: Holder<right::SeeUnreached>, _: Holder<right::Export>) -> Result<Reply> {
    let look = Look::read(p.tx, &at.actor, &p.req.query)?;
    let view = p.view().clone();
    let role = at.actor.hat.role;
    let mut rows = Vec::new();
    look.narrow.list(&look.within, look.today).every(p.tx, |line: Line| {
        rows.push(cells(&view, look.row(&view, role, &line)));
        Ok(())
    })?;
    p.audit("unreached.export", ("unit", Some(look.within.id)), "{}")?;
    let title = view.t("unreached-title");
    Ok(Reply::later(move || {
        let columns: Vec<Column> = COLUMNS.map(|(key, width, kind)| Column::new(view.t(key), width, kind)).into();
        let bytes = Book::new().sheet(&title).columns(&columns).rows(rows).finish().map_err(Error::internal)?;
        Ok(Download::xlsx(format!("{title}.xlsx"), bytes))
    }))
}

fn cells(view: &View, row: Row) -> Vec<Value> {
    vec![
        Value::from(row.name.unwrap_or_else(|| view.t("unreached-no-name"))),
        Value::from(row.school),
        Value::from(row.class),
        Value::from(row.reason),
        Value::from(row.with),
        Value::from(row.days),
        Value::from(row.open.then_some(row.due).and_then(crate::never_reached::day_cell)),
    ]
}
