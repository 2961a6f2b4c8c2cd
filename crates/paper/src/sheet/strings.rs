//! The text a workbook shares between its cells, kept as one long string.

use quick_xml::events::Event;

use super::Limits;
use super::error::SheetError;
use super::package::Part;
use super::xml::{Xml, push_text};

/// All shared texts, one after the other. A `Vec<String>` would take three times the memory for a
/// district's roster, whose million texts are mostly three characters long.
#[derive(Default)]
pub(super) struct SharedStrings {
    text: String,
    ends: Vec<u32>,
}

impl SharedStrings {
    /// Reads `sharedStrings.xml`; phonetic guides are left out, runs of rich text joined.
    pub(super) fn read(part: Part<'_>, entry: &str, limits: &Limits) -> Result<Self, SheetError> {
        let limit = limits.shared_text_bytes.min(u64::from(u32::MAX));
        let mut xml = Xml::new(part, entry);
        let mut all = Self::default();
        let mut one = String::new();
        let (mut in_text, mut phonetic) = (false, false);
        loop {
            match xml.next()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "si" => one.clear(),
                    "t" => in_text = !phonetic,
                    "rPh" => phonetic = true,
                    _ => {}
                },
                Event::End(tag) => match tag.local_name().as_ref() {
                    "si" => {
                        unescape_into(&one, &mut all.text);
                        all.ends.push(all.text.len() as u32);
                    }
                    "t" => in_text = false,
                    "rPh" => phonetic = false,
                    _ => {}
                },
                Event::Eof => return Ok(all),
                event if in_text => push_text(&event, &mut one),
                _ => {}
            }
            // Each entry costs four bytes even when it is empty.
            if (all.text.len() + one.len() + 4 * all.ends.len()) as u64 > limit {
                return Err(SheetError::TooMuchText { entry: entry.to_owned(), limit });
            }
        }
    }

    /// The text with this index, counted from 0.
    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        self.text.get(start..end)
    }
}

/// Undoes Excel's `_x000D_` for characters XML cannot hold (ISO/IEC 29500-1, 22.9.2.19).
pub(super) fn unescape_into(raw: &str, out: &mut String) {
    let mut rest = raw;
    while let Some(at) = rest.find("_x") {
        let code = rest.get(at + 2..at + 6).filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        let decoded = code.filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        match decoded.and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32) {
            Some(c) => {
                out.push_str(&rest[..at]);
                out.push(c);
                rest = &rest[at + 7..];
            }
            None => {
                out.push_str(&rest[..at + 2]);
                rest = &rest[at + 2..];
            }
        }
    }
    out.push_str(rest);
}
