//! What became of the letters of a record.

use super::State;
use gongyu_kernel::{Id, Millis, Result};
use gongyu_store::{Reader, record, sql};

record! {
    /// So many letters of a record stand so.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Tally {
        /// Name of the channel; empty while none is chosen.
        pub channel: String,
        /// Where they stand.
        pub state: State,
        /// How many.
        pub letters: i64,
    }
}

/// The letters of a record by channel and state. Answered from an index alone; still, a record with 300,000
/// letters takes tens of milliseconds, so a feature that shows it often keeps counters from `heard`.
///
/// # Errors
/// As any statement.
pub fn tally(r: &mut Reader, kind: &str, source: Id) -> Result<Vec<Tally>> {
    r.rows(
        sql!(
            "SELECT channel, state, COUNT(*) FROM dispatch WHERE source_id = $1 AND kind = $2
              GROUP BY channel, state ORDER BY channel, state"
        ),
        &[&source, &kind],
    )
}

record! {
    /// A letter that did not arrive, or may not have.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Failure {
        /// The letter.
        pub dispatch: Id,
        /// School.
        pub school: Id,
        /// Guardian.
        pub guardian: Option<Id>,
        /// Account of a member of staff.
        pub account: Option<Id>,
        /// Child.
        pub student: Option<Id>,
        /// `Failed`, `Unknown` or `ByHand`.
        pub state: State,
        /// The last channel tried; empty when there was none.
        pub channel: String,
        /// Why, as the channel said it: for the operator, not for a screen of a teacher.
        pub fault: String,
        /// Since when.
        pub at: Millis,
    }
}

/// The letters of a record that did not arrive, or may not have, in order of their identifiers after `after`.
///
/// # Errors
/// As any statement.
pub fn failures(r: &mut Reader, kind: &str, source: Id, after: Option<Id>, limit: i64) -> Result<Vec<Failure>> {
    let after = after.unwrap_or_default();
    r.rows(
        sql!(
            "SELECT id, school_id, guardian_id, account_id, student_id, state, channel, fault, changed_at
               FROM dispatch
              WHERE source_id = $1 AND kind = $2 AND state IN ('failed', 'unknown', 'by_hand') AND id > $3
              ORDER BY id LIMIT $4"
        ),
        &[&source, &kind, &after, &limit],
    )
}
