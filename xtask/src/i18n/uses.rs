//! Which literals of the sources name a key of the catalogues.

use std::path::{Path, PathBuf};

use super::literals::{self, Literal};

/// A literal that must be a key, since it is handed to something that looks keys up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The key.
    pub key: String,
    /// The file, relative to the root.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
}

/// What one file says.
#[derive(Debug, Default)]
pub struct Uses {
    /// Literals handed to a look-up: undefined ones are mistakes.
    pub certain: Vec<Use>,
    /// Every literal; one that equals a key counts as its use.
    pub mentioned: Vec<String>,
}

/// Functions whose first argument is a key.
const LOOK_UPS: &[&str] = &["t", "ta", "tr"];

/// Reads a Rust file.
pub fn in_rust(path: &Path, source: &str) -> Uses {
    collect(path, literals::in_rust(source), |literals, index| {
        let literal = &literals[index];
        handed_to_look_up(&literal.before) || names_an_error(literal) || is_code_of_a_field(literals, index)
    })
}

/// Reads an askama template.
pub fn in_template(path: &Path, source: &str) -> Uses {
    collect(path, literals::in_template(source), |literals, index| {
        handed_to_look_up(&literals[index].before) || filtered_by_look_up(&literals[index].after)
    })
}

fn collect(path: &Path, literals: Vec<Literal>, is_key: impl Fn(&[Literal], usize) -> bool) -> Uses {
    let certain = (0..literals.len())
        .filter(|index| is_key(&literals, *index))
        .map(|index| Use { key: literals[index].text.clone(), path: path.to_path_buf(), line: literals[index].line })
        .collect();
    Uses { certain, mentioned: literals.into_iter().map(|literal| literal.text).collect() }
}

/// `t("key")`, `page.ta("key", …)`.
fn handed_to_look_up(before: &str) -> bool {
    before.strip_suffix('(').is_some_and(|code| LOOK_UPS.contains(&last_name(code)))
}

/// `"key"|t`, `"key" | ta(…)`.
fn filtered_by_look_up(after: &str) -> bool {
    let Some(filter) = after.strip_prefix('|') else { return false };
    let name: String = filter.trim_start().chars().take_while(|c| is_name(*c)).collect();
    LOOK_UPS.contains(&name.as_str())
}

/// `Error::conflict("key")` and its like, `.code("key")`.
fn names_an_error(literal: &Literal) -> bool {
    let Some(code) = literal.before.strip_suffix('(') else { return false };
    let call = last_name(code);
    let owner = &code[..code.len() - call.len()];
    let of_error = owner.strip_suffix("::").is_some_and(|owner| last_name(owner) == "Error");
    (of_error && looks_like_key(&literal.text)) || (call == "code" && owner.ends_with('.'))
}

/// The second argument of `Invalid::field("field", "key")`.
fn is_code_of_a_field(literals: &[Literal], index: usize) -> bool {
    literals[index].before == ","
        && index.checked_sub(1).is_some_and(|first| literals[first].before.ends_with("Invalid::field("))
}

/// Keys have at least two words; `Error::other("boom")` is prose.
fn looks_like_key(text: &str) -> bool {
    text.contains('-') && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn last_name(code: &str) -> &str {
    let start = code.char_indices().rev().take_while(|(_, c)| is_name(*c)).last();
    start.map_or("", |(index, _)| &code[index..])
}

#[cfg(test)]
mod tests {
    use super::{in_rust, in_template};
    use std::path::Path;

    fn certain(source: &str) -> Vec<String> {
        in_rust(Path::new("a.rs"), source).certain.into_iter().map(|found| found.key).collect()
    }

    #[test]
    fn look_ups_errors_and_field_codes_name_keys() {
        assert_eq!(certain("t(\"a-b\"); page.ta( \"c-d\", &x); format(\"e-f\")"), ["a-b", "c-d"]);
        assert_eq!(certain("Err(Error::conflict(\"slot-full\")); io::Error::other(\"it broke\")"), ["slot-full"]);
        assert_eq!(certain("Invalid::field(\"phone\", \"phone-wrong\").code(\"g-h\")"), ["phone-wrong", "g-h"]);
        assert!(certain("start(\"a-b\"); at(\"c-d\")").is_empty());
    }

    #[test]
    fn a_template_names_keys_by_filter() {
        let html = "{{ \"a-b\"|t }}{{ \"c-d\" | ta(n) }}{{ \"e-f\"|trim }}{% call field(\"g-h\") %}";
        let uses = in_template(Path::new("a.html"), html);
        assert_eq!(uses.certain.iter().map(|found| found.key.as_str()).collect::<Vec<_>>(), ["a-b", "c-d"]);
        assert!(uses.mentioned.contains(&"g-h".to_owned()));
    }
}
