//! Why a file was refused, and what a person should know about one that was not.

use crate::roster::headings::HeadingMatch;
use gongyu_kernel::error::Code;
use gongyu_paper::sheet::{Lookalike, SheetError};
use serde::{Deserialize, Serialize};

/// A message key with its arguments, as stored with an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Message key.
    pub key: String,
    /// Named arguments.
    pub args: Vec<(String, String)>,
}

impl From<Code> for Fault {
    fn from(code: Code) -> Self {
        let args = code.args.into_iter().map(|(name, value)| (name.into_owned(), value)).collect();
        Self { key: code.key.into_owned(), args }
    }
}

impl Fault {
    /// As a code, to be put into words.
    pub fn code(&self) -> Code {
        let args = self.args.iter().map(|(name, value)| (name.clone().into(), value.clone())).collect();
        Code { key: self.key.clone().into(), args }
    }
}

const MB: u64 = 1 << 20;

/// The message for a file that cannot be read: `roster-` and the reader's own code.
pub(super) fn of_sheet(error: &SheetError) -> Code {
    let code = Code::new(format!("roster-{}", error.code()));
    match error {
        SheetError::TooLarge { bytes, limit } => code.arg("mb", bytes.div_ceil(MB)).arg("max", limit / MB),
        SheetError::ZipBomb { bytes, .. } => code.arg("mb", bytes.div_ceil(MB)),
        SheetError::NotWorkbook { looks } => code.arg("looks", looks_key(*looks)),
        SheetError::SheetNotFound { sheets } => {
            let seen: Vec<String> = sheets
                .iter()
                .map(|sheet| {
                    let first: Vec<&str> = sheet.first_row.iter().map(String::as_str).take(4).collect();
                    format!("{}（{}）", sheet.name, first.join("、"))
                })
                .take(3)
                .collect();
            code.arg("seen", seen.join("；"))
        }
        SheetError::CsvMixedEncoding { line } | SheetError::CsvNul { line } => code.arg("line", line),
        SheetError::CsvCellTooLong { line, .. } => code.arg("line", line),
        _ => code,
    }
}

const fn looks_key(looks: Lookalike) -> &'static str {
    match looks {
        Lookalike::BinaryWorkbook => "xlsb",
        Lookalike::OpenDocument => "ods",
        Lookalike::WordProcessor => "word",
        Lookalike::Pdf => "pdf",
        Lookalike::Picture => "picture",
        Lookalike::Archive => "archive",
        Lookalike::Unknown => "unknown",
    }
}

/// The message for headings without which no pupil can be imported.
pub(super) fn of_headings(heads: &HeadingMatch, school_known: bool) -> Option<Code> {
    let missing = heads.missing_for(school_known);
    if missing.is_empty() {
        return None;
    }
    let titles: Vec<&str> = missing.iter().map(|field| field.title()).collect();
    Some(Code::new("roster-missing-columns").arg("columns", titles.join("、")))
}

/// What is odd about the headings of a file that can be read.
pub(super) fn notes_of(heads: &HeadingMatch) -> Vec<Fault> {
    let mut notes = Vec::new();
    if !heads.unknown.is_empty() {
        let titles: Vec<&str> = heads.unknown.iter().map(|(_, title)| title.as_str()).take(8).collect();
        let code = Code::new("roster-note-unknown-columns").arg("n", heads.unknown.len());
        notes.push(code.arg("columns", titles.join("、")).into());
    }
    if !heads.duplicated.is_empty() {
        let titles: Vec<&str> = heads.duplicated.iter().map(|(field, _)| heads.title_of(*field)).take(8).collect();
        notes.push(Code::new("roster-note-repeated-columns").arg("columns", titles.join("、")).into());
    }
    if heads.mended {
        notes.push(Code::new("roster-note-mended").into());
    }
    notes
}
