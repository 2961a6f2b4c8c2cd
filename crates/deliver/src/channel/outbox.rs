//! Demo mode: nothing leaves the house. What would have gone out is kept and read at `/demo/outbox`.

use super::{Channel, Letter, Sent, Way};
use crate::message::{self, NewMessage, Step};
use gongyu_web::App;

/// Stands in for every channel.
pub(super) struct Outbox {
    app: App,
    way: Way,
}

impl Outbox {
    pub(super) fn new(app: App, way: Way) -> Self {
        Self { app, way }
    }
}

impl Channel for Outbox {
    fn at_once(&self) -> usize {
        1
    }

    fn together(&self) -> usize {
        100
    }

    fn send(&self, letter: &Letter<'_>) -> Sent {
        self.send_together(std::slice::from_ref(letter)).pop().unwrap_or_else(|| Sent::Taken(String::new()))
    }

    fn send_together(&self, letters: &[Letter<'_>]) -> Vec<Sent> {
        let kept: Vec<_> = letters
            .iter()
            .map(|l| {
                let text = [l.body, l.href].iter().filter(|t| !t.is_empty()).copied().collect::<Vec<_>>().join(" ");
                (l.id, l.to.to_owned(), text, l.template.to_owned())
            })
            .collect();
        let (app, way) = (self.app.clone(), self.way);
        let done = self.app.db.write_wait(move |tx| {
            for (id, to, body, template) in &kept {
                let new = NewMessage { id: *id, channel: "outbox", template, to: shown(way, to), body };
                if message::begin(tx, &app.vault, &new)? == Step::Send {
                    message::settle(tx, *id, &Sent::Taken(String::new()))?;
                }
            }
            Ok(())
        });
        let answer = match done {
            Ok(()) => Sent::Taken(String::new()),
            Err(e) => Sent::Later(e.to_string()),
        };
        letters.iter().map(|_| answer.clone()).collect()
    }
}

/// A number or an address to look at; the others are keys of other programs.
fn shown(way: Way, to: &str) -> &str {
    if matches!(way, Way::Sms | Way::Email) { to } else { way.code() }
}
