//! What a visit is, in the words the database and the pages share.

use crate::labelled::words;
use gongyu_kernel::{Date, Id, Millis};
use gongyu_ledger::rules::{Channel, StaffRole};
use gongyu_store::record;

/// A visit.
pub type VisitId = Id;

words! {
    /// Where a visit stands.
    State, "visit-state" {
        /// In the plan, no time yet.
        Planned = "planned",
        /// Times were offered to the family.
        Offered = "offered",
        /// A time is agreed.
        Agreed = "agreed",
        /// It happened and is recorded.
        Done = "done",
        /// It will not happen, or its record was taken back.
        Cancelled = "cancelled",
    }
}

words! {
    /// Why the family is visited.
    Reason, "visit-reason" {
        /// Every child once a school year (R05).
        Yearly = "yearly",
        /// A child of a special group, once a semester (R06).
        Special = "special",
        /// Something happened.
        Trigger = "trigger",
        /// The family asked.
        Asked = "asked",
    }
}

words! {
    /// How the visit took place.
    Way, "visit-way" {
        /// At the family's door.
        Home = "home",
        /// By video.
        Video = "video",
        /// By telephone.
        Phone = "phone",
        /// The family came to the school.
        School = "school",
    }
}

words! {
    /// What one sees at home, good signs first, as chips.
    HomeSign, "visit-home" {
        /// A fixed place to learn.
        Desk = "desk",
        /// Somebody with the child every day.
        Company = "company",
        /// An agreement about the telephone.
        PhoneRule = "phone_rule",
        /// Sleep long enough: 10, 9 or 8 hours by stage (教基厅函〔2021〕11号).
        Sleep = "sleep",
        /// Books to read.
        Books = "books",
        /// Helps in the house.
        Chores = "chores",
        /// Moves about every day.
        Sport = "sport",
        /// Parents and child talk.
        Talks = "talks",
    }
}

words! {
    /// What was talked about, as chips.
    Point, "visit-point" {
        /// Learning.
        Learning = "learning",
        /// Habits.
        Habits = "habits",
        /// Friends.
        Friends = "friends",
        /// Telephone and games.
        Screens = "screens",
        /// Time together.
        Together = "together",
        /// Mood.
        Mood = "mood",
        /// Safety on the way and at home.
        Safety = "safety",
        /// What comes after this school.
        Future = "future",
    }
}

words! {
    /// What is difficult: the code that figures are made of.
    Theme, "visit-theme" {
        /// Learning.
        Learning = "learning",
        /// Money.
        Economy = "economy",
        /// Nobody to look after the child.
        Care = "care",
        /// Health.
        Health = "health",
        /// Mood.
        Mood = "mood",
        /// Safety.
        Safety = "safety",
        /// Conduct.
        Conduct = "conduct",
        /// Telephone and internet.
        Online = "online",
    }
}

words! {
    /// How pressing a finding is.
    Risk, "visit-risk" {
        /// Keep an eye on it.
        Watch = "watch",
        /// Somebody has to do something.
        Act = "act",
        /// At once.
        Urgent = "urgent",
    }
}

words! {
    /// Who does what was agreed.
    Owner, "visit-owner" {
        /// The teacher who leads the visit.
        Teacher = "teacher",
        /// The family.
        Family = "family",
        /// The child.
        Child = "child",
        /// Others of the school.
        School = "school",
    }
}

words! {
    /// Where a companion stands.
    Company, "visit-company" {
        /// Asked.
        Invited = "invited",
        /// Comes along.
        Coming = "coming",
        /// Cannot.
        NotComing = "not_coming",
    }
}

words! {
    /// What a guardian answers to an offer.
    Answer, "visit-answer" {
        /// Nothing yet.
        Open = "open",
        /// This time is good.
        Accepted = "accepted",
        /// Another time, in words.
        Moved = "moved",
        /// Not at home, in words.
        Declined = "declined",
    }
}

words! {
    /// Who signed.
    Signer, "visit-signer" {
        /// Guardian.
        Guardian = "guardian",
        /// Teacher.
        Teacher = "teacher",
    }
}

impl Way {
    /// The channel in the ledger.
    pub const fn channel(self) -> Channel {
        match self {
            Self::Home => Channel::HomeVisit,
            Self::Video => Channel::Video,
            Self::Phone => Channel::Phone,
            Self::School => Channel::AtSchool,
        }
    }
}

record! {
    /// A visit without its record.
    #[derive(Clone, Debug)]
    pub struct Visit {
        /// Identifier.
        pub id: VisitId,
        /// School.
        pub school: Id,
        /// Class that keeps it.
        pub class: Id,
        /// Family.
        pub family: Id,
        /// Member of staff who leads it.
        pub lead: Option<Id>,
        /// Part of the leader towards the child, as duty rules ask.
        pub lead_role: String,
        /// Account that made it.
        pub made_by: Id,
        /// Why.
        pub reason: Reason,
        /// What happened, for `Reason::Trigger`: the code of the trigger; else empty.
        pub trigger: String,
        /// Where it stands.
        pub state: State,
        /// School year, as its code.
        pub school_year: String,
        /// Day by which the plan wants it.
        pub due_on: Option<Date>,
        /// Day agreed, or day it happened.
        pub day: Option<Date>,
        /// Moment agreed.
        pub starts_at: Option<Millis>,
        /// How it is meant to happen, or happened.
        pub way: Way,
        /// The noted contact that this record tells more of.
        pub contact: Option<Id>,
        /// Times an offer was made.
        pub offers: i64,
        /// Version of the record; 0 when there is none.
        pub version: i64,
        /// When it was first recorded whole.
        pub recorded_at: Option<Millis>,
    }
}

record! {
    /// A child of a visit.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct VisitChild {
        /// Visit.
        pub visit: VisitId,
        /// Child.
        pub student: Id,
        /// Name.
        pub name: String,
        /// Class when the visit was planned.
        pub class: Id,
    }
}

/// A visit to be planned.
#[derive(Clone, Debug)]
pub struct NewVisit {
    /// The children: of one family and one school, at least one.
    pub children: Vec<Id>,
    /// Why.
    pub reason: Reason,
    /// Code of the trigger, else empty.
    pub trigger: String,
    /// Day by which it should be.
    pub due_on: Option<Date>,
    /// Day and moment when already agreed.
    pub day: Option<Date>,
    /// Moment when already agreed.
    pub starts_at: Option<Millis>,
    /// How it is meant to happen.
    pub way: Way,
    /// Member of staff who leads it, with their part.
    pub lead: (Option<Id>, StaffRole),
    /// The noted contact whose record this will be.
    pub contact: Option<Id>,
}
