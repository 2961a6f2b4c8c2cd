//! 家访记录表 (POLICY 3.2): prefilled with what is known, tied to its record by a code, the rest to be
//! written by hand. It begins with something good about the child.

use serde::Serialize;
use serde_json::Value;

use super::{PdfError, Sheets, Template, typeset};
use crate::qr::QrMatrix;

/// A box to tick.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tick {
    /// Ticked already.
    pub on: bool,
    /// Its words.
    pub words: String,
}

/// Something agreed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SheetMeasure {
    /// What.
    pub what: String,
    /// By whom.
    pub who: String,
    /// Until when.
    pub until: String,
}

/// The sheet of one visit. Empty texts leave lines to write on. Of a telephone only its last four digits
/// are printed, of an identity number nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct VisitSheet {
    /// School, class and semester.
    pub place: String,
    /// Short number beside the code.
    pub number: String,
    /// Address the code opens: the record.
    #[serde(skip)]
    pub url: String,
    /// Names of the children.
    pub child: String,
    /// Sex.
    pub sex: String,
    /// Year and month of birth.
    pub born: String,
    /// Guardians with what they are to the child.
    pub guardians: String,
    /// Last four digits.
    pub phone: String,
    /// Address.
    pub address: String,
    /// Why.
    pub reasons: Vec<Tick>,
    /// Day and time; empty to be written.
    pub time: String,
    /// How.
    pub ways: Vec<Tick>,
    /// Teacher who leads.
    pub lead: String,
    /// Who comes along; empty to be written.
    pub along: String,
    /// Who was met; empty to be written.
    pub met: String,
    /// Something good.
    pub good: String,
    /// What one sees at home.
    pub home: Vec<Tick>,
    /// The same in words.
    pub home_words: String,
    /// What was talked about.
    pub talked: String,
    /// The family's opinions.
    pub opinions: String,
    /// What is difficult.
    pub themes: Vec<Tick>,
    /// The same in words.
    pub findings_words: String,
    /// What was agreed.
    pub measures: Vec<SheetMeasure>,
    /// The guardian's signature as SVG; empty to be signed.
    pub sign_guardian: String,
    /// The teacher's signature as SVG; empty to be signed.
    pub sign_teacher: String,
}

/// The words of the form, in the language it is printed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SheetWords {
    /// Title of the form.
    pub title: String,
    /// Beside the code.
    pub scan: String,
    /// Label.
    pub child: String,
    /// Label.
    pub sex: String,
    /// Label.
    pub born: String,
    /// Label.
    pub guardians: String,
    /// Label.
    pub phone: String,
    /// Label.
    pub address: String,
    /// Label.
    pub reason: String,
    /// Label.
    pub time: String,
    /// Room for day and times.
    pub time_blank: String,
    /// Label.
    pub way: String,
    /// Label.
    pub teachers: String,
    /// Before the name of who leads.
    pub lead: String,
    /// Before the names of who comes along.
    pub along: String,
    /// Label.
    pub met: String,
    /// Label.
    pub good: String,
    /// What to write there.
    pub good_hint: String,
    /// Label.
    pub home: String,
    /// Label.
    pub talked: String,
    /// Label.
    pub opinions: String,
    /// Label.
    pub findings: String,
    /// What not to wait for the form with.
    pub urgent: String,
    /// Label.
    pub measures: String,
    /// Column.
    pub what: String,
    /// Column.
    pub who: String,
    /// Column.
    pub until: String,
    /// Before the line to sign on.
    pub sign_guardian: String,
    /// Before the line to sign on.
    pub sign_teacher: String,
    /// Before the line to sign on.
    pub checked: String,
}

/// Sheets printed together, one a page.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VisitSheets {
    /// The words of the form.
    pub words: SheetWords,
    /// The family's right to see it, at the foot.
    pub foot: String,
    /// When it was printed.
    pub printed: String,
    /// The sheets.
    pub sheets: Vec<VisitSheet>,
}

impl VisitSheets {
    /// Typesets the sheets.
    ///
    /// # Errors
    /// [`PdfError::Qr`] when an address is longer than a QR code holds.
    pub fn typeset(&self) -> Result<Sheets, PdfError> {
        let mut data = serde_json::to_value(self).unwrap_or_default();
        if let Some(Value::Array(sheets)) = data.get_mut("sheets") {
            for (sheet, plain) in sheets.iter_mut().zip(&self.sheets) {
                sheet["qr"] = Value::String(QrMatrix::encode(&plain.url)?.svg());
            }
        }
        typeset(Template::VisitSheet, &data)
    }
}
