//! What the server makes of what a phone says: its clock is not believed, its keys are checked, and whether it
//! may keep what it has follows from the session it was seen with.

use gongyu_kernel::{Date, Millis};

/// Largest piece of a file, in bytes.
pub const PIECE_BYTES: usize = 128 * 1024;
/// Most pieces of a file: photos are made small on the phone, so more than 12 MB is not one of them.
pub const MOST_PIECES: i64 = 96;
/// Most pieces an account may leave lying half sent.
pub const MOST_WAITING: i64 = 1_500;
/// Days pieces of a file that never became whole are kept [P].
pub const PIECE_DAYS: i64 = 30;
/// Days from today whose visits a phone holds.
pub const DAYS_AHEAD: i64 = 7;
/// Days back in which an agreed visit that has no record yet is still held [P].
pub const DAYS_BACK: i64 = 14;
/// Longest time between writing and arriving that is taken from the phone, in days [P]. Beyond it the clock was
/// moved in between, and the day the thing arrived stands.
const LONGEST_WAIT_DAYS: i64 = 60;

/// When something was written, as the server reckons it: so many milliseconds before it arrived, by the phone's
/// own reckoning. A clock that is wrong by years still counts the hours between right.
pub fn written_at(arrived: Millis, ago: i64) -> Millis {
    let longest = LONGEST_WAIT_DAYS * 86_400_000;
    if (0..=longest).contains(&ago) { Millis(arrived.0 - ago) } else { arrived }
}

/// The day of a visit. What a person chose stands; a day the phone merely supposed is the day the record was
/// begun as the server reckons it, never later than today.
pub fn day_of(chosen: Option<Date>, supposed: bool, begun: Millis, today: Date) -> Option<Date> {
    if supposed { Some(begun.date().min(today)) } else { chosen }
}

/// A key made on a phone: a UUID as text.
pub fn is_key(text: &str) -> bool {
    let hex = |part: &str, n: usize| part.len() == n && part.bytes().all(|b| b.is_ascii_hexdigit());
    let parts: Vec<&str> = text.split('-').collect();
    parts.len() == 5 && [8, 4, 4, 4, 12].iter().zip(&parts).all(|(n, part)| hex(part, *n))
}

/// SHA-256 in lower-case hex.
pub fn is_checksum(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// What is known of the session a phone was last seen with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Last {
    /// It is on record, open or idle.
    There,
    /// It is gone although its time was not over: signed out, ended by its owner or by the school.
    Ended,
    /// It is gone because its time was over.
    Over,
}

/// The word to a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// No phone was named.
    None,
    /// Not known here: it introduces itself.
    Unknown,
    /// It may keep what it has.
    Known,
    /// It must forget everything.
    Ended,
}

impl Word {
    /// Text in the answer.
    pub const fn code(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Unknown => "unknown",
            Self::Known => "known",
            Self::Ended => "ended",
        }
    }
}

/// Whether a phone may keep what it has. Its own account signed in again settles it; else a session ended before
/// its time, or an account that may no longer record visits, means forgetting. A session that merely ran out does
/// not: the records wait for their person.
pub fn word(own_account_here: bool, may_still: bool, last: Last) -> Word {
    match (own_account_here, may_still, last) {
        (true, ..) => Word::Known,
        (false, true, Last::There | Last::Over) => Word::Known,
        (false, ..) => Word::Ended,
    }
}

/// A receipt number as a person reads it: digits and letters that cannot be mistaken for one another
/// (Crockford's base 32), in groups of four.
pub fn receipt(id: i64) -> String {
    const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut left = id.unsigned_abs();
    let mut signs = Vec::new();
    while left > 0 || signs.is_empty() {
        signs.push(char::from(SIGNS[(left % 32) as usize]));
        left /= 32;
    }
    signs.reverse();
    signs.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn monday() -> Millis {
        Millis::start_of(date(2026, 11, 23)).plus_minutes(600)
    }

    #[test]
    fn a_clock_wrong_by_years_still_tells_how_long_ago() {
        assert_eq!(written_at(monday(), 3_600_000), Millis(monday().0 - 3_600_000));
    }

    #[test]
    fn a_clock_moved_in_between_is_not_believed() {
        assert_eq!(written_at(monday(), -5_000), monday());
        assert_eq!(written_at(monday(), 400 * 86_400_000), monday());
    }

    #[test]
    fn a_day_the_phone_supposed_is_the_servers_and_one_a_person_chose_stands() {
        let (today, chosen) = (date(2026, 11, 23), date(2026, 11, 20));
        assert_eq!(day_of(Some(chosen), false, monday(), today), Some(chosen));
        assert_eq!(day_of(Some(date(2031, 1, 1)), true, monday(), today), Some(today));
        assert_eq!(day_of(Some(date(2031, 1, 1)), true, monday().plus_days(-2), today), Some(date(2026, 11, 21)));
        assert_eq!(day_of(None, false, monday(), today), None);
    }

    #[test]
    fn a_session_that_ran_out_keeps_the_records_and_one_that_was_ended_does_not() {
        assert_eq!(word(false, true, Last::There), Word::Known);
        assert_eq!(word(false, true, Last::Over), Word::Known);
        assert_eq!(word(false, true, Last::Ended), Word::Ended);
        assert_eq!(word(false, false, Last::There), Word::Ended);
        assert_eq!(word(true, true, Last::Ended), Word::Known);
    }

    #[test]
    fn only_a_uuid_is_a_key() {
        assert!(is_key("3f2a9c10-77aa-4b1e-9f00-0123456789ab"));
        for bad in ["", "1", "3f2a9c1077aa4b1e9f000123456789ab", "3f2a9c10-77aa-4b1e-9f00-0123456789ag"] {
            assert!(!is_key(bad), "{bad}");
        }
    }

    #[test]
    fn receipts_are_short_groups_and_each_its_own() {
        assert_eq!(receipt(0), "0");
        assert_eq!(receipt(32 * 32 * 32 * 32 + 1), "1000-1");
        assert_ne!(receipt(7_391_234_567_890), receipt(7_391_234_567_891));
    }
}
