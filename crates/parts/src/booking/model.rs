//! What a booking is, in the words the database and the features share.

use gongyu_kernel::{Id, Millis};
use gongyu_store::{coded, record};

/// Where a booking stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// In the line.
    Waiting,
    /// Served from the line; the places are kept until the party answers or the time is over.
    Offered,
    /// Kept for a moment while somebody decides.
    Held,
    /// Theirs.
    Booked,
    /// Given back, or left the line.
    Cancelled,
    /// An offer not taken.
    Declined,
    /// An offer or a hold that ran out.
    Expired,
}

impl State {
    /// Every one of them.
    pub const ALL: &[Self] =
        &[Self::Waiting, Self::Offered, Self::Held, Self::Booked, Self::Cancelled, Self::Declined, Self::Expired];

    /// Text in the database and in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Offered => "offered",
            Self::Held => "held",
            Self::Booked => "booked",
            Self::Cancelled => "cancelled",
            Self::Declined => "declined",
            Self::Expired => "expired",
        }
    }

    /// Reads the text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.code() == text)
    }

    /// Its places count in the quotas.
    pub const fn counts(self) -> bool {
        matches!(self, Self::Offered | Self::Held | Self::Booked)
    }

    /// Not over: it counts, or it waits.
    pub const fn live(self) -> bool {
        self.counts() || matches!(self, Self::Waiting)
    }
}
coded!(State);

/// Who a booking belongs to: a family, a guest; the feature's own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Holder {
    /// Kind, such as `family`.
    pub kind: &'static str,
    /// Which one.
    pub id: Id,
}

/// From a moment to another, the end left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First moment.
    pub from: Millis,
    /// Moment after the last.
    pub to: Millis,
}

/// Seats a party needs of one quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// Quota.
    pub quota: Id,
    /// Seats, at least 1.
    pub seats: i64,
}

/// Places somebody wants: all of them or none.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Pool.
    pub pool: Id,
    /// What of it, such as a session: at most one live booking of a holder for each.
    pub slot: Id,
    /// Whose.
    pub holder: Holder,
    /// Seats altogether, for lists and figures.
    pub seats: i64,
    /// What they count in.
    pub uses: Vec<Use>,
    /// Known persons of the party; none may be elsewhere at the time.
    pub persons: Vec<Id>,
    /// When.
    pub span: Span,
    /// Account that asks.
    pub account: Option<Id>,
    /// Key of the asker's device: the same wish sent twice is the same booking.
    pub client_key: Option<String>,
}

/// What to do when there is no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfFull {
    /// Say so.
    Tell,
    /// Join the line.
    Wait,
}

/// What became of a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The places are theirs.
    Booked(Id),
    /// In the line.
    Waiting(Id),
    /// No room, and nothing was changed.
    Full(Vec<Short>),
    /// This holder has a live booking for the same slot: this one.
    Already(Id),
}

/// A quota in which there is not enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Short {
    /// Quota.
    pub quota: Id,
    /// Its kind, in the feature's words.
    pub kind: String,
    /// Its key.
    pub key: Id,
    /// Free now.
    pub free: i64,
    /// Needed.
    pub need: i64,
}

record! {
    /// Places of a record.
    #[derive(Clone, Debug)]
    pub struct Pool {
        /// Identifier.
        pub id: Id,
        /// Kind of the record.
        pub owner_kind: String,
        /// The record.
        pub owner: Id,
        /// Minutes an offer to the line stands; 0 gives the places at once.
        pub offer_minutes: i64,
        /// Whether a smaller party behind may have what the first in the line has no use for.
        pub passes: bool,
        /// Whether the line is served.
        pub serving: bool,
    }
}

record! {
    /// Seats of one kind within a pool.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Quota {
        /// Identifier.
        pub id: Id,
        /// Pool.
        pub pool: Id,
        /// Kind, in the feature's words: `all`, `session`, `class`.
        pub kind: String,
        /// Which one of the kind.
        pub key: Id,
        /// Seats.
        pub capacity: i64,
        /// Seats one holder may have of it; 0 for no limit.
        pub per_holder: i64,
        /// Seats taken, held and offered.
        pub used: i64,
    }
}

impl Quota {
    /// Seats left.
    pub const fn free(&self) -> i64 {
        self.capacity - self.used
    }
}

record! {
    /// A booking.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Booking {
        /// Identifier.
        pub id: Id,
        /// Pool.
        pub pool: Id,
        /// What of it.
        pub slot: Id,
        /// Kind of the holder.
        pub holder_kind: String,
        /// Holder.
        pub holder: Id,
        /// Seats.
        pub seats: i64,
        /// Where it stands.
        pub state: State,
        /// From.
        pub starts_at: Millis,
        /// To.
        pub ends_at: Millis,
        /// An offer or a hold stands until then.
        pub until: Option<Millis>,
        /// When it was asked for: the order of the line.
        pub asked_at: Millis,
        /// When it last changed.
        pub changed_at: Millis,
        /// Was in the line.
        pub waited: bool,
        /// Account that asked.
        pub account: Option<Id>,
    }
}
