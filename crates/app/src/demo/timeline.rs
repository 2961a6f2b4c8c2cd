//! The days the demo's past is made of: the school year before and the one of today up to today.

use gongyu_kernel::Date;
use gongyu_kernel::calendar::{SchoolCalendar, Semester};
use jiff::ToSpan;

/// A semester of the past, with the days on which something can have happened.
pub(super) struct Term {
    pub(super) semester: Semester,
    /// Semester code.
    pub(super) code: String,
    /// Place of its school year among those of the past.
    pub(super) year_at: usize,
    /// First day that counts for it.
    pub(super) from: Date,
    /// Days of lessons up to today.
    pub(super) days: Vec<Date>,
    /// All its days of lessons, those to come too.
    pub(super) planned: usize,
    /// Day of the parent meeting, by days of lessons.
    pub(super) meeting: usize,
}

/// The past.
pub(super) struct Timeline {
    pub(super) terms: Vec<Term>,
    /// Codes of the school years.
    pub(super) years: Vec<String>,
    /// Sundays on which figures were kept, oldest first, the one of this week last.
    pub(super) sundays: Vec<Date>,
    pub(super) today: Date,
    /// First day of the past.
    pub(super) from: Date,
}

impl Timeline {
    /// The past as seen from a day.
    pub(super) fn before(today: Date, calendar: &SchoolCalendar) -> Self {
        let now = calendar.semester_of(today);
        let last_year = now.year.prev();
        let mut semesters = vec![last_year.first(), last_year.second(), now.year.first(), now.year.second()];
        semesters.retain(|s| *s <= now);
        let years = vec![last_year.code(), now.year.code()];
        let terms: Vec<Term> = semesters.into_iter().map(|s| term(s, today, calendar, &years)).collect();
        let from = terms.first().map_or(today, |t| t.from);
        Self { sundays: sundays(from, today), terms, years, today, from }
    }

    /// The term of a day.
    pub(super) fn term_at(&self, day: Date) -> usize {
        self.terms.iter().rposition(|term| term.from <= day).unwrap_or(0)
    }

    /// How far through the past a day lies, 0 to 1.
    pub(super) fn progress(&self, day: Date) -> f64 {
        let (part, whole) = ((day - self.from).get_days(), (self.today - self.from).get_days());
        f64::from(part.max(0)) / f64::from(whole.max(1))
    }
}

fn term(semester: Semester, today: Date, calendar: &SchoolCalendar, years: &[String]) -> Term {
    let teaching = calendar.teaching_of(semester);
    let all: Vec<Date> = std::iter::successors(Some(teaching.from), |day| day.tomorrow().ok())
        .take_while(|day| *day <= teaching.to)
        .filter(|day| calendar.is_school_day(*day))
        .collect();
    let (planned, year_code) = (all.len(), semester.year.code());
    Term {
        semester,
        code: semester.code(),
        year_at: years.iter().position(|y| *y == year_code).unwrap_or(0),
        from: calendar.dates_of(semester).from,
        days: all.into_iter().filter(|day| *day <= today).collect(),
        planned,
        meeting: planned * 45 / 100,
    }
}

fn sundays(from: Date, today: Date) -> Vec<Date> {
    let this = gongyu_ledger::week::week_end(today);
    let mut out: Vec<Date> = std::iter::successors(Some(this), |day| day.checked_sub(7.days()).ok())
        .take_while(|day| *day >= from)
        .collect();
    out.reverse();
    out
}
