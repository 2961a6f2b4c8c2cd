//! What the product does by itself, in words: what each kind of job is for, where it stands, and those that
//! gave up, for the person who keeps the system.

use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_store::jobs::{self, Every, JobView};
use gongyu_store::{Reader, record, sql};
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{Flash, Get, Holder, Post, Reply};
use std::collections::BTreeMap;

record! {
    /// How the jobs of one kind stand.
    #[derive(Clone, Debug)]
    struct Counts {
        kind: String,
        waiting: i64,
        running: i64,
        failing: i64,
        done_at: Option<Millis>,
    }
}

record! {
    struct Failing {
        kind: String,
        attempts: i64,
        run_at: Millis,
        last_error: Option<String>,
    }
}

struct KindRow {
    name: String,
    does: String,
    when: String,
    waiting: i64,
    running: i64,
    failing: i64,
    done_at: Option<Millis>,
}

struct DeadRow {
    id: Id,
    name: String,
    does: String,
    kind: String,
    attempts: i64,
    why: String,
    created_at: Millis,
    finished_at: Option<Millis>,
}

struct AgainRow {
    name: String,
    attempts: i64,
    next: Millis,
    why: String,
}

#[derive(Template)]
#[template(path = "account/pages/jobs.html")]
struct JobsPage {
    dead: Vec<DeadRow>,
    again: Vec<AgainRow>,
    kinds: Vec<KindRow>,
    waiting: i64,
    running: i64,
}

fn counts(r: &mut Reader) -> Result<Vec<Counts>> {
    let now = r.now();
    r.rows(
        sql!(
            "SELECT kind,
                    CAST(SUM(CASE WHEN state = 'ready' AND lease_until <= $1 AND run_at <= $1 THEN 1 ELSE 0 END) AS BIGINT),
                    CAST(SUM(CASE WHEN state = 'ready' AND lease_until > $1 THEN 1 ELSE 0 END) AS BIGINT),
                    CAST(SUM(CASE WHEN state = 'ready' AND lease_until <= $1 AND attempts > 0 THEN 1 ELSE 0 END) AS BIGINT),
                    MAX(CASE WHEN state = 'done' THEN finished_at END)
              FROM job GROUP BY kind ORDER BY kind"
        ),
        &[&now],
    )
}

/// Jobs whose last try failed and that will be tried again by themselves.
fn failing(r: &mut Reader) -> Result<Vec<Failing>> {
    let now = r.now();
    r.rows(
        sql!(
            "SELECT kind, attempts, run_at, last_error FROM job
              WHERE state = 'ready' AND attempts > 0 AND last_error IS NOT NULL AND lease_until <= $1
              ORDER BY run_at, id LIMIT 50"
        ),
        &[&now],
    )
}

/// The words of a kind: what it is called, what it does. A kind nobody wrote words for is called by its code.
fn words(view: &View, kind: &str) -> (String, String) {
    let key = kind.replace(['.', '_'], "-");
    let (name, does) = (format!("job-name-{key}"), format!("job-does-{key}"));
    if view.has(&name) { (view.t(&name), view.t(&does)) } else { (kind.to_owned(), String::new()) }
}

fn when(view: &View, every: Every) -> String {
    match every {
        Every::DayAt(hour, minute) => {
            view.ta("account-jobs-daily", &[("clock", format!("{hour:02}:{minute:02}").into())])
        }
        Every::Seconds(s) if s % 3_600 == 0 => view.ta("account-jobs-hours", &[("n", (s / 3_600).into())]),
        Every::Seconds(s) if s % 60 == 0 => view.ta("account-jobs-minutes", &[("n", (s / 60).into())]),
        Every::Seconds(s) => view.ta("account-jobs-seconds", &[("n", s.into())]),
    }
}

/// Lists them.
pub fn show(g: &mut Get<'_>, _: Holder<right::ManageJobs>) -> Result<Reply> {
    let view = g.view().clone();
    let features = &g.app.features;
    let schedules: BTreeMap<&str, Every> =
        features.iter().flat_map(|f| f.schedules.iter()).map(|s| (s.kind, s.every)).collect();
    let mut known: BTreeMap<String, Counts> = counts(g.r)?.into_iter().map(|c| (c.kind.clone(), c)).collect();
    let mut kinds: Vec<KindRow> = features
        .iter()
        .flat_map(|f| f.jobs.iter())
        .map(|handler| {
            let (name, does) = words(&view, handler.kind);
            let found = known.remove(handler.kind);
            let of = |take: fn(&Counts) -> i64| found.as_ref().map_or(0, take);
            KindRow {
                name,
                does,
                when: schedules.get(handler.kind).map_or_else(|| view.t("account-jobs-asked-for"), |e| when(&view, *e)),
                waiting: of(|c| c.waiting),
                running: of(|c| c.running),
                failing: of(|c| c.failing),
                done_at: found.as_ref().and_then(|c| c.done_at),
            }
        })
        .collect();
    kinds.sort_by_key(|k| (k.failing == 0, k.running == 0, k.waiting == 0));
    let dead = jobs::dead(g.r)?.into_iter().map(|job| dead_row(&view, job)).collect();
    let again = failing(g.r)?
        .into_iter()
        .map(|job| AgainRow {
            name: words(&view, &job.kind).0,
            attempts: job.attempts,
            next: job.run_at,
            why: job.last_error.unwrap_or_default(),
        })
        .collect();
    let page = JobsPage {
        dead,
        again,
        waiting: kinds.iter().map(|k| k.waiting).sum(),
        running: kinds.iter().map(|k| k.running).sum(),
        kinds,
    };
    g.page(g.t("account-jobs-title"), "jobs", &page)
}

fn dead_row(view: &View, job: JobView) -> DeadRow {
    let (name, does) = words(view, &job.kind);
    DeadRow {
        id: job.id,
        name,
        does,
        attempts: job.attempts,
        why: job.last_error.unwrap_or_default(),
        created_at: job.created_at,
        finished_at: job.finished_at,
        kind: job.kind,
    }
}

/// Gives one another life.
pub fn retry(p: &mut Post<'_>, _: Holder<right::ManageJobs>) -> Result<Reply> {
    let id = p.req.id()?;
    match jobs::retry(p.tx, id) {
        Ok(()) => {
            p.audit("job.retry", ("job", Some(id)), "")?;
            Ok(Reply::to_with("/jobs", Flash::new("account-job-again")))
        }
        Err(Error::NotFound) => Ok(Reply::to_with("/jobs", Flash::new("account-job-not-dead"))),
        Err(e) => Err(e),
    }
}
