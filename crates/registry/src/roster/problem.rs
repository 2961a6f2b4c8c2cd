//! What is wrong with a row, as data. The words are in the catalogues `roster-problems.ftl`.

mod code;
#[cfg(test)]
#[path = "tests_problem.rs"]
mod tests;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use code::{ProblemCode, Severity};

use super::headings::{Field, HeadingMatch, Shown};
use super::id_number::{mask_address, mask_id, mask_phone};

/// One thing that is wrong, doubtful or worth knowing about a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The row in the file, counted from 1 as the spreadsheet shows it.
    pub row: u32,
    /// The field, where one field is meant.
    pub field: Option<Field>,
    /// The heading of that field as the file writes it.
    pub column_title: String,
    /// What the file says, already masked where the field is sensitive; empty for an empty cell.
    pub found: String,
    /// What is wrong.
    pub code: ProblemCode,
    /// Whether the row may be imported.
    pub severity: Severity,
    /// The values the sentence mentions, by the names the catalogues use.
    pub args: Vec<(Cow<'static, str>, String)>,
    /// The mending that most likely is meant.
    pub fix: Option<Fix>,
}

/// A mending a person can accept with one tap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// The field to change; mostly the field of the problem.
    pub field: Field,
    /// The text to put into it.
    pub replacement: String,
    /// Whether every row with the same text in this field wants the same change.
    pub applies_same: bool,
}

impl Problem {
    /// A problem of a whole row.
    pub fn new(row: u32, code: ProblemCode) -> Self {
        Self {
            row,
            field: None,
            column_title: String::new(),
            found: String::new(),
            code,
            severity: code.severity(),
            args: Vec::new(),
            fix: None,
        }
    }

    /// A problem of one field, which says `found` (masked here).
    pub fn at(row: u32, code: ProblemCode, heads: &HeadingMatch, field: Field, found: &str) -> Self {
        Self {
            field: Some(field),
            column_title: heads.title_of(field).to_owned(),
            found: shown(field, found),
            ..Self::new(row, code)
        }
    }

    /// Adds a value the sentence mentions.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((Cow::Borrowed(name), value.to_string()));
        self
    }

    /// Changes how much the problem weighs here.
    #[must_use]
    pub fn weighing(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Adds a mending.
    #[must_use]
    pub fn fix(mut self, field: Field, replacement: impl Into<String>, applies_same: bool) -> Self {
        self.fix = Some(Fix { field, replacement: replacement.into(), applies_same });
        self
    }
}

/// The text of a field as a list may show it: numbers masked, long texts cut.
pub fn shown(field: Field, text: &str) -> String {
    match field.shown() {
        Shown::IdNumber => mask_id(text),
        Shown::Phone => mask_phone(text),
        Shown::Address => mask_address(text),
        Shown::Plain => text.trim().chars().take(40).collect(),
    }
}
