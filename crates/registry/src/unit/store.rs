//! The tables of units.

use super::model::{Setting, Unit, UnitKind};
use crate::roster::class_label::{ClassKey, SchoolKind};
use gongyu_access::grant;
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_store::{Reader, Tx, search, sql};
use std::collections::HashMap;

macro_rules! select {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT u.id, u.kind, u.code, u.name, u.short_name, u.parent_id, u.town_id, u.school_id,
                    u.school_kind, u.setting, u.stage, u.entry_year, u.class_no, u.speciality, u.phone,
                    u.valid_from, u.valid_to
             FROM unit u ",
            $tail
        ))
    };
}

/// A unit.
///
/// # Errors
/// `Error::NotFound`.
pub fn find(r: &mut Reader, id: Id) -> Result<Unit> {
    r.one(select!("WHERE u.id = $1"), &[&id])
}

/// The district at the top.
///
/// # Errors
/// `Error::NotFound` before there is one.
pub fn district(r: &mut Reader) -> Result<Unit> {
    r.one(select!("WHERE u.kind = 'district' AND u.valid_to IS NULL ORDER BY u.id LIMIT 1"), &[])
}

/// An open unit by its code.
///
/// # Errors
/// As any statement.
pub fn by_code(r: &mut Reader, kind: UnitKind, code: &str) -> Result<Option<Unit>> {
    r.row(select!("WHERE u.kind = $1 AND u.code = $2 AND u.valid_to IS NULL"), &[&kind, &code])
}

/// The open towns, by name.
///
/// # Errors
/// As any statement.
pub fn towns(r: &mut Reader) -> Result<Vec<Unit>> {
    r.rows(select!("WHERE u.kind = 'town' AND u.valid_to IS NULL ORDER BY u.name_key, u.id"), &[])
}

/// The open schools, of one town or of all, by name.
///
/// # Errors
/// As any statement.
pub fn schools(r: &mut Reader, town: Option<Id>) -> Result<Vec<Unit>> {
    match town {
        Some(town) => r.rows(
            select!("WHERE u.kind = 'school' AND u.town_id = $1 AND u.valid_to IS NULL ORDER BY u.name_key, u.id"),
            &[&town],
        ),
        None => r.rows(select!("WHERE u.kind = 'school' AND u.valid_to IS NULL ORDER BY u.name_key, u.id"), &[]),
    }
}

/// The open classes of a school, youngest grade first.
///
/// # Errors
/// As any statement.
pub fn classes_of(r: &mut Reader, school: Id) -> Result<Vec<Unit>> {
    r.rows(
        select!(
            "WHERE u.kind = 'class' AND u.school_id = $1 AND u.valid_to IS NULL
                 ORDER BY CASE u.stage WHEN 'kindergarten' THEN 0 WHEN 'primary' THEN 1 WHEN 'special' THEN 1
                                       WHEN 'junior' THEN 2 ELSE 3 END,
                          u.entry_year DESC, u.speciality, u.class_no"
        ),
        &[&school],
    )
}

/// The open class of a cohort.
///
/// # Errors
/// As any statement.
pub fn class_by_key(r: &mut Reader, school: Id, key: &ClassKey) -> Result<Option<Unit>> {
    r.row(
        select!(
            "WHERE u.kind = 'class' AND u.school_id = $1 AND u.stage = $2 AND u.entry_year = $3
                 AND u.class_no = $4 AND u.speciality = $5 AND u.valid_to IS NULL"
        ),
        &[&school, &key.stage.key(), &key.entry_year, &key.class_no, &key.speciality.as_str()],
    )
}

/// Names of some units, to show beside their identifiers.
///
/// # Errors
/// As any statement.
pub fn names(r: &mut Reader, ids: &[Id], school_year_start: i16) -> Result<HashMap<Id, String>> {
    let units: Vec<Unit> = r.rows_in(select!("WHERE u.id IN ($1)"), ids, &[])?;
    Ok(units.into_iter().map(|unit| (unit.id, unit.display(school_year_start))).collect())
}

/// The units above a unit, the unit itself first, the district last.
///
/// # Errors
/// As any statement.
pub fn ancestors(r: &mut Reader, id: Id) -> Result<Vec<Unit>> {
    r.rows(
        select!(
            "JOIN unit_closure c ON c.ancestor_id = u.id
                 WHERE c.descendant_id = $1 AND c.valid_to IS NULL ORDER BY c.depth"
        ),
        &[&id],
    )
}

/// Whether a unit lies in another today; a unit lies in itself.
///
/// # Errors
/// As any statement.
pub fn contains(r: &mut Reader, ancestor: Id, descendant: Id) -> Result<bool> {
    if ancestor == descendant {
        return Ok(true);
    }
    let found: Option<(i64,)> = r.row(
        sql!(
            "SELECT depth FROM unit_closure
              WHERE ancestor_id = $1 AND descendant_id = $2 AND valid_to IS NULL"
        ),
        &[&ancestor, &descendant],
    )?;
    Ok(found.is_some())
}

/// A unit to be made.
#[derive(Clone, Debug)]
pub struct NewUnit<'a> {
    /// Kind.
    pub kind: UnitKind,
    /// Code; may be empty.
    pub code: &'a str,
    /// Name; for a class any name, as its shown name is made from its cohort.
    pub name: &'a str,
    /// Short name; may be empty.
    pub short_name: &'a str,
    /// Unit above; `None` only for the district.
    pub parent: Option<Id>,
    /// Kind of school.
    pub school_kind: Option<SchoolKind>,
    /// Urban or rural, for a town.
    pub setting: Option<Setting>,
    /// Cohort, for a class.
    pub class: Option<ClassKey>,
    /// Office telephone; may be empty.
    pub phone: &'a str,
    /// First day.
    pub valid_from: Date,
}

