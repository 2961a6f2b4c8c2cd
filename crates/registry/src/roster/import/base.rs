//! The pupils who are already known, packed for looking up: a district of 600,000 fits in some 80 MB.

use super::lookup::{CHILDREN, PUPILS, find_many};
use crate::people::StudentState;
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_store::{FromRow, Reader, Row, sql};
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// A blind index as its 22 letters, without an allocation for each.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Blind([u8; 22]);

impl Blind {
    fn of(text: &str) -> Option<Self> {
        text.as_bytes().try_into().ok().map(Self)
    }
}

/// One known pupil.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// The pupil.
    pub id: Id,
    /// School; the last one for a pupil who left.
    pub school: Id,
    /// Class.
    pub class: Option<Id>,
    /// In school now.
    pub active: bool,
    /// Has an identity number.
    pub has_id: bool,
    /// A row of the file speaks of this pupil.
    pub seen: bool,
    /// A parent was away until now.
    pub left_behind: bool,
    row_hash: Option<Blind>,
    name: u64,
}

impl Known {
    /// Whether the roster row this pupil came from said the same.
    pub fn same_row(&self, hash: &str) -> bool {
        self.row_hash.is_some() && self.row_hash == Blind::of(hash)
    }
}

/// A pupil as the database gives it.
pub(super) struct Found {
    known: Known,
    id_blind: Option<Blind>,
    roll_blind: Option<Blind>,
    person: u64,
    birth: Date,
}

impl FromRow for Found {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let state: StudentState = row.get(3)?;
        let blind = |text: Option<String>| text.as_deref().and_then(Blind::of);
        let (id_blind, roll_blind) = (blind(row.get(4)?), blind(row.get(5)?));
        let name: String = row.get(7)?;
        let birth: Date = row.get(8)?;
        let away: String = row.get(9)?;
        let known = Known {
            id: row.get(0)?,
            school: row.get(1)?,
            class: row.get(2)?,
            active: state == StudentState::Active,
            has_id: id_blind.is_some(),
            seen: false,
            left_behind: away != "none",
            row_hash: blind(Some(row.get(6)?)),
            name: mark(&name),
        };
        Ok(Self { known, id_blind, roll_blind, person: mark(&(&name, birth)), birth })
    }
}

/// A pupil with the telephone of somebody of the family.
pub(super) struct Child {
    found: Found,
    phone: String,
}

impl FromRow for Child {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { found: Found::from_row(row)?, phone: row.get(10)? })
    }
}

fn mark(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// The known pupils a file is planned against.
#[derive(Default)]
pub(super) struct Base {
    list: Vec<Known>,
    places: HashMap<Id, u32>,
    ids: HashMap<Blind, u32>,
    rolls: HashMap<Blind, u32>,
    persons: HashMap<u64, Vec<u32>>,
    children: HashMap<u64, Vec<u32>>,
    peopled: HashSet<Id>,
}

macro_rules! pupils {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT s.id, s.school_id, s.class_id, s.state, s.id_blind, s.roll_blind, s.row_hash, s.name,
                    s.birth_date, s.left_behind FROM student s ",
            $tail
        ))
    };
}

impl Base {
    /// Every pupil of the district, or those of one school; the others are added as rows name them.
    pub fn load(r: &mut Reader, only: Option<Id>) -> Result<Self> {
        let mut base = Self::default();
        let mut take = |row: &Row<'_>| base.add(Found::from_row(row)?);
        match only {
            None => r.each(pupils!("ORDER BY s.id"), &[], &mut take)?,
            Some(school) => r.each(pupils!("WHERE s.school_id = $1 ORDER BY s.id"), &[&school], &mut take)?,
        }
        Ok(base)
    }

