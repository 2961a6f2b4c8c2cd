//! QR codes (ISO/IEC 18004) for screen and paper.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};
use thiserror::Error;

/// Light modules that must surround the code (ISO/IEC 18004, 5.3.8).
pub const QUIET_ZONE: usize = 4;

/// Why no code could be made.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum QrError {
    /// More text than the largest code holds.
    #[error("{bytes} bytes do not fit into a QR code")]
    TooLong {
        /// Length of the text in bytes.
        bytes: usize,
    },
}

impl QrError {
    /// The stable name by which the caller looks up the wording.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "qr-too-long",
        }
    }
}

/// A square of dark and light modules, without the quiet zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrMatrix {
    size: usize,
    dark: Vec<bool>,
}

impl QrMatrix {
    /// Encodes `text` with error correction M, which bears 15 % of the code soiled or torn.
    ///
    /// # Errors
    /// [`QrError::TooLong`] beyond 2,331 bytes.
    pub fn encode(text: &str) -> Result<Self, QrError> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M)
            .map_err(|_| QrError::TooLong { bytes: text.len() })?;
        let dark = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
        Ok(Self { size: code.width(), dark })
    }

    /// Modules on a side.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Rows from the top, `true` for dark.
    pub fn rows(&self) -> impl Iterator<Item = &[bool]> {
        self.dark.chunks(self.size)
    }

    /// The dark modules as the `d` of one SVG path, in module units, quiet zone included.
    pub fn svg_path(&self) -> String {
        let mut path = String::new();
        for (y, row) in self.rows().enumerate() {
            let mut x = 0;
            while x < self.size {
                let run = row[x..].iter().take_while(|dark| **dark).count();
                if run > 0 {
                    let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET_ZONE, y + QUIET_ZONE);
                }
                x += run.max(1);
            }
        }
        path
    }

    /// Side of the SVG's view box: modules and quiet zone.
    pub fn view_box(&self) -> usize {
        self.size + 2 * QUIET_ZONE
    }

    /// A whole SVG: black on white whatever the page's theme, because cameras need dark on light.
    pub fn svg(&self) -> String {
        let side = self.view_box();
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
             <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path fill=\"#000\" d=\"{}\"/></svg>",
            self.svg_path()
        )
    }
}
