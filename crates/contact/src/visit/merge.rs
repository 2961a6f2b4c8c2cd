//! Two people wrote in one record: what both changes mean, field by field. Nothing is overwritten unseen.

use super::record::VisitRecord;
use gongyu_kernel::Result;
use serde::Serialize;
use serde_json::{Map, Value};

/// How a field is put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One value; the two exclude one another.
    One,
    /// Words; both may be kept, one after the other.
    Text,
    /// Chips: each was added, left or taken away by itself, so they never stand against one another.
    Set,
    /// Entries known by a key; two changes of the same entry stand against one another.
    Entries,
}

/// Every field of a record, in the order of the form.
pub const FIELDS: [(&str, FieldKind); 21] = [
    ("good", FieldKind::Text),
    ("purpose", FieldKind::Text),
    ("outline", FieldKind::Text),
    ("day", FieldKind::One),
    ("from", FieldKind::One),
    ("to", FieldKind::One),
    ("way", FieldKind::One),
    ("visitors", FieldKind::Set),
    ("met", FieldKind::Set),
    ("home", FieldKind::Set),
    ("home_words", FieldKind::Text),
    ("at_home", FieldKind::Text),
    ("at_school", FieldKind::Text),
    ("points", FieldKind::Set),
    ("talked", FieldKind::Text),
    ("opinions", FieldKind::Text),
    ("findings", FieldKind::Entries),
    ("findings_words", FieldKind::Text),
    ("measures", FieldKind::Entries),
    ("follow_up", FieldKind::Text),
    ("parts", FieldKind::Entries),
];

/// A field that two people changed in different ways.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldConflict {
    /// Its name.
    pub field: &'static str,
    /// How it is put together.
    pub kind: FieldKind,
    /// What both began with.
    pub base: Value,
    /// What this person wrote.
    pub mine: Value,
    /// What stands now.
    pub theirs: Value,
}

/// Both changes put together as far as they go, and what somebody has to decide. In an undecided field
/// the merged record holds what stands now.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    /// Put together.
    pub record: VisitRecord,
    /// To be decided.
    pub conflicts: Vec<FieldConflict>,
}

/// Puts two changes of one record together.
///
/// # Errors
/// `Error::Internal` when a record does not read back, which it does.
pub fn merge(base: &VisitRecord, mine: &VisitRecord, theirs: &VisitRecord) -> Result<Merged> {
    let (base, mine, theirs) = (map_of(base)?, map_of(mine)?, map_of(theirs)?);
    let mut out = Map::new();
    let mut conflicts = Vec::new();
    for (field, kind) in FIELDS {
        let of = |map: &Map<String, Value>| map.get(field).cloned().unwrap_or(Value::Null);
        let (b, m, t) = (of(&base), of(&mine), of(&theirs));
        let merged = if m == b || m == t {
            Some(t.clone())
        } else if t == b {
            Some(m.clone())
        } else {
            match kind {
                FieldKind::One | FieldKind::Text => None,
                FieldKind::Set => Some(merge_set(&b, &m, &t)),
                FieldKind::Entries => merge_entries(&b, &m, &t),
            }
        };
        if merged.is_none() {
            conflicts.push(FieldConflict { field, kind, base: b, mine: m, theirs: t.clone() });
        }
        out.insert(field.to_owned(), merged.unwrap_or(t));
    }
    Ok(Merged { record: serde_json::from_value(Value::Object(out))?, conflicts })
}

/// The fields in which two records differ.
///
/// # Errors
/// As `merge`.
pub fn changed(from: &VisitRecord, to: &VisitRecord) -> Result<Vec<&'static str>> {
    let (from, to) = (map_of(from)?, map_of(to)?);
    Ok(FIELDS.iter().map(|(field, _)| *field).filter(|field| from.get(*field) != to.get(*field)).collect())
}

