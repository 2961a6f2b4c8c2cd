//! The policy table: which role may do what. One table to read; a snapshot of it is under test.
//! A right here says "somewhere"; where is decided by the unit of the hat and the record's own check.

mod table;

use serde::{Deserialize, Serialize};

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
    };
}

codes! {
    /// What a person is in one unit.
    Role {
        /// Parent or other guardian.
        Guardian = "guardian",
        /// 班主任.
        ClassTeacher = "class_teacher",
        /// Any other teacher of a class.
        SubjectTeacher = "subject_teacher",
        /// Principal or other leader in charge.
        SchoolLeader = "school_leader",
        /// 德育主任: runs home–school work in a school.
        MoralDirector = "moral_director",
        /// 教务处: keeps the roster of a school.
        Registrar = "registrar",
        /// School counsellor.
        Counsellor = "counsellor",
        /// Officer of a town or sub-district.
        TownOfficer = "town_officer",
        /// Officer of the district commission.
        DistrictOfficer = "district_officer",
        /// Keeps the system for the district.
        DistrictAdmin = "district_admin",
        /// 责任督学.
        Supervisor = "supervisor",
        /// Officer of a partner agency.
        AgencyOfficer = "agency_officer",
        /// Worker of a community site.
        CommunityWorker = "community_worker",
        /// Reads the audit log and nothing else.
        Auditor = "auditor",
    }
}

codes! {
    /// Something a person may do.
    Action {
        /// See one's own children.
        SeeOwnChildren = "own_children.see",
        /// See the board of a class: names and last contacts.
        SeeClass = "class.see",
        /// Log a contact with a family.
        LogContact = "contact.log",
        /// Open a child's page.
        SeeStudent = "student.see",
        /// See guardians' numbers and addresses.
        SeeContacts = "contacts.see",
        /// See who counts as belonging to a special group.
        SeeCategories = "categories.see",
        /// Change guardians, custody and numbers.
        EditGuardians = "guardians.edit",
        /// Find people.
        SearchPeople = "people.search",
        /// Open a school's home.
        SeeSchool = "school.see",
        /// Open a town's page.
        SeeTown = "town.see",
        /// Open the district's home.
        SeeDistrict = "district.see",
        /// See reach and lists of families not reached.
        SeeReach = "reach.see",
        /// Take figures and lists away as a file.
        Export = "export",
        /// See duties.
        SeeDuties = "duties.see",
        /// Record an activity of a unit.
        RecordAct = "act.record",
        /// Change duty rules.
        EditRules = "rules.edit",
        /// Change the school calendar.
        EditCalendar = "calendar.edit",
        /// Import a roster.
        ImportRoster = "roster.import",
        /// Import units, staff and roles; run the rollover of a year.
        ManageUnits = "units.manage",
        /// Keep staff and their roles in a unit.
        ManageStaff = "staff.manage",
        /// Print contact cards.
        PrintCards = "cards.print",
        /// Read the audit log.
        SeeAudit = "audit.see",
        /// Look after jobs that gave up.
        ManageJobs = "jobs.manage",
        /// Make tokens for the API.
        UseApi = "api.use",
        /// Plan home visits, offer times, invite companions.
        PlanVisits = "visits.plan",
        /// Record a home visit one leads or comes along to.
        RecordVisit = "visits.record",
        /// See home visits: the records of one's class or school, and figures of one's unit.
        SeeVisits = "visits.see",
        /// Open a protected note, with a purpose and on record.
        SeeProtectedNote = "protected_note.see",
        /// Write notices to the families of one's unit and send them.
        SendNotice = "notice.send",
        /// Send a notice that does not wait for the end of quiet hours.
        SendUrgent = "notice.urgent",
        /// See what became of notices.
        SeeNotices = "notice.see",
        /// Set up the channels of letters and their rules.
        ManageDelivery = "delivery.manage",
        /// See the tasks about families never reached, and their figures.
        SeeUnreached = "unreached.see",
        /// Work on tasks about families never reached that lie with one.
        HandleUnreached = "unreached.handle",
        /// Note calls and talks, answer the matters one is given, help with others.
        HandleCases = "case.handle",
        /// Give out the matters of a school, set its doors.
        SteerCases = "case.steer",
        /// Approve replies and publish answers.
        ApproveReplies = "case.approve",
        /// See figures of the matters of one's unit.
        SeeCaseFigures = "case.figures",
        /// Open a recorded contact that the family does not remember, and note what came of it.
        SeeContradicted = "contradicted.see",
        /// See what the product costs teachers and families: figures of a unit, never of a person.
        SeeBurden = "burden.see",
        /// See open days and their numbers.
        SeeOpenDays = "open_days.see",
        /// Prepare open days of one's school, publish them, call them off.
        ManageOpenDays = "open_days.manage",
        /// Stand at the door of an open day: see who booked of one's class and sessions, note who came.
        ReceiveOpenDay = "open_days.receive",
    }
}

/// A right named in a handler's signature: one type for each action.
pub trait Right: Send + Sync + 'static {
    /// The action it stands for.
    const ACTION: Action;
}

macro_rules! rights {
    ($($name:ident),* $(,)?) => {
        /// One type for each action, to name it in a signature: `ForClass<right::LogContact>`.
        pub mod right {
            $(
                /// The right of this name in the policy table.
                #[derive(Clone, Copy, Debug)]
                pub struct $name;
                impl super::Right for $name {
                    const ACTION: super::Action = super::Action::$name;
                }
            )*
        }
    };
}
rights!(
    SeeOwnChildren,
    SeeClass,
    LogContact,
    SeeStudent,
    SeeContacts,
    SeeCategories,
    EditGuardians,
    SearchPeople,
    SeeSchool,
    SeeTown,
    SeeDistrict,
    SeeReach,
    Export,
    SeeDuties,
    RecordAct,
    EditRules,
    EditCalendar,
    ImportRoster,
    ManageUnits,
    ManageStaff,
    PrintCards,
    SeeAudit,
    ManageJobs,
    UseApi,
    PlanVisits,
    RecordVisit,
    SeeVisits,
    SeeProtectedNote,
    SendNotice,
    SendUrgent,
    SeeNotices,
    ManageDelivery,
    SeeUnreached,
    HandleUnreached,
    HandleCases,
    SteerCases,
    ApproveReplies,
    SeeCaseFigures,
    SeeContradicted,
    SeeBurden,
    SeeOpenDays,
    ManageOpenDays,
    ReceiveOpenDay,
);

impl Role {
    /// Whether the role may do this in its own unit.
    pub fn may(self, action: Action) -> bool {
        table::rights(self).contains(&action)
    }

    /// Whether signing in with this role asks for a second factor: those who see or change a whole
    /// school's or district's records (GB/T 22239—2019 8.1.4, two factors [C]; which roles is a setting of ours [P]).
    pub const fn wants_second_factor(self) -> bool {
        matches!(self, Self::DistrictAdmin | Self::DistrictOfficer | Self::Auditor | Self::Registrar)
    }
}

/// The whole table as text, one line a role: what the snapshot test holds.
pub fn matrix() -> String {
    Role::ALL
        .iter()
        .map(|role| {
            let may: Vec<&str> = Action::ALL.iter().filter(|a| role.may(**a)).map(|a| a.code()).collect();
            format!("{}: {}\n", role.code(), may.join(" "))
        })
        .collect()
}
