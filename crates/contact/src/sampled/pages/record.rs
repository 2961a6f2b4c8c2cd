//! A contact the family does not remember: only the leader of the school sees it, each opening is on
//! record, and what came of it is noted here.

use super::super::items::About;
use crate::contact_log::relation_words;
use askama::Template;
use gongyu_access::{Actor, right};
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Date, Error, Id, Millis, Result};
use gongyu_ledger::question::{self, Followed, Outcome, Question, State};
use gongyu_registry::people::{self, guardians_of};
use gongyu_registry::{unit, year};
use gongyu_store::{Reader, sql};
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Holder, Post, Reply};

/// Minutes a record stays open to the one who opened it; after that opening it is noted again.
const OPEN_MINUTES: i64 = 30;
/// Longest words noted.
const WORDS: usize = 500;

struct Choice {
    value: &'static str,
    label: &'static str,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "sampled/pages/record.html")]
struct Page {
    id: Id,
    child: String,
    class: String,
    what: String,
    staff: String,
    note: String,
    guardian: String,
    asked_on: Date,
    answered_at: Option<Millis>,
    outcomes: Vec<Choice>,
    outcome_problem: String,
    words: String,
    words_problem: String,
    refusal: String,
    followed_at: Option<Millis>,
    contact: Option<Id>,
}

/// A contradicted record of the actor's own school.
fn of_mine(r: &mut Reader, actor: &Actor, id: Id) -> Result<Question> {
    let found = question::find(r, id)?;
    if Some(found.school) != actor.hat.unit || found.state != State::No {
        return Err(Error::NotFound);
    }
    Ok(found)
}

/// Opens a record: that it was opened stands in the audit log before anything of it is shown.
pub(super) fn open(p: &mut Post<'_>, at: Holder<right::SeeContradicted>) -> Result<Reply> {
    let found = of_mine(p.tx, &at.actor, p.req.id()?)?;
    question::note_opened(p.tx, found.id, at.actor.account)?;
    p.audit("question.open", ("touch_question", Some(found.id)), "{}")?;
    Ok(Reply::to(format!("/questions/{}", found.id)))
}

pub(super) fn show(g: &mut Get<'_>, at: Holder<right::SeeContradicted>) -> Result<Reply> {
    let found = of_mine(g.r, &at.actor, g.req.id()?)?;
    let opened = found.opened_at.is_some_and(|opened| opened.plus_minutes(OPEN_MINUTES) > g.r.now());
    if !opened || found.opened_by != Some(at.actor.account) {
        return Ok(Reply::to("/questions"));
    }
    let (view, about) = (g.view().clone(), About::read(g.r, &found)?);
    let student = people::find_student(g.r, found.student)?;
    let class = match student.class {
        Some(class) => unit::find(g.r, class)?.display(year::current(g.r)?.start),
        None => String::new(),
    };
    let asked = guardians_of(g.r, found.student)?.into_iter().find(|k| k.guardian == found.guardian);
    let record: Option<(Id, String)> = g.r.row(
        sql!(
            "SELECT c.id, c.note FROM touch t
              JOIN contact_record c ON c.school_id = t.school_id AND c.id = t.source_id
              WHERE t.id = $1 AND t.school_id = $2 AND t.source_kind = 'contact_record'"
        ),
        &[&found.touch, &found.school],
    )?;
    let kept = question::words_of(g.r, &g.app.vault, found.id)?;
    let chosen = g.value("outcome", found.outcome.map_or("", Outcome::code)).to_owned();
    let body = Page {
        id: found.id,
        child: student.name,
        class,
        what: about.what().words(&view),
        staff: about.staff.clone().unwrap_or_default(),
        note: record.as_ref().map(|(_, note)| note.clone()).unwrap_or_default(),
        guardian: asked
            .map(|k| format!("{} {}", k.name, relation_words(&view, k.relation, &k.kin)))
            .unwrap_or_default(),
        asked_on: found.asked_on,
        answered_at: found.answered_at,
        outcomes: Outcome::ALL
            .iter()
            .map(|o| Choice { value: o.code(), label: o.label_key(), chosen: o.code() == chosen })
            .collect(),
        outcome_problem: g.problem("outcome"),
        words: g.value("words", &kept).to_owned(),
        words_problem: g.problem("words"),
        refusal: g.refusal(),
        followed_at: found.followed_at,
        contact: record.map(|(id, _)| id),
    };
    g.page(view.t("sampled-record-title"), "questions", &body)
}

pub(super) fn save(p: &mut Post<'_>, at: Holder<right::SeeContradicted>) -> Result<Reply> {
    let found = of_mine(p.tx, &at.actor, p.req.id()?)?;
    let mut invalid = Invalid::default();
    let outcome = p.form().choice("outcome", Outcome::parse, &mut invalid);
    let words = p.form().optional("words", WORDS, &mut invalid);
    invalid.into_result()?;
    let outcome = outcome.ok_or_else(|| Error::field("outcome", "field-choose"))?;
    let (app, by) = (p.app, at.actor.account);
    question::follow(p.tx, &app.vault, found.id, by, &Followed { outcome, words })?;
    let detail = serde_json::json!({ "outcome": outcome }).to_string();
    p.audit("question.follow", ("touch_question", Some(found.id)), &detail)?;
    Ok(Reply::to_with("/questions", Flash::new("sampled-followed")))
}
