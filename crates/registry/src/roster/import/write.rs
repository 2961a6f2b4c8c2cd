//! Some rows, written whole in one transaction.

use super::before::{self, Before};
use super::columns::{Columns, Person};
use super::guardians::{self, Family};
use super::lookup::{PUPILS, find_many};
use super::model::Verdict;
use super::plan::Keys;
use super::{Told, chunk, families, rows};
use crate::people::{self, StudentState};
use crate::roster::class_label::ClassKey;
use crate::unit::{self, NewUnit, UnitKind};
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_store::{FromRow, Row, ToValue, Tx, search, sql};
use gongyu_vault::Vault;
use gongyu_web::MembershipChange;
use std::collections::{BTreeSet, HashMap, HashSet};

/// A row with all that could be made ready for it.
pub(super) struct Ready {
    pub number: i64,
    pub verdict: Verdict,
    pub student: Id,
    pub school: Id,
    pub since: Option<Date>,
    /// `None` for a pupil who leaves.
    pub pupil: Option<Pupil>,
}

/// The pupil of a row.
pub(super) struct Pupil {
    pub name: String,
    pub class: ClassKey,
    pub birth: Date,
    pub keys: Keys,
    pub columns: Columns,
    pub sealed: Vec<u8>,
    pub persons: Vec<Person>,
    pub terms: BTreeSet<String>,
}

/// Which staged rows a transaction finishes: entries of a chunk, from one up to before another, or so many single rows
/// between two numbers.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mark {
    Chunk { number: i64, from: i64, to: i64 },
    Single { first: i64, last: i64, count: u64 },
}

/// Rows to be written together.
pub(super) struct Stretch {
    pub batch: Id,
    pub rows: Vec<Ready>,
    pub marks: Vec<Mark>,
    pub classes: HashMap<(Id, ClassKey), Id>,
    pub today: Date,
    pub year_begins: Date,
    /// Whether new pupils are made findable here and now; otherwise the caller does it for many at once.
    pub findable: bool,
}

/// What writing brought.
pub(super) struct Written {
    pub made: HashMap<(Id, ClassKey), Id>,
    /// The pupils who were made.
    pub fresh: HashSet<Id>,
    /// How long the writer was held, in milliseconds.
    pub ms: i64,
}

struct Taken {
    id: Id,
    id_blind: Option<String>,
    roll_blind: Option<String>,
}

impl FromRow for Taken {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { id: row.get(0)?, id_blind: row.get(4)?, roll_blind: row.get(5)? })
    }
}

impl Stretch {
    /// Writes the rows and tells the features.
    ///
    /// # Errors
    /// `Error::Busy` when another worker has written some of them already; nothing is then written.
    pub fn write(&self, tx: &mut Tx, vault: &Vault, told: &dyn Told) -> Result<Written> {
        let began = tx.now();
        tx.lock(&format!("roster:{}", self.batch))?;
        for mark in &self.marks {
            if !self.mark(tx, *mark)? {
                return Err(Error::Busy("the rows of the import changed meanwhile".to_owned()));
            }
        }
        rows::count_written(tx, self.batch, self.rows.len())?;
        let made = self.make_classes(tx)?;
        let fresh = self.write_rows(tx, vault, told, &made)?;
        Ok(Written { made, fresh, ms: tx.now().0 - began.0 })
    }

    fn mark(&self, tx: &mut Tx, mark: Mark) -> Result<bool> {
        match mark {
            Mark::Single { first, last, count } => Ok(rows::mark_applied(tx, self.batch, first, last)? == count),
            Mark::Chunk { number, from, to } => {
                let won = chunk::mark(tx, self.batch, number, from, to)?;
                if won && self.findable {
                    chunk::finish(tx, self.batch, number)?;
                }
                Ok(won)
            }
        }
    }

    fn make_classes(&self, tx: &mut Tx) -> Result<HashMap<(Id, ClassKey), Id>> {
        let mut made = HashMap::new();
        for row in &self.rows {
            let Some(pupil) = &row.pupil else { continue };
            let place = (row.school, pupil.class);
            if self.classes.contains_key(&place) || made.contains_key(&place) {
                continue;
            }
            let id = match unit::class_by_key(tx, row.school, &pupil.class)? {
                Some(class) => class.id,
                None => self.make_class(tx, row.school, pupil.class)?,
            };
            made.insert(place, id);
        }
        Ok(made)
    }

    fn make_class(&self, tx: &mut Tx, school: Id, key: ClassKey) -> Result<Id> {
        let name = key.roster_code();
        unit::create(
            tx,
            &NewUnit {
                kind: UnitKind::Class,
                code: "",
                name: &name,
                short_name: "",
                parent: Some(school),
                school_kind: None,
                setting: None,
                class: Some(key),
                phone: "",
                valid_from: self.year_begins,
            },
        )
    }

