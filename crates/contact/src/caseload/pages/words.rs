//! How cases are said.

use crate::caseload::model::{Case, Door, State, Topic};
use gongyu_kernel::Date;
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

/// A key for a form that is sent once.
pub(super) fn fresh_key(app: &gongyu_web::App) -> String {
    app.random.code(20)
}
