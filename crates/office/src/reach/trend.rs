//! The share reached, week after week of lessons, with last year's beside it.

use super::moment::Moment;
use super::points::share_tenths;
use gongyu_kernel::calendar::{SchoolCalendar, Semester};
use gongyu_kernel::{Id, Result};
use gongyu_ledger::rules::Depth;
use gongyu_ledger::week::{self, Week};
use gongyu_parts::figures::{Chart, Series};
use gongyu_registry::year;
use gongyu_store::Reader;
use gongyu_web::show::View;
use std::collections::BTreeMap;

/// Reached and children.
type Part = (i64, i64);

/// One week: urban, rural, last year's whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Point {
    urban: Part,
    rural: Part,
    last: Part,
}

/// The weeks of a semester so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trend {
    points: BTreeMap<u32, Point>,
}

/// The weeks of the district. `now` is what today's counters say, urban and rural, so that the line
/// ends at the figure the page shows.
///
/// # Errors
/// As any statement.
pub fn of_district(r: &mut Reader, moment: &Moment, now: Option<(Part, Part)>) -> Result<Trend> {
    trend(r, moment, now, week::of_district)
}

/// The weeks of a school.
///
/// # Errors
/// As any statement.
pub fn of_school(r: &mut Reader, moment: &Moment, school: Id, now: Option<(Part, Part)>) -> Result<Trend> {
    trend(r, moment, now, |r, from, to| week::of_school(r, school, from, to))
}

fn trend(
    r: &mut Reader,
    moment: &Moment,
    now: Option<(Part, Part)>,
    read: impl Fn(&mut Reader, gongyu_kernel::Date, gongyu_kernel::Date) -> Result<Vec<Week>>,
) -> Result<Trend> {
    let calendar = year::calendar(r)?;
    let today = r.today();
    let mut points: BTreeMap<u32, Point> = BTreeMap::new();
    let end = |semester: Semester| week::week_end(calendar.teaching_of(semester).to);
    let until = moment.week.unwrap_or_else(|| end(moment.semester).min(week::week_end(today)));
    for week in read(r, calendar.teaching_of(moment.semester).from, until)? {
        if let Some(point) = number(&calendar, moment.semester, &week).map(|n| points.entry(n).or_default()) {
            let part = part(&week, moment.depth);
            if week.setting == "rural" { point.rural = part } else { point.urban = part }
        }
    }
    if let (Some((urban, rural)), true, Some(n)) = (now, moment.is_now(), calendar.week_of(today)) {
        let point = points.entry(n).or_default();
        (point.urban, point.rural) = (urban, rural);
    }
    let before = Semester { year: moment.semester.year.prev(), half: moment.semester.half };
    for week in read(r, calendar.teaching_of(before).from, end(before))? {
        if let Some(point) = number(&calendar, before, &week).and_then(|n| points.get_mut(&n)) {
            let (reached, students) = part(&week, moment.depth);
            point.last = (point.last.0 + reached, point.last.1 + students);
        }
    }
    Ok(Trend { points })
}

/// Number of a week of lessons in its semester.
fn number(calendar: &SchoolCalendar, semester: Semester, week: &Week) -> Option<u32> {
    calendar.week_of(week.end).filter(|_| calendar.semester_of(week.end) == semester)
}

/// Weeks that do not know messages merely sent begin at families that confirmed something.
fn part(week: &Week, least: Depth) -> Part {
    (week.reached(least).unwrap_or(week.confirmed), week.students)
}

fn percent((reached, students): Part) -> Option<f64> {
    share_tenths(reached, students).map(|tenths| tenths as f64 / 10.0)
}

fn shown(part: Part) -> String {
    gongyu_web::show::percent(part.0, part.1)
}

impl Trend {
    /// Whether there is no line to draw: one week is a point, which the page says already.
    pub fn is_empty(&self) -> bool {
        self.points.len() < 2
    }

    /// The picture with its table; urban and rural apart where there are both.
    ///
    /// # Errors
    /// `Error::Internal` when the template fails.
    pub fn figure(&self, view: &View) -> Result<String> {
        let of = |take: fn(&Point) -> Part| self.points.values().map(take).map(percent).collect::<Vec<_>>();
        let (urban, rural, last) = (of(|p| p.urban), of(|p| p.rural), of(|p| p.last));
        let some = |values: &[Option<f64>]| values.iter().any(Option::is_some);
        let labels = self.points.keys().map(|n| view.ta("reach-week", &[("n", (*n).into())]));
        let mut chart = Chart::line(self.finding(view)).labels(labels).every(2).unit("%").decimals(1);
        let lowest = urban.iter().chain(&rural).chain(&last).flatten().copied().fold(100.0_f64, f64::min);
        chart = chart.bounds((lowest / 20.0).floor() * 20.0, 100.0);
        if some(&urban) && some(&rural) {
            chart = chart
                .series(Series::new(view.t("duty-setting-urban"), urban).color("c1"))
                .series(Series::new(view.t("duty-setting-rural"), rural).color("c2"));
        } else if some(&urban) {
            chart = chart.series(Series::new(view.t("reach-here"), urban).color("c1"));
        } else {
            chart = chart.series(Series::new(view.t("reach-here"), rural).color("c2"));
        }
        if some(&last) {
            chart = chart.series(Series::new(view.t("reach-last-year"), last).last_year());
        }
        chart.figure(view)
    }

    /// 第12周末，城区98.2%，乡村94.7%，去年同期90.6%.
    fn finding(&self, view: &View) -> String {
        let Some((n, point)) = self.points.last_key_value() else { return String::new() };
        let mut text = view.ta("reach-finding-week", &[("n", (*n).into())]);
        for (part, key) in [
            (point.urban, "reach-finding-urban"),
            (point.rural, "reach-finding-rural"),
            (point.last, "reach-finding-last"),
        ] {
            if part.1 > 0 {
                text.push_str(&view.ta(key, &[("share", shown(part).into())]));
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn week(end: gongyu_kernel::Date) -> Week {
        Week { end, setting: "rural".into(), students: 200, confirmed: 180, talked: 90, met: 20, ..Week::default() }
    }

    #[test]
    fn weeks_outside_lessons_or_of_another_semester_are_not_drawn() {
        let calendar = SchoolCalendar::default_chongqing();
        let semester = calendar.semester_of(date(2026, 11, 22));
        assert_eq!(number(&calendar, semester, &week(date(2026, 11, 22))), calendar.week_of(date(2026, 11, 22)));
        assert_eq!(number(&calendar, semester, &week(date(2026, 8, 2))), None);
        assert_eq!(number(&calendar, semester.prev(), &week(date(2026, 11, 22))), None);
    }

    #[test]
    fn a_deeper_contact_is_drawn_from_its_own_counter() {
        let one = week(date(2026, 11, 22));
        let shares = Depth::ALL.iter().map(|d| percent(part(&one, *d))).collect::<Vec<_>>();
        assert_eq!(shares, [Some(90.0), Some(90.0), Some(45.0), Some(10.0)]);
    }
}
