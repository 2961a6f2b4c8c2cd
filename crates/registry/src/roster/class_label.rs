//! Understanding written classes, and writing them.
//!
//! A class is a cohort: stage, year of entry, number and, in a vocational school, its speciality. Its grade follows from the school year, so it never has to be
//! edited when the year turns; what files and people write ("302", "三(2)班", "2023级2班") is read back to the cohort.

mod numeral;
mod resolve;
mod speciality;
#[cfg(test)]
#[path = "tests_class_label.rs"]
mod tests;
mod vocational;
mod writing;

use serde::{Deserialize, Serialize};

pub(super) use resolve::age_on_31_august;
pub use resolve::{ClassClues, ClassFault, ClassReading, understand};
pub use speciality::Speciality;

/// A stage of schooling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 幼儿园: 托班 as grade 0, then 小班, 中班, 大班.
    Kindergarten,
    /// 小学: grades 1 to 6.
    Primary,
    /// 初中: grades 7 to 9, counted 1 to 3 within the stage.
    Junior,
    /// 高中: 高一 to 高三.
    Senior,
    /// 中职: three years; classes keep the name of their entry year.
    Vocational,
    /// 特教: grades run on from 1, up to 12.
    Special,
}

impl Stage {
    /// Every stage, youngest first.
    pub const ALL: [Self; 6] =
        [Self::Kindergarten, Self::Primary, Self::Junior, Self::Senior, Self::Vocational, Self::Special];

    /// The stable word in stored data.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Kindergarten => "kindergarten",
            Self::Primary => "primary",
            Self::Junior => "junior",
            Self::Senior => "senior",
            Self::Vocational => "vocational",
            Self::Special => "special",
        }
    }

    /// The stage whose [`Stage::key`] this is.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.key() == key)
    }

    /// The highest grade within the stage.
    pub const fn top_grade(self) -> u8 {
        match self {
            Self::Kindergarten | Self::Junior | Self::Senior | Self::Vocational => 3,
            Self::Primary => 6,
            Self::Special => 12,
        }
    }

    /// The lowest grade within the stage: 0 where a class for the under-threes comes before the first year.
    pub const fn first_grade(self) -> u8 {
        if matches!(self, Self::Kindergarten) { 0 } else { 1 }
    }

    /// Full years of age a child usually has on 31 August before grade 1 of the stage (Compulsory Education Law, article 11:
    /// six for primary school; the others follow from the length of the stages).
    pub const fn entry_age(self) -> i16 {
        match self {
            Self::Kindergarten => 3,
            Self::Primary | Self::Special => 6,
            Self::Junior => 12,
            Self::Senior | Self::Vocational => 15,
        }
    }
}

/// A kind of school, with the stages it may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SchoolKind {
    /// 幼儿园
    Kindergarten,
    /// 小学
    Primary,
    /// 九年一贯制学校
    NineYear,
    /// 初级中学
    Junior,
    /// 高级中学
    Senior,
    /// 完全中学
    CompleteSecondary,
    /// 中等职业学校
    Vocational,
    /// 特殊教育学校
    Special,
}

