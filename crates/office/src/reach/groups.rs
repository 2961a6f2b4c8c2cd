//! Groups of classes with their figures: classes, schools, towns. A town is the sum of its schools,
//! the district of its towns, so that opening a row never shows other numbers than the row.

use super::moment::Moment;
use super::points::{by_need, difference};
use gongyu_kernel::{Date, Id, Result};
use gongyu_ledger::duty::{self, SchoolDuties};
use gongyu_ledger::figures::{self, Figures};
use gongyu_ledger::rules::Depth;
use gongyu_ledger::week::{self, Week};
use gongyu_registry::unit::{self, Setting, Unit};
use gongyu_store::Reader;
use jiff::ToSpan;
use std::collections::{HashMap, HashSet};

/// A group as it stood a week earlier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Before {
    students: i64,
    reached: i64,
    never: i64,
    /// Reached counts in the same semester, so that the two may be compared.
    comparable: bool,
}

/// A class, school or town with its figures.
#[derive(Clone, Debug)]
pub struct Group {
    /// The unit; 0 for schools that lie in no town.
    pub id: Id,
    /// Its name; empty for those without a town.
    pub name: String,
    /// Town or country.
    pub setting: Option<Setting>,
    /// Town it lies in; for a town itself.
    pub town: Option<Id>,
    /// Schools in it.
    pub schools: i64,
    /// Its children, counted.
    pub figures: Figures,
    /// Whether it is known who was never reached.
    pub never_known: bool,
    /// Whether messages merely sent, parents and tones are known.
    pub entire: bool,
    /// From which depth on a family counts as reached.
    pub depth: Depth,
    pub(crate) before: Option<Before>,
}

impl Group {
    /// Children reached.
    pub const fn reached(&self) -> i64 {
        self.figures.reached(self.depth)
    }

    /// Children never reached; `None` where it is not known.
    pub fn never(&self) -> Option<i64> {
        self.never_known.then(|| self.figures.never())
    }

    /// By how much the share reached moved in a week, in tenths of a percentage point.
    pub fn moved(&self) -> Option<i64> {
        let before = self.before.filter(|b| b.comparable)?;
        difference((self.reached(), self.figures.students), (before.reached, before.students))
    }

    /// By how much the number of those never reached moved in a week.
    pub fn never_moved(&self) -> Option<i64> {
        Some(self.never()? - self.before?.never)
    }

    /// Its place in the order of need.
    pub fn need(&self) -> (i64, i64, i64) {
        (self.reached(), self.figures.students, self.never().unwrap_or(0))
    }

    fn add(&mut self, other: &Self) {
        self.schools += other.schools;
        self.figures.add(&other.figures);
        self.never_known &= other.never_known;
        self.entire &= other.entire;
        self.before = match (self.before, other.before) {
            (Some(a), Some(b)) => Some(Before {
                students: a.students + b.students,
                reached: a.reached + b.reached,
                never: a.never + b.never,
                comparable: a.comparable && b.comparable,
            }),
            (a, b) => a.or(b),
        };
    }
}

/// The sum of some groups.
pub fn sum<'a>(groups: impl IntoIterator<Item = &'a Group>) -> Option<Group> {
    let mut groups = groups.into_iter();
    let mut all = groups.next()?.clone();
    groups.for_each(|g| all.add(g));
    Some(all)
}

/// Figures and, where known, those of a week before, by key.
struct Counted {
    now: Vec<Figures>,
    before: HashMap<Id, Before>,
    never_known: bool,
    entire: bool,
}

fn week_before(r: &Reader, moment: &Moment) -> Option<Date> {
    let end = match moment.week {
        Some(end) => end,
        None if moment.is_now() => week::week_end(r.today()),
        None => return None,
    };
    end.checked_sub(7.days()).ok()
}

