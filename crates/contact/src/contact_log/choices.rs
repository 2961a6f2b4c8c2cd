//! What a school decides about contacts.

use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, Tx, settings};
use serde::{Deserialize, Serialize};

/// The choices of one school.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SchoolChoices {
    /// Days after which a family is due for a contact. 30 is ours [P]: a month without a word is long.
    pub due_days: u16,
    /// Guardians of a class see the telephone of its class teacher.
    pub show_teacher_phone: bool,
}

impl Default for SchoolChoices {
    fn default() -> Self {
        Self { due_days: 30, show_teacher_phone: false }
    }
}

fn key(school: Id) -> String {
    format!("contact.{school}")
}

/// The choices of a school.
///
/// # Errors
/// As any statement.
pub fn choices_of(r: &mut Reader, school: Id) -> Result<SchoolChoices> {
    settings::get_or_default(r, &key(school))
}

/// Keeps the choices of a school.
///
/// # Errors
/// As any statement.
pub fn keep_choices(tx: &mut Tx, school: Id, choices: SchoolChoices) -> Result<()> {
    settings::put(tx, &key(school), &choices)
}
