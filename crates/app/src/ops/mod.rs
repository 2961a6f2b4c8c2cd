//! Keeping the product running: sweeps, the audit seal, backup and restore, the doctor.

pub mod backup;
pub mod doctor;
mod manifest;
pub mod restore;
pub mod schema;
pub mod standing;
pub mod sweep;

pub use manifest::Manifest;

use gongyu_store::jobs::{Every, Handler, Schedule};
use gongyu_web::Feature;

/// The jobs that keep the house in order.
pub fn feature() -> Feature {
    Feature {
        name: "ops",
        jobs: &[
            Handler { kind: "ops.seal", run: sweep::seal },
            Handler { kind: "ops.anchor", run: sweep::anchor },
            Handler { kind: "ops.blobs", run: sweep::blobs },
            Handler { kind: "ops.jobs", run: sweep::jobs },
        ],
        schedules: &[
            Schedule { kind: "ops.seal", every: Every::Seconds(60) },
            Schedule { kind: "ops.anchor", every: Every::DayAt(0, 30) },
            Schedule { kind: "ops.blobs", every: Every::Seconds(3_600) },
            Schedule { kind: "ops.jobs", every: Every::DayAt(3, 10) },
        ],
        ..Feature::default()
    }
}
