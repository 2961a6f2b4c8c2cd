//! Which days are worked: the national lists, overridden day by day by the district's own edits.

use super::Date;
use super::notice::{NoticeStatus, YearNotice, national};
use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a list says of one day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayMark {
    /// A day off, with the holiday's name.
    Off(String),
    /// A day worked although it is a weekend (调休上班), with the holiday it makes up for.
    Workday(String),
    /// Nothing special: an ordinary weekday or weekend, whatever the national list says.
    Plain,
}

/// One day the district sees differently from the national list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DayEdit {
    /// The day.
    pub date: Date,
    /// What it is in this district.
    pub mark: DayMark,
}

/// The district's own changes: days, and years whose notice it has entered itself before the
/// product shipped it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct HolidayEdits {
    /// Days that differ.
    #[serde(default)]
    pub days: Vec<DayEdit>,
    /// Years the district has completed from the published notice.
    #[serde(default)]
    pub published: Vec<i16>,
}

/// What kind of day a day is for working-day arithmetic.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// Monday to Friday, nothing special.
    Workday,
    /// Saturday or Sunday.
    Weekend,
    /// A day off, with the holiday's name.
    Holiday(String),
    /// A weekend day that is worked, with the holiday it makes up for.
    MakeUpWorkday(String),
}

impl DayKind {
    /// Whether offices and schools work on such a day.
    pub const fn is_worked(&self) -> bool {
        matches!(self, Self::Workday | Self::MakeUpWorkday(_))
    }
}

/// Days off and make-up workdays. Only the district's edits are serialised: the national lists are
/// shipped, so a list that comes with an upgrade takes effect without touching stored settings.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(from = "HolidayEdits", into = "HolidayEdits")]
pub struct Holidays {
    edits: BTreeMap<Date, DayMark>,
    published: Vec<i16>,
}

impl Holidays {
    /// The shipped national lists, nothing edited.
    pub fn national() -> Self {
        Self::default()
    }

    /// The same lists with the district's edits laid over; a later edit of a day wins.
    #[must_use]
    pub fn with_edits(mut self, edits: HolidayEdits) -> Self {
        self.edits.extend(edits.days.into_iter().map(|edit| (edit.date, edit.mark)));
        self.published.extend(edits.published);
        self.published.sort_unstable();
        self.published.dedup();
        self
    }

    /// The edits laid over the national lists, in order of date.
    pub fn edits(&self) -> HolidayEdits {
        let days = self.edits.iter().map(|(date, mark)| DayEdit { date: *date, mark: mark.clone() });
        HolidayEdits { days: days.collect(), published: self.published.clone() }
    }

    /// What kind of day this is.
    pub fn kind(&self, date: Date) -> DayKind {
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        match self.edits.get(&date).or_else(|| national().days.get(&date)) {
            Some(DayMark::Off(name)) => DayKind::Holiday(name.clone()),
            Some(DayMark::Workday(name)) if weekend => DayKind::MakeUpWorkday(name.clone()),
            _ if weekend => DayKind::Weekend,
            _ => DayKind::Workday,
        }
    }

    /// Whether offices and schools work on this day.
    pub fn is_workday(&self, date: Date) -> bool {
        match self.edits.get(&date).or_else(|| national().days.get(&date)) {
            Some(DayMark::Off(_)) => false,
            Some(DayMark::Workday(_)) => true,
            _ => !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday),
        }
    }

    /// How much is known about this year's days off.
    pub fn status(&self, year: i16) -> NoticeStatus {
        if self.published.contains(&year) {
            return NoticeStatus::Published;
        }
        national().years.get(&year).map_or(NoticeStatus::Unknown, |notice| notice.status)
    }

    /// The shipped list's sources for this year, if one ships.
    pub fn notice(&self, year: i16) -> Option<&'static YearNotice> {
        national().years.get(&year)
    }
}

impl From<HolidayEdits> for Holidays {
    fn from(edits: HolidayEdits) -> Self {
        Self::default().with_edits(edits)
    }
}

impl From<Holidays> for HolidayEdits {
    fn from(holidays: Holidays) -> Self {
        holidays.edits()
    }
}
