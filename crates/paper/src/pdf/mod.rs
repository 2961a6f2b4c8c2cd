//! Printed pages as PDF, typeset by typst inside the program.
//!
//! A template sees the data it is given and the fonts in the binary, and nothing else: no file
//! system, no network, no packages, no clock. The same data gives the same bytes.

mod card;
mod fonts;
mod report;
mod slip;
mod visit;
mod world;

use serde_json::Value;
use thiserror::Error;
use typst::foundations::Smart;
use typst::layout::{Frame, FrameItem};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

pub use card::{CardLayout, CardSheet, ContactCard};
pub use fonts::uncovered;
pub use report::{Align, ReportColumn, TableReport};
pub use slip::{Slip, SlipQuestion, SlipSheet};
pub use visit::{SheetMeasure, SheetWords, Tick, VisitSheet, VisitSheets};

use crate::qr::QrError;

/// Renders after which typst's cached intermediate results are dropped when unused for this long.
const CACHE_AGE: usize = 2;

/// Why a page could not be typeset.
#[derive(Debug, Error)]
pub enum PdfError {
    /// The template does not fit the data.
    #[error("typesetting failed: {message}")]
    Typeset {
        /// What typst said.
        message: String,
    },
    /// The code to be printed is too long for a QR code.
    #[error(transparent)]
    Qr(#[from] QrError),
}

impl PdfError {
    /// The stable name by which the caller looks up the wording.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Typeset { .. } => "pdf-typeset",
            Self::Qr(error) => error.code(),
        }
    }
}

/// The papers there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template {
    /// 家校联系卡 (MISSION B5); its data is a [`CardSheet`].
    ContactCard,
    /// A titled table with notes; its data is a [`TableReport`].
    TableReport,
    /// A notice on paper with a part that comes back; its data is a [`SlipSheet`].
    NoticeSlip,
    /// 家访记录表; its data is a [`VisitSheets`].
    VisitSheet,
}

/// A typeset document.
#[derive(Clone, Debug)]
pub struct Sheets {
    /// The PDF.
    pub bytes: Vec<u8>,
    /// Its pages.
    pub pages: usize,
    /// Characters no font has and that are printed as boxes, each once.
    pub missing: Vec<char>,
}

/// Typesets `data` with a template.
///
/// # Errors
/// [`PdfError::Typeset`] when the data lacks what the template needs.
pub fn render(template: Template, data: &Value) -> Result<Vec<u8>, PdfError> {
    typeset(template, data).map(|sheets| sheets.bytes)
}

/// The same with the number of pages and the characters that could not be shown.
///
/// # Errors
/// As [`render`].
pub fn typeset(template: Template, data: &Value) -> Result<Sheets, PdfError> {
    let world = world::PaperWorld::new(template, data.to_string());
    let document = typst::compile::<PagedDocument>(&world).output.map_err(|errors| refused(&errors))?;
    let options = PdfOptions { creator: Smart::Custom(Some("Gongyu".to_owned())), ..PdfOptions::default() };
    let bytes = typst_pdf::pdf(&document, &options).map_err(|errors| refused(&errors))?;
    let mut missing = Vec::new();
    for page in document.pages() {
        collect_missing(&page.frame, &mut missing);
    }
    typst::comemo::evict(CACHE_AGE);
    Ok(Sheets { bytes, pages: document.pages().len(), missing })
}

fn refused(errors: &[typst::diag::SourceDiagnostic]) -> PdfError {
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    PdfError::Typeset { message: messages.join("; ") }
}

/// Glyph 0 is the box a font draws for what it does not have.
fn collect_missing(frame: &Frame, missing: &mut Vec<char>) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => collect_missing(&group.frame, missing),
            FrameItem::Text(text) => {
                for glyph in text.glyphs.iter().filter(|glyph| glyph.id == 0) {
                    for c in text.text[glyph.range()].chars() {
                        if !missing.contains(&c) {
                            missing.push(c);
                        }
                    }
                }
            }
            _ => {}
        }
    }
}
