//! Letters asked for by features: one lean row each, sent when its turn comes.

mod figures;
mod store;

pub use figures::{Failure, Tally, failures, tally};
pub(crate) use store::wake;
pub use store::{cancel, retry, send};

use gongyu_kernel::{Id, Millis};
use gongyu_store::coded;

/// Kind of the job that sends what is due.
pub const RUN_JOB: &str = "deliver.run";

/// A letter to be sent. Its words are asked of the feature (`LetterSource`) when its turn comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDispatch {
    /// Name of the feature's `LetterSource`.
    pub kind: &'static str,
    /// The record it speaks of.
    pub source: Id,
    /// School of the child; the district's own unit when there is none.
    pub school: Id,
    /// The guardian it goes to; `None` for a member of staff.
    pub guardian: Option<Id>,
    /// The account it goes to. A guardian's account is found by itself and may be left out.
    pub account: Option<Id>,
    /// The child it is about, the first of them when it speaks of several.
    pub student: Option<Id>,
    /// 0 for the first letter, then the number of the reminder.
    pub round: i64,
    /// Goes in quiet hours too and is never held; only those allowed may ask for it.
    pub urgent: bool,
    /// Not before.
    pub due_at: Millis,
}

/// Where a letter stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum State {
    /// Waits for its turn, perhaps held until quiet hours end or for the day's digest.
    Queued,
    /// Handed to a channel; an answer is awaited.
    Sending,
    /// A channel took it.
    Sent,
    /// Known to have reached the device or the box.
    Delivered,
    /// It did not go out and will not.
    Failed,
    /// The answer was lost: it may have gone out, and is not sent again by itself.
    Unknown,
    /// No channel can carry it: somebody calls, or hands over paper.
    ByHand,
    /// Taken back before it went.
    Cancelled,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 8] = [
        Self::Queued,
        Self::Sending,
        Self::Sent,
        Self::Delivered,
        Self::Failed,
        Self::Unknown,
        Self::ByHand,
        Self::Cancelled,
    ];

    /// Text in the database and in the catalogues.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::ByHand => "by_hand",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == text)
    }
}
coded!(State);
