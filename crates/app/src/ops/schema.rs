//! Which steps the database has been taken through.

use gongyu_kernel::Result;
use gongyu_store::{Migration, Reader, sql};
use std::collections::BTreeSet;

/// The database's steps beside the program's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// Steps of this program not yet taken, as `room/number`.
    pub missing: Vec<String>,
    /// Steps taken that this program does not know: a newer program was here.
    pub unknown: Vec<String>,
    /// How many were taken.
    pub taken: usize,
}

impl Steps {
    /// Whether program and database fit.
    pub fn is_current(&self) -> bool {
        self.missing.is_empty() && self.unknown.is_empty()
    }
}

/// Compares the database with the steps of this program.
///
/// # Errors
/// As any statement.
pub fn standing(r: &mut Reader, steps: &[Migration]) -> Result<Steps> {
    let taken: Vec<(String, u32)> =
        r.rows(sql!("SELECT room, number FROM schema_migration ORDER BY room, number"), &[])?;
    let name = |room: &str, number: u32| format!("{room}/{number}");
    let here: BTreeSet<String> = taken.iter().map(|(room, number)| name(room, *number)).collect();
    let ours: Vec<String> = steps.iter().map(|s| name(s.room, s.number)).collect();
    Ok(Steps {
        taken: here.len(),
        missing: ours.iter().filter(|s| !here.contains(*s)).cloned().collect(),
        unknown: here.into_iter().filter(|s| !ours.contains(s)).collect(),
    })
}
