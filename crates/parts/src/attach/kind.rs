//! What a file is, from its content. A list of what is taken; everything else is refused with a reason.

use gongyu_kernel::Error;
use gongyu_store::coded;
use std::io::{Read, Seek};
use zip::ZipArchive;

/// Parts of an office document beyond which it is refused.
const MOST_PARTS: usize = 5_000;
/// Bytes an office document may unfold to.
const MOST_UNFOLDED: u64 = 300 << 20;

/// A kind of file that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A picture, kept as JPEG whatever it came as.
    Picture,
    /// PDF.
    Pdf,
    /// Word document.
    Docx,
    /// Excel workbook.
    Xlsx,
    /// PowerPoint presentation.
    Pptx,
    /// MP3 sound.
    Mp3,
    /// AAC sound as phones record it.
    M4a,
    /// Sound as older phones record it.
    Amr,
}

coded!(FileKind);

impl FileKind {
    /// Text in the database and in the catalogues.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Picture => "picture",
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Pptx => "pptx",
            Self::Mp3 => "mp3",
            Self::M4a => "m4a",
            Self::Amr => "amr",
        }
    }

    /// Reads the text.
    pub fn parse(code: &str) -> Option<Self> {
        let all = [Self::Picture, Self::Pdf, Self::Docx, Self::Xlsx, Self::Pptx, Self::Mp3, Self::M4a, Self::Amr];
        all.into_iter().find(|kind| kind.code() == code)
    }

    /// The ending of its name.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Picture => "jpg",
            other => other.code(),
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Picture => "image/jpeg",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Mp3 => "audio/mpeg",
            Self::M4a => "audio/mp4",
            Self::Amr => "audio/amr",
        }
    }

    /// Its icon.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Picture => "photo",
            Self::Xlsx => "file-spreadsheet",
            Self::Mp3 | Self::M4a | Self::Amr => "volume",
            _ => "file-text",
        }
    }
}

/// What the content is, before pictures are decoded.
///
/// # Errors
/// `Error::Conflict` with the reason in words when it is none of what is taken.
pub(super) fn found(file: &mut (impl Read + Seek)) -> Result<FileKind, Error> {
    let mut head = [0u8; 32];
    let mut filled = 0;
    while filled < head.len() {
        match file.read(&mut head[filled..])? {
            0 => break,
            n => filled += n,
        }
    }
    file.rewind()?;
    let head = &head[..filled];
    match head {
        [0xFF, 0xD8, 0xFF, ..] | [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Ok(FileKind::Picture),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(FileKind::Picture),
        [b'%', b'P', b'D', b'F', b'-', ..] => Ok(FileKind::Pdf),
        [b'P', b'K', 3, 4, ..] => office(file),
        [b'I', b'D', b'3', ..] => Ok(FileKind::Mp3),
        [0xFF, second, ..] if second & 0xE6 == 0xE2 => Ok(FileKind::Mp3),
        [b'#', b'!', b'A', b'M', b'R', ..] => Ok(FileKind::Amr),
        [_, _, _, _, b'f', b't', b'y', b'p', a, b, c, d, ..] => of_brand([*a, *b, *c, *d]),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Err(Error::conflict("attach-old-office")),
        [b'G', b'I', b'F', b'8', ..] | [b'B', b'M', ..] => Err(Error::conflict("attach-other-picture")),
        _ => Err(Error::conflict("attach-other-kind")),
    }
}

/// ISO base media files tell by their brand (ISO/IEC 14496-12): HEIC pictures, sound, video.
fn of_brand(brand: [u8; 4]) -> Result<FileKind, Error> {
    match &brand {
        b"M4A " | b"M4B " => Ok(FileKind::M4a),
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" | b"avif" => {
            Err(Error::conflict("attach-heic"))
        }
        _ => Err(Error::conflict("attach-video")),
    }
}

/// An office document is a zip with known parts; one that carries macros, a password or too much is refused.
fn office(file: &mut (impl Read + Seek)) -> Result<FileKind, Error> {
    let mut archive = ZipArchive::new(&mut *file).map_err(|_| Error::conflict("attach-broken"))?;
    if archive.len() > MOST_PARTS {
        return Err(Error::conflict("attach-broken"));
    }
    let (mut kind, mut unfolded) = (None, 0u64);
    for at in 0..archive.len() {
        let part = archive.by_index_raw(at).map_err(|_| Error::conflict("attach-broken"))?;
        if part.encrypted() {
            return Err(Error::conflict("attach-locked"));
        }
        unfolded = unfolded.saturating_add(part.size());
        let name = part.name().map_err(|_| Error::conflict("attach-broken"))?.to_ascii_lowercase();
        if name.ends_with("vbaproject.bin") || name.contains("/activex/") || name.contains("macrosheets/") {
            return Err(Error::conflict("attach-macros"));
        }
        kind = kind.or(match name.as_str() {
            "word/document.xml" => Some(FileKind::Docx),
            "xl/workbook.xml" => Some(FileKind::Xlsx),
            "ppt/presentation.xml" => Some(FileKind::Pptx),
            _ => None,
        });
    }
    if unfolded > MOST_UNFOLDED {
        return Err(Error::conflict("attach-broken"));
    }
    file.rewind()?;
    kind.ok_or_else(|| Error::conflict("attach-archive"))
}
