//! Editable settings of the district, one JSON value a key.
//!
//! They are read with nearly every request and change a few times a year, so each node keeps them. What
//! keeps them right on many nodes is the version: a row that every change replaces in its own
//! transaction, and that every transaction reads before it trusts what is kept.

use crate::db::Shared;
use crate::{Reader, Tx, sql};
use gongyu_kernel::{Id, Result};
use parking_lot::RwLock;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;

/// What is kept of one setting as it was at a version.
#[derive(Clone)]
struct Known {
    version: Version,
    json: Option<Arc<str>>,
    read: Option<Arc<dyn Any + Send + Sync>>,
}

/// The settings of one database as this process knows them.
#[derive(Default)]
pub(crate) struct Kept(RwLock<HashMap<String, Known>>);

/// The version of all settings together; 0 before the first change.
pub(crate) type Version = i64;

/// What a transaction knows of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) enum Seen {
    /// Not looked at yet.
    #[default]
    Unasked,
    /// This version holds.
    At(Version),
    /// This transaction changes them: nothing kept may be trusted, nothing read may be kept.
    Changing,
}

impl Reader {
    /// Tells the transaction the version of the settings, read by another statement on the way:
    /// `(SELECT version FROM setting_version)`.
    pub fn note_settings_version(&mut self, version: i64) {
        if self.settings == Seen::Unasked {
            self.settings = Seen::At(version);
        }
    }

    fn settings_version(&mut self) -> Result<Option<Version>> {
        if self.settings == Seen::Unasked {
            let version = self.scalar(sql!("SELECT version FROM setting_version"), &[])?;
            self.settings = Seen::At(version);
        }
        Ok(match self.settings {
            Seen::At(version) => Some(version),
            _ => None,
        })
    }
}

fn known(shared: &Shared, key: &str, version: Version) -> Option<Known> {
    shared.settings.0.read().get(key).filter(|k| k.version == version).cloned()
}

fn look(r: &mut Reader, key: &str) -> Result<Option<Arc<str>>> {
    let found: Option<(String,)> = r.row(sql!("SELECT value FROM setting WHERE key = $1"), &[&key])?;
    Ok(found.map(|(json,)| json.into()))
}

fn kept(r: &mut Reader, key: &str) -> Result<Known> {
    let Some(version) = r.settings_version()? else {
        return Ok(Known { version: 0, json: look(r, key)?, read: None });
    };
    if let Some(known) = known(&r.shared, key, version) {
        return Ok(known);
    }
    let fresh = Known { version, json: look(r, key)?, read: None };
    keep(r, key, fresh.clone());
    Ok(fresh)
}

fn keep(r: &Reader, key: &str, known: Known) {
    if matches!(r.settings, Seen::At(_)) {
        r.shared.settings.0.write().insert(key.to_owned(), known);
    }
}

/// The setting, or `None` when it was never set.
///
/// # Errors
/// `Error::Internal` when the stored value has another shape.
pub fn get<T: DeserializeOwned>(r: &mut Reader, key: &str) -> Result<Option<T>> {
    kept(r, key)?.json.map(|json| serde_json::from_str(&json).map_err(Into::into)).transpose()
}

/// The setting, or its default.
///
/// # Errors
/// As `get`.
pub fn get_or_default<T: DeserializeOwned + Default>(r: &mut Reader, key: &str) -> Result<T> {
    Ok(get(r, key)?.unwrap_or_default())
}

/// As `get` for a large setting: its JSON is read once a version, not with each request.
///
/// # Errors
/// As `get`.
pub fn shared<T: DeserializeOwned + Send + Sync + 'static>(r: &mut Reader, key: &str) -> Result<Option<Arc<T>>> {
    let mut known = kept(r, key)?;
    let Some(json) = &known.json else { return Ok(None) };
    if let Some(read) = known.read.clone().and_then(|read| read.downcast::<T>().ok()) {
        return Ok(Some(read));
    }
    let read: Arc<T> = Arc::new(serde_json::from_str(json)?);
    known.read = Some(read.clone());
    keep(r, key, known);
    Ok(Some(read))
}

/// Sets a setting.
///
/// # Errors
/// As any statement.
pub fn put<T: Serialize>(tx: &mut Tx, key: &str, value: &T) -> Result<()> {
    let json = serde_json::to_string(value)?;
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO setting (key, value, updated_at) VALUES ($1, $2, $3)
              ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at"
        ),
        &[&key, &json, &now],
    )?;
    // A new identifier rather than the next number: no two changes share one, whichever of them is kept.
    let version: Id = tx.new_id();
    tx.exec(sql!("UPDATE setting_version SET version = $1"), &[&version])?;
    tx.settings = Seen::Changing;
    Ok(())
}
