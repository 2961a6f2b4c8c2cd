//! What a vocational class is taught: 护理, 计算机应用.

use crate::roster::values::fold;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Bytes of the longest speciality: eighteen characters (the names of the national catalogue of vocational specialities
/// have at most fifteen, [P]).
const ROOM: usize = 54;

/// The speciality of a vocational class, as its key: folded, so that every spelling of one gives the same. Empty for a
/// class of any other stage, and for a vocational class that is only numbered.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Speciality {
    text: [u8; ROOM],
    len: u8,
}

impl Speciality {
    /// None.
    pub const NONE: Self = Self { text: [0; ROOM], len: 0 };

    /// Reads what a file or a person writes: spaces, widths and brackets folded, 专业 at the end dropped, Latin letters in
    /// capitals (VR技术). `None` when it is too long to be one.
    pub fn read(written: &str) -> Option<Self> {
        let plain: String = fold::squeeze(written).to_uppercase().chars().filter(|c| !"()\"'“”".contains(*c)).collect();
        let plain = plain.trim_matches(['-', '.', '·', '、', '/', ':']);
        let plain = plain.strip_suffix("专业").unwrap_or(plain);
        let mut text = [0; ROOM];
        text.get_mut(..plain.len())?.copy_from_slice(plain.as_bytes());
        Some(Self { text, len: u8::try_from(plain.len()).ok()? })
    }

    /// The key as it is stored and shown.
    pub fn as_str(&self) -> &str {
        self.text.get(..usize::from(self.len)).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// Whether there is none.
    pub const fn is_none(&self) -> bool {
        self.len == 0
    }
}

impl Default for Speciality {
    fn default() -> Self {
        Self::NONE
    }
}

impl fmt::Display for Speciality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Speciality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

impl Serialize for Speciality {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Speciality {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        Self::read(&text).ok_or_else(|| serde::de::Error::custom("too long for a speciality"))
    }
}
