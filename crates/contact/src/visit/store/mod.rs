//! The SQL of visits.

mod day;
mod save;
mod signature;
mod visits;

pub use day::{DayVisit, of_day, of_staff};
pub use save::{Conflict, Outcome, Save, Saved, Version, record_of, save_record, version_record, versions};
pub use signature::{NewSignature, Signature, keep_signature, signatures_of};
pub use visits::{by_key, children_of, create, find, of_classes, of_families, set_state};
