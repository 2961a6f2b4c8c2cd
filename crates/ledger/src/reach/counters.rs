//! The counters of children and what a touch changes in them.

use super::members::shift_class;
use crate::rules::{Channel, Depth, Tone, TouchKind};
use crate::touch::Periods;
use gongyu_kernel::{Date, Id, Result};
use gongyu_registry::people::Relation;
use gongyu_store::{Asked, Reader, ToValue, Tx, Value, record, sql};
use std::collections::{BTreeMap, HashMap};

/// One touch, or one taken back, on its way into the counters.
#[derive(Clone, Debug)]
pub(crate) struct Move {
    pub(crate) student: Id,
    pub(crate) touch: Id,
    pub(crate) school: Id,
    pub(crate) stamped_class: Id,
    pub(crate) current_school: Id,
    pub(crate) current_class: Option<Id>,
    pub(crate) is_current: bool,
    /// The current class has its rows of figures for every present period.
    pub(crate) has_figures: bool,
    pub(crate) periods: Periods,
    pub(crate) depth: Depth,
    pub(crate) tone: Option<Tone>,
    pub(crate) relation: Option<Relation>,
    pub(crate) visit: bool,
    pub(crate) occurred_on: Date,
    pub(crate) sign: i64,
}

/// Whether a touch is a home visit: somebody stood at the family's door.
pub(crate) fn is_visit(kind: &TouchKind, channel: Channel, depth: Depth) -> bool {
    depth == Depth::Met && (*kind == TouchKind::VISIT || channel == Channel::HomeVisit)
}

record! {
    /// The counters of a child in one period.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct ChildReach {
        /// The child.
        pub student: Id,
        /// Semester, school year or `all`.
        pub period: String,
        /// School in which it is counted.
        pub school: Id,
        /// Class in which it is counted.
        pub class: Option<Id>,
        /// Touches of exactly each depth: told, confirmed, talked, met.
        pub told: i64,
        /// Confirmed.
        pub confirmed: i64,
        /// Talked with.
        pub talked: i64,
        /// Met.
        pub met: i64,
        /// Touches that reached the father, at least confirmed.
        pub father: i64,
        /// The mother.
        pub mother: i64,
        /// Home visits.
        pub visit: i64,
        /// Good news.
        pub good: i64,
        /// Everyday matters.
        pub neutral: i64,
        /// Care.
        pub concern: i64,
        /// Complaint.
        pub complaint: i64,
        /// Day of the last talk or meeting; empty when there was none.
        pub last_on: String,
        /// Its tone.
        pub last_tone: Option<Tone>,
        /// That touch.
        pub last_touch: Option<Id>,
    }
}

/// Whether a child counts, by "at least" for the depths: what class figures are sums of.
pub(super) type Flags = [i64; 11];

impl ChildReach {
    /// The deepest touch.
    pub fn depth(&self) -> Option<Depth> {
        [
            (self.met, Depth::Met),
            (self.talked, Depth::Talked),
            (self.confirmed, Depth::Confirmed),
            (self.told, Depth::Told),
        ]
        .into_iter()
        .find(|(n, _)| *n > 0)
        .map(|(_, depth)| depth)
    }

    /// Whether the child was reached at least so deeply.
    pub fn reached(&self, least: Depth) -> bool {
        self.depth().is_some_and(|d| d >= least)
    }

    /// Day of the last talk or meeting.
    pub fn last_day(&self) -> Option<Date> {
        self.last_on.parse().ok()
    }

    pub(super) fn flags(&self) -> Flags {
        let at = |least| i64::from(self.reached(least));
        [
            at(Depth::Told),
            at(Depth::Confirmed),
            at(Depth::Talked),
            at(Depth::Met),
            i64::from(self.father > 0),
            i64::from(self.mother > 0),
            i64::from(self.visit > 0),
            self.good,
            self.neutral,
            self.concern,
            self.complaint,
        ]
    }

    /// Adds a touch, or takes one back.
    pub(super) fn add(&mut self, m: &Move) {
        let by_depth = match m.depth {
            Depth::Told => &mut self.told,
            Depth::Confirmed => &mut self.confirmed,
            Depth::Talked => &mut self.talked,
            Depth::Met => &mut self.met,
        };
        *by_depth += m.sign;
        if m.depth >= Depth::Confirmed {
            match m.relation {
                Some(Relation::Father) => self.father += m.sign,
                Some(Relation::Mother) => self.mother += m.sign,
                _ => {}
            }
        }
        if m.visit {
            self.visit += m.sign;
        }
        match m.tone {
            Some(Tone::Good) => self.good += m.sign,
            Some(Tone::Neutral) => self.neutral += m.sign,
            Some(Tone::Concern) => self.concern += m.sign,
            Some(Tone::Complaint) => self.complaint += m.sign,
            None => {}
        }
        let day = m.occurred_on.to_string();
        let newer = (day.as_str(), Some(m.touch)) > (self.last_on.as_str(), self.last_touch);
        if m.sign > 0 && m.depth >= Depth::Talked && newer {
            (self.last_on, self.last_tone, self.last_touch) = (day, m.tone, Some(m.touch));
        }
    }

