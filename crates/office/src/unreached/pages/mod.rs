//! The pages of the loop: the list with its figures, one task, the errand of whoever knocks, the settings.

mod act;
mod errand;
mod export;
mod list;
mod one;
mod open;
mod settings;

use super::model::{Level, Reason};
use gongyu_kernel::Date;
use gongyu_web::Routes;
use gongyu_web::show::View;

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
