//! Files from people: pictures, documents, sound. What a file is, its content says and never its name;
//! pictures are decoded within limits, turned upright, stripped of everything but the picture (where and
//! when it was taken, by which phone) and written anew; names are cleaned.
//!
//! A file first belongs to whoever brought it and is seen by nobody else. A feature then hangs it on one
//! of its records (`settle`), and from then on that feature says who may open it (`Feature::files`).
//! What hangs on nothing after a day is forgotten.

mod field;
mod kind;
mod limits;
mod name;
mod pages;
mod picture;
mod prepare;
mod store;
mod sweep;

pub use field::{Field, Files, Line};
pub use kind::FileKind;
pub use limits::{Limits, limits, put_limits};
pub use prepare::{Prepared, prepare, prepare_picture, received};
pub use store::{Attachment, again, bring, bring_all, copy, find, of, of_key, of_many, settle, waiting};

pub(crate) use pages::routes;
pub(crate) use sweep::{JOB, sweep};

#[cfg(test)]
mod tests;
