//! A minute of feedback, and its sums: nobody's name stands beside it, and under five answers only the number is told.

use crate::open_day::permit::{ForOpenDay, own_children};
use crate::open_day::{SOURCE, feedback, store};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Error, Id, Result};
use gongyu_parts::form::{self, Kind, Tally};
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Holder, Post, Reply};

/// Answers under which nothing but their number is told: they would point at somebody [P].
const FEWEST: usize = 5;

#[derive(Template)]
#[template(path = "open_day/pages/ask.html")]
struct Ask {
    id: Id,
    title: String,
    fields: String,
    refusal: String,
}

struct Words {
    ask: String,
    said: Vec<String>,
}

#[derive(Template)]
#[template(path = "open_day/pages/said.html")]
struct Said {
    phone: bool,
    id: Id,
    title: String,
    n: usize,
    few: bool,
    charts: Vec<String>,
    words: Vec<Words>,
}

pub(super) fn ask(g: &mut Get<'_>, at: Holder<right::SeeOwnChildren>) -> Result<Reply> {
    let day = store::find(g.r, g.req.id()?)?;
    let me = at.actor.guardian.ok_or(Error::Forbidden)?;
    may_speak(g.r, me, day.id)?;
    let view = g.view().clone();
    let questions = feedback::form(&store::more(g.r, day.id)?.questions, |key| view.t(key))?;
    let before = feedback::of_guardian(g.r, day.id, me)?;
    let fields = form::Fields::of(g, &questions, &before)?.html(&view)?;
    let body = Ask { id: day.id, title: day.title, fields, refusal: g.refusal() };
    g.page(g.t("open-say"), "home", &body)
}

/// Who came may speak of it, whether the child is still in the class or not.
fn may_speak(r: &mut gongyu_store::Reader, me: Id, day: Id) -> Result<()> {
    if feedback::came(r, day, me)? {
        return Ok(());
    }
    let day = store::find(r, day)?;
    own_children(r, Some(me), &day)?;
    Err(Error::conflict("open-say-came"))
}

pub(super) fn keep(p: &mut Post<'_>, at: Holder<right::SeeOwnChildren>) -> Result<Reply> {
    let day = store::find(p.tx, p.req.id()?)?;
    let me = at.actor.guardian.ok_or(Error::Forbidden)?;
    may_speak(p.tx, me, day.id)?;
    let view = p.view().clone();
    let questions = feedback::form(&store::more(p.tx, day.id)?.questions, |key| view.t(key))?;
    let mut invalid = Invalid::default();
    let answers = form::answers(&questions, p.form(), &mut invalid);
    invalid.into_result()?;
    feedback::keep(p.tx, day.id, day.school, me, &answers)?;
    p.audit("open_day.say", (SOURCE, Some(day.id)), "{}")?;
    Ok(Reply::to_with("/home", Flash::new("open-said-now")))
}

pub(super) fn show(g: &mut Get<'_>, at: ForOpenDay<right::SeeOpenDays>) -> Result<Reply> {
    let view = g.view().clone();
    let day = &at.day;
    let questions = feedback::form(&store::more(g.r, day.id)?.questions, |key| view.t(key))?;
    let all = feedback::all(g.r, day.id)?;
    let few = all.len() < FEWEST;
    let (mut charts, mut words) = (Vec::new(), Vec::new());
    if !few {
        for (_, chart) in Tally::of(&all).charts(&view, &questions) {
            charts.push(chart.figure(&view)?);
        }
        for question in questions.questions.iter().filter(|q| matches!(q.kind, Kind::Text { .. })) {
            let said: Vec<String> = all
                .iter()
                .filter_map(|a| a.get(&question.key).map(|v| v.words(question, "")))
                .filter(|text| !text.is_empty())
                .collect();
            if !said.is_empty() {
                words.push(Words { ask: question.ask.clone(), said });
            }
        }
    }
    let body = Said { phone: view.phone, id: day.id, title: day.title.clone(), n: all.len(), few, charts, words };
    Ok(g.page(g.t("open-said"), "open-days", &body)?.script("echarts.js").script("chart.js"))
}
