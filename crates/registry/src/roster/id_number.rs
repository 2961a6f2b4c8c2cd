//! Identity numbers and their display form.
//!
//! The resident identity number follows GB 11643: six digits of region, eight of birth, three of sequence (odd for men) and
//! a check character. Numbers of other documents are kept as written. The region is never compared with the birthplace
//! column: it is where the number was issued (POLICY.md 8.2, "seen but wrong").

mod mask;
mod phone;
#[cfg(test)]
#[path = "tests_id_number.rs"]
mod tests;

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use mask::{mask_address, mask_id, mask_phone};
pub use phone::{Phone, PhoneFault, read_phones};

use super::values::{Sex, fold};

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";

/// A resident identity number that passed every check of GB 11643.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ResidentId(Box<str>);

/// Why a text is no resident identity number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdFault {
    /// The 15-digit form of before 1999, no longer valid since 2013.
    #[error("the 15-digit form is no longer valid")]
    OldForm,
    /// Not 18 characters.
    #[error("{0} characters instead of 18")]
    Length(usize),
    /// Something other than digits and a closing X.
    #[error("holds a character other than a digit")]
    Character,
    /// A spreadsheet took the number for an amount, and its last digits are gone.
    #[error("the last digits were lost in a spreadsheet")]
    LostDigits,
    /// The birth digits are no date.
    #[error("the birth digits are no date")]
    Birth,
    /// The check character does not fit.
    #[error("the check character does not fit")]
    Checksum,
}

impl ResidentId {
    /// Reads an 18-character number; full-width digits, spaces and a small x are taken as meant.
    ///
    /// # Errors
    /// The first [`IdFault`] met.
    pub fn parse(text: &str) -> Result<Self, IdFault> {
        let plain: String = fold::squeeze(text).trim_start_matches('\'').to_ascii_uppercase();
        if plain.contains("E+") && plain.contains('.') {
            return Err(IdFault::LostDigits);
        }
        let bytes = plain.as_bytes();
        let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
        match bytes.len() {
            15 if digits(bytes) => return Err(IdFault::OldForm),
            18 if plain.is_ascii() => {}
            _ if plain.chars().any(|c| !c.is_ascii_digit() && c != 'X') => return Err(IdFault::Character),
            _ => return Err(IdFault::Length(plain.chars().count())),
        }
        if !digits(&bytes[..17]) || !(bytes[17].is_ascii_digit() || bytes[17] == b'X') {
            return Err(IdFault::Character);
        }
        if birth_of(&plain).is_none() {
            return Err(IdFault::Birth);
        }
        if check_character(&plain) != Some(bytes[17] as char) {
            return Err(IdFault::Checksum);
        }
        Ok(Self(plain.into_boxed_str()))
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The date of birth in digits 7 to 14.
    pub fn birth_date(&self) -> Date {
        birth_of(&self.0).unwrap_or(Date::ZERO)
    }

    /// The sex in digit 17: odd for men.
    pub fn sex(&self) -> Sex {
        if self.0.as_bytes()[16] % 2 == 1 { Sex::Male } else { Sex::Female }
    }
}

/// The check character that belongs to the first 17 digits; `None` when there are not 17 digits.
pub fn check_character(first_17: &str) -> Option<char> {
    let digits: Vec<u32> = first_17.chars().take(17).map_while(|c| c.to_digit(10)).collect();
    if digits.len() < WEIGHTS.len() {
        return None;
    }
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    Some(CHECKS[(sum % 11) as usize] as char)
}

fn birth_of(number: &str) -> Option<Date> {
    let year: i16 = number.get(6..10)?.parse().ok()?;
    let month: i8 = number.get(10..12)?.parse().ok()?;
    let day: i8 = number.get(12..14)?.parse().ok()?;
    (1900..2100).contains(&year).then(|| Date::new(year, month, day).ok()).flatten()
}

/// Masked, so that a number never reaches a log through a debug print.
impl fmt::Debug for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResidentId({})", mask_id(&self.0))
    }
}

impl From<ResidentId> for String {
    fn from(id: ResidentId) -> Self {
        id.0.into_string()
    }
}

impl TryFrom<String> for ResidentId {
    type Error = IdFault;

    fn try_from(text: String) -> Result<Self, IdFault> {
        Self::parse(&text)
    }
}

/// The number of a person's document.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdNumber {
    /// A checked resident identity number.
    Resident(ResidentId),
    /// The number of another document, upper case, without spaces.
    Other(String),
}

impl IdNumber {
    /// Takes the number of a document that has no public check: 4 to 30 letters, digits, dashes and brackets.
    ///
    /// # Errors
    /// [`IdFault::Character`] or [`IdFault::Length`].
    pub fn other(text: &str) -> Result<Self, IdFault> {
        let plain = fold::squeeze(text).to_ascii_uppercase();
        if !plain.chars().all(|c| c.is_ascii_alphanumeric() || "-()/".contains(c)) {
            return Err(IdFault::Character);
        }
        if !(4..=30).contains(&plain.len()) {
            return Err(IdFault::Length(plain.len()));
        }
        Ok(Self::Other(plain))
    }

    /// The number as written on the document.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Resident(id) => id.as_str(),
            Self::Other(text) => text,
        }
    }

    /// The resident identity number, if it is one.
    pub fn resident(&self) -> Option<&ResidentId> {
        match self {
            Self::Resident(id) => Some(id),
            Self::Other(_) => None,
        }
    }
}

/// Masked, like [`ResidentId`].
impl fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdNumber({})", mask_id(self.as_str()))
    }
}
