//! An import from the command line, and what it reports.

use super::jobs::{APPLY, OfBatch};
use super::model::Batch;
use super::rows::StoredRow;
use super::store::{self, NewBatch};
use super::{BatchState, Importer, apply, rows, stage};
use crate::roster::problem::{Problem, Severity};
use crate::unit::{self, UnitKind};
use gongyu_kernel::error::Code;
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{blob, jobs};
use gongyu_web::App;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Seconds after which a node takes over an import whose command was cut off.
const TAKE_OVER: i64 = 120;

/// What an import did, or would do.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ImportReport {
    /// New pupils.
    pub added: i64,
    /// Pupils with changes.
    pub changed: i64,
    /// Pupils who changed class or school.
    pub moved: i64,
    /// Pupils who left.
    pub left: i64,
    /// Pupils without changes.
    pub unchanged: i64,
    /// Rows that were not imported, each with every reason.
    pub problems: Vec<RowProblem>,
    /// Why a file could not be read; nothing was then imported from any of them.
    #[serde(skip)]
    pub unreadable: Option<Code>,
}

/// One reason why a row was not imported.
#[derive(Clone, Debug, Serialize)]
pub struct RowProblem {
    /// The row in the file, counted from 1; 0 for the file as a whole.
    pub row: i64,
    /// Heading of the column; empty for the row as a whole.
    pub column: String,
    /// In words.
    pub reason: String,
}

/// Imports roster files: reads all of them first, and writes only when every one could be read. Rows that are not good
/// are left out and reported, in words of `lang`. With `dry_run` nothing is written.
///
/// # Errors
/// `Error::Conflict` for an unknown school code; otherwise as any statement.
pub fn import_files(
    app: &App,
    files: &[PathBuf],
    school_code: Option<&str>,
    dry_run: bool,
    complete: bool,
    lang: Lang,
) -> Result<ImportReport> {
    let importer = Importer::of(app);
    carry_on(app, &importer)?;
    let school = match school_code {
        None => None,
        Some(code) => Some(school_of(app, code)?),
    };
    for path in files {
        if let Err(code) = stage::open(path, school.is_some()) {
            return Ok(ImportReport { unreadable: Some(code), ..ImportReport::default() });
        }
    }
    let mut batches = Vec::with_capacity(files.len());
    let mut report = ImportReport::default();
    for path in files {
        let batch = begin(app, path, school, complete)?;
        batches.push(batch);
        importer.stage(batch, path, None)?;
        let staged = importer.batch(batch)?;
        if staged.state == BatchState::Refused {
            let fault: super::Fault = serde_json::from_str(&staged.fault)?;
            report.unreadable = Some(fault.code());
            break;
        }
    }
    if dry_run || report.unreadable.is_some() {
        for batch in batches {
            if report.unreadable.is_none() {
                add(app, &mut report, &importer.batch(batch)?, lang)?;
            }
            importer.discard(batch)?;
        }
        return Ok(report);
    }
    for (batch, path) in batches.into_iter().zip(files) {
        write(app, &importer, &mut report, batch, path, lang)?;
    }
    Ok(report)
}

/// How long such a file is kept, in seconds, as one that was uploaded [P].
const KEPT: i64 = 30 * 86_400;

/// Reads a file for a school and leaves it to be looked at, as an upload does; the import.
///
/// # Errors
/// As any statement.
pub fn stage_bytes(app: &App, school: Id, by: Option<Id>, file_name: &str, bytes: &[u8]) -> Result<Id> {
    let sha256 = app.blobs.keep(bytes)?;
    let path = app.blobs.fetch(&sha256)?;
    let (name, size) = (file_name.to_owned(), bytes.len() as i64);
    let batch = app.db.write_wait(move |tx| {
        let expires = tx.now().plus_seconds(KEPT);
        blob::remember(tx, &sha256, size, "application/octet-stream", &name, Some(expires))?;
        let (file_name, sha256) = (name.clone(), sha256.clone());
        store::create(tx, &NewBatch { school: Some(school), complete: false, file_name, sha256, by })
    })?;
    Importer::of(app).stage(batch, &path, None)?;
    Ok(batch)
}

/// Carries on what an earlier command left unfinished.
fn carry_on(app: &App, importer: &Importer) -> Result<()> {
    for batch in app.db.read_wait(store::unfinished)? {
        if batch.started {
            importer.apply(batch.id, None, None)?;
        }
    }
    Ok(())
}

fn school_of(app: &App, code: &str) -> Result<Id> {
    let code = code.to_owned();
    let found = app.db.read_wait(move |r| {
        unit::by_code(r, UnitKind::School, &code)?
            .ok_or_else(|| Error::conflict(Code::new("roster-no-such-school").arg("code", &code)))
    })?;
    Ok(found.id)
}

fn begin(app: &App, path: &Path, school: Option<Id>, complete: bool) -> Result<Id> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let new = NewBatch { school, complete, file_name: name, sha256: String::new(), by: None };
    app.db.write_wait(move |tx| store::create(tx, &new))
}

fn write(app: &App, importer: &Importer, report: &mut ImportReport, batch: Id, path: &Path, lang: Lang) -> Result<()> {
    let staged = importer.batch(batch)?;
    if staged.gone_over {
        let catalogue = app.catalogue.clone();
        let code = Code::new("roster-too-many-leave").arg("n", staged.gone);
        let reason = catalogue.code(lang, &code);
        report.problems.push(RowProblem { row: 0, column: String::new(), reason });
        app.db.write_wait(move |tx| store::drop_left(tx, batch))?;
    }
    let decided = app.db.write_wait(move |tx| {
        let found = store::find(tx, batch)?;
        if rows::unwritten_count(tx, batch)? == 0 {
            return Ok(false);
        }
        apply::decide(tx, &found, found.gone)?;
        let later = tx.now().plus_seconds(TAKE_OVER);
        jobs::enqueue_at(tx, APPLY, &OfBatch { batch }, later)?;
        Ok(true)
    })?;
    if decided {
        importer.apply(batch, Some(path), None)?;
    }
    add(app, report, &importer.batch(batch)?, lang)
}

fn add(app: &App, report: &mut ImportReport, batch: &Batch, lang: Lang) -> Result<()> {
    report.added += batch.added;
    report.changed += batch.changed;
    report.moved += batch.moved;
    report.left += batch.gone;
    report.unchanged += batch.unchanged;
    let (id, most) = (batch.id, i64::MAX);
    let waiting: Vec<StoredRow> = app.db.read_wait(move |r| rows::waiting(r, id, most))?;
    for row in waiting {
        for problem in weighty(&row)? {
            let reason = app.catalogue.code(lang, &sentence(&problem));
            report.problems.push(RowProblem { row: row.number, column: problem.column_title, reason });
        }
    }
    Ok(())
}

/// The problems that keep a row from being imported, the heaviest first.
pub(crate) fn weighty(row: &StoredRow) -> Result<Vec<Problem>> {
    if row.problems.is_empty() {
        return Ok(Vec::new());
    }
    let mut problems: Vec<Problem> = serde_json::from_str(&row.problems)?;
    problems.retain(|problem| problem.severity > Severity::Note);
    problems.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
    Ok(problems)
}

/// The sentence of a problem.
pub(crate) fn sentence(problem: &Problem) -> Code {
    let args = problem.args.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    Code { key: problem.code.key().into(), args }
}
