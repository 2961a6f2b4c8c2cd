//! The record of a visit (家访记录表, POLICY 3.2 [P, merged from six templates]): every field with its
//! default, so that an older one still reads and a doorstep needs few of them.

use super::model::{HomeSign, Owner, Point, Risk, Theme, Way};
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Date, Id};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Characters of one text field.
pub const LONGEST_TEXT: usize = 2_000;
/// Characters of one measure.
pub const LONGEST_MEASURE: usize = 120;
/// Measures of a record.
pub const MOST_MEASURES: usize = 10;

/// What was found, for one child or for the family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// About what.
    pub theme: Theme,
    /// How pressing.
    pub risk: Risk,
    /// The child; `None` when it concerns all children of the visit.
    #[serde(default)]
    pub child: Option<Id>,
}

/// Something agreed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// Made where it was written, so that it stays the same one when it is changed.
    pub key: String,
    /// What will be done.
    pub what: String,
    /// By whom.
    pub owner: Owner,
    /// Until when.
    #[serde(default)]
    pub due: Option<Date>,
}

/// The record. Times are `HH:MM` of the day; `met` holds `guardian:ID`, a relation's code, or `child`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VisitRecord {
    /// Something good about the child: where every visit begins.
    pub good: String,
    /// What the visit is for.
    pub purpose: String,
    /// What to speak of.
    pub outline: String,
    /// The day it happened.
    pub day: Option<Date>,
    /// Begin, `HH:MM`; may be empty.
    pub from: String,
    /// End, `HH:MM`; may be empty.
    pub to: String,
    /// How it happened.
    pub way: Option<Way>,
    /// Members of staff who were there, by staff identifier.
    pub visitors: BTreeSet<Id>,
    /// Who received them.
    pub met: BTreeSet<String>,
    /// What one sees at home.
    pub home: BTreeSet<HomeSign>,
    /// The family's situation, in words.
    pub home_words: String,
    /// The child at home.
    pub at_home: String,
    /// The child at school.
    pub at_school: String,
    /// What was talked about.
    pub points: BTreeSet<Point>,
    /// The same in words.
    pub talked: String,
    /// Opinions and wishes of the family.
    pub opinions: String,
    /// What is difficult.
    pub findings: Vec<Finding>,
    /// The same in words; nothing that belongs into a protected note.
    pub findings_words: String,
    /// What was agreed.
    pub measures: Vec<Measure>,
    /// How it went on.
    pub follow_up: String,
    /// What companions wrote, by staff identifier.
    pub parts: BTreeMap<Id, String>,
}

/// Relations that may have received a visit besides guardians of the roster.
const RELATIONS: [&str; 6] = ["father", "mother", "grandparent", "sibling", "other", "child"];

impl VisitRecord {
    /// Whether enough is said for it to count: a day, a way, and somebody met. The minimum is ours [P]:
    /// less cannot be told from a visit that did not happen.
    pub fn is_complete(&self) -> bool {
        self.day.is_some() && self.way.is_some() && !self.met.is_empty()
    }

    /// Minutes between begin and end; 0 when not noted.
    pub fn minutes(&self) -> i64 {
        match (minute_of(&self.from), minute_of(&self.to)) {
            (Some(from), Some(to)) if to > from => to - from,
            _ => 0,
        }
    }

    /// Guardians of the roster who received the visit.
    pub fn guardians_met(&self) -> Vec<Id> {
        self.met.iter().filter_map(|m| m.strip_prefix("guardian:")?.parse().ok()).collect()
    }

