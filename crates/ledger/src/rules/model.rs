//! A duty rule as data: what is asked of whom, how often, and which text asks it.

use super::coded::coded;
use super::facts::{
    ActKind, Category, Channel, Depth, EventKind, MeasureKey, RecordKind, SchoolKind, Setting, StaffRole, Stage,
    TouchKind,
};
use gongyu_kernel::calendar::{Date, PeriodKind};
use gongyu_kernel::error::Code;
use serde::{Deserialize, Serialize};

coded! {
    /// How sure a rule's text is, as in POLICY.md.
    SourceTag, "duty-tag" {
        /// Full text of the law or regulation.
        Law = "L",
        /// A government page.
        Government = "G",
        /// Press or re-post of the official text.
        Media = "M",
        /// Practice of another place; binds nobody.
        Practice = "P",
        /// Public source code that handles the national form.
        Code = "C",
        /// Background knowledge, not confirmed.
        Known = "K",
    }
}

coded! {
    /// Whom a duty is counted for.
    Subject, "duty-subject" {
        /// Each child.
        Child = "child",
        /// Each guardian.
        Guardian = "guardian",
        /// Each class.
        Class = "class",
        /// Each school, kindergartens too unless [`Applies::school_kinds`] says otherwise.
        School = "school",
        /// Each kindergarten.
        Kindergarten = "kindergarten",
        /// Each town or street.
        Town = "town",
        /// Each village or community.
        Community = "community",
        /// The teachers' college.
        College = "college",
        /// The district.
        District = "district",
    }
}

/// What is counted towards a duty.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Counts {
    /// Activities the unit held.
    Acts {
        /// Kinds that count.
        kinds: Vec<ActKind>,
        /// Count each kind once at most, so that two different kinds are asked for, not two of one.
        #[serde(default)]
        each_kind_once: bool,
    },
    /// Contacts with the child's family.
    Touches {
        /// Kinds that count.
        kinds: Vec<TouchKind>,
        /// At least this deep.
        min_depth: Depth,
        /// Ways that count; empty for any.
        #[serde(default)]
        channels: Vec<Channel>,
        /// Only contacts made by this part of the staff.
        #[serde(default)]
        staff_role: Option<StaffRole>,
    },
    /// Records that exist.
    Record {
        /// Their kind.
        kind: RecordKind,
    },
    /// Events answered in time, all of those in the period.
    Answered {
        /// The event.
        kind: EventKind,
        /// Working days after the event within which the answer counts.
        within_workdays: u16,
    },
    /// A share that has to be reached.
    Ratio {
        /// What is counted.
        numerator: MeasureKey,
        /// Out of what.
        denominator: MeasureKey,
        /// At least this many percent.
        percent: u8,
    },
}

/// Which subjects a rule is about. Everything empty: all of them.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Applies {
    /// Stages of children.
    pub stages: Vec<Stage>,
    /// Kinds of schools.
    pub school_kinds: Vec<SchoolKind>,
    /// Only in town or only in the country.
    pub setting: Option<Setting>,
    /// Only children of one of these groups.
    pub categories: Vec<Category>,
    /// Only periods with at least so many days of lessons, so that nobody owes a monthly activity
    /// for August.
    pub min_school_days: u32,
}

/// The last day on which a duty can be met in time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deadline {
    /// The last day of lessons of the semester or school year; the last day of other periods.
    #[default]
    LastLesson,
    /// The last day of the period.
    PeriodEnd,
    /// A fixed day of the year that lies in the period.
    Day {
        /// Month, 1 to 12.
        month: i8,
        /// Day of the month.
        day: i8,
    },
    /// One day of one year, for goals with a date.
    On {
        /// That day.
        date: Date,
    },
}

/// Why a rule of the default set is switched off.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OffReason {
    /// No feature records yet what it counts.
    NothingCountsItYet,
    /// Another rule, named by its code, asks for the same or more.
    CoveredBy(String),
    /// The text says "in time" and gives no number.
    NoNumberInText,
    /// A day to mark in the calendar, not a count.
    CalendarEvent,
    /// It binds families, whose lives the product does not count.
    FamilyMatter,
    /// Encouraged, not asked.
    EncouragedOnly,
}

