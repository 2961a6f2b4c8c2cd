//! What the district and a school set about notices.

use super::rules::NoticeSettings;
use gongyu_access::Role;
use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, Tx, settings};
use serde::{Deserialize, Serialize};

const KEY: &str = "notice";

/// The district's settings.
///
/// # Errors
/// As any statement.
pub fn settings_of(r: &mut Reader) -> Result<NoticeSettings> {
    settings::get_or_default(r, KEY)
}

/// Keeps the district's settings.
///
/// # Errors
/// As any statement.
pub fn keep_settings(tx: &mut Tx, settings: &NoticeSettings) -> Result<()> {
    settings::put(tx, KEY, settings)
}

/// What a school sets for itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SchoolNotices {
    /// Whether subject teachers may send to the classes they teach; `None` follows the district.
    pub subject_teachers: Option<bool>,
}

fn key_of(school: Id) -> String {
    format!("notice-school-{school}")
}

/// A school's own settings.
///
/// # Errors
/// As any statement.
pub fn school_settings(r: &mut Reader, school: Id) -> Result<SchoolNotices> {
    settings::get_or_default(r, &key_of(school))
}

/// Keeps a school's own settings.
///
/// # Errors
/// As any statement.
pub fn keep_school_settings(tx: &mut Tx, school: Id, own: SchoolNotices) -> Result<()> {
    settings::put(tx, &key_of(school), &own)
}

/// Whether a hat of this role may send in a school at all: subject teachers only where the school allows it.
///
/// # Errors
/// As any statement.
pub fn may_send(r: &mut Reader, role: Role, school: Option<Id>) -> Result<bool> {
    if role != Role::SubjectTeacher {
        return Ok(true);
    }
    let own = match school {
        Some(school) => school_settings(r, school)?.subject_teachers,
        None => None,
    };
    match own {
        Some(allowed) => Ok(allowed),
        None => Ok(settings_of(r)?.subject_teachers),
    }
}
