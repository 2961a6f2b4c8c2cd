//! A large roster is read in a stream: its own process, so that its memory can be measured.

use std::io::Write;
use std::ops::ControlFlow;

use gongyu_paper::sheet::{Limits, TableFile, parse_only};

const ROWS: usize = 100_000;
const COLUMNS: usize = 4;
/// The rows as a table take more than 40 MB.
const MEMORY_KB: u64 = 16 << 10;

fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse().ok()).unwrap_or(0)
}

fn score(texts: &[String]) -> usize {
    texts.iter().filter(|text| text.starts_with('列')).count()
}

/// Written part by part: building it as a workbook would take the memory that is measured.
fn large_workbook() -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("file");
    let mut zip = zip::ZipWriter::new(file.reopen().expect("same file"));
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let parts = [
        (
            "_rels/.rels",
            format!(
                "<Relationships><Relationship Id=\"a\" Type=\"{kind}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        ("xl/workbook.xml", "<workbook><sheets><sheet name=\"大\" r:id=\"a\"/></sheets></workbook>".to_owned()),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships><Relationship Id=\"a\" Type=\"{kind}/worksheet\" Target=\"sheet.xml\"/></Relationships>"
            ),
        ),
        ("xl/sheet.xml", "<worksheet><sheetData>".to_owned()),
    ];
    for (name, text) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("part");
        zip.write_all(text.as_bytes()).expect("written");
    }
    let mut line = String::new();
    for row in 0..=ROWS {
        line.clear();
        line.push_str("<row>");
        for column in 0..COLUMNS {
            let text = if row == 0 { format!("列{column}") } else { format!("值{row}之{column}") };
            line.push_str("<c t=\"inlineStr\"><is><t>");
            line.push_str(&text);
            line.push_str("</t></is></c>");
        }
        line.push_str("</row>");
        zip.write_all(line.as_bytes()).expect("written");
    }
    zip.write_all(b"</sheetData></worksheet>").expect("written");
    zip.finish().expect("zip ends");
    file
}

#[test]
fn a_hundred_thousand_rows_are_streamed_in_bounded_memory() {
    let file = large_workbook();
    let before = peak_kb();
    let mut table = TableFile::open(file.path(), &Limits::default()).expect("open");
    let heading = table.find_heading(&score).expect("heading");
    let (mut count, mut last) = (0, String::new());
    let end = table
        .read_rows(&heading, &mut |row| {
            count += 1;
            last.clone_from(&row.cells[COLUMNS - 1].text);
            ControlFlow::Continue(())
        })
        .expect("rows");
    assert_eq!((count, end.rows, end.stopped), (ROWS, ROWS, false));
    assert_eq!(last, format!("值{ROWS}之{}", COLUMNS - 1));
    let grown = peak_kb() - before;
    assert!(grown < MEMORY_KB, "{grown} KB");

    let mut seen = 0;
    let stopped = table
        .read_rows(&heading, &mut |_| {
            seen += 1;
            if seen == 10 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .expect("rows");
    assert!(stopped.stopped && seen == 10);
    assert_eq!(parse_only(file.path(), &Limits::default(), &score).expect("parsed"), ROWS);
}
