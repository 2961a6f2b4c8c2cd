//! From a roster row to the columns of a pupil and the persons of the family.

use crate::people::{GUARDIAN_PHONE, GUARDIAN_SEALED, PHONE_BLIND, Relation, SealedGuardian, SealedStudent};
use crate::roster::row::{MemberRow, PupilRow};
use crate::roster::values::{BoardingKind, Disability, Inclusive, LeftBehind, Sex};
use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, search, settings};
use gongyu_vault::Vault;
use serde::{Deserialize, Serialize};

/// A group of pupils who get special visits; which ones count is the district's to say (POLICY.md R06 and 3.1).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpecialGroup {
    /// 留守.
    LeftBehind,
    /// 进城务工随迁.
    Migrant,
    /// 孤儿.
    Orphan,
    /// 残疾.
    Disability,
    /// 随班就读.
    Inclusive,
}

impl SpecialGroup {
    /// Every group, in the order of the form.
    pub const ALL: [Self; 5] = [Self::LeftBehind, Self::Migrant, Self::Orphan, Self::Disability, Self::Inclusive];

    /// Text in the setting, the form and the catalogues.
    pub const fn code(self) -> &'static str {
        match self {
            Self::LeftBehind => "left_behind",
            Self::Migrant => "migrant",
            Self::Orphan => "orphan",
            Self::Disability => "disability",
            Self::Inclusive => "inclusive",
        }
    }
}

/// The groups that count; single-parent families are not in the roster and are marked by hand elsewhere.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct SpecialGroups(pub Vec<SpecialGroup>);

impl Default for SpecialGroups {
    fn default() -> Self {
        use SpecialGroup::*;
        Self(vec![LeftBehind, Migrant, Orphan, Disability, Inclusive])
    }
}

impl SpecialGroups {
    /// The district's choice.
    pub fn load(r: &mut Reader) -> Result<Self> {
        settings::get_or_default(r, super::special::SETTING)
    }

    /// Whether a pupil belongs to one, by what is kept of the pupil.
    pub fn hold(&self, away: &str, migrant: bool, details: &SealedStudent) -> bool {
        self.0.iter().any(|group| match group {
            SpecialGroup::LeftBehind => away != "none",
            SpecialGroup::Migrant => migrant,
            SpecialGroup::Orphan => details.orphan,
            SpecialGroup::Disability => !details.disability.is_empty(),
            SpecialGroup::Inclusive => details.inclusive,
        })
    }
}

/// What `student` keeps in the open.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    pub name_key: String,
    pub sex: &'static str,
    pub number_in_class: Option<i64>,
    pub left_behind: &'static str,
    pub migrant: bool,
    pub boarding: bool,
    pub special: bool,
}

impl Columns {
    pub fn of(row: &PupilRow, groups: &SpecialGroups) -> Self {
        let migrant = row.migrant_worker_child == Some(true) || row.migrant_child == Some(true);
        let away = away(row);
        let disabled = row.disabled == Some(true) || row.disability.is_some_and(|d| d != Disability::None);
        let within = |group: &SpecialGroup| match group {
            SpecialGroup::LeftBehind => away != "none",
            SpecialGroup::Migrant => migrant,
            SpecialGroup::Orphan => row.orphan == Some(true),
            SpecialGroup::Disability => disabled,
            SpecialGroup::Inclusive => row.inclusive.is_some_and(|i| i != Inclusive::No),
        };
        Self {
            name_key: search::sort_key(&row.name),
            sex: match row.sex {
                Some(Sex::Female) => "female",
                _ => "male",
            },
            number_in_class: row.seat_number.as_deref().and_then(|seat| seat.parse().ok()),
            left_behind: away,
            migrant,
            boarding: row.boarding == Some(BoardingKind::Boarder),
            special: groups.0.iter().any(within),
        }
    }
}

/// Which parents are away, as `student.left_behind` says it.
pub(super) fn away(row: &PupilRow) -> &'static str {
    match row.left_behind {
        Some(LeftBehind::OneParent) => "one",
        Some(LeftBehind::BothParents) => "both",
        None if row.rural_left_behind == Some(true) => "one",
        _ => "none",
    }
}

/// What is sealed of a pupil, written out of the row without copying it; reads back as `SealedStudent`.
#[derive(Serialize)]
pub(super) struct SealedOut<'a> {
    id_number: &'a str,
    roll_number: &'a str,
    address: &'a str,
    phone: &'a str,
    orphan: bool,
    disability: &'a str,
    inclusive: bool,
    ethnicity: &'a str,
    roster_row: &'a PupilRow,
}

