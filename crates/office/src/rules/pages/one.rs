//! One rule: its text, what the district may change, and its versions.

use super::super::edit::{deadline_code, edited, same};
use super::super::{preview, versions};
use super::{amount, off_words};
use crate::dashboard::Crumb;
use crate::duties::{citation, counts_words, title};
use crate::reach::Choice;
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::calendar::PeriodKind;
use gongyu_kernel::{Error, Millis, Result};
use gongyu_ledger::duty;
use gongyu_ledger::rules::{Citation, Counts, Deadline, Rule, SchoolKind, Setting, Stage, Subject};
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{Flash, FormData, Get, Holder, Post, Reply};

struct Version {
    number: u32,
    what: String,
    by: String,
    at: Option<Millis>,
    current: bool,
}

/// A field with what stands in it and why it was refused.
struct Field {
    value: String,
    problem: String,
}

/// Which number the rule asks for, and its name in the form.
struct Amount {
    name: &'static str,
    label: &'static str,
    field: Field,
    most: i64,
}

#[derive(Template)]
#[template(path = "rules/pages/one.html")]
struct One {
    crumbs: Vec<Crumb>,
    code: String,
    title: String,
    source: Citation,
    tag: &'static str,
    subject: &'static str,
    counts: String,
    off: String,
    refusal: String,
    enabled: bool,
    amount: Amount,
    periods: Vec<Choice>,
    period_problem: String,
    due_from: Field,
    valid_from: Field,
    valid_to: Field,
    deadlines: Vec<Choice>,
    deadline_problem: String,
    month: Field,
    day: Field,
    on: Field,
    stages: Vec<Choice>,
    kinds: Vec<Choice>,
    settings: Vec<Choice>,
    for_children: bool,
    special: bool,
    versions: Vec<Version>,
}

pub fn show(g: &mut Get<'_>, at: Holder<right::EditRules>) -> Result<Reply> {
    let code: String = g.req.param("code")?;
    let book = duty::book(g.r)?;
    let rule = book.rule(&code)?;
    let view = g.view().clone();
    let versions = versions::of(g.r, &code)?;
    let typed = typed(g, &at, &code)?;
    // A form shown again is shown as it was typed; a box not ticked is simply not in it.
    let ticked = |name: &str, kept: bool| typed.as_ref().map_or(kept, |form| form.ticked(name));
    let picked =
        |name: &str, value: &str, kept: bool| typed.as_ref().map_or(kept, |form| form.all(name).contains(&value));
    let field = |name: &str, kept: String| Field {
        value: typed.as_ref().map_or(kept, |form| form.get(name).to_owned()),
        problem: g.problem(name),
    };
    let date = |d: Option<gongyu_kernel::Date>| d.map(|d| d.to_string()).unwrap_or_default();
    let (month, day, on) = match rule.deadline {
        Deadline::Day { month, day } => (month.to_string(), day.to_string(), String::new()),
        Deadline::On { date } => (String::new(), String::new(), date.to_string()),
        _ => Default::default(),
    };
    let choose = |name: &str, value: &str, label: String, kept: bool| Choice {
        value: value.to_owned(),
        label,
        chosen: picked(name, value, kept),
    };
    let body = One {
        crumbs: vec![Crumb { href: "/rules".to_owned(), name: view.t("rules-title") }],
        title: title(&view, rule).to_owned(),
        source: citation(&view, rule).clone(),
        tag: rule.tag.label_key(),
        subject: rule.subject.label_key(),
        counts: counts_words(&view, rule),
        off: off_words(&view, &book, rule),
        refusal: g.refusal(),
        enabled: ticked("enabled", rule.enabled),
        amount: amount_field(rule, field),
        periods: PeriodKind::ALL
            .iter()
            .map(|k| {
                let label = view.t(&format!("duty-period-{}", k.code()));
                choose("period", k.code(), label, *k == rule.period)
            })
            .collect(),
        period_problem: g.problem("period"),
        due_from: field("due_from", rule.due_from.to_string()),
        valid_from: field("valid_from", date(rule.valid_from)),
        valid_to: field("valid_to", date(rule.valid_to)),
        deadlines: ["last_lesson", "period_end", "day", "on"]
            .map(|c| choose("deadline", c, view.t(&format!("rules-deadline-{c}")), c == deadline_code(rule.deadline)))
            .to_vec(),
        deadline_problem: g.problem("deadline"),
        month: field("deadline_month", month),
        day: field("deadline_day", day),
        on: field("deadline_on", on),
        stages: Stage::ALL
            .iter()
            .map(|s| choose("stages", s.code(), view.t(s.label_key()), rule.applies.stages.contains(s)))
            .collect(),
        kinds: SchoolKind::ALL
            .iter()
            .map(|k| choose("school_kinds", k.code(), view.t(k.label_key()), rule.applies.school_kinds.contains(k)))
            .collect(),
        settings: Setting::ALL
            .iter()
            .map(|s| choose("setting", s.code(), view.t(s.label_key()), rule.applies.setting == Some(*s)))
            .collect(),
        for_children: rule.subject == Subject::Child,
        special: ticked("special", !rule.applies.categories.is_empty()),
        versions: versions.iter().map(|v| version(&view, v, rule.version)).collect(),
        code: code.clone(),
    };
    g.page(title(&view, rule), "rules", &body)
}

