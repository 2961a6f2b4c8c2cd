//! What a session has seen of the database, so that a replica that is behind it is not asked.
//!
//! A request runs inside `following`: what it writes moves its position, and its reads go to a replica only when that has
//! replayed as much. Outside of it - jobs, commands, bearer tokens - every read asks the primary.

use std::cell::Cell;
use std::fmt;
use std::future::Future;

/// A place in PostgreSQL's write-ahead log; everything committed before it was taken lies before it. The default is the
/// beginning: nothing written, any replica will do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Position(pub(crate) u64);

impl Position {
    /// Reads what `Display` wrote. Whatever else it is given is the beginning, which costs a stale page at most: the text
    /// comes from a cookie, and each session's reads are its own.
    pub fn parse(text: &str) -> Self {
        Self(u64::from_str_radix(text, 16).unwrap_or_default())
    }

    /// Reads `16/B374D848`, as PostgreSQL writes a place in its log.
    pub(crate) fn of_log(text: &str) -> Option<Self> {
        let (high, low) = text.split_once('/')?;
        let part = |hex: &str| u64::from_str_radix(hex, 16).ok();
        Some(Self((part(high)? << 32) | part(low)?))
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", self.0)
    }
}

tokio::task_local! {
    static SEEN: Cell<u64>;
}

/// Runs the work of one session, which has seen the database as of `seen`; tells what it has seen after it.
pub async fn following<F: Future>(seen: Position, work: F) -> (F::Output, Position) {
    SEEN.scope(Cell::new(seen.0), async {
        let out = work.await;
        (out, Position(SEEN.with(Cell::get)))
    })
    .await
}

/// What the session has seen, within `following`.
pub(crate) fn seen() -> Option<Position> {
    SEEN.try_with(|at| Position(at.get())).ok()
}

/// The session has written.
pub(crate) fn wrote(at: Position) {
    let _ = SEEN.try_with(|seen| seen.set(seen.get().max(at.0)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_log_reads_as_postgresql_writes_it_and_comes_back_from_a_cookie() {
        let place = Position::of_log("16/B374D848").unwrap();
        assert_eq!(place.0, 0x16_B374_D848);
        assert_eq!(Position::parse(&place.to_string()), place);
        assert!(Position::of_log("16/").is_none() && Position::of_log("0").is_none());
        assert_eq!(Position::parse("nonsense"), Position::default());
        assert!(Position::of_log("1/0").unwrap() > Position::of_log("0/FFFFFFFF").unwrap());
    }

    #[tokio::test]
    async fn a_session_keeps_the_furthest_it_has_written() {
        assert_eq!(seen(), None);
        let ((), after) = following(Position(5), async {
            wrote(Position(9));
            wrote(Position(7));
        })
        .await;
        assert_eq!((after, seen()), (Position(9), None));
    }
}
