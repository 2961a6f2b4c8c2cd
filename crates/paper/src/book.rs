//! Workbooks and CSV written for people.
//!
//! ```
//! # use gongyu_paper::book::{Book, BookError, Column, ColumnKind, Value};
//! # fn main() -> Result<(), BookError> {
//! let bytes = Book::new()
//!     .sheet("名单")
//!     .note("云岭区第一小学，三年级2班")
//!     .columns(&[Column::new("姓名", 12.0, ColumnKind::Text), Column::new("联系次数", 10.0, ColumnKind::Number)])
//!     .rows([vec![Value::from("周小禾"), Value::from(3)]])
//!     .finish()?;
//! # assert!(bytes.starts_with(b"PK")); Ok(()) }
//! ```

mod csv_out;
mod sheet;

use std::io;

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};
use thiserror::Error;

pub use csv_out::csv_bytes;
use sheet::SheetWriter;

/// Signs with which a spreadsheet begins a formula, and the tab that hides one (CWE-1236).
pub(crate) const FORMULA_SIGNS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Why a workbook could not be written.
#[derive(Debug, Error)]
pub enum BookError {
    /// More rows or columns than a sheet holds, or a cell longer than 32,767 characters.
    #[error("the sheet is full at row {row}, column {column}")]
    Full {
        /// Row, from 1.
        row: u32,
        /// Column, from 1.
        column: u16,
    },
    /// A sheet name longer than 31 characters, used twice, or with one of `[]:*?/\`.
    #[error("{name} is no name for a sheet")]
    SheetName {
        /// The name.
        name: String,
    },
    /// Rows before any [`Book::sheet`].
    #[error("no sheet was begun")]
    NoSheet,
    /// The disk.
    #[error("writing failed: {0}")]
    Io(#[from] io::Error),
    /// Anything else the writer refused.
    #[error("the workbook was refused: {0}")]
    Writer(XlsxError),
}

impl BookError {
    /// The stable name by which the caller looks up the wording.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Full { .. } => "book-full",
            Self::SheetName { .. } => "book-sheet-name",
            Self::NoSheet => "book-no-sheet",
            Self::Io(_) => "book-io",
            Self::Writer(_) => "book-writer",
        }
    }
}

/// How a column's values are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text, also when it looks like a number: identity numbers keep their digits.
    Text,
    /// A number, thousands separated.
    Number,
    /// A share, 1.0 shown as 100.0%.
    Percent,
    /// A date shown as 2026-09-01.
    Date,
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its heading.
    pub title: String,
    /// Its width in digits; a Han character takes two.
    pub width: f64,
    /// How its values are shown.
    pub kind: ColumnKind,
}

impl Column {
    /// A column.
    pub fn new(title: impl Into<String>, width: f64, kind: ColumnKind) -> Self {
        Self { title: title.into(), width, kind }
    }
}

/// A value in a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Nothing.
    #[default]
    Empty,
    /// Text; never taken for a formula.
    Text(String),
    /// A number or share.
    Number(f64),
    /// A day.
    Date {
        /// Year, from 1900.
        year: u16,
        /// Month, from 1.
        month: u8,
        /// Day, from 1.
        day: u8,
    },
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

impl From<i64> for Value {
    /// Exact up to 2⁵³, as every spreadsheet number is.
    fn from(number: i64) -> Self {
        Self::Number(number as f64)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// A workbook being written, sheet after sheet from top to bottom. The first error is kept and
/// given back by [`Book::finish`].
pub struct Book {
    workbook: Workbook,
    formats: Formats,
    current: Option<SheetWriter>,
    lists: u16,
    failed: Option<BookError>,
}

/// The looks shared by all sheets.
struct Formats {
    heading: Format,
    note: Format,
    text: Format,
    number: Format,
    percent: Format,
    date: Format,
    paragraph: Format,
}

impl Formats {
    fn new() -> Self {
        let heading = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::VerticalCenter);
        Self {
            heading: heading.set_border_bottom(FormatBorder::Thin),
            note: Format::new().set_font_color("#54605C"),
            text: Format::new().set_num_format("@"),
            number: Format::new().set_num_format("#,##0.##########"),
            percent: Format::new().set_num_format("0.0%"),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            paragraph: Format::new().set_text_wrap().set_align(FormatAlign::Top),
        }
    }

    fn of(&self, kind: ColumnKind) -> &Format {
        match kind {
            ColumnKind::Text => &self.text,
            ColumnKind::Number => &self.number,
            ColumnKind::Percent => &self.percent,
            ColumnKind::Date => &self.date,
        }
    }
}

impl Default for Book {
    fn default() -> Self {
        Self::new()
    }
}

impl Book {
    /// An empty workbook.
    pub fn new() -> Self {
        Self { workbook: Workbook::new(), formats: Formats::new(), current: None, lists: 0, failed: None }
    }

    /// Begins a sheet; what follows goes there. Its rows are kept on disk, not in memory.
    #[must_use]
    pub fn sheet(mut self, name: &str) -> Self {
        let made = SheetWriter::begin(&mut self.workbook, name);
        self.keep(made)
    }

    /// A line of text above the heading.
    #[must_use]
    pub fn note(self, text: &str) -> Self {
        self.with(|sheet, book, formats, _| sheet.note(book, formats, text))
    }

    /// The bold heading, which stays in sight and is repeated on every printed page.
    #[must_use]
    pub fn columns(self, columns: &[Column]) -> Self {
        self.with(|sheet, book, formats, _| sheet.columns(book, formats, columns))
    }

    /// Offers these values for a column (from 0) in a drop-down list, for the next `rows` rows;
    /// anything else is refused by Excel. For templates; call it after [`Book::columns`].
    #[must_use]
    pub fn choices(self, column: u16, values: &[&str], rows: u32) -> Self {
        self.with(|sheet, book, _, lists| sheet.choices(book, lists, column, values, rows))
    }

    /// Rows below the heading; values beyond the columns are left out.
    #[must_use]
    pub fn rows(self, rows: impl IntoIterator<Item = Vec<Value>>) -> Self {
        self.with(|sheet, book, formats, _| rows.into_iter().try_for_each(|row| sheet.row(book, formats, &row)))
    }

    /// Wrapped paragraphs, one a row: the 说明 of a template.
    #[must_use]
    pub fn paragraphs(self, lines: &[&str]) -> Self {
        self.with(|sheet, book, formats, _| sheet.paragraphs(book, formats, lines))
    }

    /// The finished file.
    ///
    /// # Errors
    /// The first thing that went wrong since [`Book::new`].
    pub fn finish(mut self) -> Result<Vec<u8>, BookError> {
        match self.failed {
            Some(error) => Err(error),
            None => self.workbook.save_to_buffer().map_err(from_writer),
        }
    }

    fn keep(mut self, made: Result<SheetWriter, BookError>) -> Self {
        match made {
            Ok(sheet) => self.current = Some(sheet),
            Err(error) => {
                self.failed.get_or_insert(error);
            }
        }
        self
    }

    fn with(
        mut self,
        act: impl FnOnce(&mut SheetWriter, &mut Workbook, &Formats, &mut u16) -> Result<(), BookError>,
    ) -> Self {
        if self.failed.is_none() {
            let done = match &mut self.current {
                Some(sheet) => act(sheet, &mut self.workbook, &self.formats, &mut self.lists),
                None => Err(BookError::NoSheet),
            };
            self.failed = done.err();
        }
        self
    }
}

fn from_writer(error: XlsxError) -> BookError {
    match error {
        XlsxError::IoError(error) => BookError::Io(error),
        other => BookError::Writer(other),
    }
}
