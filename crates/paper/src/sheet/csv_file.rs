//! Separated values as rows.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use csv::{ReaderBuilder, StringRecord, Terminator};

use super::encoding::{self, Encoding, Utf8Lines};
use super::error::SheetError;
use super::{Cell, CellKind, Limits, Row, Source};

/// Text looked at to tell the separator, in bytes.
const SAMPLE: u64 = 16 << 10;
/// Longest line, in cells of the longest kind.
const LINE_CELLS: usize = 8;

/// An open text file whose encoding and separator are known.
pub(super) struct CsvFile {
    file: File,
    encoding: Encoding,
    separator: u8,
    cell_bytes: usize,
}

impl CsvFile {
    pub(super) fn open(mut file: File, limits: &Limits) -> Result<Self, SheetError> {
        let encoding = encoding::detect(BufReader::new(&file), limits.cell_bytes * LINE_CELLS)?;
        file.seek(SeekFrom::Start(0))?;
        let mut sample = Vec::new();
        Utf8Lines::new(&file, encoding).take(SAMPLE).read_to_end(&mut sample)?;
        Ok(Self { file, encoding, separator: separator(&sample), cell_bytes: limits.cell_bytes })
    }

    pub(super) fn source(&self) -> Source {
        Source::Csv { encoding: self.encoding, separator: char::from(self.separator) }
    }

    pub(super) fn scan(
        &mut self,
        columns: usize,
        each: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), SheetError> {
        self.file.seek(SeekFrom::Start(0))?;
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.separator)
            .terminator(Terminator::Any(b'\n'))
            .from_reader(Utf8Lines::new(&self.file, self.encoding));
        let mut record = StringRecord::new();
        let mut inner_breaks = 0;
        loop {
            let line = reader.position().line();
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(error) => return Err(refused(error, line)),
            }
            let limit = self.cell_bytes as u64;
            if record.iter().any(|cell| cell.len() as u64 > limit) {
                return Err(SheetError::CsvCellTooLong { line, limit });
            }
            // A person sees one row however many lines its cells have.
            inner_breaks += record.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
            let number = (reader.position().line() - 1 - inner_breaks) as usize;
            if record.iter().take(columns).all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let mut cells: Vec<Cell> = record.iter().take(columns).map(cell).collect();
            cells.resize_with(columns, Cell::default);
            if each(Row { number, cells }).is_break() {
                return Ok(());
            }
        }
    }
}

fn refused(error: csv::Error, line: u64) -> SheetError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => SheetError::Io(error),
        _ => SheetError::CsvMixedEncoding { line },
    }
}

/// Undoes what programs add so that Excel keeps a value as text: `="0123"`, an apostrophe before
/// a sign that would begin a formula, a tab at either end.
fn cell(raw: &str) -> Cell {
    let raw = raw.trim_matches('\t');
    let quoted = raw.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    let defused = raw.strip_prefix('\'').filter(|rest| rest.starts_with(crate::book::FORMULA_SIGNS));
    Cell::new(quoted.or(defused).unwrap_or(raw).to_owned(), CellKind::Text)
}

/// The separator met most often outside quotation marks in the first lines.
fn separator(sample: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b'\t', 0), (b';', 0)];
    let mut quoted = false;
    for byte in sample {
        match byte {
            b'"' => quoted = !quoted,
            _ if quoted => {}
            _ => {
                if let Some((_, count)) = counts.iter_mut().find(|(separator, _)| separator == byte) {
                    *count += 1;
                }
            }
        }
    }
    // Of equals the first: a file of one column has none and is read with commas.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(separator, _)| *separator)
}
