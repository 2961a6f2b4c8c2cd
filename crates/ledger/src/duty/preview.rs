//! What a changed rule would do today, before it is put in force: who would be late, who no longer. The
//! same lines as the real status makes, over what would be counted.

use super::book::book;
use super::recount::counts_of;
use super::standing::{self, Asked, asks, line_of, of_children};
use crate::act;
use crate::rules::{self, Counts, DutyStatus, Rule, Subject, Tally};
use gongyu_kernel::calendar::{Period, SchoolCalendar};
use gongyu_kernel::{Date, Id, Result};
use gongyu_registry::unit::{self, Unit};
use gongyu_registry::year;
use gongyu_store::{Db, Reader, record, sql};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Children whose kept counts are read again while the page is asked for; more are read by a job.
const QUICK_CHILDREN: i64 = 200_000;
/// Children whose whole ledger is read while the page is asked for; more are read by a job.
const SLOW_CHILDREN: i64 = 8_000;

/// Who is late or not by a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    /// Schools and kindergartens, by the activities they held.
    Schools,
    /// Classes: late while one of their children is.
    Classes,
    /// Nobody: nothing counts this rule yet.
    Nobody,
}

/// A school or class, and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The school or class.
    pub unit: Id,
    /// Its school; the same for a school.
    pub school: Id,
    /// Its town.
    pub town: Option<Id>,
}

/// What a rule would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// Who is late or not.
    pub whom: Whom,
    /// How many are asked by the rule as it would be.
    pub asked: usize,
    /// Late today by the rule in force.
    pub now: Vec<Place>,
    /// Late today by the rule as it would be.
    pub then: Vec<Place>,
}

impl Preview {
    /// Late by the new rule and not by the old one.
    pub fn newly(&self) -> Vec<Place> {
        less(&self.then, &self.now)
    }

    /// Late by the old rule and not by the new one.
    pub fn no_longer(&self) -> Vec<Place> {
        less(&self.now, &self.then)
    }

    /// Each town with how many are late now and would be then, in order of identifier.
    pub fn by_town(&self) -> BTreeMap<Option<Id>, (usize, usize)> {
        let mut towns: BTreeMap<Option<Id>, (usize, usize)> = BTreeMap::new();
        self.now.iter().for_each(|place| towns.entry(place.town).or_default().0 += 1);
        self.then.iter().for_each(|place| towns.entry(place.town).or_default().1 += 1);
        towns
    }
}

fn less(all: &[Place], without: &[Place]) -> Vec<Place> {
    let gone: HashSet<Id> = without.iter().map(|place| place.unit).collect();
    all.iter().filter(|place| !gone.contains(&place.unit)).copied().collect()
}

/// Whose lateness a rule decides.
pub fn whom(rule: &Rule) -> Whom {
    match (rule.subject, &rule.counts) {
        (Subject::Child, Counts::Touches { .. }) => Whom::Classes,
        (Subject::School | Subject::Kindergarten, Counts::Acts { .. }) => Whom::Schools,
        _ => Whom::Nobody,
    }
}

/// Children for whom a rule is met, by class and period.
type Met = HashMap<(Id, String), i64>;

record! {
    struct Class {
        id: Id,
        school: Id,
        town: Option<Id>,
        stage: Option<String>,
        students: i64,
        special: i64,
    }
}

/// How the counts of a changed rule are come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Nothing has to be counted, or activities only.
    Light,
    /// What counts and in which period stays: the counts of the version in force hold.
    Kept(u32),
    /// From the ledger, child by child.
    Ledger,
}

fn way(r: &mut Reader, new: &Rule) -> Result<Way> {
    if !new.enabled || whom(new) != Whom::Classes {
        return Ok(Way::Light);
    }
    let old = book(r)?.rule(&new.code).ok().cloned();
    let Some(old) = old.filter(|old| old.enabled && old.counts == new.counts && old.period == new.period) else {
        return Ok(Way::Ledger);
    };
    // While a version is still being counted back its counts are not yet whole.
    let counting: i64 =
        r.scalar(sql!("SELECT COUNT(*) FROM job WHERE kind = 'ledger.backfill' AND state = 'ready'"), &[])?;
    Ok(if counting == 0 { Way::Kept(old.version) } else { Way::Ledger })
}

/// Whether a preview takes longer than a page should (2 s on a district of a thousand schools), so that a
/// job has to make it.
///
/// # Errors
/// As any statement.
pub fn is_long(r: &mut Reader, new: &Rule) -> Result<bool> {
    let most = match way(r, new)? {
        Way::Light => return Ok(false),
        Way::Kept(_) => QUICK_CHILDREN,
        Way::Ledger => SLOW_CHILDREN,
    };
    Ok(children(r)? > most)
}

fn children(r: &mut Reader) -> Result<i64> {
    r.scalar(sql!("SELECT CAST(COALESCE(SUM(students), 0) AS BIGINT) FROM class_reach WHERE period = 'all'"), &[])
}

