//! The versions of a rule: who put each in force, and when.

use gongyu_kernel::{Error, Millis, Result};
use gongyu_ledger::rules::{self, Rule};
use gongyu_store::{Reader, sql};

/// One version.
pub(super) struct Version {
    /// The rule as it was.
    pub rule: Rule,
    /// Who put it in force; empty for the shipped one.
    pub by: String,
    /// When; `None` for the shipped one.
    pub at: Option<Millis>,
}

/// Every version of a rule, the newest first; the shipped one last.
///
/// # Errors
/// As any statement, or when a stored rule cannot be read.
pub(super) fn of(r: &mut Reader, code: &str) -> Result<Vec<Version>> {
    let rows: Vec<(String, String, Millis)> = r.rows(
        sql!(
            "SELECT d.body, COALESCE(a.name, ''), d.created_at FROM duty_rule d
              LEFT JOIN account a ON a.id = d.created_by
              WHERE d.code = $1 ORDER BY d.version DESC LIMIT 100"
        ),
        &[&code],
    )?;
    let mut versions = Vec::with_capacity(rows.len() + 1);
    for (body, by, at) in rows {
        versions.push(Version { rule: serde_json::from_str(&body)?, by, at: Some(at) });
    }
    let shipped = rules::defaults().iter().find(|rule| rule.code == code);
    versions.extend(shipped.map(|rule| Version { rule: rule.clone(), by: String::new(), at: None }));
    Ok(versions)
}

/// One version of a rule.
///
/// # Errors
/// `Error::NotFound`.
pub(super) fn find(r: &mut Reader, code: &str, version: u32) -> Result<Rule> {
    let found = of(r, code)?.into_iter().find(|v| v.rule.version == version);
    found.map(|v| v.rule).ok_or(Error::NotFound)
}
