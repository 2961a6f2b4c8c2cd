//! Units: one tree from the district down to the class, effective-dated.

mod model;
mod store;

pub use model::{Setting, Unit, UnitKind};
pub use store::{
    NewUnit, ancestors, by_code, class_by_key, classes_of, close, contains, create, district, find, names,
    rename, schools, towns,
};
