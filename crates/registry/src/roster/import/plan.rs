//! What one row would do, given who is known already.

use super::base::{Base, Known};
use super::columns::away;
use super::model::{Edits, Verdict};
use super::scope::Scope;
use crate::people::{ID_BLIND, ROLL_BLIND};
use crate::roster::headings::{Field, HeadingMatch, MemberField};
use crate::roster::problem::{Problem, ProblemCode, Severity};
use crate::roster::row::{PupilRow, RawRow};
use crate::roster::values::LeftBehind;
use gongyu_kernel::{Date, Id, Result};
use gongyu_vault::Vault;
use serde::{Deserialize, Serialize};

/// Name of the keyed hash of a whole row: two equal rows have equal hashes, and nobody without the key can guess one.
const ROW_HASH: &str = "roster-row";

/// What tells a row's pupil apart.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Keys {
    pub id_blind: Option<String>,
    pub roll_blind: Option<String>,
    pub row_hash: String,
}

impl Keys {
    /// The keys of a checked row. How its class is written, and on which line it stands, do not count.
    pub fn of(vault: &Vault, row: &mut PupilRow) -> Result<Self> {
        let aside = (std::mem::take(&mut row.row), row.grade_label.take(), row.class_label.take());
        let json = serde_json::to_string(row);
        (row.row, row.grade_label, row.class_label) = aside;
        Ok(Self {
            id_blind: row.id_number.as_ref().map(|id| vault.blind(ID_BLIND, id.as_str())),
            roll_blind: row.roll_number.as_ref().map(|roll| vault.blind(ROLL_BLIND, roll.as_str())),
            row_hash: vault.blind(ROW_HASH, &json?),
        })
    }
}

/// The hash by which a later file's row is seen to say nothing new of a pupil: for rows written into the roll by
/// another way than an import.
///
/// # Errors
/// `Error::Internal` when the row cannot be written down.
pub fn row_hash(vault: &Vault, row: &mut PupilRow) -> Result<String> {
    Ok(Keys::of(vault, row)?.row_hash)
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub verdict: Verdict,
    pub school: Option<Id>,
    /// The known pupil.
    pub student: Option<Id>,
    /// Another known pupil with whom the row collides, or whom it may mean.
    pub other: Option<Id>,
    /// The day from which a new pupil counts as one of the class.
    pub since: Date,
}

/// One row under planning.
pub(super) struct Case<'c> {
    pub raw: &'c RawRow<'c>,
    pub heads: &'c HeadingMatch,
    pub row: &'c PupilRow,
    pub keys: &'c Keys,
    pub edits: &'c Edits,
    /// Blind indexes of the telephones of the row's family, where they were looked up.
    pub phones: &'c [String],
}

