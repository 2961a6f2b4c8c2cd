//! Dates as files write them.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use crate::roster::values::fold;

/// A month of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct YearMonth {
    /// The calendar year.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
}

impl YearMonth {
    /// The year whose autumn began the school year of this month; August already counts for the coming one.
    pub const fn school_year_start(self) -> i16 {
        if self.month >= 8 { self.year } else { self.year - 1 }
    }

    /// Six digits, as roster files write it.
    pub fn digits(self) -> String {
        format!("{:04}{:02}", self.year, self.month)
    }
}

/// A date, and whether it had to be worked out from a spreadsheet number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateReading {
    /// The date.
    pub date: Date,
    /// The cell held a spreadsheet serial number.
    pub from_serial: bool,
}

/// Reads a date: 20170320, 2017-03-20, 2017/3/20, 2017.3.20, 2017年3月20日, with or without a time behind it. A cell that is
/// a number from 20000 to 60000 (1954 to 2064) is a spreadsheet serial.
pub fn read_date(text: &str, is_number: bool) -> Option<DateReading> {
    let folded = fold::fold(text);
    let plain = folded.split(['T', ' ']).find(|part| !part.is_empty())?;
    if is_number && let Some(date) = serial(plain) {
        return Some(DateReading { date, from_serial: true });
    }
    let squeezed = fold::squeeze(&folded);
    let in_words = squeezed.split('日').next().filter(|words| words.contains('年'));
    let numbers = numbers(in_words.unwrap_or(plain));
    let date = match numbers.as_slice() {
        [whole] if whole.len() == 8 => civil(&whole[..4], &whole[4..6], &whole[6..]),
        [year, month, day] if year.len() == 4 => civil(year, month, day),
        _ => None,
    }?;
    Some(DateReading { date, from_serial: false })
}

/// Reads a month: 202309, 2023-09, 2023年9月, 2023.9, or any date [`read_date`] reads.
pub fn read_month(text: &str, is_number: bool) -> Option<YearMonth> {
    let squeezed = fold::squeeze(text);
    let numbers = numbers(squeezed.strip_suffix(".0").unwrap_or(&squeezed));
    let first = match numbers.as_slice() {
        [whole] if whole.len() == 6 => civil(&whole[..4], &whole[4..], "1"),
        [year, month] if year.len() == 4 => civil(year, month, "1"),
        _ => read_date(text, is_number).map(|reading| reading.date),
    }?;
    Some(YearMonth { year: first.year(), month: first.month() })
}

/// The runs of digits, when nothing stands between them but the marks dates are written with.
fn numbers(text: &str) -> Vec<&str> {
    let marks = ['-', '/', '.', '年', '月', '日', '号'];
    let parts: Vec<&str> = text.split(marks).filter(|part| !part.is_empty()).collect();
    if parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit())) { parts } else { Vec::new() }
}

fn civil(year: &str, month: &str, day: &str) -> Option<Date> {
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    (1900..2100).contains(&date.year()).then_some(date)
}

/// Day 1 of the 1900 date system is 1900-01-01 and the system counts a 29 February 1900 that never was, so that for every
/// later date the count starts at 1899-12-30.
fn serial(text: &str) -> Option<Date> {
    let days = text.split('.').next()?.parse::<i32>().ok()?;
    if !(20_000..=60_000).contains(&days) {
        return None;
    }
    date(1899, 12, 30).checked_add(days.days()).ok()
}
