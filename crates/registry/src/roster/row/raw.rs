//! A row as the file holds it, before anything is understood.

use std::borrow::Cow;

use crate::roster::headings::{Field, HeadingMatch};

/// The text of a cell, and whether the file holds it as a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawCell<'a> {
    /// The text; a number in its plain decimal form.
    pub text: Cow<'a, str>,
    /// The cell holds a number and not a text.
    pub is_number: bool,
}

/// A row of a file: the text of each field.
#[derive(Debug, Clone)]
pub struct RawRow<'a> {
    /// The row in the file, counted from 1.
    pub row: u32,
    cells: Vec<Option<RawCell<'a>>>,
}

impl<'a> RawRow<'a> {
    /// A row with no cell filled.
    pub fn new(row: u32) -> Self {
        Self { row, cells: vec![None; Field::COUNT] }
    }

    /// Takes the texts of a row in the order of the columns; columns without a field are skipped.
    pub fn from_texts(
        row: u32,
        heads: &HeadingMatch,
        texts: impl IntoIterator<Item = impl Into<Cow<'a, str>>>,
    ) -> Self {
        let mut raw = Self::new(row);
        for (field, text) in heads.columns.iter().zip(texts) {
            if let Some(field) = field {
                raw.set(*field, text, false);
            }
        }
        raw
    }

    /// Fills a cell.
    pub fn set(&mut self, field: Field, text: impl Into<Cow<'a, str>>, is_number: bool) {
        self.cells[field.index()] = Some(RawCell { text: text.into(), is_number });
    }

    /// The cell of a field.
    pub fn get(&self, field: Field) -> Option<&RawCell<'a>> {
        self.cells[field.index()].as_ref()
    }

    /// The text of a field; empty when there is none.
    pub fn text(&self, field: Field) -> &str {
        self.get(field).map_or("", |cell| &cell.text)
    }

    /// Whether no cell holds anything, as in the empty rows under a table.
    pub fn is_empty(&self) -> bool {
        self.cells.iter().flatten().all(|cell| cell.text.trim().is_empty())
    }

    /// Every filled field and its cell.
    pub fn cells(&self) -> impl Iterator<Item = (Field, &RawCell<'a>)> {
        Field::all().filter_map(|field| self.get(field).map(|cell| (field, cell)))
    }
}
