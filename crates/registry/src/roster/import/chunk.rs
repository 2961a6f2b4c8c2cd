//! Good rows on their way, some hundred together: one packed and sealed record instead of a row each.

use super::model::Verdict;
use super::plan::Keys;
use super::rows::{StoredRow, Twin};
use super::stage::open_row;
use crate::people::Packer;
use crate::roster::row::PupilRow;
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_store::{Reader, Tx, record, sql};
use gongyu_vault::Vault;
use serde::{Deserialize, Serialize};

/// Seal name of a chunk.
const CHUNK: &str = "import_chunk.sealed";

/// One row that would write something.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    pub number: i64,
    pub verdict: Verdict,
    pub student: Id,
    pub school: Id,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keys: Option<Keys>,
    /// `None` for a pupil who leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<PupilRow>,
}

impl Entry {
    /// An entry of a row that was mended.
    pub fn of_stored(vault: &Vault, batch: Id, row: StoredRow) -> Result<Self> {
        let student = row.student.ok_or_else(|| Error::internal("a staged row without its pupil"))?;
        let school = row.school.ok_or_else(|| Error::internal("a staged row without its school"))?;
        let content = open_row(vault, batch, row.number, &row.sealed)?;
        let keys = Keys { id_blind: row.id_blind, roll_blind: row.roll_blind, row_hash: row.row_hash };
        Ok(Self {
            number: row.number,
            verdict: row.verdict,
            student,
            school,
            since: row.since,
            keys: Some(keys),
            row: content.row,
        })
    }
}

/// Row numbers with the beginnings of the blind indexes of every row read, 20 bytes a row.
#[derive(Debug, Default)]
pub(super) struct KeyList(Vec<u8>);

const KEY: usize = 8;
const LINE: usize = 4 + 2 * KEY;

/// The first letters of a blind index: 48 bits, enough to point at a row, which is then looked at.
fn beginning(blind: Option<&str>) -> [u8; KEY] {
    let mut out = [0; KEY];
    if let Some(from) = blind.and_then(|text| text.as_bytes().get(..KEY)) {
        out.copy_from_slice(from);
    }
    out
}

impl KeyList {
    pub fn push(&mut self, row: u32, keys: &Keys) {
        self.0.extend(row.to_be_bytes());
        self.0.extend(beginning(keys.id_blind.as_deref()));
        self.0.extend(beginning(keys.roll_blind.as_deref()));
    }

    pub fn rows(&self) -> usize {
        self.0.len() / LINE
    }

