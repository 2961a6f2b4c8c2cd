//! Units.

use crate::org::row::UnitRow;
use crate::unit::{self, NewUnit, Unit, UnitKind};
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Tx, search, sql};

pub(super) fn apply(tx: &mut Tx, row: &UnitRow) -> Result<()> {
    let kind = row.kind().ok_or_else(|| Error::internal("a unit without its kind was staged"))?;
    let parent = parent(tx, row, kind)?;
    match existing(tx, row, kind, parent)? {
        Some(unit) => update(tx, row, &unit),
        None => {
            let new = NewUnit {
                kind,
                code: &row.code,
                name: &row.name,
                short_name: "",
                parent: Some(parent),
                school_kind: row.school_kind,
                setting: row.setting(),
                class: None,
                phone: &row.phone,
                valid_from: tx.today(),
            };
            unit::create(tx, &new).map(drop)
        }
    }
}

fn parent(tx: &mut Tx, row: &UnitRow, kind: UnitKind) -> Result<Id> {
    let district = unit::district(tx)?.id;
    if kind == UnitKind::Town || row.town.is_empty() {
        return Ok(district);
    }
    child(tx, district, UnitKind::Town, &row.town)?
        .ok_or_else(|| Error::internal(format!("town {} has gone since the check", row.town)))
}

fn child(tx: &mut Tx, parent: Id, kind: UnitKind, name: &str) -> Result<Option<Id>> {
    let key = search::sort_key(name);
    let found: Option<(Id,)> = tx.row(
        sql!(
            "SELECT id FROM unit WHERE parent_id = $1 AND kind = $2 AND name_key = $3 AND name = $4
              AND valid_to IS NULL ORDER BY id LIMIT 1"
        ),
        &[&parent, &kind, &key, &name],
    )?;
    Ok(found.map(|(id,)| id))
}

fn existing(tx: &mut Tx, row: &UnitRow, kind: UnitKind, parent: Id) -> Result<Option<Unit>> {
    if !row.code.is_empty()
        && let Some(unit) = unit::by_code(tx, kind, &row.code)?
    {
        return Ok(Some(unit));
    }
    let named = match child(tx, parent, kind, &row.name)? {
        Some(id) => Some(unit::find(tx, id)?),
        None => None,
    };
    Ok(named.filter(|u| row.code.is_empty() || u.code.is_empty()))
}

fn update(tx: &mut Tx, row: &UnitRow, unit: &Unit) -> Result<()> {
    if unit.name != row.name {
        let today = tx.today();
        unit::rename(tx, unit.id, &row.name, today)?;
    }
    let code = if row.code.is_empty() { &unit.code } else { &row.code };
    let phone = if row.phone.is_empty() { &unit.phone } else { &row.phone };
    tx.exec(sql!("UPDATE unit SET code = $1, phone = $2 WHERE id = $3"), &[code, phone, &unit.id])?;
    if unit.kind == UnitKind::Town
        && let Some(setting) = row.setting()
    {
        tx.exec(sql!("UPDATE unit SET setting = $1 WHERE town_id = $2"), &[&setting, &unit.id])?;
    }
    Ok(())
}
