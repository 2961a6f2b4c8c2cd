//! Checks of a row against itself, against the other rows of the file and against the school.
//!
//! Rows are taken one at a time and in any number: only what tells pupils apart is kept between them.

mod family;
mod person;
mod place;
#[cfg(test)]
#[path = "tests_check.rs"]
mod tests;

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

pub use place::{ClassAnswer, SchoolAnswer, Schools};

use super::class_label::ClassKey;
use super::headings::{Field, HeadingMatch};
use super::problem::{Problem, ProblemCode};
use super::row::{PupilRow, RawRow};

/// What the checks of a file go by.
#[derive(Debug, Clone)]
pub struct CheckRules {
    /// Today, Beijing time.
    pub today: Date,
    /// The calendar year in which the school year of the file begins.
    pub school_year_start: i16,
    /// The school the file is for, when it is a file of one school.
    pub school_code: Option<String>,
}

/// Reads and checks the rows of one file.
pub struct Checker {
    rules: CheckRules,
    ids: HashMap<Box<str>, Seen>,
    rolls: HashMap<Box<str>, Seen>,
    persons: HashMap<(Box<str>, Date, ClassKey, Box<str>), u32>,
    new_classes: HashSet<(Box<str>, ClassKey)>,
}

struct Seen {
    row: u32,
    name: Box<str>,
}

/// One row under check.
struct Case<'c> {
    rules: &'c CheckRules,
    raw: &'c RawRow<'c>,
    heads: &'c HeadingMatch,
    problems: &'c mut Vec<Problem>,
}

impl Case<'_> {
    fn problem(&self, code: ProblemCode, field: Field) -> Problem {
        Problem::at(self.raw.row, code, self.heads, field, self.raw.text(field))
    }

    fn report(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    fn note(&mut self, code: ProblemCode, field: Field) {
        self.report(self.problem(code, field));
    }

    /// Whether the field of this row has a problem already.
    fn has_problem(&self, field: Field) -> bool {
        self.of_this_row().any(|problem| problem.field == Some(field))
    }

    fn of_this_row(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().rev().take_while(|problem| problem.row == self.raw.row)
    }
}

impl Checker {
    /// A checker for a new file.
    pub fn new(rules: CheckRules) -> Self {
        Self { rules, ids: HashMap::new(), rolls: HashMap::new(), persons: HashMap::new(), new_classes: HashSet::new() }
    }

    /// Reads one row and checks it; what is wrong is added to `problems`. The row may be imported when none of them weighs
    /// more than a note.
    pub fn read(
        &mut self,
        raw: &RawRow<'_>,
        heads: &HeadingMatch,
        schools: &dyn Schools,
        problems: &mut Vec<Problem>,
    ) -> PupilRow {
        let mut row = PupilRow::read(raw, heads, problems);
        let mut case = Case { rules: &self.rules, raw, heads, problems };
        person::check(&mut case, &mut row);
        if let Some(class) = place::check(&mut case, &mut row, schools) {
            let school = row.school_code.as_deref().unwrap_or_default();
            if class.is_new && self.new_classes.insert((school.into(), class.key)) {
                let name = class.key.display(case.rules.school_year_start);
                case.report(case.problem(ProblemCode::ClassNew, Field::Class).arg("class", name));
            }
            person::check_age(&mut case, &row, &class.key);
        }
        family::check(&mut case, &mut row);
        self.check_repeated(raw, heads, &row, problems);
        row
    }

    fn check_repeated(&mut self, raw: &RawRow<'_>, heads: &HeadingMatch, row: &PupilRow, problems: &mut Vec<Problem>) {
        let before = problems.len();
        let mut same = |seen: &mut HashMap<Box<str>, Seen>, text: &str, code, field| {
            if let Some(other) = seen.get(text) {
                let problem = Problem::at(row.row, code, heads, field, raw.text(field));
                problems.push(problem.arg("other_row", other.row).arg("other_name", &other.name));
            } else {
                seen.insert(text.into(), Seen { row: row.row, name: row.name.as_str().into() });
            }
        };
        if let Some(id) = &row.id_number {
            same(&mut self.ids, id.as_str(), ProblemCode::IdDuplicate, Field::IdNumber);
        }
        if let Some(roll) = &row.roll_number {
            let own = !super::values::fold::is_blank(raw.text(Field::RollNumber));
            let field = if own { Field::RollNumber } else { Field::RollContinuation };
            same(&mut self.rolls, roll.as_str(), ProblemCode::RollDuplicate, field);
        }
        let (Some(birth), Some(class)) = (row.birth_date, row.class) else { return };
        let school = row.school_code.as_deref().unwrap_or_default();
        let key = (row.name.as_str().into(), birth, class, school.into());
        match self.persons.get(&key) {
            Some(other) if problems.len() == before => {
                let problem = Problem::at(row.row, ProblemCode::PersonDuplicate, heads, Field::Name, &row.name);
                problems.push(problem.arg("other_row", other));
            }
            Some(_) => {}
            None => {
                self.persons.insert(key, row.row);
            }
        }
    }
}
