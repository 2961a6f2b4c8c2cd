//! How cases are said.

use crate::caseload::model::{Case, Door, State, Topic};
use crate::caseload::rules::{LONGEST, TITLE};
use gongyu_kernel::Date;
use gongyu_web::Get;
use gongyu_web::show::View;

/// Look and icon of a state.
pub(super) const fn look(state: State) -> (&'static str, &'static str) {
    match state {
        State::New => ("is-due", "mail"),
        State::Handling => ("is-due", "edit"),
        State::Asking => ("is-na", "hourglass"),
        State::Approving => ("is-due", "eye"),
        State::Telling => ("is-due", "phone"),
        State::Answered => ("is-met", "message"),
        State::Closed => ("is-met", "circle-check"),
        State::Merged => ("is-na", "arrow-merge"),
    }
}

/// Icon of a door.
pub(super) const fn door_icon(door: Door) -> &'static str {
    match door {
        Door::Mailbox => "mail",
        Door::Line => "phone",
        Door::Reception => "calendar-event",
    }
}

/// A mark: look, icon, words.
pub(super) struct Mark {
    pub(super) look: &'static str,
    pub(super) icon: &'static str,
    pub(super) words: String,
}

/// Where a case stands on a day, what is over said as such.
pub(super) fn mark(view: &View, state: State, due_on: Option<Date>) -> Mark {
    let today = view.today();
    let over = due_on.is_some_and(|due| due < today) && state.is_open() && state != State::Asking;
    let (look, icon) = if over { ("is-over", "f-alert-triangle") } else { look(state) };
    let words = match (over, due_on) {
        (true, Some(due)) => view.ta("case-over-since", &[("day", view.day(due).into())]),
        _ => view.t(state.label_key()),
    };
    Mark { look, icon, words }
}

/// 回复期限 12月2日; empty when nothing runs.
pub(super) fn due_words(view: &View, case: &Case) -> String {
    match case.due_on {
        Some(due) if case.state.is_open() => view.ta("case-due", &[("day", view.day(due).into())]),
        _ => String::new(),
    }
}

/// Something to choose.
pub(super) struct Choice {
    pub(super) code: String,
    pub(super) words: String,
    pub(super) on: bool,
}

/// The topics to choose from.
pub(super) fn topics(view: &View, chosen: &str) -> Vec<Choice> {
    let one = |t: &Topic| Choice { code: t.code().to_owned(), words: view.t(t.label_key()), on: t.code() == chosen };
    Topic::ALL.iter().map(one).collect()
}

/// What every form of a matter asks: topic, title, text.
pub(super) struct Fields {
    pub(super) topics: Vec<Choice>,
    pub(super) topic_problem: String,
    pub(super) title: String,
    pub(super) title_problem: String,
    pub(super) body: String,
    pub(super) body_problem: String,
    pub(super) longest: usize,
    pub(super) title_longest: usize,
}

impl Fields {
    /// As typed, or empty with a topic chosen.
    pub(super) fn of(g: &Get<'_>, topic: &str) -> Self {
        Self {
            topics: topics(g.view(), g.value("topic", topic)),
            topic_problem: g.problem("topic"),
            title: g.value("title", "").to_owned(),
            title_problem: g.problem("title"),
            body: g.value("body", "").to_owned(),
            body_problem: g.problem("body"),
            longest: LONGEST,
            title_longest: TITLE,
        }
    }
}

/// The key of a form that is sent once: as posted, else a new one.
pub(super) fn key_of(g: &Get<'_>) -> String {
    match g.value("key", "") {
        "" => g.app.random.code(20),
        key => key.to_owned(),
    }
}
