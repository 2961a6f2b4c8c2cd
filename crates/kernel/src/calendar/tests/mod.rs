//! The calendar through its public interface.

mod holidays;
mod period;
mod school;
mod workdays;
