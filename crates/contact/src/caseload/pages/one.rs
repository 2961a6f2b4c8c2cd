//! A case as staff see it: the matter, the name only where it may be shown, the clocks, what was done, and
//! what this person may do now.

use super::words::{Mark, door_icon, mark};
use crate::caseload::model::{Case, HelperState, ReplyState, State, Track, Writer};
use crate::caseload::permit::{Held, OfCase, Part};
use crate::caseload::{SOURCE, rules, store};
use askama::Template;
use gongyu_access::{Action, Actor, right};
use gongyu_kernel::{Date, Id, Result};
use gongyu_parts::attach;
use gongyu_parts::deadline::Shown;
use gongyu_registry::{people, year};
use gongyu_web::{Get, Reply, filters};

struct Line {
    day: Date,
    what: String,
    words: String,
}

struct ReplyLine {
    text: String,
    state: &'static str,
    author: String,
    approved: String,
    day: Option<Date>,
}

struct Person {
    name: String,
    phone: String,
    child: Option<(Id, String)>,
}

#[derive(Template)]
#[template(path = "caseload/pages/one.html")]
struct Page {
    phone: bool,
    id: Id,
    version: i64,
    icon: &'static str,
    door: &'static str,
    title: String,
    body: String,
    topic: &'static str,
    writer: &'static str,
    received: Date,
    petition: bool,
    mark: Mark,
    clocks: Vec<String>,
    files: String,
    person: Option<Person>,
    handler: Option<String>,
    helpers: Vec<(Id, String, &'static str)>,
    staff: Vec<(Id, String)>,
    lines: Vec<Line>,
    replies: Vec<ReplyLine>,
    draft: String,
    draft_problem: String,
    refusal: String,
    like: Vec<(Id, String)>,
    public: Option<(String, String)>,
    question: String,
    question_problem: String,
    answer: String,
    answer_problem: String,
    rated: Option<&'static str>,
    may: May,
}

/// What the person may do now.
#[allow(clippy::struct_excessive_bools, reason = "each is one form of the page")]
#[derive(Default)]
struct May {
    assign: bool,
    help: bool,
    opinion: bool,
    ask: bool,
    told: bool,
    extend: bool,
    draft: bool,
    approve: bool,
    tell: bool,
    merge: bool,
    petition: bool,
    accept: bool,
    name: bool,
    publish: bool,
}

fn may(actor: &Actor, held: &Held) -> May {
    let (case, steers) = (&held.case, held.part == Part::Steers);
    let (open, works) = (case.state.is_open(), held.handles || steers);
    let approves = actor.may(Action::ApproveReplies).is_ok() && steers;
    May {
        assign: open && works,
        help: open && works,
        opinion: open && held.part == Part::Helps,
        ask: case.state == State::Handling && works && case.writer != Writer::Unnamed,
        told: case.state == State::Asking && works && case.writer != Writer::Anonymous,
        extend: open && works && case.state != State::Asking && rules::answering(case) != rules::PETITION_ACCEPT,
        draft: case.state == State::Handling && works,
        approve: case.state == State::Approving && approves,
        tell: case.state == State::Telling && works,
        merge: open && steers,
        petition: steers && rules::may_petition(case),
        accept: steers && case.track == Track::Petition && case.stages.get(rules::PETITION_FINISH).is_none(),
        name: held.handles && case.writer == Writer::Confidential,
        publish: approves && rules::may_publish(case),
    }
}

pub(super) fn show(g: &mut Get<'_>, at: OfCase<right::HandleCases>) -> Result<Reply> {
    let (actor, held) = (at.actor, at.held);
    let case: &Case = &held.case;
    let (calendar, today, view) = (year::calendar(g.r)?, g.r.today(), g.view().clone());
    let vault = &g.app.vault;
    let matter = case.matter(vault)?;
    let events = store::events_of(g.r, vault, case.id)?;
    let lines = events.into_iter().map(|(e, words)| Line {
        day: e.day,
        what: view
            .ta(&format!("case-step-{}", e.kind.code()), &[("by", e.by.as_str().into()), ("to", e.to.as_str().into())]),
        words,
    });
    let lines: Vec<Line> = lines.collect();
    let replies = store::replies_of(g.r, vault, case.id)?;
    let running = replies.last().filter(|(r, _)| r.state != ReplyState::Sent).map(|(_, text)| text.clone());
    let last_sent = replies.iter().rev().find(|(r, _)| r.state == ReplyState::Sent).map(|(_, text)| text.clone());
    let person = match held.writer(g.r, g.app)? {
        Some(who) => {
            let known = match (who.person.phone.is_empty(), who.guardian) {
                (true, Some(guardian)) if held.works().is_ok() => people::phone_of(g.r, vault, guardian)?,
                _ => None,
            };
            let phone = known.unwrap_or(who.person.phone);
            Some(Person { name: who.person.name, phone, child: who.student.zip(who.child) })
        }
        None => None,
    };
    let helpers = store::helpers_of(g.r, case.id)?;
    let may = may(&actor, &held);
    let staff: Vec<(Id, String)> = if may.assign {
        let all = people::staff_of_school(g.r, case.school)?;
        all.into_iter().filter(|s| Some(s.id) != case.handler).map(|s| (s.id, s.name)).collect()
    } else {
        Vec::new()
    };
    let mut like = Vec::new();
    if may.merge {
        for other in store::open_like(g.r, case)? {
            like.push((other.id, other.matter(vault)?.title));
        }
    }
    let attached = attach::of(g.r, SOURCE, case.id)?;
    let shown = |stage: &gongyu_parts::deadline::Stage| {
        let label = view.t(&format!("case-stage-{}", stage.key));
        Shown::of(&view, label, &stage.clock, &calendar.holidays, today).html(&view)
    };
    let clocks: Result<Vec<String>> = case.stages.0.iter().map(shown).collect();
    let public = store::published(g.r, case.id)?;
    let (asked, told) = public.clone().unwrap_or_else(|| (matter.title.clone(), last_sent.unwrap_or_default()));
    let body = Page {
        phone: view.phone,
        id: case.id,
        version: case.version,
        icon: door_icon(case.door),
        door: case.door.label_key(),
        title: matter.title.clone(),
        body: matter.body,
        topic: case.topic.label_key(),
        writer: case.writer.label_key(),
        received: case.received_on,
        petition: case.track == Track::Petition,
        mark: mark(&view, case.state, case.due_on),
        clocks: clocks?,
        files: attach::Files::new(&attached).html(&view)?,
        person,
        handler: match case.handler {
            Some(staff) => Some(people::find_staff(g.r, staff)?.name),
            None => None,
        },
        helpers: helpers
            .into_iter()
            .map(|h| {
                (
                    h.staff,
                    h.name,
                    if h.state == HelperState::Answered { "case-helper-answered" } else { "case-helper-asked" },
                )
            })
            .collect(),
        staff,
        lines,
        draft: g.value("reply", &running.unwrap_or_default()).to_owned(),
        draft_problem: g.problem("reply"),
        refusal: g.refusal(),
        replies: replies
            .into_iter()
            .map(|(row, text)| ReplyLine {
                text,
                state: row.state.label_key(),
                author: row.author_name,
                approved: row.approved_name,
                day: row.sent_on,
            })
            .collect(),
        like,
        question: g.value("question", &asked).to_owned(),
        question_problem: g.problem("question"),
        answer: g.value("answer", &told).to_owned(),
        answer_problem: g.problem("answer"),
        public,
        rated: (case.rating != crate::caseload::model::Rating::None).then(|| case.rating.label_key()),
        may,
    };
    g.page(matter.title, "cases", &body)
}
