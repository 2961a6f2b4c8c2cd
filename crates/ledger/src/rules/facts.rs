//! What the ledger knows of a contact, an activity or a record, in the words rules are written in.

use super::coded::{coded, open_code};
use gongyu_kernel::calendar::Date;

coded! {
    /// How deeply a family was reached; each depth contains the ones before it.
    Depth, "touch-depth" {
        /// 告知: something was sent or said to them.
        Told = "told",
        /// 确认: they said they have seen it.
        Confirmed = "confirmed",
        /// 交谈: both sides spoke.
        Talked = "talked",
        /// 见面: face to face.
        Met = "met",
    }
}

coded! {
    /// What a contact was about, good news first in every picker.
    Tone, "touch-tone" {
        /// 好消息.
        Good = "good",
        /// 日常.
        Neutral = "neutral",
        /// 关心.
        Concern = "concern",
        /// 批评.
        Complaint = "complaint",
    }
}

coded! {
    /// The way a contact took.
    Channel, "touch-channel" {
        /// A telephone call.
        Phone = "phone",
        /// WeChat or WeCom.
        Wechat = "wechat",
        /// The family came to the school.
        AtSchool = "at_school",
        /// The school came to the family's door.
        HomeVisit = "home_visit",
        /// Inside the product.
        InApp = "in_app",
        /// A text message.
        Sms = "sms",
        /// A sheet of paper.
        Paper = "paper",
        /// A video call.
        Video = "video",
        /// A gathering: meeting, open day, lecture.
        Event = "event",
    }
}

coded! {
    /// The part a member of staff plays in a contact, as far as a rule asks.
    StaffRole, "duty-role" {
        /// 班主任 of the child's class.
        ClassTeacher = "class_teacher",
        /// Another teacher of the class.
        SubjectTeacher = "subject_teacher",
        /// Head, deputy head, moral-education director.
        SchoolLeader = "school_leader",
        /// 心理教师.
        Counsellor = "counsellor",
        /// Anybody else of the school.
        Other = "other",
    }
}

coded! {
    /// The stage a child is in.
    Stage, "duty-stage" {
        /// 学前.
        Kindergarten = "kindergarten",
        /// 小学.
        Primary = "primary",
        /// 初中.
        Junior = "junior",
        /// 普通高中.
        Senior = "senior",
        /// 中职.
        Vocational = "vocational",
        /// 特殊教育.
        Special = "special",
    }
}

coded! {
    /// The kind of a school.
    SchoolKind, "duty-school-kind" {
        /// 幼儿园.
        Kindergarten = "kindergarten",
        /// 小学.
        Primary = "primary",
        /// 九年一贯制学校.
        NineYear = "nine_year",
        /// 初级中学.
        Junior = "junior",
        /// 高级中学 and 完全中学.
        Senior = "senior",
        /// 中等职业学校.
        Vocational = "vocational",
        /// 特殊教育学校.
        Special = "special",
    }
}

coded! {
    /// Town or country, from the town a unit lies in.
    Setting, "duty-setting" {
        /// 城区.
        Urban = "urban",
        /// 乡村.
        Rural = "rural",
    }
}

coded! {
    /// Groups of children a rule names (POLICY 3.1). Who counts as one is itself sensitive.
    Category, "duty-category" {
        /// 特殊群体: any of 留守、流动、孤儿、事实无人抚养、单亲 (教基厅〔2025〕2号).
        SpecialGroup = "special_group",
        /// 留守, by the roster's definition.
        LeftBehind = "left_behind",
        /// 流动 (进城务工人员随迁).
        Migrant = "migrant",
        /// 孤儿.
        Orphan = "orphan",
        /// 事实无人抚养.
        Unsupported = "unsupported",
        /// 单亲.
        SingleParent = "single_parent",
        /// 困境 (国务院《关于加强困境儿童保障工作的意见》 2016).
        Hardship = "hardship",
    }
}

impl Category {
    /// Whether a child of the `other` category is one of this.
    pub const fn covers(self, other: Self) -> bool {
        match self {
            Self::SpecialGroup => !matches!(other, Self::Hardship),
            _ => self as u8 == other as u8,
        }
    }
}

open_code! {
    /// What kind of contact a touch was.
    TouchKind, "touch-kind" {
        /// A call, a message, a talk at the gate.
        CONTACT = "contact",
        /// A home visit.
        VISIT = "visit",
        /// A parent meeting the family attended.
        MEETING = "meeting",
        /// An open day the family attended.
        OPEN_DAY = "open_day",
        /// A notice read or confirmed.
        NOTICE = "notice",
        /// A lesson of the parent school finished.
        LESSON = "lesson",
        /// A letter answered.
        LETTER = "letter",
        /// A contract signed.
        CONTRACT = "contract",
    }
}

