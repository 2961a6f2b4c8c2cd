//! A changed rule before it is saved: kept as it was typed, so that nothing has to be typed again, and what
//! it would do, worked out by the page itself or, for a large district, by a job.

use gongyu_kernel::{Error, Id, Result};
use gongyu_ledger::duty::preview::{self, Preview};
use gongyu_ledger::rules::Rule;
use gongyu_store::{Reader, Tx, jobs, record, sql};
use gongyu_web::{App, FormData};
use serde::{Deserialize, Serialize};

/// The job that works out a long one.
pub(super) const JOB: &str = "rules.preview";
/// Hours after which one is forgotten [P].
const KEPT_HOURS: i64 = 24;

record! {
    struct Stored {
        code: String,
        version: u32,
        form: String,
        rule: String,
        job: Option<Id>,
        result: Option<String>,
    }
}

/// A change somebody looks at.
pub(super) struct Kept {
    /// Code of the rule.
    pub code: String,
    /// Version in force when it was typed.
    pub version: u32,
    /// The form as it was typed.
    pub form: FormData,
    /// The rule as it would be.
    pub rule: Rule,
    job: Option<Id>,
    result: Option<String>,
}

/// How far a job is.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Progress {
    /// Children looked at.
    pub done: i64,
    /// Of so many.
    pub total: i64,
}

/// What is known of a change.
pub(super) enum Known {
    /// What it would do.
    Whole(Preview),
    /// A job is at it.
    Running(Progress),
    /// The job gave up.
    Dead,
}

#[derive(Serialize, Deserialize)]
struct Work {
    id: Id,
}

/// Keeps a change; a job is asked for where the page would take too long.
///
/// # Errors
/// As any statement.
pub(super) fn keep(tx: &mut Tx, version: u32, rule: &Rule, form: &FormData, by: Id) -> Result<Id> {
    let (id, now) = (tx.new_id(), tx.now());
    tx.exec(sql!("DELETE FROM rule_preview WHERE made_at < $1"), &[&now.plus_minutes(-60 * KEPT_HOURS)])?;
    let job = if preview::is_long(tx, rule)? { Some(jobs::enqueue(tx, JOB, &Work { id })?) } else { None };
    // What belongs to the sending, not to the rule, is left out.
    let typed = form.query_with(&[("csrf", ""), (gongyu_web::toll::FIELD, "")]);
    let body = serde_json::to_string(rule)?;
    tx.exec(
        sql!(
            "INSERT INTO rule_preview (id, code, version, form, rule, made_by, made_at, job_id)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        &[&id, &rule.code, &version, &typed, &body, &by, &now, &job],
    )?;
    Ok(id)
}

/// A change of one's own.
///
/// # Errors
/// `Error::NotFound` when it is somebody else's or forgotten.
pub(super) fn find(r: &mut Reader, id: Id, by: Id) -> Result<Kept> {
    let stored: Stored = r.one(
        sql!(
            "SELECT code, version, form, rule, job_id, result FROM rule_preview
              WHERE id = $1 AND made_by = $2"
        ),
        &[&id, &by],
    )?;
    Ok(Kept {
        rule: serde_json::from_str(&stored.rule)?,
        form: FormData::parse(stored.form.as_bytes()),
        code: stored.code,
        version: stored.version,
        job: stored.job,
        result: stored.result,
    })
}

/// What it would do, or how far the job is.
///
/// # Errors
/// As any statement.
pub(super) fn known(r: &mut Reader, kept: &Kept) -> Result<Known> {
    match (&kept.result, kept.job) {
        (Some(result), _) => Ok(Known::Whole(serde_json::from_str(result)?)),
        (None, None) => preview::preview(r, &kept.rule).map(Known::Whole),
        (None, Some(job)) => {
            let job = jobs::view(r, job)?;
            if job.finished_at.is_some() {
                return Ok(Known::Dead);
            }
            let progress = job.progress.as_deref().and_then(|p| serde_json::from_str(p).ok());
            Ok(Known::Running(progress.unwrap_or_default()))
        }
    }
}

/// Works one out.
///
/// # Errors
/// As any statement.
pub(super) fn run(app: &App, job: Id, body: &str) -> Result<()> {
    let Work { id } = serde_json::from_str(body)?;
    let rule: Option<(String,)> =
        app.db.read_wait(move |r| r.row(sql!("SELECT rule FROM rule_preview WHERE id = $1"), &[&id]))?;
    // Forgotten meanwhile: nobody waits for it.
    let Some((rule,)) = rule else { return Ok(()) };
    let rule: Rule = serde_json::from_str(&rule)?;
    let mut told = 0;
    let found = preview::preview_in_steps(&app.db, &rule, |done, total| {
        // A line of progress for each hundredth is enough.
        if (done - told) * 100 < total {
            return Ok(());
        }
        told = done;
        app.db.write_wait(move |tx| jobs::progress(tx, job, &Progress { done, total }))
    })?;
    let result = serde_json::to_string(&found).map_err(Error::internal)?;
    app.db.write_wait(move |tx| {
        tx.exec(sql!("UPDATE rule_preview SET result = $1 WHERE id = $2"), &[&result, &id]).map(drop)
    })
}
