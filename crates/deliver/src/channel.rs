//! Channels: what carries a message to a person, and which one the district has chosen.

use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, settings};
use gongyu_web::App;
use serde::{Deserialize, Serialize};

/// A message as a channel gets it.
pub struct Letter<'a> {
    /// Identifier; give it to a provider that knows idempotency keys.
    pub id: Id,
    /// Number or address.
    pub to: &'a str,
    /// Text.
    pub body: &'a str,
    /// Name of the message's template, which providers ask to register.
    pub template: &'a str,
}

/// What became of a message handed to a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Taken; with the provider's receipt, if it gives one.
    Taken(String),
    /// Not taken, and may be handed over again later.
    Later(String),
    /// Not taken, and never will be: a number that does not exist.
    Refused(String),
    /// The answer was lost: it may or may not have gone out, so it is not sent again.
    Lost(String),
}

/// Something that carries messages.
pub trait Channel: Send + Sync {
    /// Its name in the setting and in the table.
    fn name(&self) -> &'static str;
    /// Whether it can carry anything at all.
    fn works(&self) -> bool {
        true
    }
    /// Hands a message over. Writes nothing personal to a log.
    fn send(&self, letter: &Letter<'_>) -> Sent;
}

/// Demo mode: the message stays in the table and is read at `/demo/outbox`.
struct Outbox;

impl Channel for Outbox {
    fn name(&self) -> &'static str {
        "outbox"
    }
    fn send(&self, letter: &Letter<'_>) -> Sent {
        tracing::info!(message = %letter.id, template = letter.template, "kept in the demo outbox");
        Sent::Taken(String::new())
    }
}

/// No channel was chosen: nothing goes out, and the dead letter says what to do.
struct NoChannel;

impl Channel for NoChannel {
    fn name(&self) -> &'static str {
        "none"
    }
    fn works(&self) -> bool {
        false
    }
    fn send(&self, _: &Letter<'_>) -> Sent {
        Sent::Later(format!("no outgoing channel is configured: set {SETTING} to one that can send text messages"))
    }
}

static CHANNELS: [&dyn Channel; 2] = [&Outbox, &NoChannel];

/// Key of the setting that names the channel of each kind of message.
pub const SETTING: &str = "deliver-channels";

/// The setting: which channel carries what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Chosen {
    /// Channel of one-time codes; empty means the demo's outbox in demo mode and none otherwise.
    pub code: String,
}

/// The channel for one-time codes.
///
/// # Errors
/// As any statement.
pub fn for_codes(app: &App, r: &mut Reader) -> Result<&'static dyn Channel> {
    let chosen: Chosen = settings::get_or_default(r, SETTING)?;
    Ok(named(&chosen.code, app.config.demo))
}

/// The outbox is open to everybody who looks, so outside the demo it is no channel.
fn named(name: &str, demo: bool) -> &'static dyn Channel {
    let wanted = if name.is_empty() { "outbox" } else { name };
    let found = CHANNELS.iter().find(|c| c.name() == wanted && (demo || wanted != "outbox"));
    *found.unwrap_or(&CHANNELS[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_open_outbox_carries_codes_only_in_the_demo() {
        assert_eq!(named("", true).name(), "outbox");
        assert_eq!(named("", false).name(), "none");
        assert_eq!(named("outbox", false).name(), "none");
        assert_eq!(named("pigeon", true).name(), "none");
    }

    #[test]
    fn without_a_channel_the_operator_is_told_what_to_set() {
        let letter = Letter { id: Id(1), to: "13900000000", body: "", template: "code" };
        let Sent::Later(why) = named("", false).send(&letter) else { panic!("taken") };
        assert!(why.contains(SETTING) && !why.contains("139"));
    }
}
