//! A case as its writer sees it: what they wrote, where it stands and how its deadline came about, what was
//! asked, the answer, and their say.

use super::words::{Mark, mark};
use crate::caseload::model::{Case, How, Rating, ReplyState, State, Step, Writer};
use crate::caseload::permit::MyCase;
use crate::caseload::settings::settings_of;
use crate::caseload::{SOURCE, letters, rules, store};
use askama::Template;
use gongyu_kernel::error::Code;
use gongyu_kernel::{Date, Error, Result};
use gongyu_parts::attach;
use gongyu_parts::deadline::Shown;
use gongyu_registry::{unit, year};
use gongyu_store::{Reader, Tx};
use gongyu_web::show::View;
use gongyu_web::{App, Flash, FormData, Get, Post, Reply, filters};

struct Line {
    day: Date,
    what: String,
    words: String,
}

struct Answer {
    text: String,
    day: Option<Date>,
    how: &'static str,
}

/// The page of a letter, for who signed it and for who holds its number.
#[derive(Template)]
#[template(path = "caseload/pages/letter.html")]
pub(super) struct Letter {
    /// Where its acts post to.
    action: String,
    /// Number and password, of a letter nobody signed.
    receipt: Option<(String, String)>,
    school: String,
    title: String,
    body: String,
    topic: &'static str,
    received: Date,
    confidential: bool,
    mark: Mark,
    clocks: Vec<String>,
    files: String,
    lines: Vec<Line>,
    answers: Vec<Answer>,
    question: Option<String>,
    may_rate: bool,
    rated: Option<&'static str>,
    may_again: bool,
    may_review: bool,
}

/// Builds the page of a case for its writer.
pub(super) fn built(
    r: &mut Reader,
    app: &App,
    view: &View,
    case: &Case,
    receipt: Option<(String, String)>,
) -> Result<Letter> {
    let (calendar, settings, today) = (year::calendar(r)?, settings_of(r)?, r.today());
    let whole = match case.merged_into {
        Some(into) => store::find(r, into)?,
        None => case.clone(),
    };
    let matter = case.matter(&app.vault)?;
    let replies = store::replies_of(r, &app.vault, whole.id)?;
    let answers = replies.into_iter().filter(|(row, _)| row.state == ReplyState::Sent).map(|(row, text)| Answer {
        text,
        day: row.sent_on,
        how: if row.how == How::None { How::InApp.label_key() } else { row.how.label_key() },
    });
    let answers: Vec<Answer> = answers.collect();
    let events = store::events_of(r, &app.vault, case.id)?;
    let question = (case.state == State::Asking)
        .then(|| events.iter().rev().find(|(e, _)| e.kind == Step::Asked).map(|(_, w)| w.clone()))
        .flatten();
    let lines = events.into_iter().filter(|(e, _)| e.kind.shown_to_writer()).map(|(e, words)| Line {
        day: e.day,
        what: view
            .ta(&format!("case-told-{}", e.kind.code()), &[("by", e.by.as_str().into()), ("to", e.to.as_str().into())]),
        words,
    });
    let lines: Vec<Line> = lines.collect();
    let shown = |stage: &gongyu_parts::deadline::Stage| {
        let label = view.t(&format!("case-stage-{}", stage.key));
        Shown::of(view, label, &stage.clock, &calendar.holidays, today).html(view)
    };
    let clocks: Result<Vec<String>> = whole.stages.0.iter().filter(|s| s.key != rules::OBJECT).map(shown).collect();
    let answered = case.state == State::Merged && whole.answered_on.is_some();
    let state = if answered { State::Answered } else { case.state };
    let attached = attach::of(r, SOURCE, case.id)?;
    Ok(Letter {
        action: if receipt.is_some() { "/letters/follow/act".to_owned() } else { format!("/mailbox/{}", case.id) },
        receipt,
        school: unit::find(r, case.school)?.name,
        title: matter.title,
        body: matter.body,
        topic: case.topic.label_key(),
        received: case.received_on,
        confidential: case.writer == Writer::Confidential,
        mark: mark(view, state, case.due_on),
        clocks: clocks?,
        files: attach::Files::new(&attached).html(view)?,
        lines,
        may_rate: rules::may_rate(case) && whole.answered_on.is_some(),
        rated: (case.rating != Rating::None).then(|| case.rating.label_key()),
        may_again: rules::may_reopen(case, &settings, today),
        may_review: rules::may_review(case, today),
        answers,
        question,
    })
}

pub(super) fn show(g: &mut Get<'_>, at: MyCase) -> Result<Reply> {
    let view = g.view().clone();
    let body = built(g.r, g.app, &view, &at.case, None)?;
    g.page(g.t("case-letter-page"), "mailbox", &body)
}

/// The writer told what was asked.
pub(super) fn tell_more(tx: &mut Tx, app: &App, case: &mut Case, form: &FormData) -> Result<&'static str> {
    store::answer_question(tx, app, None, case, form.get("answer"))?;
    Ok("case-more-told")
}

/// The writer says what they think of the answer.
pub(super) fn say(tx: &mut Tx, app: &App, case: &mut Case, form: &FormData) -> Result<&'static str> {
    let rating = Rating::parse(form.get("rating")).ok_or_else(|| Error::field("rating", "field-choose"))?;
    store::rate(tx, app, case, rating, form.get("words"))?;
    Ok(if rating == Rating::Unsatisfied { "case-rated-not" } else { "case-rated" })
}

/// The writer has it taken up again, or reviewed.
pub(super) fn anew(tx: &mut Tx, app: &App, case: &mut Case, form: &FormData) -> Result<&'static str> {
    let today = tx.today();
    if rules::may_review(case, today) {
        store::review(tx, app, case, form.get("why"))?;
        return Ok("case-review-asked");
    }
    store::reopen(tx, app, case, form.get("why"))?;
    Ok("case-again-asked")
}

fn done(p: &mut Post<'_>, case: &Case, action: &str, told: &'static str) -> Result<Reply> {
    p.audit(action, (SOURCE, None), "{}")?;
    Ok(Reply::to_with(format!("/mailbox/{}", case.id), Flash::new(Code::new(told))))
}

pub(super) fn more(p: &mut Post<'_>, at: MyCase) -> Result<Reply> {
    let mut case = at.case;
    let told = tell_more(p.tx, p.app, &mut case, &p.req.form)?;
    done(p, &case, "case.more", told)
}

pub(super) fn rate(p: &mut Post<'_>, at: MyCase) -> Result<Reply> {
    let mut case = at.case;
    let told = say(p.tx, p.app, &mut case, &p.req.form)?;
    done(p, &case, "case.rate", told)
}

pub(super) fn again(p: &mut Post<'_>, at: MyCase) -> Result<Reply> {
    let mut case = at.case;
    let told = anew(p.tx, p.app, &mut case, &p.req.form)?;
    done(p, &case, "case.again", told)
}

/// Tells the writer, where they have an account, that something waits.
pub(super) fn tell_writer(p: &mut Post<'_>, case: &Case) -> Result<()> {
    letters::tell(p.tx, p.app, case)
}
