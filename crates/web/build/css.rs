//! Just enough of a CSS reader to join the stylesheets: it keeps the Tabler rules we use, gives every dark rule a twin for
//! `data-bs-theme="auto"`, and drops comments and spare blanks. It does not understand values.

/// One item of a stylesheet.
enum Node {
    /// `@charset …;` and the like.
    Statement(String),
    /// Prelude and declarations, or an at-rule whose inside is not rules we look into (keyframes, font-face).
    Rule(String, String),
    /// `@media`, `@supports`, `@layer`: prelude and rules.
    Group(String, Vec<Node>),
}

/// Tabler's stylesheet reduced to the rules whose classes all match `keep` (names, or prefixes ending in `*`).
pub fn reduced(css: &str, keep: &[&str]) -> String {
    let mut nodes = parse(css);
    retain(&mut nodes, keep);
    print(&nodes)
}

/// Our own stylesheet without comments and spare blanks.
pub fn compact(css: &str) -> String {
    print(&parse(css))
}

/// Adds to each rule for `[data-bs-theme=dark]` the same rule for `auto` where the reader's device asks for dark, so that
/// following the device needs no script.
pub fn with_auto_dark(css: &str) -> String {
    print(&doubled(parse(css)))
}

fn parse(css: &str) -> Vec<Node> {
    let mut rest = css;
    let mut nodes = Vec::new();
    while let Some((text, end)) = until(rest, &[';', '{']) {
        let prelude = blanks(&text);
        if rest[..end].ends_with(';') {
            nodes.push(Node::Statement(format!("{prelude};")));
            rest = &rest[end..];
            continue;
        }
        let inside = matching(&rest[end..]);
        let body = &rest[end..end + inside];
        let groups = ["@media", "@supports", "@layer"];
        nodes.push(if groups.iter().any(|g| prelude.starts_with(g)) {
            Node::Group(prelude, parse(body))
        } else {
            Node::Rule(prelude, blanks(&without_comments(body)))
        });
        rest = &rest[end + inside + 1..];
    }
    nodes
}

/// The text up to one of `stops` outside quotes and comments (comments left out), and the byte offset just after the stop.
fn until(css: &str, stops: &[char]) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut skip_to = 0;
    let mut quote = None;
    for (at, c) in css.char_indices() {
        if at < skip_to {
            continue;
        }
        match quote {
            Some(q) if c == q => quote = None,
            None if c == '"' || c == '\'' => quote = Some(c),
            None if css[at..].starts_with("/*") => {
                skip_to = css[at..].find("*/").map_or(css.len(), |n| at + n + 2);
                continue;
            }
            None if stops.contains(&c) => return Some((text, at + c.len_utf8())),
            _ => {}
        }
        text.push(c);
    }
    None
}

/// Length of a block's inside, given the text after its opening brace.
fn matching(css: &str) -> usize {
    let mut at = 0;
    let mut depth = 1;
    while let Some((_, next)) = until(&css[at..], &['{', '}']) {
        at += next;
        depth = if css[..at].ends_with('{') { depth + 1 } else { depth - 1 };
        if depth == 0 {
            return at - 1;
        }
    }
    panic!("a stylesheet has an unclosed block");
}

fn without_comments(css: &str) -> String {
    let mut text = String::new();
    let mut rest = css;
    while let Some(start) = rest.find("/*") {
        text.push_str(&rest[..start]);
        rest = rest[start..].split_once("*/").map_or("", |(_, after)| after);
    }
    text + rest
}

fn blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn retain(nodes: &mut Vec<Node>, keep: &[&str]) {
    nodes.retain_mut(|node| match node {
        Node::Statement(_) => true,
        Node::Rule(prelude, _) if prelude.starts_with('@') => true,
        Node::Rule(prelude, _) => {
            let kept: Vec<&str> =
                selectors(prelude).into_iter().filter(|s| classes(s).iter().all(|c| wanted(c, keep))).collect();
            let any = !kept.is_empty();
            *prelude = kept.join(",");
            any
        }
        Node::Group(_, inner) => {
            retain(inner, keep);
            !inner.is_empty()
        }
    });
}

/// The selectors of a list, split at commas outside brackets.
fn selectors(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, c) in list.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(list[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(list[start..].trim());
    parts
}

/// Class names a selector asks for; those inside `:not(…)` do not count.
fn classes(selector: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = selector;
    let mut positive = String::new();
    while let Some((before, after)) = rest.split_once(":not(") {
        positive.push_str(before);
        rest = after.split_once(')').map_or("", |(_, tail)| tail);
    }
    positive.push_str(rest);
    for piece in positive.split('.').skip(1) {
        let end = piece
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_' || c == '\\'))
            .unwrap_or(piece.len());
        if piece.starts_with(|c: char| c.is_ascii_alphabetic()) {
            names.push(piece[..end].to_owned());
        }
    }
    names
}

fn wanted(class: &str, keep: &[&str]) -> bool {
    keep.iter().any(|k| match k.strip_suffix('*') {
        Some(prefix) => class.starts_with(prefix),
        None => class == *k,
    })
}

fn doubled(nodes: Vec<Node>) -> Vec<Node> {
    const DARK: [&str; 2] = ["[data-bs-theme=dark]", "[data-bs-theme=\"dark\"]"];
    let mut out = Vec::new();
    for node in nodes {
        match node {
            Node::Rule(prelude, body) => {
                let twins: Vec<String> = selectors(&prelude)
                    .into_iter()
                    .filter(|s| DARK.iter().any(|d| s.contains(d)))
                    .map(|s| DARK.iter().fold(s.to_owned(), |t, d| t.replace(d, "[data-bs-theme=auto]")))
                    .collect();
                let twin = (!twins.is_empty()).then(|| Node::Rule(twins.join(","), body.clone()));
                out.push(Node::Rule(prelude, body));
                if let Some(twin) = twin {
                    let device = "@media screen and (prefers-color-scheme:dark)".to_owned();
                    out.push(Node::Group(device, vec![twin]));
                }
            }
            Node::Group(prelude, inner) => out.push(Node::Group(prelude, doubled(inner))),
            statement => out.push(statement),
        }
    }
    out
}

fn print(nodes: &[Node]) -> String {
    let mut text = String::new();
    for node in nodes {
        match node {
            Node::Statement(s) => text.push_str(s),
            Node::Rule(prelude, body) => text.push_str(&format!("{prelude}{{{body}}}")),
            Node::Group(prelude, inner) => {
                text.push_str(&format!("{prelude}{{{}}}", print(inner)));
            }
        }
        text.push('\n');
    }
    text
}
