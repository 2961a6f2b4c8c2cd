//! String literals of Rust files and askama templates, with the code on either side of them.

/// A string literal and its surroundings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// What is between the quotes, escapes untouched (keys have none).
    pub text: String,
    /// The line it begins on, from 1.
    pub line: usize,
    /// The code before it since the previous literal, comments left out.
    pub before: String,
    /// The code after it up to the next literal or the end of its line.
    pub after: String,
}

/// Every string literal of a Rust file.
pub fn in_rust(source: &str) -> Vec<Literal> {
    scan(source, Comments::Rust)
}

/// Every string literal inside `{{ … }}` and `{% … %}` of a template.
pub fn in_template(source: &str) -> Vec<Literal> {
    let mut literals = Vec::new();
    let mut rest = source;
    while let Some(open) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
        let close = if rest[open..].starts_with("{{") { "}}" } else { "%}" };
        let inside = &rest[open + 2..];
        let end = inside.find(close).unwrap_or(inside.len());
        let line_before = source.len() - inside.len();
        let skipped = source[..line_before].matches('\n').count();
        literals.extend(scan(&inside[..end], Comments::None).into_iter().map(|mut literal| {
            literal.line += skipped;
            literal
        }));
        rest = &inside[end..];
    }
    literals
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Comments {
    Rust,
    None,
}

fn scan(source: &str, comments: Comments) -> Vec<Literal> {
    let mut literals: Vec<Literal> = Vec::new();
    let mut before = String::new();
    let mut at = 0;
    let mut line = 1;
    let bytes = source.as_bytes();
    while at < bytes.len() {
        let rest = &source[at..];
        let skip = if comments == Comments::Rust { comment_or_char(rest) } else { None };
        if let Some(skip) = skip {
            line += rest[..skip].matches('\n').count();
            at += skip;
        } else if let Some((text, whole)) = literal(rest, comments) {
            finish(&mut literals, &before);
            let code = before.trim().to_owned();
            literals.push(Literal { text: text.to_owned(), line, before: code, after: String::new() });
            line += rest[..whole].matches('\n').count();
            at += whole;
            before.clear();
        } else {
            let Some(c) = rest.chars().next() else { break };
            line += usize::from(c == '\n');
            before.push(c);
            at += c.len_utf8();
        }
    }
    finish(&mut literals, &before);
    literals
}

/// Hands the code just read to the literal before it, as what comes after.
fn finish(literals: &mut [Literal], code: &str) {
    if let Some(last) = literals.last_mut() {
        last.after = code.lines().next().unwrap_or_default().trim().to_owned();
    }
}

/// The length of a comment, or of a character literal that could be taken for a quote, at the start.
fn comment_or_char(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(rest.find("*/").map_or(rest.len(), |end| end + 2));
    }
    ["'\"'", "'\\\"'", "b'\"'"].iter().find(|quote| rest.starts_with(**quote)).map(|quote| quote.len())
}

/// A literal at the start: its text and its whole length with quotes.
fn literal(rest: &str, comments: Comments) -> Option<(&str, usize)> {
    let hashes = rest.strip_prefix('r').map(|raw| raw.len() - raw.trim_start_matches('#').len());
    if let (Comments::Rust, Some(hashes)) = (comments, hashes)
        && rest[1 + hashes..].starts_with('"')
    {
        let begin = hashes + 2;
        let terminator = format!("\"{}", "#".repeat(hashes));
        let length = rest[begin..].find(&terminator)?;
        return Some((&rest[begin..begin + length], begin + length + terminator.len()));
    }
    let text = rest.strip_prefix('"')?;
    let mut escaped = false;
    for (index, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some((&text[..index], index + 2)),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{in_rust, in_template};

    #[test]
    fn comments_quotes_and_raw_strings_do_not_confuse_the_scanner() {
        let source = "// t(\"no\")\nlet q = '\"'; /* \"no\" */ f(t(\"a-b\"), r#\"raw \"x\" text\"#);\n\"last\\\"one\"";
        let found: Vec<_> = in_rust(source).into_iter().map(|l| (l.text, l.line)).collect();
        let expected = [("a-b", 2), ("raw \"x\" text", 2), ("last\\\"one", 3)];
        assert_eq!(found, expected.map(|(text, line)| (text.to_owned(), line)));
    }

    #[test]
    fn a_template_has_literals_only_inside_its_tags() {
        let found = in_template("<a class=\"x\">\n{{ \"a-b\"|t }}{% if k == \"c\" %}</a>");
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].text.as_str(), found[0].line, found[0].after.as_str()), ("a-b", 2, "|t"));
        assert_eq!(found[1].before, "if k ==");
    }
}