/// What was typed before: into a form that was refused, or one whose change was looked at.
fn typed(g: &mut Get<'_>, at: &Holder<right::EditRules>, code: &str) -> Result<Option<FormData>> {
    if let Some(form) = g.typed() {
        return Ok(Some(form.clone()));
    }
    match g.req.query.id("from").map(|id| preview::find(g.r, id, at.actor.account)) {
        Some(Ok(kept)) if kept.code == code => Ok(Some(kept.form)),
        // Forgotten after a day: the form then shows the rule in force.
        Some(Err(Error::NotFound)) | Some(Ok(_)) | None => Ok(None),
        Some(Err(other)) => Err(other),
    }
}

fn amount_field(rule: &Rule, field: impl Fn(&str, String) -> Field) -> Amount {
    let (name, label, kept, most) = match &rule.counts {
        Counts::Ratio { percent, .. } => ("percent", "rules-percent", percent.to_string(), 100),
        Counts::Answered { within_workdays, .. } => ("workdays", "rules-workdays", within_workdays.to_string(), 60),
        _ => ("required", "rules-required", rule.required.to_string(), 400),
    };
    Amount { name, label, field: field(name, kept), most }
}

fn version(view: &View, of: &versions::Version, current: u32) -> Version {
    let period = view.t(&format!("duty-period-{}", of.rule.period.code()));
    let state = view.t(if of.rule.enabled { "rules-on" } else { "rules-off" });
    let what = view.ta(
        "rules-version-what",
        &[("period", period.into()), ("amount", amount(view, &of.rule).into()), ("state", state.into())],
    );
    Version { number: of.rule.version, what, by: of.by.clone(), at: of.at, current: of.rule.version == current }
}

pub fn save(p: &mut Post<'_>, at: Holder<right::EditRules>) -> Result<Reply> {
    let code: String = p.req.param("code")?;
    let book = duty::book(p.tx)?;
    let rule = book.rule(&code)?;
    let new = edited(rule, p.form())?;
    if same(rule, &new) {
        return Err(Error::conflict("rules-nothing-changed"));
    }
    put(p, new, at.actor.account)
}

/// Shows what the change would do before it is saved.
pub fn look(p: &mut Post<'_>, at: Holder<right::EditRules>) -> Result<Reply> {
    let code: String = p.req.param("code")?;
    let book = duty::book(p.tx)?;
    let rule = book.rule(&code)?;
    let new = edited(rule, p.form())?;
    if same(rule, &new) {
        return Err(Error::conflict("rules-nothing-changed"));
    }
    let req = p.req;
    let id = preview::keep(p.tx, rule.version, &new, &req.form, at.actor.account)?;
    p.audit("rule.preview", ("duty_rule", None), &serde_json::json!({ "code": code }).to_string())?;
    Ok(Reply::to(format!("/rules/previews/{id}")))
}

/// Puts an earlier version in force again, as a new version.
pub fn restore(p: &mut Post<'_>, at: Holder<right::EditRules>) -> Result<Reply> {
    let (code, version): (String, u32) = (p.req.param("code")?, p.req.param("version")?);
    let old = versions::find(p.tx, &code, version)?;
    put(p, old, at.actor.account)
}

fn put(p: &mut Post<'_>, rule: Rule, by: gongyu_kernel::Id) -> Result<Reply> {
    let saved = duty::save(p.tx, rule, Some(by))?;
    let detail = serde_json::json!({ "code": saved.code, "version": saved.version }).to_string();
    p.audit("rule.save", ("duty_rule", None), &detail)?;
    Ok(Reply::to_with(format!("/rules/{}", saved.code), Flash::new("rules-saved")))
}