    pub fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

/// A chunk ready to be stored.
#[derive(Debug)]
pub(super) struct NewChunk {
    pub number: i64,
    pub leaving: bool,
    pub entries: i64,
    pub keys: Vec<u8>,
    pub sealed: Vec<u8>,
}

impl NewChunk {
    pub fn of(
        vault: &Vault,
        packer: &mut Packer,
        batch: Id,
        number: i64,
        leaving: bool,
        entries: &[Entry],
        keys: KeyList,
    ) -> Result<Self> {
        let sealed = if entries.is_empty() {
            Vec::new()
        } else {
            vault.seal(&name(number), batch, &packer.pack(&serde_json::to_vec(entries)?)?)?
        };
        let count = i64::try_from(entries.len()).map_err(Error::internal)?;
        Ok(Self { number, leaving, entries: count, keys: keys.0, sealed })
    }
}

fn name(number: i64) -> String {
    format!("{CHUNK}:{number}")
}

fn open(vault: &Vault, batch: Id, number: i64, sealed: &[u8]) -> Result<Vec<Entry>> {
    if sealed.is_empty() {
        return Ok(Vec::new());
    }
    let packed = vault.open_bytes(&name(number), batch, sealed)?;
    Ok(serde_json::from_slice(&crate::people::unpack(packed.get(1..).unwrap_or_default())?)?)
}

pub(super) fn add(tx: &mut Tx, batch: Id, chunk: &NewChunk) -> Result<()> {
    let (none, empty) = (0_i64, chunk.entries == 0);
    tx.exec(
        sql!(
            "INSERT INTO import_chunk (batch_id, number, leaving, entries, done, searchable, keys, sealed)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        &[&batch, &chunk.number, &chunk.leaving, &chunk.entries, &none, &empty, &chunk.keys, &chunk.sealed],
    )?;
    Ok(())
}

record! {
    /// A chunk that is not finished.
    #[derive(Clone, Debug)]
    pub(super) struct Open {
        pub number: i64,
        pub done: i64,
        pub sealed: Vec<u8>,
    }
}

impl Open {
    pub fn entries(&self, vault: &Vault, batch: Id) -> Result<Vec<Entry>> {
        open(vault, batch, self.number, &self.sealed)
    }
}

/// The next chunk of which something is still to be written or to be made findable.
pub(super) fn next(r: &mut Reader, batch: Id, after: i64) -> Result<Option<Open>> {
    r.row(
        sql!(
            "SELECT number, done, sealed FROM import_chunk
              WHERE batch_id = $1 AND number > $2 AND (done < entries OR NOT searchable) ORDER BY number LIMIT 1"
        ),
        &[&batch, &after],
    )
}

/// How many entries are still to be written.
pub(super) fn unwritten(r: &mut Reader, batch: Id) -> Result<i64> {
    r.scalar(
        sql!("SELECT CAST(COALESCE(SUM(entries - done), 0) AS BIGINT) FROM import_chunk WHERE batch_id = $1"),
        &[&batch],
    )
}

/// Notes that entries are written; false when another worker was faster.
pub(super) fn mark(tx: &mut Tx, batch: Id, number: i64, from: i64, to: i64) -> Result<bool> {
    let changed = tx.exec(
        sql!("UPDATE import_chunk SET done = $1 WHERE batch_id = $2 AND number = $3 AND done = $4"),
        &[&to, &batch, &number, &from],
    )?;
    Ok(changed == 1)
}

/// Notes that the pupils of a written chunk can be found, and drops what lives with the pupils now.
pub(super) fn finish(tx: &mut Tx, batch: Id, number: i64) -> Result<()> {
    let (yes, nothing) = (true, Vec::<u8>::new());
    tx.exec(
        sql!(
            "UPDATE import_chunk SET searchable = $1, sealed = $2
              WHERE batch_id = $3 AND number = $4 AND done = entries"
        ),
        &[&yes, &nothing, &batch, &number],
    )?;
    Ok(())
}

/// Removes some of the chunks; call again while it returns more than 0.
pub(super) fn remove(tx: &mut Tx, batch: Id) -> Result<u64> {
    tx.exec(
        sql!(
            "DELETE FROM import_chunk WHERE batch_id = $1 AND number IN
              (SELECT number FROM import_chunk WHERE batch_id = $1 ORDER BY number LIMIT 20)"
        ),
        &[&batch],
    )
}

/// Takes back that anybody would leave.
pub(super) fn drop_leaving(tx: &mut Tx, batch: Id) -> Result<()> {
    tx.exec(sql!("DELETE FROM import_chunk WHERE batch_id = $1 AND leaving AND done = 0"), &[&batch])?;
    Ok(())
}

record! {
    struct Keyed {
        number: i64,
        keys: Vec<u8>,
    }
}

/// Another good row of the file with the same identity or roll number.
pub(super) fn twin(
    r: &mut Reader,
    vault: &Vault,
    batch: Id,
    id: Option<&str>,
    roll: Option<&str>,
    row: i64,
) -> Result<Option<Twin>> {
    let (id_key, roll_key) = (beginning(id), beginning(roll));
    let mut hit: Option<(i64, i64, bool)> = None;
    r.each(sql!("SELECT number, keys FROM import_chunk WHERE batch_id = $1 ORDER BY number"), &[&batch], |line| {
        let Keyed { number, keys } = gongyu_store::FromRow::from_row(line)?;
        for key in keys.chunks_exact(LINE) {
            let (line_no, rest) = key.split_at(4);
            let line_no = i64::from(u32::from_be_bytes(line_no.try_into().map_err(Error::internal)?));
            let by_id = id.is_some() && rest[..KEY] == id_key;
            let by_roll = roll.is_some() && rest[KEY..] == roll_key;
            if line_no != row && (by_id || by_roll) && hit.is_none_or(|(_, _, was_id)| by_id && !was_id) {
                hit = Some((number, line_no, by_id));
            }
        }
        Ok(())
    })?;
    let Some((chunk, number, by_id)) = hit else { return Ok(None) };
    Ok(Some(Twin { by_id, number, name: name_in(r, vault, batch, chunk, number)?.unwrap_or_default() }))
}

fn name_in(r: &mut Reader, vault: &Vault, batch: Id, chunk: i64, row: i64) -> Result<Option<String>> {
    Ok(row_in(r, vault, batch, chunk, row)?.map(|entry| entry.name))
}

fn row_in(r: &mut Reader, vault: &Vault, batch: Id, chunk: i64, row: i64) -> Result<Option<PupilRow>> {
    let sealed: Option<(Vec<u8>,)> =
        r.row(sql!("SELECT sealed FROM import_chunk WHERE batch_id = $1 AND number = $2"), &[&batch, &chunk])?;
    let Some((sealed,)) = sealed else { return Ok(None) };
    Ok(open(vault, batch, chunk, &sealed)?.into_iter().find(|entry| entry.number == row).and_then(|entry| entry.row))
}

/// The good row of a line of the file, while it is staged.
pub(crate) fn good_row(r: &mut Reader, vault: &Vault, batch: Id, row: u32) -> Result<Option<PupilRow>> {
    let mut at = None;
    r.each(sql!("SELECT number, keys FROM import_chunk WHERE batch_id = $1 ORDER BY number"), &[&batch], |line| {
        let Keyed { number, keys } = gongyu_store::FromRow::from_row(line)?;
        if keys.chunks_exact(LINE).any(|key| key[..4] == row.to_be_bytes()) {
            at = Some(number);
        }
        Ok(())
    })?;
    match at {
        Some(chunk) => row_in(r, vault, batch, chunk, i64::from(row)),
        None => Ok(None),
    }
}