    fn row(&self) -> Vec<Value<'_>> {
        vec![
            self.student.to_value(),
            self.period.to_value(),
            self.school.to_value(),
            self.class.to_value(),
            self.told.to_value(),
            self.confirmed.to_value(),
            self.talked.to_value(),
            self.met.to_value(),
            self.father.to_value(),
            self.mother.to_value(),
            self.visit.to_value(),
            self.good.to_value(),
            self.neutral.to_value(),
            self.concern.to_value(),
            self.complaint.to_value(),
            self.last_on.to_value(),
            self.last_tone.to_value(),
            self.last_touch.to_value(),
        ]
    }
}

/// The columns of a child's counters, for those who write them in bulk.
pub const COLUMNS: &[&str] = &[
    "student_id",
    "period",
    "school_id",
    "class_id",
    "n_told",
    "n_confirmed",
    "n_talked",
    "n_met",
    "n_father",
    "n_mother",
    "n_visit",
    "n_good",
    "n_neutral",
    "n_concern",
    "n_complaint",
    "last_on",
    "last_tone",
    "last_touch_id",
];
/// Class and school of a counter are changed by a change of class alone; leaving them out here leaves
/// the index over them untouched.
const REPLACE: &str = "ON CONFLICT (student_id, period) DO UPDATE SET
    n_told = excluded.n_told,
    n_confirmed = excluded.n_confirmed, n_talked = excluded.n_talked, n_met = excluded.n_met,
    n_father = excluded.n_father, n_mother = excluded.n_mother, n_visit = excluded.n_visit,
    n_good = excluded.n_good, n_neutral = excluded.n_neutral, n_concern = excluded.n_concern,
    n_complaint = excluded.n_complaint, last_on = excluded.last_on, last_tone = excluded.last_tone,
    last_touch_id = excluded.last_touch_id";

pub(super) fn write(tx: &mut Tx, rows: &[&ChildReach]) -> Result<()> {
    let rows: Vec<Vec<Value<'_>>> = rows.iter().map(|r| r.row()).collect();
    tx.insert_many_later("reach", COLUMNS, REPLACE, &rows)
}

/// Asks for the counters of some children in the periods of one day.
pub(crate) fn ask_of(r: &mut Reader, students: &[Id], periods: &Periods) -> Result<Asked<ChildReach>> {
    let [semester, school_year, ever] = periods.codes();
    // A child has few counters. SQLite builds a table for a list of three: looking at all of them is cheaper.
    r.ask_in(
        sql!(
            "SELECT student_id, period, school_id, class_id, n_told, n_confirmed, n_talked, n_met, n_father,
                     n_mother, n_visit, n_good, n_neutral, n_concern, n_complaint, last_on, last_tone, last_touch_id
              FROM reach WHERE student_id IN ($1)
                AND CASE period WHEN $2 THEN 1 WHEN $3 THEN 1 WHEN $4 THEN 1 ELSE 0 END = 1"
        ),
        students,
        &[&semester, &school_year, &ever],
    )
}

/// The counters of some children in a period.
///
/// # Errors
/// As any statement.
pub fn of_children(r: &mut Reader, students: &[Id], period: &str) -> Result<HashMap<Id, ChildReach>> {
    let rows: Vec<ChildReach> = r.rows_in(
        sql!(
            "SELECT student_id, period, school_id, class_id, n_told, n_confirmed, n_talked, n_met, n_father,
                     n_mother, n_visit, n_good, n_neutral, n_concern, n_complaint, last_on, last_tone, last_touch_id
              FROM reach WHERE student_id IN ($1) AND period = $2"
        ),
        students,
        &[&period],
    )?;
    Ok(rows.into_iter().map(|row| (row.student, row)).collect())
}

/// The counters of some children in every period.
pub(super) fn all_of(r: &mut Reader, students: &[Id]) -> Result<Vec<ChildReach>> {
    r.rows_in(
        sql!(
            "SELECT student_id, period, school_id, class_id, n_told, n_confirmed, n_talked, n_met, n_father,
                     n_mother, n_visit, n_good, n_neutral, n_concern, n_complaint, last_on, last_tone, last_touch_id
              FROM reach WHERE student_id IN ($1)"
        ),
        students,
        &[],
    )
}

