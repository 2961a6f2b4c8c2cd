//! Time is a parameter. Nothing outside this file asks the machine what time it is.

use crate::Date;
use jiff::{Timestamp, tz};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

const BEIJING: tz::Offset = tz::offset(8);

/// UTC milliseconds since 1970: the unit of every moment in the product.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub i64);

impl Millis {
    /// The Beijing day of this moment.
    pub fn date(self) -> Date {
        self.civil().date()
    }

    /// Beijing wall-clock time of this moment.
    pub fn civil(self) -> jiff::civil::DateTime {
        let stamp = Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH);
        BEIJING.to_datetime(stamp)
    }

    /// Beijing midnight at the start of a day.
    pub fn start_of(day: Date) -> Self {
        let midnight = day.to_datetime(jiff::civil::Time::midnight());
        Self(BEIJING.to_timestamp(midnight).map_or(0, |t| t.as_millisecond()))
    }

    /// This moment moved by whole seconds.
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + seconds * 1000)
    }

    /// This moment moved by whole minutes.
    pub const fn plus_minutes(self, minutes: i64) -> Self {
        self.plus_seconds(minutes * 60)
    }

    /// This moment moved by whole days of 24 hours.
    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days * 86_400)
    }
}

/// Where the time comes from.
pub trait Now: Send + Sync + 'static {
    /// The current moment.
    fn now(&self) -> Millis;
}

/// The machine's clock.
#[derive(Debug, Default)]
pub struct MachineClock;

impl Now for MachineClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    fn now(&self) -> Millis {
        Millis(Timestamp::now().as_millisecond())
    }
}

/// A clock that tests set and move by hand.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock standing at `at`.
    pub const fn new(at: Millis) -> Self {
        Self(AtomicI64::new(at.0))
    }

    /// Moves the clock by some seconds, backwards when negative.
    pub fn advance_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    /// Sets the clock to a moment.
    pub fn set(&self, at: Millis) {
        self.0.store(at.0, Ordering::SeqCst);
    }
}

impl Now for FixedClock {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst))
    }
}

/// A cheap handle on the product's clock.
#[derive(Clone)]
pub struct Clock(Arc<dyn Now>);

impl Clock {
    /// The machine's own clock.
    pub fn machine() -> Self {
        Self(Arc::new(MachineClock))
    }

    /// Any source of time, for tests and for the demo's rebuilt past.
    pub fn from_source(source: Arc<dyn Now>) -> Self {
        Self(source)
    }

    /// The current moment.
    pub fn now(&self) -> Millis {
        self.0.now()
    }

    /// The current Beijing day.
    pub fn today(&self) -> Date {
        self.now().date()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Clock({:?})", self.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_day_changes_at_beijing_midnight() {
        let midnight = Millis::start_of(date(2026, 11, 23));
        assert_eq!(midnight.date(), date(2026, 11, 23));
        assert_eq!(Millis(midnight.0 - 1).date(), date(2026, 11, 22));
    }
}
