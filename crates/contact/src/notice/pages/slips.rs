//! A notice on paper: one slip for each child, by class, with a part to be torn off.

use super::words::at_words;
use crate::notice::model::Kind;
use crate::notice::permit::ForNotice;
use crate::notice::store::{self, ChildLine};
use gongyu_access::{Action, right};
use gongyu_kernel::{Error, Id, Result};
use gongyu_paper::pdf::{Slip, SlipQuestion, SlipSheet};
use gongyu_parts::{form, rich};
use gongyu_registry::{unit, year};
use gongyu_web::{Download, Post, Reply};

/// Slips in one file: a school's; more is a printing house's work [P].
const MOST: usize = 1_000;

pub(super) fn print(p: &mut Post<'_>, at: ForNotice<right::SeeNotices>) -> Result<Reply> {
    at.actor.may(Action::LogContact)?;
    let (notice, slice) = (&at.sight.notice, at.sight.slice);
    let mut list = store::children(notice.id, slice);
    if p.form().ticked("silent") {
        list = list.filter(if notice.kind == Kind::Plain { "unseen" } else { "silent" }, &[]);
    }
    if let Some(class) = p.form().id("class") {
        list = list.filter("class", &[&class]);
    }
    let lines = list.limit(MOST).rows::<ChildLine>(p.tx)?.rows;
    if lines.is_empty() {
        return Err(Error::conflict("notice-slips-none"));
    }
    let start = year::current(p.tx)?.start;
    let classes: Vec<Id> = lines.iter().map(|l| l.class).collect();
    let names = unit::names(p.tx, &classes, start)?;
    let slips = lines
        .into_iter()
        .map(|l| Slip { class: names.get(&l.class).cloned().unwrap_or_default(), child: l.name })
        .collect::<Vec<_>>();
    p.audit("notice.slips", ("notice", Some(notice.id)), &serde_json::json!({ "n": slips.len() }).to_string())?;
    let view = p.view().clone();
    let questions = form::Form::parse(&notice.questions)?;
    let question = |q: &form::Question| SlipQuestion {
        ask: q.ask.clone(),
        choices: q.kind.choices().iter().map(|c| c.label.clone()).collect(),
    };
    let day = notice.sent_at.map(|t| view.day(t.date())).unwrap_or_default();
    let sheet = SlipSheet {
        title: notice.title.clone(),
        from: format!("{} {} {day}", notice.from_name, notice.author_name),
        body: rich::plain(&notice.body)
            .lines()
            .map(str::trim)
            .filter(|l| !l.is_empty())
            .map(ToOwned::to_owned)
            .collect(),
        until: notice.deadline.map(|end| at_words(&view, end)).unwrap_or_default(),
        questions: questions.questions.iter().filter(|q| q.kind != form::Kind::Signature).map(question).collect(),
        wants_back: notice.kind != Kind::Plain,
        foot: view.ta("notice-slips-foot", &[("day", view.day(view.today()).into())]),
        slips,
    };
    let name = format!("{}.pdf", view.ta("notice-slips-file", &[("title", notice.title.as_str().into())]));
    Ok(Reply::later(move || Ok(Download::pdf(name, sheet.typeset().map_err(Error::internal)?.bytes))))
}
