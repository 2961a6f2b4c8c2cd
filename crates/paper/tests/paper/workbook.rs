//! What a cell's text and kind are, whatever way the workbook stores it.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use gongyu_paper::sheet::{CellKind, Source};

use crate::package::{load, parts, texts, workbook, zipped};

fn one_cell(cell: &str, shared: &str) -> (String, CellKind) {
    let rows = format!(r#"<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row><row r="2">{cell}</row>"#);
    let table = load(&workbook(&rows, shared)).expect("read");
    let cell = table.rows[0].cells[0].clone();
    (cell.text, cell.kind)
}

#[test]
fn text_is_the_same_however_it_is_stored() {
    let shared =
        "<si><t>甲</t></si><si><r><t>阿依古丽</t></r><r><rPr><b/></rPr><t>·买买提</t></r><rPh><t>aygul</t></rPh></si>";
    let cases = [
        (r#"<c r="A2" t="s"><v>1</v></c>"#, "阿依古丽·买买提"),
        (r#"<c r="A2" t="inlineStr"><is><r><t>阿依</t></r><r><t>古丽</t></r></is></c>"#, "阿依古丽"),
        (r#"<c r="A2" t="inlineStr"><is><t>𬎆𠮷䶮</t></is></c>"#, "𬎆𠮷䶮"),
        (r#"<c r="A2" t="inlineStr"><is><t>&#x20BB7;&lt;_x000D__x4e00_x</t></is></c>"#, "𠮷<\r一x"),
        (r#"<c r="A2" t="inlineStr"><is><t><![CDATA[a<b]]></t></is></c>"#, "a<b"),
        (r#"<x:c r="A2" t="s"><x:v>0</x:v></x:c>"#, "甲"),
    ];
    for (cell, expected) in cases {
        assert_eq!(one_cell(cell, shared), (expected.to_owned(), CellKind::Text), "{cell}");
    }
}

#[test]
fn numbers_lose_neither_digits_nor_gain_exponents() {
    for (raw, expected) in [
        ("20150101", "20150101"),
        ("43831.0", "43831"),
        ("1.5", "1.5"),
        ("1.3812345678E10", "13812345678"),
        ("0.1", "0.1"),
        ("-7", "-7"),
        ("3.5050020150101101E+17", "350500201501011000"),
    ] {
        let (text, kind) = one_cell(&format!(r#"<c r="A2"><v>{raw}</v></c>"#), "");
        let expected =
            if raw.contains("E+17") { raw.parse::<f64>().expect("number").to_string() } else { expected.to_owned() };
        assert_eq!((text, kind), (expected, CellKind::Number));
    }
}

#[test]
fn an_identity_number_typed_as_a_number_is_seen_to_be_rounded() {
    let rows = r#"<row><c t="inlineStr"><is><t>姓名</t></is></c><c t="inlineStr"><is><t>证件号</t></is></c></row>
        <row><c><v>1</v></c><c><v>5.001012015010112E+17</v></c></row>
        <row><c><v>1</v></c><c t="inlineStr"><is><t>500101201501011200</t></is></c></row>
        <row><c><v>1</v></c><c><v>13812345678</v></c></row>"#;
    let table = load(&workbook(rows, "")).expect("read");
    let rounded: Vec<bool> = table.rows.iter().map(|row| row.cells[1].looks_rounded()).collect();
    assert_eq!(rounded, [true, false, false]);
}

#[test]
fn a_number_is_a_date_when_its_style_says_so() {
    let date = |style: u8, value: &str| one_cell(&format!(r#"<c r="A2" s="{style}"><v>{value}</v></c>"#), "");
    assert_eq!(date(1, "42005"), ("20150101".to_owned(), CellKind::Date));
    assert_eq!(date(2, "42063.75"), ("20150228".to_owned(), CellKind::Date));
    assert_eq!(date(2, "42429"), ("20160229".to_owned(), CellKind::Date));
    assert_eq!(date(1, "1"), ("19000101".to_owned(), CellKind::Date));
    assert_eq!(date(1, "59"), ("19000228".to_owned(), CellKind::Date));
    assert_eq!(date(1, "60"), ("60".to_owned(), CellKind::Number));
    assert_eq!(date(1, "61"), ("19000301".to_owned(), CellKind::Date));
    assert_eq!(date(1, "0.75"), ("18:00".to_owned(), CellKind::Date));
    assert_eq!(date(3, "42005"), ("42005".to_owned(), CellKind::Number));
    assert_eq!(
        one_cell(r#"<c r="A2" t="d"><v>2015-01-01T00:00:00</v></c>"#, ""),
        ("20150101".to_owned(), CellKind::Date)
    );
}

#[test]
fn the_other_epoch_moves_every_date() {
    let rows = r#"<row><c t="inlineStr"><is><t>姓名</t></is></c></row><row><c s="1"><v>40543</v></c></row>"#;
    let mut all = parts(&format!("<sheetData>{rows}</sheetData>"), "");
    let book =
        String::from_utf8(all[3].1.clone()).expect("text").replace("<workbookPr/>", "<workbookPr date1904=\"1\"/>");
    all[3].1 = book.into_bytes();
    assert_eq!(load(&zipped(&all)).expect("read").rows[0].cells[0].text, "20150101");
}

#[test]
fn a_formula_keeps_the_value_it_had_and_is_never_evaluated() {
    let kept = one_cell(r#"<c r="A2" t="str"><f>A9&amp;"x"</f><v>周小禾</v></c>"#, "");
    assert_eq!(kept, ("周小禾".to_owned(), CellKind::Formula));
    assert_eq!(one_cell(r#"<c r="A2"><f>1+1</f></c>"#, ""), (String::new(), CellKind::Formula));
    assert_eq!(one_cell(r#"<c r="A2" t="e"><v>#N/A</v></c>"#, ""), ("#N/A".to_owned(), CellKind::Error));
    assert_eq!(one_cell(r#"<c r="A2" t="b"><v>1</v></c>"#, ""), ("TRUE".to_owned(), CellKind::Bool));
}

#[test]
fn only_merges_below_the_heading_are_told() {
    let rows = r#"<row r="1"><c t="inlineStr"><is><t>云岭区第一小学</t></is></c></row>
        <row r="2"><c t="inlineStr"><is><t>姓名</t></is></c><c t="inlineStr"><is><t>班号</t></is></c></row>
        <row r="3"><c r="A3"><v>1</v></c><c r="B3"><v>1</v></c></row><row r="4"><c r="A4"><v>2</v></c></row>"#;
    let merges = r#"<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="B3:B4"/></mergeCells>"#;
    let table = load(&zipped(&parts(&format!("<sheetData>{rows}</sheetData>{merges}"), ""))).expect("read");
    assert_eq!(table.merged, ["B3:B4"]);
    assert_eq!(table.heading_row, 2);
}

#[test]
fn rows_keep_the_numbers_excel_shows_and_blank_ones_are_left_out() {
    let rows = r#"<row r="2"><c r="B2" t="inlineStr"><is><t>*姓名</t></is></c></row>
        <row r="4"><c r="B4" t="inlineStr"><is><t>李一</t></is></c></row><row r="5"><c r="B5" s="1"/></row>
        <row r="9"><c r="A9"><v>3</v></c></row><row r="10"><c r="A10" t="inlineStr"><is><t> </t></is></c></row>"#;
    let table = load(&workbook(rows, "")).expect("read");
    assert_eq!(table.source, Source::Xlsx);
    assert_eq!(table.headings, ["", "*姓名"]);
    assert_eq!(table.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [4, 9]);
    assert_eq!(texts(&table), [["", "李一"], ["3", ""]]);
}

#[test]
fn the_sheet_with_the_best_heading_is_taken_and_hidden_ones_are_not_seen() {
    let sheet = |text: &str| {
        format!(
            r#"<worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>{text}</t></is></c></row></sheetData></worksheet>"#
        )
    };
    let mut all = parts("", "");
    all[3].1 = r#"<workbook><sheets><sheet name="填表说明" r:id="a"/><sheet name="旧" state="hidden" r:id="x"/><sheet name="名册" r:id="y"/></sheets></workbook>"#.into();
    let links = String::from_utf8(all[2].1.clone()).expect("text").replace(
        "</Relationships>",
        r#"<Relationship Id="x" Type="x/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="y" Type="x/worksheet" Target="../xl/worksheets/Sheet3.xml"/></Relationships>"#,
    );
    all[2].1 = links.into_bytes();
    all[6].1 = sheet("请如实填写").into_bytes();
    all.push(("xl/worksheets/sheet2.xml".to_owned(), sheet("姓名").into_bytes()));
    all.push(("xl/worksheets/sheet3.xml".to_owned(), sheet("姓名").into_bytes()));
    assert_eq!(load(&zipped(&all)).expect("read").sheet_name, "名册");
}

#[test]
fn every_plain_cell_reads_as_calamine_reads_it() {
    let mut rows = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c><c r="B1" t="inlineStr"><is><t>数</t></is></c><c r="C1" t="inlineStr"><is><t>共</t></is></c></row>"#.to_owned();
    let mut shared = String::new();
    for i in 0..300_u32 {
        let r = i + 2;
        shared.push_str(&format!("<si><t>名&amp;{i}</t></si>"));
        rows.push_str(&format!(
            r#"<row r="{r}"><c r="A{r}" t="inlineStr"><is><t>学生{i}</t></is></c><c r="B{r}"><v>{}</v></c><c r="C{r}" t="s"><v>{i}</v></c></row>"#,
            f64::from(i) * 0.25
        ));
    }
    let bytes = workbook(&rows, &shared);
    let ours = load(&bytes).expect("read");
    let mut theirs: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).expect("calamine opens it");
    let range = theirs.worksheet_range("学生信息").expect("range");
    for (row, expected) in ours.rows.iter().zip(range.rows().skip(1)) {
        for (cell, expected) in row.cells.iter().zip(expected) {
            match expected {
                Data::Float(number) => assert_eq!(cell.text, number.to_string()),
                other => assert_eq!(cell.text, other.to_string()),
            }
        }
    }
    assert_eq!(ours.rows.len(), range.rows().count() - 1);
}
