//! The pages of the loop: the list with its figures, one task, the errand of whoever knocks, the settings.

mod act;
mod errand;
mod export;
mod list;
mod one;
mod open;
mod settings;

use super::model::{Level, Reason, State, Step, Task};
use gongyu_kernel::{Date, Result};
use gongyu_parts::deadline::{Clock, Shown, Term};
use gongyu_registry::year;
use gongyu_web::show::View;
use gongyu_web::{Get, Routes};

/// Something to choose.
#[derive(Clone, Debug)]
struct Choice {
    value: String,
    label: String,
    on: bool,
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/unreached", list::show)
        .post("/unreached/export", export::file)
        .post("/unreached/open", open::open)
        .form("/unreached/settings", settings::show, settings::save)
        .form("/unreached/{id}", one::show, act::save)
        .post("/unreached/{id}/undo", act::undo)
        .post("/unreached/{id}/address", act::address)
}

/// Colour and icon of a due day.
fn look(due: Date, today: Date) -> (&'static str, &'static str) {
    if due < today { ("is-over", "f-alert-triangle") } else { ("is-due", "clock") }
}

/// The day to answer by with its computation, as HTML; empty where the calendar in force would give another
/// day than the one that was promised.
fn deadline(g: &mut Get<'_>, view: &View, task: &Task, steps: &[Step]) -> Result<String> {
    let laid = steps.iter().rev().find(|s| s.due_on == Some(task.due_on)).and_then(|s| s.due_from.zip(s.due_days));
    let Some((from, days)) = laid.filter(|_| task.state == State::Open) else { return Ok(String::new()) };
    let clock = Clock::start(from, Term::workdays(days));
    let calendar = year::calendar(g.r)?;
    if clock.due(&calendar.holidays) != Some(task.due_on) {
        return Ok(String::new());
    }
    Shown::of(view, view.t("unreached-due"), &clock, &calendar.holidays, view.today()).html(view)
}

/// Why, in words.
fn reason_words(view: &View, reason: Option<Reason>, words: &str) -> String {
    match reason {
        None => view.t("unreached-reason-none"),
        Some(Reason::Other) if !words.is_empty() => words.to_owned(),
        Some(reason) => view.t(reason.label_key()),
    }
}

/// 柳溪村: with whom it lies, a class by the words for its teacher.
fn with_words(view: &View, level: Level, unit: &str) -> String {
    let key = match level {
        Level::Class => "unreached-with-class",
        Level::School => "unreached-with-school",
        Level::Town | Level::Site => return unit.to_owned(),
    };
    view.ta(key, &[("unit", unit.into())])
}
