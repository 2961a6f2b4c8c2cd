//! Writing what was decided: forward only, chunk by chunk, each chunk whole (docs/adr/0005-roster-import.md).

use super::columns::{Columns, Person, SealedOut, SpecialGroups};
use super::ids::Ids;
use super::model::{Batch, BatchState, Verdict};
use super::rows::{self, StoredRow};
use super::stage::open_row;
use super::store;
use super::write::{Chunk, Ready, Written};
use super::{Importer, fault::Fault};
use crate::people::STUDENT_SEALED;
use crate::roster::class_label::ClassKey;
use crate::year;
use gongyu_kernel::error::Code;
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Tx, audit, jobs, search};
use serde_json::json;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Rows of the first chunk; an import no larger than this is written in one transaction.
const FIRST_CHUNK: i64 = 100;
/// A chunk is to hold the writer about this long, in milliseconds.
const AIM_MS: i64 = 25;
/// Times in a row that two workers may meet before one gives up.
const COLLISIONS: u32 = 50;

/// Takes the decision to write an import. From the commit on it is carried through.
///
/// # Errors
/// `Error::Conflict` when it is not in a state for it, has nothing to write, or more pupils would leave than go without
/// confirming their number.
pub(crate) fn decide(tx: &mut Tx, batch: &Batch, confirmed_gone: i64) -> Result<()> {
    if !matches!(batch.state, BatchState::Preview | BatchState::Done) {
        return Err(Error::conflict("roster-not-now"));
    }
    let left = rows::unwritten_count(tx, batch.id)?;
    if left == 0 {
        return Err(Error::conflict("roster-nothing-to-write"));
    }
    if batch.gone_over && batch.state == BatchState::Preview && confirmed_gone != batch.gone {
        return Err(Error::field("gone", Code::new("roster-confirm-gone").arg("n", batch.gone)));
    }
    store::begin_applying(tx, batch.id, left, confirmed_gone)
}

impl Importer {
    /// Writes an import whose writing was decided, or carries on after a crash. `path` is the file, to be read again
    /// when the registry has changed since the preview.
    ///
    /// # Errors
    /// As any statement; calling it again carries on.
    pub fn apply(&self, batch: Id, path: Option<&Path>, job: Option<Id>) -> Result<()> {
        let mut found = self.batch(batch)?;
        if found.state != BatchState::Applying {
            return Ok(());
        }
        if !found.started {
            if !self.refresh(&found, path, job)? {
                return Ok(());
            }
            self.db.write_wait(move |tx| store::start(tx, batch))?;
            found = self.batch(batch)?;
        }
        self.write_rows(&found, job)?;
        self.db.write_wait(move |tx| finish(tx, batch))
    }

    /// Plans anew when another import was written since the preview. False when a person has to look again.
    fn refresh(&self, batch: &Batch, path: Option<&Path>, job: Option<Id>) -> Result<bool> {
        let id = batch.id;
        if self.db.read_wait(store::version)? == batch.base_version {
            return Ok(true);
        }
        let Some(path) = path else { return Err(Error::internal("the file of the import is needed to plan it anew")) };
        self.stage(id, path, job)?;
        let fresh = self.batch(id)?;
        if fresh.state != BatchState::Applying {
            return Ok(false);
        }
        if fresh.gone_over && fresh.gone != fresh.gone_confirmed {
            let note = Fault::from(Code::new("roster-note-look-again"));
            let notes = serde_json::to_string(&[note])?;
            self.db.write_wait(move |tx| store::back_to_preview(tx, id, &notes))?;
            return Ok(false);
        }
        self.db.write_wait(move |tx| {
            let left = rows::unwritten_count(tx, id)?;
            store::begin_applying(tx, id, left, fresh.gone_confirmed)
        })?;
        Ok(true)
    }