impl Case<'_> {
    fn problem(&self, code: ProblemCode, field: Field) -> Problem {
        Problem::at(self.raw.row, code, self.heads, field, self.raw.text(field))
    }

    /// Decides about the row; further problems are added to `problems`, and answered questions weigh nothing any more.
    pub fn plan(&self, scope: &Scope, base: &mut Base, problems: &mut Vec<Problem>) -> Plan {
        let school = self.row.school_code.as_deref().and_then(|code| scope.school_of(code));
        self.require(problems);
        let mut other = None;
        let found = self.find(scope, base, school, problems, &mut other);
        if let Some(at) = found {
            self.ask_left_behind(base.get(at), problems);
        }
        for problem in problems.iter_mut() {
            if problem.severity == Severity::Ask && self.edits.accepted.contains(&problem.code) {
                problem.severity = Severity::Note;
            }
        }
        let worst = problems.iter().map(|problem| problem.severity).max();
        let waits = match worst {
            Some(Severity::Bad) => Some(Verdict::Refused),
            Some(Severity::Ask) => Some(Verdict::Asked),
            _ => None,
        };
        let student = found.map(|at| base.get(at).id);
        if let Some(at) = found {
            base.see(at);
        }
        let verdict = match (waits, found, school) {
            (Some(waits), _, _) => waits,
            (None, Some(at), Some(school)) => self.verdict_of(scope, base, at, school),
            (None, None, _) => Verdict::Added,
            (None, Some(_), None) => Verdict::Refused,
        };
        // A school's first roster is taken to hold since the year began; later newcomers count from the day they come.
        let since = match school {
            Some(school) if !base.has_school(school) => scope.year_begins.min(scope.today),
            _ => scope.today,
        };
        Plan { verdict, school, student, other: other.map(|at| base.get(at).id), since }
    }

    fn verdict_of(&self, scope: &Scope, base: &Base, at: usize, school: Id) -> Verdict {
        let known = base.get(at);
        let class = self.row.class.and_then(|key| scope.class_of(school, &key));
        if !known.active || known.school != school || known.class != class || class.is_none() {
            Verdict::Moved
        } else if known.same_row(&self.keys.row_hash) {
            Verdict::Unchanged
        } else {
            Verdict::Changed
        }
    }

    /// Every record needs a sex and a birth date. Where the identity number is wrong already, mending it gives both.
    fn require(&self, problems: &mut Vec<Problem>) {
        let said = |problems: &[Problem], field| {
            problems
                .iter()
                .any(|p| p.severity == Severity::Bad && (p.field == Some(field) || p.field == Some(Field::IdNumber)))
        };
        if self.row.sex.is_none() && !said(problems, Field::Sex) {
            problems.push(self.problem(ProblemCode::SexMissing, Field::Sex));
        }
        if self.row.birth_date.is_none() && !said(problems, Field::BirthDate) {
            problems.push(self.problem(ProblemCode::BirthMissing, Field::BirthDate));
        }
    }

    /// A child who becomes left behind gets a care file of its own: nobody should get one by a slip of the pen.
    fn ask_left_behind(&self, known: &Known, problems: &mut Vec<Problem>) {
        if known.active && !known.left_behind && away(self.row) != "none" {
            let problem = self.problem(ProblemCode::LeftBehindChanged, Field::LeftBehind);
            problems.push(problem.arg("before", LeftBehind::None.name()));
        }
    }

    /// The known pupil: by identity number, else by roll number, else a person says whether the one of the same name
    /// and birth date is meant, or the one of the same birth date with a telephone of the same family.
    fn find(
        &self,
        scope: &Scope,
        base: &Base,
        school: Option<Id>,
        problems: &mut Vec<Problem>,
        other: &mut Option<usize>,
    ) -> Option<usize> {
        let by_id = base.by_id(self.keys.id_blind.as_deref());
        let by_roll = base.by_roll(self.keys.roll_blind.as_deref());
        let own = self.row.roll_number.is_some() && !self.raw.text(Field::RollNumber).trim().is_empty();
        let roll_field = if own { Field::RollNumber } else { Field::RollContinuation };
        if let (Some(id), Some(roll)) = (by_id, by_roll)
            && id != roll
        {
            problems.push(self.problem(ProblemCode::RollTaken, roll_field));
            *other = Some(roll);
            return Some(id);
        }
        let found = by_id.or(by_roll);
        if let Some(at) = found {
            if base.get(at).seen {
                problems.push(self.problem(ProblemCode::RollTaken, roll_field));
                *other = Some(at);
                return None;
            }
            return Some(at);
        }
        let (candidate, code) = self.candidate(base, school)?;
        *other = Some(candidate);
        match self.edits.same {
            Some(true) => Some(candidate),
            Some(false) => None,
            None => {
                let name = scope.name_of(base.get(candidate).school).to_owned();
                problems.push(self.problem(code, Field::Name).arg("school", name));
                None
            }
        }
    }

    /// A known pupil without a number in common whom the row may mean.
    fn candidate(&self, base: &Base, school: Option<Id>) -> Option<(usize, ProblemCode)> {
        let birth = self.row.birth_date?;
        // With two identity numbers they are two children: names repeat across a district, and twins share the rest.
        let numbers = |known: &Known| known.has_id && self.row.id_number.is_some();
        let named = base.by_person(&self.row.name, birth).find(|at| {
            let known = base.get(*at);
            !known.seen && (Some(known.school) == school || !numbers(known))
        });
        if let Some(at) = named {
            return Some((at, ProblemCode::SamePersonDoubt));
        }
        let mut family = self.phones.iter().flat_map(|phone| base.by_family(phone, birth));
        let at = family.find(|at| !base.get(*at).seen && !numbers(base.get(*at)))?;
        Some((at, ProblemCode::SamePersonMoved))
    }
}

/// The group of problems a row is listed under.
pub(super) fn topic(problems: &[Problem]) -> &'static str {
    let worst = problems.iter().max_by_key(|problem| problem.severity);
    match worst {
        None => "",
        Some(problem) if problem.severity == Severity::Note => "",
        Some(problem) if problem.severity == Severity::Ask => "ask",
        Some(problem) => match problem.field {
            Some(Field::Class | Field::Grade) => "class",
            Some(Field::IdNumber | Field::Member(_, MemberField::IdNumber)) => "id",
            Some(Field::Phone | Field::Member(_, MemberField::Phone)) => "phone",
            Some(Field::BirthDate) => "birth",
            Some(Field::SchoolCode) => "school",
            _ => "other",
        },
    }
}

/// Every topic, in the order of the filter.
pub(crate) const TOPICS: [&str; 7] = ["class", "id", "birth", "phone", "school", "other", "ask"];

/// The same writing with the same mending, for mending all such rows at once; empty when there is none.
pub(super) fn fix_key(raw: &RawRow<'_>, problems: &[Problem]) -> String {
    let fix = problems.iter().filter(|p| p.severity == Severity::Bad).find_map(|p| p.fix.as_ref());
    match fix {
        Some(fix) if fix.applies_same => {
            format!("{}|{}|{}", fix.field.key(), raw.text(fix.field).trim(), fix.replacement)
        }
        _ => String::new(),
    }
}
