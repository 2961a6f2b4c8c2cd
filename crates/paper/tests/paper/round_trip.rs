//! What is written comes back as it was.

use std::io::Read;

use gongyu_paper::book::{Book, Column, ColumnKind, Value, csv_bytes};
use gongyu_paper::sheet::CellKind;

use crate::package::{load, texts};

fn columns() -> [Column; 4] {
    [
        Column::new("姓名", 16.0, ColumnKind::Text),
        Column::new("次数", 8.0, ColumnKind::Number),
        Column::new("比例", 8.0, ColumnKind::Percent),
        Column::new("日期", 12.0, ColumnKind::Date),
    ]
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("zip");
    let mut text = String::new();
    zip.by_name(name).expect("part").read_to_string(&mut text).expect("text");
    text
}

#[test]
fn a_workbook_reads_back_as_it_was_written() {
    let date = Value::Date { year: 2026, month: 9, day: 1 };
    let bytes = Book::new()
        .sheet("名单")
        .note("云岭区第一小学")
        .columns(&columns())
        .rows([
            vec!["阿依古丽·买买提".into(), 3.into(), 0.971.into(), date],
            vec!["=1+1".into(), Value::Empty, Value::Empty, Value::Empty],
            vec!["500101201501011234".into(), 1_246.into()],
            vec!["𠮷\n䶮".into()],
        ])
        .finish()
        .expect("written");
    let table = load(&bytes).expect("read");
    assert_eq!((table.sheet_name.as_str(), table.heading_row), ("名单", 2));
    assert_eq!(
        texts(&table),
        [
            ["阿依古丽·买买提", "3", "0.971", "20260901"],
            ["=1+1", "", "", ""],
            ["500101201501011234", "1246", "", ""],
            ["𠮷\n䶮", "", "", ""],
        ]
    );
    assert_eq!(table.rows[0].cells[3].kind, CellKind::Date);
    assert_eq!(table.rows[1].cells[0].kind, CellKind::Text);
}

#[test]
fn the_heading_is_bold_frozen_and_repeated_in_print() {
    let bytes = Book::new().sheet("名单").note("注").columns(&columns()).finish().expect("written");
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("state=\"frozen\"") && sheet.contains("topLeftCell=\"A3\""), "{sheet}");
    assert!(part(&bytes, "xl/workbook.xml").contains("_xlnm.Print_Titles"));
    assert!(part(&bytes, "xl/styles.xml").contains("<b/>"));
}

#[test]
fn a_template_offers_choices_long_and_short_and_explains_itself() {
    let many: Vec<String> = (1..=60).map(|n| format!("云岭区第{n}小学")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let bytes = Book::new()
        .sheet("填写")
        .columns(&columns())
        .choices(1, &["男", "女"], 500)
        .choices(0, &many, 500)
        .sheet("说明")
        .paragraphs(&["一行一名学生。", "日期写成2026-09-01。"])
        .finish()
        .expect("written");
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("\"男,女\"") && sheet.contains("sqref=\"B2:B501\""), "{sheet}");
    assert!(sheet.contains("_list1!$A$1:$A$60"), "{sheet}");
    assert!(part(&bytes, "xl/workbook.xml").contains("state=\"hidden\""));
    assert_eq!(load(&bytes).expect("template reads").headings[0], "姓名");
}

#[test]
fn mistakes_in_writing_are_told() {
    assert_eq!(Book::new().rows([vec![]]).finish().expect_err("no sheet").code(), "book-no-sheet");
    assert_eq!(Book::new().sheet("a/b").finish().expect_err("name").code(), "book-sheet-name");
    assert_eq!(Book::new().sheet("a").sheet("A").finish().expect_err("twice").code(), "book-sheet-name");
    let long = "长".repeat(40_000);
    let full = Book::new().sheet("a").columns(&columns()).rows([vec![long.as_str().into()]]).finish();
    assert_eq!(full.expect_err("too long").code(), "book-full");
}

#[test]
fn csv_opens_in_excel_without_running_anything_and_reads_back() {
    let bytes =
        csv_bytes(&["姓名", "话"], [vec!["周小禾", "=cmd|' /C calc'!A0"], vec!["+甲", "-5"], vec!["@乙", "a,\"b\"\n"]]);
    assert!(bytes.starts_with(b"\xEF\xBB\xBF"));
    let text = String::from_utf8(bytes.clone()).expect("UTF-8");
    assert!(
        text.contains("'=cmd") && text.contains("'+甲") && text.contains("'@乙") && text.contains(",-5\r\n"),
        "{text}"
    );
    let table = load(&bytes).expect("read");
    assert_eq!(texts(&table), [["周小禾", "=cmd|' /C calc'!A0"], ["+甲", "-5"], ["@乙", "a,\"b\"\n"]]);
}
