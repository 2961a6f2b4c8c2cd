//! One sheet being written.

use rust_xlsxwriter::{DataValidation, ExcelDateTime, Formula, Workbook, Worksheet, XlsxError};

use super::{BookError, Column, ColumnKind, Formats, Value, from_writer};

/// Characters a drop-down list can hold inside its own rule; longer lists need cells.
const INLINE_LIST: usize = 255;
/// Width of the one column of a sheet of paragraphs, in digits.
const PARAGRAPH_WIDTH: f64 = 88.0;

/// Where the next row goes.
pub(super) struct SheetWriter {
    index: usize,
    next_row: u32,
    kinds: Vec<ColumnKind>,
}

impl SheetWriter {
    pub(super) fn begin(book: &mut Workbook, name: &str) -> Result<Self, BookError> {
        let index = book.worksheets().len();
        let taken = book.worksheets().iter().any(|sheet| sheet.name().eq_ignore_ascii_case(name));
        let sheet = book.add_worksheet_with_constant_memory().map_err(from_writer)?;
        if taken || sheet.set_name(name).is_err() {
            return Err(BookError::SheetName { name: name.to_owned() });
        }
        // 9 is A4; printed as wide as one page and as many pages long as it takes.
        sheet.set_paper_size(9).set_print_fit_to_pages(1, 0);
        Ok(Self { index, next_row: 0, kinds: Vec::new() })
    }

    pub(super) fn note(&mut self, book: &mut Workbook, formats: &Formats, text: &str) -> Result<(), BookError> {
        let row = self.next_row;
        let sheet = self.sheet(book)?;
        sheet.write_string_with_format(row, 0, text, &formats.note).map_err(|error| full(error, row, 0))?;
        self.next_row += 1;
        Ok(())
    }

    pub(super) fn columns(
        &mut self,
        book: &mut Workbook,
        formats: &Formats,
        columns: &[Column],
    ) -> Result<(), BookError> {
        let row = self.next_row;
        let sheet = self.sheet(book)?;
        for (at, column) in (0..).zip(columns) {
            let refused = |error| full(error, row, at);
            sheet.set_column_width(at, column.width).map_err(refused)?;
            sheet.set_column_format(at, formats.of(column.kind)).map_err(refused)?;
            sheet.write_string_with_format(row, at, &column.title, &formats.heading).map_err(refused)?;
        }
        sheet.set_freeze_panes(row + 1, 0).map_err(from_writer)?;
        sheet.set_repeat_rows(row, row).map_err(from_writer)?;
        self.kinds = columns.iter().map(|column| column.kind).collect();
        self.next_row += 1;
        Ok(())
    }

    pub(super) fn choices(
        &mut self,
        book: &mut Workbook,
        lists: &mut u16,
        column: u16,
        values: &[&str],
        rows: u32,
    ) -> Result<(), BookError> {
        if values.is_empty() || rows == 0 {
            return Ok(());
        }
        let length = values.iter().map(|value| value.encode_utf16().count() + 1).sum::<usize>();
        let rule = if length <= INLINE_LIST && !values.iter().any(|value| value.contains(',')) {
            DataValidation::new().allow_list_strings(values).map_err(from_writer)?
        } else {
            DataValidation::new().allow_list_formula(list_cells(book, lists, values)?)
        };
        let (first, last) = (self.next_row, self.next_row.saturating_add(rows - 1));
        let sheet = self.sheet(book)?;
        sheet.add_data_validation(first, column, last, column, &rule).map_err(|error| full(error, last, column))?;
        Ok(())
    }

    pub(super) fn row(&mut self, book: &mut Workbook, formats: &Formats, values: &[Value]) -> Result<(), BookError> {
        let row = self.next_row;
        let kinds = std::mem::take(&mut self.kinds);
        let sheet = self.sheet(book)?;
        let done = (0..).zip(kinds.iter().zip(values)).try_for_each(|(at, (kind, value))| {
            write(sheet, row, at, formats, *kind, value).map_err(|error| full(error, row, at))
        });
        self.kinds = kinds;
        self.next_row += 1;
        done
    }

    pub(super) fn paragraphs(
        &mut self,
        book: &mut Workbook,
        formats: &Formats,
        lines: &[&str],
    ) -> Result<(), BookError> {
        let first = self.next_row;
        let sheet = self.sheet(book)?;
        sheet.set_column_width(0, PARAGRAPH_WIDTH).map_err(from_writer)?;
        for (row, line) in (first..).zip(lines) {
            sheet.write_string_with_format(row, 0, *line, &formats.paragraph).map_err(|error| full(error, row, 0))?;
        }
        self.next_row += lines.len() as u32;
        Ok(())
    }

    fn sheet<'b>(&self, book: &'b mut Workbook) -> Result<&'b mut Worksheet, BookError> {
        book.worksheet_from_index(self.index).map_err(from_writer)
    }
}

fn write(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    formats: &Formats,
    kind: ColumnKind,
    value: &Value,
) -> Result<(), XlsxError> {
    match value {
        Value::Empty => {}
        Value::Text(text) => {
            sheet.write_string_with_format(row, column, text, &formats.text)?;
        }
        Value::Number(number) => {
            sheet.write_number_with_format(row, column, *number, formats.of(kind))?;
        }
        Value::Date { year, month, day } => {
            let date = ExcelDateTime::from_ymd(*year, *month, *day)?;
            sheet.write_datetime_with_format(row, column, &date, &formats.date)?;
        }
    }
    Ok(())
}

/// Puts a long list into a hidden sheet and names its cells.
fn list_cells(book: &mut Workbook, lists: &mut u16, values: &[&str]) -> Result<Formula, BookError> {
    *lists += 1;
    let name = format!("_list{lists}");
    let sheet = book.add_worksheet();
    sheet.set_name(&name).map_err(from_writer)?.set_hidden(true);
    for (row, value) in (0..).zip(values) {
        sheet.write_string(row, 0, *value).map_err(from_writer)?;
    }
    Ok(Formula::new(format!("={name}!$A$1:$A${}", values.len())))
}

fn full(error: XlsxError, row: u32, column: u16) -> BookError {
    match error {
        XlsxError::RowColumnLimitError | XlsxError::MaxStringLengthExceeded => {
            BookError::Full { row: row + 1, column: column + 1 }
        }
        other => from_writer(other),
    }
}
