//! Durable work: enqueued in the caller's transaction, claimed by lease, retried with back-off, kept
//! for a person to look at when it will not go. Many nodes may run it at once.

mod queue;
mod runner;

pub use queue::{Claimed, JobView, State, dead, enqueue, enqueue_at, enqueue_once, progress, retry, view};
pub use runner::{Every, Handler, Runner, Schedule, run_due, tick_schedules};
