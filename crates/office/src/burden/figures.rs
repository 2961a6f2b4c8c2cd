//! The figures of a school, a town or the district, from the sums. A page, its file and the interface for
//! other programs read the same.

use super::forms::Form;
use super::rules::{Average, Group, Sum, in_total};
use gongyu_access::Role;
use gongyu_deliver::policy::Policy;
use gongyu_deliver::ration::{self, monday};
use gongyu_kernel::{Date, Id, Result};
use gongyu_registry::unit::{self, Unit, UnitKind};
use gongyu_store::{Reader, record, sql};
use jiff::ToSpan;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Weeks of the trend.
const WEEKS: i64 = 20;
/// Whole weeks that an average is taken over.
const LAST: i64 = 4;

/// One week of class teachers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeekCost {
    /// Its Monday.
    pub week: Date,
    /// Of a class teacher; `None` where too few or nothing is known.
    pub average: Option<Average>,
}

/// A kind of work in the last weeks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FormCost {
    /// Which.
    pub form: Form,
    /// Forms sent.
    pub forms: i64,
    /// Minutes of all.
    pub minutes: f64,
    /// Seconds of one; `None` where no page told.
    pub seconds_each: Option<f64>,
    /// Taps of one.
    pub taps_each: Option<f64>,
}

/// A school, or a town of the district.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The unit.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// Of its class teachers; `None` for fewer than five.
    pub average: Option<Average>,
}

/// Messages to families.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Letters {
    /// For each family in the last whole week.
    pub per_family: Option<f64>,
    /// The same in the week before.
    pub before: Option<f64>,
    /// Most letters a person gets in a day before the rest waits; 0 for no limit.
    pub limit: i64,
    /// Letters that were gathered instead of going alone, in the last whole week.
    pub gathered: i64,
}

/// What the product costs in a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Burden {
    /// Each group's week, on the average of the last whole weeks.
    pub groups: Vec<(Group, Option<Average>)>,
    /// The same of class teachers in as many weeks before.
    pub before: Option<Average>,
    /// The weeks, oldest first.
    pub weeks: Vec<WeekCost>,
    /// Kinds of work of all groups in the last whole weeks, the heaviest first; empty where too few work.
    pub forms: Vec<FormCost>,
    /// Share of forms whose page told how long it took, in percent.
    pub timed: i64,
    /// Contacts noted for several children at once that needed no form of their own.
    pub bulk: i64,
    /// All contacts noted.
    pub noted: i64,
    /// Entries that came of families confirming a notice.
    pub confirmed: i64,
    /// Messages to families; of a school and of the district.
    pub letters: Option<Letters>,
    /// Towns of the district or schools of a town, in order of name.
    pub parts: Vec<Part>,
}

impl Burden {
    /// A class teacher's week.
    pub fn class_teachers(&self) -> Option<Average> {
        self.groups.iter().find(|(group, _)| *group == Group::ClassTeachers).and_then(|(_, average)| *average)
    }
}

record! {
    struct Row {
        week: Date,
        school: Id,
        role: String,
        form: Form,
        forms: i64,
        timed: i64,
        seconds: i64,
        taps: i64,
    }
}

impl Row {
    const fn sum(&self) -> Sum {
        Sum { forms: self.forms, timed: self.timed, seconds: self.seconds, taps: self.taps }
    }
}

/// By week, school and group.
type ByGroup<T> = HashMap<(Date, Id, Group), T>;

/// All that is known of some schools since a week.
struct Known {
    rows: Vec<Row>,
    sums: ByGroup<Sum>,
    people: ByGroup<i64>,
}

