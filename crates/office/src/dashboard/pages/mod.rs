//! The pages of reach.

pub mod class;
pub mod crumbs;
pub mod district;
pub mod school;
pub mod towns;
pub mod trend;
