//! A whole district or town, loaded once for the page, its file and its pictures.

use crate::reach::{Group, Moment, duties_by_school, school_groups, sum, town_groups};
use gongyu_kernel::{Id, Result};
use gongyu_ledger::duty::SchoolDuties;
use gongyu_registry::unit::{self, Setting, Unit};
use gongyu_store::Reader;
use std::collections::HashMap;

/// Schools and towns with their figures, each list in the order of need.
pub(super) struct Overview {
    /// Open schools, with children or not.
    pub units: Vec<Unit>,
    /// The same with their figures.
    pub schools: Vec<Group>,
    /// Towns with their figures.
    pub towns: Vec<Group>,
    /// Duties of today by school; empty for a day gone by.
    pub duties: HashMap<Id, SchoolDuties>,
}

impl Overview {
    /// Loads the district, or one town of it.
    ///
    /// # Errors
    /// As any statement.
    pub(super) fn load(r: &mut Reader, moment: &Moment, town: Option<Id>, with_duties: bool) -> Result<Self> {
        let units = unit::schools(r, town)?;
        let mut schools = school_groups(r, moment, &units)?;
        if let Some(town) = town {
            schools.retain(|s| s.town == Some(town));
        }
        let towns = town_groups(&schools, &unit::towns(r)?);
        let duties = if with_duties && moment.is_now() { duties_by_school(r, &units)? } else { HashMap::new() };
        Ok(Self { units, schools, towns, duties })
    }

    /// Everything together; `None` without children.
    pub(super) fn whole(&self) -> Option<Group> {
        sum(&self.schools).filter(|all| all.figures.students > 0)
    }

    /// Everything of one setting.
    pub(super) fn of_setting(&self, setting: Setting) -> Option<Group> {
        sum(self.schools.iter().filter(|s| s.setting == Some(setting))).filter(|all| all.figures.students > 0)
    }

    /// Children never reached in town and in the country; all of them are in one of the two.
    pub(super) fn never_by_setting(&self) -> (i64, i64) {
        let never = |s: &Group| s.never().unwrap_or(0);
        let rural: i64 = self.schools.iter().filter(|s| s.setting == Some(Setting::Rural)).map(never).sum();
        (self.schools.iter().map(never).sum::<i64>() - rural, rural)
    }

    /// The duties of some schools together; `None` for a day gone by.
    pub(super) fn duties_of(&self, belongs: impl Fn(&Unit) -> bool) -> Option<SchoolDuties> {
        if self.duties.is_empty() {
            return None;
        }
        let mut all = SchoolDuties::default();
        for found in self.units.iter().filter(|u| belongs(u)).filter_map(|u| self.duties.get(&u.id)) {
            all.met += found.met;
            all.due += found.due;
            all.overdue += found.overdue;
        }
        Some(all)
    }
}
