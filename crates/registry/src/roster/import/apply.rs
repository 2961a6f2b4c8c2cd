//! Writing what was decided: forward only, stretch by stretch, each stretch whole (docs/adr/0005-roster-import.md).

use super::columns::SpecialGroups;
use super::model::{Batch, BatchState};
use super::source::{self, Load, Origin};
use super::spread::{SPREAD, Spread};
use super::write::{Mark, Ready, Stretch, Written};
use super::{Importer, fault::Fault, rows, store};
use crate::roster::class_label::ClassKey;
use crate::year;
use gongyu_kernel::error::Code;
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_store::{Tx, audit, jobs};
use serde_json::json;
use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;
use std::time::Duration;

/// Rows of the first stretch; an import no larger than this is written in one transaction.
const FIRST_STRETCH: usize = 100;
/// Rows of one stretch at most.
const MOST: usize = 600;
/// A stretch is to hold the writer about this long, in milliseconds.
const AIM_MS: i64 = 30;
/// Up to so many rows, new pupils are made findable with their own transaction; of more, many at once.
const FINDABLE_AT_ONCE: i64 = 2_000;
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
        self.settle(&found)?;
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
        let (groups, today, begins) = self.db.read_wait(|r| {
            let (today, calendar) = (r.today(), year::calendar(r)?);
            Ok((SpecialGroups::load(r)?, today, calendar.year_begins(calendar.year_of(today))))
        })?;
        let mut hand = Hand {
            importer: self,
            batch: batch.id,
            job,
            today,
            year_begins: begins.min(today),
            findable: batch.to_write <= FINDABLE_AT_ONCE,
            classes: HashMap::new(),
            size: FIRST_STRETCH,
            spread: Spread::default(),
        };
        let mut collisions = 0;
        loop {
            let written = thread::scope(|scope| {
                let (to, loads) = sync_channel(2);
                let groups = &groups;
                scope.spawn(move || source::prepare(self, batch.id, groups, &to));
                hand.write(&loads)
            });
            match written {
                // Another worker carries on with the same import: look again what is left to do.
                Err(Error::Busy(why)) if collisions < COLLISIONS => {
                    tracing::info!(%why, "the import is written by two workers");
                    collisions += 1;
                    hand.spread = Spread::default();
                    thread::sleep(Duration::from_millis(200));
                }
                other => return other,
            }
        }
    }
}

/// A row with its place among those of its load.
struct Placed {
    origin: Origin,
    at: i64,
    of: i64,
    row: Ready,
}

/// Writes loads, stretch by stretch.
struct Hand<'i> {
    importer: &'i Importer,
    batch: Id,
    job: Option<Id>,
    today: Date,
    year_begins: Date,
    findable: bool,
    classes: HashMap<(Id, ClassKey), Id>,
    size: usize,
    spread: Spread,
}

impl Hand<'_> {
    fn write(&mut self, loads: &Receiver<Result<Load>>) -> Result<()> {
        let mut waiting: VecDeque<Placed> = VecDeque::new();
        let mut more = true;
        loop {
            while more && waiting.len() < self.size {
                match loads.recv() {
                    Ok(load) => self.take(load?, &mut waiting)?,
                    Err(_) => more = false,
                }
            }
            if waiting.is_empty() {
                return self.spread.flush(self.importer, self.batch);
            }
            let some: Vec<Placed> = waiting.drain(..self.size.min(waiting.len())).collect();
            self.write_some(some)?;
        }
    }

    /// Queues the rows of a load that are not yet written; of those that are, only what makes them findable is left.
    fn take(&mut self, load: Load, waiting: &mut VecDeque<Placed>) -> Result<()> {
        let written = match load.origin {
            Origin::Chunk { done, .. } => done,
            Origin::Single => 0,
        };
        let of = i64::try_from(load.rows.len()).map_err(Error::internal)?;
        let (mut known, number) = (Vec::new(), load.origin);
        for (at, row) in (0..).zip(load.rows) {
            if usize::try_from(at).is_ok_and(|at| at < written) {
                known.push(row);
            } else {
                waiting.push_back(Placed { origin: load.origin, at, of, row });
            }
        }
        if let Origin::Chunk { number, .. } = number
            && !known.is_empty()
        {
            self.spread.again(self.importer, &known)?;
            if known.len() as i64 == of {
                self.spread.chunks.push(number);
            }
        }
        Ok(())
    }

    fn write_some(&mut self, some: Vec<Placed>) -> Result<()> {
        let marks = marks(&some);
        let finished: Vec<i64> = some
            .iter()
            .filter(|placed| placed.at + 1 == placed.of)
            .filter_map(|placed| match placed.origin {
                Origin::Chunk { number, .. } => Some(number),
                Origin::Single => None,
            })
            .collect();
        let single = some.iter().any(|placed| placed.origin == Origin::Single);
        let stretch = Arc::new(Stretch {
            batch: self.batch,
            findable: self.findable || single,
            rows: some.into_iter().map(|placed| placed.row).collect(),
            marks,
            classes: self.classes.clone(),
            today: self.today,
            year_begins: self.year_begins,
        });
        let (vault, told, own, job) =
            (self.importer.vault.clone(), self.importer.told.clone(), stretch.clone(), self.job);
        let Written { made, fresh, ms } = self.importer.db.write_wait(move |tx| {
            if let (Some(job), Some(last)) = (job, own.rows.last()) {
                jobs::progress(tx, job, &json!({ "row": last.number }))?;
            }
            own.write(tx, &vault, &*told)
        })?;
        self.classes.extend(made);
        self.size = if ms > AIM_MS { self.size / 2 } else { self.size + self.size / 4 }.clamp(20, MOST);
        if !stretch.findable {
            self.spread.take(stretch.rows.iter().filter(|row| fresh.contains(&row.student)));
            self.spread.chunks.extend(finished);
            if self.spread.terms.len() >= SPREAD {
                self.spread.flush(self.importer, self.batch)?;
            }
        }
        Ok(())
    }
}

/// The staged rows that a stretch finishes: one mark for each run of rows from the same place.
fn marks(rows: &[Placed]) -> Vec<Mark> {
    rows.chunk_by(|one, next| one.origin == next.origin)
        .map(|run| {
            let (first, last) = (&run[0], &run[run.len() - 1]);
            match first.origin {
                Origin::Chunk { number, .. } => Mark::Chunk { number, from: first.at, to: last.at + 1 },
                Origin::Single => {
                    Mark::Single { first: first.row.number, last: last.row.number, count: run.len() as u64 }
                }
            }
        })
        .collect()
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
