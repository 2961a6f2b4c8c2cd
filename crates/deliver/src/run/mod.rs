//! The job that sends what is due: takes letters by lease, decides, has the words written, notes that they are on
//! their way, hands them over outside any transaction, and notes the answers. A node that dies in between leaves
//! letters that nobody has touched, which another takes, and letters on their way, which become `unknown`.

mod claim;
mod decide;
mod hand_over;
mod note;
mod people;
mod plan;

use crate::channel::{Channels, Way};
use crate::dispatch::RUN_JOB;
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Tx, jobs, sql};
use gongyu_web::App;
use hand_over::Told;
use plan::Parcel;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Seconds one run takes at most before it makes room for other jobs.
const SLICE_SECONDS: i64 = 20;
/// Messages on their way at once: as many answers a crash can lose.
const ON_THEIR_WAY: usize = 50;
/// Tries while the database is busy: over a minute.
const PATIENCE: u64 = 80;

pub(crate) fn job(app: &App, id: Id, _: &str) -> Result<()> {
    let worker = format!("{id}-{}", app.random.code(6));
    note_lost(app)?;
    let until = app.clock().now().plus_seconds(SLICE_SECONDS);
    let mut sent = 0;
    while batch(app, &worker)? {
        sent += 1;
        patiently(app, move |tx| jobs::progress(tx, id, &sent))?;
        if app.clock().now() > until {
            break;
        }
    }
    // The key goes before the last look: what is asked for after it finds no waiting job and makes its own.
    patiently(app, move |tx| {
        tx.exec(sql!("UPDATE job SET unique_key = NULL WHERE id = $1"), &[&id])?;
        if claim::any_due(tx)? {
            let now = tx.now();
            jobs::enqueue_once(tx, RUN_JOB, &(), now, RUN_JOB)?;
        }
        crate::live::sweep(tx).map(drop)
    })
}

/// Sends one batch; false when nothing was due.
pub(crate) fn batch(app: &App, worker: &str) -> Result<bool> {
    let me = worker.to_owned();
    let rows = patiently(app, move |tx| claim::claim(tx, &me))?;
    if rows.is_empty() {
        return Ok(false);
    }
    let on = app.clone();
    let (mut plan, channels) = app.db.read_wait(move |r| {
        let channels = Channels::open(&on, r)?;
        Ok((plan::plan(&on, r, rows.clone(), &channels)?, channels))
    })?;
    let going: Vec<Parcel> = {
        let (here, out) = std::mem::take(&mut plan.parcels).into_iter().partition(|p| p.way == Way::App);
        plan.parcels = here;
        out
    };
    let (on, me) = (app.clone(), worker.to_owned());
    patiently(app, move |tx| note::settle_here(&on, tx, &plan, &me))?;
    let mut going = going;
    while !going.is_empty() {
        let rest = going.split_off(going.len().min(ON_THEIR_WAY));
        send(app, &channels, going, worker)?;
        going = rest;
    }
    Ok(true)
}

fn send(app: &App, channels: &Channels, parcels: Vec<Parcel>, worker: &str) -> Result<()> {
    let parcels: Arc<[Parcel]> = parcels.into();
    let (ours, me) = (parcels.clone(), worker.to_owned());
    let begun = patiently(app, move |tx| note::begin(tx, &ours, &me))?;
    // A digest of which one letter was taken back goes as it was written: it names titles only.
    let mine = |p: &&Parcel| p.rows.iter().any(|r| begun.contains(&r.id));
    let told: HashMap<Id, Vec<Told>> = {
        let going: Vec<&Parcel> = parcels.iter().filter(mine).collect();
        let told = hand_over::hand_over(app, channels, &going);
        going.iter().map(|p| p.id()).zip(told).collect()
    };
    let (on, me, told) = (app.clone(), worker.to_owned(), Arc::new(told));
    // The answers exist nowhere else: a busy database is asked again rather than losing them.
    patiently(app, move |tx| note::settle(&on, tx, &parcels, &told, &me))
}

/// Writes, again and again while the database is busy: workers of several nodes collide on the counts they share.
fn patiently<T: Send + 'static>(app: &App, work: impl Fn(&mut Tx) -> Result<T> + Send + Sync + 'static) -> Result<T> {
    let work = Arc::new(work);
    let mut tries = 0;
    loop {
        let again = work.clone();
        match app.db.write_wait(move |tx| again(tx)) {
            Err(Error::Busy(why)) if tries < PATIENCE => {
                tries += 1;
                tracing::warn!(why, tries, "letters wait for the database");
                std::thread::sleep(Duration::from_millis(20 * tries));
            }
            done => return done,
        }
    }
}

fn note_lost(app: &App) -> Result<()> {
    loop {
        let on = app.clone();
        let n = patiently(app, move |tx| {
            let rows = claim::lost(tx)?;
            note::tell_lost(&on, tx, &rows)?;
            Ok(rows.len())
        })?;
        if n == 0 {
            return Ok(());
        }
    }
}
