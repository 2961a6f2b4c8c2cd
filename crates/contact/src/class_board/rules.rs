//! Who on the board needs a contact, and in which order. No SQL, no HTTP.

use gongyu_kernel::Date;

/// Where a family stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// Never reached.
    Never,
    /// No talk at all yet, or none for longer than the limit.
    Due,
    /// Talked with lately.
    Fine,
}

/// Where a family stands: `ever` reached at least so deeply as reach asks, `last` day of a talk or meeting.
pub(super) fn standing(ever: bool, last: Option<Date>, today: Date, due_days: u16) -> Standing {
    match last {
        None if !ever => Standing::Never,
        None => Standing::Due,
        Some(day) if (today - day).get_days() > i32::from(due_days) => Standing::Due,
        Some(_) => Standing::Fine,
    }
}

/// Order of the board: never reached, never talked with, then the longest ago first.
pub(super) fn need(standing: Standing, last: Option<Date>) -> (bool, Option<Date>) {
    (standing != Standing::Never, last)
}

/// Tones of the contacts with one family.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Balance {
    pub(super) good: i64,
    pub(super) neutral: i64,
    pub(super) concern: i64,
    pub(super) complaint: i64,
}

impl Balance {
    /// Contacts with a tone.
    pub(super) const fn total(self) -> i64 {
        self.good + self.neutral + self.concern + self.complaint
    }

    /// Heard of the school only to be criticised.
    pub(super) const fn only_complaints(self) -> bool {
        self.complaint > 0 && self.complaint == self.total()
    }

    pub(super) fn add(&mut self, other: Self) {
        self.good += other.good;
        self.neutral += other.neutral;
        self.concern += other.concern;
        self.complaint += other.complaint;
    }

    /// Order of the list: only complaints first, the more the earlier; then those without good news.
    pub(super) const fn need(self) -> (bool, bool, i64) {
        (!self.only_complaints(), self.good > 0, -self.complaint)
    }
}

/// Whether a figure about a special group may not be shown: any part of 1 to 4 children would point at them.
pub(super) fn too_few(met: i64, asked: i64) -> bool {
    [met, asked, asked - met].iter().any(|n| (1..5).contains(n))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 23);

    #[test]
    fn a_family_is_due_after_the_limit_and_not_on_its_last_day() {
        let at = |day| standing(true, Some(day), TODAY, 30);
        assert_eq!(at(date(2026, 10, 24)), Standing::Fine);
        assert_eq!(at(date(2026, 10, 23)), Standing::Due);
    }

    #[test]
    fn a_notice_confirmed_ends_never_but_not_the_need_to_talk() {
        assert_eq!(standing(false, None, TODAY, 30), Standing::Never);
        assert_eq!(standing(true, None, TODAY, 30), Standing::Due);
    }

    #[test]
    fn never_reached_comes_first_then_the_longest_ago() {
        let mut all = [
            (Standing::Fine, Some(date(2026, 11, 20))),
            (Standing::Due, Some(date(2026, 9, 1))),
            (Standing::Due, None),
            (Standing::Never, None),
        ];
        all.sort_by_key(|(s, last)| need(*s, *last));
        assert_eq!(all.map(|(s, _)| s), [Standing::Never, Standing::Due, Standing::Due, Standing::Fine]);
        assert_eq!(all[1].1, None);
    }

    #[test]
    fn families_that_only_heard_complaints_come_first() {
        let only = Balance { complaint: 1, ..Balance::default() };
        let many = Balance { complaint: 3, ..Balance::default() };
        let mixed = Balance { good: 1, complaint: 5, ..Balance::default() };
        let mut all = [mixed, only, Balance::default(), many];
        all.sort_by_key(|b| b.need());
        assert_eq!(all, [many, only, Balance::default(), mixed]);
        assert!(!Balance::default().only_complaints());
    }

    #[test]
    fn a_figure_that_points_at_one_to_four_children_is_not_shown() {
        assert!(too_few(3, 12));
        assert!(too_few(9, 12));
        assert!(too_few(0, 4));
        assert!(!too_few(0, 12));
        assert!(!too_few(6, 12));
    }
}