fn counted(
    r: &mut Reader,
    moment: &Moment,
    live: impl FnOnce(&mut Reader) -> Result<Vec<Figures>>,
    kept: impl Fn(&mut Reader, Date) -> Result<Vec<Week>>,
) -> Result<Counted> {
    let mut before = HashMap::new();
    if let Some(end) = week_before(r, moment) {
        let semester = moment.semester.code();
        for row in kept(r, end)? {
            let reached = row.reached(moment.depth);
            let comparable = reached.is_some() && row.semester == semester;
            before.insert(
                row.key,
                Before { students: row.students, reached: reached.unwrap_or(0), never: row.never, comparable },
            );
        }
    }
    if let Some(end) = moment.week {
        let weeks = kept(r, end)?;
        let entire = weeks.iter().all(|w| w.entire);
        return Ok(Counted { now: weeks.iter().map(Week::figures).collect(), before, never_known: true, entire });
    }
    let mut now = live(r)?;
    // Counters of a semester that is over know that semester only; who had never been reached by
    // its end stands in its last weekly record.
    let mut never_known = true;
    if moment.is_past() {
        let end = Moment::last_week_of(r, moment.semester)?;
        let rows = match end {
            Some(end) => kept(r, end)?,
            None => Vec::new(),
        };
        never_known = end.is_some();
        for row in rows {
            if let Some(f) = now.iter_mut().find(|f| f.key == row.key) {
                f.ever = f.students - row.never.min(f.students);
            }
        }
    }
    Ok(Counted { now, before, never_known, entire: true })
}

fn group(unit: &Unit, name: String, figures: Figures, counted: &Counted, moment: &Moment) -> Group {
    Group {
        id: unit.id,
        name,
        setting: Setting::parse(&figures.setting).or(unit.setting),
        town: unit.town,
        schools: 1,
        never_known: counted.never_known,
        entire: counted.entire,
        depth: moment.depth,
        before: counted.before.get(&unit.id).copied(),
        figures,
    }
}

/// Every school, in the order of need, each in the town it lies in today. Today's list has the schools
/// without children too: duties ask of them as well, and a row that is opened must show what it counts.
///
/// # Errors
/// As any statement.
pub fn school_groups(r: &mut Reader, moment: &Moment, schools: &[Unit]) -> Result<Vec<Group>> {
    if moment.too_early {
        return Ok(Vec::new());
    }
    let semester = moment.semester;
    let mut counted = counted(r, moment, |r| figures::by_every_school(r, semester), week::schools_at)?;
    let mut out = Vec::with_capacity(counted.now.len());
    let by_id: HashMap<Id, &Unit> = schools.iter().map(|s| (s.id, s)).collect();
    for figures in std::mem::take(&mut counted.now) {
        match by_id.get(&figures.key).copied() {
            Some(school) => out.push(group(school, school.name.clone(), figures, &counted, moment)),
            None => {
                let closed = unit::find(r, figures.key)?;
                out.push(group(&closed, closed.name.clone(), figures, &counted, moment));
            }
        }
    }
    if moment.is_now() {
        let known: HashSet<Id> = out.iter().map(|g| g.id).collect();
        for school in schools.iter().filter(|s| !known.contains(&s.id)) {
            let none = Figures { key: school.id, ..Figures::default() };
            out.push(group(school, school.name.clone(), none, &counted, moment));
        }
    }
    sort_by_need(&mut out);
    Ok(out)
}

/// The classes of a school with children, in the order of need.
///
/// # Errors
/// As any statement.
pub fn class_groups(r: &mut Reader, moment: &Moment, school: Id) -> Result<Vec<Group>> {
    if moment.too_early {
        return Ok(Vec::new());
    }
    let semester = moment.semester;
    let start = semester.year.start;
    let open: HashMap<Id, Unit> = unit::classes_of(r, school)?.into_iter().map(|u| (u.id, u)).collect();
    let mut counted =
        counted(r, moment, |r| figures::by_class(r, semester, school), |r, end| week::classes_at(r, end, school))?;
    let mut out = Vec::with_capacity(counted.now.len());
    for figures in std::mem::take(&mut counted.now) {
        let class = match open.get(&figures.key) {
            Some(class) => class.clone(),
            None => unit::find(r, figures.key)?,
        };
        out.push(group(&class, class.display(start), figures, &counted, moment));
    }
    sort_by_need(&mut out);
    Ok(out)
}

