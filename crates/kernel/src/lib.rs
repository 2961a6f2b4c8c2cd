//! What every room of the product shares and nothing else: identifiers, the clock, the school
//! calendar, errors a person can read, the words of the interface, and configuration.
//! No HTTP and no SQL live here.

pub mod calendar;
pub mod clock;
pub mod config;
pub mod error;
mod hex;
pub mod i18n;
pub mod id;
pub mod outgoing;
pub mod random;

pub use clock::{Clock, Millis};
pub use error::{Error, Result};
pub use hex::hex;
pub use id::Id;
/// A calendar day without a time zone; all days in the product are Beijing days.
pub use jiff::civil::Date;
