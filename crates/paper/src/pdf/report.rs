//! A titled table with notes, for class summaries and lists to be signed or pinned up.

use serde::Serialize;

use super::{PdfError, Sheets, Template, typeset};

/// Where a column's values stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    /// Words.
    Left,
    /// Marks and short codes.
    Center,
    /// Figures.
    Right,
}

/// A column of a printed table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReportColumn {
    /// Its heading.
    pub title: String,
    /// Where its values stand.
    pub align: Align,
    /// Its part of the page's width relative to the other columns.
    pub share: f64,
}

/// A table to be printed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TableReport {
    /// The title.
    pub title: String,
    /// Unit and period, under the title; may be empty.
    pub subtitle: String,
    /// The answer in a sentence, above the table; may be empty.
    pub lead: String,
    /// The columns.
    pub columns: Vec<ReportColumn>,
    /// The rows; each as long as `columns`.
    pub rows: Vec<Vec<String>>,
    /// Sources and explanations below the table.
    pub notes: Vec<String>,
    /// Who printed it and when, for the foot of every page.
    pub foot: String,
    /// Whether the page lies on its side, for many columns.
    pub landscape: bool,
}

impl TableReport {
    /// Typesets the table; its heading is repeated on every page.
    ///
    /// # Errors
    /// [`PdfError::Typeset`] when typst refuses.
    pub fn typeset(&self) -> Result<Sheets, PdfError> {
        typeset(Template::TableReport, &serde_json::to_value(self).unwrap_or_default())
    }
}
