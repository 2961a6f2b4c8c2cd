//! What the district and a school set about the three doors.

use super::rota::Turn;
use super::rules::CaseSettings;
use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, Tx, settings};
use serde::{Deserialize, Serialize};

const KEY: &str = "caseload";

/// What a school sets for itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct SchoolDoors {
    /// The published number of the principal's line; empty for the school's own number.
    pub line: String,
    /// When it is answered, in words.
    pub hours: String,
    /// Where one is received.
    pub place: String,
    /// The leaders' rota.
    pub turns: Vec<Turn>,
    /// Minutes of one reception.
    pub slot_minutes: i64,
}

impl Default for SchoolDoors {
    fn default() -> Self {
        Self { line: String::new(), hours: String::new(), place: String::new(), turns: Vec::new(), slot_minutes: 20 }
    }
}

/// The district's settings.
///
/// # Errors
/// As any statement.
pub fn settings_of(r: &mut Reader) -> Result<CaseSettings> {
    settings::get_or_default(r, KEY)
}

/// Keeps the district's settings.
///
/// # Errors
/// As any statement.
pub fn keep_settings(tx: &mut Tx, settings: &CaseSettings) -> Result<()> {
    settings::put(tx, KEY, settings)
}

fn key_of(school: Id) -> String {
    format!("caseload-school-{school}")
}

/// A school's doors.
///
/// # Errors
/// As any statement.
pub fn doors_of(r: &mut Reader, school: Id) -> Result<SchoolDoors> {
    settings::get_or_default(r, &key_of(school))
}

/// Keeps a school's doors.
///
/// # Errors
/// As any statement.
pub fn keep_doors(tx: &mut Tx, school: Id, doors: &SchoolDoors) -> Result<()> {
    settings::put(tx, &key_of(school), doors)
}
