//! The stages of one matter, each with its own clock: taken up, answered, reviewed.

use super::{Clock, Standing};
use gongyu_kernel::calendar::Holidays;
use gongyu_kernel::{Date, Error, Result};
use gongyu_store::{FromValue, ToValue, Value, ValueRef};
use serde::{Deserialize, Serialize};

/// A stage and its clock.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Stage {
    /// Its name, in the owner's own words for code.
    pub key: String,
    /// Its clock.
    pub clock: Clock,
}

/// The stages of a matter in the order they began; JSON in a TEXT column of the owner.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Stages(pub Vec<Stage>);

impl Stages {
    /// The stage of a name: the last of them, when it began anew.
    pub fn get(&self, key: &str) -> Option<&Clock> {
        self.0.iter().rev().find(|s| s.key == key).map(|s| &s.clock)
    }

    /// The same, to be changed.
    ///
    /// # Errors
    /// `Error::Conflict` when there is none.
    pub fn get_mut(&mut self, key: &str) -> Result<&mut Clock> {
        let found = self.0.iter_mut().rev().find(|s| s.key == key);
        found.map(|s| &mut s.clock).ok_or_else(|| Error::conflict("deadline-none"))
    }

    /// Begins a stage; one that began before stays as it was.
    pub fn begin(&mut self, key: &str, clock: Clock) {
        self.0.push(Stage { key: key.to_owned(), clock });
    }

    /// Ends a stage, if it runs.
    pub fn meet(&mut self, key: &str, on: Date) {
        if let Ok(clock) = self.get_mut(key) {
            clock.meet(on);
        }
    }

    /// Stages that are not met.
    pub fn open(&self) -> impl Iterator<Item = &Stage> {
        self.0.iter().filter(|s| s.clock.met.is_none())
    }

    /// Whatever is due first of what runs.
    pub fn next(&self, holidays: &Holidays) -> Option<(&Stage, Date)> {
        let dated = self.open().filter_map(|s| Some((s, s.clock.due(holidays)?)));
        dated.min_by_key(|(_, due)| *due)
    }

    /// Where each stands on a day.
    pub fn standings(&self, holidays: &Holidays, today: Date) -> Vec<(&str, Standing)> {
        self.0.iter().map(|s| (s.key.as_str(), s.clock.standing(holidays, today))).collect()
    }

    /// Whether a stage that is met was met after its last day, or one that runs is over.
    pub fn late(&self, holidays: &Holidays, today: Date) -> bool {
        self.0.iter().any(|s| {
            matches!(s.clock.standing(holidays, today), Standing::Met { late: true, .. } | Standing::Overdue { .. })
        })
    }

    /// As it is kept.
    ///
    /// # Errors
    /// `Error::Internal` never happens for these shapes.
    pub fn to_json(&self) -> Result<String> {
        Ok(serde_json::to_string(self)?)
    }
}

impl ToValue for Stages {
    fn to_value(&self) -> Value<'_> {
        Value::Text(std::borrow::Cow::Owned(serde_json::to_string(self).unwrap_or_default()))
    }
}

impl FromValue for Stages {
    fn from_value(value: ValueRef<'_>) -> Result<Self> {
        match value {
            ValueRef::Text("") => Ok(Self::default()),
            ValueRef::Text(json) => Ok(serde_json::from_str(json)?),
            other => Err(Error::internal(format!("not text: {other:?}"))),
        }
    }
}
