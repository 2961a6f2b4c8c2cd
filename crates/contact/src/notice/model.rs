//! What a notice is, and what becomes of it.

use gongyu_access::Role;
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_store::{FromValue, ToValue, Value, ValueRef, coded, record};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

macro_rules! codes {
    ($(#[$m:meta])* $name:ident { $($(#[$vm:meta])* $variant:ident = $code:literal),* $(,)? }) => {
        $(#[$m])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        pub enum $name { $($(#[$vm])* #[serde(rename = $code)] $variant),* }
        impl $name {
            /// Every one of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];
            /// Text in the database and in the catalogues.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }
            /// Reads the text.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($code => Some(Self::$variant),)* _ => None }
            }
        }
        coded!($name);
    };
}

codes! {
    /// What the family is asked to do.
    Kind {
        /// Nothing but to read it.
        Plain = "plain",
        /// To say that they have seen it.
        Confirm = "confirm",
        /// To answer questions.
        Answer = "answer",
    }
}

codes! {
    /// Where a notice stands.
    State {
        /// Being written.
        Draft = "draft",
        /// Goes at a set time.
        Scheduled = "scheduled",
        /// Being written out to the families.
        Sending = "sending",
        /// Every family has it or is about to.
        Sent = "sent",
        /// Withdrawn.
        Recalled = "recalled",
    }
}

codes! {
    /// Where a child addressed stands; each of them contains those before it, but `Failed` is no progress.
    Stand {
        /// No channel carried it, nobody was called yet.
        Failed = "failed",
        /// The letter has not arrived yet, as far as is known.
        Addressed = "addressed",
        /// It reached a device or a box.
        Delivered = "delivered",
        /// It was opened.
        Read = "read",
        /// Confirmed, answered, or ticked off by hand.
        Confirmed = "confirmed",
    }
}

codes! {
    /// Families that share something, besides their class.
    ListKind {
        /// Children who board.
        Boarding = "boarding",
        /// Children who go home every day.
        Day = "day",
        /// Families whom nobody ever reached.
        NeverReached = "never_reached",
        /// Families who have not confirmed or answered a notice.
        SilentOn = "silent_on",
    }
}

/// A grade of a stage, such as the third of primary school.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Grade {
    /// The stage.
    pub stage: gongyu_registry::roster::class_label::Stage,
    /// The grade within the stage, from 1.
    pub grade: u8,
}

/// A list chosen as recipients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ListRef {
    /// Which list.
    pub list: ListKind,
    /// The notice of `SilentOn`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Id>,
}

/// To whom a notice goes. Without units, lists and children it goes to nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Audience {
    /// Classes, schools, towns or the district: all their classes.
    pub units: Vec<Id>,
    /// Of those classes only these grades; all of them when empty.
    pub grades: Vec<Grade>,
    /// Of those classes only these stages; all of them when empty.
    pub stages: Vec<gongyu_registry::roster::class_label::Stage>,
    /// Of those classes only the children of these lists; all of them when empty.
    pub lists: Vec<ListRef>,
    /// Children chosen one by one, besides.
    pub children: Vec<Id>,
    /// Children left out, whatever is chosen.
    pub except: Vec<Id>,
}

/// Identifiers kept as a JSON list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ids(pub Vec<Id>);

macro_rules! json_column {
    ($($t:ty),*) => {$(
        impl ToValue for $t {
            fn to_value(&self) -> Value<'_> {
                Value::Text(Cow::Owned(serde_json::to_string(self).unwrap_or_default()))
            }
        }
        impl FromValue for $t {
            fn from_value(value: ValueRef<'_>) -> Result<Self> {
                match value {
                    ValueRef::Text(text) => serde_json::from_str(text).map_err(Error::internal),
                    other => Err(Error::internal(format!("not text: {other:?}"))),
                }
            }
        }
    )*};
}
json_column!(Audience, Ids);

/// What is written of a notice before it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// What the family is asked to do.
    pub kind: Kind,
    /// Goes in quiet hours too.
    pub urgent: bool,
    /// Why it is urgent; needed when it is.
    pub urgent_why: String,
    /// What it is about, best said as what to do; at most 60 characters.
    pub title: String,
    /// Source text of `parts::rich`.
    pub body: String,
    /// Attachments by identifier.
    pub attachments: Vec<Id>,
    /// JSON of `parts::form`; empty unless `kind` is `Answer`.
    pub questions: String,
    /// To whom.
    pub audience: Audience,
    /// Until when an answer is asked.
    pub deadline: Option<Millis>,
    /// When it goes; at once when `None`.
    pub send_at: Option<Millis>,
    /// Remind those who have not answered, before and after the deadline.
    pub remind: bool,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            kind: Kind::Confirm,
            urgent: false,
            urgent_why: String::new(),
            title: String::new(),
            body: String::new(),
            attachments: Vec::new(),
            questions: String::new(),
            audience: Audience::default(),
            deadline: None,
            send_at: None,
            remind: true,
        }
    }
}