    fn write_rows(&self, batch: &Batch, job: Option<Id>) -> Result<()> {
        let id = batch.id;
        let (groups, today, begins) = self.db.read_wait(|r| {
            let (today, calendar) = (r.today(), year::calendar(r)?);
            Ok((SpecialGroups::load(r)?, today, calendar.year_begins(calendar.year_of(today))))
        })?;
        let mut ids = Ids::new(&self.db);
        let mut classes: HashMap<(Id, ClassKey), Id> = HashMap::new();
        let (mut after, mut size, mut collisions) = (i64::MIN, FIRST_CHUNK, 0);
        loop {
            let limit = size;
            let rows = self.db.read_wait(move |r| rows::unwritten(r, id, after, limit))?;
            let Some(last) = rows.last().map(|row| row.number) else { return Ok(()) };
            let ready: Result<Vec<Ready>> =
                rows.into_iter().map(|row| self.ready(id, row, &groups, &mut ids)).collect();
            let chunk = Arc::new(Chunk {
                batch: id,
                rows: ready?,
                classes: classes.clone(),
                today,
                year_begins: begins.min(today),
            });
            let (vault, told, row) = (self.vault.clone(), self.told.clone(), last);
            let written = self.db.write_wait(move |tx| {
                if let Some(job) = job {
                    jobs::progress(tx, job, &json!({ "row": row }))?;
                }
                chunk.write(tx, &vault, &*told)
            });
            let Written { made, ms } = match written {
                // Another worker carries on with the same import: look again what is left to do.
                Err(Error::Busy(why)) if collisions < COLLISIONS => {
                    tracing::info!(%why, "the import is written by two workers");
                    collisions += 1;
                    std::thread::sleep(Duration::from_millis(200));
                    after = i64::MIN;
                    continue;
                }
                other => other?,
            };
            after = row;
            collisions = 0;
            classes.extend(made);
            size = if ms > AIM_MS { size / 2 } else { size + size / 4 }.clamp(20, 500);
        }
    }

    /// Everything of a row that can be made before the writer is held.
    fn ready(&self, batch: Id, row: StoredRow, groups: &SpecialGroups, ids: &mut Ids) -> Result<Ready> {
        let student = row.student.ok_or_else(|| Error::internal("a staged row without its pupil"))?;
        let school = row.school.ok_or_else(|| Error::internal("a staged row without its school"))?;
        let mut ready = Ready {
            number: row.number,
            verdict: row.verdict,
            student,
            school,
            since: row.since,
            name: row.name,
            id_blind: row.id_blind,
            roll_blind: row.roll_blind,
            row_hash: row.row_hash,
            pupil: None,
        };
        if row.verdict == Verdict::Left {
            return Ok(ready);
        }
        let content = open_row(&self.vault, batch, row.number, &row.sealed)?;
        let pupil = content.row.ok_or_else(|| Error::internal("a staged row without its content"))?;
        let class = pupil.class.ok_or_else(|| Error::internal("a staged row without its class"))?;
        let birth = pupil.birth_date.ok_or_else(|| Error::internal("a staged row without its birth date"))?;
        let persons = Person::of_row(&self.vault, &pupil, || ids.take())?;
        let mut terms = search::name_terms(&pupil.name);
        for phone in persons.iter().filter_map(|person| person.phone.as_deref()) {
            if let Some(tail) = phone.len().checked_sub(4).and_then(|at| phone.get(at..)) {
                terms.insert(self.vault.tail_term(tail));
            }
        }
        ready.pupil = Some(super::write::Pupil {
            class,
            birth,
            columns: Columns::of(&pupil, groups),
            sealed: self.vault.seal_json(STUDENT_SEALED, student, &SealedOut::of(&pupil))?,
            persons,
            terms,
        });
        Ok(ready)
    }
}

fn finish(tx: &mut Tx, id: Id) -> Result<()> {
    let batch = store::find(tx, id)?;
    if batch.state != BatchState::Applying {
        return Ok(());
    }
    let version = store::raise_version(tx)?;
    store::end_applying(tx, id, version)?;
    let detail = json!({
        "added": batch.added, "changed": batch.changed, "moved": batch.moved, "left": batch.gone,
        "unchanged": batch.unchanged, "refused": batch.waiting(), "written": batch.written,
    });
    audit::note(
        tx,
        &audit::Entry {
            account: batch.created_by,
            action: "roster.applied",
            object_kind: "import",
            object: Some(id),
            school: batch.school,
            detail: &detail.to_string(),
            ..audit::Entry::default()
        },
    )
}
