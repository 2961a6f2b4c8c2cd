//! What is kept of people, and what of it is sealed.

use crate::roster::values;
use gongyu_store::coded;
use serde::{Deserialize, Serialize};

/// What a guardian is to a child.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// 父亲.
    Father,
    /// 母亲.
    Mother,
    /// 祖父母或外祖父母.
    Grandparent,
    /// 兄弟姐妹.
    Sibling,
    /// 其他.
    Other,
}

impl Relation {
    /// Every relation, in the order of the roster.
    pub const ALL: [Self; 5] = [Self::Father, Self::Mother, Self::Grandparent, Self::Sibling, Self::Other];

    /// Text in the database and in the catalogues.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Father => "father",
            Self::Mother => "mother",
            Self::Grandparent => "grandparent",
            Self::Sibling => "sibling",
            Self::Other => "other",
        }
    }

    /// Reads the text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.code() == text)
    }
}

impl From<values::Relation> for Relation {
    fn from(r: values::Relation) -> Self {
        match r {
            values::Relation::Father => Self::Father,
            values::Relation::Mother => Self::Mother,
            values::Relation::Grandparent => Self::Grandparent,
            values::Relation::Sibling => Self::Sibling,
            values::Relation::Other => Self::Other,
        }
    }
}

/// Where a pupil stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum StudentState {
    /// In school.
    Active,
    /// Left the school; the history stays.
    Left,
    /// Finished the last grade.
    Graduated,
}

impl StudentState {
    /// Text in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Left => "left",
            Self::Graduated => "graduated",
        }
    }

    /// Reads the text.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Active, Self::Left, Self::Graduated].into_iter().find(|s| s.code() == text)
    }
}

coded!(Relation, StudentState);

/// What is sealed of a pupil: `student.sealed`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SealedStudent {
    /// Identity number.
    pub id_number: String,
    /// Student-roll number; it contains the identity number.
    pub roll_number: String,
    /// Present address.
    pub address: String,
    /// Family's own telephone as the roster gives it.
    pub phone: String,
    /// Orphan (孤儿).
    pub orphan: bool,
    /// Kind of disability, as the roster names it; empty for none.
    pub disability: String,
    /// Learns in a regular class with a disability (随班就读).
    pub inclusive: bool,
    /// Ethnicity by name.
    pub ethnicity: String,
    /// The whole roster row, so that an export gives back what came in.
    pub roster_row: Option<serde_json::Value>,
}

/// What is sealed of a guardian besides the telephone: `guardian.sealed`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SealedGuardian {
    /// Identity number.
    pub id_number: String,
    /// Address.
    pub address: String,
    /// Employer and post.
    pub work: String,
}

/// Seal name of `student.sealed`.
pub(crate) const STUDENT_SEALED: &str = "student.sealed";
/// Seal name of `guardian.sealed`.
pub(crate) const GUARDIAN_SEALED: &str = "guardian.sealed";
/// Seal name of `guardian.phone_sealed`.
pub(crate) const GUARDIAN_PHONE: &str = "guardian.phone";
/// Seal name of `staff.phone_sealed`.
pub(crate) const STAFF_PHONE: &str = "staff.phone";
/// Name of the blind index of telephones; one for guardians, staff and sign-in codes alike.
pub const PHONE_BLIND: &str = "phone";
/// Name of the blind index of identity numbers.
pub const ID_BLIND: &str = "id-number";
/// Name of the blind index of student-roll numbers.
pub const ROLL_BLIND: &str = "roll-number";
