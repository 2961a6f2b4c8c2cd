//! Editable settings of the district, one JSON value a key.

use crate::{Reader, Tx, sql};
use gongyu_kernel::Result;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The setting, or `None` when it was never set.
///
/// # Errors
/// `Error::Internal` when the stored value has another shape.
pub fn get<T: DeserializeOwned>(r: &mut Reader, key: &str) -> Result<Option<T>> {
    let found: Option<(String,)> = r.row(sql!("SELECT value FROM setting WHERE key = $1"), &[&key])?;
    found.map(|(json,)| serde_json::from_str(&json).map_err(Into::into)).transpose()
}

/// The setting, or its default.
///
/// # Errors
/// As `get`.
pub fn get_or_default<T: DeserializeOwned + Default>(r: &mut Reader, key: &str) -> Result<T> {
    Ok(get(r, key)?.unwrap_or_default())
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
    Ok(())
}
