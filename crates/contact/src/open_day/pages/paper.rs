//! The list of an open day as a workbook, and printed for the door.

use super::people::{Row, rows};
use crate::open_day::SOURCE;
use crate::open_day::permit::ForOpenDay;
use gongyu_access::{Action, right};
use gongyu_kernel::{Error, Result};
use gongyu_paper::book::{Book, Column, ColumnKind, Value};
use gongyu_paper::pdf::{Align, ReportColumn, TableReport};
use gongyu_parts::booking::State;
use gongyu_web::{Download, Get, Post, Reply};

pub(super) fn workbook(g: &mut Get<'_>, at: ForOpenDay<right::ReceiveOpenDay>) -> Result<Reply> {
    at.actor.may(Action::Export)?;
    let view = g.view().clone();
    let list = rows(g.r, &view, &at.actor, &at.day)?;
    let name = at.day.title.clone();
    Ok(Reply::later(move || {
        let column = |key: &str, width, kind| Column::new(view.t(key), width, kind);
        let columns = [
            column("open-guardian", 14.0, ColumnKind::Text),
            column("open-child", 18.0, ColumnKind::Text),
            column("open-class", 16.0, ColumnKind::Text),
            column("open-session", 30.0, ColumnKind::Text),
            column("open-seats", 8.0, ColumnKind::Number),
            column("open-stands", 12.0, ColumnKind::Text),
            column("open-arrived", 18.0, ColumnKind::Text),
        ];
        let cells = |row: &Row| {
            vec![
                Value::from(row.name.clone()),
                Value::from(row.children.clone()),
                Value::from(row.class.clone()),
                Value::from(row.what.clone()),
                Value::from(row.seats),
                Value::from(view.t(row.label)),
                Value::from(row.arrived.map(|at| view.moment(at))),
            ]
        };
        let book = Book::new().sheet(&view.t("open-people")).note(&name).columns(&columns);
        let bytes = book.rows(list.iter().map(cells)).finish().map_err(Error::internal)?;
        Ok(Download::xlsx(format!("{name}.xlsx"), bytes))
    }))
}

/// For the door, where no telephone has power: a line a family, a box to tick.
pub(super) fn list(p: &mut Post<'_>, at: ForOpenDay<right::ReceiveOpenDay>) -> Result<Reply> {
    let view = p.view().clone();
    let mut list = rows(p.tx, &view, &at.actor, &at.day)?;
    list.retain(|row| row.state == State::Booked);
    list.sort_by(|a, b| (&a.what, &a.class, &a.name).cmp(&(&b.what, &b.class, &b.name)));
    let seats: i64 = list.iter().map(|row| row.seats).sum();
    let column = |key: &str, align, share| ReportColumn { title: view.t(key), align, share };
    let day = &at.day;
    let report = TableReport {
        title: day.title.clone(),
        subtitle: format!("{} {}", view.day(day.day), day.place),
        lead: view.ta("open-list-sum", &[("n", list.len().into()), ("seats", seats.into())]),
        columns: vec![
            column("open-session", Align::Left, 3.0),
            column("open-guardian", Align::Left, 1.6),
            column("open-child", Align::Left, 1.8),
            column("open-class", Align::Left, 1.8),
            column("open-seats", Align::Right, 0.7),
            column("open-tick", Align::Left, 0.9),
        ],
        rows: list
            .into_iter()
            .map(|row| {
                let tick = if row.arrived.is_some() { "☑" } else { "☐" };
                vec![row.what, row.name, row.children, row.class, row.seats.to_string(), tick.to_owned()]
            })
            .collect(),
        notes: vec![view.t("open-list-note")],
        foot: view.ta("visit-paper-printed", &[("day", view.day(view.today()).into())]),
        landscape: false,
    };
    p.audit("open_day.list_printed", (SOURCE, Some(day.id)), "{}")?;
    let name = format!("{}.pdf", day.title);
    Ok(Reply::later(move || {
        let printed = report.typeset().map_err(Error::internal)?;
        Ok(Download::pdf(name, printed.bytes))
    }))
}
