//! The roster import: the pure part reads headings, values and rows and finds what is wrong with them.

pub mod check;
pub mod class_label;
pub mod export;
pub mod headings;
pub mod id_number;
pub mod problem;
pub mod roll_number;
pub mod row;
pub mod values;
