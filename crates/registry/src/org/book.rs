//! The workbooks of an import: the template, the bad rows to be mended, the one-time codes.

use super::fault::Fault;
use super::heading::{Column as Heading, SheetKind};
use super::invite::Waiting;
use gongyu_kernel::{Error, Result};
use gongyu_paper::book::{Book, Column, ColumnKind, Value};
use gongyu_web::show::View;

/// Rows for which the template offers choices.
const CHOICE_ROWS: u32 = 5_000;

fn columns(sheet: SheetKind) -> Vec<Column> {
    sheet
        .columns()
        .iter()
        .map(|(column, required)| {
            let star = if *required { "*" } else { "" };
            let width = if matches!(column, Heading::UnitName | Heading::Roles) { 28.0 } else { 16.0 };
            Column::new(format!("{star}{}", column.title(sheet)), width, ColumnKind::Text)
        })
        .collect()
}

fn choices(book: Book, sheet: SheetKind) -> Book {
    (0..).zip(sheet.columns()).fold(book, |book, (at, (column, _))| match column {
        Heading::UnitKind => book.choices(at, &["镇街", "学校", "部门", "社区"], CHOICE_ROWS),
        Heading::SchoolKind => book.choices(
            at,
            &["幼儿园", "小学", "九年一贯制学校", "初级中学", "高级中学", "完全中学", "中等职业学校", "特殊教育学校"],
            CHOICE_ROWS,
        ),
        Heading::Setting => book.choices(at, &["城区", "乡村"], CHOICE_ROWS),
        _ => book,
    })
}

/// The empty workbook to fill in, with a sheet that explains it.
///
/// # Errors
/// `Error::Internal` when the writer refuses.
pub(super) fn template(view: &View) -> Result<Vec<u8>> {
    let lines: Vec<String> = [
        "org-template-1",
        "org-template-2",
        "org-template-3",
        "org-template-4",
        "org-template-5",
        "org-template-6",
        "org-template-7",
    ]
    .iter()
    .map(|key| view.t(key))
    .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let book = Book::new().sheet("说明").paragraphs(&lines);
    let book = SheetKind::ALL
        .into_iter()
        .fold(book, |book, sheet| choices(book.sheet(sheet.sheet_name()).columns(&columns(sheet)), sheet));
    book.finish().map_err(Error::internal)
}

/// Heading of the reasons, by which a file of mended rows is known again.
pub(super) const WHY: &str = "org-bad-why";

/// A refused row for the file of bad rows.
pub(super) struct BadRow {
    pub(super) sheet: SheetKind,
    pub(super) number: i64,
    pub(super) cells: Vec<String>,
    pub(super) faults: Vec<Fault>,
}

/// The bad rows in the sheets they came from, each with its reasons; mended, the file can be given back
/// as it is.
///
/// # Errors
/// `Error::Internal` when the writer refuses.
pub(super) fn bad_rows(view: &View, rows: &[BadRow]) -> Result<Vec<u8>> {
    let mut book = Book::new();
    for sheet in SheetKind::ALL {
        let mut of_sheet = rows.iter().filter(|row| row.sheet == sheet).peekable();
        if of_sheet.peek().is_none() {
            continue;
        }
        let mut heads = columns(sheet);
        heads.push(Column::new(view.t("org-bad-row"), 8.0, ColumnKind::Number));
        heads.push(Column::new(view.t(WHY), 60.0, ColumnKind::Text));
        let lines = of_sheet.map(|row| {
            let mut cells: Vec<Value> = row.cells.iter().map(|cell| Value::from(cell.as_str())).collect();
            cells.push(Value::from(row.number));
            let reasons: Vec<String> =
                row.faults.iter().filter(|f| f.blocks()).map(|fault| fault_text(view, sheet, fault)).collect();
            cells.push(Value::from(reasons.join("；")));
            cells
        });
        book = book.sheet(sheet.sheet_name()).columns(&heads).rows(lines);
    }
    book.finish().map_err(Error::internal)
}

/// Logins and one-time codes, one line a person.
///
/// # Errors
/// `Error::Internal` when the writer refuses.
pub(super) fn codes(view: &View, title: &str, address: &str, people: &[(Waiting, String)]) -> Result<Vec<u8>> {
    let heads: Vec<Column> = [
        ("org-codes-unit", 28.0),
        ("org-codes-number", 12.0),
        ("org-codes-name", 14.0),
        ("org-codes-login", 26.0),
        ("org-codes-code", 20.0),
    ]
    .iter()
    .map(|(key, width)| Column::new(view.t(key), *width, ColumnKind::Text))
    .collect();
    let lines = people.iter().map(|(person, code)| {
        [&person.unit_name, &person.staff_no, &person.name, &person.login, code]
            .map(|text| Value::from(text.as_str()))
            .to_vec()
    });
    Book::new()
        .sheet(&view.t("org-codes-sheet"))
        .note(title)
        .note(&view.ta("org-codes-note", &[("address", address.into()), ("days", super::invite::DAYS.into())]))
        .columns(&heads)
        .rows(lines)
        .finish()
        .map_err(Error::internal)
}

/// A fault in the person's language.
pub(super) fn fault_text(view: &View, sheet: SheetKind, fault: &Fault) -> String {
    let named = |key: &str, text: String| view.ta(key, &[("text", text.into())]);
    match fault {
        Fault::RoleElsewhere(role) => named("org-fault-role-elsewhere", view.t(&format!("role-{role}"))),
        Fault::KindStays(kind) => named("org-fault-kind-stays", view.t(&school_kind_key(kind))),
        other => view.code(&other.code(sheet)),
    }
}

/// Key of a kind of school or unit.
pub(super) fn school_kind_key(kind: &str) -> String {
    format!("org-kind-{}", kind.replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_of_the_template_are_found_again_by_their_own_headings() {
        for sheet in SheetKind::ALL {
            let titles: Vec<String> = columns(sheet).into_iter().map(|c| c.title).collect();
            let wanted: Vec<Option<Heading>> = sheet.columns().iter().map(|(column, _)| Some(*column)).collect();
            assert_eq!(sheet.read(&titles), wanted);
            assert!(sheet.score(&titles) > 0);
        }
    }
}
