//! The national student-roll number: a letter and eighteen characters (POLICY.md 8.2).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::id_number::{ResidentId, mask_id};
use super::values::fold;

/// What the letter of the number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RollKind {
    /// G: formal, made of the pupil's identity number.
    Formal,
    /// J: formal, for a pupil without an identity number.
    FormalWithoutId,
    /// L: temporary.
    Temporary,
}

/// A student-roll number of the right shape.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct RollNumber(Box<str>);

/// Why a text is no student-roll number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RollFault {
    /// Does not begin with G, J or L.
    #[error("does not begin with G, J or L")]
    Letter,
    /// Not 19 characters.
    #[error("{0} characters instead of 19")]
    Length(usize),
    /// Something other than digits after the letter.
    #[error("holds a character other than a digit")]
    Character,
}

impl RollNumber {
    /// Reads a number; full-width characters, spaces and small letters are taken as meant.
    ///
    /// # Errors
    /// A [`RollFault`].
    pub fn parse(text: &str) -> Result<Self, RollFault> {
        let plain = fold::squeeze(text).to_ascii_uppercase();
        if !plain.starts_with(['G', 'J', 'L']) {
            return Err(RollFault::Letter);
        }
        let tail = &plain[1..];
        if !tail.bytes().all(|b| b.is_ascii_digit() || b == b'X') {
            return Err(RollFault::Character);
        }
        if plain.len() != 19 {
            return Err(RollFault::Length(plain.len()));
        }
        if tail[..17].contains('X') {
            return Err(RollFault::Character);
        }
        Ok(Self(plain.into_boxed_str()))
    }

    /// The number of a pupil with this identity number.
    pub fn of(id: &ResidentId) -> Self {
        Self(format!("G{}", id.as_str()).into_boxed_str())
    }

    /// The 19 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the letter says.
    pub fn kind(&self) -> RollKind {
        match self.0.as_bytes()[0] {
            b'J' => RollKind::FormalWithoutId,
            b'L' => RollKind::Temporary,
            _ => RollKind::Formal,
        }
    }

    /// Whether the number fits the pupil's identity number; only G numbers are made of it.
    pub fn fits(&self, id: &ResidentId) -> bool {
        self.kind() != RollKind::Formal || &self.0[1..] == id.as_str()
    }
}

/// Masked: the number contains the identity number.
impl fmt::Debug for RollNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RollNumber({})", mask_id(&self.0))
    }
}

impl From<RollNumber> for String {
    fn from(number: RollNumber) -> Self {
        number.0.into_string()
    }
}

impl TryFrom<String> for RollNumber {
    type Error = RollFault;

    fn try_from(text: String) -> Result<Self, RollFault> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roll_number_is_a_letter_and_eighteen_characters() {
        for (text, kind) in [
            ("G11010519491231002X", RollKind::Formal),
            (" g110105194912310 02x", RollKind::Formal),
            ("J509901201803020417", RollKind::FormalWithoutId),
            ("Ｌ５０９９０１２０１８０３０２０４１７", RollKind::Temporary),
        ] {
            assert_eq!(RollNumber::parse(text).map(|number| number.kind()), Ok(kind), "{text}");
        }
        for (text, fault) in [
            ("11010519491231002X", RollFault::Letter),
            ("G1101051949123100", RollFault::Length(17)),
            ("G1101051949123X002X", RollFault::Character),
            ("G张三", RollFault::Character),
        ] {
            assert_eq!(RollNumber::parse(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn a_formal_number_is_made_of_the_identity_number() {
        let id = ResidentId::parse("11010519491231002X").unwrap();
        assert!(RollNumber::of(&id).fits(&id));
        assert!(!RollNumber::parse("G110105194912310021").unwrap().fits(&id));
        assert!(RollNumber::parse("L110105194912310021").unwrap().fits(&id));
    }
}
