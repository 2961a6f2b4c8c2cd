//! For which moment figures are shown: today, the end of a semester that is over, or a week's end.

use gongyu_kernel::calendar::Semester;
use gongyu_kernel::{Date, Result};
use gongyu_ledger::figures;
use gongyu_ledger::rules::Depth;
use gongyu_registry::year;
use gongyu_store::{Reader, sql};
use gongyu_web::FormData;

/// What a page of figures is asked to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The semester.
    pub semester: Semester,
    /// The semester of today.
    pub present: Semester,
    /// The Sunday of the weekly record shown instead of today's counters.
    pub week: Option<Date>,
    /// From which depth on a family counts as reached.
    pub depth: Depth,
    /// Whether messages merely sent, parents and tones are known of that week.
    pub entire: bool,
    /// Nothing was recorded on or before the day asked for.
    pub too_early: bool,
}

impl Moment {
    /// Reads `semester`, `depth` and `as_of` of an address. A day asked for is answered from the last
    /// weekly record that was complete on it; what is not understood is today.
    ///
    /// # Errors
    /// As any statement.
    pub fn read(r: &mut Reader, query: &FormData) -> Result<Self> {
        let (today, present) = (r.today(), figures::present(r)?);
        let usual = figures::reach_depth(r)?;
        let depth = Depth::parse(query.get("depth")).unwrap_or(usual);
        let asked: Option<Date> = query.get("as_of").parse().ok().filter(|day| *day < today);
        if let Some(day) = asked {
            let found: Option<(Date, String, bool)> = r.row(
                sql!(
                    "SELECT week_end, semester, entire FROM unit_week WHERE kind = 'district' AND week_end <= $1
                      ORDER BY week_end DESC LIMIT 1"
                ),
                &[&day],
            )?;
            let entire = found.as_ref().is_none_or(|f| f.2);
            let depth = if depth == Depth::Told && !entire { Depth::Confirmed } else { depth };
            let semester = match &found {
                Some((_, code, _)) => Semester::parse(code).unwrap_or(present),
                None => present,
            };
            return Ok(Self {
                semester,
                present,
                week: found.as_ref().map(|f| f.0),
                depth,
                entire,
                too_early: found.is_none(),
            });
        }
        let semester = Semester::parse(query.get("semester")).ok().filter(|s| *s < present).unwrap_or(present);
        Ok(Self { semester, present, week: None, depth, entire: true, too_early: false })
    }

    /// Today's counters are shown.
    pub fn is_now(&self) -> bool {
        self.week.is_none() && self.semester == self.present
    }

    /// A semester that is over is shown as a whole.
    pub fn is_past(&self) -> bool {
        self.week.is_none() && self.semester != self.present
    }

    /// The Sunday of the last weekly record of a semester.
    ///
    /// # Errors
    /// As any statement.
    pub fn last_week_of(r: &mut Reader, semester: Semester) -> Result<Option<Date>> {
        let days = year::calendar(r)?.dates_of(semester);
        let found: Option<(Date,)> = r.row(
            sql!(
                "SELECT week_end FROM unit_week WHERE kind = 'district' AND week_end >= $1 AND week_end <= $2
                  ORDER BY week_end DESC LIMIT 1"
            ),
            &[&days.from, &days.to],
        )?;
        Ok(found.map(|(end,)| end))
    }
}
