//! Rate limits kept in memory on each node: cheap to ask, forgotten on restart. What must not be
//! forgotten (lock-out of an account, tries of a code) is kept in the database.

use gongyu_kernel::{Error, Result};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;
use std::sync::Arc;

/// A limit on how often a key may try.
#[derive(Clone)]
pub struct Limit(Arc<DefaultKeyedRateLimiter<String>>);

impl Limit {
    /// So many a minute, in bursts of as many.
    pub fn per_minute(times: NonZeroU32) -> Self {
        Self(Arc::new(RateLimiter::keyed(Quota::per_minute(times))))
    }

    /// So many an hour, in bursts of as many.
    pub fn per_hour(times: NonZeroU32) -> Self {
        Self(Arc::new(RateLimiter::keyed(Quota::per_hour(times))))
    }

    /// Counts one try.
    ///
    /// # Errors
    /// `Error::TooMany` with the seconds to wait.
    pub fn check(&self, key: &str) -> Result<()> {
        self.0.check_key(&key.to_owned()).map_err(|not_yet| {
            let wait = not_yet.wait_time_from(DefaultClock::default().now());
            let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
            Error::TooMany { retry_after: seconds }
        })
    }

    /// Drops keys that are at rest; called now and then.
    pub fn tidy(&self) {
        self.0.retain_recent();
    }
}
