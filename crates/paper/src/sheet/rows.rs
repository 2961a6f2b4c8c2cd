//! The rows of one sheet, streamed from its XML.

use std::ops::ControlFlow;

use quick_xml::events::{BytesStart, Event};

use super::error::SheetError;
use super::numbers::{date_text, iso_date_text, number_text};
use super::package::Part;
use super::strings::{SharedStrings, unescape_into};
use super::xml::{Xml, attribute, push_text};
use super::{Cell, CellKind, Row};

/// Rows an Excel sheet can have.
const LAST_ROW: usize = 1_048_576;

/// What is needed to read a sheet's cells.
pub(super) struct Context<'a> {
    pub(super) strings: &'a SharedStrings,
    pub(super) date_styles: &'a [bool],
    pub(super) date1904: bool,
    /// Columns kept; cells further right are passed over.
    pub(super) columns: usize,
    pub(super) cell_bytes: usize,
}

/// Cells shown as one.
pub(super) struct MergedRange {
    pub(super) text: String,
    pub(super) last_row: usize,
}

/// The type attribute of a cell (ISO/IEC 29500-1, 18.18.11).
#[derive(Clone, Copy, Default, PartialEq)]
enum Stored {
    #[default]
    Number,
    Shared,
    Inline,
    Bool,
    Error,
    IsoDate,
}

/// The cell being read.
#[derive(Default)]
struct Open {
    column: usize,
    stored: Stored,
    style: usize,
    formula: bool,
    raw: String,
}

/// Streams the rows that are not blank; returns the merged ranges unless stopped before the end.
pub(super) fn scan_rows(
    part: Part<'_>,
    entry: &str,
    context: &Context<'_>,
    each: &mut dyn FnMut(Row) -> ControlFlow<()>,
) -> Result<Vec<MergedRange>, SheetError> {
    let mut xml = Xml::new(part, entry);
    let mut merged = Vec::new();
    let mut cell = Open::default();
    let (mut number, mut next_column) = (0, 0);
    let mut cells: Vec<Cell> = Vec::new();
    let (mut in_value, mut phonetic) = (false, false);
    let mut is_sheet = false;
    let damaged = |detail: &str| SheetError::SheetDamaged { entry: entry.to_owned(), detail: detail.to_owned() };
    loop {
        match xml.next()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "c" => {
                    cell.begin(&tag, next_column);
                    next_column = cell.column + 1;
                }
                "v" => in_value = true,
                "t" => in_value = !phonetic && cell.stored == Stored::Inline,
                "f" => cell.formula = true,
                "rPh" => phonetic = true,
                "row" => {
                    number = match attribute(&tag, "r") {
                        Some(said) => said.parse().map_err(|_| damaged("row number"))?,
                        None => number + 1,
                    };
                    if number == 0 || number > LAST_ROW {
                        return Err(damaged("row number"));
                    }
                    next_column = 0;
                    cells = Vec::with_capacity(context.columns);
                }
                "mergeCell" => merged.extend(attribute(&tag, "ref").and_then(merged_range)),
                "sheetData" => is_sheet = true,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "c" => {
                    let read = cell.finish(context).ok_or_else(|| damaged("shared text"))?;
                    place(&mut cells, cell.column, read, context.columns);
                }
                "v" | "t" => in_value = false,
                "rPh" => phonetic = false,
                "row" if cells.iter().any(|cell| !cell.is_blank() || cell.kind == CellKind::Formula) => {
                    cells.resize_with(context.columns, Cell::default);
                    if each(Row { number, cells: std::mem::take(&mut cells) }).is_break() {
                        return Ok(Vec::new());
                    }
                }
                _ => {}
            },
            Event::Eof if is_sheet => return Ok(merged),
            Event::Eof => return Err(damaged("no rows")),
            event if in_value => {
                push_text(&event, &mut cell.raw);
                if cell.raw.len() > context.cell_bytes {
                    return Err(SheetError::TooMuchText { entry: entry.to_owned(), limit: context.cell_bytes as u64 });
                }
            }
            _ => {}
        }
    }
}

fn place(cells: &mut Vec<Cell>, column: usize, cell: Cell, columns: usize) {
    if column >= columns || cell.kind == CellKind::Empty {
        return;
    }
    if cells.len() <= column {
        cells.resize_with(column + 1, Cell::default);
    }
    cells[column] = cell;
}

impl Open {
    fn begin(&mut self, tag: &BytesStart<'_>, next_column: usize) {
        self.column = next_column;
        self.stored = Stored::Number;
        self.style = 0;
        self.formula = false;
        self.raw.clear();
        for attribute in tag.attributes().with_checks(false).flatten() {
            match attribute.key.as_ref() {
                "r" => self.column = column_of(&attribute.value).unwrap_or(next_column),
                "s" => self.style = attribute.value.parse().unwrap_or(0),
                "t" => {
                    self.stored = match &*attribute.value {
                        "s" => Stored::Shared,
                        "str" | "inlineStr" => Stored::Inline,
                        "b" => Stored::Bool,
                        "e" => Stored::Error,
                        "d" => Stored::IsoDate,
                        _ => Stored::Number,
                    }
                }
                _ => {}
            }
        }
    }

    /// The finished cell; none if it points to shared text that is not there.
    fn finish(&self, context: &Context<'_>) -> Option<Cell> {
        let raw = self.raw.as_str();
        let (text, kind) = match self.stored {
            Stored::Shared if raw.is_empty() => (String::new(), CellKind::Empty),
            Stored::Shared => {
                let text = raw.trim().parse().ok().and_then(|index| context.strings.get(index))?;
                (text.to_owned(), CellKind::Text)
            }
            Stored::Inline => {
                let mut text = String::with_capacity(raw.len());
                unescape_into(raw, &mut text);
                (text, CellKind::Text)
            }
            Stored::Bool => (if raw == "1" { "TRUE" } else { "FALSE" }.to_owned(), CellKind::Bool),
            Stored::Error => (raw.to_owned(), CellKind::Error),
            Stored::IsoDate => {
                iso_date_text(raw).map_or((raw.to_owned(), CellKind::Text), |date| (date, CellKind::Date))
            }
            Stored::Number if raw.is_empty() => (String::new(), CellKind::Empty),
            Stored::Number => {
                let dated = context.date_styles.get(self.style) == Some(&true);
                match dated.then(|| date_text(raw, context.date1904)).flatten() {
                    Some(date) => (date, CellKind::Date),
                    None => (number_text(raw), CellKind::Number),
                }
            }
        };
        Some(Cell::new(text, if self.formula { CellKind::Formula } else { kind }))
    }
}

/// The column of `AB12`, from 0.
fn column_of(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters.take(4).fold(0, |sum, letter| sum * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1);
    number.checked_sub(1)
}

fn merged_range(text: String) -> Option<MergedRange> {
    let last = text.rsplit(':').next()?;
    let last_row = last.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '$').parse().ok()?;
    Some(MergedRange { text, last_row })
}
