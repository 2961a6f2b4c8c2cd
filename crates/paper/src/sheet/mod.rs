//! Reading a table from a file nobody vouches for: xlsx and CSV, in a stream, within limits.
//!
//! ```no_run
//! # use std::{ops::ControlFlow, path::Path};
//! # use gongyu_paper::sheet::{Limits, SheetError, TableFile};
//! # fn main() -> Result<(), SheetError> {
//! let mut file = TableFile::open(Path::new("roster.xlsx"), &Limits::default())?;
//! let heading = file.find_heading(&|texts| texts.iter().filter(|t| *t == "姓名").count())?;
//! let end = file.read_rows(&heading, &mut |row| {
//!     println!("{}: {}", row.number, row.cells[0].text);
//!     ControlFlow::Continue(())
//! })?;
//! # let _ = end; Ok(()) }
//! ```
//!
//! The kind is told by content, never by the file's name. Memory is bounded by the shared text of
//! the workbook ([`Limits::shared_text_bytes`]) and one row; the rows themselves are streamed.

mod cell;
mod csv_file;
mod encoding;
mod error;
mod format;
mod numbers;
mod package;
mod rows;
mod strings;
mod workbook;
mod xml;

use std::fs::File;
use std::ops::ControlFlow;
use std::path::Path;

pub use cell::{Cell, CellKind, Row, Table};
pub use encoding::Encoding;
pub use error::{Lookalike, SeenSheet, SheetError};

use csv_file::CsvFile;
use workbook::Workbook;

/// How far down the heading is looked for; forms have a title and some notes above it.
const HEADING_WITHIN: usize = 20;
/// Cells of the first row shown when no heading is found.
const SEEN_CELLS: usize = 8;

/// What is taken from a file at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Length of the file, in bytes.
    pub file_bytes: u64,
    /// All parts of a workbook inflated, in bytes.
    pub inflated_bytes: u64,
    /// Inflated to packed bytes of one part, once it is over 16 MB.
    pub ratio: u64,
    /// Parts in a workbook.
    pub entries: usize,
    /// The workbook's shared text, which stays in memory, in bytes.
    pub shared_text_bytes: u64,
    /// Columns looked at.
    pub columns: usize,
    /// One cell's text, in bytes (Excel stops at 32,767 characters).
    pub cell_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 256 << 20,
            inflated_bytes: 2 << 30,
            ratio: 200,
            entries: 2_000,
            shared_text_bytes: 256 << 20,
            columns: 512,
            cell_bytes: 128 << 10,
        }
    }
}

/// The kind of file a table was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// An Excel workbook.
    Xlsx,
    /// Separated values.
    Csv {
        /// How its characters are written.
        encoding: Encoding,
        /// What stands between cells.
        separator: char,
    },
}

/// Where the table begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Name of the sheet; empty for CSV.
    pub sheet_name: String,
    /// Number of the heading row, from 1.
    pub row: usize,
    /// The headings, without empty ones at the right end.
    pub headings: Vec<String>,
    sheet: usize,
}

/// How reading the rows ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowsEnd {
    /// Rows handed over.
    pub rows: usize,
    /// Ranges such as `A5:A7` merged below the heading. Known only at the end of the sheet, and so
    /// empty if the sink stopped early.
    pub merged: Vec<String>,
    /// Whether the sink stopped.
    pub stopped: bool,
}

enum Backing {
    Workbook(Box<Workbook>),
    Csv(CsvFile),
}

/// A file that passed the first checks and can be read as a table.
pub struct TableFile {
    backing: Backing,
    limits: Limits,
}

impl TableFile {
    /// Opens the file and checks what can be known without reading it through: length, kind,
    /// password, macros, the sizes a zip declares; and for CSV the encoding of every line.
    ///
    /// # Errors
    /// Every [`SheetError`] but `SheetNotFound`.
    pub fn open(path: &Path, limits: &Limits) -> Result<Self, SheetError> {
        let file = File::open(path)?;
        let bytes = file.metadata()?.len();
        if bytes > limits.file_bytes {
            return Err(SheetError::TooLarge { bytes, limit: limits.file_bytes });
        }
        let backing = match format::detect(&file, bytes)? {
            format::Format::Zip => Backing::Workbook(Box::new(Workbook::open(file, limits)?)),
            format::Format::Text => Backing::Csv(CsvFile::open(file, limits)?),
        };
        Ok(Self { backing, limits: *limits })
    }

