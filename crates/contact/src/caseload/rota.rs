//! The leaders' rota: every week on a day, or on its first and third in the month, each leader in turn. A day
//! that is not worked has no reception; a Saturday worked to make up for a holiday is no Friday.

use gongyu_kernel::calendar::{DayKind, Holidays};
use gongyu_kernel::{Date, Id};
use serde::{Deserialize, Serialize};

/// A line of the rota.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Turn {
    /// Day of the week, Monday is 1.
    pub weekday: i8,
    /// Which of the month, such as 1 and 3; empty for every week.
    pub weeks: Vec<i8>,
    /// First minute of the day.
    pub from: i64,
    /// Minute after the last.
    pub to: i64,
    /// Leaders in turn.
    pub leaders: Vec<Id>,
}

/// A reception the rota asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Planned {
    /// Day.
    pub day: Date,
    /// First minute.
    pub from: i64,
    /// Minute after the last.
    pub to: i64,
    /// Leader.
    pub leader: Id,
}

impl Turn {
    fn meets(&self, day: Date) -> bool {
        let nth = (day.day() - 1) / 7 + 1;
        day.weekday().to_monday_one_offset() == self.weekday && (self.weeks.is_empty() || self.weeks.contains(&nth))
    }

    /// Whether the line says something whole.
    pub fn is_whole(&self) -> bool {
        (1..=5).contains(&self.weekday) && self.from < self.to && !self.leaders.is_empty()
    }
}

/// The receptions of some days. Whose turn it is depends on the date alone (the week, or the month and which
/// of it), so that the rota filled in twice, or from another day on, says the same.
pub fn planned(turns: &[Turn], from: Date, to: Date, holidays: &Holidays) -> Vec<Planned> {
    let days = std::iter::successors(Some(from), |d| d.tomorrow().ok()).take_while(|d| *d <= to);
    let mut out = Vec::new();
    for day in days.filter(|d| matches!(holidays.kind(*d), DayKind::Workday)) {
        for turn in turns.iter().filter(|t| t.is_whole() && t.meets(day)) {
            let n = place_of(turn, day);
            if let Some(leader) = turn.leaders.get(n % turn.leaders.len()) {
                out.push(Planned { day, from: turn.from, to: turn.to, leader: *leader });
            }
        }
    }
    out
}

fn place_of(turn: &Turn, day: Date) -> usize {
    if turn.weeks.is_empty() {
        // Monday, 6 January 2020 begins week 0.
        let days = (day - jiff::civil::date(2020, 1, 6)).get_days();
        return usize::try_from(days.div_euclid(7)).unwrap_or(0);
    }
    let months = (i32::from(day.year()) - 2020) * 12 + i32::from(day.month()) - 1;
    let nth = (day.day() - 1) / 7 + 1;
    let within = turn.weeks.iter().filter(|w| **w < nth).count();
    usize::try_from(months).unwrap_or(0) * turn.weeks.len() + within
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn turn(weeks: &[i8]) -> Turn {
        Turn { weekday: 5, weeks: weeks.to_vec(), from: 840, to: 960, leaders: vec![Id(1), Id(2)] }
    }

    #[test]
    fn policy_3_6_first_and_third_friday_with_leaders_in_turn() {
        let plan = planned(&[turn(&[1, 3])], date(2026, 11, 1), date(2026, 12, 31), &Holidays::national());
        let days: Vec<Date> = plan.iter().map(|p| p.day).collect();
        assert_eq!(days, [date(2026, 11, 6), date(2026, 11, 20), date(2026, 12, 4), date(2026, 12, 18)]);
        assert_ne!(plan[0].leader, plan[1].leader);
        let later = planned(&[turn(&[1, 3])], date(2026, 12, 1), date(2026, 12, 31), &Holidays::national());
        assert_eq!(later, plan[2..], "filled in from another day on it says the same");
    }

    #[test]
    fn a_friday_off_has_no_reception_and_its_worked_saturday_is_no_friday() {
        let plan = planned(&[turn(&[])], date(2026, 9, 21), date(2026, 10, 17), &Holidays::national());
        let days: Vec<Date> = plan.iter().map(|p| p.day).collect();
        assert_eq!(days, [date(2026, 10, 9), date(2026, 10, 16)], "25 September and 2 October are off");
    }

    #[test]
    fn a_line_that_says_nothing_whole_plans_nothing() {
        let none = Turn { leaders: Vec::new(), ..turn(&[]) };
        assert!(planned(&[none], date(2026, 11, 1), date(2026, 11, 30), &Holidays::national()).is_empty());
    }
}
