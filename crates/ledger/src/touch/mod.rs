//! Touches: one entry for each child reached, in an append-only ledger.

mod model;
mod place;
mod read;
mod record;

pub use model::{NewTouch, Touch};
pub(crate) use place::Periods;
pub use place::{AskedChildren, Children, Place, ask};
pub(crate) use read::standing_of;
pub use read::{
    SourceCount, answer, answers_of, of_source, of_student, page_of_student, recent_of_class, sources_of_school,
};
pub use record::{COLUMNS, record, record_for, reverse};
