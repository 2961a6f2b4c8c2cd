//! The triggers of special visits, a setting of the district.

use crate::visit::suggest::{self, Trigger, Triggers};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Error, Result};
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Holder, Post, Reply};

/// Triggers of a district at most.
const MOST: usize = 20;

struct Row {
    n: usize,
    code: String,
    zh: String,
    en: String,
    days: String,
}

#[derive(Template)]
#[template(path = "visit/pages/settings.html")]
struct Page {
    rows: Vec<Row>,
    problem: String,
}

pub(super) fn show(g: &mut Get<'_>, _: Holder<right::EditRules>) -> Result<Reply> {
    let mut rows: Vec<Row> = match g.typed() {
        Some(form) => (0..MOST)
            .map(|n| Row {
                n,
                code: form.get(&format!("code{n}")).to_owned(),
                zh: form.get(&format!("zh{n}")).to_owned(),
                en: form.get(&format!("en{n}")).to_owned(),
                days: form.get(&format!("days{n}")).to_owned(),
            })
            .filter(|r| !r.zh.is_empty() || !r.code.is_empty())
            .collect(),
        None => {
            let row = |(n, t): (usize, Trigger)| Row { n, code: t.code, zh: t.zh, en: t.en, days: t.days.to_string() };
            suggest::triggers(g.r)?.0.into_iter().enumerate().map(row).collect()
        }
    };
    if rows.len() < MOST {
        let n = rows.iter().map(|r| r.n + 1).max().unwrap_or(0).min(MOST - 1);
        let blank = String::new;
        rows.push(Row { n, code: blank(), zh: blank(), en: blank(), days: blank() });
    }
    let body = Page { rows, problem: g.problem("triggers") };
    g.page(g.t("visit-settings"), "visits", &body)
}

pub(super) fn save(p: &mut Post<'_>, _: Holder<right::EditRules>) -> Result<Reply> {
    let mut list = Vec::new();
    for n in 0..MOST {
        let field = |name: &str| p.req.form.get(&format!("{name}{n}")).to_owned();
        let (code, zh, en) = (field("code"), field("zh"), field("en"));
        if zh.is_empty() {
            continue;
        }
        let days = field("days").parse::<i64>().ok().filter(|d| (1..=366).contains(d));
        let (Some(days), true) = (days, zh.chars().count() <= 40 && en.chars().count() <= 80) else {
            let mut invalid = Invalid::default();
            invalid.push("triggers", "visit-settings-refused");
            return Err(Error::Invalid(invalid));
        };
        let code = if code.is_empty() { format!("own_{}", p.app.random.code(8).to_lowercase()) } else { code };
        list.push(Trigger { code, en: if en.is_empty() { zh.clone() } else { en }, zh, days });
    }
    suggest::keep_triggers(p.tx, &Triggers(list))?;
    p.audit("visit.triggers", ("setting", None), "{}")?;
    Ok(Reply::to_with("/visits/settings", Flash::new("visit-settings-saved")))
}
