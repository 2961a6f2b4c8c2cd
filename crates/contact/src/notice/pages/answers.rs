//! What families answered: counted, as a table, as a workbook.

use crate::notice::model::{Kind, Notice};
use crate::notice::permit::{ForNotice, Slice};
use crate::notice::store::{self, ChildLine};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Error, Id, Result};
use gongyu_paper::book::{Book, Column, ColumnKind, Value};
use gongyu_parts::form::{self, Answers, Form, Kind as Asked, Tally};
use gongyu_registry::{unit, year};
use gongyu_store::Reader;
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{Download, Get, Post, Reply};
use std::collections::HashMap;

/// Answers on a page of the table.
const PAGE: usize = 40;
/// Answers up to which they are counted while the page is read; beyond, the workbook has them.
const COUNTED: i64 = 20_000;

struct Counted {
    ask: String,
    figure: Option<String>,
    words: String,
}

struct Row {
    name: String,
    class: String,
    cells: Vec<String>,
    by: String,
    when: String,
}

#[derive(Template)]
#[template(path = "notice/pages/answers.html")]
struct Page {
    phone: bool,
    id: Id,
    title: String,
    answered: i64,
    children: i64,
    counted: Vec<Counted>,
    too_many: bool,
    heads: Vec<String>,
    rows: Vec<Row>,
    next: Option<String>,
}

pub(super) fn show(g: &mut Get<'_>, at: ForNotice<right::SeeNotices>) -> Result<Reply> {
    let (notice, slice) = (&at.sight.notice, at.sight.slice);
    if notice.kind != Kind::Answer {
        return Err(Error::NotFound);
    }
    let view = g.view().clone();
    let questions = Form::parse(&notice.questions)?;
    let counts = store::counts(g.r, notice.id, slice)?;
    let too_many = counts.confirmed > COUNTED;
    let tally = if too_many { Tally::default() } else { tally(g.r, notice, slice)? };
    let counted = if too_many { Vec::new() } else { counted(&view, &questions, &tally)? };
    let list = store::children(notice.id, slice).filter("answered", &[]).order("latest");
    let page = list.after(Some(g.req.query.get("after"))).limit(PAGE).rows::<ChildLine>(g.r)?;
    let names = class_names(g.r, &page.rows)?;
    let signed = view.t("notice-signed");
    let mut rows = Vec::with_capacity(page.rows.len());
    for line in page.rows {
        let answers = Answers::parse(&line.body)?;
        let cell = |q: &form::Question| answers.get(&q.key).map(|a| a.words(q, &signed)).unwrap_or_default();
        rows.push(Row {
            cells: questions.questions.iter().map(cell).collect(),
            class: names.get(&line.class).cloned().unwrap_or_default(),
            by: line.guardian_name,
            when: view.moment(line.changed_at),
            name: line.name,
        });
    }
    let body = Page {
        phone: view.phone,
        id: notice.id,
        title: notice.title.clone(),
        answered: counts.confirmed,
        children: counts.children(),
        counted,
        too_many,
        heads: questions.questions.iter().map(|q| q.ask.clone()).collect(),
        rows,
        next: page.next.map(|next| g.req.query.query_with(&[("after", &next)])),
    };
    let reply = g.page(g.t("notice-answers"), "notices", &body)?;
    Ok(if view.phone { reply } else { reply.script("echarts.js").script("chart.js") })
}

fn tally(r: &mut Reader, notice: &Notice, slice: Slice) -> Result<Tally> {
    let mut tally = Tally::default();
    store::children(notice.id, slice).filter("answered", &[]).every::<ChildLine>(r, |line| {
        tally.add(&Answers::parse(&line.body)?);
        Ok(())
    })?;
    Ok(tally)
}

fn counted(view: &View, questions: &Form, tally: &Tally) -> Result<Vec<Counted>> {
    let charts: HashMap<String, gongyu_parts::figures::Chart> = tally.charts(view, questions).into_iter().collect();
    let mut out = Vec::new();
    for q in &questions.questions {
        let of = tally.questions.get(&q.key).cloned().unwrap_or_default();
        let words = match &q.kind {
            Asked::Number { unit, .. } => match of.range {
                Some((low, high)) => view.ta(
                    "notice-numbers",
                    &[
                        ("sum", format!("{}{unit}", of.sum).into()),
                        ("low", format!("{low}{unit}").into()),
                        ("high", format!("{high}{unit}").into()),
                        ("n", of.answered.into()),
                    ],
                ),
                None => view.t("notice-numbers-none"),
            },
            Asked::One { choices } | Asked::Many { choices } => choices
                .iter()
                .map(|c| format!("{} {}", c.label, tally.taken(&q.key, &c.key)))
                .collect::<Vec<_>>()
                .join(" · "),
            _ => view.ta("notice-n-answered", &[("n", of.answered.into())]),
        };
        let figure = charts.get(&q.ask).map(|c| c.figure(view)).transpose()?;
        out.push(Counted { ask: q.ask.clone(), figure: figure.filter(|_| !view.phone), words });
    }
    Ok(out)
}

fn class_names(r: &mut Reader, lines: &[ChildLine]) -> Result<HashMap<Id, String>> {
    let start = year::current(r)?.start;
    let classes: Vec<Id> = lines.iter().map(|l| l.class).collect();
    unit::names(r, &classes, start)
}

/// Every family with its answer, those that have not answered too.
pub(super) fn sheet(p: &mut Post<'_>, at: ForNotice<right::SeeNotices>) -> Result<Reply> {
    let (notice, slice) = (&at.sight.notice, at.sight.slice);
    let mut lines: Vec<ChildLine> = Vec::new();
    store::children(notice.id, slice).every::<ChildLine>(p.tx, |line| {
        lines.push(line);
        Ok(())
    })?;
    let names = class_names(p.tx, &lines)?;
    p.audit("notice.export", ("notice", Some(notice.id)), &serde_json::json!({ "n": lines.len() }).to_string())?;
    let view = p.view().clone();
    let questions = Form::parse(&notice.questions)?;
    let (kind, title) = (notice.kind, notice.title.clone());
    Ok(Reply::later(move || {
        let text = |key: &str, width| Column::new(view.t(key), width, ColumnKind::Text);
        let mut columns = vec![
            text("notice-th-child", 12.0),
            text("notice-th-class", 14.0),
            text("notice-th-stand", 14.0),
            text("notice-th-by", 12.0),
            text("notice-th-moment", 18.0),
        ];
        columns.extend(form::columns(&questions));
        let signed = view.t("notice-signed");
        let mut rows = Vec::with_capacity(lines.len());
        for line in lines {
            let stand = super::words::stand_mark(line.stand, kind).2;
            let mut row = vec![
                Value::from(line.name),
                Value::from(names.get(&line.class).cloned().unwrap_or_default()),
                Value::from(view.t(stand)),
                Value::from(line.guardian_name),
                Value::from(super::words::field_of(line.changed_at).replace('T', " ")),
            ];
            row.extend(form::cells(&questions, &Answers::parse(&line.body)?, &signed));
            rows.push(row);
        }
        let sheet = view.t("notice-answers");
        let bytes = Book::new().sheet(&sheet).columns(&columns).rows(rows).finish().map_err(Error::internal)?;
        Ok(Download::xlsx(format!("{title}.xlsx"), bytes))
    }))
}
