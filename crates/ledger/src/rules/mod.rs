//! Duty rules as data, and what follows from them. Pure: no SQL, no HTTP, no clock.
//!
//! A rule says what is counted, how many, in which period, for whom, and which text asks it. The
//! ledger counts; [`status`] turns a count and a date into met, due, overdue or not applicable.

mod check;
mod coded;
mod defaults;
pub mod facts;
mod matcher;
mod model;
mod status;
#[cfg(test)]
mod tests;

pub use defaults::defaults;
pub use facts::{
    ActFacts, ActKind, Category, Channel, Depth, EventFacts, EventKind, MeasureKey, RecordFacts, RecordKind,
    SchoolKind, Setting, StaffRole, Stage, SubjectFacts, Tone, TouchFacts, TouchKind,
};
pub use matcher::{Fact, answered_in_time, applies, counts_in, matches, tally_acts};
pub use model::{Applies, Citation, Counts, Deadline, OffReason, Rule, SourceTag, Subject};
pub use status::{DutyStatus, Tally, due_on, status};