    fn write_rows(
        &self,
        tx: &mut Tx,
        vault: &Vault,
        told: &dyn Told,
        made: &HashMap<(Id, ClassKey), Id>,
    ) -> Result<HashSet<Id>> {
        let by_keys = self.already_there(tx)?;
        // Made by hand since the preview: then this row brings that pupil up to date.
        let known_of = |row: &Ready| match (row.verdict, &row.pupil) {
            (Verdict::Added, Some(pupil)) => by_keys(&pupil.keys),
            _ => Some(row.student),
        };
        let known: Vec<Id> = self.rows.iter().filter_map(known_of).collect();
        let mut kept = Before { pupils: before::pupils(tx, &known)?, ..Before::default() };
        let places: HashMap<Id, usize> = kept.pupils.iter().enumerate().map(|(at, pupil)| (pupil.id, at)).collect();
        let was = |id: Id| places.get(&id).map(|at| &kept.pupils[*at]).ok_or(Error::NotFound);
        let (mut changes, mut household, mut fresh) = (Vec::new(), Vec::new(), Vec::new());
        for row in &self.rows {
            let Some(pupil) = &row.pupil else {
                changes.extend(self.let_go(tx, was(row.student)?)?);
                continue;
            };
            let place = (row.school, pupil.class);
            let class = made.get(&place).or_else(|| self.classes.get(&place)).copied();
            let class = class.ok_or_else(|| Error::internal("a class was not made"))?;
            let known = known_of(row);
            match known {
                None => fresh.push((row, pupil, class)),
                Some(student) => changes.extend(self.update(tx, vault, row, pupil, was(student)?, class)?),
            }
            household.push(Family {
                student: known.unwrap_or(row.student),
                school: row.school,
                is_new: known.is_none(),
                since: row.since.filter(|_| known.is_none()).unwrap_or(self.today),
                persons: &pupil.persons,
            });
        }
        let resolved = guardians::resolve(tx, vault, &household, &mut kept)?;
        let family_of = families::join(tx, &household, &resolved)?;
        self.insert(tx, &fresh, &family_of, &mut changes)?;
        let touched = guardians::tie(tx, &household, &resolved, self.today)?;
        let fresh: Vec<Id> = fresh.iter().map(|(row, ..)| row.student).collect();
        told.membership(tx, &changes)?;
        told.guardians(tx, &touched)?;
        before::keep(tx, vault, self.batch, &fresh, &kept)?;
        Ok(fresh.into_iter().collect())
    }

    /// Finds pupils with the numbers of rows that were planned as new.
    fn already_there(&self, tx: &mut Tx) -> Result<impl Fn(&Keys) -> Option<Id> + use<>> {
        let new = self.rows.iter().filter(|row| row.verdict == Verdict::Added);
        let keys: Vec<&Keys> = new.filter_map(|row| row.pupil.as_ref()).map(|pupil| &pupil.keys).collect();
        let ids: Vec<&str> = keys.iter().filter_map(|keys| keys.id_blind.as_deref()).collect();
        let rolls: Vec<&str> = keys.iter().filter_map(|keys| keys.roll_blind.as_deref()).collect();
        let mut found: HashMap<String, Id> = HashMap::new();
        for taken in find_many::<Taken, _>(tx, &PUPILS, "roll", &rolls)? {
            found.extend(taken.roll_blind.map(|blind| (blind, taken.id)));
        }
        for taken in find_many::<Taken, _>(tx, &PUPILS, "id", &ids)? {
            found.extend(taken.id_blind.map(|blind| (blind, taken.id)));
        }
        Ok(move |keys: &Keys| {
            let by = |blind: &Option<String>| blind.as_ref().and_then(|blind| found.get(blind)).copied();
            by(&keys.id_blind).or_else(|| by(&keys.roll_blind))
        })
    }

    fn let_go(&self, tx: &mut Tx, now: &before::Pupil) -> Result<Option<MembershipChange>> {
        if !now.is_active() {
            return Ok(None);
        }
        let last_day = self.today.yesterday().map_err(Error::internal)?;
        people::leave(tx, now.id, last_day.max(now.joined_on), StudentState::Left).map(Some)
    }

