//! A roster on its way into the registry: read, checked, planned, staged, shown, applied.
//!
//! The pure part beside this folder understands the file; here it meets the database. [`Importer`]
//! carries what the work needs, so that jobs, the command line and tests run the same code.

mod apply;
mod base;
mod before;
mod chunk;
mod columns;
mod families;
mod fault;
mod fix;
mod guardians;
mod ids;
mod jobs;
mod keeper;
mod left;
mod lookup;
mod model;
mod pipeline;
mod plan;
mod report;
pub(crate) mod rows;
mod scope;
mod settle;
mod source;
mod special;
mod spread;
mod stage;
pub(crate) mod store;
mod undo;
mod write;
mod written;

#[cfg(test)]
mod tests;

pub use fault::Fault;
pub use fix::{Mend, mend_rows};
pub use jobs::{APPLY, FIX, HANDLERS, READ, SCHEDULES, SPECIAL, UNDO};
pub use left::LEFT_PERCENT;
pub use model::{Batch, BatchState, Edits, Verdict};
pub use plan::row_hash;
pub use report::{ImportReport, RowProblem, import_files, stage_bytes};
pub use special::{SpecialGroup, set_special_groups, special_groups};
pub(crate) use undo::{decide as decide_undo, until as undo_until, why_not as why_no_undo};

pub(crate) use apply::decide;
pub(crate) use chunk::good_row as other_row;
pub(crate) use jobs::{FixSame, OfBatch};
pub(crate) use left::percent as left_percent;
pub(crate) use plan::TOPICS;
pub(crate) use report::{sentence, weighty};
pub(crate) use rows::{STAGED, ShownRow, fix_keys};
pub(crate) use stage::open_waiting;
pub(crate) use written::written_page;

use gongyu_kernel::{Id, Result};
use gongyu_store::{Db, Tx};
use gongyu_vault::Vault;
use gongyu_web::{App, MembershipChange};
use std::sync::Arc;

/// Who is told, in the same transaction, what an import did to pupils and guardians.
pub trait Told: Send + Sync {
    /// Pupils joined, moved or left.
    ///
    /// # Errors
    /// Whatever a listener returns; the transaction is then lost.
    fn membership(&self, tx: &mut Tx, changes: &[MembershipChange]) -> Result<()>;
    /// Guardianships of these pupils changed.
    ///
    /// # Errors
    /// As `membership`.
    fn guardians(&self, tx: &mut Tx, students: &[Id]) -> Result<()>;
}

impl Told for App {
    fn membership(&self, tx: &mut Tx, changes: &[MembershipChange]) -> Result<()> {
        self.membership_changed(tx, changes)
    }
    fn guardians(&self, tx: &mut Tx, students: &[Id]) -> Result<()> {
        self.guardians_changed(tx, students)
    }
}

/// What an import works with. Cheap to clone.
#[derive(Clone)]
pub struct Importer {
    db: Db,
    vault: Vault,
    told: Arc<dyn Told>,
}

impl Importer {
    /// An importer of its own parts.
    pub fn new(db: Db, vault: Vault, told: Arc<dyn Told>) -> Self {
        Self { db, vault, told }
    }

    /// The importer of the running product.
    pub fn of(app: &App) -> Self {
        Self::new(app.db.clone(), app.vault.clone(), Arc::new(app.clone()))
    }
}
