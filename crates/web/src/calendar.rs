//! What stands in a person's calendar. Every feature brings its own; the feed and the day's list read
//! them in one hand.

use crate::app::App;
use gongyu_kernel::{Date, Id, Millis, Result};
use gongyu_store::Reader;

/// Whose calendar, and which days of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CalendarOf {
    /// The account.
    pub account: Id,
    /// The member of staff it is.
    pub staff: Option<Id>,
    /// The guardian it is.
    pub guardian: Option<Id>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// When an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// A whole day.
    Day(Date),
    /// From a moment to another.
    Span(Millis, Millis),
}

/// Something in a calendar. It lies on telephones and with calendar providers: no address, no number,
/// nothing about a child but its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The same for the same event for ever, such as `visit-77`.
    pub uid: String,
    /// Grows with every change.
    pub sequence: i64,
    /// When.
    pub when: When,
    /// One line; a message key with its arguments, so that a feed speaks its owner's language.
    pub title: gongyu_kernel::error::Code,
    /// More about it; a message key with its arguments.
    pub text: Option<gongyu_kernel::error::Code>,
    /// Where it opens, a path of ours.
    pub href: String,
    /// Called off; stays in the feed so that calendars take it away.
    pub cancelled: bool,
}

/// The events of a feature.
pub type Events = fn(&mut Reader, &CalendarOf) -> Result<Vec<Event>>;

impl App {
    /// What stands in somebody's calendar, of every feature.
    ///
    /// # Errors
    /// Whatever a feature returns.
    pub fn events_of(&self, r: &mut Reader, of: &CalendarOf) -> Result<Vec<Event>> {
        let mut events = Vec::new();
        for source in self.features.iter().filter_map(|f| f.calendar) {
            events.extend(source(r, of)?);
        }
        Ok(events)
    }
}
