//! CSV in every encoding it comes in.

use encoding_rs::GB18030;
use gongyu_paper::sheet::{Encoding, SheetError, Source};

use crate::package::{load, refusal, texts};

fn gb(text: &str) -> Vec<u8> {
    GB18030.encode(text).0.into_owned()
}

#[test]
fn the_same_table_reads_alike_in_every_encoding() {
    let text = "姓名,班号\r\n阿依古丽·买买提,1501\r\n𠮷䶮,\"a,\"\"b\"\"\"\r\n";
    let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    for (bytes, encoding) in
        [(text.as_bytes().to_vec(), Encoding::Utf8), (marked, Encoding::Utf8), (gb(text), Encoding::Gb18030)]
    {
        let table = load(&bytes).expect("read");
        assert_eq!(table.source, Source::Csv { encoding, separator: ',' });
        assert_eq!(table.headings, ["姓名", "班号"]);
        assert_eq!(texts(&table), [["阿依古丽·买买提", "1501"], ["𠮷䶮", "a,\"b\""]]);
    }
}

#[test]
fn the_separator_is_told_by_the_text() {
    for separator in [',', ';', '\t'] {
        let text = format!("姓名{separator}班号\n\"李,一;二\"{separator}3\n");
        let table = load(text.as_bytes()).expect("read");
        assert_eq!(table.source, Source::Csv { encoding: Encoding::Utf8, separator });
        assert_eq!(texts(&table), [["李,一;二", "3"]]);
    }
    assert_eq!(texts(&load("姓名\n李一".as_bytes()).expect("read")), [["李一"]]);
}

#[test]
fn rows_are_numbered_as_excel_shows_them() {
    let table = load("云岭区\n\n姓名,住址\n甲,\"一\r\n二\n三\"\n\n,\n乙,四".as_bytes()).expect("read");
    assert_eq!(table.heading_row, 3);
    assert_eq!(table.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [4, 7]);
    assert_eq!(table.rows[0].cells[1].text, "一\n二\n三");
}

#[test]
fn lines_in_two_encodings_are_refused_with_the_line() {
    let mut utf8_with_gb = "姓名,住址\n李一,云岭区青石镇中心路\n".as_bytes().to_vec();
    utf8_with_gb.extend(gb("王二,云岭区白水乡\n"));
    utf8_with_gb.extend("赵三,云岭区青石镇西街\n".as_bytes());
    assert!(matches!(load(&utf8_with_gb), Err(SheetError::CsvMixedEncoding { line: 3 })));

    let mut gb_with_utf8 = gb("姓名,住址\n李一,云岭区青石镇中心路\n王二,云岭区白水乡\n");
    gb_with_utf8.extend("赵三,云岭区青石镇\n".as_bytes());
    assert!(matches!(load(&gb_with_utf8), Err(SheetError::CsvMixedEncoding { line: 4 })));

    let undecodable = [gb("姓名\n李一\n"), vec![0xFF, 0xFF, b'\n']].concat();
    assert!(matches!(load(&undecodable), Err(SheetError::CsvMixedEncoding { line: 3 })));
}

#[test]
fn nul_bytes_and_utf16_are_refused() {
    assert!(matches!(load("姓名\n李\0一\n".as_bytes()), Err(SheetError::CsvNul { line: 2 })));
    let wide: Vec<u8> = "\u{FEFF}姓名\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(refusal(&wide), "csv-utf16");
}

#[test]
fn a_quotation_mark_never_closed_is_refused() {
    let text = format!("姓名,住址\n甲,\"一\n{}", "乙,云岭区青石镇中心路\n".repeat(5_000));
    assert_eq!(refusal(text.as_bytes()), "csv-cell-too-long");
}

#[test]
fn what_programs_add_to_keep_text_as_text_is_undone() {
    let table =
        load("姓名,号\n甲,=\"0123\"\n乙,\"=\"\"0456\"\"\"\n丙,0789\t\n丁,'=1+1\n戊,'tis\n".as_bytes()).expect("read");
    let numbers: Vec<&str> = table.rows.iter().map(|row| row.cells[1].text.as_str()).collect();
    assert_eq!(numbers, ["0123", "0456", "0789", "=1+1", "'tis"]);
}
