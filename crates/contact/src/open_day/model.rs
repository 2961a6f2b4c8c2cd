//! What an open day is, in the words the database and the pages share.

use gongyu_kernel::{Date, Id, Millis};
use gongyu_store::{coded, record};

macro_rules! words {
    ($(#[$m:meta])* $name:ident, $prefix:literal { $($(#[$vm:meta])* $variant:ident = $code:literal),* $(,)? }) => {
        $(#[$m])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name { $($(#[$vm])* $variant),* }
        impl $name {
            /// Every one of them, in the order of a page.
            pub const ALL: &[Self] = &[$(Self::$variant),*];
            /// Text in the database, in forms and in JSON.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }
            /// Key of its name in the catalogues.
            pub const fn label_key(self) -> &'static str {
                match self { $(Self::$variant => concat!($prefix, "-", $code)),* }
            }
            /// Reads the text.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($code => Some(Self::$variant),)* _ => None }
            }
        }
        coded!($name);
    };
}

words! {
    /// Where an open day stands.
    State, "open-state" {
        /// Being prepared; no family sees it.
        Draft = "draft",
        /// Families see it and book.
        Published = "published",
        /// It was, and its figures are settled.
        Held = "held",
        /// It will not be.
        Off = "off",
    }
}

words! {
    /// What a session is.
    Kind, "open-kind" {
        /// A lesson families sit in on.
        Lesson = "lesson",
        /// A walk through the school.
        Tour = "tour",
        /// A talk or an answering of questions.
        Talk = "talk",
        /// Done together with the children.
        Together = "together",
    }
}

words! {
    /// Whether a session takes place.
    Stand, "open-stand" {
        /// It does.
        On = "on",
        /// It was called off.
        Off = "off",
    }
}

words! {
    /// How somebody was noted at the door.
    How, "open-how" {
        /// By the code of the ticket.
        Code = "code",
        /// Ticked on the list.
        List = "list",
        /// Came without a booking.
        WalkIn = "walk_in",
    }
}

record! {
    /// An open day.
    #[derive(Clone, Debug)]
    pub struct OpenDay {
        /// Identifier.
        pub id: Id,
        /// School.
        pub school: Id,
        /// What it is called.
        pub title: String,
        /// What families are told of it; plain text.
        pub intro: String,
        /// Where to come to.
        pub place: String,
        /// The day.
        pub day: Date,
        /// Where it stands.
        pub state: State,
        /// Seats over all sessions together; 0 for no limit.
        pub capacity: i64,
        /// Seats of one family in one session.
        pub per_family: i64,
        /// Seats the families of one class may take over all sessions; 0 for no limit.
        pub per_class: i64,
        /// Booking begins.
        pub opens_at: Millis,
        /// Booking ends.
        pub closes_at: Millis,
        /// Minutes an offer to the waiting list stands.
        pub offer_minutes: i64,
        /// Whether a smaller family may have what is too few for the first of the line.
        pub passes: bool,
    }
}

record! {
    /// The rest of an open day, which few pages need.
    #[derive(Clone, Debug)]
    pub struct More {
        /// Questions asked afterwards, JSON of `parts::form`.
        pub questions: String,
        /// The activity in the ledger.
        pub act: Option<Id>,
        /// The notice that invites.
        pub notice: Option<Id>,
        /// Why it was called off.
        pub off_why: String,
    }
}

record! {
    /// A session.
    #[derive(Clone, Debug)]
    pub struct Session {
        /// Identifier.
        pub id: Id,
        /// Open day.
        pub open_day: Id,
        /// School.
        pub school: Id,
        /// What it is.
        pub kind: Kind,
        /// Its title.
        pub title: String,
        /// Room.
        pub place: String,
        /// Who gives it.
        pub teacher: Option<Id>,
        /// Their name; empty without one.
        pub teacher_name: String,
        /// From.
        pub starts_at: Millis,
        /// To.
        pub ends_at: Millis,
        /// Seats.
        pub capacity: i64,
        /// Whether it takes place.
        pub stand: Stand,
        /// Grows with every change families are told of.
        pub version: i64,
    }
}

record! {
    /// A booking of a family with who it is for.
    #[derive(Clone, Debug)]
    pub struct Party {
        /// Booking.
        pub booking: Id,
        /// Open day.
        pub open_day: Id,
        /// Session.
        pub session: Id,
        /// School.
        pub school: Id,
        /// Class of the first child.
        pub class: Id,
        /// Who booked.
        pub guardian: Id,
        /// Their name.
        pub guardian_name: String,
        /// Adults who come.
        pub adults: i64,
        /// Children who come along.
        pub children: i64,
        /// What the code at the door says.
        pub ticket: String,
        /// When they arrived.
        pub arrived_at: Option<Millis>,
    }
}

/// What is asked of an open day on its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOpenDay {
    /// Title.
    pub title: String,
    /// What families are told.
    pub intro: String,
    /// Where.
    pub place: String,
    /// The day.
    pub day: Date,
    /// Seats over all sessions; 0 for no limit.
    pub capacity: i64,
    /// Seats of one family in a session.
    pub per_family: i64,
    /// Seats of one class; 0 for no limit.
    pub per_class: i64,
    /// Booking begins.
    pub opens_at: Millis,
    /// Booking ends.
    pub closes_at: Millis,
    /// Minutes an offer stands.
    pub offer_minutes: i64,
    /// Whether smaller families pass.
    pub passes: bool,
    /// Classes asked; all of the school when empty.
    pub classes: Vec<Id>,
    /// Questions afterwards.
    pub questions: String,
}

/// What is asked of a session on its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    /// What it is.
    pub kind: Kind,
    /// Title.
    pub title: String,
    /// Room.
    pub place: String,
    /// Teacher.
    pub teacher: Option<Id>,
    /// From.
    pub starts_at: Millis,
    /// To.
    pub ends_at: Millis,
    /// Seats.
    pub capacity: i64,
}