    /// The texts with their names, for bounds and for pages.
    pub fn texts(&self) -> [(&'static str, &str); 10] {
        [
            ("good", &self.good),
            ("purpose", &self.purpose),
            ("outline", &self.outline),
            ("home_words", &self.home_words),
            ("at_home", &self.at_home),
            ("at_school", &self.at_school),
            ("talked", &self.talked),
            ("opinions", &self.opinions),
            ("findings_words", &self.findings_words),
            ("follow_up", &self.follow_up),
        ]
    }

    /// Refuses what cannot be, naming the field. With `whole`, the minimum must be there too.
    pub fn check(&self, today: Date, whole: bool, invalid: &mut Invalid) {
        for (name, text) in self.texts() {
            check_text(name, text, invalid);
        }
        for text in self.parts.values() {
            check_text("parts", text, invalid);
        }
        if self.day.is_some_and(|d| d > today) {
            invalid.push("day", "touch-in-future");
        } else if self.day.is_some_and(|d| (today - d).get_days() > 366) {
            invalid.push("day", "touch-too-old");
        }
        for (name, time) in [("from", &self.from), ("to", &self.to)] {
            if !time.is_empty() && minute_of(time).is_none() {
                invalid.push(name, "visit-field-time");
            }
        }
        let known = |m: &String| RELATIONS.contains(&m.as_str()) || m.strip_prefix("guardian:").is_some_and(is_id);
        if !self.met.iter().all(known) || self.met.len() > 12 {
            invalid.push("met", "field-choose");
        }
        if self.measures.len() > MOST_MEASURES || self.findings.len() > 40 || self.visitors.len() > 12 {
            invalid.push("measures", "visit-field-too-many");
        }
        for measure in &self.measures {
            if measure.what.trim().is_empty() || measure.key.is_empty() || measure.key.len() > 64 {
                invalid.push("measures", "field-required");
            }
            if measure.what.chars().count() > LONGEST_MEASURE {
                invalid.push("measures", "visit-field-too-long");
            }
        }
        if whole {
            self.check_minimum(invalid);
        }
    }

    fn check_minimum(&self, invalid: &mut Invalid) {
        if self.day.is_none() && invalid.of("day").is_none() {
            invalid.push("day", "field-date");
        }
        if self.way.is_none() {
            invalid.push("way", "field-choose");
        }
        if self.met.is_empty() {
            invalid.push("met", "visit-met-needed");
        }
    }
}

fn check_text(name: &'static str, text: &str, invalid: &mut Invalid) {
    if text.chars().count() > LONGEST_TEXT {
        invalid.push(name, "visit-field-too-long");
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        invalid.push(name, "field-odd-characters");
    }
}

fn is_id(text: &str) -> bool {
    text.parse::<Id>().is_ok()
}

/// Minutes since midnight of `HH:MM`.
pub fn minute_of(time: &str) -> Option<i64> {
    let (hour, minute) = time.split_once(':')?;
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Date {
        "2026-11-23".parse().unwrap()
    }

    fn refused(record: &VisitRecord, whole: bool) -> Vec<String> {
        let mut invalid = Invalid::default();
        record.check(today(), whole, &mut invalid);
        invalid.fields.iter().map(|(f, _)| f.to_string()).collect()
    }

    #[test]
    fn a_day_a_way_and_somebody_met_are_enough() {
        let mut record = VisitRecord::default();
        assert_eq!(refused(&record, true), ["day", "way", "met"]);
        assert!(refused(&record, false).is_empty());
        record.day = Some(today());
        record.way = Some(Way::Home);
        record.met.insert("mother".to_owned());
        assert!(refused(&record, true).is_empty());
        assert!(record.is_complete());
    }

    #[test]
    fn what_cannot_be_is_refused_by_field() {
        let record = VisitRecord {
            day: Some("2026-11-24".parse().unwrap()),
            from: "25:00".to_owned(),
            good: "好".repeat(LONGEST_TEXT + 1),
            met: BTreeSet::from(["neighbour".to_owned()]),
            ..VisitRecord::default()
        };
        assert_eq!(refused(&record, false), ["good", "day", "from", "met"]);
    }

    #[test]
    fn the_length_of_a_visit_follows_from_begin_and_end() {
        let mut record = VisitRecord { from: "18:30".to_owned(), to: "19:05".to_owned(), ..VisitRecord::default() };
        assert_eq!(record.minutes(), 35);
        record.to = "18:00".to_owned();
        assert_eq!(record.minutes(), 0);
    }

    #[test]
    fn an_older_record_without_later_fields_still_reads() {
        let record: VisitRecord = serde_json::from_str(r#"{"good":"会帮同桌","way":"home"}"#).unwrap();
        assert_eq!((record.way, record.good.as_str(), record.points.len()), (Some(Way::Home), "会帮同桌", 0));
    }
}
