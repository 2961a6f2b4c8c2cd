//! CSV that Excel opens in the right encoding and without running anything.

use csv::{Terminator, WriterBuilder};

use super::FORMULA_SIGNS;

/// UTF-8 with a byte order mark, CRLF, commas. A cell beginning with a sign that would start a
/// formula gets an apostrophe in front, plain negative numbers excepted.
pub fn csv_bytes<'a>(headings: &[&str], rows: impl IntoIterator<Item = Vec<&'a str>>) -> Vec<u8> {
    let mut writer =
        WriterBuilder::new().terminator(Terminator::CRLF).flexible(true).from_writer("\u{FEFF}".as_bytes().to_vec());
    // Writing into memory cannot fail, so there is no error to hand on.
    let _ = writer.write_record(headings.iter().map(|cell| defused(cell)));
    for row in rows {
        let _ = writer.write_record(row.into_iter().map(defused));
    }
    writer.into_inner().unwrap_or_default()
}

fn defused(cell: &str) -> String {
    let is_number = cell.parse::<f64>().is_ok_and(f64::is_finite);
    if cell.starts_with(FORMULA_SIGNS) && !is_number { format!("'{cell}") } else { cell.to_owned() }
}
