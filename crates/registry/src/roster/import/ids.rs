//! Identifiers ahead of their records: what is sealed is bound to them before it is written.

use gongyu_kernel::{Id, Result};
use gongyu_store::Db;

const AT_ONCE: usize = 2_000;

pub(super) struct Ids {
    db: Db,
    spare: Vec<Id>,
}

impl Ids {
    pub fn new(db: &Db) -> Self {
        Self { db: db.clone(), spare: Vec::new() }
    }

    pub fn take(&mut self) -> Result<Id> {
        if self.spare.is_empty() {
            self.spare = self.db.write_wait(|tx| Ok((0..AT_ONCE).map(|_| tx.new_id()).collect()))?;
            // Handed out in rising order, so that their rows are appended.
            self.spare.reverse();
        }
        self.spare.pop().ok_or_else(|| gongyu_kernel::Error::internal("no identifier was made"))
    }
}
