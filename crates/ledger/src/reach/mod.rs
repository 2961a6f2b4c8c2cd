//! Reach: what the touches of a child come to, and of the children of a class. Counters move with
//! every touch; a class is recounted from its children when one of them comes or goes.

mod counters;
mod members;
mod recount;

pub use counters::{COLUMNS, ChildReach, of_children};
pub(crate) use counters::{Move, apply, ask_of, is_visit};
pub use members::{CLASS_COLUMNS, on_membership_change, recompute_class};
pub use recount::{disagreements, rebuild_all};