impl OffReason {
    /// The key of its words; `duty-off-covered_by` takes the argument `code`.
    pub const fn label_key(&self) -> &'static str {
        match self {
            Self::NothingCountsItYet => "duty-off-nothing_counts_it_yet",
            Self::CoveredBy(_) => "duty-off-covered_by",
            Self::NoNumberInText => "duty-off-no_number_in_text",
            Self::CalendarEvent => "duty-off-calendar_event",
            Self::FamilyMatter => "duty-off-family_matter",
            Self::EncouragedOnly => "duty-off-encouraged_only",
        }
    }
}

/// The text a rule comes from, in one language.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Citation {
    /// Full title with document number.
    pub title: String,
    /// Title as it fits a table cell.
    pub short: String,
    /// Article, empty where there is none.
    #[serde(default)]
    pub article: String,
    /// Year of the text.
    pub year: i16,
}

impl Citation {
    /// 重庆市家庭教育促进条例第二十二条; in English the article follows a comma.
    pub fn cell(&self) -> String {
        let comma = if self.article.is_empty() || !self.article.is_ascii() { "" } else { ", " };
        format!("{}{comma}{}", self.short, self.article)
    }
}

/// A duty rule. Stored as JSON text; editing makes a new version, the old one stays for the periods
/// it was counted in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Rule {
    /// Its name for ever, `R05`.
    pub code: String,
    /// Counted from 1.
    pub version: u32,
    /// Short title, the count in it.
    pub title_zh: String,
    /// The same in English.
    pub title_en: String,
    /// The text it comes from.
    pub source_zh: Citation,
    /// The same in English.
    pub source_en: Citation,
    /// How sure the text is.
    pub tag: SourceTag,
    /// Whom it is counted for.
    pub subject: Subject,
    /// What is counted.
    pub counts: Counts,
    /// How many; for [`Counts::Ratio`] and [`Counts::Answered`] the counts say it themselves.
    #[serde(default = "one")]
    pub required: u32,
    /// In which period.
    pub period: PeriodKind,
    /// Whom it is about.
    #[serde(default)]
    pub applies: Applies,
    /// First day it is in force; open when empty.
    #[serde(default)]
    pub valid_from: Option<Date>,
    /// Last day it is in force; open when empty.
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// The last day to meet it in time.
    #[serde(default)]
    pub deadline: Deadline,
    /// So many days before the deadline it is shown as near.
    #[serde(default)]
    pub due_from: u16,
    /// Encouraged only: it can be met but never late.
    #[serde(default)]
    pub soft: bool,
    /// Whether it is in use.
    pub enabled: bool,
    /// Why the default set leaves it out of use.
    #[serde(default)]
    pub off_because: Option<OffReason>,
}

const fn one() -> u32 {
    1
}

impl Rule {
    /// How much is asked where it is no plain number of times: minutes, days, a day of the calendar, or at
    /// all times.
    pub fn amount(&self) -> Option<Code> {
        let n = i64::from(self.required);
        match &self.counts {
            // The law forbids it at all times: there is no number of days to be late by.
            Counts::Answered { kind, .. } if *kind == EventKind::CHILD_LEFT_ALONE => {
                Some(Code::new("duty-amount-always"))
            }
            Counts::Record { kind } if *kind == RecordKind::SPORT_MINUTE => {
                Some(Code::new("duty-amount-minutes").arg("n", n))
            }
            Counts::Record { kind } if *kind == RecordKind::NO_HOMEWORK_DAY => {
                Some(Code::new("duty-amount-days").arg("n", n))
            }
            Counts::Acts { kinds, .. } if kinds.as_slice() == [ActKind::FAMILY_EDUCATION_DAY] => {
                Some(Code::new("duty-amount-third-may-monday").arg("n", n))
            }
            _ => None,
        }
    }

    /// Whether the rule is in force on a day. It is in force for a period when it is so on the
    /// period's deadline.
    pub fn in_force(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }
}
