//! A question to a family, and what came of it.

use gongyu_kernel::{Date, Id, Millis};
use gongyu_store::{coded, record};
use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($(#[$m:meta])* $name:ident { $($(#[$vm:meta])* $variant:ident = $code:literal),* $(,)? }) => {
        $(#[$m])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
        pub enum $name { $($(#[$vm])* #[serde(rename = $code)] $variant),* }
        impl $name {
            /// Every one of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// Text in the database, in forms and in catalogues.
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
    /// Where a question stands.
    State {
        /// Waits for the family.
        Open = "open",
        /// 有这回事.
        Yes = "yes",
        /// 不记得有这次联系.
        No = "no",
        /// 说不准.
        Unsure = "unsure",
        /// A fortnight went by without a word.
        Lapsed = "lapsed",
        /// The contact was taken back by whoever recorded it.
        Gone = "gone",
    }
}

codes! {
    /// What a family says.
    Answer {
        /// It happened.
        Yes = "yes",
        /// They remember no such contact.
        No = "no",
        /// They are not sure.
        Unsure = "unsure",
    }
}

impl Answer {
    /// The state a question is in after it.
    pub const fn state(self) -> State {
        match self {
            Self::Yes => State::Yes,
            Self::No => State::No,
            Self::Unsure => State::Unsure,
        }
    }
}

codes! {
    /// What a school's leader found where a family said no.
    Outcome {
        /// The family remembered when it was talked over.
        Remembered = "remembered",
        /// The contact was with another member of the family.
        Other = "other",
        /// It was noted for the wrong child or day, and mended.
        Mended = "mended",
        /// There was no such contact; the record was taken back.
        TakenBack = "taken_back",
        /// It could not be found out.
        Unknown = "unknown",
    }
}

record! {
    /// A question.
    #[derive(Clone, Debug)]
    pub struct Question {
        /// Identifier.
        pub id: Id,
        /// The school.
        pub school: Id,
        /// The recorded contact.
        pub touch: Id,
        /// The child.
        pub student: Id,
        /// Who was asked.
        pub guardian: Id,
        /// The day of the contact.
        pub occurred_on: Date,
        /// The day it was asked.
        pub asked_on: Date,
        /// Where it stands.
        pub state: State,
        /// When it was answered.
        pub answered_at: Option<Millis>,
        /// Who opened it last.
        pub opened_by: Option<Id>,
        /// When.
        pub opened_at: Option<Millis>,
        /// What came of it.
        pub outcome: Option<Outcome>,
        /// When that was noted.
        pub followed_at: Option<Millis>,
    }
}

impl Outcome {
    /// The key of its words.
    pub const fn label_key(self) -> &'static str {
        match self {
            Self::Remembered => "sampled-outcome-remembered",
            Self::Other => "sampled-outcome-other",
            Self::Mended => "sampled-outcome-mended",
            Self::TakenBack => "sampled-outcome-taken_back",
            Self::Unknown => "sampled-outcome-unknown",
        }
    }
}

/// What a leader notes.
#[derive(Clone, Debug)]
pub struct Followed {
    /// What came of it.
    pub outcome: Outcome,
    /// More about it, sealed; may be empty.
    pub words: String,
}

/// Questions counted. Those whose contact was taken back are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Families asked.
    pub asked: i64,
    /// Said it happened.
    pub yes: i64,
    /// Remember no such contact.
    pub no: i64,
    /// Are not sure.
    pub unsure: i64,
    /// Said nothing in a fortnight.
    pub silent: i64,
    /// Still have time.
    pub waiting: i64,
    /// Of those that remember none: looked into by the leader.
    pub followed: i64,
}

impl Counts {
    /// Those neither confirmed nor still waiting nor contradicted: not sure, or silent.
    pub const fn unconfirmed(&self) -> i64 {
        self.unsure + self.silent
    }

    /// Adds another group.
    pub const fn add(&mut self, other: &Self) {
        self.asked += other.asked;
        self.yes += other.yes;
        self.no += other.no;
        self.unsure += other.unsure;
        self.silent += other.silent;
        self.waiting += other.waiting;
        self.followed += other.followed;
    }
}
