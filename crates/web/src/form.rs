//! Forms as typed state: the text a person typed, checked field by field, shown again when refused.

use gongyu_kernel::error::{Code, Invalid};
use gongyu_kernel::{Date, Id};

/// Fields and values as they came, in order, a name possibly several times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormData(Vec<(String, String)>);

impl FormData {
    /// Reads `application/x-www-form-urlencoded` bytes.
    pub fn parse(bytes: &[u8]) -> Self {
        Self(form_urlencoded::parse(bytes).into_owned().collect())
    }

    /// Made of pairs, for tests and uploads.
    pub fn from_pairs(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The pairs.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// A field as typed, spaces at its ends removed; empty when missing.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// Whether the field is there at all.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// Every value of a field.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.trim()).collect()
    }

    /// A ticked box.
    pub fn ticked(&self, name: &str) -> bool {
        matches!(self.get(name), "on" | "1" | "true" | "yes")
    }

    /// An identifier, `None` when missing or mistyped.
    pub fn id(&self, name: &str) -> Option<Id> {
        self.get(name).parse().ok()
    }

    /// Every identifier of a field; mistyped ones are dropped.
    pub fn ids(&self, name: &str) -> Vec<Id> {
        self.all(name).iter().filter_map(|v| v.parse().ok()).collect()
    }

    /// Text that must be there and not longer than `most` characters.
    pub fn required(&self, name: &'static str, most: usize, invalid: &mut Invalid) -> String {
        let text = self.optional(name, most, invalid);
        if text.is_empty() {
            invalid.push(name, "field-required");
        }
        text
    }

    /// Text that may be empty and is not longer than `most` characters.
    pub fn optional(&self, name: &'static str, most: usize, invalid: &mut Invalid) -> String {
        let text = self.get(name);
        if text.chars().count() > most {
            invalid.push(name, Code::new("field-too-long").arg("n", most));
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            invalid.push(name, "field-odd-characters");
        }
        text.to_owned()
    }

    /// A day that must be there.
    pub fn date(&self, name: &'static str, invalid: &mut Invalid) -> Option<Date> {
        let parsed = self.get(name).parse().ok();
        if parsed.is_none() {
            invalid.push(name, "field-date");
        }
        parsed
    }

    /// A whole number within bounds.
    pub fn number(&self, name: &str, from: i64, to: i64, invalid: &mut Invalid) -> i64 {
        match self.get(name).parse::<i64>() {
            Ok(n) if (from..=to).contains(&n) => n,
            _ => {
                invalid.push(name.to_owned(), Code::new("field-number").arg("from", from).arg("to", to));
                from
            }
        }
    }

    /// One of a set of choices.
    pub fn choice<T>(&self, name: &'static str, parse: impl Fn(&str) -> Option<T>, invalid: &mut Invalid) -> Option<T> {
        let chosen = parse(self.get(name));
        if chosen.is_none() {
            invalid.push(name, "field-choose");
        }
        chosen
    }

    /// As a query, with some fields replaced; for links that keep the other filters.
    pub fn query_with(&self, changes: &[(&str, &str)]) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        for (key, value) in &self.0 {
            let kept = changes.iter().all(|(name, _)| name != key);
            if kept && !value.is_empty() && key != "after" {
                out.append_pair(key, value);
            }
        }
        for (name, value) in changes.iter().filter(|(_, value)| !value.is_empty()) {
            out.append_pair(name, value);
        }
        out.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_keeps_the_other_filters_and_starts_at_the_first_page() {
        let query = FormData::parse("town=7&tone=good&after=abc".as_bytes());
        assert_eq!(query.query_with(&[("tone", "concern")]), "town=7&tone=concern");
        assert_eq!(query.query_with(&[("town", "")]), "tone=good");
    }

    #[test]
    fn every_refused_field_has_its_reason() {
        let form = FormData::parse("day=2026-02-30&n=9&name=".as_bytes());
        let mut invalid = Invalid::default();
        form.required("name", 10, &mut invalid);
        form.date("day", &mut invalid);
        form.number("n", 1, 5, &mut invalid);
        let fields: Vec<&str> = invalid.fields.iter().map(|(f, _)| f.as_ref()).collect();
        assert_eq!(fields, ["name", "day", "n"]);
    }
}
