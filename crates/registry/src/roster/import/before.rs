//! What pupils and guardians were before an import changed them, kept so that it can be taken back.

use super::store::Step;
use crate::people::{Relation, StudentState};
use gongyu_kernel::{Date, Id, Millis, Result};
use gongyu_store::{Reader, Tx, record, sql};
use gongyu_vault::Vault;
use serde::{Deserialize, Serialize};

/// Seal name of `import_step.before`.
const BEFORE: &str = "import_step.before";

/// Bytes as text in a JSON.
mod hex {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    const DIGITS: &[u8; 16] = b"0123456789abcdef";

    pub fn serialize<S: Serializer>(bytes: &[u8], s: S) -> Result<S::Ok, S::Error> {
        let text: String =
            bytes.iter().flat_map(|b| [b >> 4, b & 15]).map(|n| char::from(DIGITS[usize::from(n)])).collect();
        s.serialize_str(&text)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(d)?;
        let pair = |at: usize| text.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok());
        (0..text.len()).step_by(2).map(|at| pair(at).ok_or_else(|| D::Error::custom("not bytes"))).collect()
    }
}

record! {
    /// A pupil as the table has it.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub(super) struct Pupil {
        pub id: Id,
        pub school: Id,
        pub class: Option<Id>,
        pub name: String,
        pub sex: String,
        pub birth_date: Date,
        pub state: StudentState,
        pub number_in_class: Option<i64>,
        pub left_behind: String,
        pub migrant: bool,
        pub boarding: bool,
        pub special: bool,
        pub id_blind: Option<String>,
        pub roll_blind: Option<String>,
        #[serde(with = "hex")]
        pub sealed: Vec<u8>,
        pub row_hash: String,
        pub joined_on: Date,
        pub left_on: Option<Date>,
        pub updated_at: Millis,
    }
}

impl Pupil {
    pub fn is_active(&self) -> bool {
        self.state == StudentState::Active
    }
}

/// Some pupils as they are.
pub(super) fn pupils(r: &mut Reader, ids: &[Id]) -> Result<Vec<Pupil>> {
    r.rows_in(
        sql!(
            "SELECT id, school_id, class_id, name, sex, birth_date, state, number_in_class, left_behind, migrant,
                    boarding, special, id_blind, roll_blind, sealed, row_hash, joined_on, left_on, updated_at
              FROM student WHERE id IN ($1)"
        ),
        ids,
        &[],
    )
}

/// One tie to a guardian.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Tie {
    pub id: Id,
    pub student: Id,
    pub relation: Relation,
    pub kin: String,
    pub is_guardian: bool,
    pub position: i64,
}

record! {
    /// A guardian as the table has it.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub(super) struct Guardian {
        pub id: Id,
        pub name: String,
        pub name_key: String,
        pub phone_sealed: Option<Vec<u8>>,
        pub phone_blind: Option<String>,
        pub id_blind: Option<String>,
        pub sealed: Option<Vec<u8>>,
        pub updated_at: Millis,
    }
}

/// A guardian as it is.
pub(super) fn guardian(r: &mut Reader, id: Id) -> Result<Option<Guardian>> {
    r.row(
        sql!(
            "SELECT id, name, name_key, phone_sealed, phone_blind, id_blind, sealed, updated_at
              FROM guardian WHERE id = $1"
        ),
        &[&id],
    )
}

/// Everything of a transaction's known pupils.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Before {
    pub pupils: Vec<Pupil>,
    pub ties: Vec<Tie>,
    pub guardians: Vec<Guardian>,
}

impl Before {
    pub fn is_empty(&self) -> bool {
        self.pupils.is_empty() && self.guardians.is_empty()
    }
}

fn raw(ids: &[Id]) -> Vec<u8> {
    ids.iter().flat_map(|id| id.raw().to_be_bytes()).collect()
}

fn ids(raw: &[u8]) -> Vec<Id> {
    let (whole, _) = raw.as_chunks::<8>();
    whole.iter().map(|bytes| Id(i64::from_be_bytes(*bytes))).collect()
}

/// Keeps what a transaction did.
pub(super) fn keep(tx: &mut Tx, vault: &Vault, batch: Id, made: &[Id], before: &Before) -> Result<()> {
    if made.is_empty() && before.is_empty() {
        return Ok(());
    }
    let (id, now) = (tx.new_id(), tx.now());
    let known: Vec<Id> = before.pupils.iter().map(|pupil| pupil.id).collect();
    let sealed = if before.is_empty() { Vec::new() } else { vault.seal_json(BEFORE, id, before)? };
    tx.exec(
        sql!(
            "INSERT INTO import_step (id, batch_id, made, known, before, written_at)
              VALUES ($1, $2, $3, $4, $5, $6)"
        ),
        &[&id, &batch, &raw(made), &raw(&known), &sealed, &now],
    )?;
    Ok(())
}

impl Step {
    /// The pupils this step made.
    pub fn made(&self) -> Vec<Id> {
        ids(&self.made)
    }

    /// The pupils it changed, moved or let go.
    pub fn known(&self) -> Vec<Id> {
        ids(&self.known)
    }

    /// What they were.
    pub fn before(&self, vault: &Vault) -> Result<Before> {
        if self.before.is_empty() { Ok(Before::default()) } else { vault.open_json(BEFORE, self.id, &self.before) }
    }
}
