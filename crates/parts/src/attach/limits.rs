//! How large and how many.

use gongyu_kernel::Result;
use gongyu_store::{Reader, Tx, settings};
use serde::{Deserialize, Serialize};

const KEY: &str = "attachments";

/// The district's limits for files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Largest file, in bytes [P].
    pub bytes: i64,
    /// Most files on one record [P].
    pub files: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 20 << 20, files: 9 }
    }
}

impl Limits {
    /// The largest file in whole megabytes, as it is said.
    pub fn megabytes(&self) -> i64 {
        self.bytes >> 20
    }
}

/// The limits in force.
///
/// # Errors
/// As any statement.
pub fn limits(r: &mut Reader) -> Result<Limits> {
    settings::get_or_default(r, KEY)
}

/// Sets the limits.
///
/// # Errors
/// As any statement.
pub fn put_limits(tx: &mut Tx, limits: &Limits) -> Result<()> {
    settings::put(tx, KEY, limits)
}