record! {
    /// A notice as it stands.
    #[derive(Clone, Debug)]
    pub struct Notice {
        /// Identifier.
        pub id: Id,
        /// The unit that speaks: the unit of the author's hat.
        pub unit: Id,
        /// School of that unit; `None` for towns and the district.
        pub school: Option<Id>,
        /// Account of the author.
        pub author: Id,
        /// Member of staff who wrote it.
        pub author_staff: Option<Id>,
        /// In what role.
        pub author_role: Role,
        /// Name of the author, as it was.
        pub author_name: String,
        /// Name of the unit, as it was.
        pub from_name: String,
        /// What the family is asked to do.
        pub kind: Kind,
        /// Goes in quiet hours too.
        pub urgent: bool,
        /// Why it is urgent.
        pub urgent_why: String,
        /// Title.
        pub title: String,
        /// Source text of `parts::rich`.
        pub body: String,
        /// Attachments.
        pub attachments: Ids,
        /// JSON of `parts::form`, or empty.
        pub questions: String,
        /// To whom.
        pub audience: Audience,
        /// Until when an answer is asked.
        pub deadline: Option<Millis>,
        /// When it goes or was to go; `None` for at once.
        pub send_at: Option<Millis>,
        /// Where it stands.
        pub state: State,
        /// 1, and one more with each correction.
        pub version: i64,
        /// The notice this one corrects.
        pub correction_of: Option<Id>,
        /// The notice that corrects this one.
        pub replaced_by: Option<Id>,
        /// A template: never sent itself.
        pub template: bool,
        /// Reminds by itself.
        pub remind: bool,
        /// Opens it from a text message without saying to whom it went.
        pub token: String,
        /// Rounds of reminders so far.
        pub rounds: i64,
        /// When the last of them began.
        pub last_round_at: Option<Millis>,
        /// When it was begun.
        pub created_at: Millis,
        /// When it was last changed.
        pub updated_at: Millis,
        /// When sending began.
        pub sent_at: Option<Millis>,
        /// When every family was written out.
        pub filled_at: Option<Millis>,
        /// When it was withdrawn.
        pub recalled_at: Option<Millis>,
        /// Why.
        pub recall_why: String,
    }
}

impl Notice {
    /// Whether a guardian may still confirm or answer at this moment. Answers end at the deadline; a
    /// confirmation that comes late is still one.
    pub fn open_at(&self, now: Millis) -> bool {
        let live = matches!(self.state, State::Sending | State::Sent) && self.replaced_by.is_none();
        live && (self.kind != Kind::Answer || self.deadline.is_none_or(|end| now <= end))
    }

    /// What is still missing of a child for the notice to be done with.
    pub fn wanted(&self) -> Stand {
        match self.kind {
            Kind::Plain => Stand::Read,
            Kind::Confirm | Kind::Answer => Stand::Confirmed,
        }
    }
}

/// Children counted by the state they are in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The letter has not arrived yet.
    pub addressed: i64,
    /// Nothing carried it.
    pub failed: i64,
    /// Arrived, not opened.
    pub delivered: i64,
    /// Opened, not confirmed.
    pub read: i64,
    /// Confirmed, answered or ticked off.
    pub confirmed: i64,
}

impl Counts {
    /// All children addressed.
    pub const fn children(&self) -> i64 {
        self.addressed + self.failed + self.delivered + self.read + self.confirmed
    }

    /// Those it reached: arrived, opened or confirmed.
    pub const fn reached(&self) -> i64 {
        self.delivered + self.read + self.confirmed
    }

    /// Those who opened it, or confirmed it without.
    pub const fn seen(&self) -> i64 {
        self.read + self.confirmed
    }

    /// Those who have not opened it.
    pub const fn unseen(&self) -> i64 {
        self.addressed + self.failed + self.delivered
    }

    /// Those from whom something is still wanted.
    pub const fn silent(&self, kind: Kind) -> i64 {
        match kind {
            Kind::Plain => self.unseen(),
            Kind::Confirm | Kind::Answer => self.unseen() + self.read,
        }
    }

    /// Together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            addressed: self.addressed + other.addressed,
            failed: self.failed + other.failed,
            delivered: self.delivered + other.delivered,
            read: self.read + other.read,
            confirmed: self.confirmed + other.confirmed,
        }
    }

    /// The counter of one state.
    pub const fn of(&mut self, stand: Stand) -> &mut i64 {
        match stand {
            Stand::Failed => &mut self.failed,
            Stand::Addressed => &mut self.addressed,
            Stand::Delivered => &mut self.delivered,
            Stand::Read => &mut self.read,
            Stand::Confirmed => &mut self.confirmed,
        }
    }
}
