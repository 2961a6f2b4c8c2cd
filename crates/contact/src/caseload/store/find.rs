//! A case, and the one statement that changes it.

use crate::caseload::model::{Case, Matter};
use gongyu_kernel::{Error, Id, Result};
use gongyu_registry::year;
use gongyu_store::{Reader, Tx, sql};
use gongyu_vault::Vault;

/// Columns of a case, in the order of `Case`.
macro_rules! select_case {
    ($tail:literal) => {
        gongyu_store::sql!(concat!(
            "SELECT c.id, c.school_id, c.door, c.writer, c.topic, c.state, c.track, c.received_on, c.school_year,
                    c.handler_staff_id, c.stages, c.due_on, c.late, c.merged_into, c.reopened, c.satisfaction,
                    c.wishes_public, c.answered_on, c.version, c.sealed
             FROM caseload_case c ",
            $tail
        ))
    };
}
pub(super) use select_case;

/// Field under which what was written is sealed.
pub(super) const MATTER: &str = "caseload_case.sealed";

/// A case by its identifier; whether a person may have it is `permit`'s to say.
///
/// # Errors
/// `Error::NotFound`.
pub fn find(r: &mut Reader, id: Id) -> Result<Case> {
    r.one(select_case!("WHERE c.id = $1"), &[&id])
}

/// What was written, of the sealed column of a case.
///
/// # Errors
/// `Error::Internal` when it cannot be opened.
pub fn opened(vault: &Vault, case: Id, sealed: &[u8]) -> Result<Matter> {
    vault.open_json(MATTER, case, sealed)
}

impl Case {
    /// What was written.
    ///
    /// # Errors
    /// `Error::Internal` when it cannot be opened.
    pub fn matter(&self, vault: &Vault) -> Result<Matter> {
        opened(vault, self.id, &self.sealed)
    }
}

/// A change of a case: the version a person saw, where it matters that nobody came between.
#[derive(Clone, Copy, Debug, Default)]
pub struct Change {
    /// Version on the page that was posted; `None` where only the state counts.
    pub seen: Option<i64>,
}

impl Change {
    /// Refuses what was decided on an older page.
    ///
    /// # Errors
    /// `Error::Conflict("case-changed")`.
    pub fn check(self, case: &Case) -> Result<()> {
        if self.seen.is_none_or(|seen| seen == case.version) { Ok(()) } else { Err(Error::conflict("case-changed")) }
    }
}

/// Keeps a changed case, unless somebody was quicker; its next deadline is computed anew.
///
/// # Errors
/// `Error::Conflict("case-changed")`.
pub fn save(tx: &mut Tx, case: &mut Case) -> Result<()> {
    let (calendar, today) = (year::calendar(tx)?, tx.today());
    case.due_on = case.stages.next(&calendar.holidays).map(|(_, due)| due);
    case.late = case.stages.late(&calendar.holidays, today);
    let changed = tx.exec(
        sql!(
            "UPDATE caseload_case SET topic = $2, state = $3, track = $4, handler_staff_id = $5, stages = $6,
                    due_on = $7, late = $8, merged_into = $9, reopened = $10, satisfaction = $11, answered_on = $12,
                    version = version + 1
              WHERE id = $1 AND version = $13"
        ),
        &[
            &case.id,
            &case.topic,
            &case.state,
            &case.track,
            &case.handler,
            &case.stages,
            &case.due_on,
            &case.late,
            &case.merged_into,
            &case.reopened,
            &case.rating,
            &case.answered_on,
            &case.version,
        ],
    )?;
    if changed == 0 {
        return Err(Error::conflict("case-changed"));
    }
    case.version += 1;
    Ok(())
}
