//! The registry as planning needs it, read at once.

use super::known::{Known, KnownClass, KnownStaff, KnownUnit};
use crate::roster::class_label::{ClassKey, SchoolKind};
use crate::unit::{Setting, UnitKind};
use gongyu_access::Role;
use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, record, sql};
use std::collections::{HashMap, HashSet};

record! {
    struct UnitLine {
        id: Id,
        kind: UnitKind,
        code: String,
        name: String,
        school_kind: Option<String>,
        setting: Option<Setting>,
        town: String,
        phone: String,
    }
}

/// Everything open: units, staff at work with their roles of today, classes with their class teachers.
///
/// # Errors
/// As any statement.
pub(super) fn load(r: &mut Reader) -> Result<Known> {
    let mut known = Known::default();
    let at = units(r, &mut known)?;
    let (roles, teachers) = grants(r)?;
    let staff: Vec<(Id, Id, String, String, String, Option<String>)> = r.rows(
        sql!(
            "SELECT id, school_id, staff_no, name, title, phone_blind FROM staff WHERE state = 'active'
              ORDER BY id"
        ),
        &[],
    )?;
    for (id, unit, staff_no, name, title, phone) in staff {
        if let Some(unit_at) = at.get(&unit) {
            let roles = roles.get(&(id, unit)).cloned().unwrap_or_default();
            known.add_staff(KnownStaff { id: Some(id), unit: *unit_at, staff_no, name, title, phone, roles });
        }
    }
    let classes: Vec<(Id, Id, String, i16, u16, String)> = r.rows(
        sql!(
            "SELECT id, school_id, stage, entry_year, class_no, speciality FROM unit
              WHERE kind = 'class' AND valid_to IS NULL"
        ),
        &[],
    )?;
    for (id, school, stage, entry_year, class_no, taught) in classes {
        let key = ClassKey::of_columns(Some(&stage), Some(entry_year), Some(class_no), Some(&taught));
        if let (Some(at), Some(key)) = (at.get(&school), key) {
            let teacher = teachers.get(&id).copied();
            known.add_class(*at, key, KnownClass { teacher });
        }
    }
    Ok(known)
}

fn units(r: &mut Reader, known: &mut Known) -> Result<HashMap<Id, usize>> {
    let lines: Vec<UnitLine> = r.rows(
        sql!(
            "SELECT u.id, u.kind, u.code, u.name, u.school_kind, u.setting, COALESCE(t.name, ''), u.phone
              FROM unit u LEFT JOIN unit t ON t.id = u.town_id AND u.kind <> 'town'
              WHERE u.kind <> 'class' AND u.valid_to IS NULL ORDER BY u.id"
        ),
        &[],
    )?;
    Ok(lines
        .into_iter()
        .map(|u| {
            let unit = KnownUnit {
                id: Some(u.id),
                kind: u.kind,
                code: u.code,
                name: u.name,
                school_kind: u.school_kind.as_deref().and_then(SchoolKind::from_key),
                setting: u.setting,
                town: u.town,
                phone: u.phone,
            };
            (u.id, known.add_unit(unit))
        })
        .collect())
}

type Roles = HashMap<(Id, Id), HashSet<Role>>;

/// Roles of staff by person and unit, and the class teacher of each class.
fn grants(r: &mut Reader) -> Result<(Roles, HashMap<Id, Id>)> {
    let today = r.today();
    let lines: Vec<(Id, Id, Role)> = r.rows(
        sql!(
            "SELECT a.staff_id, g.unit_id, g.role FROM role_grant g JOIN account a ON a.id = g.account_id
              WHERE a.staff_id IS NOT NULL AND g.valid_from <= $1 AND (g.valid_to IS NULL OR g.valid_to >= $1)"
        ),
        &[&today],
    )?;
    let (mut roles, mut teachers) = (Roles::new(), HashMap::new());
    for (staff, unit, role) in lines {
        if role == Role::ClassTeacher {
            teachers.insert(unit, staff);
        }
        roles.entry((staff, unit)).or_default().insert(role);
    }
    Ok((roles, teachers))
}
