//! The school and the class of a row.

use super::Case;
use crate::roster::class_label::{ClassClues, ClassFault, ClassKey, SchoolKind, understand};
use crate::roster::headings::Field;
use crate::roster::problem::ProblemCode;
use crate::roster::row::PupilRow;

/// What is known about a school code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchoolAnswer {
    /// A school the person may import for.
    Known(SchoolKind),
    /// A school, but not one the person works for.
    Outside,
    /// No school has this code.
    Unknown,
}

/// What is known about a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClassAnswer {
    /// The class exists.
    Exists,
    /// It does not, and the import may make it.
    Creatable,
    /// It does not, and may not be made.
    Absent,
}

/// The schools and classes a file is checked against. Asked once a row, so answer from memory.
pub trait Schools {
    /// What is known about a school code within the person's scope.
    fn school(&self, code: &str) -> SchoolAnswer;
    /// What is known about a class of a known school.
    fn class(&self, code: &str, class: &ClassKey) -> ClassAnswer;
}

/// The class a row belongs to.
pub(super) struct ClassFound {
    pub key: ClassKey,
    pub is_new: bool,
}

pub(super) fn check(case: &mut Case<'_>, row: &mut PupilRow, schools: &dyn Schools) -> Option<ClassFound> {
    let kind = school(case, row, schools)?;
    let key = class(case, row, kind)?;
    let code = row.school_code.as_deref().unwrap_or_default();
    let is_new = match schools.class(code, &key) {
        ClassAnswer::Exists => false,
        ClassAnswer::Creatable => true,
        ClassAnswer::Absent => {
            let name = key.display(case.rules.school_year_start);
            case.report(case.problem(ProblemCode::ClassAbsent, Field::Class).arg("class", name));
            return None;
        }
    };
    row.class = Some(key);
    Some(ClassFound { key, is_new })
}

fn school(case: &mut Case<'_>, row: &mut PupilRow, schools: &dyn Schools) -> Option<SchoolKind> {
    let of_file = case.rules.school_code.clone();
    let code = match (row.school_code.clone(), of_file) {
        (Some(code), Some(of_file)) if code != of_file => {
            case.note(ProblemCode::SchoolOutside, Field::SchoolCode);
            return None;
        }
        (Some(code), _) | (None, Some(code)) => code,
        (None, None) => {
            case.note(ProblemCode::SchoolMissing, Field::SchoolCode);
            return None;
        }
    };
    let answer = schools.school(&code);
    row.school_code = Some(code);
    match answer {
        SchoolAnswer::Known(kind) => return Some(kind),
        SchoolAnswer::Outside => case.note(ProblemCode::SchoolOutside, Field::SchoolCode),
        SchoolAnswer::Unknown => case.note(ProblemCode::SchoolUnknown, Field::SchoolCode),
    }
    None
}

/// The class that is meant. Rows of which only a guess can be made wait with the guess as their mending.
fn class(case: &mut Case<'_>, row: &PupilRow, kind: SchoolKind) -> Option<ClassKey> {
    let year = case.rules.school_year_start;
    let clues = ClassClues {
        label: row.class_label.as_deref().unwrap_or_default(),
        grade: row.grade_label.as_deref(),
        entry_year: row.entry_month.map(|month| month.school_year_start()),
        birth_date: row.birth_date,
    };
    let code = match understand(&clues, kind, year) {
        Ok(reading) if reading.sure => return Some(reading.key),
        Ok(reading) => {
            let name = reading.key.display(year);
            let problem = case.problem(ProblemCode::ClassGuessed, Field::Class).arg("class", &name);
            case.report(problem.fix(Field::Class, name, true));
            return None;
        }
        Err(ClassFault::GradeDiffers(key)) => {
            let grade = row.grade_label.clone().unwrap_or_default();
            let problem = case.problem(ProblemCode::ClassGradeDiffer, Field::Class);
            case.report(problem.arg("grade", grade).arg("class", key.display(year)));
            return None;
        }
        Err(ClassFault::Ambiguous(first, second)) => {
            let problem = case.problem(ProblemCode::ClassAmbiguous, Field::Class);
            case.report(problem.arg("class", first.display(year)).arg("other", second.display(year)));
            return None;
        }
        Err(ClassFault::Empty) => ProblemCode::ClassMissing,
        Err(ClassFault::Unreadable) => ProblemCode::ClassUnreadable,
        Err(ClassFault::NoGrade) => ProblemCode::ClassNoGrade,
        Err(ClassFault::NotHere) => ProblemCode::ClassNotHere,
    };
    case.note(code, Field::Class);
    None
}
