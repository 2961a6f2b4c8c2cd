//! A notice on paper for families without a telephone, with a part to be torn off and handed back (MISSION B14).

use serde::Serialize;

use super::{PdfError, Sheets, Template, typeset};

/// A question on the part that comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SlipQuestion {
    /// The question.
    pub ask: String,
    /// Choices to be ticked; empty leaves a line to write on.
    pub choices: Vec<String>,
}

/// One child's slip. Of the family only the child's name and class are printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Slip {
    /// The child's name.
    pub child: String,
    /// The class, such as 三年级2班.
    pub class: String,
}

/// The slips of one notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SlipSheet {
    /// What the notice is about.
    pub title: String,
    /// Who speaks, and when.
    pub from: String,
    /// The text, a paragraph each.
    pub body: Vec<String>,
    /// Until when the lower part is wanted back, in words; empty for no such day.
    pub until: String,
    /// What is asked; empty for only a signature.
    pub questions: Vec<SlipQuestion>,
    /// Whether something comes back at all.
    pub wants_back: bool,
    /// Who printed it and when, for the foot of every page.
    pub foot: String,
    /// One for each child.
    pub slips: Vec<Slip>,
}

impl SlipSheet {
    /// Typesets the slips; a slip is never broken over two pages unless it is longer than one.
    ///
    /// # Errors
    /// [`PdfError::Typeset`] when typst refuses.
    pub fn typeset(&self) -> Result<Sheets, PdfError> {
        typeset(Template::NoticeSlip, &serde_json::to_value(self).unwrap_or_default())
    }
}
