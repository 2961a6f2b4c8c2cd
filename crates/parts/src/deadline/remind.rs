//! When somebody is reminded: on working days, in the morning, before the last day and after it; never at
//! night, never on a day off, never while the clock stands.

use super::{Clock, Standing};
use gongyu_kernel::calendar::Holidays;
use gongyu_kernel::{Date, Millis};
use gongyu_store::jobs::Every;

/// Working days before the last day on which one is reminded [P]; 0 is the last day itself.
pub const AHEAD: [u32; 3] = [3, 1, 0];
/// Once the last day is over, one is reminded the next working day and then on every fifth [P].
const AGAIN: u32 = 5;
/// When a job that reminds runs: 9:00, when offices are open [P].
pub const EVERY_DAY: Every = Every::DayAt(9, 0);

/// The moment of a day at which a reminder goes: 9:00 in Beijing.
pub fn moment(day: Date) -> Millis {
    Millis::start_of(day).plus_minutes(9 * 60)
}

/// The days before and on the last day on which one is reminded, in order: the working day so many working
/// days before it; for a last day that is a day off the working day before.
pub fn reminders(clock: &Clock, holidays: &Holidays, ahead: &[u32]) -> Vec<Date> {
    let Some(due) = clock.due(holidays) else { return Vec::new() };
    let mut days: Vec<Date> = ahead
        .iter()
        .filter_map(|n| worked_before(holidays, due, *n, clock.from))
        .filter(|day| *day > clock.from)
        .collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// The working day `n` working days before `due`, itself for 0 where it is worked; none before `floor`.
fn worked_before(holidays: &Holidays, due: Date, n: u32, floor: Date) -> Option<Date> {
    let (mut day, mut left) = (due, n);
    loop {
        if day <= floor {
            return None;
        }
        if holidays.is_workday(day) {
            if left == 0 {
                return Some(day);
            }
            left -= 1;
        }
        day = day.yesterday().ok()?;
    }
}

/// Whether somebody is reminded on a day.
pub fn asks_on(clock: &Clock, holidays: &Holidays, day: Date, ahead: &[u32]) -> bool {
    if !holidays.is_workday(day) {
        return false;
    }
    match clock.standing(holidays, day) {
        Standing::Met { .. } | Standing::Paused { .. } => false,
        Standing::Due { .. } => reminders(clock, holidays, ahead).contains(&day),
        Standing::Overdue { on, .. } => holidays.workdays_between(on, day) % AGAIN == 1,
    }
}
