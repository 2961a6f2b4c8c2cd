//! From files to rows.

use super::heading::SheetKind;
use super::row::{self, ReadRow};
use gongyu_paper::sheet::{Limits, SheetError, TableFile};
use std::ops::ControlFlow;
use std::path::Path;

/// Most rows of one sheet: twice the staff of a large district (POLICY.md section 7: about 55,000).
const MOST_ROWS: usize = 120_000;

/// Why a file cannot be read at all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FileFault {
    /// None of its sheets is one of ours.
    NoSheet,
    /// Opens only with a password.
    Encrypted,
    /// Excel 97–2003.
    OldExcel,
    /// Holds macros.
    Macros,
    /// Longer than is taken, or with too many rows.
    TooLarge,
    /// Not a table, or damaged on the way.
    Damaged,
}

impl FileFault {
    /// Key of its sentence.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::NoSheet => "org-file-no-sheet",
            Self::Encrypted => "org-file-encrypted",
            Self::OldExcel => "org-file-old-excel",
            Self::Macros => "org-file-macros",
            Self::TooLarge => "org-file-too-large",
            Self::Damaged => "org-file-damaged",
        }
    }
}

impl From<SheetError> for FileFault {
    fn from(error: SheetError) -> Self {
        match error {
            SheetError::SheetNotFound { .. } | SheetError::Empty => Self::NoSheet,
            SheetError::Encrypted => Self::Encrypted,
            SheetError::OldXls => Self::OldExcel,
            SheetError::Macros { .. } => Self::Macros,
            SheetError::TooLarge { .. } | SheetError::ZipBomb { .. } | SheetError::TooMuchText { .. } => Self::TooLarge,
            _ => Self::Damaged,
        }
    }
}

/// The rows of every sheet of ours in one file, and whether a heading is one of `marks`: then it is a file of mended rows
/// brought back.
///
/// # Errors
/// Why it cannot be read.
pub(super) fn file(path: &Path, limits: &Limits, marks: &[String]) -> Result<(Vec<ReadRow>, bool), FileFault> {
    let mut rows = Vec::new();
    let (mut met, mut mended) = (false, false);
    for sheet in SheetKind::ALL {
        let mut table = TableFile::open(path, limits)?;
        let heading = match table.find_heading(&|texts| sheet.score(texts)) {
            Ok(heading) => heading,
            Err(SheetError::SheetNotFound { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        met = true;
        mended |= heading.headings.iter().any(|text| marks.contains(text));
        let columns = sheet.read(&heading.headings);
        let end = table.read_rows(&heading, &mut |line| {
            rows.push(row::read(sheet, &columns, &line));
            if rows.len() > MOST_ROWS { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        if end.stopped {
            return Err(FileFault::TooLarge);
        }
    }
    if met { Ok((rows, mended)) } else { Err(FileFault::NoSheet) }
}
