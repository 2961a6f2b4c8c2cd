//! What a touch says.

use crate::rules::{Channel, Depth, StaffRole, Tone, TouchFacts, TouchKind};
use gongyu_kernel::{Date, Id, Millis};
use gongyu_registry::people::Relation;
use gongyu_store::record;

/// A touch to be recorded.
#[derive(Clone, Debug)]
pub struct NewTouch {
    /// The child.
    pub student: Id,
    /// What kind of contact.
    pub kind: TouchKind,
    /// How deep.
    pub depth: Depth,
    /// Which way.
    pub channel: Channel,
    /// What it was about; `None` where a tone makes no sense, as for a notice.
    pub tone: Option<Tone>,
    /// The family began it.
    pub by_family: bool,
    /// The day it happened.
    pub occurred_on: Date,
    /// The guardian reached, if known.
    pub guardian: Option<Id>,
    /// What that guardian is to the child.
    pub relation: Option<Relation>,
    /// The member of staff.
    pub staff: Option<Id>,
    /// Their part.
    pub staff_role: Option<StaffRole>,
    /// Minutes it took, 0 when not noted.
    pub minutes: i64,
    /// Kind and identifier of the record it comes from.
    pub source: (&'static str, Option<Id>),
    /// The activity it belongs to.
    pub act: Option<Id>,
    /// The client's own key: the same key is recorded once.
    pub client_key: Option<String>,
}

impl NewTouch {
    /// As rules see it.
    pub fn facts(&self) -> TouchFacts {
        TouchFacts {
            kind: self.kind.clone(),
            depth: self.depth,
            channel: self.channel,
            staff_role: self.staff_role,
            occurred_on: self.occurred_on,
        }
    }
}

record! {
    /// A recorded touch.
    #[derive(Clone, Debug)]
    pub struct Touch {
        /// Identifier.
        pub id: Id,
        /// School as it was that day.
        pub school: Id,
        /// Class as it was that day.
        pub class: Id,
        /// The child.
        pub student: Id,
        /// The activity it belongs to.
        pub act: Option<Id>,
        /// Kind of the record it comes from.
        pub source_kind: String,
        /// That record.
        pub source_id: Option<Id>,
        /// The day it happened.
        pub occurred_on: Date,
        /// When it was noted.
        pub recorded_at: Millis,
        /// Semester it counts in.
        pub semester: String,
        /// What kind of contact.
        pub kind: TouchKind,
        /// How deep.
        pub depth: Depth,
        /// Which way.
        pub channel: Channel,
        /// What it was about.
        pub tone: Option<Tone>,
        /// The family began it.
        pub by_family: bool,
        /// The guardian reached.
        pub guardian: Option<Id>,
        /// What that guardian is to the child.
        pub relation: Option<Relation>,
        /// The member of staff.
        pub staff: Option<Id>,
        /// Their part.
        pub staff_role: Option<StaffRole>,
        /// Minutes.
        pub minutes: i64,
        /// The entry this one takes back.
        pub reverses: Option<Id>,
        /// Whether it was taken back itself.
        pub reversed: bool,
    }
}

impl Touch {
    /// As rules see it.
    pub fn facts(&self) -> TouchFacts {
        TouchFacts {
            kind: self.kind.clone(),
            depth: self.depth,
            channel: self.channel,
            staff_role: self.staff_role,
            occurred_on: self.occurred_on,
        }
    }
}
