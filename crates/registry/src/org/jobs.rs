//! The two jobs of an import: reading and checking the files, and applying what was checked. Both go on
//! where they stopped when a worker is lost.

use super::batch::{self, Staged, State};
use super::heading::SheetKind;
use super::plan::Planner;
use super::{apply, book, ends, read, snapshot};
use crate::people::PHONE_BLIND;
use crate::roster::import::left_percent;
use crate::year;
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::{Id, Result};
use gongyu_paper::sheet::Limits;
use gongyu_store::audit;
use gongyu_store::jobs::{self, Handler};
use gongyu_web::App;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

pub(super) const READ: &str = "org.read";
pub(super) const APPLY: &str = "org.apply";

pub(super) const HANDLERS: &[Handler<App>] =
    &[Handler { kind: READ, run: read_job }, Handler { kind: APPLY, run: apply_job }];

/// Rows staged in one write.
const STAGE_CHUNK: usize = 400;
/// Rows applied in one write: a member of staff takes about ten small statements.
const APPLY_CHUNK: i64 = 40;

/// What both jobs are told.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Task {
    pub(super) batch: Id,
}

/// What a job says of its progress.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Progress {
    pub(super) done: i64,
    pub(super) total: i64,
}

fn read_job(app: &App, job: Id, payload: &str) -> Result<()> {
    let Task { batch: id } = serde_json::from_str(payload)?;
    let batch = app.db.read_wait(move |r| batch::find(r, id))?;
    if batch.state != State::Reading {
        return Ok(());
    }
    while app.db.write_wait(move |tx| batch::unstage(tx, id))? > 0 {}
    let limits = Limits { file_bytes: app.config.max_upload_bytes, ..Limits::default() };
    let marks = Lang::ALL.map(|lang| app.catalogue.t(lang, book::WHY).into_owned());
    let (mut rows, mut mended) = (Vec::new(), false);
    for file in batch.files()? {
        match read::file(&app.blobs.fetch(&file.sha256)?, &limits, &marks) {
            Ok((mut more, brought_back)) => {
                rows.append(&mut more);
                mended |= brought_back;
            }
            Err(fault) => return app.db.write_wait(move |tx| batch::fail(tx, id, fault.key())),
        }
    }
    let (known, school_year) = app.db.read_wait(|r| Ok((snapshot::load(r)?, year::current(r)?.start)))?;
    let blind = |phone: &str| app.vault.blind(PHONE_BLIND, phone);
    let planner = Planner::new(known, school_year, &blind);
    let (planned, over) = if batch.complete && !mended {
        let (held, percent) = app.db.read_wait(|r| Ok((ends::held(r)?, left_percent(r)?)))?;
        planner.plan_complete(rows, &held, percent)
    } else {
        (planner.plan(rows), false)
    };
    let total = planned.len() as i64;
    let mut first = 1;
    for chunk in planned.chunks(STAGE_CHUNK) {
        let staged: Arc<Vec<Staged>> =
            Arc::new(chunk.iter().map(|row| batch::staged(&app.vault, id, row)).collect::<Result<_>>()?);
        let from = first;
        first += staged.len() as i64;
        let done = first - 1;
        app.db.write_wait(move |tx| {
            batch::stage(tx, id, from, &staged)?;
            jobs::progress(tx, job, &Progress { done, total })
        })?;
    }
    app.db.write_wait(move |tx| batch::settle(tx, id, mended, over))
}

fn apply_job(app: &App, job: Id, payload: &str) -> Result<()> {
    let Task { batch: id } = serde_json::from_str(payload)?;
    let batch = app.db.read_wait(move |r| batch::find(r, id))?;
    if batch.state != State::Applying {
        return Ok(());
    }
    let mut upto = batch.applied_upto;
    for sheet in SheetKind::ALL {
        let places = Arc::new(app.db.read_wait(apply::Places::load)?);
        loop {
            let sealed = app.db.read_wait(move |r| batch::to_apply(r, id, sheet, upto, APPLY_CHUNK))?;
            let Some((last, _)) = sealed.last() else { break };
            let (before, last) = (upto, *last);
            let rows: Arc<Vec<_>> =
                Arc::new(sealed.iter().map(|(_, bytes)| batch::open(&app.vault, id, bytes)).collect::<Result<_>>()?);
            let (vault, places) = (app.vault.clone(), places.clone());
            let (by, total) = (batch.created_by, batch.rows_total);
            let mine = app.db.write_wait(move |tx| {
                if !batch::applied_upto(tx, id, before, last)? {
                    return Ok(false);
                }
                for row in rows.iter() {
                    apply::row(tx, &vault, &places, row, by)?;
                }
                jobs::progress(tx, job, &Progress { done: last, total })?;
                Ok(true)
            })?;
            if !mine {
                return Ok(());
            }
            upto = last;
        }
    }
    app.db.write_wait(move |tx| {
        if !batch::finish(tx, id)? {
            return Ok(());
        }
        let detail =
            serde_json::json!({ "added": batch.added, "changed": batch.changed, "ended": batch.ended }).to_string();
        audit::note(
            tx,
            &audit::Entry {
                account: Some(batch.created_by),
                action: "org.applied",
                object_kind: "org_batch",
                object: Some(id),
                detail: &detail,
                ..audit::Entry::default()
            },
        )
    })
}
