//! Channels: what carries a letter to a person, and which of them the district has switched on.

mod aliyun;
mod email;
pub(crate) mod http;
mod outbox;
pub(crate) mod push;
mod push_seal;
pub(crate) mod setting;
pub(crate) mod sign;
pub(crate) mod state;
mod template;
mod tencent;
pub(crate) mod wechat;
pub(crate) mod wechat_seal;
pub(crate) mod wecom;

pub use setting::{SETTING, Settings};
pub use state::{set_seal_key, set_secret};

use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, coded};
use gongyu_web::App;
use std::collections::HashMap;
use std::sync::Arc;

/// A letter as a channel gets it.
#[derive(Clone, Debug)]
pub struct Letter<'a> {
    /// Identifier; given to a provider that knows idempotency keys.
    pub id: Id,
    /// Number or address.
    pub to: &'a str,
    /// One line.
    pub title: &'a str,
    /// Short text.
    pub body: &'a str,
    /// Whole address of the page it opens; empty for none.
    pub href: &'a str,
    /// Name of the letter's template, which providers ask to register.
    pub template: &'a str,
    /// Values of the template.
    pub values: &'a [(&'static str, String)],
    /// Cannot wait: a push wakes the device for it.
    pub urgent: bool,
}

/// What became of a letter handed to a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Taken; with the provider's receipt, if it gives one.
    Taken(String),
    /// Not taken, and may be handed over again later.
    Later(String),
    /// Not taken, and never will be: a number that does not exist.
    Refused(String),
    /// As `Refused`, and nothing else will ever reach this address: forget it.
    Gone(String),
    /// The answer was lost: it may or may not have gone out, so it is not sent again.
    Lost(String),
}

/// The channels there are, in the order in which a district usually wants them tried: what costs nothing first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Way {
    /// Template message of the official account.
    Wechat,
    /// School notice of WeCom.
    Wecom,
    /// Web Push.
    Push,
    /// E-mail.
    Email,
    /// Text message.
    Sms,
    /// Only in the product itself.
    App,
}

impl Way {
    /// Every one.
    pub const ALL: [Self; 6] = [Self::Wechat, Self::Wecom, Self::Push, Self::Email, Self::Sms, Self::App];

    /// Text in the database and in the catalogues.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Wechat => "wechat",
            Self::Wecom => "wecom",
            Self::Push => "push",
            Self::Email => "email",
            Self::Sms => "sms",
            Self::App => "app",
        }
    }

    /// Reads the text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|w| w.code() == text)
    }

    /// Record under which its secrets are sealed.
    pub(crate) const fn record(self) -> Id {
        Id(self as i64 + 1)
    }

    /// A list as it is kept in a column: `wechat,sms`.
    pub fn parse_list(text: &str) -> Vec<Self> {
        text.split(',').filter_map(Self::parse).collect()
    }

    /// A list for a column.
    pub fn list(ways: &[Self]) -> String {
        ways.iter().map(|w| w.code()).collect::<Vec<_>>().join(",")
    }
}
coded!(Way);

/// Something that carries letters.
pub trait Channel: Send + Sync {
    /// How many may be on their way to the provider at once.
    fn at_once(&self) -> usize {
        8
    }
    /// How many letters of the same text go in one request.
    fn together(&self) -> usize {
        1
    }
    /// Hands a letter over. Writes nothing personal to a log.
    fn send(&self, letter: &Letter<'_>) -> Sent;
    /// Hands over letters of the same text, answering for each.
    fn send_together(&self, letters: &[Letter<'_>]) -> Vec<Sent> {
        letters.iter().map(|letter| self.send(letter)).collect()
    }
}

/// The channels switched on in the district, ready to use.
#[derive(Clone)]
pub struct Channels {
    on: HashMap<Way, Arc<dyn Channel>>,
    /// Until when a channel rests after it failed for everybody.
    pub(crate) resting: HashMap<Way, gongyu_kernel::Millis>,
}

impl Channels {
    /// Reads the settings and opens what is switched on. In the demo nothing leaves the house: every channel
    /// is the outbox that can be read on screen.
    ///
    /// # Errors
    /// As any statement, and when a secret cannot be opened.
    pub fn open(app: &App, r: &mut Reader) -> Result<Self> {
        let settings = Settings::load(r)?;
        let states = state::all(r)?;
        let mut on: HashMap<Way, Arc<dyn Channel>> = HashMap::new();
        for way in Way::ALL {
            let channel: Option<Arc<dyn Channel>> = match way {
                Way::App => None,
                _ if app.config.demo => Some(Arc::new(outbox::Outbox::new(app.clone(), way))),
                _ if !settings.is_on(way) => None,
                _ => Some(real(app, way, &settings, states.get(&way))?),
            };
            if let Some(channel) = channel {
                on.insert(way, channel);
            }
        }
        let resting = states.iter().map(|(way, state)| (*way, state.paused_until)).collect();
        Ok(Self { on, resting })
    }

    /// A channel, if it is switched on.
    pub fn get(&self, way: Way) -> Option<&Arc<dyn Channel>> {
        self.on.get(&way)
    }

    /// Whether a channel is switched on.
    pub fn has(&self, way: Way) -> bool {
        self.on.contains_key(&way)
    }
}

fn real(app: &App, way: Way, settings: &Settings, state: Option<&state::ChannelState>) -> Result<Arc<dyn Channel>> {
    let secret: setting::Secret = match state.and_then(|s| s.secret.as_deref()) {
        Some(sealed) => app.vault.open_json(setting::SECRET, way.record(), sealed)?,
        None => setting::Secret::default(),
    };
    Ok(match way {
        Way::Sms if settings.sms.provider == "tencent" => Arc::new(tencent::Tencent::new(app, settings, secret)),
        Way::Sms => Arc::new(aliyun::Aliyun::new(app, settings, secret)),
        Way::Wechat => Arc::new(wechat::Wechat::new(app, settings, secret)),
        Way::Wecom => Arc::new(wecom::Wecom::new(app, settings, secret)),
        Way::Push => Arc::new(push::Push::new(app, settings, secret)),
        Way::Email | Way::App => Arc::new(email::Email::new(app, settings, secret)),
    })
}