    fn update(
        &self,
        tx: &mut Tx,
        vault: &Vault,
        row: &Ready,
        pupil: &Pupil,
        before: &before::Pupil,
        class: Id,
    ) -> Result<Option<MembershipChange>> {
        let student = before.id;
        let sealed = if student == row.student {
            pupil.sealed.clone()
        } else {
            let plain = vault.open_bytes(people::STUDENT_SEALED, row.student, &pupil.sealed)?;
            vault.seal(people::STUDENT_SEALED, student, &plain)?
        };
        let (c, now) = (&pupil.columns, tx.now());
        tx.exec(
            sql!(
                "UPDATE student SET name = $1, name_key = $2, sex = $3, birth_date = $4, number_in_class = $5,
                         left_behind = $6, migrant = $7, boarding = $8, special = $9,
                         id_blind = COALESCE($10, id_blind), roll_blind = COALESCE($11, roll_blind), sealed = $12,
                         row_hash = $13, updated_at = $14
                  WHERE id = $15"
            ),
            &[
                &pupil.name,
                &c.name_key,
                &c.sex,
                &pupil.birth,
                &c.number_in_class,
                &c.left_behind,
                &c.migrant,
                &c.boarding,
                &c.special,
                &pupil.keys.id_blind,
                &pupil.keys.roll_blind,
                &sealed,
                &pupil.keys.row_hash,
                &now,
                &student,
            ],
        )?;
        search::index(tx, search::Kind::Student, student, row.school, &pupil.terms)?;
        let active = before.is_active();
        if active && before.school == row.school && before.class == Some(class) {
            return Ok(None);
        }
        let reason = match (active, before.school == row.school) {
            (false, _) => "returned",
            (true, true) => "changed_class",
            (true, false) => "changed_school",
        };
        people::move_to_class(tx, student, row.school, Some(class), self.today, reason).map(Some)
    }

    fn insert(
        &self,
        tx: &mut Tx,
        fresh: &[(&Ready, &Pupil, Id)],
        family_of: &HashMap<Id, Id>,
        changes: &mut Vec<MembershipChange>,
    ) -> Result<()> {
        let now = tx.now();
        let (active, joined) = (StudentState::Active, "joined");
        let mut students = Vec::with_capacity(fresh.len());
        let mut enrolments = Vec::with_capacity(fresh.len());
        let mut terms = Vec::with_capacity(fresh.len());
        for (row, pupil, class) in fresh {
            let family =
                family_of.get(&row.student).copied().ok_or_else(|| Error::internal("a child without a family"))?;
            let since = row.since.unwrap_or(self.today);
            let c = &pupil.columns;
            let day = gongyu_store::Value::Text(since.to_string().into());
            let birth = gongyu_store::Value::Text(pupil.birth.to_string().into());
            students.push(vec![
                row.student.to_value(),
                row.school.to_value(),
                class.to_value(),
                own(family),
                pupil.name.to_value(),
                c.name_key.to_value(),
                c.sex.to_value(),
                birth,
                active.to_value(),
                c.number_in_class.to_value(),
                c.left_behind.to_value(),
                c.migrant.to_value(),
                c.boarding.to_value(),
                c.special.to_value(),
                pupil.keys.id_blind.to_value(),
                pupil.keys.roll_blind.to_value(),
                pupil.sealed.to_value(),
                pupil.keys.row_hash.to_value(),
                day.clone(),
                own(now),
                own(now),
            ]);
            enrolments.push(vec![
                own(tx.new_id()),
                row.school.to_value(),
                row.student.to_value(),
                class.to_value(),
                day,
                joined.to_value(),
                own(now),
            ]);
            terms.push((row.student, row.school, &pupil.terms));
            changes.push(MembershipChange {
                student: row.student,
                from_class: None,
                to_class: Some(*class),
                on: since,
            });
        }
        tx.insert_many(
            "student",
            &[
                "id",
                "school_id",
                "class_id",
                "family_id",
                "name",
                "name_key",
                "sex",
                "birth_date",
                "state",
                "number_in_class",
                "left_behind",
                "migrant",
                "boarding",
                "special",
                "id_blind",
                "roll_blind",
                "sealed",
                "row_hash",
                "joined_on",
                "created_at",
                "updated_at",
            ],
            &students,
        )?;
        tx.insert_many(
            "enrolment",
            &["id", "school_id", "student_id", "class_id", "valid_from", "reason", "recorded_at"],
            &enrolments,
        )?;
        match self.findable {
            true => search::add(tx, search::Kind::Student, &terms),
            false => search::note(tx, search::Kind::Student, &terms),
        }
    }
}

/// A number as a value that borrows nothing.
pub(super) fn own(value: impl Into<Number>) -> gongyu_store::Value<'static> {
    gongyu_store::Value::Int(value.into().0)
}

/// An identifier or a moment.
pub(super) struct Number(i64);

impl From<Id> for Number {
    fn from(id: Id) -> Self {
        Self(id.raw())
    }
}

impl From<gongyu_kernel::Millis> for Number {
    fn from(at: gongyu_kernel::Millis) -> Self {
        Self(at.0)
    }
}
