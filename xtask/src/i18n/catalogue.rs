//! What a fluent catalogue defines: a line scanner for the part of the syntax the product uses.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// One message, term (`-name`) or attribute (`name.attr`) of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its key, as templates and code name it.
    pub key: String,
    /// The file, relative to the root.
    pub path: PathBuf,
    /// The line it begins on, from 1.
    pub line: usize,
    /// The variables (`{ $name }`) it uses.
    pub variables: BTreeSet<String>,
    /// The messages and terms (`{ name }`, `{ -name }`) it refers to.
    pub references: BTreeSet<String>,
}

/// All of one file.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// What is defined, in order.
    pub entries: Vec<Entry>,
    /// Prefixes of families whose keys are put together at run time: `# dynamic: duty-`.
    pub dynamic: BTreeSet<String>,
    /// Lines that are none of message, attribute, continuation or comment, with their number.
    pub unreadable: Vec<(usize, String)>,
}

/// Reads one file's text.
pub fn parse(path: &Path, text: &str) -> Catalogue {
    let mut catalogue = Catalogue::default();
    let mut message = String::new();
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        if line.trim().is_empty() {
            continue;
        }
        if let Some(comment) = line.strip_prefix('#') {
            if let Some(prefix) = comment.trim_start_matches('#').trim().strip_prefix("dynamic:") {
                catalogue.dynamic.insert(prefix.trim().to_owned());
            }
            continue;
        }
        let indented = line.starts_with(' ');
        let attribute = indented.then(|| definition(line.trim_start().strip_prefix('.')?)).flatten();
        let (key, value) = match (indented, attribute) {
            (true, Some((name, value))) => (format!("{message}.{name}"), value),
            (true, None) => {
                if let Some(entry) = catalogue.entries.last_mut() {
                    note_placeables(line, entry);
                }
                continue;
            }
            (false, _) => match definition(line) {
                Some((name, value)) => {
                    message = name.to_owned();
                    (message.clone(), value)
                }
                None if line.trim() == "}" => continue,
                None => {
                    catalogue.unreadable.push((number, line.to_owned()));
                    continue;
                }
            },
        };
        let mut entry = Entry {
            key,
            path: path.to_path_buf(),
            line: number,
            variables: BTreeSet::new(),
            references: BTreeSet::new(),
        };
        note_placeables(value, &mut entry);
        catalogue.entries.push(entry);
    }
    catalogue
}

/// `name = value`, also `-term = value`.
fn definition(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once('=')?;
    let name = name.trim_end();
    let letters = name.strip_prefix('-').unwrap_or(name);
    let is_name = letters.starts_with(|c: char| c.is_ascii_alphabetic())
        && letters.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    is_name.then_some((name, value))
}

/// Notes what stands behind every opening brace: `{ $n ->`, `{ -brand }`, `{ other-key }`, `{ NUMBER($n) }`.
fn note_placeables(text: &str, entry: &mut Entry) {
    let name_of = |text: &str| -> String {
        text.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')).collect()
    };
    entry.variables.extend(text.split('$').skip(1).map(name_of).filter(|name| !name.is_empty()));
    for placeable in text.split('{').skip(1) {
        let name = name_of(placeable.trim_start());
        let is_function = placeable.trim_start()[name.len()..].starts_with('(');
        let is_number = name.starts_with(|c: char| c.is_ascii_digit());
        if !name.is_empty() && !is_function && !is_number {
            entry.references.insert(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use std::path::Path;

    #[test]
    fn messages_terms_attributes_variables_and_families_are_read() {
        let text = "### Home\n# dynamic: duty-\nhome-due = { $n ->\n    [0] 没有\n   *[other] { $n } 项\n}\n\
                    -brand = 共育\nopen = 打开 { -brand }，{ home-due }\n    .title = { DATETIME($day) }\n";
        let read = parse(Path::new("a.ftl"), text);
        let keys: Vec<_> = read.entries.iter().map(|entry| (entry.key.as_str(), entry.line)).collect();
        assert_eq!(keys, [("home-due", 3), ("-brand", 7), ("open", 8), ("open.title", 9)]);
        assert!(read.entries[0].variables.contains("n"));
        assert!(read.entries[2].references.contains("-brand") && read.entries[2].references.contains("home-due"));
        assert!(read.entries[3].variables.contains("day") && read.entries[3].references.is_empty());
        assert!(read.dynamic.contains("duty-"));
        assert!(read.unreadable.is_empty());
    }

    #[test]
    fn a_line_that_is_no_fluent_is_reported() {
        assert_eq!(parse(Path::new("a.ftl"), "home\n").unreadable, [(1, "home".to_owned())]);
    }
}
