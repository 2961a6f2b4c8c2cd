//! What a case is, in the words the database and the pages share.

use crate::labelled::words;
use gongyu_kernel::{Date, Id, Millis};
use gongyu_parts::deadline::Stages;
use gongyu_store::record;
use serde::{Deserialize, Serialize};

words! {
    /// The door a matter came in by.
    Door, "case-door" {
        /// 校长信箱 (B4).
        Mailbox = "mailbox",
        /// 校长公开电话 (B3).
        Line = "line",
        /// 家长接待日 (B2).
        Reception = "reception",
    }
}

words! {
    /// How the person behind a matter stands.
    Writer, "case-writer" {
        /// Known to all who handle it.
        Named = "named",
        /// Known by name to nobody but the one who answers, and only by a step that is noted.
        Confidential = "confidential",
        /// Known to nobody: a number and a password.
        Anonymous = "anonymous",
        /// Called or came and left no name.
        Unnamed = "unnamed",
    }
}

words! {
    /// What it is about: the areas of satisfaction surveys (POLICY 3.8) and what families write of most.
    Topic, "case-topic" {
        /// 教育教学.
        Teaching = "teaching",
        /// 作业.
        Homework = "homework",
        /// 师德师风.
        Conduct = "conduct",
        /// 安全.
        Safety = "safety",
        /// 学生相处与欺凌.
        Bullying = "bullying",
        /// 食堂与饮食.
        Food = "food",
        /// 收费.
        Fees = "fees",
        /// 课后服务.
        AfterSchool = "after_school",
        /// 校园环境与设施.
        Grounds = "grounds",
        /// 家校联系.
        Contact = "contact",
        /// 建议.
        Advice = "advice",
        /// 表扬.
        Thanks = "thanks",
        /// 其他.
        Other = "other",
    }
}

words! {
    /// Where a case stands.
    State, "case-state" {
        /// Came in; nobody handles it yet.
        New = "new",
        /// Somebody handles it.
        Handling = "handling",
        /// The writer was asked for more; the clock stands.
        Asking = "asking",
        /// A reply waits for approval.
        Approving = "approving",
        /// Approved; to be told by telephone or in person.
        Telling = "telling",
        /// The writer has the answer.
        Answered = "answered",
        /// Done.
        Closed = "closed",
        /// Answered together with another.
        Merged = "merged",
    }
}

words! {
    /// By which rules it runs.
    Track, "case-track" {
        /// The school's own promise.
        Ordinary = "ordinary",
        /// 信访工作条例 (2022): 15, 60 and 30 days.
        Petition = "petition",
    }
}

words! {
    /// What the writer says of the answer: the statutory scale of Chongqing for replies (POLICY 3.8).
    Rating, "case-rating" {
        /// Not asked or not said.
        None = "none",
        /// 满意.
        Satisfied = "satisfied",
        /// 基本满意.
        Basic = "basic",
        /// 不满意.
        Unsatisfied = "unsatisfied",
    }
}

words! {
    /// How the answer reached the writer.
    How, "case-how" {
        /// Not yet.
        None = "none",
        /// In the product.
        InApp = "in_app",
        /// Under the number of an anonymous letter.
        Receipt = "receipt",
        /// By telephone.
        Phone = "phone",
        /// In person.
        AtSchool = "at_school",
    }
}

words! {
    /// Where a reply stands.
    ReplyState, "case-reply" {
        /// Being written.
        Draft = "draft",
        /// Waits for approval.
        Submitted = "submitted",
        /// Approved, not told yet.
        Approved = "approved",
        /// The writer has it.
        Sent = "sent",
    }
}

words! {
    /// Where a helper stands.
    HelperState, "case-helper" {
        /// Asked.
        Asked = "asked",
        /// Has said something.
        Answered = "answered",
        /// Asked no longer: sees nothing of it.
        Removed = "removed",
    }
}

