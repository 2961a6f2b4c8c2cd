//! What forms cost those who fill them in: how many, how many taps, how long. Counted here in memory by unit,
//! role and kind of form, never by person, and taken away once a minute by whoever keeps the sums. A count
//! is one short lock; nothing is written while a person waits.

use crate::request::Req;
use gongyu_access::{Actor, Role};
use gongyu_kernel::{Date, Id};
use parking_lot::Mutex;
use std::collections::HashMap;

/// The header and the hidden field in which a page says what a form took: seconds and taps.
pub const HEADER: &str = "x-toll";
/// See [`HEADER`].
pub const FIELD: &str = "_toll";
/// Seconds a page counts at most [P]: one left open is not worked on.
const MOST_SECONDS: i64 = 300;
/// Taps a page counts at most [P].
const MOST_TAPS: i64 = 200;

/// Whose form, and which.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Key {
    /// Unit of the hat.
    pub unit: Id,
    /// Role of the hat.
    pub role: Role,
    /// Template of the address the form was sent to.
    pub form: &'static str,
    /// The day in Beijing.
    pub day: Date,
}

/// What it took.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Cost {
    /// Forms sent.
    pub forms: i64,
    /// Of these, those whose page told how long it was worked on.
    pub timed: i64,
    /// Seconds, of those that told.
    pub seconds: i64,
    /// Taps, of those that told.
    pub taps: i64,
}

impl Cost {
    /// Adds another.
    pub const fn add(&mut self, other: &Self) {
        self.forms += other.forms;
        self.timed += other.timed;
        self.seconds += other.seconds;
        self.taps += other.taps;
    }
}

/// Counts that nobody has taken away yet.
#[derive(Debug, Default)]
pub struct Toll(Mutex<HashMap<Key, Cost>>);

impl Toll {
    /// Counts a form somebody of the staff sent.
    pub(crate) fn note(&self, actor: &Actor, req: &Req, day: Date) {
        let Some(unit) = actor.hat.unit.filter(|_| actor.hat.role != Role::Guardian && actor.session.is_some()) else {
            return;
        };
        let told = told(req.header(HEADER).unwrap_or_else(|| req.form.get(FIELD)));
        let (seconds, taps) = told.unwrap_or_default();
        let cost = Cost { forms: 1, timed: i64::from(told.is_some()), seconds, taps };
        self.add(Key { unit, role: actor.hat.role, form: req.route, day }, &cost);
    }

    /// Adds to what is counted; what could not be kept is given back by this.
    pub fn add(&self, key: Key, cost: &Cost) {
        self.0.lock().entry(key).or_default().add(cost);
    }

    /// Takes everything counted away.
    pub fn take(&self) -> HashMap<Key, Cost> {
        std::mem::take(&mut *self.0.lock())
    }
}

/// Reads "42.7": seconds and taps, each at most what is believed.
fn told(text: &str) -> Option<(i64, i64)> {
    let (seconds, taps) = text.split_once('.')?;
    let (seconds, taps): (i64, i64) = (seconds.parse().ok()?, taps.parse().ok()?);
    (seconds >= 0 && taps >= 0).then(|| (seconds.min(MOST_SECONDS), taps.min(MOST_TAPS)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_left_open_counts_five_minutes_at_most() {
        assert_eq!(told("42.7"), Some((42, 7)));
        assert_eq!(told("86400.9000"), Some((300, 200)));
    }

    #[test]
    fn what_cannot_be_read_counts_no_time() {
        for text in ["", "42", "-1.3", "a.b", "1.2.3"] {
            assert_eq!(told(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_taken_away_is_gone_and_what_is_given_back_adds_up() {
        let toll = Toll::default();
        let day = jiff::civil::date(2026, 11, 23);
        let key = Key { unit: Id(1), role: Role::ClassTeacher, form: "/contacts", day };
        let cost = Cost { forms: 1, timed: 1, seconds: 20, taps: 3 };
        toll.add(key, &cost);
        toll.add(key, &cost);
        let taken = toll.take();
        assert_eq!(taken[&key], Cost { forms: 2, timed: 2, seconds: 40, taps: 6 });
        assert!(toll.take().is_empty());
        toll.add(key, &taken[&key]);
        assert_eq!(toll.take()[&key].forms, 2);
    }
}
