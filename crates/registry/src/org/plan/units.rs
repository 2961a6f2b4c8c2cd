//! Rows of 单位.

use super::{Change, Planned, Planner};
use crate::org::fault::Fault;
use crate::org::known::KnownUnit;
use crate::org::near::nearest;
use crate::org::row::UnitRow;
use crate::unit::UnitKind;

impl Planner<'_> {
    /// Whether the unit is known already.
    pub(super) fn unit(&mut self, planned: &mut Planned, row: &UnitRow) -> bool {
        let Some(kind) = row.kind() else { return false };
        planned.unit_name.clone_from(&row.town);
        let key = if row.code.is_empty() { format!("{}:{}", kind.code(), row.name) } else { row.code.clone() };
        if let Some(earlier) = self.units_met.get(&key) {
            planned.faults.push(Fault::UnitTwice(*earlier));
            return false;
        }
        self.units_met.insert(key, planned.number);
        self.check_town(planned, row, kind);
        let known = self.known.unit_of_kind(kind, &row.code, &row.name);
        let holder = self.known.holder_of_code(&row.code).filter(|at| known != Some(*at));
        if let Some(at) = holder {
            planned.faults.push(Fault::CodeTaken(self.known.unit(at).name.clone()));
            return false;
        }
        match known {
            Some(at) => {
                self.compare(planned, row, at);
                true
            }
            None => {
                if !planned.faults.iter().any(Fault::blocks) {
                    self.known.add_unit(as_known(row, kind));
                }
                false
            }
        }
    }

    fn check_town(&self, planned: &mut Planned, row: &UnitRow, kind: UnitKind) {
        if kind == UnitKind::Town || row.town.is_empty() {
            return;
        }
        if !self.known.unit_names(Some(UnitKind::Town)).any(|name| name == row.town) {
            let near = nearest(&row.town, self.known.unit_names(Some(UnitKind::Town))).map(ToOwned::to_owned);
            planned.faults.push(Fault::Town(row.town.clone(), near));
        }
    }

    fn compare(&self, planned: &mut Planned, row: &UnitRow, at: usize) {
        let unit = self.known.unit(at);
        if unit.name != row.name {
            planned.changes.push(Change::Name(unit.name.clone()));
        }
        if unit.code != row.code && !row.code.is_empty() {
            planned.changes.push(Change::Code(unit.code.clone()));
        }
        if unit.phone != row.phone && !row.phone.is_empty() {
            planned.changes.push(Change::Phone);
        }
        if unit.kind == UnitKind::Town && row.setting().is_some() && unit.setting != row.setting() {
            planned.changes.push(Change::Setting);
        }
        if let (Some(now), Some(said)) = (unit.school_kind, row.school_kind)
            && now != said
        {
            planned.faults.push(Fault::KindStays(now.key().to_owned()));
        }
        if unit.kind != UnitKind::Town && !row.town.is_empty() && unit.town != row.town && !unit.town.is_empty() {
            planned.faults.push(Fault::TownStays(unit.town.clone()));
        }
    }
}

fn as_known(row: &UnitRow, kind: UnitKind) -> KnownUnit {
    KnownUnit {
        id: None,
        kind,
        code: row.code.clone(),
        name: row.name.clone(),
        school_kind: row.school_kind,
        setting: row.setting(),
        town: row.town.clone(),
        phone: row.phone.clone(),
    }
}
