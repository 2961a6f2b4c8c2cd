//! The rules in force: the shipped set with the district's own versions over it.

use super::recount;
use crate::rules::{self, Counts, Rule, Subject};
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Db, Reader, Tx, jobs, settings, sql};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, OnceLock};

const STAMP: &str = "duty-rules-stamp";

/// Every rule in its newest version, in order of code.
#[derive(Debug, PartialEq)]
pub struct RuleBook {
    rules: Vec<Rule>,
}

impl RuleBook {
    /// All rules, those out of use too.
    pub fn all(&self) -> &[Rule] {
        &self.rules
    }

    /// The rules in use.
    pub fn enabled(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(|rule| rule.enabled)
    }

    /// The rules in use that count contacts with each child's family.
    pub fn for_children(&self) -> impl Iterator<Item = &Rule> {
        self.enabled().filter(|r| r.subject == Subject::Child && matches!(r.counts, Counts::Touches { .. }))
    }

    /// The rules in use that count activities of a unit.
    pub fn for_acts(&self) -> impl Iterator<Item = &Rule> {
        self.enabled().filter(|r| matches!(r.counts, Counts::Acts { .. }))
    }

    /// A rule by its code.
    ///
    /// # Errors
    /// `Error::NotFound`.
    pub fn rule(&self, code: &str) -> Result<&Rule> {
        self.rules.iter().find(|r| r.code == code).ok_or(Error::NotFound)
    }
}

type Cached = Mutex<Vec<(String, Arc<RuleBook>)>>;

/// The rules in force. Read from the database only when they changed: the stamp is the hash of
/// their text, so equal stamps mean equal rules, in whichever database.
///
/// # Errors
/// As any statement, or when a stored rule cannot be read.
pub fn book(r: &mut Reader) -> Result<Arc<RuleBook>> {
    static CACHE: OnceLock<Cached> = OnceLock::new();
    let stamp: String = settings::get_or_default(r, STAMP)?;
    let cache = CACHE.get_or_init(Mutex::default);
    if let Some((_, found)) = cache.lock().iter().find(|(known, _)| *known == stamp) {
        return Ok(found.clone());
    }
    let fresh = Arc::new(read(r)?);
    let mut held = cache.lock();
    held.truncate(7);
    held.insert(0, (stamp, fresh.clone()));
    Ok(fresh)
}

fn read(r: &mut Reader) -> Result<RuleBook> {
    let bodies: Vec<(String,)> = r.rows(sql!("SELECT body FROM duty_rule ORDER BY code, version"), &[])?;
    let mut all: Vec<Rule> = rules::defaults().to_vec();
    for (body,) in bodies {
        let own: Rule = serde_json::from_str(&body)?;
        match all.iter_mut().find(|rule| rule.code == own.code) {
            Some(older) => *older = own,
            None => all.push(own),
        }
    }
    all.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(RuleBook { rules: all })
}

/// Every version of a rule the district made, newest first.
///
/// # Errors
/// As any statement, or when a stored rule cannot be read.
pub fn history(r: &mut Reader, code: &str) -> Result<Vec<(Rule, Id)>> {
    let rows: Vec<(String, i64)> = r.rows(
        sql!("SELECT body, COALESCE(created_by, 0) FROM duty_rule WHERE code = $1 ORDER BY version DESC LIMIT 100"),
        &[&code],
    )?;
    rows.into_iter().map(|(body, by)| Ok((serde_json::from_str(&body)?, Id(by)))).collect()
}

#[derive(Serialize, Deserialize)]
struct Backfill {
    code: String,
    version: u32,
}

/// Puts a new version of a rule in force and has it counted back over what was recorded.
///
/// # Errors
/// As any statement.
pub fn save(tx: &mut Tx, mut rule: Rule, by: Option<Id>) -> Result<Rule> {
    tx.lock("duty-rules")?;
    let newest: i64 =
        tx.scalar(sql!("SELECT COALESCE(MAX(version), 1) FROM duty_rule WHERE code = $1"), &[&rule.code])?;
    rule.version = u32::try_from(newest + 1).map_err(Error::internal)?;
    let (body, now) = (serde_json::to_string(&rule)?, tx.now());
    tx.exec(
        sql!("INSERT INTO duty_rule (code, version, body, created_by, created_at) VALUES ($1, $2, $3, $4, $5)"),
        &[&rule.code, &rule.version, &body, &by, &now],
    )?;
    let bodies: Vec<(String,)> = tx.rows(sql!("SELECT body FROM duty_rule ORDER BY code, version"), &[])?;
    settings::put(tx, STAMP, &stamp_of(&bodies))?;
    let payload = Backfill { code: rule.code.clone(), version: rule.version };
    jobs::enqueue(tx, "ledger.backfill", &payload)?;
    Ok(rule)
}

fn stamp_of(bodies: &[(String,)]) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    // Two hashes of one text: 128 bits keep two different sets from ever sharing a stamp.
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        salt.hash(&mut hasher);
        bodies.hash(&mut hasher);
        hasher.finish()
    };
    format!("{}:{:016x}{:016x}", bodies.len(), half(1), half(2))
}

/// Counts one version of a rule over everything recorded in the periods still open.
///
/// # Errors
/// As any statement.
pub fn backfill_job(db: &Db, body: &str) -> Result<()> {
    let what: Backfill = serde_json::from_str(body)?;
    recount::rule(db, &what.code, what.version)
}
