//! Telephone numbers of families: mobiles, and landlines with their area code.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::mask::mask_phone;
use crate::roster::values::fold;

/// A number that can be called: eleven digits of a mobile, or a landline as `023-67801234` with an optional extension.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Phone(String);

/// Why a text is no telephone number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhoneFault {
    /// Digits are missing from a mobile number.
    #[error("{0} digits, too few")]
    Short(usize),
    /// A mobile number has too many digits.
    #[error("{0} digits, too many")]
    Long(usize),
    /// A landline without its area code.
    #[error("a landline without its area code")]
    NoAreaCode,
    /// Nothing that can be called.
    #[error("not a telephone number")]
    Unreadable,
}

impl PhoneFault {
    /// How many digits a mobile number is short of eleven, or over.
    pub fn off_by(&self) -> usize {
        match self {
            Self::Short(len) | Self::Long(len) => len.abs_diff(11),
            Self::NoAreaCode | Self::Unreadable => 0,
        }
    }
}

impl Phone {
    /// Reads one number: spaces, dashes, a leading 86 and full-width digits are taken as meant.
    ///
    /// # Errors
    /// A [`PhoneFault`].
    pub fn parse(text: &str) -> Result<Self, PhoneFault> {
        let plain = fold::squeeze(text);
        let plain = plain.strip_prefix('+').unwrap_or(&plain);
        let plain = plain.strip_suffix(".0").unwrap_or(plain);
        let digits: String = plain.chars().filter(|c| !"-()".contains(*c)).collect();
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(PhoneFault::Unreadable);
        }
        let national = ["0086", "86"]
            .iter()
            .find_map(|code| digits.strip_prefix(code).filter(|rest| rest.len() == 11 && rest.starts_with('1')))
            .unwrap_or(&digits);
        match national.as_bytes() {
            [b'1', b'3'..=b'9', ..] if national.len() == 11 => Ok(Self(national.to_owned())),
            [b'1', ..] if national.len() < 11 && national.len() > 6 => Err(PhoneFault::Short(national.len())),
            [b'1', ..] if national.len() > 11 => Err(PhoneFault::Long(national.len())),
            [b'0', ..] => landline(national, plain).ok_or(PhoneFault::Unreadable),
            [b'2'..=b'9', ..] if matches!(national.len(), 7 | 8) => Err(PhoneFault::NoAreaCode),
            _ => Err(PhoneFault::Unreadable),
        }
    }

    /// The number, a landline with a dash after its area code.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether messages can be sent to it.
    pub fn is_mobile(&self) -> bool {
        self.0.starts_with('1')
    }

    /// The number for a list: `139****5562`.
    pub fn masked(&self) -> String {
        mask_phone(&self.0)
    }
}

/// Area codes are 010, 02x, and four digits elsewhere; local numbers have seven or eight digits.
fn landline(digits: &str, written: &str) -> Option<Phone> {
    let area = if digits.starts_with("01") || digits.starts_with("02") { 3 } else { 4 };
    let groups: Vec<&str> = written.split(['-', '(', ')']).filter(|group| !group.is_empty()).collect();
    let (number, extension) = match groups.as_slice() {
        [code, local, extension] if code.len() == area => (format!("{code}{local}"), Some(*extension)),
        _ => (digits.to_owned(), None),
    };
    let local = number.get(area..)?;
    if !matches!(local.len(), 7 | 8) || local.starts_with('0') || extension.is_some_and(|e| e.len() > 6) {
        return None;
    }
    let tail = extension.map(|e| format!("-{e}")).unwrap_or_default();
    Some(Phone(format!("{}-{local}{tail}", &number[..area])))
}

/// Reads a cell that may hold no number ("无"), one, or several divided by a mark.
///
/// # Errors
/// The fault of the first number that cannot be read.
pub fn read_phones(text: &str) -> Result<Vec<Phone>, PhoneFault> {
    let folded = fold::fold(text);
    if fold::is_blank(&folded) || matches!(&*folded, "无电话" | "没有电话" | "无手机" | "没电话" | "0") {
        return Ok(Vec::new());
    }
    let parts = folded.split(['/', '、', ',', ';', '或', '|']).map(str::trim).filter(|part| !part.is_empty());
    parts.map(Phone::parse).collect()
}

/// Masked, so that a number never reaches a log through a debug print.
impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
}
