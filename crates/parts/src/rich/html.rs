//! Rich text as HTML. Only what is written here can come out: the elements are ours, the words are escaped.

use super::link::{self, Piece};
use askama::filters::Safe;
use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

/// A text as HTML of a page: headings from the third level down, paragraphs, lists, bold and links.
pub fn html(source: &str) -> Safe<String> {
    let mut out = Out::default();
    for event in super::events(source) {
        out.event(event);
    }
    Safe(out.text)
}

#[derive(Default)]
struct Out {
    text: String,
    /// For each open link whether it was allowed.
    links: Vec<bool>,
    /// Pictures within whose words we are; only the words of a picture are kept.
    pictures: usize,
}

impl Out {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(words) | Event::Code(words) => self.words(&words),
            // HTML is shown as it was typed: it is words, not markup.
            Event::Html(words) | Event::InlineHtml(words) => self.escaped(&words),
            Event::SoftBreak | Event::HardBreak => self.text.push_str("<br>"),
            Event::Rule => self.text.push_str("<hr>"),
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Paragraph | Tag::CodeBlock(_) | Tag::HtmlBlock => self.text.push_str("<p>"),
            Tag::Heading { level, .. } => {
                let open = if is_high(*level) { "<h3>" } else { "<h4>" };
                self.text.push_str(open);
            }
            Tag::BlockQuote(_) => self.text.push_str("<blockquote>"),
            Tag::List(Some(first)) if *first != 1 && *first < 1000 => {
                self.text.push_str(&format!("<ol start=\"{first}\">"));
            }
            Tag::List(Some(_)) => self.text.push_str("<ol>"),
            Tag::List(None) => self.text.push_str("<ul>"),
            Tag::Item => self.text.push_str("<li>"),
            Tag::Strong | Tag::Emphasis => self.text.push_str("<strong>"),
            Tag::Link { dest_url, .. } => {
                let allowed = self.links.is_empty() && link::is_allowed(dest_url);
                if allowed {
                    self.open_link(dest_url);
                }
                self.links.push(allowed);
            }
            Tag::Image { .. } => self.pictures += 1,
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        let close = match tag {
            TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::HtmlBlock => "</p>",
            TagEnd::Heading(level) if is_high(level) => "</h3>",
            TagEnd::Heading(_) => "</h4>",
            TagEnd::BlockQuote(_) => "</blockquote>",
            TagEnd::List(true) => "</ol>",
            TagEnd::List(false) => "</ul>",
            TagEnd::Item => "</li>",
            TagEnd::Strong | TagEnd::Emphasis => "</strong>",
            TagEnd::Link => match self.links.pop() {
                Some(true) => "</a>",
                _ => "",
            },
            TagEnd::Image => {
                self.pictures = self.pictures.saturating_sub(1);
                ""
            }
            _ => "",
        };
        self.text.push_str(close);
    }

    fn words(&mut self, words: &str) {
        if self.links.is_empty() && self.pictures == 0 {
            for piece in link::pieces(words) {
                match piece {
                    Piece::Words(words) => self.escaped(words),
                    Piece::Address(address) => {
                        self.open_link(address);
                        self.escaped(address);
                        self.text.push_str("</a>");
                    }
                }
            }
        } else {
            self.escaped(words);
        }
    }

    fn open_link(&mut self, address: &str) {
        self.text.push_str("<a href=\"");
        self.escaped(address);
        self.text.push_str("\" rel=\"noopener noreferrer nofollow\">");
    }

    fn escaped(&mut self, words: &str) {
        for c in words.chars() {
            match c {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '"' => self.text.push_str("&quot;"),
                '\'' => self.text.push_str("&#39;"),
                c => self.text.push(c),
            }
        }
    }
}

/// The page has its own first two levels.
fn is_high(level: HeadingLevel) -> bool {
    matches!(level, HeadingLevel::H1 | HeadingLevel::H2 | HeadingLevel::H3)
}
