//! Identifiers: made by the application, ordered by time, never reused.

use crate::clock::Millis;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicI64, Ordering};

/// Beijing midnight of 2020-01-01 in UTC milliseconds: the zero of identifier time.
const EPOCH: i64 = 1_577_808_000_000;
const NODE_BITS: u32 = 10;
const SEQUENCE_BITS: u32 = 12;

/// The identifier of any record: 41 bits of milliseconds, 10 bits of node, 12 bits of sequence.
///
/// It is a string in every JSON, because JavaScript loses digits above 2^53.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Id(pub i64);

impl Id {
    /// The raw number, for the database.
    pub const fn raw(self) -> i64 {
        self.0
    }

    /// The smallest identifier that can be made at a moment.
    pub const fn first_of(at: Millis) -> Self {
        let since = at.0 - EPOCH;
        Self(if since > 0 { since << (NODE_BITS + SEQUENCE_BITS) } else { 0 })
    }

    /// The moment the identifier was made.
    pub fn made_at(self) -> Millis {
        Millis((self.0 >> (NODE_BITS + SEQUENCE_BITS)) + EPOCH)
    }

    /// The lowest identifier that could be made at this moment: everything below it is older.
    pub const fn first_at(at: Millis) -> Self {
        let since = if at.0 > EPOCH { at.0 - EPOCH } else { 0 };
        Self(since << (NODE_BITS + SEQUENCE_BITS))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The text is not an identifier.
#[derive(Debug, thiserror::Error)]
#[error("not an identifier: {0:?}")]
pub struct BadId(String);

impl FromStr for Id {
    type Err = BadId;
    fn from_str(s: &str) -> Result<Self, BadId> {
        match s.parse::<i64>() {
            Ok(n) if n > 0 => Ok(Self(n)),
            _ => Err(BadId(s.to_owned())),
        }
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Makes identifiers for one node. Two running nodes never hold the same node number: `store` leases it.
#[derive(Debug)]
pub struct IdMaker {
    node: i64,
    last: AtomicI64,
}

impl IdMaker {
    /// `node` must be below 1024.
    pub fn new(node: u16) -> Self {
        Self { node: i64::from(node) & ((1 << NODE_BITS) - 1), last: AtomicI64::new(0) }
    }

    /// The next identifier. Strictly increasing even when the clock stands still or steps back;
    /// past 4,096 in one millisecond it borrows from the next.
    pub fn next(&self, now: Millis) -> Id {
        let wanted = (now.0 - EPOCH).max(0) << SEQUENCE_BITS;
        let tick = self
            .last
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(wanted.max(last + 1)))
            .map_or(wanted, |last| wanted.max(last + 1));
        let (ms, sequence) = (tick >> SEQUENCE_BITS, tick & ((1 << SEQUENCE_BITS) - 1));
        Id((ms << (NODE_BITS + SEQUENCE_BITS)) | (self.node << SEQUENCE_BITS) | sequence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_increase_even_when_the_clock_steps_back() {
        let maker = IdMaker::new(3);
        let now = Millis(1_790_000_000_000);
        let mut last = maker.next(now);
        for step in [0, 0, -5_000, 1, -1] {
            let next = maker.next(Millis(now.0 + step));
            assert!(next > last);
            last = next;
        }
    }

    #[test]
    fn an_identifier_is_a_string_in_json() {
        let id = Id(9_007_199_254_740_993);
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, "\"9007199254740993\"");
        assert_eq!(serde_json::from_str::<Id>(&json).unwrap(), id);
    }

    #[test]
    fn an_identifier_remembers_when_it_was_made() {
        let now = Millis(1_790_000_000_123);
        assert_eq!(IdMaker::new(9).next(now).made_at(), now);
    }
}
