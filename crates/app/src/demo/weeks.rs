//! Figures as they stood at the end of each week: what trends and the line of last year are drawn from.

use super::sink::{Sink, Table, own, text, word};
use super::tally::Place;
use super::timeline::Timeline;
use gongyu_kernel::Date;
use gongyu_store::Value;

static CLASS_WEEK: Table = Table {
    name: "class_week",
    columns: &[
        "class_id",
        "week_end",
        "semester",
        "school_id",
        "town_id",
        "setting",
        "students",
        "confirmed",
        "talked",
        "met",
        "visited",
        "never",
    ],
};

/// One week of one class.
#[derive(Clone, Copy, Default)]
pub(super) struct Week {
    pub(super) end: Date,
    /// Place of the semester.
    pub(super) term: usize,
    pub(super) students: i64,
    pub(super) confirmed: i64,
    pub(super) talked: i64,
    pub(super) met: i64,
    pub(super) visited: i64,
    pub(super) never: i64,
}

/// Writes the weeks of a class.
pub(super) fn put(sink: &mut Sink, past: &Timeline, place: Place, weeks: &[Week]) {
    for week in weeks {
        let mut row = vec![
            own(&place.class),
            own(&week.end),
            text(past.terms[week.term].code.as_str()),
            own(&place.school),
            own(&place.town),
            word(place.setting),
        ];
        let numbers = [week.students, week.confirmed, week.talked, week.met, week.visited, week.never];
        row.extend(numbers.map(Value::Int));
        sink.put(&CLASS_WEEK, row);
    }
}