fn read(r: &mut Reader, school: Option<Id>, since: Date) -> Result<Known> {
    let rows: Vec<Row> = match school {
        Some(school) => r.rows(
            sql!(
                "SELECT week, school_id, role, form, forms, timed, seconds, taps FROM burden_week
                  WHERE school_id = $1 AND week >= $2"
            ),
            &[&school, &since],
        )?,
        None => r.rows(
            sql!(
                "SELECT week, school_id, role, form, forms, timed, seconds, taps FROM burden_week
                  WHERE week >= $1"
            ),
            &[&since],
        )?,
    };
    let held: Vec<(Date, Id, String, i64)> =
        r.rows(sql!("SELECT week, school_id, role, people FROM burden_people WHERE week >= $1"), &[&since])?;
    let (mut people, mut sums): (ByGroup<i64>, ByGroup<Sum>) = Default::default();
    for (week, school, role, n) in held {
        if let Some(group) = Role::parse(&role).and_then(Group::of) {
            *people.entry((week, school, group)).or_default() += n;
        }
    }
    for row in &rows {
        if let Some(group) = Role::parse(&row.role).and_then(Group::of) {
            sums.entry((row.week, row.school, group)).or_default().add(&row.sum());
        }
    }
    Ok(Known { rows, sums, people })
}

impl Known {
    /// The average of a group of some schools over some weeks.
    fn average(&self, schools: &HashSet<Id>, group: Group, weeks: &[Date]) -> Option<Average> {
        let (mut sum, mut people, mut known) = (Sum::default(), 0, 0);
        for week in weeks {
            let mut here = 0;
            for school in schools {
                let key = (*week, *school, group);
                here += self.people.get(&key).copied().unwrap_or(0);
                if let Some(of_school) = self.sums.get(&key) {
                    sum.add(of_school);
                }
            }
            people += here;
            known += i64::from(here > 0);
        }
        Average::of(&sum, people, known)
    }

    /// The schools that enter a total of a group: see `in_total`.
    fn of_total(&self, schools: &[Id], group: Group, week: Date) -> HashSet<Id> {
        let people: Vec<i64> =
            schools.iter().map(|s| self.people.get(&(week, *s, group)).copied().unwrap_or(0)).collect();
        schools.iter().zip(in_total(&people)).filter(|(_, counts)| *counts).map(|(school, _)| *school).collect()
    }
}

fn weeks_before(week: Date, from: i64, n: i64) -> Vec<Date> {
    (from..from + n).rev().map(|back| week.saturating_sub((back * 7).days())).collect()
}

/// What the product costs in a school, a town or the district.
///
/// # Errors
/// As any statement.
pub fn burden_of(r: &mut Reader, here: &Unit) -> Result<Burden> {
    let this = monday(r.today());
    let schools = match here.kind {
        UnitKind::School => vec![here.clone()],
        UnitKind::Town => unit::schools(r, Some(here.id))?,
        _ => unit::schools(r, None)?,
    };
    let ids: Vec<Id> = schools.iter().map(|school| school.id).collect();
    let trend = weeks_before(this, 0, WEEKS);
    let since = trend.first().copied().unwrap_or(this);
    let known = read(r, (here.kind == UnitKind::School).then_some(here.id), since)?;
    let (last, before) = (weeks_before(this, 1, LAST), weeks_before(this, 1 + LAST, LAST));
    let newest = last.last().copied().unwrap_or(this);
    let counted = |group| known.of_total(&ids, group, newest);
    let teachers = counted(Group::ClassTeachers);
    let groups: Vec<(Group, Option<Average>)> =
        Group::ALL.into_iter().map(|group| (group, known.average(&counted(group), group, &last))).collect();
    let all: i64 = ids
        .iter()
        .flat_map(|school| Group::ALL.map(|group| known.people.get(&(newest, *school, group)).copied().unwrap_or(0)))
        .sum();
    let (forms, timed) = if all < super::rules::FEWEST { (Vec::new(), 0) } else { forms_of(&known, &ids, &last) };
    let saved = saved(r, &ids, newest.saturating_sub(((LAST - 1) * 7).days()), newest)?;
    let of = |kind: &str| saved.get(kind).copied().unwrap_or(0);
    Ok(Burden {
        before: known.average(&teachers, Group::ClassTeachers, &before),
        weeks: trend
            .iter()
            .map(|week| WeekCost {
                week: *week,
                average: known.average(&teachers, Group::ClassTeachers, std::slice::from_ref(week)),
            })
            .collect(),
        groups,
        forms,
        timed,
        bulk: of("bulk"),
        noted: of("noted"),
        confirmed: of("confirmed"),
        letters: letters(r, here, newest)?,
        parts: parts(r, here, &schools, &known, &last)?,
    })
}

