//! Putting a checked row into the registry. Each row finds its record again, so that applying it twice,
//! or after somebody else did the same, changes nothing more.

mod people;
mod units;

use super::batch::Sealed;
use super::row::Said;
use crate::unit::UnitKind;
use gongyu_access::grant;
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Reader, Tx, sql};
use gongyu_vault::Vault;
use std::collections::HashMap;

/// A unit that staff may belong to.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) id: Id,
    pub(super) name: String,
    pub(super) code: String,
}

/// The open units by code and by name.
#[derive(Debug)]
pub(super) struct Places(HashMap<String, Place>);

impl Places {
    /// Reads them; names first, so that a code that looks like a name wins.
    pub(super) fn load(r: &mut Reader) -> Result<Self> {
        let lines: Vec<(Id, UnitKind, String, String)> =
            r.rows(sql!("SELECT id, kind, code, name FROM unit WHERE kind <> 'class' AND valid_to IS NULL"), &[])?;
        let mut named = HashMap::new();
        let mut coded = HashMap::new();
        for (id, kind, code, name) in lines {
            let place = Place { id, name: name.clone(), code: code.clone() };
            if kind == UnitKind::District {
                named.insert(super::known::COMMISSION.to_owned(), place.clone());
            }
            if !code.is_empty() {
                coded.insert(code, place.clone());
            }
            named.insert(name, place);
        }
        named.extend(coded);
        Ok(Self(named))
    }

    fn of(&self, written: &str) -> Result<&Place> {
        self.0.get(written).ok_or_else(|| Error::internal(format!("unit {written} has gone since the check")))
    }
}

/// Applies one row.
pub(super) fn row(tx: &mut Tx, vault: &Vault, places: &Places, row: &Sealed, by: Id) -> Result<()> {
    match &row.said {
        Said::Unit(unit) => units::apply(tx, unit),
        Said::Staff(staff) => people::apply_staff(tx, vault, places.of(&staff.unit)?, staff, by),
        Said::Teacher(teacher) => match row.class {
            Some(class) => people::apply_teacher(tx, vault, places.of(&teacher.unit)?, teacher, class, by),
            None => Err(Error::internal("a class teacher's row was staged without its class")),
        },
        Said::End(end) => {
            let yesterday = tx.today().yesterday().map_err(Error::internal)?;
            grant::end(tx, end.grant, yesterday)
        }
    }
}
