//! What is noted of a contact.

use gongyu_kernel::{Date, Id, Millis};
use gongyu_ledger::rules::{Channel, Tone};
use gongyu_registry::people::Relation;
use gongyu_store::record;

/// Whom the contact reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Who {
    /// Whoever was reached last time, else the first guardian with a telephone.
    #[default]
    Usual,
    /// This guardian.
    Guardian(Id),
    /// Somebody who is this to the child, so that a father counts though he is not in the roster.
    Relation(Relation),
}

/// A contact to be noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewContact {
    /// The children it was about, at least one, none twice.
    pub children: Vec<Id>,
    /// Which way.
    pub channel: Channel,
    /// What it was about.
    pub tone: Tone,
    /// One line; may be empty.
    pub note: String,
    /// The day it happened.
    pub day: Date,
    /// Minutes, 0 when not noted.
    pub minutes: i64,
    /// The family began it.
    pub by_family: bool,
    /// Nobody answered, a message was left.
    pub left_message: bool,
    /// Whom it reached.
    pub who: Who,
}

record! {
    /// A noted contact as it stands now.
    #[derive(Clone, Debug)]
    pub struct ContactRecord {
        /// Identifier.
        pub id: Id,
        /// School.
        pub school: Id,
        /// Class, when all children are of one.
        pub class: Option<Id>,
        /// The member of staff.
        pub staff: Option<Id>,
        /// Account that noted it.
        pub account: Id,
        /// The day it happened.
        pub day: Date,
        /// Which way.
        pub channel: Channel,
        /// What it was about.
        pub tone: Tone,
        /// One line.
        pub note: String,
        /// When it was noted.
        pub made_at: Millis,
        /// When it was last corrected.
        pub amended_at: Option<Millis>,
        /// When it was taken back.
        pub undone_at: Option<Millis>,
    }
}

record! {
    /// Somebody who may have been reached for a child.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Candidate {
        /// The child.
        pub student: Id,
        /// Guardian.
        pub guardian: Id,
        /// Name.
        pub name: String,
        /// What they are to the child.
        pub relation: Relation,
        /// Everyday word for it; may be empty.
        pub kin: String,
        /// Receives what concerns the child.
        pub receives: bool,
        /// Whether a telephone is known.
        pub has_phone: bool,
    }
}

record! {
    /// One of the last contacts of a child that had a tone.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct LastTouch {
        /// The child.
        pub student: Id,
        /// Which way.
        pub channel: Channel,
        /// What it was about.
        pub tone: Tone,
        /// Guardian reached.
        pub guardian: Option<Id>,
        /// The day.
        pub day: Date,
    }
}
