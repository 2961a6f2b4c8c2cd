//! Files to take away: the rows to be mended, and the empty template.

use super::batch_of;
use crate::roster::export::{mending_titles, mending_values, titles};
use crate::roster::headings::{Field, Generation, MemberField, match_headings};
use crate::roster::import::{open_waiting, rows, sentence, weighty};
use crate::roster::values::{LeftBehind, Relation, Sex};
use gongyu_access::right;
use gongyu_kernel::{Error, Result};
use gongyu_paper::book::{Book, Column, ColumnKind, Value};
use gongyu_web::{Download, Get, Holder, Post, Reply};
use serde_json::json;

/// Rows in one file of bad rows; the rest comes with the next.
const MOST: i64 = 5_000;
/// Rows of the template that offer a choice of values.
const CHOICE_ROWS: u32 = 3_000;

/// The waiting rows as the file wrote them, each with what is wrong, to be mended and brought back.
pub(super) fn rows(p: &mut Post<'_>, at: Holder<right::ImportRoster>) -> Result<Reply> {
    let batch = batch_of(p.tx, &at.actor, p.req.id()?)?;
    let heads = match_headings(&batch.heading_texts());
    let mut lines = Vec::new();
    for row in rows::waiting(p.tx, batch.id, MOST)? {
        let reasons: Vec<String> = weighty(&row)?
            .iter()
            .map(|problem| format!("{}：{}", problem.column_title, p.view().code(&sentence(problem))))
            .collect();
        lines.push((row, reasons.join("；")));
    }
    let detail = json!({ "rows": lines.len() }).to_string();
    p.audit("roster.download", ("import", Some(batch.id)), &detail)?;
    let (vault, id) = (p.app.vault.clone(), batch.id);
    let (sheet, name) = (p.view().t("roster-rows-sheet"), p.view().t("roster-rows-file"));
    Ok(Reply::later(move || {
        let columns: Vec<Column> = mending_titles(&heads)
            .into_iter()
            .enumerate()
            .map(|(at, title)| Column::new(title, if at == 1 { 44.0 } else { 16.0 }, ColumnKind::Text))
            .collect();
        let mut cells = Vec::with_capacity(lines.len());
        for (row, reasons) in &lines {
            let content = open_waiting(&vault, id, row)?;
            let number = u32::try_from(row.number).map_err(Error::internal)?;
            let values = mending_values(&content.raw(number), &heads, reasons);
            cells.push(values.into_iter().map(Value::from).collect::<Vec<_>>());
        }
        let bytes = Book::new().sheet(&sheet).columns(&columns).rows(cells).finish().map_err(Error::internal)?;
        Ok(Download::xlsx(name, bytes))
    }))
}

/// The empty sheet with the headings of the national system's own export.
pub(super) fn template(g: &mut Get<'_>, _: Holder<right::ImportRoster>) -> Result<Reply> {
    let (sheet, help, name) =
        (g.t("roster-template-sheet"), g.t("roster-template-help-sheet"), g.t("roster-template-file"));
    let lines: Vec<String> = (1..=6).map(|n| g.t(&format!("roster-template-help-{n}"))).collect();
    Ok(Reply::later(move || {
        let headings: Vec<&str> = titles(Generation::G3).collect();
        let columns: Vec<Column> = headings.iter().map(|title| Column::new(*title, 16.0, ColumnKind::Text)).collect();
        let mut book = Book::new().sheet(&sheet).columns(&columns);
        let fields = match_headings(&headings.iter().map(|title| (*title).to_owned()).collect::<Vec<_>>()).columns;
        for (at, field) in (0u16..).zip(fields) {
            let values: Vec<&str> = match field {
                Some(Field::Sex) => Sex::ALL.iter().map(|v| v.name()).collect(),
                Some(Field::LeftBehind) => LeftBehind::ALL.iter().map(|v| v.name()).collect(),
                Some(Field::Member(_, MemberField::Relation)) => Relation::ALL.iter().map(|v| v.name()).collect(),
                Some(Field::Orphan | Field::Member(_, MemberField::IsGuardian)) => vec!["是", "否"],
                _ => continue,
            };
            book = book.choices(at, &values, CHOICE_ROWS);
        }
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let bytes = book.sheet(&help).paragraphs(&lines).finish().map_err(Error::internal)?;
        Ok(Download::xlsx(name, bytes))
    }))
}