words! {
    /// Something done with a case.
    Step, "case-step" {
        /// It came in.
        Received = "received",
        /// Given to somebody.
        Assigned = "assigned",
        /// Passed on to somebody else.
        Forwarded = "forwarded",
        /// A colleague was asked to help.
        HelperAsked = "helper_asked",
        /// A colleague is asked no longer.
        HelperGone = "helper_gone",
        /// A colleague said something.
        Opinion = "opinion",
        /// The writer was asked for more.
        Asked = "asked",
        /// The writer told more.
        Told = "told",
        /// More days were given.
        Extended = "extended",
        /// A reply was handed in.
        Submitted = "submitted",
        /// A reply was given back.
        Returned = "returned",
        /// A reply was approved.
        Approved = "approved",
        /// The answer reached the writer.
        Sent = "sent",
        /// The writer said what they think of it.
        Rated = "rated",
        /// The writer asked for it to be taken up again.
        Reopened = "reopened",
        /// Closed.
        Closed = "closed",
        /// Joined to another.
        Merged = "merged",
        /// Another was joined to it.
        Absorbed = "absorbed",
        /// The answer was published.
        Published = "published",
        /// The answer was taken from the public page.
        Withdrawn = "withdrawn",
        /// Taken onto the petition track.
        Petition = "petition",
        /// The writer was told that the petition is accepted.
        Accepted = "accepted",
        /// The writer asked for a review of a petition's answer.
        Review = "review",
        /// The one who answers looked at the confidential name.
        NameOpened = "name_opened",
    }
}

impl Step {
    /// What the writer sees of it.
    pub const fn shown_to_writer(self) -> bool {
        !matches!(
            self,
            Self::HelperAsked
                | Self::HelperGone
                | Self::Opinion
                | Self::Submitted
                | Self::Returned
                | Self::Approved
                | Self::Absorbed
                | Self::Forwarded
        )
    }
}

impl State {
    /// Work is to be done on it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::New | Self::Handling | Self::Asking | Self::Approving | Self::Telling)
    }
}

record! {
    /// A case without what was written.
    #[derive(Clone, Debug)]
    pub struct Case {
        /// Identifier.
        pub id: Id,
        /// School.
        pub school: Id,
        /// Door.
        pub door: Door,
        /// How the person stands.
        pub writer: Writer,
        /// What it is about.
        pub topic: Topic,
        /// Where it stands.
        pub state: State,
        /// By which rules it runs.
        pub track: Track,
        /// Day it came in.
        pub received_on: Date,
        /// School year of that day, as its code.
        pub school_year: String,
        /// Who handles it (主办).
        pub handler: Option<Id>,
        /// Its deadlines.
        pub stages: Stages,
        /// The first of them that runs out.
        pub due_on: Option<Date>,
        /// One was missed.
        pub late: bool,
        /// The case it is answered with.
        pub merged_into: Option<Id>,
        /// The one reopening was used.
        pub reopened: bool,
        /// What the writer said of the answer.
        pub rating: Rating,
        /// The writer agrees that the answer be published.
        pub wishes_public: bool,
        /// Day of the last answer.
        pub answered_on: Option<Date>,
        /// Grows with every change.
        pub version: i64,
        /// What was written, sealed.
        pub sealed: Vec<u8>,
    }
}

/// What was written or said: one matter.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Matter {
    /// In a line.
    pub title: String,
    /// In full.
    pub body: String,
}

/// Who wrote, as far as they said.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Person {
    /// Name; may be empty.
    pub name: String,
    /// Telephone; may be empty.
    pub phone: String,
}

record! {
    /// A step with its words sealed.
    #[derive(Clone, Debug)]
    pub struct EventRow {
        /// Identifier.
        pub id: Id,
        /// Number within the case.
        pub number: i64,
        /// Day.
        pub day: Date,
        /// What was done.
        pub kind: Step,
        /// Name of the member of staff who did it; empty for the writer.
        pub by: String,
        /// Name of the member of staff it concerns; may be empty.
        pub to: String,
        /// Words, sealed.
        pub sealed: Option<Vec<u8>>,
    }
}

record! {
    /// A reply with its text sealed.
    #[derive(Clone, Debug)]
    pub struct ReplyRow {
        /// Identifier.
        pub id: Id,
        /// 1, and 2 after the reopening.
        pub round: i64,
        /// Where it stands.
        pub state: ReplyState,
        /// Account of the author.
        pub author: Id,
        /// Name of the author.
        pub author_name: String,
        /// When it was last written.
        pub written_at: Millis,
        /// Name of whoever approved it; empty before.
        pub approved_name: String,
        /// Day it reached the writer.
        pub sent_on: Option<Date>,
        /// How.
        pub how: How,
        /// Text, sealed.
        pub sealed: Vec<u8>,
    }
}

record! {
    /// A colleague asked to help.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Helper {
        /// Member of staff.
        pub staff: Id,
        /// Name.
        pub name: String,
        /// Where they stand.
        pub state: HelperState,
    }
}
