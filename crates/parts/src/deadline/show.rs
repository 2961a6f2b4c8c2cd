//! A deadline as a page shows it: the last day, where it stands, and the computation day by day.

use super::{Clock, Computed, Count, Standing};
use askama::Template;
use gongyu_kernel::calendar::{DayKind, Holidays};
use gongyu_kernel::{Date, Result};
use gongyu_web::filters;
use gongyu_web::show::View;

struct Line {
    day: String,
    weekday: String,
    kind: String,
    number: Option<u32>,
}

/// A deadline for a page; `.html(view)` goes into a template with `|safe`.
#[derive(Template)]
#[template(path = "deadline/show.html")]
pub struct Shown {
    label: String,
    look: &'static str,
    icon: &'static str,
    words: String,
    due: Option<String>,
    from: String,
    total: u32,
    workdays: bool,
    provisional: bool,
    extensions: Vec<(String, u32, String)>,
    lines: Vec<Line>,
}

impl Shown {
    /// A clock under a name in words, on a day.
    pub fn of(view: &View, label: String, clock: &Clock, holidays: &Holidays, today: Date) -> Self {
        let computed = clock.computed(holidays);
        let standing = clock.standing(holidays, today);
        let (look, icon) = look(standing);
        Self {
            label,
            look,
            icon,
            words: words(view, standing),
            due: computed.due.map(|d| view.day(d)),
            from: view.day(clock.from),
            total: computed.total,
            workdays: clock.term.count == Count::Workdays,
            provisional: computed.provisional,
            extensions: clock.extensions.iter().map(|e| (view.day(e.on), e.n, e.why.clone())).collect(),
            lines: lines(view, &computed, clock.term.count),
        }
    }

    /// As HTML.
    ///
    /// # Errors
    /// `Error::Internal` when the template fails.
    pub fn html(&self, view: &View) -> Result<String> {
        view.render(self)
    }
}

/// Look and icon of a standing.
const fn look(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Met { late: false, .. } => ("is-met", "circle-check"),
        Standing::Met { late: true, .. } => ("is-na", "circle-check"),
        Standing::Paused { .. } => ("is-na", "hourglass"),
        Standing::Due { .. } => ("is-due", "clock"),
        Standing::Overdue { .. } => ("is-over", "f-alert-triangle"),
    }
}

/// A standing in words.
fn words(view: &View, standing: Standing) -> String {
    let day = |d: Date| view.day(d);
    match standing {
        Standing::Met { on, late: false } => view.ta("deadline-met-on", &[("day", day(on).into())]),
        Standing::Met { on, late: true } => view.ta("deadline-met-late", &[("day", day(on).into())]),
        Standing::Paused { since } => view.ta("deadline-paused", &[("day", day(since).into())]),
        Standing::Due { left: 0, .. } => view.t("deadline-today"),
        Standing::Due { left, .. } => view.ta("deadline-left", &[("n", left.into())]),
        Standing::Overdue { by, .. } => view.ta("deadline-over", &[("n", by.into())]),
    }
}

fn lines(view: &View, computed: &Computed, count: Count) -> Vec<Line> {
    let kind = |step: &super::Step| match (&step.kind, step.paused, count) {
        (_, true, _) => view.t("deadline-day-paused"),
        (_, _, Count::Days) => view.t("deadline-day-any"),
        (DayKind::Workday, ..) => view.t("deadline-day-work"),
        (DayKind::Weekend, ..) => view.t("deadline-day-weekend"),
        (DayKind::Holiday(name), ..) => view.ta("deadline-day-holiday", &[("name", name.as_str().into())]),
        (DayKind::MakeUpWorkday(name), ..) => view.ta("deadline-day-makeup", &[("name", name.as_str().into())]),
    };
    let one = |step: &super::Step| Line {
        day: view.day(step.date),
        weekday: view.t(&format!("deadline-weekday-{}", step.date.weekday().to_monday_one_offset())),
        kind: kind(step),
        number: step.counted,
    };
    computed.steps.iter().map(one).collect()
}
