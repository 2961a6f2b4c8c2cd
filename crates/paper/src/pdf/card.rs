//! The home–school contact card 家校联系卡 (MISSION B5).

use serde::Serialize;
use serde_json::Value;

use super::{PdfError, Sheets, Template, fonts, typeset};
use crate::qr::QrMatrix;

/// How the cards lie on A4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardLayout {
    /// Eight on a page to be cut apart, their backs on the next page for printing on both sides.
    Eight,
    /// One on a page: the upper half stays with the family, the lower half is filled in and handed back.
    Single,
}

/// One child's card. Nothing of the family is printed on it: no identity number, no phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContactCard {
    /// The child's name.
    pub child: String,
    /// The class, such as 三年级2班.
    pub class: String,
    /// The class teacher's name.
    pub teacher: String,
    /// The class teacher's phone; empty leaves a line to write on.
    pub teacher_phone: String,
    /// Eight characters, printed in two groups of four.
    pub activation_code: String,
    /// The address the QR code opens.
    pub activation_url: String,
}

/// The cards of one school to be printed together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CardSheet {
    /// How they lie on the paper.
    pub layout: CardLayout,
    /// The district's name.
    pub district: String,
    /// The school's name.
    pub school: String,
    /// The school office's phone; empty leaves a line to write on.
    pub office_phone: String,
    /// The address to open for those who type the code; empty when there is none.
    pub site: String,
    /// The last day the activation code works, as it is to be printed: 2026年12月31日.
    pub valid_until: String,
    /// The day of printing, as it is to be printed.
    pub printed_on: String,
    /// The cards.
    pub cards: Vec<ContactCard>,
}

impl CardSheet {
    /// Typesets the cards.
    ///
    /// # Errors
    /// [`PdfError::Qr`] when an activation address is longer than a QR code holds.
    pub fn typeset(&self) -> Result<Sheets, PdfError> {
        let mut data = serde_json::to_value(self).unwrap_or_default();
        if let Some(Value::Array(cards)) = data.get_mut("cards") {
            for (card, plain) in cards.iter_mut().zip(&self.cards) {
                card["qr"] = Value::String(QrMatrix::encode(&plain.activation_url)?.svg());
                card["bold"] = Value::Bool(fonts::bold_covers(&plain.child));
                card["code"] = Value::String(grouped(&plain.activation_code));
            }
        }
        typeset(Template::ContactCard, &data)
    }
}

/// `K7QM3XPA` as `K7QM-3XPA`: four at a time are read aloud and typed without losing the place.
fn grouped(code: &str) -> String {
    let characters: Vec<char> = code.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    characters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-")
}
