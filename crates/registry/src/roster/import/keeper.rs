//! What a file's rows become in the tables of imports, gathered so that few transactions hold many rows.

use super::chunk::{self, Entry, KeyList, NewChunk};
use super::model::StagedRow;
use super::rows;
use crate::people::Packer;
use gongyu_kernel::{Id, Result};
use gongyu_store::{Db, jobs};
use gongyu_vault::Vault;
use serde_json::json;
use std::sync::Arc;

/// Entries of one chunk.
pub(super) const ENTRIES: usize = 500;
/// Waiting rows written together.
const WAITING: usize = 200;
/// Rows read between two notes of how far the file is.
const ROWS: usize = 4_000;

/// What came of some rows.
#[derive(Debug, Default)]
pub(super) struct Load {
    pub entries: Vec<Entry>,
    pub waiting: Vec<StagedRow>,
    pub keys: KeyList,
    /// Rows read until here.
    pub read: i64,
}

/// Gathers and stores.
pub(super) struct Keeper {
    db: Db,
    vault: Vault,
    batch: Id,
    job: Option<Id>,
    packer: Packer,
    number: i64,
    open: Load,
}

impl Keeper {
    pub fn new(db: &Db, vault: &Vault, batch: Id, job: Option<Id>) -> Self {
        let (db, vault) = (db.clone(), vault.clone());
        Self { db, vault, batch, job, packer: Packer::new(), number: 0, open: Load::default() }
    }

    /// Takes what came of some rows.
    pub fn take(&mut self, load: Load) -> Result<()> {
        self.open.read = load.read;
        self.open.keys.append(load.keys);
        self.open.waiting.extend(load.waiting);
        let mut entries = load.entries.into_iter();
        loop {
            let room = ENTRIES.saturating_sub(self.open.entries.len());
            self.open.entries.extend(entries.by_ref().take(room));
            let full = self.open.entries.len() >= ENTRIES;
            if !full && self.open.waiting.len() < WAITING && self.open.keys.rows() < ROWS {
                return Ok(());
            }
            self.flush(false)?;
            if entries.len() == 0 {
                return Ok(());
            }
        }
    }

    /// Stores what is gathered. `leaving` says that all of it are pupils who would leave.
    pub fn flush(&mut self, leaving: bool) -> Result<()> {
        let next = Load { read: self.open.read, ..Load::default() };
        let Load { entries, waiting, keys, read } = std::mem::replace(&mut self.open, next);
        let chunk = if entries.is_empty() && keys.rows() == 0 {
            None
        } else {
            self.number += 1;
            let new = NewChunk::of(&self.vault, &mut self.packer, self.batch, self.number, leaving, &entries, keys)?;
            Some(new)
        };
        let (batch, job, load) = (self.batch, self.job, Arc::new((chunk, waiting)));
        self.db.write_wait(move |tx| {
            let (chunk, waiting) = &*load;
            if let Some(job) = job {
                jobs::progress(tx, job, &json!({ "rows": read }))?;
            }
            if let Some(chunk) = chunk {
                chunk::add(tx, batch, chunk)?;
            }
            rows::add(tx, batch, waiting, read)
        })
    }

    /// Stores pupils who would leave, in chunks of their own.
    pub fn leave(&mut self, entries: Vec<Entry>) -> Result<()> {
        self.flush(false)?;
        for entry in entries {
            self.open.entries.push(entry);
            if self.open.entries.len() >= ENTRIES {
                self.flush(true)?;
            }
        }
        if self.open.entries.is_empty() { Ok(()) } else { self.flush(true) }
    }
}
