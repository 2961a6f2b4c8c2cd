//! Addresses of people on the channels, besides the telephone number, which the roster keeps.

use crate::channel::Way;
use gongyu_kernel::{Id, Millis, Result};
use gongyu_store::{Reader, Tx, record, sql};
use gongyu_vault::Vault;
use std::collections::HashMap;

/// Seal name of `address.address_sealed`.
const ADDRESS: &str = "address.address";
/// Name of the blind index.
const BLIND: &str = "address";
/// Addresses of one kind that one person may have: browsers, mostly.
const AT_MOST: i64 = 8;

record! {
    struct Row {
        id: Id,
        person: Id,
        way: Way,
        sealed: Vec<u8>,
        blind: String,
        label: String,
        created: Millis,
    }
}

/// An address, opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Record.
    pub id: Id,
    /// Whose.
    pub person: Id,
    /// On which channel.
    pub way: Way,
    /// The address.
    pub to: String,
    /// Its blind index.
    pub blind: String,
    /// What the person sees: a browser's name, an address with stars.
    pub label: String,
    /// Since when.
    pub created: Millis,
}

/// The addresses of these people that take letters.
///
/// # Errors
/// As any statement, and when one cannot be opened.
pub fn of_people(r: &mut Reader, vault: &Vault, people: &[Id]) -> Result<HashMap<Id, Vec<Address>>> {
    let rows: Vec<Row> = r.rows_in(
        sql!(
            "SELECT id, person_id, channel, address_sealed, address_blind, label, created_at FROM address
              WHERE person_id IN ($1) AND state = 'active' ORDER BY id"
        ),
        people,
        &[],
    )?;
    let mut found: HashMap<Id, Vec<Address>> = HashMap::new();
    for row in rows {
        let to = vault.open_text(ADDRESS, row.id, &row.sealed)?;
        let Row { id, person, way, blind, label, created, .. } = row;
        found.entry(person).or_default().push(Address { id, person, way, to, blind, label, created });
    }
    Ok(found)
}

/// A new address.
pub struct NewAddress<'a> {
    /// Whose: a guardian, or the account of a member of staff.
    pub person: Id,
    /// On which channel.
    pub way: Way,
    /// The address, proved to be theirs.
    pub to: &'a str,
    /// What the person sees.
    pub label: &'a str,
}

/// Keeps an address, or wakes one that was dead. Somebody else who had it loses it: a WeChat or a browser belongs
/// to one person.
///
/// # Errors
/// As any statement.
pub fn keep(tx: &mut Tx, vault: &Vault, new: &NewAddress<'_>) -> Result<()> {
    let (id, now) = (tx.new_id(), tx.now());
    let blind = blind(vault, new.way, new.to);
    let sealed = vault.seal(ADDRESS, id, new.to.as_bytes())?;
    tx.exec(sql!("DELETE FROM address WHERE address_blind = $1 AND channel = $2"), &[&blind, &new.way])?;
    tx.exec(
        sql!(
            "INSERT INTO address (id, person_id, channel, address_sealed, address_blind, label, state, fault,
                                   created_at, checked_at)
              VALUES ($1, $2, $3, $4, $5, $6, 'active', '', $7, $7)"
        ),
        &[&id, &new.person, &new.way, &sealed, &blind, &new.label, &now],
    )?;
    tx.exec(
        sql!(
            "DELETE FROM address WHERE person_id = $1 AND channel = $2 AND id NOT IN
              (SELECT id FROM address WHERE person_id = $1 AND channel = $2 ORDER BY id DESC LIMIT $3)"
        ),
        &[&new.person, &new.way, &AT_MOST],
    )?;
    Ok(())
}

/// Forgets an address of a person; false when it is not theirs.
///
/// # Errors
/// As any statement.
pub fn forget(tx: &mut Tx, person: Id, id: Id) -> Result<bool> {
    Ok(tx.exec(sql!("DELETE FROM address WHERE id = $1 AND person_id = $2"), &[&id, &person])? == 1)
}

pub(crate) fn blind(vault: &Vault, way: Way, to: &str) -> String {
    vault.blind(BLIND, &format!("{}:{to}", way.code()))
}
