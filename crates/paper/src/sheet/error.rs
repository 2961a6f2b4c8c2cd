//! Why a file could not be read as a table.

use std::io;

use thiserror::Error;

/// What a refused file looks like, so that the person can be told what to save it as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookalike {
    /// Excel's binary workbook `.xlsb`.
    BinaryWorkbook,
    /// An OpenDocument spreadsheet `.ods`.
    OpenDocument,
    /// A word-processor file, old or new.
    WordProcessor,
    /// A PDF.
    Pdf,
    /// A picture.
    Picture,
    /// A zip, RAR, 7z or gzip archive that holds no workbook.
    Archive,
    /// None of these.
    Unknown,
}

/// One sheet as it was met while the heading was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenSheet {
    /// Its name; empty for CSV.
    pub name: String,
    /// The first row that is not blank, at most eight cells of it.
    pub first_row: Vec<String>,
}

/// Why a file could not be read as a table. Facts only: the caller words them.
#[derive(Debug, Error)]
pub enum SheetError {
    /// The disk, not the file.
    #[error("reading failed: {0}")]
    Io(#[from] io::Error),
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Refused by its length before a byte was read.
    #[error("{bytes} bytes are more than the {limit} allowed")]
    TooLarge {
        /// Length of the file in bytes.
        bytes: u64,
        /// The longest file taken, in bytes.
        limit: u64,
    },
    /// Excel 97–2003 `.xls`.
    #[error("an Excel 97-2003 workbook")]
    OldXls,
    /// Opens only with a password.
    #[error("the workbook is encrypted")]
    Encrypted,
    /// Holds macros.
    #[error("the workbook holds macros in {entry}")]
    Macros {
        /// The part of the package that gives it away.
        entry: String,
    },
    /// The end of the zip is missing: an interrupted download or copy.
    #[error("the end of the file is missing")]
    ZipTruncated,
    /// A part of the zip cannot be inflated, its checksum is wrong, or it is longer than it declares.
    #[error("{entry} is damaged: {detail}")]
    ZipDamaged {
        /// The part of the package.
        entry: String,
        /// What the decoder said.
        detail: String,
    },
    /// Would inflate to more than is allowed.
    #[error("{entry} inflates to {bytes} bytes, more than {limit}")]
    ZipBomb {
        /// The part of the package; empty when it is the package as a whole.
        entry: String,
        /// Inflated bytes declared (or the number of parts, when `limit` is one of parts).
        bytes: u64,
        /// How many would have been taken.
        limit: u64,
    },
    /// Not a workbook and not text.
    #[error("not a workbook but {looks:?}")]
    NotWorkbook {
        /// What it looks like.
        looks: Lookalike,
    },
    /// The XML of a part breaks the rules.
    #[error("{entry} cannot be understood: {detail}")]
    SheetDamaged {
        /// The part of the package.
        entry: String,
        /// What the parser said.
        detail: String,
    },
    /// One cell, or all shared text together, is longer than is allowed.
    #[error("{entry} holds more than {limit} bytes of text")]
    TooMuchText {
        /// The part of the package.
        entry: String,
        /// How many bytes would have been taken.
        limit: u64,
    },
    /// No sheet has a row that passes for the heading.
    #[error("no heading found in {} sheets", sheets.len())]
    SheetNotFound {
        /// What was there instead.
        sheets: Vec<SeenSheet>,
    },
    /// Lines in more than one encoding, or in none that is known.
    #[error("line {line} is in another encoding than the rest")]
    CsvMixedEncoding {
        /// The first such line, from 1.
        line: u64,
    },
    /// A NUL byte in a text file.
    #[error("line {line} holds a NUL byte")]
    CsvNul {
        /// The line, from 1.
        line: u64,
    },
    /// Excel's "Unicode text", which is UTF-16.
    #[error("the text is UTF-16")]
    CsvUtf16,
    /// A cell without end: as a rule a quotation mark that is never closed.
    #[error("a cell at line {line} is longer than {limit} bytes")]
    CsvCellTooLong {
        /// The line on which the cell's record begins or is met, from 1.
        line: u64,
        /// The longest cell taken, in bytes.
        limit: u64,
    },
}

impl SheetError {
    /// The stable name by which the caller looks up the wording.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "file-io",
            Self::Empty => "file-empty",
            Self::TooLarge { .. } => "file-too-large",
            Self::OldXls => "file-old-xls",
            Self::Encrypted => "file-encrypted",
            Self::Macros { .. } => "file-macros",
            Self::ZipTruncated => "file-zip-truncated",
            Self::ZipDamaged { .. } => "file-zip-damaged",
            Self::ZipBomb { .. } => "file-zip-bomb",
            Self::NotWorkbook { .. } => "file-not-workbook",
            Self::SheetDamaged { .. } => "file-sheet-damaged",
            Self::TooMuchText { .. } => "file-too-much-text",
            Self::SheetNotFound { .. } => "sheet-not-found",
            Self::CsvMixedEncoding { .. } => "csv-mixed-encoding",
            Self::CsvNul { .. } => "csv-nul",
            Self::CsvUtf16 => "csv-utf16",
            Self::CsvCellTooLong { .. } => "csv-cell-too-long",
        }
    }
}
