//! Walking through one XML part of a workbook.

use quick_xml::errors::Error as XmlError;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::error::SheetError;
use super::package::{Part, explain};

/// A part of the package as a stream of tags and texts. Empty elements come as start and end;
/// entities a document type declares are never resolved.
pub(super) struct Xml<'a> {
    reader: Reader<Part<'a>>,
    entry: String,
    buffer: Vec<u8>,
    depth: usize,
}

impl<'a> Xml<'a> {
    pub(super) fn new(part: Part<'a>, entry: &str) -> Self {
        let mut reader = Reader::from_reader(part);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, entry: entry.to_owned(), buffer: Vec::with_capacity(4 << 10), depth: 0 }
    }

    /// The next tag or text.
    pub(super) fn next(&mut self) -> Result<Event<'_>, SheetError> {
        self.buffer.clear();
        let entry = &self.entry;
        let event = self.reader.read_event_into(&mut self.buffer).map_err(|error| xml_error(entry, &error))?;
        match event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            // The reader takes a part that stops inside an element for complete; it is not.
            Event::Eof if self.depth > 0 => {
                return Err(SheetError::SheetDamaged { entry: entry.clone(), detail: "ends too early".to_owned() });
            }
            _ => {}
        }
        Ok(event)
    }
}

/// Adds what an event says in characters, if anything, to `text`.
pub(super) fn push_text(event: &Event<'_>, text: &mut String) {
    match event {
        Event::Text(literal) => text.push_str(literal),
        Event::CData(literal) => text.push_str(literal),
        Event::GeneralRef(reference) => text.extend(resolve(reference)),
        _ => {}
    }
}

fn resolve(reference: &BytesRef<'_>) -> Option<char> {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return Some(c);
    }
    match &**reference {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

fn xml_error(entry: &str, error: &XmlError) -> SheetError {
    match error {
        XmlError::Io(error) => explain(entry, error),
        other => SheetError::SheetDamaged { entry: entry.to_owned(), detail: other.to_string() },
    }
}

/// The value of an attribute by its local name, with references resolved.
pub(super) fn attribute(tag: &BytesStart<'_>, local: &str) -> Option<String> {
    let found = tag.attributes().with_checks(false).flatten().find(|a| a.key.local_name().as_ref() == local)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(|value| value.into_owned())
}
