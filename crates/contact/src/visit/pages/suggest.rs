//! Suggesting a special visit, and closing a suggestion without one.

use super::new::Choice;
use crate::visit::suggest::{self, Trigger};
use askama::Template;
use gongyu_access::{Role, right};
use gongyu_kernel::error::Invalid;
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::{Error, Id, Result};
use gongyu_registry::people;
use gongyu_registry::permit::{student_in_reach, unit_in_reach};
use gongyu_registry::unit::UnitKind;
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Holder, Post, Reply};

#[derive(Template)]
#[template(path = "visit/pages/suggest.html")]
struct Page {
    phone: bool,
    one: Option<(Id, String)>,
    pupils: Vec<Choice>,
    triggers: Vec<Choice>,
    words: String,
    child_problem: String,
    trigger_problem: String,
    refusal: String,
}

pub(super) fn show(g: &mut Get<'_>, at: Holder<right::RecordVisit>) -> Result<Reply> {
    let asked = g.typed().map_or_else(|| g.req.query.id("child"), |f| f.id("child"));
    let one = asked.map(|id| student_in_reach(g.r, &at.actor, id)).transpose()?;
    let mut pupils = Vec::new();
    if one.is_none() {
        let class = g.req.query.id("class").map_or_else(|| at.actor.unit(), Ok)?;
        let Ok(class) = unit_in_reach(g.r, &at.actor, class, Some(UnitKind::Class)) else {
            return Ok(Reply::to("/classes"));
        };
        let members = people::class_members(g.r, class.id)?;
        pupils = members.into_iter().map(|s| Choice { value: s.id.to_string(), label: s.name, on: false }).collect();
    }
    let chinese = g.view().lang() == Lang::Zh;
    let chosen = g.value("trigger", "").to_owned();
    let choice = |t: &Trigger| Choice {
        value: t.code.clone(),
        label: if chinese { t.zh.clone() } else { t.en.clone() },
        on: t.code == chosen,
    };
    let body = Page {
        phone: g.view().phone,
        one: one.map(|s| (s.id, s.name)),
        pupils,
        triggers: suggest::triggers(g.r)?.0.iter().map(choice).collect(),
        words: g.value("words", "").to_owned(),
        child_problem: g.problem("child"),
        trigger_problem: g.problem("trigger"),
        refusal: g.refusal(),
    };
    g.page(g.t("visit-suggest"), "visits", &body)
}

pub(super) fn save(p: &mut Post<'_>, at: Holder<right::RecordVisit>) -> Result<Reply> {
    let mut invalid = Invalid::default();
    let form = p.form();
    let words = form.optional("words", 200, &mut invalid);
    let code = form.required("trigger", 40, &mut invalid);
    let child = form.id("child");
    if child.is_none() {
        invalid.push("child", "contact-log-choose-child");
    }
    invalid.into_result()?;
    let child = student_in_reach(p.tx, &at.actor, child.ok_or(Error::NotFound)?)?;
    let id = suggest::suggest(p.tx, &child, &code, &words, at.actor.account)?;
    p.audit("visit.suggest", ("visit_task", Some(id)), &serde_json::json!({ "trigger": code }).to_string())?;
    Ok(Reply::to_with("/visits", Flash::new("visit-suggested")))
}

pub(super) fn close(p: &mut Post<'_>, at: Holder<right::PlanVisits>) -> Result<Reply> {
    let found = suggest::find(p.tx, p.req.id()?)?;
    student_in_reach(p.tx, &at.actor, found.student)?;
    if !matches!(at.actor.hat.role, Role::ClassTeacher | Role::MoralDirector | Role::SchoolLeader) {
        return Err(Error::Forbidden);
    }
    let words = p.form().get("words").to_owned();
    suggest::close(p.tx, found.id, at.actor.account, &words)?;
    p.audit("visit.suggestion_close", ("visit_task", Some(found.id)), "{}")?;
    Ok(Reply::to_with("/visits", Flash::new("visit-suggestion-closed")))
}
