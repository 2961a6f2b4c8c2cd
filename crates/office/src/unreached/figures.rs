//! Figures of the loop, reckoned from the same rows as the list: how many are open, where, for how long, why,
//! and with whom they lie.

use super::model::{Level, Reason};
use gongyu_kernel::{Date, Id, Result};
use gongyu_store::Reader;
use gongyu_store::list::ListQuery;
use std::collections::BTreeMap;

/// Tasks that agree in all of this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fact {
    town: Id,
    school: Id,
    class: Id,
    unit: Id,
    level: Level,
    reason: Option<Reason>,
    opened_on: Date,
    due_on: Date,
    n: i64,
}

/// By which unit figures are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Town of the school.
    Town,
    /// School.
    School,
    /// Class.
    Class,
}

/// One unit of the figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The unit; 0 for schools without a town.
    pub id: Id,
    /// Tasks.
    pub n: i64,
    /// Those whose day has passed.
    pub late: i64,
    /// Days the longest one is open.
    pub longest: i64,
}

/// The figures of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Tasks.
    pub n: i64,
    /// Those whose day has passed.
    pub late: i64,
    /// Days open, the middle one; of two middle ones the longer.
    pub median: i64,
    /// Days the longest one is open.
    pub longest: i64,
    /// By unit, most first.
    pub parts: Vec<Part>,
    /// By reason, most first; `None` where it is not known yet.
    pub reasons: Vec<(Option<Reason>, i64)>,
    /// By whom they lie with, in the order of the way: level, tasks, late ones.
    pub levels: Vec<(Level, i64, i64)>,
}

impl Figures {
    /// The figures of a list.
    ///
    /// # Errors
    /// As any statement.
    pub fn of(r: &mut Reader, list: &ListQuery, by: By) -> Result<Self> {
        let today = r.today();
        let facts: Vec<Fact> = list.counts_by(r, "facts")?.iter().filter_map(|(key, n)| read(key, *n)).collect();
        Ok(reckon(&facts, by, today))
    }
}

fn read(key: &str, n: i64) -> Option<Fact> {
    let mut fields = key.split('|');
    // 0 stands for "none" here, which no identifier may be.
    let mut id = || fields.next()?.parse().ok().map(Id);
    let (town, school, class, unit) = (id()?, id()?, id()?, id()?);
    Some(Fact {
        town,
        school,
        class,
        unit,
        level: Level::parse(fields.next()?)?,
        reason: Reason::parse(fields.next()?),
        opened_on: fields.next()?.parse().ok()?,
        due_on: fields.next()?.parse().ok()?,
        n,
    })
}

fn reckon(facts: &[Fact], by: By, today: Date) -> Figures {
    let days = |f: &Fact| i64::from((today - f.opened_on).get_days());
    let late = |f: &Fact| if f.due_on < today { f.n } else { 0 };
    let mut parts: BTreeMap<Id, Part> = BTreeMap::new();
    let mut reasons: BTreeMap<Option<Reason>, i64> = BTreeMap::new();
    let mut levels: BTreeMap<Level, (i64, i64)> = BTreeMap::new();
    for fact in facts {
        let id = match by {
            By::Town => fact.town,
            By::School => fact.school,
            By::Class => fact.class,
        };
        let part = parts.entry(id).or_insert(Part { id, ..Part::default() });
        part.n += fact.n;
        part.late += late(fact);
        part.longest = part.longest.max(days(fact));
        *reasons.entry(fact.reason).or_default() += fact.n;
        let level = levels.entry(fact.level).or_default();
        *level = (level.0 + fact.n, level.1 + late(fact));
    }
    let mut parts: Vec<Part> = parts.into_values().collect();
    parts.sort_by_key(|p| (-p.n, p.id));
    let mut reasons: Vec<(Option<Reason>, i64)> = reasons.into_iter().collect();
    reasons.sort_by_key(|(reason, n)| (-n, *reason));
    Figures {
        n: facts.iter().map(|f| f.n).sum(),
        late: facts.iter().map(late).sum(),
        median: median(facts.iter().map(|f| (days(f), f.n)).collect()),
        longest: facts.iter().map(days).max().unwrap_or(0),
        parts,
        reasons,
        levels: levels.into_iter().map(|(level, (n, late))| (level, n, late)).collect(),
    }
}

fn median(mut days: Vec<(i64, i64)>) -> i64 {
    days.sort_unstable();
    let total: i64 = days.iter().map(|(_, n)| n).sum();
    let mut seen = 0;
    for (day, n) in days {
        seen += n;
        if seen * 2 > total {
            return day;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 23);

    fn fact(school: i64, level: Level, reason: Option<Reason>, opened_on: Date, due_on: Date, n: i64) -> Fact {
        let id = Id(school);
        Fact { town: Id(1), school: id, class: Id(school * 10), unit: id, level, reason, opened_on, due_on, n }
    }

    #[test]
    fn the_middle_one_counts_every_task_once() {
        assert_eq!(median(vec![(3, 1), (40, 1), (5, 3)]), 5);
        assert_eq!(median(vec![(3, 2), (9, 2)]), 9);
        assert_eq!(median(Vec::new()), 0);
    }

    #[test]
    fn every_way_of_telling_tasks_apart_sums_to_the_same() {
        let facts = [
            fact(1, Level::Class, None, date(2026, 11, 20), date(2026, 11, 27), 4),
            fact(1, Level::Town, Some(Reason::NumberDead), date(2026, 10, 1), date(2026, 11, 20), 1),
            fact(2, Level::School, Some(Reason::NumberDead), date(2026, 11, 1), date(2026, 11, 23), 2),
        ];
        let f = reckon(&facts, By::School, TODAY);
        assert_eq!((f.n, f.late, f.median, f.longest), (7, 1, 3, 53));
        assert_eq!(f.parts.iter().map(|p| p.n).sum::<i64>(), 7);
        assert_eq!(f.reasons.iter().map(|(_, n)| n).sum::<i64>(), 7);
        assert_eq!(f.levels.iter().map(|(_, n, _)| n).sum::<i64>(), 7);
        assert_eq!(f.parts[0], Part { id: Id(1), n: 5, late: 1, longest: 53 });
        assert_eq!(f.levels, [(Level::Class, 4, 0), (Level::School, 2, 0), (Level::Town, 1, 1)]);
    }

    #[test]
    fn the_last_day_itself_is_not_late() {
        let due_today = fact(1, Level::Class, None, TODAY, TODAY, 1);
        assert_eq!(reckon(&[due_today], By::Class, TODAY).late, 0);
    }

    #[test]
    fn a_group_of_the_list_is_read_as_it_was_written() {
        let read = read("0|7|70|7|school||2026-11-01|2026-11-23", 2);
        let mut wanted = fact(7, Level::School, None, date(2026, 11, 1), TODAY, 2);
        wanted.town = Id(0);
        assert_eq!(read, Some(wanted));
    }
}
