//! What a task is, with whom it lies, and what can happen to it.

use gongyu_kernel::{Date, Id, Millis};
use gongyu_store::{coded, record};
use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($(#[$m:meta])* $name:ident { $($(#[$vm:meta])* $variant:ident = $code:literal $label:literal),* $(,)? }) => {
        $(#[$m])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name { $($(#[$vm])* $variant),* }
        impl $name {
            /// Every one of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];
            /// Text in the database and in addresses.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }
            /// Key of its words.
            pub const fn label_key(self) -> &'static str {
                match self { $(Self::$variant => $label),* }
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
    /// Why nobody was reached, as far as it is known. The words accuse nobody: a family that does not
    /// want to be contacted now is "not ready yet".
    Reason {
        /// The numbers do not answer or belong to somebody else.
        NumberDead = "number_dead" "unreached-reason-number_dead",
        /// No telephone at home.
        NoPhone = "no_phone" "unreached-reason-no_phone",
        /// Parents work elsewhere.
        WorkingAway = "working_away" "unreached-reason-working_away",
        /// Moved here lately.
        JustMovedIn = "just_moved_in" "unreached-reason-just_moved_in",
        /// Does not wish to be contacted for now.
        Refuses = "refuses" "unreached-reason-refuses",
        /// Parents are abroad.
        Abroad = "abroad" "unreached-reason-abroad",
        /// Something else, in words.
        Other = "other" "unreached-reason-other",
    }
}

codes! {
    /// With whom a task lies. The order is the way up.
    Level {
        /// The class teacher.
        Class = "class" "unreached-level-class",
        /// The school: its moral-education director.
        School = "school" "unreached-level-school",
        /// The town.
        Town = "town" "unreached-level-town",
        /// A village committee or community site of the town, or an agency's office there.
        Site = "site" "unreached-level-site",
    }
}

codes! {
    /// How a task stands.
    State {
        /// Nobody has reached the family yet.
        Open = "open" "unreached-state-open",
        /// A touch that reaches the child is in the ledger.
        Reached = "reached" "unreached-state-reached",
        /// The child left the district's schools.
        Left = "left" "unreached-state-left",
    }
}

codes! {
    /// Something that happened to a task.
    StepKind {
        /// It was opened.
        Opened = "opened" "unreached-step-opened",
        /// The reason was given or changed.
        Reason = "reason" "unreached-step-reason",
        /// It was handed on.
        Handed = "handed" "unreached-step-handed",
        /// It was handed back with an answer.
        Back = "back" "unreached-step-back",
        /// The next one up took it over.
        Taken = "taken" "unreached-step-taken",
        /// Its day passed: the next one up was told.
        Overdue = "overdue" "unreached-step-overdue",
        /// Somebody found a number.
        Number = "number" "unreached-step-number",
        /// The number went into the guardian's record.
        Accepted = "accepted" "unreached-step-accepted",
        /// The number was not taken over.
        Refused = "refused" "unreached-step-refused",
        /// Somebody knocked and met the family.
        Knocked = "knocked" "unreached-step-knocked",
        /// The knock was noted by mistake and taken back.
        Undone = "undone" "unreached-step-undone",
        /// The child went to another class or school.
        Moved = "moved" "unreached-step-moved",
        /// Closed: the family was reached.
        Reached = "reached" "unreached-step-reached",
        /// Closed: the child left.
        Left = "left" "unreached-step-left",
    }
}

record! {
    /// A task as it stands.
    #[derive(Clone, Debug)]
    pub struct Task {
        /// Identifier.
        pub id: Id,
        /// School of the child.
        pub school: Id,
        /// Class of the child.
        pub class: Option<Id>,
        /// Town of the school.
        pub town: Option<Id>,
        /// The child.
        pub student: Id,
        /// Its family: open tasks of one family in one hand are one errand.
        pub family: Id,
        /// Period in which nobody was reached, as in the ledger: `all`, or the code of a semester.
        pub period: String,
        /// Why, as far as it is known.
        pub reason: Option<Reason>,
        /// Why in words, where the reason is another one.
        pub reason_words: String,
        /// With whom it lies.
        pub level: Level,
        /// The unit it lies with.
        pub unit: Id,
        /// How many steps it has gone.
        pub step: i64,
        /// First day.
        pub opened_on: Date,
        /// When it was opened.
        pub opened_at: Millis,
        /// Since when it lies there.
        pub since_on: Date,
        /// Last day to answer.
        pub due_on: Date,
        /// How it stands in its row; the ledger may know more.
        pub state: State,
        /// Day on which it was closed.
        pub closed_on: Option<Date>,
        /// The touch that closed it.
        pub touch: Option<Id>,
        /// Name of the child.
        pub name: String,
    }
}

impl Task {
    /// Whether its day has passed.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.state == State::Open && self.due_on < today
    }
}

record! {
    /// One step of a task.
    #[derive(Clone, Debug)]
    pub struct Step {
        /// Its number, from 1.
        pub step: i64,
        /// What happened.
        pub kind: StepKind,
        /// Where it lay.
        pub from: Option<Id>,
        /// Where it lies since.
        pub to: Option<Id>,
        /// Who did it; `None` when it happened by itself.
        pub by: Option<String>,
        /// When.
        pub at: Millis,
        /// What was said.
        pub words: String,
        /// Day from which its working days count.
        pub due_from: Option<Date>,
        /// Working days given.
        pub due_days: Option<u32>,
        /// Last day to answer.
        pub due_on: Option<Date>,
    }
}

/// Rules of the loop, a setting of the district. All ours to begin with [P].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// Working days a class teacher has.
    pub class_days: u32,
    /// Working days a school has.
    pub school_days: u32,
    /// Working days a town has.
    pub town_days: u32,
    /// Working days a village committee or community site has.
    pub site_days: u32,
    /// Days a child has been in school before a task is opened for it by night.
    pub settle_days: i64,
    /// Children not reached this semester count too, not only those never reached.
    pub semester: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self { class_days: 5, school_days: 5, town_days: 5, site_days: 5, settle_days: 30, semester: false }
    }
}

impl Rules {
    /// Working days of whoever it lies with.
    pub const fn days(&self, level: Level) -> u32 {
        match level {
            Level::Class => self.class_days,
            Level::School => self.school_days,
            Level::Town => self.town_days,
            Level::Site => self.site_days,
        }
    }
}
