//! Finding people by two Chinese characters, by pinyin, by pinyin initials or by the tail of a
//! phone number, the same way on both engines: an inverted table of short terms.

use crate::{Tx, Value, sql};
use gongyu_kernel::{Id, Result};
use pinyin::ToPinyin;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What kind of record a term leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A pupil.
    Student,
    /// A member of staff.
    Staff,
    /// A unit.
    Unit,
}

impl Kind {
    /// Text in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Student => "student",
            Self::Staff => "staff",
            Self::Unit => "unit",
        }
    }
}

/// The terms of a name: pairs of characters, full pinyin and initials of it and of the given name.
pub fn name_terms(name: &str) -> BTreeSet<String> {
    let letters: Vec<char> = name.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut terms = BTreeSet::new();
    for pair in letters.windows(2) {
        terms.insert(pair.iter().collect::<String>().to_lowercase());
    }
    if let Some(last) = letters.last() {
        terms.insert(last.to_lowercase().to_string());
    }
    let sounds: Vec<String> = letters.iter().map(sound).collect();
    for from in 0..sounds.len().min(2) {
        let rest = &sounds[from..];
        let initials: String = rest.iter().filter_map(|s| s.chars().next()).collect();
        terms.insert(format!("~{initials}"));
        if from == 0 {
            terms.insert(format!("={}", rest.concat()));
        }
    }
    terms
}

/// A key that sorts names by pinyin.
pub fn sort_key(name: &str) -> String {
    let sounds: Vec<String> = name.chars().filter(|c| c.is_alphanumeric()).map(|c| sound(&c)).collect();
    format!("{} {name}", sounds.join(" "))
}

fn sound(c: &char) -> String {
    c.to_pinyin().map_or_else(|| c.to_lowercase().to_string(), |p| p.plain().to_owned())
}

/// Ranges of terms that a record must have, all of them, to match what a person typed.
/// `tail_term` turns four or more digits into the opaque term of a phone tail.
pub fn ranges(typed: &str, tail_term: &dyn Fn(&str) -> String) -> Vec<(String, String)> {
    let text: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '·').collect();
    let text = text.to_lowercase();
    if text.is_empty() {
        return Vec::new();
    }
    if text.len() >= 4 && text.bytes().all(|b| b.is_ascii_digit()) {
        let term = tail_term(&text[text.len() - 4..]);
        return vec![(term.clone(), after(&term))];
    }
    if text.chars().all(|c| c.is_ascii_alphabetic()) {
        let initials = format!("~{text}");
        let full = format!("={text}");
        let term = if looks_like_sounds(&text) { full } else { initials };
        return vec![(term.clone(), after(&term))];
    }
    let letters: Vec<char> = text.chars().collect();
    if letters.len() == 1 {
        return vec![(text.clone(), after(&text))];
    }
    letters.windows(2).map(|p| p.iter().collect::<String>()).map(|p| (p.clone(), after(&p))).collect()
}

/// Initials seldom hold a vowel; full pinyin always does.
fn looks_like_sounds(text: &str) -> bool {
    text.len() > 2 && text.chars().any(|c| "aeiou".contains(c))
}

fn after(term: &str) -> String {
    format!("{term}\u{10ffff}")
}

/// Replaces the terms of a record. What is as it was costs one look.
///
/// # Errors
/// As any statement.
pub fn index(tx: &mut Tx, kind: Kind, object: Id, school: Id, terms: &BTreeSet<String>) -> Result<()> {
    let before: Option<(String,)> =
        tx.row(sql!("SELECT terms FROM search_record WHERE kind = $1 AND object_id = $2"), &[&kind.code(), &object])?;
    let before = before.map(|(text,)| text).unwrap_or_default();
    if before == joined(terms) {
        return Ok(());
    }
    for term in before.split(BETWEEN).filter(|term| !terms.contains(*term)) {
        tx.exec(
            sql!("DELETE FROM search_gram WHERE gram = $1 AND kind = $2 AND object_id = $3"),
            &[&term, &kind.code(), &object],
        )?;
    }
    add(tx, kind, &[(object, school, terms)])
}

/// What stands between the terms of a record; no term holds it.
const BETWEEN: char = ' ';

