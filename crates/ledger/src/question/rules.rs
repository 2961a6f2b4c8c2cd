//! Which contacts are asked about. Pure; the chance is an argument.

use crate::rules::{Depth, TouchKind};
use gongyu_kernel::{Date, Id};
use jiff::ToSpan;

/// Days after a contact in which a family can be asked about it [P]: memory fades.
pub const OLDEST_DAYS: i32 = 14;

/// The kinds of contact a family can speak of: with a person, not a message or a lesson.
pub(super) fn can_be_asked(kind: &TouchKind, depth: Depth, happened: Date, today: Date) -> bool {
    let with_somebody = [TouchKind::CONTACT, TouchKind::VISIT, TouchKind::MEETING, TouchKind::OPEN_DAY].contains(kind);
    with_somebody && depth >= Depth::Talked && happened >= last_day(today)
}

/// The earliest day of a contact that may still be asked about.
pub fn last_day(today: Date) -> Date {
    today.saturating_sub(OLDEST_DAYS.days())
}

/// The day since which a family must not have been asked: a month ago.
pub(super) fn month_ago(today: Date) -> Date {
    today.saturating_sub(1.month())
}

/// The lot of a contact: the same for the same salt, so that a job that runs twice draws the same families,
/// and not to be told without the salt.
pub const fn lot(salt: u64, touch: Id) -> u64 {
    // The finisher of SplitMix64 (Steele, Lea, Flood 2014): every bit of the input reaches every bit of the lot.
    let mut z = salt ^ (touch.raw() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Whether a contact is drawn at a rate in percent.
pub const fn chosen(salt: u64, touch: Id, percent: u8) -> bool {
    lot(salt, touch) % 100 < percent as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 23);

    #[test]
    fn about_as_many_are_drawn_as_the_rate_says_and_none_at_nought() {
        let drawn = |percent| (1..=100_000).filter(|id| chosen(7, Id(*id), percent)).count();
        assert!((4_800..5_200).contains(&drawn(5)), "{}", drawn(5));
        assert_eq!((drawn(0), drawn(100)), (0, 100_000));
    }

    #[test]
    fn the_same_salt_draws_the_same_and_another_draws_others() {
        let drawn = |salt: u64| -> Vec<i64> { (1..2_000).filter(|id| chosen(salt, Id(*id), 5)).collect() };
        assert_eq!(drawn(11), drawn(11));
        assert_ne!(drawn(11), drawn(12));
    }

    #[test]
    fn nobody_is_asked_about_more_than_a_fortnight_ago_or_about_a_message() {
        let asked = |kind: TouchKind, depth, day| can_be_asked(&kind, depth, day, TODAY);
        assert!(asked(TouchKind::CONTACT, Depth::Talked, date(2026, 11, 9)));
        assert!(!asked(TouchKind::CONTACT, Depth::Talked, date(2026, 11, 8)));
        assert!(!asked(TouchKind::CONTACT, Depth::Told, TODAY));
        assert!(!asked(TouchKind::NOTICE, Depth::Met, TODAY));
    }

    #[test]
    fn a_month_is_a_month_of_the_calendar() {
        assert_eq!(month_ago(date(2026, 3, 31)), date(2026, 2, 28));
    }
}
