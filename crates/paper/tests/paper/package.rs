//! Workbooks put together by hand, part by part, as no honest program would write them.

use std::io::{Cursor, Write};

use gongyu_paper::sheet::{Limits, SheetError, Table, load_table};
use tempfile::NamedTempFile;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const TYPES: &str = r#"<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
const ROOT: &str = r#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const LINKS: &str = r#"<Relationships><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="b" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="c" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>"#;
const BOOK: &str =
    r#"<workbook xmlns:r="x"><workbookPr/><sheets><sheet name="学生信息" sheetId="1" r:id="a"/></sheets></workbook>"#;
/// Styles: 0 general, 1 a built-in date, 2 a Chinese date, 3 a format whose letters are quoted.
const STYLES: &str = r#"<styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/><numFmt numFmtId="171" formatCode="0&quot;days&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs></styleSheet>"#;

/// The parts of a workbook whose one sheet has this content.
pub fn parts(sheet: &str, shared: &str) -> Vec<(String, Vec<u8>)> {
    let part = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    vec![
        part("[Content_Types].xml", TYPES),
        part("_rels/.rels", ROOT),
        part("xl/_rels/workbook.xml.rels", LINKS),
        part("xl/workbook.xml", BOOK),
        part("xl/styles.xml", STYLES),
        part("xl/sharedStrings.xml", &format!("<sst>{shared}</sst>")),
        part("xl/worksheets/sheet1.xml", &format!("<?xml version=\"1.0\"?><worksheet>{sheet}</worksheet>")),
    ]
}

/// Zips parts.
pub fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).expect("part begins");
        zip.write_all(content).expect("part is written");
    }
    zip.finish().expect("zip ends").into_inner()
}

/// A workbook whose one sheet has these rows.
pub fn workbook(rows: &str, shared: &str) -> Vec<u8> {
    zipped(&parts(&format!("<sheetData>{rows}</sheetData>"), shared))
}

/// Puts bytes into a file.
pub fn file(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("temporary file");
    file.write_all(bytes).expect("bytes are written");
    file
}

/// Likes rows in which 姓名 stands.
pub fn has_name(texts: &[String]) -> usize {
    texts.iter().filter(|text| text.trim_start_matches('*').trim() == "姓名").count()
}

/// Reads bytes as a table with a heading that has 姓名.
pub fn load(bytes: &[u8]) -> Result<Table, SheetError> {
    load_with(bytes, &Limits::default())
}

/// The same within limits.
pub fn load_with(bytes: &[u8], limits: &Limits) -> Result<Table, SheetError> {
    load_table(file(bytes).path(), limits, &has_name)
}

/// The code of the error that reading the bytes gives.
pub fn refusal(bytes: &[u8]) -> &'static str {
    load(bytes).expect_err("must be refused").code()
}

/// The texts of a table's rows.
pub fn texts(table: &Table) -> Vec<Vec<&str>> {
    table.rows.iter().map(|row| row.cells.iter().map(|cell| cell.text.as_str()).collect()).collect()
}