open_code! {
    /// What kind of activity a unit held.
    ActKind, "act-kind" {
        /// 家庭教育(指导)活动.
        FAMILY_EDUCATION = "family_education",
        /// 综合性教育实践活动.
        PRACTICE_ACTIVITY = "practice_activity",
        /// 家长会.
        PARENT_MEETING = "parent_meeting",
        /// 家长开放日.
        OPEN_DAY = "open_day",
        /// 家长委员会 set up.
        PARENT_COMMITTEE_SET_UP = "parent_committee_set_up",
        /// 家长学校 set up.
        PARENT_SCHOOL_SET_UP = "parent_school_set_up",
        /// 教职工犯罪记录查询.
        RECORD_CHECK = "record_check",
        /// A circular of the district.
        CIRCULAR = "circular",
        /// 家庭教育日.
        FAMILY_EDUCATION_DAY = "family_education_day",
        /// Family education in museums, libraries, children's palaces.
        CULTURE_VENUE = "culture_venue",
    }
}

open_code! {
    /// What kind of record exists about a subject.
    RecordKind, "record-kind" {
        /// 特殊家庭档案.
        CARE_FILE = "care_file",
        /// 教联体.
        EDUCATION_COMMUNITY = "education_community",
        /// An absent parent's contact with child and carer.
        ABSENT_PARENT_CONTACT = "absent_parent_contact",
        /// A minute of sport on a school day.
        SPORT_MINUTE = "sport_minute",
        /// A day without homework.
        NO_HOMEWORK_DAY = "no_homework_day",
    }
}

open_code! {
    /// What kind of event has to be answered in time.
    EventKind, "event-kind" {
        /// A family missed a parent meeting.
        MEETING_MISSED = "meeting_missed",
        /// A child is absent without leave.
        TRUANCY = "truancy",
        /// A child was found left alone.
        CHILD_LEFT_ALONE = "child_left_alone",
    }
}

open_code! {
    /// A number some feature can tell, for rules about shares.
    MeasureKey, "measure" {
        /// Schools and kindergartens.
        SCHOOLS = "schools",
        /// Those with a parent school.
        SCHOOLS_WITH_PARENT_SCHOOL = "schools_with_parent_school",
        /// Those with a psychology teacher.
        SCHOOLS_WITH_COUNSELLOR = "schools_with_counsellor",
        /// Those inspected at least twice this semester.
        SCHOOLS_INSPECTED_TWICE = "schools_inspected_twice",
        /// Those inspected as a whole in the last five years.
        SCHOOLS_INSPECTED_FULLY = "schools_inspected_fully",
        /// Villages and communities.
        COMMUNITIES = "communities",
        /// Those with a parent school.
        COMMUNITIES_WITH_PARENT_SCHOOL = "communities_with_parent_school",
        /// 家庭教育指导服务站点.
        GUIDANCE_STATIONS = "guidance_stations",
        /// Those that also do mental health.
        GUIDANCE_STATIONS_WITH_CARE = "guidance_stations_with_care",
    }
}

/// A touch as rules see it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TouchFacts {
    /// What kind of contact.
    pub kind: TouchKind,
    /// How deep.
    pub depth: Depth,
    /// Which way.
    pub channel: Channel,
    /// The part of whoever made it; `None` for what the product did by itself.
    pub staff_role: Option<StaffRole>,
    /// The day it happened, not the day it was noted.
    pub occurred_on: Date,
}

/// An act as rules see it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ActFacts {
    /// What kind of activity.
    pub kind: ActKind,
    /// The day it was held.
    pub held_on: Date,
}

/// A record as rules see it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordFacts {
    /// What kind of record.
    pub kind: RecordKind,
    /// The day from which it exists.
    pub made_on: Date,
}

/// An event that asks for an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EventFacts {
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub happened_on: Date,
    /// When it was answered, if it was.
    pub answered_on: Option<Date>,
}

/// Whoever a duty is counted for, as rules see them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SubjectFacts {
    /// The child's stage.
    pub stage: Option<Stage>,
    /// The kind of the school itself, or of the class's or child's school.
    pub school_kind: Option<SchoolKind>,
    /// Town or country.
    pub setting: Option<Setting>,
    /// The groups the child belongs to.
    pub categories: Vec<Category>,
}
