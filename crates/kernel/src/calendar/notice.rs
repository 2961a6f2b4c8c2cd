//! The national lists of days off and make-up workdays (调休), one shipped file a year, each with
//! the notice of the State Council General Office it was taken from. A year whose notice has not
//! come yet carries only the statutory days and says so.

use super::{Date, DayMark};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// How much is known about the days off of a year.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeStatus {
    /// The State Council's notice is in the list, make-up workdays included.
    Published,
    /// Only the statutory days of 全国年节及纪念日放假办法; a date computed here may still move.
    Projected,
    /// No list at all: only weekends are days off.
    Unknown,
}

/// A document a list was taken from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Source {
    /// Title as printed.
    pub title: String,
    /// Document number, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Day it was signed.
    pub date: Date,
}

/// What is known about one calendar year, for the page that shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct YearNotice {
    /// The year in the notice's title; its New Year days off may begin in the December before.
    pub year: i16,
    /// Published or projected.
    pub status: NoticeStatus,
    /// The documents, in the order they were issued.
    pub sources: Vec<Source>,
}

#[derive(Deserialize)]
struct ListFile {
    #[serde(flatten)]
    notice: YearNotice,
    holidays: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    name: String,
    from: Date,
    to: Date,
    work: Vec<Date>,
}

pub(super) struct National {
    pub(super) days: BTreeMap<Date, DayMark>,
    pub(super) years: BTreeMap<i16, YearNotice>,
}

const FILES: [&str; 12] = [
    include_str!("../../data/calendar/cn-2019.json"),
    include_str!("../../data/calendar/cn-2020.json"),
    include_str!("../../data/calendar/cn-2021.json"),
    include_str!("../../data/calendar/cn-2022.json"),
    include_str!("../../data/calendar/cn-2023.json"),
    include_str!("../../data/calendar/cn-2024.json"),
    include_str!("../../data/calendar/cn-2025.json"),
    include_str!("../../data/calendar/cn-2026.json"),
    include_str!("../../data/calendar/cn-2027.json"),
    include_str!("../../data/calendar/cn-2028.json"),
    include_str!("../../data/calendar/cn-2029.json"),
    include_str!("../../data/calendar/cn-2030.json"),
];

static NATIONAL: LazyLock<National> = LazyLock::new(|| {
    let mut national = National { days: BTreeMap::new(), years: BTreeMap::new() };
    for text in FILES {
        let file: ListFile = serde_json::from_str(text).expect("a shipped holiday list is well-formed");
        for listed in file.holidays {
            for day in days(listed.from, listed.to) {
                national.days.insert(day, DayMark::Off(listed.name.clone()));
            }
            for day in listed.work {
                national.days.insert(day, DayMark::Workday(listed.name.clone()));
            }
        }
        national.years.insert(file.notice.year, file.notice);
    }
    national
});

pub(super) fn national() -> &'static National {
    &NATIONAL
}

/// Every day from `from` to `to`, both included.
pub(super) fn days(from: Date, to: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(from), |day| day.tomorrow().ok()).take_while(move |day| *day <= to)
}
