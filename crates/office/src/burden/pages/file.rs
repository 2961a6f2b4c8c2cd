//! The same figures as a workbook: exactly what the page shows.

use super::super::figures::{Burden, burden_of};
use super::super::rules::Average;
use super::unit_of;
use gongyu_access::right;
use gongyu_kernel::{Date, Error, Result};
use gongyu_paper::book::{Book, Column, ColumnKind, Value};
use gongyu_web::show::View;
use gongyu_web::{Download, Get, Holder, Reply};

pub(in super::super) fn file(g: &mut Get<'_>, at: Holder<right::SeeBurden>, _: Holder<right::Export>) -> Result<Reply> {
    let here = unit_of(g, &at.actor)?;
    let burden = burden_of(g.r, &here)?;
    let (view, name) = (g.view().clone(), here.name);
    Ok(Reply::later(move || {
        let title = view.t("burden-title");
        let bytes = book(&view, &burden).finish().map_err(Error::internal)?;
        Ok(Download::xlsx(format!("{title} {name}.xlsx"), bytes))
    }))
}

fn book(view: &View, burden: &Burden) -> Book {
    let column = |key: &str, width, kind| Column::new(view.t(key), width, kind);
    let averages = || {
        [
            column("burden-minutes-each", 16.0, ColumnKind::Number),
            column("burden-forms-each", 16.0, ColumnKind::Number),
            column("burden-taps-each", 16.0, ColumnKind::Number),
        ]
    };
    let with = |first: Column| std::iter::once(first).chain(averages()).collect::<Vec<_>>();
    let groups = burden.groups.iter().map(|(group, a)| row(Value::from(view.t(group.label_key())), *a));
    let weeks = burden.weeks.iter().map(|week| row(day(week.week), week.average));
    let forms = burden.forms.iter().map(|form| {
        vec![
            Value::from(view.t(form.form.label_key())),
            Value::from(form.minutes.round()),
            Value::from(form.forms),
            Value::from(form.seconds_each.map(f64::round)),
            Value::from(form.taps_each.map(tenth)),
        ]
    });
    let form_columns = [
        column("burden-work", 24.0, ColumnKind::Text),
        column("burden-time", 16.0, ColumnKind::Number),
        column("burden-sent", 12.0, ColumnKind::Number),
        column("burden-seconds-one", 16.0, ColumnKind::Number),
        column("burden-taps-one", 16.0, ColumnKind::Number),
    ];
    let mut book = Book::new()
        .sheet(&view.t("burden-title"))
        .note(&view.t("burden-last-weeks"))
        .columns(&with(column("burden-who", 24.0, ColumnKind::Text)))
        .rows(groups)
        .sheet(&view.t("burden-trend"))
        .columns(&with(column("burden-week", 16.0, ColumnKind::Date)))
        .rows(weeks)
        .sheet(&view.t("burden-forms"))
        .columns(&form_columns)
        .rows(forms);
    if !burden.parts.is_empty() {
        let parts = burden.parts.iter().map(|part| row(Value::from(part.name.clone()), part.average));
        book = book
            .sheet(&view.t("burden-parts"))
            .note(&view.t("burden-by-name"))
            .columns(&with(column("burden-unit", 32.0, ColumnKind::Text)))
            .rows(parts);
    }
    book
}

fn row(first: Value, average: Option<Average>) -> Vec<Value> {
    let told = |take: fn(Average) -> f64| Value::from(average.map(|a| tenth(take(a))));
    vec![first, told(|a| a.minutes), told(|a| a.forms), told(|a| a.taps)]
}

fn tenth(n: f64) -> f64 {
    (n * 10.0).round() / 10.0
}

fn day(date: Date) -> Value {
    let year = u16::try_from(date.year()).unwrap_or_default();
    Value::Date { year, month: date.month().unsigned_abs(), day: date.day().unsigned_abs() }
}
