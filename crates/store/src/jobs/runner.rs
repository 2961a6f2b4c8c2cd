//! The threads that run jobs.

use super::queue::{self, Claimed};
use crate::{Db, Tx, sql};
use gongyu_kernel::{Id, Result};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How one kind of job is run. `C` is what the product gives its jobs: the door, keys, channels.
pub struct Handler<C> {
    /// The kind it runs.
    pub kind: &'static str,
    /// Must be idempotent: a job whose lease ran out may run twice.
    pub run: fn(&C, Id, &str) -> Result<()>,
}

impl<C> Clone for Handler<C> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<C> Copy for Handler<C> {}

/// When a schedule falls due.
#[derive(Clone, Copy, Debug)]
pub enum Every {
    /// So many seconds after the last time.
    Seconds(i64),
    /// Once a Beijing day, at this hour and minute or as soon after as a node is up.
    DayAt(i8, i8),
}

/// A job that comes back by itself.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// The kind of job to enqueue, with payload `null`.
    pub kind: &'static str,
    /// When.
    pub every: Every,
}

/// Running job threads; they stop after their current job when this is dropped.
pub struct Runner {
    stop: Arc<AtomicBool>,
    threads: Vec<std::thread::JoinHandle<()>>,
}

impl Runner {
    /// Starts `threads` workers and one schedule keeper.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub fn start<C: Clone + Send + 'static>(
        db: &Db,
        context: &C,
        handlers: &[Handler<C>],
        schedules: &[Schedule],
        threads: usize,
    ) -> Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut running = Vec::new();
        for n in 0..threads {
            let (db, context, handlers, stop) = (db.clone(), context.clone(), handlers.to_vec(), stop.clone());
            let worker = format!("{}-{n}", std::process::id());
            running.push(std::thread::Builder::new().name("job".into()).spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    match run_due(&db, &context, &handlers, &worker) {
                        Ok(0) => nap(&stop, 500),
                        Ok(_) => {}
                        Err(e) => {
                            tracing::error!(error = %e, "jobs could not be claimed");
                            nap(&stop, 2_000);
                        }
                    }
                }
            })?);
        }
        let (db, schedules, halt) = (db.clone(), schedules.to_vec(), stop.clone());
        running.push(std::thread::Builder::new().name("schedule".into()).spawn(move || {
            while !halt.load(Ordering::Relaxed) {
                if let Err(e) = tick_schedules(&db, &schedules) {
                    tracing::error!(error = %e, "schedules could not be kept");
                }
                nap(&halt, 2_000);
            }
        })?);
        Ok(Self { stop, threads: running })
    }

    /// Asks the threads to stop and waits for their current jobs.
    pub fn stop(mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

fn nap(stop: &AtomicBool, ms: u64) {
    for _ in 0..ms / 100 {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Runs what is due now and returns how many jobs were run. Tests call it until it returns 0.
///
/// # Errors
/// When jobs could not be claimed or their end could not be noted.
pub fn run_due<C>(db: &Db, context: &C, handlers: &[Handler<C>], worker: &str) -> Result<usize> {
    let me = worker.to_owned();
    let jobs = db.write_wait(move |tx| queue::claim(tx, &me, 4))?;
    let count = jobs.len();
    for job in jobs {
        run_one(db, context, handlers, worker, &job)?;
    }
    Ok(count)
}

fn run_one<C>(db: &Db, context: &C, handlers: &[Handler<C>], worker: &str, job: &Claimed) -> Result<()> {
    let id = job.id;
    let me = worker.to_owned();
    let owner = me.clone();
    db.write_wait(move |tx| queue::extend(tx, id, &owner))?;
    let outcome = match handlers.iter().find(|h| h.kind == job.kind) {
        None => Err(format!("no handler for {}", job.kind)),
        Some(handler) => catch_unwind(AssertUnwindSafe(|| (handler.run)(context, id, &job.payload)))
            .unwrap_or_else(|_| Err(gongyu_kernel::Error::internal("the job panicked")))
            .map_err(|e| e.to_string()),
    };
    match outcome {
        Ok(()) => db.write_wait(move |tx| queue::finish(tx, id, &me)),
        Err(why) => {
            tracing::warn!(job = %id, kind = %job.kind, attempt = job.attempts, error = %why, "job failed");
            let job = job.clone();
            db.write_wait(move |tx| queue::fail(tx, &job, &me, &why))
        }
    }
}

/// Enqueues every schedule that has fallen due; safe on many nodes at once.
///
/// # Errors
/// As any statement.
pub fn tick_schedules(db: &Db, schedules: &[Schedule]) -> Result<()> {
    for schedule in schedules {
        let schedule = *schedule;
        db.write_wait(move |tx| tick(tx, schedule))?;
    }
    Ok(())
}

fn tick(tx: &mut Tx, schedule: Schedule) -> Result<()> {
    let now = tx.now();
    let last: Option<(i64,)> = tx.row(sql!("SELECT last_run_at FROM schedule WHERE kind = $1"), &[&schedule.kind])?;
    let last = last.map_or(0, |(at,)| at);
    let due = match schedule.every {
        Every::Seconds(seconds) => now.0 >= last + seconds * 1000,
        Every::DayAt(hour, minute) => {
            let civil = now.civil();
            let past = (civil.hour(), civil.minute()) >= (hour, minute);
            past && gongyu_kernel::Millis(last).date() < now.date()
        }
    };
    if !due {
        return Ok(());
    }
    tx.exec(
        sql!(
            "INSERT INTO schedule (kind, last_run_at) VALUES ($1, $2)
              ON CONFLICT (kind) DO UPDATE SET last_run_at = excluded.last_run_at"
        ),
        &[&schedule.kind, &now],
    )?;
    let key = format!("schedule:{}", schedule.kind);
    queue::enqueue_once(tx, schedule.kind, &(), now, &key)?;
    Ok(())
}