fn map_of(record: &VisitRecord) -> Result<Map<String, Value>> {
    match serde_json::to_value(record)? {
        Value::Object(map) => Ok(map),
        _ => Ok(Map::new()),
    }
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn merge_set(base: &Value, mine: &Value, theirs: &Value) -> Value {
    let (b, m, t) = (items(base), items(mine), items(theirs));
    let kept = t.iter().filter(|item| m.contains(item) || !b.contains(item));
    let added = m.iter().filter(|item| !b.contains(item) && !t.contains(item));
    Value::Array(kept.chain(added).cloned().collect())
}

/// The key of an entry: its own, or what it is about.
fn key_of(entry: &Value) -> String {
    match entry.get("key").and_then(Value::as_str) {
        Some(key) => key.to_owned(),
        None => format!("{}/{}", entry["theme"], entry["child"]),
    }
}

fn entries(value: &Value) -> Vec<(String, Value)> {
    match value {
        Value::Object(map) => map.iter().map(|(k, v)| (k.clone(), v.clone())).collect(),
        other => items(other).iter().map(|e| (key_of(e), e.clone())).collect(),
    }
}

fn merge_entries(base: &Value, mine: &Value, theirs: &Value) -> Option<Value> {
    let (b, m, t) = (entries(base), entries(mine), entries(theirs));
    let get = |list: &[(String, Value)], key: &str| list.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone());
    let mut keys: Vec<&String> = t.iter().map(|(k, _)| k).collect();
    for (key, _) in &m {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let mut out = Vec::new();
    for key in keys {
        let (was, my, their) = (get(&b, key), get(&m, key), get(&t, key));
        let one = if my == was || my == their {
            their
        } else if their == was {
            my
        } else {
            return None;
        };
        if let Some(value) = one {
            out.push((key.clone(), value));
        }
    }
    Some(if theirs.is_object() {
        Value::Object(out.into_iter().collect())
    } else {
        Value::Array(out.into_iter().map(|(_, value)| value).collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::model::{HomeSign, Owner, Risk, Theme, Way};
    use crate::visit::record::{Finding, Measure};

    fn base() -> VisitRecord {
        VisitRecord { good: "会帮同桌".to_owned(), way: Some(Way::Home), ..VisitRecord::default() }
    }

    fn measure(key: &str, what: &str) -> Measure {
        Measure { key: key.to_owned(), what: what.to_owned(), owner: Owner::Teacher, due: None }
    }

    #[test]
    fn every_field_of_a_record_is_merged() {
        let all = map_of(&VisitRecord::default()).unwrap();
        let mut named: Vec<&str> = FIELDS.iter().map(|(f, _)| *f).collect();
        named.sort_unstable();
        let mut there: Vec<&str> = all.keys().map(String::as_str).collect();
        there.sort_unstable();
        assert_eq!(named, there);
    }

    #[test]
    fn changes_in_different_fields_are_both_kept() {
        let mine = VisitRecord { opinions: "作业少一点".to_owned(), ..base() };
        let theirs = VisitRecord { talked: "聊了睡觉".to_owned(), ..base() };
        let merged = merge(&base(), &mine, &theirs).unwrap();
        assert!(merged.conflicts.is_empty());
        assert_eq!((merged.record.opinions.as_str(), merged.record.talked.as_str()), ("作业少一点", "聊了睡觉"));
    }

    #[test]
    fn two_different_words_in_one_field_are_shown_and_what_stands_stays() {
        let mine = VisitRecord { good: "字写得好".to_owned(), ..base() };
        let theirs = VisitRecord { good: "爱笑".to_owned(), ..base() };
        let merged = merge(&base(), &mine, &theirs).unwrap();
        assert_eq!(merged.conflicts.len(), 1);
        let conflict = &merged.conflicts[0];
        assert_eq!((conflict.field, conflict.kind), ("good", FieldKind::Text));
        assert_eq!((conflict.base.as_str(), conflict.mine.as_str()), (Some("会帮同桌"), Some("字写得好")));
        assert_eq!(merged.record.good, "爱笑");
    }

    #[test]
    fn the_same_change_twice_is_no_conflict() {
        let same = VisitRecord { good: "爱笑".to_owned(), ..base() };
        assert!(merge(&base(), &same, &same).unwrap().conflicts.is_empty());
    }

    #[test]
    fn chips_are_added_and_taken_away_one_by_one() {
        let with = |signs: &[HomeSign]| VisitRecord { home: signs.iter().copied().collect(), ..base() };
        let (first, mine) = (with(&[HomeSign::Desk, HomeSign::Sleep]), with(&[HomeSign::Desk, HomeSign::Books]));
        let theirs = with(&[HomeSign::Desk, HomeSign::Sleep, HomeSign::Sport]);
        let merged = merge(&first, &mine, &theirs).unwrap();
        assert!(merged.conflicts.is_empty());
        assert_eq!(merged.record.home, with(&[HomeSign::Desk, HomeSign::Books, HomeSign::Sport]).home);
    }

    #[test]
    fn measures_are_known_by_their_key() {
        let with = |m: Vec<Measure>| VisitRecord { measures: m, ..base() };
        let first = with(vec![measure("a", "每天读十分钟")]);
        let mine = with(vec![measure("a", "每天读十分钟"), measure("b", "周五打电话")]);
        let theirs = with(vec![measure("a", "每天读二十分钟")]);
        let merged = merge(&first, &mine, &theirs).unwrap();
        assert!(merged.conflicts.is_empty());
        assert_eq!(merged.record.measures, [measure("a", "每天读二十分钟"), measure("b", "周五打电话")]);
        let mine = with(vec![measure("a", "每天读一小时")]);
        assert_eq!(merge(&first, &mine, &theirs).unwrap().conflicts[0].field, "measures");
    }

    #[test]
    fn a_risk_judged_in_two_ways_is_for_people_to_decide() {
        let with = |risk| VisitRecord { findings: vec![Finding { theme: Theme::Mood, risk, child: None }], ..base() };
        let merged = merge(&with(Risk::Watch), &with(Risk::Act), &with(Risk::Urgent)).unwrap();
        assert_eq!(merged.conflicts[0].field, "findings");
        assert_eq!(merged.record.findings[0].risk, Risk::Urgent);
    }

    #[test]
    fn an_entry_taken_away_by_one_and_left_alone_by_the_other_is_gone() {
        let with = |m: Vec<Measure>| VisitRecord { measures: m, ..base() };
        let first = with(vec![measure("a", "读书"), measure("b", "早睡")]);
        let merged = merge(
            &first,
            &with(vec![measure("b", "早睡")]),
            &VisitRecord { from: "18:00".to_owned(), ..first.clone() },
        );
        assert_eq!(merged.unwrap().record.measures, [measure("b", "早睡")]);
    }
}
