//! Rich text as plain words: for letters, for paper, for reading aloud.

use pulldown_cmark::{Event, Tag, TagEnd};

/// A text as plain words, one line for each line, list items with their mark.
pub fn plain(source: &str) -> String {
    let mut out = String::new();
    let mut lists: Vec<Option<u64>> = Vec::new();
    for event in super::events(source) {
        match event {
            Event::Text(words) | Event::Code(words) | Event::Html(words) | Event::InlineHtml(words) => {
                out.push_str(&words);
            }
            Event::SoftBreak | Event::HardBreak => out.push('\n'),
            Event::Start(Tag::List(first)) => {
                end_line(&mut out);
                lists.push(first);
            }
            Event::End(TagEnd::List(_)) => {
                lists.pop();
            }
            Event::Start(Tag::Item) => {
                end_line(&mut out);
                match lists.last_mut() {
                    Some(Some(n)) => {
                        out.push_str(&format!("{n}. "));
                        *n += 1;
                    }
                    _ => out.push_str("· "),
                }
            }
            Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::CodeBlock | TagEnd::HtmlBlock,
            ) => {
                end_line(&mut out);
            }
            _ => {}
        }
    }
    out.trim().to_owned()
}

/// The first words of a text on one line, cut at `most` characters with an ellipsis. Lines that end without a mark
/// are parted by a comma, and the points of a list leave no dots behind.
pub fn excerpt(source: &str, most: usize) -> String {
    let mut flat = String::new();
    for line in plain(source).lines() {
        let words = line.strip_prefix("· ").unwrap_or(line).split_whitespace().collect::<Vec<_>>().join(" ");
        if words.is_empty() {
            continue;
        }
        match flat.chars().last() {
            None => {}
            Some(end) if end.is_alphanumeric() || ")）”\"'".contains(end) => {
                flat.push_str(if end.is_ascii() { ", " } else { "，" });
            }
            Some(end) if end.is_ascii() => flat.push(' '),
            Some(_) => {}
        }
        flat.push_str(&words);
    }
    if flat.chars().count() <= most {
        return flat;
    }
    let cut: String = flat.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", cut.trim_end())
}

fn end_line(out: &mut String) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}
