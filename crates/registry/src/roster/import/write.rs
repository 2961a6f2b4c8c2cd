//! One chunk of rows, written whole.

use super::columns::{Columns, Person};
use super::guardians::{self, Family};
use super::lookup::{PUPILS, find_many};
use super::model::Verdict;
use super::{Told, families, rows};
use crate::people::{self, StudentState};
use crate::roster::class_label::ClassKey;
use crate::unit::{self, NewUnit, UnitKind};
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_store::{FromRow, Row, ToValue, Tx, search, sql};
use gongyu_vault::Vault;
use gongyu_web::MembershipChange;
use std::collections::{BTreeSet, HashMap};

/// A row with all that could be made ready for it.
pub(super) struct Ready {
    pub number: i64,
    pub verdict: Verdict,
    pub student: Id,
    pub school: Id,
    pub since: Option<Date>,
    pub name: String,
    pub id_blind: Option<String>,
    pub roll_blind: Option<String>,
    pub row_hash: String,
    /// `None` for a pupil who leaves.
    pub pupil: Option<Pupil>,
}

/// The pupil of a row.
pub(super) struct Pupil {
    pub class: ClassKey,
    pub birth: Date,
    pub columns: Columns,
    pub sealed: Vec<u8>,
    pub persons: Vec<Person>,
    pub terms: BTreeSet<String>,
}

/// Rows to be written together.
pub(super) struct Chunk {
    pub batch: Id,
    pub rows: Vec<Ready>,
    pub classes: HashMap<(Id, ClassKey), Id>,
    pub today: Date,
    pub year_begins: Date,
}

/// What writing a chunk brought.
pub(super) struct Written {
    pub made: HashMap<(Id, ClassKey), Id>,
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

impl Chunk {
    /// Writes the rows and tells the features; does nothing when another worker has written them already.
    pub fn write(&self, tx: &mut Tx, vault: &Vault, told: &dyn Told) -> Result<Written> {
        let began = tx.now();
        tx.lock(&format!("roster:{}", self.batch))?;
        let (Some(first), Some(last)) = (self.rows.first(), self.rows.last()) else {
            return Err(Error::internal("an empty chunk"));
        };
        let done = rows::mark_applied(tx, self.batch, first.number, last.number)?;
        let mut made = HashMap::new();
        if done == self.rows.len() as u64 {
            made = self.make_classes(tx)?;
            self.write_rows(tx, vault, told, &made)?;
        } else if done > 0 {
            return Err(Error::Busy("the rows of the import changed meanwhile".to_owned()));
        }
        Ok(Written { made, ms: tx.now().0 - began.0 })
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
    ) -> Result<()> {
        let by_id = self.already_there(tx)?;
        let mut changes = Vec::new();
        let mut household = Vec::new();
        let mut fresh = Vec::new();
        for row in &self.rows {
            let Some(pupil) = &row.pupil else {
                changes.extend(self.let_go(tx, row.student)?);
                continue;
            };
            let place = (row.school, pupil.class);
            let class = made.get(&place).or_else(|| self.classes.get(&place)).copied();
            let class = class.ok_or_else(|| Error::internal("a class was not made"))?;
            // Made by hand since the preview: then this row brings that pupil up to date.
            let known = match row.verdict {
                Verdict::Added => by_id(row),
                _ => Some(row.student),
            };
            match known {
                None => fresh.push((row, pupil, class)),
                Some(student) => changes.extend(self.update(tx, vault, row, pupil, student, class)?),
            }
            household.push(Family {
                student: known.unwrap_or(row.student),
                school: row.school,
                is_new: known.is_none(),
                since: row.since.filter(|_| known.is_none()).unwrap_or(self.today),
                persons: &pupil.persons,
            });
        }
        let resolved = guardians::resolve(tx, vault, &household)?;
        let family_of = families::join(tx, &household, &resolved)?;
        self.insert(tx, &fresh, &family_of, &mut changes)?;
        let touched = guardians::tie(tx, &household, &resolved, self.today)?;
        told.membership(tx, &changes)?;
        told.guardians(tx, &touched)
    }

    /// Finds pupils with the numbers of rows that were planned as new.
    fn already_there(&self, tx: &mut Tx) -> Result<impl Fn(&Ready) -> Option<Id> + use<>> {
        let new = || self.rows.iter().filter(|row| row.verdict == Verdict::Added);
        let ids: Vec<&str> = new().filter_map(|row| row.id_blind.as_deref()).collect();
        let rolls: Vec<&str> = new().filter_map(|row| row.roll_blind.as_deref()).collect();
        let mut found: HashMap<String, Id> = HashMap::new();
        for taken in find_many::<Taken, _>(tx, &PUPILS, "roll", &rolls)? {
            found.extend(taken.roll_blind.map(|blind| (blind, taken.id)));
        }
        for taken in find_many::<Taken, _>(tx, &PUPILS, "id", &ids)? {
            found.extend(taken.id_blind.map(|blind| (blind, taken.id)));
        }
        Ok(move |row: &Ready| {
            let by = |blind: &Option<String>| blind.as_ref().and_then(|blind| found.get(blind)).copied();
            by(&row.id_blind).or_else(|| by(&row.roll_blind))
        })
    }

    fn let_go(&self, tx: &mut Tx, student: Id) -> Result<Option<MembershipChange>> {
        let now = people::find_student(tx, student)?;
        if now.state != StudentState::Active {
            return Ok(None);
        }
        let last_day = self.today.yesterday().map_err(Error::internal)?;
        people::leave(tx, student, last_day.max(now.joined_on), StudentState::Left).map(Some)
    }

    fn update(
        &self,
        tx: &mut Tx,
        vault: &Vault,
        row: &Ready,
        pupil: &Pupil,
        student: Id,
        class: Id,
    ) -> Result<Option<MembershipChange>> {
        let before = people::find_student(tx, student)?;
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
                &row.name,
                &c.name_key,
                &c.sex,
                &pupil.birth,
                &c.number_in_class,
                &c.left_behind,
                &c.migrant,
                &c.boarding,
                &c.special,
                &row.id_blind,
                &row.roll_blind,
                &sealed,
                &row.row_hash,
                &now,
                &student,
            ],
        )?;
        search::index(tx, search::Kind::Student, student, row.school, &pupil.terms)?;
        let active = before.state == StudentState::Active;
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
                row.name.to_value(),
                c.name_key.to_value(),
                c.sex.to_value(),
                birth,
                active.to_value(),
                c.number_in_class.to_value(),
                c.left_behind.to_value(),
                c.migrant.to_value(),
                c.boarding.to_value(),
                c.special.to_value(),
                row.id_blind.to_value(),
                row.roll_blind.to_value(),
                pupil.sealed.to_value(),
                row.row_hash.to_value(),
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
        search::add(tx, search::Kind::Student, &terms)
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
