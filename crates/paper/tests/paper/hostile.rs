//! Files made to break the reader are refused with a reason.

use std::fs::File;

use gongyu_paper::sheet::{Limits, Lookalike, SheetError, TableFile};
use tempfile::NamedTempFile;

use crate::package::{file, has_name, load, load_with, parts, refusal, workbook, zipped};

const HEADING: &str = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>"#;

fn plain() -> Vec<u8> {
    workbook(&format!(r#"{HEADING}<row r="2"><c r="A2" t="inlineStr"><is><t>周小禾</t></is></c></row>"#), "")
}

#[test]
fn a_zip_without_its_end_is_truncated() {
    let whole = plain();
    for kept in [whole.len() / 4, whole.len() / 2, whole.len() - 30] {
        assert_eq!(refusal(&whole[..kept]), "file-zip-truncated");
    }
}

#[test]
fn a_flipped_byte_inside_a_part_is_damage() {
    let mut bytes = plain();
    let at = bytes.windows(24).position(|w| w == b"xl/worksheets/sheet1.xml").expect("part") + 60;
    bytes[at] ^= 0xFF;
    assert!(["file-zip-damaged", "file-sheet-damaged"].contains(&refusal(&bytes)));
}

#[test]
fn a_sheet_that_stops_inside_a_row_is_damaged() {
    let mut all = parts("", "");
    all[6].1 = format!("<worksheet><sheetData>{HEADING}<row r=\"2\"><c>").into_bytes();
    assert_eq!(refusal(&zipped(&all)), "file-sheet-damaged");
}

#[test]
fn a_bomb_is_refused_by_the_sizes_it_declares() {
    let limits = Limits { inflated_bytes: 1 << 20, ..Limits::default() };
    let bytes = workbook(&(HEADING.to_owned() + &" ".repeat(2 << 20)), "");
    assert!(matches!(load_with(&bytes, &limits), Err(SheetError::ZipBomb { bytes, .. }) if bytes > 2 << 20));
}

#[test]
fn a_bomb_is_refused_by_its_ratio() {
    let bytes = workbook(&(HEADING.to_owned() + &" ".repeat(17 << 20)), "");
    let error = load(&bytes).expect_err("refused");
    assert!(
        matches!(error, SheetError::ZipBomb { ref entry, limit, .. } if entry.contains("sheet1") && limit == 16 << 20),
        "{error}"
    );
}

#[test]
fn a_bomb_that_lies_about_its_size_is_stopped_while_inflating() {
    let rows = format!("{HEADING}{}", "<row/>".repeat(200_000));
    let mut bytes = workbook(&rows, "");
    let record = bytes.windows(4).rposition(|w| w == b"PK\x01\x02").expect("last record of the directory");
    bytes[record + 24..record + 28].copy_from_slice(&9_000_u32.to_le_bytes());
    let error = load(&bytes).expect_err("refused");
    assert!(matches!(&error, SheetError::ZipDamaged { detail, .. } if detail.contains("declared")), "{error}");
}

#[test]
fn one_endless_cell_is_stopped() {
    let rows = format!(r#"{HEADING}<row r="2"><c t="inlineStr"><is><t>{}</t></is></c></row>"#, "长".repeat(2 << 20));
    assert_eq!(refusal(&workbook(&rows, "")), "file-too-much-text");
}

#[test]
fn shared_text_beyond_its_limit_is_stopped() {
    let limits = Limits { shared_text_bytes: 10_000, ..Limits::default() };
    let bytes = workbook(HEADING, &"<si><t/></si>".repeat(5_000));
    assert_eq!(load_with(&bytes, &limits).expect_err("refused").code(), "file-too-much-text");
}

#[test]
fn macros_are_refused_wherever_they_show() {
    for name in ["xl/vbaProject.bin", "XL/VBAPROJECT.BIN", "xl/macrosheets/sheet1.xml"] {
        let mut all = parts(&format!("<sheetData>{HEADING}</sheetData>"), "");
        all.push((name.to_owned(), vec![1, 2, 3]));
        assert_eq!(refusal(&zipped(&all)), "file-macros");
    }
    let mut all = parts(&format!("<sheetData>{HEADING}</sheetData>"), "");
    all[0].1 =
        br#"<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>"#.to_vec();
    assert_eq!(refusal(&zipped(&all)), "file-macros");
}

#[test]
fn two_gigabytes_are_refused_by_length_without_reading() {
    let sparse = NamedTempFile::new().expect("file");
    File::options().write(true).open(sparse.path()).and_then(|f| f.set_len(2 << 30)).expect("sparse file");
    let error = TableFile::open(sparse.path(), &Limits::default()).err().expect("refused");
    assert!(matches!(error, SheetError::TooLarge { bytes: 0x8000_0000, limit: 0x1000_0000 }));
}

#[test]
fn old_and_encrypted_workbooks_and_word_files_are_told_apart() {
    let ole = |stream: &str| {
        let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
        // The name lies across the border of two reads.
        bytes.resize((64 << 10) - 7, 0);
        bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    };
    assert_eq!(refusal(&ole("Workbook")), "file-old-xls");
    assert_eq!(refusal(&ole("EncryptedPackage")), "file-encrypted");
    assert!(matches!(load(&ole("WordDocument")), Err(SheetError::NotWorkbook { looks: Lookalike::WordProcessor })));
}

#[test]
fn other_files_are_named_for_what_they_are() {
    let zip_of =
        |names: &[&str]| zipped(&names.iter().map(|name| ((*name).to_owned(), b"x".to_vec())).collect::<Vec<_>>());
    let cases: [(Vec<u8>, Lookalike); 6] = [
        (b"%PDF-1.7 ...".to_vec(), Lookalike::Pdf),
        (b"\x89PNG\r\n\x1a\n....".to_vec(), Lookalike::Picture),
        (zip_of(&["photo.jpg"]), Lookalike::Archive),
        (zip_of(&["word/document.xml"]), Lookalike::WordProcessor),
        (zip_of(&["xl/workbook.bin"]), Lookalike::BinaryWorkbook),
        (vec![7, 0, 7, 0, 9], Lookalike::Unknown),
    ];
    for (bytes, expected) in cases {
        match load(&bytes) {
            Err(SheetError::NotWorkbook { looks }) => assert_eq!(looks, expected),
            other => panic!("{expected:?}: {other:?}"),
        }
    }
    assert_eq!(refusal(b""), "file-empty");
}

#[test]
fn entities_of_a_document_type_are_not_expanded() {
    let mut all = parts("", "");
    all[6].1 = format!(
        "<!DOCTYPE x [<!ENTITY a \"boom\"><!ENTITY f SYSTEM \"file:///etc/hostname\">]><worksheet><sheetData>{HEADING}\
         <row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>王&a;&f;&amp;</t></is></c></row></sheetData></worksheet>"
    )
    .into_bytes();
    let table = load(&zipped(&all)).expect("read");
    assert_eq!(table.rows[0].cells[0].text, "王&");
}

#[test]
fn the_wrong_sheet_is_answered_with_what_was_there() {
    let bytes =
        workbook(r#"<row r="3"><c r="B3" t="inlineStr"><is><t>物品</t></is></c><c r="C3"><v>5</v></c></row>"#, "");
    match load(&bytes) {
        Err(SheetError::SheetNotFound { sheets }) => {
            assert_eq!(sheets[0].name, "学生信息");
            assert_eq!(sheets[0].first_row, ["", "物品", "5"]);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn cells_far_to_the_right_cost_nothing() {
    let rows = format!(r#"{HEADING}<row r="2"><c r="A2"><v>1</v></c><c r="XFD2"><v>2</v></c></row>"#);
    let opened = file(&workbook(&rows, ""));
    let mut table = TableFile::open(opened.path(), &Limits::default()).expect("open");
    let heading = table.find_heading(&has_name).expect("heading");
    let mut widths = Vec::new();
    table
        .read_rows(&heading, &mut |row| {
            widths.push(row.cells.len());
            std::ops::ControlFlow::Continue(())
        })
        .expect("rows");
    assert_eq!(widths, [1]);
}
