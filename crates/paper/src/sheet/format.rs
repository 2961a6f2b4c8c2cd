//! Telling by its first bytes what a file is.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use super::error::{Lookalike, SheetError};

const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
const OTHERS: &[(&[u8], Lookalike)] = &[
    (b"%PDF", Lookalike::Pdf),
    (b"\x89PNG", Lookalike::Picture),
    (b"\xFF\xD8\xFF", Lookalike::Picture),
    (b"GIF8", Lookalike::Picture),
    (b"Rar!", Lookalike::Archive),
    (b"7z\xBC\xAF\x27\x1C", Lookalike::Archive),
    (b"\x1F\x8B", Lookalike::Archive),
    (b"PK\x05\x06", Lookalike::Archive),
    (b"{\\rtf", Lookalike::WordProcessor),
];

/// The two kinds that are read on.
pub(super) enum Format {
    Zip,
    Text,
}

/// Leaves the file at its start.
pub(super) fn detect(mut file: &File, bytes: u64) -> Result<Format, SheetError> {
    let mut head = Vec::with_capacity(8);
    file.take(8).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(0))?;
    if bytes == 0 {
        return Err(SheetError::Empty);
    }
    if head.starts_with(b"PK\x03\x04") {
        return Ok(Format::Zip);
    }
    if head.starts_with(OLE) {
        return Err(ole_kind(file)?);
    }
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        return Err(SheetError::CsvUtf16);
    }
    match OTHERS.iter().find(|(magic, _)| head.starts_with(magic)) {
        Some((_, looks)) => Err(SheetError::NotWorkbook { looks: *looks }),
        None => Ok(Format::Text),
    }
}

/// An OLE container is an encrypted xlsx, an old Word file, or an old workbook; the names of its
/// streams, written in UTF-16, tell which (MS-CFB 2.6, MS-OFFCRYPTO 2.3.4).
fn ole_kind(mut file: &File) -> Result<SheetError, SheetError> {
    let wide = |name: &str| name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let (encrypted, word) = (wide("EncryptedPackage"), wide("WordDocument"));
    let holds = |window: &[u8], name: &[u8]| window.windows(name.len()).any(|part| part == name);
    let mut window = Vec::new();
    let mut chunk = vec![0; 64 << 10];
    loop {
        let read = file.read(&mut chunk)?;
        if read == 0 {
            return Ok(SheetError::OldXls);
        }
        window.extend_from_slice(&chunk[..read]);
        if holds(&window, &encrypted) {
            return Ok(SheetError::Encrypted);
        }
        if holds(&window, &word) {
            return Ok(SheetError::NotWorkbook { looks: Lookalike::WordProcessor });
        }
        window.drain(..window.len().saturating_sub(encrypted.len()));
    }
}