/// What a rule as it would be does today, all of it in the caller's transaction.
///
/// # Errors
/// As any statement.
pub fn preview(r: &mut Reader, new: &Rule) -> Result<Preview> {
    let met = match way(r, new)? {
        Way::Light => Met::new(),
        Way::Kept(version) => met_as_kept(r, new, version)?,
        Way::Ledger => {
            let (mut met, mut after) = (Met::new(), Id(0));
            while let Some(last) = met_of_some(r, new, after, &mut met)?.map(|(last, _)| last) {
                after = last;
            }
            met
        }
    };
    compare(r, new, &met)
}

/// The same by a job: children some hundred at a time, telling how many are done of how many.
///
/// # Errors
/// As any statement, or what `tell` returns.
pub fn preview_in_steps(db: &Db, new: &Rule, mut tell: impl FnMut(i64, i64) -> Result<()>) -> Result<Preview> {
    let rule = new.clone();
    let ledger = db.read_wait(move |r| Ok((way(r, &rule)? == Way::Ledger).then_some(children(r)?)))?;
    let Some(all) = ledger else {
        let rule = new.clone();
        return db.read_wait(move |r| preview(r, &rule));
    };
    let (mut met, mut after, mut done) = (Met::new(), Id(0), 0);
    loop {
        let rule = new.clone();
        let step = db.read_wait(move |r| {
            let mut some = Met::new();
            Ok(met_of_some(r, &rule, after, &mut some)?.map(|(last, n)| (last, n, some)))
        })?;
        let Some((last, n, some)) = step else { break };
        some.into_iter().for_each(|(key, n)| *met.entry(key).or_insert(0) += n);
        (after, done) = (last, done + n);
        tell(done.min(all), all)?;
    }
    let rule = new.clone();
    db.read_wait(move |r| compare(r, &rule, &met))
}

fn compare(r: &mut Reader, new: &Rule, met: &Met) -> Result<Preview> {
    let (calendar, today) = (year::calendar(r)?, r.today());
    let schools = unit::schools(r, None)?;
    let old = book(r)?.rule(&new.code).ok().cloned();
    let (now, then) = match whom(new) {
        Whom::Nobody => return Ok(Preview { whom: Whom::Nobody, asked: 0, now: Vec::new(), then: Vec::new() }),
        Whom::Schools => {
            let kept = standing::district_lines(r, &schools)?;
            let late_now = kept.into_iter().filter_map(|(school, lines)| {
                let line = lines.into_iter().find(|l| l.rule.code == new.code)?;
                Some((school, is_late(line.status)))
            });
            (placed(&schools, late_now.collect()), of_schools(r, new, &schools, today, &calendar)?)
        }
        Whom::Classes => {
            let classes = classes(r)?;
            let kept = match old.filter(|rule| rule.enabled) {
                Some(rule) => {
                    let met = met_in_force(r, &rule, today, &calendar)?;
                    of_classes(&rule, &met, &classes, &schools, today, &calendar)
                }
                None => Vec::new(),
            };
            (kept, of_classes(new, met, &classes, &schools, today, &calendar))
        }
    };
    let late = |all: &[(Place, bool)]| all.iter().filter(|(_, late)| *late).map(|(place, _)| *place).collect();
    Ok(Preview { whom: whom(new), asked: then.len(), now: late(&now), then: late(&then) })
}

const fn is_late(status: DutyStatus) -> bool {
    matches!(status, DutyStatus::Overdue { .. })
}

fn placed(schools: &[Unit], late: HashMap<Id, bool>) -> Vec<(Place, bool)> {
    let place = |s: &Unit| Place { unit: s.id, school: s.id, town: s.town };
    schools.iter().filter_map(|s| late.get(&s.id).map(|late| (place(s), *late))).collect()
}

/// Schools by the activities they held, counted as they are when the rule is in force.
fn of_schools(
    r: &mut Reader,
    new: &Rule,
    schools: &[Unit],
    today: Date,
    calendar: &SchoolCalendar,
) -> Result<Vec<(Place, bool)>> {
    if !new.enabled {
        return Ok(Vec::new());
    }
    let asked = Asked::today(new, today, calendar);
    let mut held: HashMap<(Id, String), u32> = HashMap::new();
    for (period, _) in &asked.periods {
        for (unit, facts) in act::facts_of_units(r, period.from, period.to)? {
            held.insert((unit, period.code.clone()), rules::tally_acts(new, &facts));
        }
    }
    let late = schools.iter().filter(|school| asks(new, school)).filter_map(|school| {
        let tally = |p: &Period| Tally::from(held.get(&(school.id, p.code.clone())).copied().unwrap_or(0));
        let line = line_of(&asked, tally, today, calendar)?;
        (line.status != DutyStatus::NotApplicable).then_some((school.id, is_late(line.status)))
    });
    Ok(placed(schools, late.collect()))
}

