//! Simple safe rich text: a small part of Markdown as its source, a few known elements as its result.
//!
//! What a person writes can make headings, bold, lists and links, and nothing else: no HTML, no
//! pictures, no address but `https`. A line break in the source is a line break on the page, for that
//! is what people who never heard of Markdown expect.

mod editor;
mod html;
mod link;
mod plain;

pub use editor::Editor;
pub use html::html;
pub use plain::{excerpt, plain};

pub(crate) use editor::preview;

use gongyu_kernel::error::{Code, Invalid};
use gongyu_web::FormData;
use pulldown_cmark::{Options, Parser};

/// Most characters of a text [P]: four printed pages, which is more than anybody reads on a phone.
pub const MOST: usize = 5_000;

/// The parser both results use: plain Markdown without any extension.
fn events(source: &str) -> Parser<'_> {
    Parser::new_ext(source, Options::empty())
}

/// Reads a text from a form, line ends made one kind.
pub fn read(form: &FormData, name: &'static str, must: bool, invalid: &mut Invalid) -> String {
    let text = form.get(name).replace("\r\n", "\n").replace('\r', "\n");
    if must && plain(&text).is_empty() {
        invalid.push(name, "field-required");
    }
    if text.chars().count() > MOST {
        invalid.push(name, Code::new("field-too-long").arg("n", MOST));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        invalid.push(name, "field-odd-characters");
    }
    text
}

#[cfg(test)]
mod tests;
