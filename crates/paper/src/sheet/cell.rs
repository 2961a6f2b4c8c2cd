//! The one shape every table is read into.

use super::Source;

/// What kind of value a cell held in the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellKind {
    /// Typed as text.
    Text,
    /// A number; its text has no exponent and no needless `.0`.
    Number,
    /// A number shown as a date; its text is `YYYYMMDD`, or `HH:MM` for a bare time of day.
    Date,
    /// `TRUE` or `FALSE`.
    Bool,
    /// A formula; its text is the value the file remembers. Formulas are never evaluated.
    Formula,
    /// An error value such as `#N/A`.
    Error,
    /// Nothing.
    #[default]
    Empty,
}

/// Digits Excel keeps of a number; further ones are lost when an identity number is typed as one.
const EXACT_DIGITS: usize = 15;

/// One cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Its value as text, as it stands in the file.
    pub text: String,
    /// What it was.
    pub kind: CellKind,
}

impl Cell {
    pub(super) fn new(text: String, kind: CellKind) -> Self {
        let kind = if text.is_empty() && kind != CellKind::Formula { CellKind::Empty } else { kind };
        Self { text, kind }
    }

    /// Whether this is a number of more than 15 digits, whose last digits Excel has replaced by
    /// noughts or noise: as a rule an identity number not typed as text.
    pub fn looks_rounded(&self) -> bool {
        self.kind == CellKind::Number
            && self.text.trim_start_matches('-').split('.').next().is_some_and(|whole| whole.len() > EXACT_DIGITS)
    }

    /// Whether there is nothing to read in it.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// One row below the heading that is not blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number as Excel shows it at the left, from 1.
    pub number: usize,
    /// One cell per heading; what stands to the right of the last heading is left out.
    pub cells: Vec<Cell>,
}

/// A whole table in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Name of the sheet; empty for CSV.
    pub sheet_name: String,
    /// Number of the heading row, from 1.
    pub heading_row: usize,
    /// The headings, as they stand in the file.
    pub headings: Vec<String>,
    /// The rows below, without blank ones.
    pub rows: Vec<Row>,
    /// Ranges such as `A5:A7` merged below the heading: all but the first cell of each are empty.
    pub merged: Vec<String>,
    /// What the table was read from.
    pub source: Source,
}
