//! How many families are asked.

use gongyu_kernel::Result;
use gongyu_store::{Reader, Tx, settings};
use serde::{Deserialize, Serialize};

const SETTINGS: &str = "family-questions";
const SALT: &str = "family-questions-salt";
const UNTIL: &str = "family-questions-until";

/// The district's choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Recorded contacts drawn, in percent [P]; 0 asks nobody.
    pub percent: u8,
}

impl Default for Settings {
    fn default() -> Self {
        Self { percent: 5 }
    }
}

/// The choice in force.
///
/// # Errors
/// As any statement.
pub fn settings_of(r: &mut Reader) -> Result<Settings> {
    settings::get_or_default(r, SETTINGS)
}

/// Keeps another choice.
///
/// # Errors
/// As any statement.
pub fn keep_settings(tx: &mut Tx, chosen: Settings) -> Result<()> {
    settings::put(tx, SETTINGS, &chosen)
}

/// The salt of the lots; `fresh` becomes it where there is none yet.
pub(super) fn salt(tx: &mut Tx, fresh: u64) -> Result<u64> {
    if let Some(kept) = settings::get(tx, SALT)? {
        return Ok(kept);
    }
    settings::put(tx, SALT, &fresh)?;
    Ok(fresh)
}

/// The moment up to which contacts were drawn from.
pub(super) fn until(r: &mut Reader) -> Result<Option<i64>> {
    settings::get(r, UNTIL)
}

pub(super) fn keep_until(tx: &mut Tx, moment: i64) -> Result<()> {
    settings::put(tx, UNTIL, &moment)
}
