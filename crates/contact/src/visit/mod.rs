//! Home visits as an institution (B7, C2, 老师到我家): the plan of a year in which every child is visited,
//! the appointment with the family, the record at the doorstep, what was agreed and what became of it.

pub mod company;
pub mod follow;
mod ledger;
pub mod merge;
pub mod model;
mod notes;
pub mod offline;
pub mod permit;
pub mod record;
pub mod store;
pub mod undo;

pub use ledger::{depth, kind, tone};
pub use model::VisitId;
pub use notes::{keep_note, may_open, notes_for, open_note};
pub use permit::{Held, OfVisit, Part, held, held_by_guardian};
pub use record::VisitRecord;

use gongyu_kernel::i18n::Words;
use gongyu_web::Feature;

/// Kind of the source of a touch that comes from here, and of notes, files and letters of a visit.
pub const SOURCE: &str = "visit";

const WORDS: Words =
    Words { zh: include_str!("../../locales/zh-CN/visit.ftl"), en: include_str!("../../locales/en/visit.ftl") };

/// Home visits.
pub fn feature() -> Feature {
    Feature { name: "visit", words: &[WORDS], ..Feature::default() }
}
