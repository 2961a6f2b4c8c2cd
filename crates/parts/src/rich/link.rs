//! Addresses a text may lead to.

/// Longest address kept, in bytes.
const LONGEST: usize = 500;

/// Whether a text may lead there: `https`, a host, nothing that hides where it goes.
pub(super) fn is_allowed(address: &str) -> bool {
    let Some(rest) = address.strip_prefix("https://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    address.len() <= LONGEST
        && !host.is_empty()
        && !host.contains('@')
        && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':'))
        && !address.chars().any(|c| c.is_control() || c.is_whitespace() || matches!(c, '"' | '<' | '>' | '\\'))
}

/// One stretch of plain words.
pub(super) enum Piece<'a> {
    /// Words.
    Words(&'a str),
    /// An address written out.
    Address(&'a str),
}

/// Finds addresses written out among words. An address ends at a space, at any character that is not
/// ASCII, and before the mark that ends the sentence.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("https://") {
        let tail = &rest[at..];
        let end =
            tail.find(|c: char| !c.is_ascii_graphic() || matches!(c, '"' | '<' | '>' | '\\')).unwrap_or(tail.len());
        let address = tail[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'']);
        if !is_allowed(address) {
            let step = at + "https://".len();
            out.push(Piece::Words(&rest[..step]));
            rest = &rest[step..];
            continue;
        }
        if at > 0 {
            out.push(Piece::Words(&rest[..at]));
        }
        out.push(Piece::Address(address));
        rest = &rest[at + address.len()..];
    }
    if !rest.is_empty() {
        out.push(Piece::Words(rest));
    }
    out
}
