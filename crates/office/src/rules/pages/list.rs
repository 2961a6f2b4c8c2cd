//! Every rule, those in use first.

use super::{amount, off_words};
use crate::duties::{citation, title};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::Result;
use gongyu_ledger::duty;
use gongyu_web::filters;
use gongyu_web::{Get, Holder, Reply};

struct Row {
    code: String,
    title: String,
    source: String,
    tag: &'static str,
    subject: &'static str,
    amount: String,
    period: String,
    enabled: bool,
    off: String,
    version: u32,
}

#[derive(Template)]
#[template(path = "rules/pages/list.html")]
struct List {
    on: usize,
    rows: Vec<Row>,
}

pub fn show(g: &mut Get<'_>, _: Holder<right::EditRules>) -> Result<Reply> {
    let (book, view) = (duty::book(g.r)?, g.view().clone());
    let mut rows: Vec<Row> = book
        .all()
        .iter()
        .map(|rule| Row {
            code: rule.code.clone(),
            title: title(&view, rule).to_owned(),
            source: citation(&view, rule).cell(),
            tag: rule.tag.label_key(),
            subject: rule.subject.label_key(),
            amount: amount(&view, rule),
            period: view.t(&format!("duty-period-{}", rule.period.code())),
            enabled: rule.enabled,
            off: off_words(&view, &book, rule),
            version: rule.version,
        })
        .collect();
    rows.sort_by_key(|row| !row.enabled);
    let on = rows.iter().filter(|row| row.enabled).count();
    g.page(view.t("rules-title"), "rules", &List { on, rows })
}