fn joined(terms: &BTreeSet<String>) -> String {
    let mut text = String::with_capacity(terms.iter().map(|term| term.len() + 1).sum());
    for term in terms {
        if !text.is_empty() {
            text.push(BETWEEN);
        }
        text.push_str(term);
    }
    text
}

/// Adds the terms of many new records.
///
/// # Errors
/// As any statement.
pub fn add(tx: &mut Tx, kind: Kind, records: &[(Id, Id, &BTreeSet<String>)]) -> Result<()> {
    note(tx, kind, records)?;
    let rows: Vec<(&str, Id, Id)> = records
        .iter()
        .flat_map(|(object, school, terms)| terms.iter().map(move |term| (term.as_str(), *object, *school)))
        .collect();
    spread(tx, kind, &rows)
}

/// The first half of `add`: keeps the terms with their records. They are found once `spread` has run.
///
/// # Errors
/// As any statement.
pub fn note(tx: &mut Tx, kind: Kind, records: &[(Id, Id, &BTreeSet<String>)]) -> Result<()> {
    let rows: Vec<Vec<Value<'_>>> = records
        .iter()
        .map(|(object, _, terms)| {
            vec![
                Value::Text(Cow::Borrowed(kind.code())),
                Value::Int(object.raw()),
                Value::Text(Cow::Owned(joined(terms))),
            ]
        })
        .collect();
    tx.insert_many_with(
        "search_record",
        &["kind", "object_id", "terms"],
        "ON CONFLICT (kind, object_id) DO UPDATE SET terms = excluded.terms",
        &rows,
    )
}

/// The second half of `add`: term, record, school. Very many are best sorted by term over as many records as
/// possible, because each term then touches a page that its neighbours touched just before.
///
/// # Errors
/// As any statement.
pub fn spread(tx: &mut Tx, kind: Kind, terms: &[(&str, Id, Id)]) -> Result<()> {
    let rows: Vec<Vec<Value<'_>>> = terms
        .iter()
        .map(|(term, object, school)| {
            vec![
                Value::Text(Cow::Borrowed(term)),
                Value::Text(Cow::Borrowed(kind.code())),
                Value::Int(object.raw()),
                Value::Int(school.raw()),
            ]
        })
        .collect();
    tx.insert_many_with("search_gram", &["gram", "kind", "object_id", "school_id"], "ON CONFLICT DO NOTHING", &rows)
}

/// Forgets a record.
///
/// # Errors
/// As any statement.
pub fn forget(tx: &mut Tx, kind: Kind, object: Id) -> Result<()> {
    index(tx, kind, object, object, &BTreeSet::new())
}

/// Notes that a record belongs to another school now.
///
/// # Errors
/// As any statement.
pub fn move_to(tx: &mut Tx, kind: Kind, object: Id, school: Id) -> Result<()> {
    let terms: Option<(String,)> =
        tx.row(sql!("SELECT terms FROM search_record WHERE kind = $1 AND object_id = $2"), &[&kind.code(), &object])?;
    for term in terms.iter().flat_map(|(text,)| text.split(BETWEEN)).filter(|term| !term.is_empty()) {
        tx.exec(
            sql!("UPDATE search_gram SET school_id = $1 WHERE gram = $2 AND kind = $3 AND object_id = $4"),
            &[&school, &term, &kind.code(), &object],
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(name: &str, typed: &str) -> bool {
        let terms = name_terms(name);
        let wanted = ranges(typed, &|tail| format!("#{tail}"));
        !wanted.is_empty() && wanted.iter().all(|(lo, hi)| terms.iter().any(|t| t >= lo && t < hi))
    }

    #[test]
    fn a_name_is_found_by_any_two_of_its_characters() {
        assert!(finds("欧阳若溪", "若溪"));
        assert!(finds("欧阳若溪", "阳若溪"));
        assert!(finds("阿依古丽·买买提", "古丽"));
        assert!(!finds("欧阳若溪", "溪若"));
    }

    #[test]
    fn a_name_is_found_by_pinyin_and_by_initials() {
        assert!(finds("陈语桐", "cyt"));
        assert!(finds("陈语桐", "yt"));
        assert!(finds("陈语桐", "chenyu"));
        assert!(!finds("陈语桐", "cyx"));
    }

    #[test]
    fn names_sort_by_sound() {
        assert!(sort_key("安然") < sort_key("陈语桐"));
        assert!(sort_key("陈语桐") < sort_key("张景行"));
    }
}