    /// What the file is.
    pub fn source(&self) -> Source {
        match &self.backing {
            Backing::Workbook(_) => Source::Xlsx,
            Backing::Csv(csv) => csv.source(),
        }
    }

    /// Finds the row, among the first 20 of every visible sheet, that `score` likes best; the first
    /// of equals. Nought means "not a heading".
    ///
    /// # Errors
    /// [`SheetError::SheetNotFound`] when no row scores, with what was there instead; else whatever
    /// is wrong with the file.
    pub fn find_heading(&mut self, score: &dyn Fn(&[String]) -> usize) -> Result<Heading, SheetError> {
        let mut best: Option<(usize, Heading)> = None;
        let mut sheets = Vec::new();
        for (sheet, name) in self.sheet_names().into_iter().enumerate() {
            let mut first_row = Vec::new();
            let columns = self.limits.columns;
            self.scan(sheet, columns, &mut |row| {
                if row.number > HEADING_WITHIN {
                    return ControlFlow::Break(());
                }
                let mut texts: Vec<String> = row.cells.into_iter().map(|cell| cell.text).collect();
                texts.truncate(texts.iter().rposition(|text| !text.trim().is_empty()).map_or(0, |last| last + 1));
                let found = score(&texts);
                if first_row.is_empty() {
                    first_row = texts.iter().take(SEEN_CELLS).cloned().collect();
                }
                if found > best.as_ref().map_or(0, |(score, _)| *score) {
                    best = Some((found, Heading { sheet_name: name.clone(), row: row.number, headings: texts, sheet }));
                }
                ControlFlow::Continue(())
            })?;
            sheets.push(SeenSheet { name, first_row });
        }
        best.map(|(_, heading)| heading).ok_or(SheetError::SheetNotFound { sheets })
    }

    /// Hands every row below the heading that is not blank to `sink`, in order, until it breaks.
    ///
    /// # Errors
    /// Whatever turns out to be wrong with the file on the way: rows already handed over must then
    /// be thrown away by the caller.
    pub fn read_rows(
        &mut self,
        heading: &Heading,
        sink: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<RowsEnd, SheetError> {
        let mut rows = 0;
        let mut stopped = false;
        let merged = self.scan(heading.sheet, heading.headings.len(), &mut |row| {
            if row.number <= heading.row {
                return ControlFlow::Continue(());
            }
            rows += 1;
            let flow = sink(row);
            stopped = flow.is_break();
            flow
        })?;
        let merged = merged.into_iter().filter(|range| range.last_row > heading.row).map(|range| range.text).collect();
        Ok(RowsEnd { rows, merged, stopped })
    }

    fn sheet_names(&self) -> Vec<String> {
        match &self.backing {
            Backing::Workbook(book) => book.sheet_names(),
            Backing::Csv(_) => vec![String::new()],
        }
    }

    fn scan(
        &mut self,
        sheet: usize,
        columns: usize,
        each: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<Vec<rows::MergedRange>, SheetError> {
        match &mut self.backing {
            Backing::Workbook(book) => book.scan(sheet, columns, each),
            Backing::Csv(csv) => csv.scan(columns, each).map(|()| Vec::new()),
        }
    }
}

/// Reads a whole table into memory; for files of some thousand rows.
///
/// # Errors
/// See [`SheetError`].
pub fn load_table(path: &Path, limits: &Limits, score: &dyn Fn(&[String]) -> usize) -> Result<Table, SheetError> {
    let mut file = TableFile::open(path, limits)?;
    let heading = file.find_heading(score)?;
    let mut rows = Vec::new();
    let end = file.read_rows(&heading, &mut |row| {
        rows.push(row);
        ControlFlow::Continue(())
    })?;
    Ok(Table {
        sheet_name: heading.sheet_name,
        heading_row: heading.row,
        headings: heading.headings,
        rows,
        merged: end.merged,
        source: file.source(),
    })
}

/// Reads the rows as an import does and throws them away: the yardstick against which the bench
/// holds an import. Returns the number of rows.
///
/// # Errors
/// See [`SheetError`].
pub fn parse_only(path: &Path, limits: &Limits, score: &dyn Fn(&[String]) -> usize) -> Result<usize, SheetError> {
    let mut file = TableFile::open(path, limits)?;
    let heading = file.find_heading(score)?;
    Ok(file.read_rows(&heading, &mut |_| ControlFlow::Continue(()))?.rows)
}
