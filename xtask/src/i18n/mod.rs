//! Gate: both languages say the same things, every word on a screen exists, and none is left over.
//!
//! Catalogues are `crates/*/locales/{zh-CN,en}/*.ftl`. A key counts as used where a template or Rust
//! file outside `tests/` has it as a whole string literal, where another message refers to it, or where
//! a catalogue declares its family as put together at run time: `# dynamic: duty-status-`.

mod catalogue;
mod literals;
mod uses;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::bail;

use crate::tree;
use catalogue::Entry;
use uses::Use;

const LANGUAGES: [&str; 2] = ["zh-CN", "en"];

/// Everything the checks need.
#[derive(Debug, Default)]
struct Words {
    entries: BTreeMap<&'static str, Vec<Entry>>,
    dynamic: BTreeSet<String>,
    certain: Vec<Use>,
    mentioned: BTreeSet<String>,
    problems: Vec<String>,
}

/// Fails with every problem of the catalogues and their uses, each with file and line.
///
/// # Errors
/// The problems, or a file that cannot be read.
pub fn run() -> anyhow::Result<()> {
    let root = tree::root();
    let mut words = Words::default();
    for path in tree::files()?.into_iter().filter(|path| path.starts_with("crates")) {
        let read = || std::fs::read_to_string(root.join(&path));
        if let Some(language) = language_of(&path) {
            words.add_catalogue(language, &path, &read()?);
        } else if path.components().any(|part| part.as_os_str() == "tests") || path.starts_with("crates/testkit") {
            continue;
        } else if tree::has_extension(&path, "rs") {
            words.add_uses(uses::in_rust(&path, &read()?));
        } else if tree::has_extension(&path, "html") {
            words.add_uses(uses::in_template(&path, &read()?));
        }
    }
    let problems = words.check();
    if problems.is_empty() {
        let keys = words.entries.get(LANGUAGES[0]).map_or(0, Vec::len);
        println!("i18n: {keys} keys in {}, {} look-ups", LANGUAGES.join(" and "), words.certain.len());
        return Ok(());
    }
    bail!("{} problems with words:\n  {}", problems.len(), problems.join("\n  "))
}

fn language_of(path: &Path) -> Option<&'static str> {
    let folder = path.parent()?;
    let in_locales = folder.parent()?.file_name()? == "locales" && tree::has_extension(path, "ftl");
    LANGUAGES.into_iter().find(|language| in_locales && folder.file_name().is_some_and(|name| name == *language))
}

impl Words {
    fn add_catalogue(&mut self, language: &'static str, path: &Path, text: &str) {
        let read = catalogue::parse(path, text);
        self.problems.extend(
            read.unreadable.into_iter().map(|(line, text)| format!("{}:{line}: not fluent: {text}", path.display())),
        );
        self.dynamic.extend(read.dynamic);
        self.entries.entry(language).or_default().extend(read.entries);
    }

    fn add_uses(&mut self, uses: uses::Uses) {
        self.certain.extend(uses.certain);
        self.mentioned.extend(uses.mentioned);
    }

    fn check(&self) -> Vec<String> {
        let mut problems = self.problems.clone();
        let [first, second] = LANGUAGES.map(|language| self.by_key(language, &mut problems));
        for (here, there, language) in [(&first, &second, LANGUAGES[1]), (&second, &first, LANGUAGES[0])] {
            for entry in here.values().filter(|entry| !there.contains_key(entry.key.as_str())) {
                problems.push(format!("{}: `{}` is missing in {language}", place(entry), entry.key));
            }
        }
        for entry in first.values() {
            let other = second.get(entry.key.as_str());
            if let Some(other) = other.filter(|other| other.variables != entry.variables) {
                problems.push(format!(
                    "{}: `{}` uses {:?}, but {:?} at {}",
                    place(entry),
                    entry.key,
                    entry.variables,
                    other.variables,
                    place(other)
                ));
            }
        }
        let referred: BTreeSet<&str> = [&first, &second]
            .into_iter()
            .flat_map(|entries| entries.values())
            .flat_map(|entry| entry.references.iter().map(String::as_str))
            .collect();
        problems.extend(first.values().filter(|entry| !self.is_used(&entry.key, &referred)).map(|entry| {
            format!(
                "{}: `{}` is used nowhere; delete it, or declare its family `# dynamic: …`",
                place(entry),
                entry.key
            )
        }));
        problems.extend(
            self.certain
                .iter()
                .filter(|found| !first.contains_key(found.key.as_str()))
                .map(|found| format!("{}:{}: `{}` is in no catalogue", found.path.display(), found.line, found.key)),
        );
        problems.extend(
            [&first, &second]
                .into_iter()
                .flat_map(|entries| entries.values().map(move |entry| (entries, entry)))
                .flat_map(|(entries, entry)| entry.references.iter().map(move |name| (entries, entry, name)))
                .filter(|(entries, _, name)| !entries.contains_key(name.as_str()))
                .map(|(_, entry, name)| {
                    format!("{}: `{}` refers to `{name}`, in no catalogue", place(entry), entry.key)
                }),
        );
        problems
    }

    fn is_used(&self, key: &str, referred: &BTreeSet<&str>) -> bool {
        // An attribute lives as long as its message.
        let message = key.split('.').next().unwrap_or(key);
        [key, message].iter().any(|name| self.mentioned.contains(*name) || referred.contains(name))
            || self.dynamic.iter().any(|prefix| message.starts_with(prefix.as_str()))
    }

    fn by_key<'a>(&'a self, language: &str, problems: &mut Vec<String>) -> BTreeMap<&'a str, &'a Entry> {
        let mut by_key: BTreeMap<&str, &Entry> = BTreeMap::new();
        for entry in self.entries.get(language).into_iter().flatten() {
            if let Some(earlier) = by_key.insert(&entry.key, entry) {
                problems.push(format!("{}: `{}` is also at {}", place(entry), entry.key, place(earlier)));
            }
        }
        by_key
    }
}

fn place(entry: &Entry) -> String {
    format!("{}:{}", entry.path.display(), entry.line)
}

#[cfg(test)]
mod tests;