impl SchoolKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Kindergarten,
        Self::Primary,
        Self::NineYear,
        Self::Junior,
        Self::Senior,
        Self::CompleteSecondary,
        Self::Vocational,
        Self::Special,
    ];

    /// The stages the school may hold, youngest first.
    pub const fn stages(self) -> &'static [Stage] {
        match self {
            Self::Kindergarten => &[Stage::Kindergarten],
            Self::Primary => &[Stage::Primary],
            Self::NineYear => &[Stage::Primary, Stage::Junior],
            Self::Junior => &[Stage::Junior],
            Self::Senior => &[Stage::Senior],
            Self::CompleteSecondary => &[Stage::Junior, Stage::Senior],
            Self::Vocational => &[Stage::Vocational],
            Self::Special => &[Stage::Special],
        }
    }

    /// The stable word in stored data.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Kindergarten => "kindergarten",
            Self::Primary => "primary",
            Self::NineYear => "nine_year",
            Self::Junior => "junior",
            Self::Senior => "senior",
            Self::CompleteSecondary => "complete_secondary",
            Self::Vocational => "vocational",
            Self::Special => "special",
        }
    }

    /// The kind whose [`SchoolKind::key`] this is.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// A class of a school: a cohort that keeps its key for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClassKey {
    /// The stage.
    pub stage: Stage,
    /// The calendar year whose autumn began grade 1 of the stage; for 托班 the year it will become 小班.
    pub entry_year: i16,
    /// The number of the class in its cohort, from 1; with a speciality the number within it.
    pub class_no: u16,
    /// What a vocational class is taught, where its name says so.
    #[serde(default, skip_serializing_if = "Speciality::is_none")]
    pub speciality: Speciality,
}

impl ClassKey {
    /// The class that is in `grade` of `stage` in the school year beginning in `school_year_start`.
    pub const fn in_grade(stage: Stage, grade: u8, class_no: u16, school_year_start: i16) -> Self {
        Self::of_cohort(stage, school_year_start - grade as i16 + 1, class_no)
    }

    /// The class of a cohort that is only numbered.
    pub const fn of_cohort(stage: Stage, entry_year: i16, class_no: u16) -> Self {
        Self { stage, entry_year, class_no, speciality: Speciality::NONE }
    }

    /// The class as the columns `stage, entry_year, class_no, speciality` of a unit keep it; `None` for any other unit.
    pub fn of_columns(
        stage: Option<&str>,
        entry_year: Option<i16>,
        class_no: Option<u16>,
        speciality: Option<&str>,
    ) -> Option<Self> {
        let speciality = Speciality::read(speciality.unwrap_or_default())?;
        Some(Self { speciality, ..Self::of_cohort(Stage::from_key(stage?)?, entry_year?, class_no?) })
    }

    /// The grade within the stage in a school year; `None` before it begins and after it has left the stage.
    pub fn grade(&self, school_year_start: i16) -> Option<u8> {
        let grade = u8::try_from(school_year_start - self.entry_year + 1).ok()?;
        (self.stage.first_grade()..=self.stage.top_grade()).contains(&grade).then_some(grade)
    }

    /// The name of the class in a school year: 三年级2班, 大二班, 七年级3班, 高一3班, 2025级3班, 2024级护理1班. A class that has left its
    /// stage is named by its entry year.
    pub fn display(&self, school_year_start: i16) -> String {
        match (self.stage, self.grade(school_year_start)) {
            (Stage::Kindergarten, Some(_)) => {
                let grade = self.grade_name(school_year_start);
                format!("{}{}班", grade.trim_end_matches('班'), numeral::chinese(self.class_no))
            }
            _ => format!("{}{}{}班", self.grade_name(school_year_start), self.speciality, self.class_no),
        }
    }

    /// The name of the grade in a school year: 三年级, 大班, 七年级, 高一, 2025级.
    pub fn grade_name(&self, school_year_start: i16) -> String {
        let by_year = || format!("{}级", self.entry_year);
        let Some(grade) = self.grade(school_year_start) else { return by_year() };
        let written = |number: u8| numeral::chinese(u16::from(number));
        match self.stage {
            Stage::Kindergarten => ["托班", "小班", "中班", "大班"][usize::from(grade)].to_owned(),
            Stage::Primary | Stage::Special => format!("{}年级", written(grade)),
            Stage::Junior => format!("{}年级", written(grade + 6)),
            Stage::Senior => format!("高{}", written(grade)),
            Stage::Vocational => by_year(),
        }
    }

    /// The class as roster files code it: entry year and two digits of the number, `202302`. A speciality has no place in it.
    pub fn roster_code(&self) -> String {
        format!("{}{:02}", self.entry_year, self.class_no)
    }
}
