//! The zip around a workbook, opened with suspicion: sizes are checked as declared before anything
//! is inflated. While it is, the zip reader stops at the first byte beyond the declared size, so
//! that a size cannot be a lie.

use std::fs::File;
use std::io::{self, BufReader, Read};

use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::Limits;
use super::error::{Lookalike, SheetError};

/// Below this a high ratio of inflated to packed is usual and harmless.
const RATIO_FROM: u64 = 16 << 20;
/// The longest piece of XML without a tag, in bytes: beyond any cell Excel can hold.
const LONGEST_TEXT: u64 = 4 << 20;

/// One part of the package being inflated under guard.
pub(super) type Part<'a> = BufReader<Guarded<ZipFile<'a, BufReader<File>>>>;

/// The package.
pub(super) struct Package {
    archive: ZipArchive<BufReader<File>>,
}

impl Package {
    /// Reads the list of parts and refuses macros, passwords and bombs.
    pub(super) fn open(file: File, limits: &Limits) -> Result<Self, SheetError> {
        // The magic was right, so what is missing is the list at the end.
        let archive = ZipArchive::new(BufReader::new(file)).map_err(|error| match error {
            ZipError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => SheetError::Io(error),
            _ => SheetError::ZipTruncated,
        })?;
        let mut package = Self { archive };
        package.check(limits)?;
        Ok(package)
    }

    fn check(&mut self, limits: &Limits) -> Result<(), SheetError> {
        if self.archive.len() > limits.entries {
            let (bytes, limit) = (self.archive.len() as u64, limits.entries as u64);
            return Err(SheetError::ZipBomb { entry: String::new(), bytes, limit });
        }
        let mut total: u64 = 0;
        for index in 0..self.archive.len() {
            let part = self.archive.by_index_raw(index).map_err(|error| damaged("", &error))?;
            let entry = part.name().map_err(|error| damaged("", &error))?.into_owned();
            if part.encrypted() {
                return Err(SheetError::Encrypted);
            }
            if is_macro(&entry) {
                return Err(SheetError::Macros { entry });
            }
            let (bytes, packed) = (part.size(), part.compressed_size());
            total = total.saturating_add(bytes);
            if total > limits.inflated_bytes {
                return Err(SheetError::ZipBomb { entry, bytes: total, limit: limits.inflated_bytes });
            }
            let limit = packed.saturating_mul(limits.ratio).max(RATIO_FROM);
            if bytes > limit {
                return Err(SheetError::ZipBomb { entry, bytes, limit });
            }
        }
        Ok(())
    }

    /// The name of the part as the package writes it, which may differ in case.
    pub(super) fn find(&self, name: &str) -> Option<String> {
        self.archive.file_names().flatten().find(|held| held.eq_ignore_ascii_case(name)).map(|held| held.into_owned())
    }

    /// Starts inflating a part.
    pub(super) fn part(&mut self, name: &str) -> Result<Part<'_>, SheetError> {
        let file = self.archive.by_name(name).map_err(|error| damaged(name, &error))?;
        Ok(BufReader::with_capacity(64 << 10, Guarded { inner: file, since_tag: 0 }))
    }

    /// What a package without a workbook is.
    pub(super) fn looks(&self) -> Lookalike {
        let has = |name: &str| self.find(name).is_some();
        if has("xl/workbook.bin") {
            Lookalike::BinaryWorkbook
        } else if has("word/document.xml") {
            Lookalike::WordProcessor
        } else if has("mimetype") && has("content.xml") {
            Lookalike::OpenDocument
        } else {
            Lookalike::Archive
        }
    }
}

/// VBA projects, and the macro sheets of Excel 4 that still run.
fn is_macro(entry: &str) -> bool {
    let entry = entry.to_ascii_lowercase();
    entry.ends_with("vbaproject.bin") || entry.starts_with("xl/macrosheets/")
}

fn damaged(entry: &str, error: &ZipError) -> SheetError {
    SheetError::ZipDamaged { entry: entry.to_owned(), detail: error.to_string() }
}

/// Stops a part that holds one endless text, before the XML reader has gathered it in memory.
pub(super) struct Guarded<R> {
    inner: R,
    since_tag: u64,
}

/// What trips a [`Guarded`] reader, carried through the XML reader as an I/O error.
#[derive(Debug, thiserror::Error)]
#[error("more than {LONGEST_TEXT} bytes without a tag")]
struct EndlessText;

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match buffer[..read].iter().rposition(|byte| *byte == b'<') {
            Some(at) => self.since_tag = (read - at) as u64,
            None => self.since_tag += read as u64,
        }
        if self.since_tag > LONGEST_TEXT {
            return Err(io::Error::other(EndlessText));
        }
        Ok(read)
    }
}

/// Says what an error met while inflating `entry` was.
pub(super) fn explain(entry: &str, error: &io::Error) -> SheetError {
    let entry = entry.to_owned();
    if error.get_ref().is_some_and(|inner| inner.is::<EndlessText>()) {
        return SheetError::TooMuchText { entry, limit: LONGEST_TEXT };
    }
    SheetError::ZipDamaged { entry, detail: error.to_string() }
}
