//! Units: one tree from the district down to the class, effective-dated.

mod figures;
mod model;
pub mod pages;
mod store;

pub use figures::{
    ClassLine, Holder, SCHOOLS, SchoolFilter, SchoolLine, Version, class_lines, counts, holders_in, versions,
};
pub use model::{Setting, Unit, UnitKind};
pub use store::{
    NewUnit, ancestors, by_code, class_by_key, classes_of, close, contains, create, district, find, names, rename,
    schools, towns,
};
