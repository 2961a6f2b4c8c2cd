//! The demo's outbox: messages that would have gone to phones, to read on screen.

use crate::channel::Way;
use crate::message::{self, State};
use askama::Template;
use gongyu_kernel::{Error, Millis, Result};
use gongyu_web::filters;
use gongyu_web::permit::Anyone;
use gongyu_web::{Get, Reply};

struct Line {
    to: String,
    body: String,
    state: State,
    at: Millis,
}

#[derive(Template)]
#[template(path = "outbox/outbox.html")]
struct OutboxPage {
    lines: Vec<Line>,
}

/// Only in demo mode, where every number is invented.
pub(crate) fn show(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    if !g.app.config.demo {
        return Err(Error::NotFound);
    }
    let lines = message::newest(g.r, &g.app.vault, 30)?
        .into_iter()
        .map(|m| Line { to: whom(g, &m.to), body: m.body, state: m.state, at: m.created_at })
        .collect();
    Ok(g.page(g.t("outbox-title"), "", &OutboxPage { lines })?.bare())
}

/// A number, or the channel where the address is a key of another program.
fn whom(g: &Get<'_>, to: &str) -> String {
    Way::parse(to).map_or_else(|| ends(to), |way| g.t(&format!("way-{}", way.code())))
}

/// The ends of a number: enough to tell one's own message.
pub(crate) fn ends(number: &str) -> String {
    match (number.get(..3), number.len().checked_sub(4).and_then(|at| number.get(at..))) {
        (Some(head), Some(tail)) if number.len() > 7 => format!("{head}****{tail}"),
        _ => "****".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::ends;

    #[test]
    fn only_the_ends_of_a_number_are_shown() {
        assert_eq!(ends("13900005562"), "139****5562");
        assert_eq!(ends("5562"), "****");
    }
}