/// Brings the counters of the children and the figures of their classes up to date. `present` are the
/// children's counters of the present periods.
pub(crate) fn apply(tx: &mut Tx, moves: &[Move], current: &Periods, present: Vec<ChildReach>) -> Result<()> {
    let mut rows = match moves.iter().all(|m| m.periods == *current) {
        true => by_key(present),
        false => load(tx, moves)?,
    };
    let mut changes: BTreeMap<(Id, String), Flags> = BTreeMap::new();
    let mut stale = Vec::new();
    for m in moves {
        for period in m.periods.codes() {
            let counted_now = m.is_current || current.codes().contains(&period);
            let (school, class) =
                if counted_now { (m.current_school, m.current_class) } else { (m.school, Some(m.stamped_class)) };
            let key = (m.student, period.to_owned());
            let row = rows.entry(key.clone()).or_insert_with(|| ChildReach {
                student: m.student,
                period: period.to_owned(),
                school,
                class,
                ..ChildReach::default()
            });
            let before = row.flags();
            row.add(m);
            if m.sign < 0 && row.last_touch == Some(m.touch) {
                stale.push(key);
            }
            if let Some(class) = row.class {
                let after = row.flags();
                let change = changes.entry((class, period.to_owned())).or_insert([0; 11]);
                for (sum, (new, old)) in change.iter_mut().zip(after.iter().zip(before)) {
                    *sum += new - old;
                }
            }
        }
    }
    for key in stale {
        if let Some(row) = rows.get_mut(&key) {
            find_last(tx, row)?;
        }
    }
    let ordered: BTreeMap<&(Id, String), &ChildReach> = rows.iter().collect();
    write(tx, &ordered.into_values().collect::<Vec<_>>())?;
    shift_classes(tx, moves, current, &changes)
}

/// The figures of classes: the periods of a class that change alike are one statement.
fn shift_classes(
    tx: &mut Tx,
    moves: &[Move],
    current: &Periods,
    changes: &BTreeMap<(Id, String), Flags>,
) -> Result<()> {
    let mut alike: BTreeMap<(Id, &Flags), Vec<&str>> = BTreeMap::new();
    for ((class, period), change) in changes {
        if change.iter().any(|n| *n != 0) {
            alike.entry((*class, change)).or_default().push(period);
        }
    }
    for ((class, change), periods) in alike {
        let ready = moves.iter().any(|m| m.current_class == Some(class) && m.has_figures)
            && periods.iter().all(|p| current.codes().contains(p));
        shift_class(tx, class, &periods, change, ready)?;
    }
    Ok(())
}

fn by_key(rows: Vec<ChildReach>) -> HashMap<(Id, String), ChildReach> {
    rows.into_iter().map(|row| ((row.student, row.period.clone()), row)).collect()
}

fn load(tx: &mut Tx, moves: &[Move]) -> Result<HashMap<(Id, String), ChildReach>> {
    let mut students: Vec<Id> = moves.iter().map(|m| m.student).collect();
    students.sort_unstable();
    students.dedup();
    let found = all_of(tx, &students)?;
    let wanted = |row: &ChildReach| {
        moves.iter().any(|m| m.student == row.student && m.periods.codes().contains(&row.period.as_str()))
    };
    Ok(by_key(found.into_iter().filter(|row| moves.len() > 64 || wanted(row)).collect()))
}

/// After the last touch was taken back: the one before it.
fn find_last(tx: &mut Tx, row: &mut ChildReach) -> Result<()> {
    let year = row.period.len() == 9;
    let (from, to) = match row.period.as_str() {
        "all" => ("0".to_owned(), "9".to_owned()),
        code if year => (format!("{}-1", &code[..4]), format!("{}-2", &code[..4])),
        code => (code.to_owned(), code.to_owned()),
    };
    let found: Option<(String, Option<Tone>, Id)> = tx.row(
        sql!(
            "SELECT t.occurred_on, t.tone, t.id FROM touch t
              WHERE t.student_id = $1 AND t.reverses_id IS NULL AND t.depth IN ('talked', 'met')
                AND t.semester >= $2 AND t.semester <= $3
                AND NOT EXISTS (SELECT 1 FROM touch v WHERE v.reverses_id = t.id AND v.school_id = t.school_id)
              ORDER BY t.occurred_on DESC, t.id DESC LIMIT 1"
        ),
        &[&row.student, &from, &to],
    )?;
    match found {
        Some((on, tone, touch)) => (row.last_on, row.last_tone, row.last_touch) = (on, tone, Some(touch)),
        None => (row.last_on, row.last_tone, row.last_touch) = (String::new(), None, None),
    }
    Ok(())
}
