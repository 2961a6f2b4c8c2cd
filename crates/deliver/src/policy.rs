//! The district's rules for letters: when not to write, how often, in which order of channels.

use crate::channel::Way;
use gongyu_kernel::{Millis, Result};
use gongyu_store::{Reader, Tx, settings};
use serde::{Deserialize, Serialize};

/// Key of the setting.
pub const SETTING: &str = "deliver-policy";
/// Minutes of a day.
pub const DAY: i64 = 24 * 60;

/// The rules. Every figure is a setting of ours [P]: POLICY asks that parents are not flooded and names no number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Quiet hours begin, in minutes after midnight in Beijing.
    pub quiet_from: i64,
    /// Quiet hours end. The same as `quiet_from`: there are none.
    pub quiet_to: i64,
    /// When the day's digest goes, in minutes after midnight.
    pub digest_at: i64,
    /// Letters a person gets in a day before the rest waits for the digest; 0 for no limit.
    pub ration: i64,
    /// Channels in the order in which they are tried.
    pub order: String,
}

impl Default for Policy {
    fn default() -> Self {
        Self { quiet_from: 21 * 60 + 30, quiet_to: 7 * 60, digest_at: 18 * 60, ration: 3, order: Way::list(&Way::ALL) }
    }
}

impl Policy {
    /// Reads the rules.
    ///
    /// # Errors
    /// As any statement.
    pub fn load(r: &mut Reader) -> Result<Self> {
        settings::get_or_default(r, SETTING)
    }

    /// Keeps the rules.
    ///
    /// # Errors
    /// As any statement.
    pub fn save(&self, tx: &mut Tx) -> Result<()> {
        settings::put(tx, SETTING, self)
    }

    /// Channels in the order in which they are tried; one that the setting leaves out comes last.
    pub fn ways(&self) -> Vec<Way> {
        let mut ways = Way::parse_list(&self.order);
        for way in Way::ALL {
            if !ways.contains(&way) {
                ways.push(way);
            }
        }
        ways
    }
}

/// The end of quiet hours, if this moment lies in them.
pub fn quiet_until(now: Millis, from: i64, to: i64) -> Option<Millis> {
    let minute = minute_of(now);
    let quiet = match from.cmp(&to) {
        std::cmp::Ordering::Equal => false,
        std::cmp::Ordering::Less => (from..to).contains(&minute),
        std::cmp::Ordering::Greater => minute >= from || minute < to,
    };
    quiet.then(|| next_at(now, to))
}

/// The next moment at this minute of the day, after now.
pub fn next_at(now: Millis, minute: i64) -> Millis {
    let today = Millis::start_of(now.date()).plus_minutes(minute);
    if today > now { today } else { today.plus_minutes(DAY) }
}

fn minute_of(now: Millis) -> i64 {
    let civil = now.civil();
    i64::from(civil.hour()) * 60 + i64::from(civil.minute())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn at(hour: i64, minute: i64) -> Millis {
        Millis::start_of(date(2026, 11, 23)).plus_minutes(hour * 60 + minute)
    }

    #[test]
    fn quiet_hours_reach_over_midnight() {
        let policy = Policy::default();
        let until = |now| quiet_until(now, policy.quiet_from, policy.quiet_to);
        assert_eq!(until(at(21, 29)), None);
        assert_eq!(until(at(21, 30)), Some(at(24 + 7, 0)));
        assert_eq!(until(at(3, 0)), Some(at(7, 0)));
        assert_eq!(until(at(7, 0)), None);
    }

    #[test]
    fn equal_ends_mean_no_quiet_hours() {
        assert_eq!(quiet_until(at(8, 0), 480, 480), None);
    }
}
