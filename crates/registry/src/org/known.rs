//! What is in the registry when a file is checked: enough to decide every row without asking again.

use crate::roster::class_label::{ClassKey, SchoolKind};
use crate::unit::{Setting, UnitKind};
use gongyu_access::Role;
use gongyu_kernel::Id;
use std::collections::{HashMap, HashSet};

/// How lists of staff name the district commission itself.
pub(super) const COMMISSION: &str = "区教委";

/// An open unit that is not a class; or one that this very file will make.
#[derive(Clone, Debug)]
pub struct KnownUnit {
    /// Identifier; `None` when this file makes it.
    pub id: Option<Id>,
    /// Kind.
    pub kind: UnitKind,
    /// Code; may be empty.
    pub code: String,
    /// Name.
    pub name: String,
    /// Kind of school.
    pub school_kind: Option<SchoolKind>,
    /// Urban or rural.
    pub setting: Option<Setting>,
    /// Name of its town; empty without one, and for a town itself.
    pub town: String,
    /// Office telephone.
    pub phone: String,
}

/// A member of staff at work; or one that this very file will make.
#[derive(Clone, Debug)]
pub struct KnownStaff {
    /// Identifier; `None` when this file makes them.
    pub id: Option<Id>,
    /// Position of the unit in [`Known::units`].
    pub unit: usize,
    /// Number; may be empty.
    pub staff_no: String,
    /// Name.
    pub name: String,
    /// Post.
    pub title: String,
    /// Blind index of the telephone.
    pub phone: Option<String>,
    /// Roles held today in this unit.
    pub roles: HashSet<Role>,
}

/// An open class and its class teacher of today.
#[derive(Clone, Debug)]
pub struct KnownClass {
    /// Member of staff who is its class teacher.
    pub teacher: Option<Id>,
}

/// Units, staff and classes, with the ways to find them.
#[derive(Debug, Default)]
pub struct Known {
    units: Vec<KnownUnit>,
    staff: Vec<KnownStaff>,
    by_code: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
    by_number: HashMap<(usize, String), usize>,
    of_unit: HashMap<usize, Vec<usize>>,
    classes: HashMap<(usize, ClassKey), KnownClass>,
}

/// How a unit was found by what a row writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// This one.
    One(usize),
    /// Several of that name.
    Several,
    /// None.
    None,
}

impl Known {
    /// Adds a unit; returns its position.
    pub fn add_unit(&mut self, unit: KnownUnit) -> usize {
        let at = self.units.len();
        if !unit.code.is_empty() {
            self.by_code.insert(unit.code.clone(), at);
        }
        self.by_name.entry(unit.name.clone()).or_default().push(at);
        if unit.kind == UnitKind::District && unit.name != COMMISSION {
            self.by_name.entry(COMMISSION.to_owned()).or_default().push(at);
        }
        self.units.push(unit);
        at
    }

    /// Adds a member of staff; returns their position.
    pub fn add_staff(&mut self, staff: KnownStaff) -> usize {
        let at = self.staff.len();
        if !staff.staff_no.is_empty() {
            self.by_number.insert((staff.unit, staff.staff_no.clone()), at);
        }
        self.of_unit.entry(staff.unit).or_default().push(at);
        self.staff.push(staff);
        at
    }

    /// Adds an open class.
    pub fn add_class(&mut self, unit: usize, key: ClassKey, class: KnownClass) {
        self.classes.insert((unit, key), class);
    }

    /// A unit.
    pub fn unit(&self, at: usize) -> &KnownUnit {
        &self.units[at]
    }

    /// A member of staff.
    pub fn staff(&self, at: usize) -> &KnownStaff {
        &self.staff[at]
    }

    /// The unit of a code, else of a name.
    pub fn find_unit(&self, written: &str) -> Found {
        if let Some(at) = self.by_code.get(written) {
            return Found::One(*at);
        }
        match self.by_name.get(written).map(Vec::as_slice) {
            Some([at]) => Found::One(*at),
            Some([_, ..]) => Found::Several,
            _ => Found::None,
        }
    }

    /// The unit of a kind and code, or of a kind and name.
    pub fn unit_of_kind(&self, kind: UnitKind, code: &str, name: &str) -> Option<usize> {
        let is_kind = |at: &usize| self.units[*at].kind == kind;
        let coded = self.by_code.get(code).copied().filter(|at| !code.is_empty() && is_kind(at));
        let named = || {
            let same = self.by_name.get(name)?.iter().copied().filter(is_kind);
            same.into_iter().find(|at| code.is_empty() || self.units[*at].code.is_empty())
        };
        coded.or_else(named)
    }

    /// The unit that has a code, of whatever kind.
    pub fn holder_of_code(&self, code: &str) -> Option<usize> {
        self.by_code.get(code).copied().filter(|_| !code.is_empty())
    }

    /// The member of staff of a number in a unit.
    pub fn by_number(&self, unit: usize, number: &str) -> Option<usize> {
        self.by_number.get(&(unit, number.to_owned())).copied().filter(|_| !number.is_empty())
    }

    /// The members of staff of a name in a unit; with a telephone only those who have it.
    pub fn by_name(&self, unit: usize, name: &str, phone: Option<&str>) -> Vec<usize> {
        let all = self.of_unit.get(&unit).map(Vec::as_slice).unwrap_or_default();
        let named: Vec<usize> = all.iter().copied().filter(|at| self.staff[*at].name == name).collect();
        match phone {
            Some(phone) if named.len() > 1 => {
                named.into_iter().filter(|at| self.staff[*at].phone.as_deref() == Some(phone)).collect()
            }
            _ => named,
        }
    }

    /// The open class of a cohort.
    pub fn class(&self, unit: usize, key: &ClassKey) -> Option<&KnownClass> {
        self.classes.get(&(unit, *key))
    }

    /// Names of units of a kind, to suggest one.
    pub fn unit_names(&self, kind: Option<UnitKind>) -> impl Iterator<Item = &str> {
        self.units.iter().filter(move |u| kind.is_none_or(|k| k == u.kind)).map(|u| u.name.as_str())
    }

    /// Names of a unit's staff, to suggest one.
    pub fn staff_names(&self, unit: usize) -> impl Iterator<Item = &str> {
        let all = self.of_unit.get(&unit).map(Vec::as_slice).unwrap_or_default();
        all.iter().map(|at| self.staff[*at].name.as_str())
    }
}
