//! What can be wrong with a row, in a closed list; each has its sentence in the catalogues.

use super::heading::{Column, SheetKind};
use gongyu_kernel::error::Code;
use serde::{Deserialize, Serialize};

/// One thing wrong with a row, or worth telling about it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Nothing is written in a column that must be filled.
    Missing(Column),
    /// A longer text than the column takes.
    TooLong(Column),
    /// No kind of unit is called so.
    UnitKind(String),
    /// No kind of school is called so.
    SchoolKind(String),
    /// Neither urban nor rural.
    Setting(String),
    /// A school code has ten digits [C]; another is taken with a remark.
    CodeShape(String),
    /// The code, or without one the name, stands in an earlier row of the file.
    UnitTwice(usize),
    /// The code is another unit's: its name.
    CodeTaken(String),
    /// A school keeps its kind: what it is now.
    KindStays(String),
    /// The unit lies in another town now; moving units is a reorganisation.
    TownStays(String),
    /// No such town; the nearest name.
    Town(String, Option<String>),
    /// No such unit; the nearest name.
    Unit(String, Option<String>),
    /// Two units are called so; the code tells which.
    UnitUnclear(String),
    /// Not a telephone number.
    Phone(String),
    /// No role is called so.
    Role(String),
    /// A role that this kind of unit does not have.
    RoleElsewhere(String),
    /// 班主任 belongs in its own sheet, as it needs the class.
    TeacherInRoles,
    /// The same person stands in an earlier row of the file.
    PersonTwice(usize),
    /// The number is another person's: their name.
    NumberTaken(String),
    /// The name alone does not tell who it is.
    PersonUnclear(String),
    /// Nobody of that number or name; the nearest name.
    Person(String, Option<String>),
    /// Neither number nor name of the class teacher is written.
    NoPerson,
    /// The class cannot be read.
    Class(String),
    /// This school has no such grade.
    ClassNotHere(String),
    /// Two classes may be meant.
    ClassUnclear(String, String),
    /// Read by habit; a remark with the class it is taken for.
    ClassGuessed(String),
    /// The class will be made; a remark.
    ClassNew(String),
    /// The class stands in an earlier row of the file.
    ClassTwice(usize),
    /// The unit has no classes.
    NoClasses,
}

impl Fault {
    /// Whether the row cannot be applied; the others are remarks.
    pub const fn blocks(&self) -> bool {
        !matches!(self, Self::CodeShape(_) | Self::TeacherInRoles | Self::ClassGuessed(_) | Self::ClassNew(_))
    }

    /// The sentence and its arguments. Columns are named by the headings of the sheet, which are Chinese
    /// in every language, as they are in the file.
    pub fn code(&self, sheet: SheetKind) -> Code {
        let plain = |key: &'static str| Code::new(key);
        let one = |key: &'static str, text: &str| Code::new(key).arg("text", text);
        let near = |key: &'static str, guess: &'static str, text: &str, near: Option<&String>| match near {
            Some(near) => Code::new(guess).arg("text", text).arg("near", near),
            None => Code::new(key).arg("text", text),
        };
        match self {
            Self::Missing(column) => one("org-fault-missing", column.title(sheet)),
            Self::TooLong(column) => one("org-fault-too-long", column.title(sheet)),
            Self::UnitKind(text) => one("org-fault-unit-kind", text),
            Self::SchoolKind(text) => one("org-fault-school-kind", text),
            Self::Setting(text) => one("org-fault-setting", text),
            Self::CodeShape(text) => one("org-fault-code-shape", text).arg("len", text.chars().count()),
            Self::UnitTwice(row) => plain("org-fault-unit-twice").arg("row", row),
            Self::CodeTaken(name) => one("org-fault-code-taken", name),
            Self::KindStays(kind) => one("org-fault-kind-stays", kind),
            Self::TownStays(town) => one("org-fault-town-stays", town),
            Self::Town(text, guess) => near("org-fault-town", "org-fault-town-near", text, guess.as_ref()),
            Self::Unit(text, guess) => near("org-fault-unit", "org-fault-unit-near", text, guess.as_ref()),
            Self::UnitUnclear(text) => one("org-fault-unit-unclear", text),
            Self::Phone(text) => one("org-fault-phone", text),
            Self::Role(text) => one("org-fault-role", text),
            Self::RoleElsewhere(text) => one("org-fault-role-elsewhere", text),
            Self::TeacherInRoles => plain("org-fault-teacher-in-roles"),
            Self::PersonTwice(row) => plain("org-fault-person-twice").arg("row", row),
            Self::NumberTaken(name) => one("org-fault-number-taken", name),
            Self::PersonUnclear(name) => one("org-fault-person-unclear", name),
            Self::Person(text, guess) => near("org-fault-person", "org-fault-person-near", text, guess.as_ref()),
            Self::NoPerson => plain("org-fault-no-person"),
            Self::Class(text) => one("org-fault-class", text),
            Self::ClassNotHere(text) => one("org-fault-class-not-here", text),
            Self::ClassUnclear(one, other) => plain("org-fault-class-unclear").arg("one", one).arg("other", other),
            Self::ClassGuessed(class) => one("org-fault-class-guessed", class),
            Self::ClassNew(class) => one("org-fault-class-new", class),
            Self::ClassTwice(row) => plain("org-fault-class-twice").arg("row", row),
            Self::NoClasses => plain("org-fault-no-classes"),
        }
    }
}
