//! The rows still to be written, made ready on a thread of their own while others are being written.

use super::chunk::{self, Entry};
use super::columns::{Columns, Person, SealedOut, SpecialGroups};
use super::ids::Ids;
use super::write::{Pupil, Ready};
use super::{Importer, rows};
use crate::people::{Packer, STUDENT_SEALED};
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::search;
use std::sync::mpsc::SyncSender;

/// Mended rows made ready together.
const SINGLE: i64 = 400;

/// Where rows came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A chunk, of which the first `done` entries were written before.
    Chunk { number: i64, done: usize },
    /// Single rows, mended after the file was read.
    Single,
}

/// Rows made ready.
pub(super) struct Load {
    pub origin: Origin,
    pub rows: Vec<Ready>,
}

/// Hands on every row of an import that is not yet finished. Ends early when nobody takes them any more.
pub(super) fn prepare(importer: &Importer, batch: Id, groups: &SpecialGroups, to: &SyncSender<Result<Load>>) {
    let mut desk = Desk { importer, groups, ids: Ids::new(&importer.db), packer: Packer::new() };
    if let Err(error) = desk.every(batch, to) {
        // A taker that is gone has its own reason, which is reported instead.
        let _ = to.send(Err(error));
    }
}

struct Desk<'i> {
    importer: &'i Importer,
    groups: &'i SpecialGroups,
    ids: Ids,
    packer: Packer,
}

impl Desk<'_> {
    fn every(&mut self, batch: Id, to: &SyncSender<Result<Load>>) -> Result<()> {
        let mut after = i64::MIN;
        loop {
            let from = after;
            let Some(open) = self.importer.db.read_wait(move |r| chunk::next(r, batch, from))? else { break };
            after = open.number;
            let entries = open.entries(&self.importer.vault, batch)?;
            let done = usize::try_from(open.done).map_err(Error::internal)?;
            let rows: Result<Vec<Ready>> = entries.into_iter().map(|entry| self.ready(entry)).collect();
            if to.send(Ok(Load { origin: Origin::Chunk { number: open.number, done }, rows: rows? })).is_err() {
                return Ok(());
            }
        }
        let mut after = i64::MIN;
        loop {
            let from = after;
            let stored = self.importer.db.read_wait(move |r| rows::unwritten(r, batch, from, SINGLE))?;
            let Some(last) = stored.last().map(|row| row.number) else { return Ok(()) };
            after = last;
            let mut rows = Vec::with_capacity(stored.len());
            for row in stored {
                rows.push(self.ready(Entry::of_stored(&self.importer.vault, batch, row)?)?);
            }
            if to.send(Ok(Load { origin: Origin::Single, rows })).is_err() {
                return Ok(());
            }
        }
    }

    /// Everything of a row that can be made before the writer is held.
    fn ready(&mut self, entry: Entry) -> Result<Ready> {
        let Entry { number, verdict, student, school, since, keys, row } = entry;
        let (Some(row), Some(keys)) = (row, keys) else {
            return Ok(Ready { number, verdict, student, school, since, pupil: None });
        };
        let vault = &self.importer.vault;
        let class = row.class.ok_or_else(|| Error::internal("a staged row without its class"))?;
        let birth = row.birth_date.ok_or_else(|| Error::internal("a staged row without its birth date"))?;
        let ids = &mut self.ids;
        let persons = Person::of_row(vault, &row, || ids.take())?;
        let mut terms = search::name_terms(&row.name);
        for phone in persons.iter().filter_map(|person| person.phone.as_deref()) {
            if let Some(tail) = phone.len().checked_sub(4).and_then(|at| phone.get(at..)) {
                terms.insert(vault.tail_term(tail));
            }
        }
        let plain = serde_json::to_vec(&SealedOut::of(&row))?;
        let sealed = vault.seal(STUDENT_SEALED, student, &self.packer.pack(&plain)?)?;
        let columns = Columns::of(&row, self.groups);
        let pupil = Pupil { name: row.name, class, birth, keys, columns, sealed, persons, terms };
        Ok(Ready { number, verdict, student, school, since, pupil: Some(pupil) })
    }
}
