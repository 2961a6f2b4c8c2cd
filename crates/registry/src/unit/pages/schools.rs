//! Schools and kindergartens: filtered, searched, counted, taken away as a file.

use super::{school_word, setting_word};
use crate::roster::class_label::SchoolKind;
use crate::unit::{self, SchoolFilter, SchoolLine, Setting};
use askama::Template;
use gongyu_access::{Action, right};
use gongyu_kernel::{Error, Id, Result};
use gongyu_paper::book::{Book, Column, ColumnKind, Value};
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{Download, Get, Holder, Reply};

struct Row {
    id: Id,
    name: String,
    kind: String,
    setting: String,
    town: String,
    classes: i64,
    pupils: i64,
}

impl Row {
    fn of(view: &View, line: SchoolLine) -> Self {
        Self {
            id: line.id,
            name: line.name,
            kind: school_word(view, line.kind.as_deref()),
            setting: setting_word(view, line.setting),
            town: line.town,
            classes: line.classes,
            pupils: line.pupils,
        }
    }
}

struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "unit/pages/schools.html")]
struct Schools<'a> {
    rows: Vec<Row>,
    total: i64,
    urban: i64,
    rural: i64,
    towns: Vec<Choice>,
    settings: Vec<Choice>,
    kinds: Vec<Choice>,
    typed: &'a str,
    order: &'a str,
    by_name: String,
    by_town: String,
    next: Option<String>,
    first: Option<String>,
    export: Option<String>,
    narrowed: bool,
}

pub(super) fn show(g: &mut Get<'_>, at: Holder<right::SeeSchool>) -> Result<Reply> {
    let within = at.actor.unit()?;
    let filter = SchoolFilter::read(&g.req.query);
    let list = filter.list(within);
    let total = list.count(g.r)?;
    let by_setting = list.counts_by(g.r, "setting")?;
    let count = |setting: Setting| by_setting.iter().find(|(code, _)| code == setting.code()).map_or(0, |(_, n)| *n);
    let cursor = g.req.query.get("after").to_owned();
    let page = list.after(Some(&cursor)).limit(50).rows::<SchoolLine>(g.r)?;
    let towns = unit::towns(g.r)?;
    let mut reachable = Vec::new();
    for town in towns {
        if unit::contains(g.r, within, town.id)? {
            reachable.push(town);
        }
    }
    let view = g.view().clone();
    let query = &g.req.query;
    let body = Schools {
        rows: page.rows.into_iter().map(|line| Row::of(&view, line)).collect(),
        total,
        urban: count(Setting::Urban),
        rural: count(Setting::Rural),
        towns: reachable
            .into_iter()
            .map(|t| Choice { chosen: filter.town == Some(t.id), value: t.id.to_string(), label: t.name })
            .collect(),
        settings: Setting::ALL
            .iter()
            .map(|s| Choice {
                value: s.code().to_owned(),
                label: setting_word(&view, Some(*s)),
                chosen: filter.setting == Some(*s),
            })
            .collect(),
        kinds: SchoolKind::ALL
            .iter()
            .map(|k| Choice {
                value: k.key().to_owned(),
                label: school_word(&view, Some(k.key())),
                chosen: filter.kind == Some(*k),
            })
            .collect(),
        typed: &filter.typed,
        order: &filter.order,
        by_name: query.query_with(&[("order", "")]),
        by_town: query.query_with(&[("order", "town")]),
        next: page.next.map(|next| query.query_with(&[("after", &next)])),
        first: (!cursor.is_empty()).then(|| query.query_with(&[])),
        export: at.actor.may(Action::Export).is_ok().then(|| query.query_with(&[])),
        narrowed: filter.narrows(),
    };
    g.page(g.t("units-schools-title"), "schools", &body)
}

/// The same list, whole, as xlsx.
pub(super) fn export(g: &mut Get<'_>, at: Holder<right::SeeSchool>, _: Holder<right::Export>) -> Result<Reply> {
    let filter = SchoolFilter::read(&g.req.query);
    let view = g.view().clone();
    let mut rows: Vec<Row> = Vec::new();
    filter.list(at.actor.unit()?).every(g.r, |line: SchoolLine| {
        rows.push(Row::of(&view, line));
        Ok(())
    })?;
    Ok(Reply::later(move || {
        let columns = [
            Column::new(view.t("units-school"), 32.0, ColumnKind::Text),
            Column::new(view.t("units-kind"), 14.0, ColumnKind::Text),
            Column::new(view.t("units-town"), 16.0, ColumnKind::Text),
            Column::new(view.t("units-setting"), 10.0, ColumnKind::Text),
            Column::new(view.t("units-class-count"), 10.0, ColumnKind::Number),
            Column::new(view.t("units-pupil-count"), 10.0, ColumnKind::Number),
        ];
        let title = view.t("units-schools-title");
        let lines = rows.into_iter().map(|row| {
            vec![
                Value::from(row.name),
                Value::from(row.kind),
                Value::from(row.town),
                Value::from(row.setting),
                Value::from(row.classes),
                Value::from(row.pupils),
            ]
        });
        let bytes = Book::new().sheet(&title).columns(&columns).rows(lines).finish().map_err(Error::internal)?;
        Ok(Download::xlsx(format!("{title}.xlsx"), bytes))
    }))
}
