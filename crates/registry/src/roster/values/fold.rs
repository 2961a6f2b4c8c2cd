//! Folding of what people type: full-width forms, odd spaces and invisible marks.
//!
//! Spreadsheets filled by hand mix `１２`, `12`, `（` and `(`, and carry zero-width marks that come along
//! when text is pasted from a chat. Comparing starts by folding these away.

use std::borrow::Cow;

/// Folds one character; `None` means the character is dropped.
fn fold_char(c: char) -> Option<char> {
    Some(match c {
        '【' | '〔' | '［' | '[' => '(',
        '】' | '〕' | '］' | ']' => ')',
        '\u{FF01}'..='\u{FF5E}' => shifted(c, 0xFF01, '!'),
        '①'..='⑨' => shifted(c, '①' as u32, '1'),
        '⑴'..='⑼' => shifted(c, '⑴' as u32, '1'),
        'Ⅰ'..='Ⅸ' => shifted(c, 'Ⅰ' as u32, '1'),
        '—' | '–' | '−' | '‐' | '‑' => '-',
        _ => return tidy_char(c),
    })
}

/// Cleans one character of free text, keeping its width; `None` means it is dropped.
fn tidy_char(c: char) -> Option<char> {
    match c {
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}' => None,
        '\u{3000}' | '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' => Some(' '),
        '\n' | '\r' | '\t' => Some(' '),
        c if c.is_control() => None,
        c => Some(c),
    }
}

fn shifted(c: char, from: u32, to: char) -> char {
    char::from_u32(c as u32 - from + to as u32).unwrap_or(c)
}

fn apply(text: &str, map: fn(char) -> Option<char>) -> Cow<'_, str> {
    let text = text.trim();
    let clean = text.is_ascii() && !text.bytes().any(|b| b.is_ascii_control() || matches!(b, b'[' | b']'));
    if clean || text.chars().all(|c| map(c) == Some(c)) {
        return Cow::Borrowed(text);
    }
    let folded: String = text.chars().filter_map(map).collect();
    Cow::Owned(folded.trim().to_owned())
}

/// Text ready for comparing: half-width, ordinary spaces and brackets, nothing invisible, trimmed.
pub fn fold(text: &str) -> Cow<'_, str> {
    apply(text, fold_char)
}

/// Free text as it should be kept: trimmed, no line breaks and nothing invisible, widths as written.
pub fn tidy(text: &str) -> Cow<'_, str> {
    apply(text, tidy_char)
}

/// Like [`fold`], with every space taken out.
pub fn squeeze(text: &str) -> String {
    text.chars().filter_map(fold_char).filter(|c| !c.is_whitespace()).collect()
}

/// Whether a cell says nothing: empty, or one of the marks people put into a cell they leave out.
pub fn is_blank(text: &str) -> bool {
    matches!(
        text.trim(),
        "" | "/" | "\\" | "-" | "--" | "—" | "——" | "无" | "空" | "没有" | "null" | "NULL" | "N/A" | "#N/A"
    )
}
