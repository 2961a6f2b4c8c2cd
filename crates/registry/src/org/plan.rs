//! What a file would do, row by row, before anything is done: pure.

mod people;
mod units;

use super::ends::{self, Held, Named};
use super::fault::Fault;
use super::heading::SheetKind;
use super::known::{Found, Known};
use super::near::nearest;
use super::row::{ReadRow, Said};
use crate::roster::class_label::ClassKey;
use crate::unit::UnitKind;
use gongyu_access::Role;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What would become of a row.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Something new is made.
    Added,
    /// Something known is changed.
    Changed,
    /// Everything is so already.
    Unchanged,
    /// A role ends that a complete list no longer names.
    Ended,
    /// Cannot be applied as it stands.
    Refused,
}

impl Verdict {
    /// Every one of them.
    pub const ALL: [Self; 5] = [Self::Added, Self::Changed, Self::Unchanged, Self::Ended, Self::Refused];

    /// Text in the database and in the catalogues.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Ended => "ended",
            Self::Refused => "refused",
        }
    }

    /// Reads the text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.code() == text)
    }
}

gongyu_store::coded!(Verdict, SheetKind);

/// One thing that a changed row changes, for the preview.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Renamed from this.
    Name(String),
    /// Another code than this.
    Code(String),
    /// Another telephone.
    Phone,
    /// Urban or rural.
    Setting,
    /// Another post than this.
    Title(String),
    /// A role more.
    Role(Role),
    /// Takes a class over from its class teacher.
    TakesOver,
    /// This role ends, in the class of this name if it was in one.
    Ends(Role, String),
}

/// A row with its verdict.
#[derive(Clone, Debug)]
pub struct Planned {
    /// Sheet.
    pub sheet: SheetKind,
    /// Number as Excel shows it.
    pub number: usize,
    /// What it says, ready to be applied.
    pub said: Said,
    /// The cells as they stand.
    pub cells: Vec<String>,
    /// What would become of it.
    pub verdict: Verdict,
    /// What it changes.
    pub changes: Vec<Change>,
    /// What is wrong, and remarks.
    pub faults: Vec<Fault>,
    /// Name of the unit it concerns, as known.
    pub unit_name: String,
    /// Name of the unit, person or class it is about.
    pub name: String,
    /// Class it is about.
    pub class: Option<ClassKey>,
}

impl Planned {
    fn new(row: ReadRow) -> Self {
        let name = match &row.said {
            Said::Unit(u) => u.name.clone(),
            Said::Staff(s) => s.name.clone(),
            Said::Teacher(t) => t.class.clone(),
            Said::End(_) => String::new(),
        };
        Self {
            sheet: row.sheet,
            number: row.number,
            said: row.said,
            cells: row.cells,
            verdict: Verdict::Unchanged,
            changes: Vec::new(),
            faults: row.faults,
            unit_name: String::new(),
            name,
            class: None,
        }
    }

    fn settle(&mut self, known: bool) {
        self.verdict = if self.faults.iter().any(Fault::blocks) {
            Verdict::Refused
        } else if !known {
            Verdict::Added
        } else if self.changes.is_empty() {
            Verdict::Unchanged
        } else {
            Verdict::Changed
        };
    }
}

/// What planning needs besides the file: what is known, the school year for class names, and how a
/// telephone is compared without being read.
pub struct Planner<'a> {
    known: Known,
    school_year: i16,
    blind: &'a dyn Fn(&str) -> String,
    units_met: HashMap<String, usize>,
    people_met: HashMap<(usize, String), usize>,
    classes_met: HashMap<(usize, ClassKey), usize>,
    named: Named,
}

impl<'a> Planner<'a> {
    /// Begins with what is known.
    pub fn new(known: Known, school_year: i16, blind: &'a dyn Fn(&str) -> String) -> Self {
        Self {
            known,
            school_year,
            blind,
            units_met: HashMap::new(),
            people_met: HashMap::new(),
            classes_met: HashMap::new(),
            named: Named::default(),
        }
    }

    /// Decides every row. They come back in the order in which they are to be applied: towns, other
    /// units, staff, class teachers.
    pub fn plan(mut self, rows: Vec<ReadRow>) -> Vec<Planned> {
        self.rows(rows)
    }

    /// As `plan` for lists that are complete for their schools: what is held and not named ends, each sheet's after its
    /// own rows. Tells too whether more than `percent` of a school's roles would end.
    pub(super) fn plan_complete(mut self, rows: Vec<ReadRow>, held: &[Held], percent: i64) -> (Vec<Planned>, bool) {
        let mut planned = self.rows(rows);
        let (ends, over) = ends::missing(&self.named, held, percent, self.school_year);
        planned.extend(ends);
        planned.sort_by_key(|row| (row.sheet, row.verdict == Verdict::Ended));
        (planned, over)
    }

    fn rows(&mut self, mut rows: Vec<ReadRow>) -> Vec<Planned> {
        let is_town = |row: &ReadRow| matches!(&row.said, Said::Unit(u) if u.kind() == Some(UnitKind::Town));
        rows.sort_by_key(|row| (row.sheet, !is_town(row), row.number));
        rows.into_iter().map(|row| self.decide(row)).collect()
    }

    fn decide(&mut self, row: ReadRow) -> Planned {
        let mut planned = Planned::new(row);
        let known = match planned.said.clone() {
            Said::Unit(unit) => self.unit(&mut planned, &unit),
            Said::Staff(staff) => self.staff(&mut planned, &staff),
            Said::Teacher(teacher) => self.teacher(&mut planned, &teacher),
            Said::End(_) => true,
        };
        planned.settle(known);
        planned
    }

    /// The unit a row names by code or name, noting what is wrong when there is none.
    fn place(&self, planned: &mut Planned, written: &str) -> Option<usize> {
        if written.is_empty() {
            return None;
        }
        match self.known.find_unit(written) {
            Found::One(at) => {
                planned.unit_name = self.known.unit(at).name.clone();
                Some(at)
            }
            Found::Several => {
                planned.faults.push(Fault::UnitUnclear(written.to_owned()));
                None
            }
            Found::None => {
                let near = nearest(written, self.known.unit_names(None)).map(ToOwned::to_owned);
                planned.faults.push(Fault::Unit(written.to_owned(), near));
                None
            }
        }
    }
}

#[cfg(test)]
#[path = "tests_plan.rs"]
mod tests;