/// Schools summed by town, in the order of need; those in no town together, under an empty name.
pub fn town_groups(schools: &[Group], towns: &[Unit]) -> Vec<Group> {
    let mut by_town: HashMap<Id, Group> = HashMap::new();
    for school in schools {
        let key = school.town.unwrap_or_default();
        match by_town.get_mut(&key) {
            Some(town) => town.add(school),
            None => {
                let town = towns.iter().find(|t| t.id == key);
                let mut first = school.clone();
                first.id = key;
                first.name = town.map(|t| t.name.clone()).unwrap_or_default();
                first.setting = town.map_or(school.setting, |t| t.setting);
                by_town.insert(key, first);
            }
        }
    }
    let mut out: Vec<Group> = by_town.into_values().collect();
    sort_by_need(&mut out);
    out
}

fn sort_by_need(groups: &mut [Group]) {
    groups.sort_by(|a, b| by_need(a.need(), b.need()).then_with(|| a.name.cmp(&b.name)).then(a.id.cmp(&b.id)));
}

/// The duties of each school today, counted.
///
/// # Errors
/// As any statement.
pub fn duties_by_school(r: &mut Reader, schools: &[Unit]) -> Result<HashMap<Id, SchoolDuties>> {
    let lines = duty::district_lines(r, schools)?;
    Ok(lines
        .into_iter()
        .map(|(school, lines)| {
            let mut counted = SchoolDuties::default();
            lines.iter().for_each(|line| counted.add(line.status));
            (school, counted)
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn school(id: i64, town: i64, students: i64, confirmed: i64, ever: i64) -> Group {
        Group {
            id: Id(id),
            name: format!("第{id}小学"),
            setting: Some(Setting::Rural),
            town: (town > 0).then_some(Id(town)),
            schools: 1,
            figures: Figures { key: Id(id), students, confirmed, ever, ..Figures::default() },
            never_known: true,
            entire: true,
            depth: Depth::Confirmed,
            before: Some(Before { students, reached: confirmed - 1, never: students - ever + 2, comparable: true }),
        }
    }

    #[test]
    fn a_town_is_the_sum_of_its_schools_and_the_district_of_its_towns() {
        let schools =
            [school(1, 7, 100, 90, 95), school(2, 7, 50, 20, 30), school(3, 8, 10, 10, 10), school(4, 0, 5, 1, 2)];
        let towns = town_groups(&schools, &[]);
        assert_eq!(towns.iter().map(|t| t.schools).sum::<i64>(), 4);
        let (of_towns, of_schools) = (sum(&towns).unwrap(), sum(&schools).unwrap());
        assert_eq!(of_towns.figures.students, of_schools.figures.students);
        assert_eq!((of_towns.reached(), of_towns.never()), (of_schools.reached(), of_schools.never()));
        let seventh = towns.iter().find(|t| t.id == Id(7)).unwrap();
        assert_eq!((seventh.figures.students, seventh.reached(), seventh.never()), (150, 110, Some(25)));
        assert_eq!(seventh.never_moved(), Some(-4));
    }

    #[test]
    fn towns_stand_in_the_order_of_need() {
        let schools = [school(1, 7, 100, 90, 95), school(2, 8, 50, 20, 30), school(3, 9, 10, 10, 10)];
        let order: Vec<i64> = town_groups(&schools, &[]).iter().map(|t| t.id.raw()).collect();
        assert_eq!(order, [8, 7, 9]);
    }

    #[test]
    fn the_change_of_a_week_is_not_told_across_two_semesters() {
        let mut group = school(1, 7, 100, 90, 95);
        assert_eq!(group.moved(), Some(10));
        group.before = group.before.map(|b| Before { comparable: false, ..b });
        assert_eq!(group.moved(), None);
        assert_eq!(group.never_moved(), Some(-2));
    }
}