impl<'a> SealedOut<'a> {
    pub fn of(row: &'a PupilRow) -> Self {
        let text = |value: &'a Option<String>| value.as_deref().unwrap_or_default();
        let address = [&row.current_address, &row.family_address, &row.mail_address];
        Self {
            id_number: row.id_number.as_ref().map_or("", |id| id.as_str()),
            roll_number: row.roll_number.as_ref().map_or("", |roll| roll.as_str()),
            address: address.into_iter().map(text).find(|a| !a.is_empty()).unwrap_or_default(),
            phone: row.phone.as_ref().map_or("", |phone| phone.as_str()),
            orphan: row.orphan == Some(true),
            disability: row.disability.filter(|d| *d != Disability::None).map_or("", Disability::name),
            inclusive: row.inclusive.is_some_and(|i| i != Inclusive::No),
            ethnicity: row.ethnicity.map_or("", |e| e.name()),
            roster_row: row,
        }
    }
}

/// A family member ready to be matched or made.
#[derive(Clone, Debug)]
pub(super) struct Person {
    /// Identifier if a new guardian has to be made.
    pub id: Id,
    pub name: String,
    pub phone: Option<String>,
    pub phone_blind: Option<String>,
    pub id_blind: Option<String>,
    pub relation: Relation,
    pub kin: String,
    pub is_guardian: bool,
    pub position: i64,
    pub private: SealedGuardian,
    /// What a new guardian is written with, made before the writer is held.
    pub name_key: String,
    pub sealed: Vec<u8>,
    pub phone_sealed: Option<Vec<u8>>,
}

impl Person {
    /// The persons of a row, in its order. Where no member has a telephone, the family's own number goes to the first
    /// guardian, so that the family can be called.
    pub fn of_row(vault: &Vault, row: &PupilRow, mut id: impl FnMut() -> Result<Id>) -> Result<Vec<Self>> {
        let mut persons = Vec::with_capacity(row.members.len());
        for (at, member) in row.members.iter().enumerate() {
            let phone = member.phone.as_ref().map(|phone| phone.as_str().to_owned());
            persons.push(Self::of_member(vault, row, member, phone, id()?, at as i64));
        }
        if persons.iter().all(|person: &Self| person.phone.is_none()) {
            let first = persons.iter().position(|person| person.is_guardian).unwrap_or(0);
            if let (Some(phone), Some(person)) = (&row.phone, persons.get_mut(first)) {
                person.phone_blind = Some(vault.blind(PHONE_BLIND, phone.as_str()));
                person.phone = Some(phone.as_str().to_owned());
            }
        }
        persons.iter_mut().try_for_each(|person| person.prepare(vault))?;
        Ok(persons)
    }

    fn of_member(
        vault: &Vault,
        row: &PupilRow,
        member: &MemberRow,
        phone: Option<String>,
        id: Id,
        position: i64,
    ) -> Self {
        let relation = member.relation.map_or(Relation::Other, Relation::from);
        let name = match (member.name.is_empty(), member.relation) {
            (false, _) => member.name.clone(),
            (true, Some(known)) => format!("{}的{}", row.name, known.name()),
            (true, None) => format!("{}的家人", row.name),
        };
        let work = [&member.work_unit, &member.post].into_iter().flatten().map(String::as_str);
        let private = SealedGuardian {
            id_number: member.id_number.as_ref().map(|n| n.as_str().to_owned()).unwrap_or_default(),
            address: member.address.clone().unwrap_or_default(),
            work: work.collect::<Vec<_>>().join(" "),
        };
        Self {
            id,
            name,
            phone_blind: phone.as_deref().map(|phone| vault.blind(PHONE_BLIND, phone)),
            phone,
            id_blind: member.id_number.as_ref().map(|n| vault.blind(crate::people::ID_BLIND, n.as_str())),
            relation,
            kin: member.kin.clone().unwrap_or_default(),
            is_guardian: member.is_guardian == Some(true),
            position,
            private,
            name_key: String::new(),
            sealed: Vec::new(),
            phone_sealed: None,
        }
    }

    fn prepare(&mut self, vault: &Vault) -> Result<()> {
        self.name_key = search::sort_key(&self.name);
        self.sealed = vault.seal_json(GUARDIAN_SEALED, self.id, &self.private)?;
        let phone = self.phone.as_deref();
        self.phone_sealed = phone.map(|phone| vault.seal(GUARDIAN_PHONE, self.id, phone.as_bytes())).transpose()?;
        Ok(())
    }
}
