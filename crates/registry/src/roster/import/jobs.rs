//! The import's work behind the page.

use super::fix::{Mend, mend_rows};
use super::{Importer, rows, store};
use crate::roster::headings::Field;
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::jobs::{Every, Handler, Schedule};
use gongyu_web::App;
use serde::{Deserialize, Serialize};

/// Job that reads a file into a preview.
pub const READ: &str = "roster-read";
/// Job that writes what was decided.
pub const APPLY: &str = "roster-apply";
/// Job that mends many rows with the same writing.
pub const FIX: &str = "roster-fix";
/// Job that takes back what was written.
pub const UNDO: &str = "roster-undo";
/// Job that sorts the pupils anew into those who get special visits.
pub const SPECIAL: &str = "roster-special";
const TIDY: &str = "roster-tidy";

/// Staged rows are kept this long for mending, then they go: they hold what the registry need not hold twice [P].
const KEEP_DAYS: i64 = 30;
/// Rows mended in one transaction.
const FIX_AT_ONCE: i64 = 25;

/// Payload of `READ` and `APPLY`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct OfBatch {
    pub batch: Id,
}

/// Payload of `FIX`: the rows staged under `fix_key` get `value` in `field`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct FixSame {
    pub batch: Id,
    pub fix_key: String,
    pub field: Field,
    pub value: String,
}

/// The handlers of the import's jobs.
pub const HANDLERS: &[Handler<App>] = &[
    Handler { kind: READ, run: read },
    Handler { kind: APPLY, run: apply },
    Handler { kind: FIX, run: fix_same },
    Handler { kind: UNDO, run: undo },
    Handler { kind: SPECIAL, run: special },
    Handler { kind: TIDY, run: tidy },
];

/// What comes back by itself.
pub const SCHEDULES: &[Schedule] = &[Schedule { kind: TIDY, every: Every::DayAt(3, 40) }];

fn read(app: &App, job: Id, payload: &str) -> Result<()> {
    let OfBatch { batch } = serde_json::from_str(payload)?;
    let importer = Importer::of(app);
    let found = importer.batch(batch)?;
    if found.state != super::BatchState::Reading {
        return Ok(());
    }
    importer.stage(batch, &app.blobs.fetch(&found.sha256)?, Some(job))
}

fn apply(app: &App, job: Id, payload: &str) -> Result<()> {
    let OfBatch { batch } = serde_json::from_str(payload)?;
    let importer = Importer::of(app);
    let found = importer.batch(batch)?;
    let path = match app.blobs.fetch(&found.sha256) {
        Err(Error::NotFound) => None,
        fetched => Some(fetched?),
    };
    importer.apply(batch, path.as_deref(), Some(job))
}

fn undo(app: &App, _: Id, payload: &str) -> Result<()> {
    let OfBatch { batch } = serde_json::from_str(payload)?;
    Importer::of(app).undo(batch)
}

fn special(app: &App, _: Id, _: &str) -> Result<()> {
    Importer::of(app).sort_special()
}

fn fix_same(app: &App, _: Id, payload: &str) -> Result<()> {
    let fix: FixSame = serde_json::from_str(payload)?;
    let (vault, batch) = (app.vault.clone(), fix.batch);
    let mend = Mend::Set(vec![(fix.field, fix.value)]);
    let key = fix.fix_key;
    loop {
        let (vault, mend, key) = (vault.clone(), mend.clone(), key.clone());
        let mended = app.db.write_wait(move |tx| {
            let found = store::find(tx, batch)?;
            let same = rows::same_writing(tx, batch, &key, FIX_AT_ONCE)?;
            let numbers: Vec<i64> = same.into_iter().map(|(number,)| number).collect();
            let left = numbers.len();
            if left > 0 {
                mend_rows(tx, &vault, &found, &numbers, &mend)?;
            }
            Ok(left)
        })?;
        if mended == 0 {
            return Ok(());
        }
    }
}

fn tidy(app: &App, _: Id, _: &str) -> Result<()> {
    let importer = Importer::of(app);
    loop {
        let old = app.db.read_wait(|r| {
            let before = r.now().plus_seconds(-KEEP_DAYS * 86_400);
            store::older_than(r, before)
        })?;
        if old.is_empty() {
            return Ok(());
        }
        for batch in old {
            importer.discard(batch.id)?;
        }
    }
}
