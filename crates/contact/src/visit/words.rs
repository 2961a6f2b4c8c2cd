//! How visits are said.

use super::model::{Reason, State, Visit};
use super::suggest::Triggers;
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::{Date, Millis};
use gongyu_web::show::View;

/// 11月25日周三18:30.
pub fn at_words(view: &View, at: Millis) -> String {
    let civil = at.civil();
    let clock = format!("{:02}:{:02}", civil.hour(), civil.minute());
    view.ta("visit-at", &[("day", day_words(view, civil.date()).into()), ("clock", clock.into())])
}

/// 11月25日周三.
pub fn day_words(view: &View, day: Date) -> String {
    let weekday = view.t(&format!("visit-weekday-{}", day.weekday().to_monday_one_offset()));
    view.ta("visit-day-weekday", &[("day", view.day(day).into()), ("weekday", weekday.into())])
}

/// When a visit is: the moment, the day, the day by which, or nothing.
pub fn when_words(view: &View, starts_at: Option<Millis>, day: Option<Date>, due_on: Option<Date>) -> String {
    match (starts_at, day, due_on) {
        (Some(at), ..) => at_words(view, at),
        (None, Some(day), _) => day_words(view, day),
        (None, None, Some(due)) => view.ta("visit-by", &[("day", view.day(due).into())]),
        _ => String::new(),
    }
}

/// Why, with what happened.
pub fn reason_words(view: &View, visit: &Visit, triggers: &Triggers) -> String {
    match visit.reason {
        Reason::Trigger if !visit.trigger.is_empty() => triggers.words(&visit.trigger, view.lang() == Lang::Zh),
        other => view.t(other.label_key()),
    }
}

/// Look and icon of a state.
pub const fn state_look(state: State) -> (&'static str, &'static str) {
    match state {
        State::Planned => ("is-na", "calendar"),
        State::Offered => ("is-due", "hourglass"),
        State::Agreed => ("is-due", "calendar-event"),
        State::Done => ("is-met", "check"),
        State::Cancelled => ("is-na", "ban"),
    }
}