/// Makes a unit in its place in the tree.
///
/// # Errors
/// `Error::Unique` when a code or cohort is already taken.
pub fn create(tx: &mut Tx, new: &NewUnit<'_>) -> Result<Id> {
    let (id, now) = (tx.new_id(), tx.now());
    let above = match new.parent {
        Some(parent) => Some(find(tx, parent)?),
        None => None,
    };
    let town = match new.kind {
        UnitKind::Town => Some(id),
        _ => above.as_ref().and_then(|a| a.town),
    };
    let school = match new.kind {
        UnitKind::School => Some(id),
        _ => above.as_ref().and_then(|a| a.school),
    };
    let setting = new.setting.or_else(|| above.as_ref().and_then(|a| a.setting));
    let (stage, entry_year, class_no) = match new.class {
        Some(key) => (Some(key.stage.key()), Some(key.entry_year), Some(key.class_no)),
        None => (None, None, None),
    };
    let speciality = new.class.map(|key| key.speciality).unwrap_or_default();
    let short = if new.short_name.is_empty() { new.name } else { new.short_name };
    let school_kind = new.school_kind.map(SchoolKind::key);
    let key = search::sort_key(new.name);
    tx.exec(
        sql!("INSERT INTO unit (id, kind, code, name, short_name, name_key, parent_id, town_id, school_id,
                                school_kind, setting, stage, entry_year, class_no, speciality, phone, address, valid_from,
                                created_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, '', $17, $18)"),
        &[
            &id, &new.kind, &new.code, &new.name, &short, &key, &new.parent, &town, &school, &school_kind,
            &setting, &stage, &entry_year, &class_no, &speciality.as_str(), &new.phone, &new.valid_from, &now,
        ],
    )?;
    tx.exec(
        sql!("INSERT INTO unit_closure (ancestor_id, descendant_id, depth, valid_from) VALUES ($1, $1, 0, $2)"),
        &[&id, &new.valid_from],
    )?;
    if let Some(parent) = new.parent {
        tx.exec(
            sql!(
                "INSERT INTO unit_closure (ancestor_id, descendant_id, depth, valid_from)
                  SELECT ancestor_id, $1, depth + 1, $2 FROM unit_closure
                  WHERE descendant_id = $3 AND valid_to IS NULL"
            ),
            &[&id, &new.valid_from, &parent],
        )?;
    }
    note_version(tx, id, new, "created")?;
    if new.kind != UnitKind::Class {
        let home = school.unwrap_or(id);
        search::index(tx, search::Kind::Unit, id, home, &search::name_terms(new.name))?;
    }
    Ok(id)
}

fn note_version(tx: &mut Tx, unit: Id, new: &NewUnit<'_>, reason: &str) -> Result<()> {
    let (id, now) = (tx.new_id(), tx.now());
    tx.exec(
        sql!(
            "INSERT INTO unit_version (id, unit_id, valid_from, name, code, parent_id, reason, recorded_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        &[&id, &unit, &new.valid_from, &new.name, &new.code, &new.parent, &reason, &now],
    )?;
    Ok(())
}

/// Renames a unit from a day on; what it was called before stays in its versions.
///
/// # Errors
/// `Error::NotFound`.
pub fn rename(tx: &mut Tx, id: Id, name: &str, from: Date) -> Result<()> {
    let unit = find(tx, id)?;
    let last_day = from.yesterday().map_err(Error::internal)?;
    tx.exec(sql!("UPDATE unit_version SET valid_to = $1 WHERE unit_id = $2 AND valid_to IS NULL"), &[&last_day, &id])?;
    let (version, now) = (tx.new_id(), tx.now());
    tx.exec(
        sql!(
            "INSERT INTO unit_version (id, unit_id, valid_from, name, code, parent_id, reason, recorded_at)
              VALUES ($1, $2, $3, $4, $5, $6, 'renamed', $7)"
        ),
        &[&version, &id, &from, &name, &unit.code, &unit.parent, &now],
    )?;
    let key = search::sort_key(name);
    tx.exec(sql!("UPDATE unit SET name = $1, short_name = $1, name_key = $2 WHERE id = $3"), &[&name, &key, &id])?;
    grant::rename_unit(tx, id, name)?;
    search::index(tx, search::Kind::Unit, id, unit.school.unwrap_or(id), &search::name_terms(name))
}

/// Closes a unit after a day: a class that graduated, a school that merged.
///
/// # Errors
/// As any statement.
pub fn close(tx: &mut Tx, id: Id, last_day: Date) -> Result<()> {
    tx.exec(sql!("UPDATE unit SET valid_to = $1 WHERE id = $2 AND valid_to IS NULL"), &[&last_day, &id])?;
    tx.exec(
        sql!("UPDATE unit_closure SET valid_to = $1 WHERE descendant_id = $2 AND valid_to IS NULL"),
        &[&last_day, &id],
    )?;
    tx.exec(sql!("UPDATE unit_version SET valid_to = $1 WHERE unit_id = $2 AND valid_to IS NULL"), &[&last_day, &id])?;
    Ok(())
}