/// Classes by the children for whom the rule is met.
fn of_classes(
    rule: &Rule,
    met: &Met,
    classes: &[Class],
    schools: &[Unit],
    today: Date,
    calendar: &SchoolCalendar,
) -> Vec<(Place, bool)> {
    if !rule.enabled {
        return Vec::new();
    }
    let asked = Asked::today(rule, today, calendar);
    let about: HashSet<Id> = schools.iter().filter(|school| asks(rule, school)).map(|school| school.id).collect();
    let in_stage = |class: &Class| {
        let stages = &rule.applies.stages;
        stages.is_empty() || stages.iter().any(|stage| class.stage.as_deref() == Some(stage.code()))
    };
    let of = |class: &Class| {
        let sizes = (class.students, class.special);
        let tally = |p: &Period| of_children(rule, met.get(&(class.id, p.code.clone())).copied().unwrap_or(0), sizes);
        let line = line_of(&asked, tally, today, calendar)?;
        let place = Place { unit: class.id, school: class.school, town: class.town };
        (line.status != DutyStatus::NotApplicable).then_some((place, is_late(line.status)))
    };
    classes.iter().filter(|class| about.contains(&class.school) && in_stage(class)).filter_map(of).collect()
}

fn classes(r: &mut Reader) -> Result<Vec<Class>> {
    r.rows(
        sql!(
            "SELECT c.class_id, c.school_id, s.town_id, u.stage, c.students, c.special FROM class_reach c
              JOIN unit u ON u.id = c.class_id JOIN unit s ON s.id = c.school_id
              WHERE c.period = 'all' AND c.students > 0 ORDER BY c.school_id, u.stage, u.entry_year DESC, u.class_no"
        ),
        &[],
    )
}

/// What is kept for the version in force.
fn met_in_force(r: &mut Reader, rule: &Rule, today: Date, calendar: &SchoolCalendar) -> Result<Met> {
    let mut met = Met::new();
    for (period, _) in Asked::today(rule, today, calendar).periods {
        let rows: Vec<(Id, i64)> = r.rows(
            sql!("SELECT class_id, met FROM duty_class WHERE period = $1 AND rule = $2 AND version = $3"),
            &[&period.code, &rule.code, &rule.version],
        )?;
        met.extend(rows.into_iter().map(|(class, n)| ((class, period.code.clone()), n)));
    }
    Ok(met)
}

/// The counts of the version in force, held against what the new one asks.
fn met_as_kept(r: &mut Reader, new: &Rule, version: u32) -> Result<Met> {
    let (calendar, today) = (year::calendar(r)?, r.today());
    let everyone = new.applies.categories.is_empty();
    let mut met = Met::new();
    for (period, _) in Asked::today(new, today, &calendar).periods {
        let rows: Vec<(Id, i64)> = r.rows(
            sql!(
                "SELECT s.class_id, COUNT(*) FROM duty_count d JOIN student s ON s.id = d.subject_id
                  WHERE d.rule = $1 AND d.version = $2 AND d.period = $3 AND d.n >= $4
                    AND s.state = 'active' AND s.class_id IS NOT NULL AND (s.special OR $5)
                  GROUP BY s.class_id"
            ),
            &[&new.code, &version, &period.code, &i64::from(new.required), &everyone],
        )?;
        met.extend(rows.into_iter().map(|(class, n)| ((class, period.code.clone()), n)));
    }
    Ok(met)
}

record! {
    struct Child {
        id: Id,
        class: Option<Id>,
        counts: bool,
    }
}

/// Counts the next few hundred children from the ledger, as the counting back of a saved rule does.
/// Returns the last of them and how many there were; `None` at the end.
fn met_of_some(r: &mut Reader, new: &Rule, after: Id, met: &mut Met) -> Result<Option<(Id, i64)>> {
    let (calendar, everyone) = (year::calendar(r)?, new.applies.categories.is_empty());
    let some: Vec<Child> = r.rows(
        sql!(
            "SELECT id, class_id, state = 'active' AND (special OR $1) FROM student
              WHERE id > $2 ORDER BY id LIMIT 400"
        ),
        &[&everyone, &after],
    )?;
    let Some(last) = some.last().map(|child| child.id) else { return Ok(None) };
    let asked: HashMap<Id, Id> =
        some.iter().filter(|c| c.counts).filter_map(|c| c.class.map(|class| (c.id, class))).collect();
    let students: Vec<Id> = asked.keys().copied().collect();
    if !students.is_empty() {
        for ((student, _, period), n) in counts_of(r, std::slice::from_ref(new), &students, &calendar)? {
            if let Some(class) = asked.get(&student).filter(|_| n >= i64::from(new.required)) {
                *met.entry((*class, period)).or_insert(0) += 1;
            }
        }
    }
    Ok(Some((last, some.len() as i64)))
}
