//! The pages of duties.

pub mod class;
pub mod detail;
pub mod home;
pub mod rule;
pub mod school;