    /// The pupils anywhere with one of these identity numbers, roll numbers or names.
    pub fn matching<S: AsRef<str>>(r: &mut Reader, ids: &[S], rolls: &[S], names: &[S]) -> Result<Vec<Found>> {
        let mut found = find_many::<Found, S>(r, &PUPILS, "id", ids)?;
        found.extend(find_many::<Found, S>(r, &PUPILS, "roll", rolls)?);
        found.extend(find_many::<Found, S>(r, &PUPILS, "name", names)?);
        Ok(found)
    }

    /// The pupils whose families have one of these telephones, by blind index.
    pub fn of_phones(r: &mut Reader, phones: &[String]) -> Result<Vec<Child>> {
        find_many(r, &CHILDREN, "phone", phones)
    }

    /// Remembers whose family has which telephone.
    pub fn add_child(&mut self, child: Child) -> Result<()> {
        let (id, key) = (child.found.known.id, mark(&(&child.phone, child.found.birth)));
        self.add(child.found)?;
        if let Some(at) = self.places.get(&id) {
            self.children.entry(key).or_default().push(*at);
        }
        Ok(())
    }

    /// The pupils of this birth date with somebody of this telephone, by blind index.
    pub fn by_family(&self, phone: &str, birth: Date) -> impl Iterator<Item = usize> {
        let found = self.children.get(&mark(&(&phone.to_owned(), birth)));
        found.into_iter().flatten().map(|at| *at as usize)
    }

    /// Whether nobody is known.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Adds a pupil unless it is there.
    pub fn add(&mut self, found: Found) -> Result<()> {
        let at = u32::try_from(self.list.len()).map_err(Error::internal)?;
        if self.places.contains_key(&found.known.id) {
            return Ok(());
        }
        self.places.insert(found.known.id, at);
        if let Some(blind) = found.id_blind {
            self.ids.insert(blind, at);
        }
        if let Some(blind) = found.roll_blind {
            self.rolls.insert(blind, at);
        }
        self.persons.entry(found.person).or_default().push(at);
        if found.known.active {
            self.peopled.insert(found.known.school);
        }
        self.list.push(found.known);
        Ok(())
    }

    /// The pupil with this blind index of the identity number.
    pub fn by_id(&self, blind: Option<&str>) -> Option<usize> {
        self.ids.get(&Blind::of(blind?)?).map(|at| *at as usize)
    }

    /// The pupil with this blind index of the roll number.
    pub fn by_roll(&self, blind: Option<&str>) -> Option<usize> {
        self.rolls.get(&Blind::of(blind?)?).map(|at| *at as usize)
    }

    /// The pupils of this name and birth date.
    pub fn by_person(&self, name: &str, birth: Date) -> impl Iterator<Item = usize> {
        let found = self.persons.get(&mark(&(&name.to_owned(), birth)));
        found.into_iter().flatten().map(|at| *at as usize)
    }

    /// One pupil.
    pub fn get(&self, at: usize) -> &Known {
        &self.list[at]
    }

    /// Notes that a row speaks of this pupil.
    pub fn see(&mut self, at: usize) {
        self.list[at].seen = true;
    }

    /// Whether anybody of this school is known.
    pub fn has_school(&self, school: Id) -> bool {
        self.peopled.contains(&school)
    }

    /// The active pupils of the given schools whom no row named, unless a waiting row has their name,
    /// with the number of active pupils of each of these schools.
    pub fn unseen(&self, schools: &HashSet<Id>, waiting: &HashSet<u64>) -> (Vec<Known>, HashMap<Id, i64>) {
        let mut totals = HashMap::new();
        let mut gone = Vec::new();
        for known in self.list.iter().filter(|known| known.active && schools.contains(&known.school)) {
            *totals.entry(known.school).or_insert(0) += 1;
            if !known.seen && !waiting.contains(&known.name) {
                gone.push(*known);
            }
        }
        (gone, totals)
    }
}

/// The mark of a name, to compare with those of known pupils.
pub(super) fn name_mark(name: &str) -> u64 {
    mark(name)
}