fn forms_of(known: &Known, schools: &[Id], weeks: &[Date]) -> (Vec<FormCost>, i64) {
    let (mine, in_weeks): (HashSet<&Id>, HashSet<&Date>) = (schools.iter().collect(), weeks.iter().collect());
    let (mut sums, mut whole): (BTreeMap<Form, Sum>, Sum) = Default::default();
    for row in known.rows.iter().filter(|row| mine.contains(&row.school) && in_weeks.contains(&row.week)) {
        sums.entry(row.form).or_default().add(&row.sum());
        whole.add(&row.sum());
    }
    let each = |part: i64, sum: &Sum| (sum.timed > 0).then(|| part as f64 / sum.timed as f64);
    let mut forms: Vec<FormCost> = sums
        .iter()
        .map(|(form, sum)| FormCost {
            form: *form,
            forms: sum.forms,
            minutes: sum.minutes(),
            seconds_each: each(sum.seconds, sum),
            taps_each: each(sum.taps, sum),
        })
        .collect();
    forms.sort_by(|a, b| b.minutes.total_cmp(&a.minutes).then(b.forms.cmp(&a.forms)));
    (forms, if whole.forms > 0 { whole.timed * 100 / whole.forms } else { 0 })
}

fn saved(r: &mut Reader, schools: &[Id], from: Date, to: Date) -> Result<HashMap<String, i64>> {
    let rows: Vec<(Id, String, i64)> = r.rows(
        sql!(
            "SELECT school_id, kind, CAST(SUM(n) AS BIGINT) FROM burden_saved
              WHERE week >= $1 AND week <= $2 GROUP BY school_id, kind"
        ),
        &[&from, &to],
    )?;
    let mine: HashSet<&Id> = schools.iter().collect();
    let mut sums: HashMap<String, i64> = HashMap::new();
    for (_, kind, n) in rows.into_iter().filter(|(school, ..)| mine.contains(school)) {
        *sums.entry(kind).or_default() += n;
    }
    Ok(sums)
}

/// The towns of the district or the schools of a town, in order of name and nothing else.
fn parts(r: &mut Reader, here: &Unit, schools: &[Unit], known: &Known, weeks: &[Date]) -> Result<Vec<Part>> {
    let part = |unit: &Unit, schools: HashSet<Id>| Part {
        id: unit.id,
        name: unit.name.clone(),
        average: known.average(&schools, Group::ClassTeachers, weeks),
    };
    match here.kind {
        UnitKind::School => Ok(Vec::new()),
        UnitKind::Town => Ok(schools.iter().map(|school| part(school, HashSet::from([school.id]))).collect()),
        _ => {
            let newest = weeks.last().copied().unwrap_or(Date::MIN);
            let towns = unit::towns(r)?;
            let of = |town: &Unit| {
                let ids: Vec<Id> = schools.iter().filter(|s| s.town == Some(town.id)).map(|s| s.id).collect();
                part(town, known.of_total(&ids, Group::ClassTeachers, newest))
            };
            Ok(towns.iter().map(of).collect())
        }
    }
}

fn letters(r: &mut Reader, here: &Unit, newest: Date) -> Result<Option<Letters>> {
    let school = match here.kind {
        UnitKind::School => Some(here.id),
        UnitKind::District => None,
        _ => return Ok(None),
    };
    let sent = ration::of_families(r, school, 8)?;
    let limit = Policy::load(r)?.ration;
    let in_week = |week: Date| sent.weeks.iter().find(|w| w.week == week);
    let each = |week: Date| {
        let letters = in_week(week).map_or(0, |w| w.letters);
        (sent.families > 0).then(|| letters as f64 / sent.families as f64)
    };
    Ok(Some(Letters {
        per_family: each(newest),
        before: each(newest.saturating_sub(7.days())),
        limit,
        gathered: in_week(newest).map_or(0, |w| w.gathered),
    }))
}
