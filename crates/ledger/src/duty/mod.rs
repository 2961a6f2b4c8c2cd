//! Duties: rules in force, what was counted towards them, and where each unit stands.

mod book;
mod count;
pub mod preview;
mod recount;
mod standing;

pub use book::{RuleBook, backfill_job, book, history, save};
pub use count::count_acts;
pub(crate) use count::{Counted, count_touches};
pub(crate) use recount::recount_class;
pub use recount::{disagreements, rebuild};
pub use standing::{DutyLine, SchoolDuties, child_lines, class_counts, counted_acts, district_lines, school_lines};
