//! What the database says of itself.

use super::{Check, Health};
use crate::ops::{schema, standing};
use anyhow::Result;
use gongyu_kernel::Id;
use gongyu_registry::people;
use gongyu_store::{Db, Migration, sql};
use gongyu_web::App;

/// Seconds that the newest record may lie ahead of the clock.
const AHEAD_SECONDS: i64 = 60;
/// Seconds after which rows of the audit log should have been sealed; the seal runs every minute.
const SEALED_WITHIN: i64 = 15 * 60;
/// Seconds that a due job may wait before somebody should look.
const JOB_WITHIN: i64 = 15 * 60;
/// The first moment this program can be running: 2026-01-01.
const EARLIEST_MS: i64 = 1_767_196_800_000;

/// Whether database and program fit; the second value says that more may be looked at.
pub(super) fn schema(db: &Db, steps: &[Migration]) -> (Check, bool) {
    let ours = steps.to_vec();
    match db.read_wait(move |r| schema::standing(r, &ours)) {
        Err(e) => (Check::new("database", Health::Fail, e.to_string()), false),
        Ok(s) if s.is_current() => {
            (Check::new("database", Health::Ok, format!("{} steps taken, none missing", s.taken)), true)
        }
        Ok(s) if s.unknown.is_empty() => {
            let found = format!("steps not taken: {}; run `gongyu migrate`", s.missing.join(", "));
            (Check::new("database", Health::Fail, found), false)
        }
        Ok(s) => {
            let found = format!("a newer program was here: {}; do not go back", s.unknown.join(", "));
            (Check::new("database", Health::Fail, found), false)
        }
    }
}

/// Everything that needs the whole product.
pub(super) fn examine(app: &App) -> Vec<Check> {
    let mut checks = vec![
        Check::of("clock", clock(app)),
        Check::of("sealed fields", sealed(app)),
        Check::of("jobs", jobs(app)),
        Check::of("audit log", audit(app)),
    ];
    for feature in &app.features {
        if let Some(look) = feature.integrity {
            let name = format!("records: {}", feature.name);
            checks.push(match look(app) {
                Ok(found) if found.is_empty() => Check::new(name, Health::Ok, "agree"),
                Ok(found) => Check::new(name, Health::Fail, found.join("; ")),
                Err(e) => Check::new(name, Health::Fail, e.to_string()),
            });
        }
    }
    checks
}

fn clock(app: &App) -> Result<(Health, String)> {
    let now = app.clock().now();
    let newest: Option<Id> = app.db.read_wait(|r| r.scalar(sql!("SELECT MAX(id) FROM audit"), &[]))?;
    let ahead = newest.map_or(0, |id| (id.made_at().0 - now.0) / 1000);
    if now.0 < EARLIEST_MS {
        Ok((Health::Fail, format!("the machine says it is {}: set its clock", now.date())))
    } else if ahead > AHEAD_SECONDS {
        Ok((Health::Fail, format!("the newest record lies {ahead} s ahead of the clock: set it by NTP")))
    } else {
        Ok((Health::Ok, format!("{} Beijing time", now.civil().strftime("%Y-%m-%d %H:%M"))))
    }
}

/// Opens one sealed field: the keys may be there and be those of another database.
fn sealed(app: &App) -> Result<(Health, String)> {
    let vault = app.vault.clone();
    let opened = app.db.read_wait(move |r| {
        let found: Option<(Id,)> =
            r.row(sql!("SELECT id FROM guardian WHERE phone_sealed IS NOT NULL ORDER BY id LIMIT 1"), &[])?;
        found.map(|(guardian,)| people::phone_of(r, &vault, guardian)).transpose()
    });
    Ok(match opened {
        Ok(None) => (Health::Ok, "none yet".to_owned()),
        Ok(Some(_)) => (Health::Ok, "the keys fit".to_owned()),
        Err(e) => (Health::Fail, format!("the keys do not fit this database: {e}")),
    })
}

fn jobs(app: &App) -> Result<(Health, String)> {
    let s = app.db.read_wait(standing::look)?;
    if s.dead > 0 {
        Ok((Health::Warn, format!("{} gave up: look at them under /jobs", s.dead)))
    } else if s.oldest_seconds > JOB_WITHIN {
        let minutes = s.oldest_seconds / 60;
        Ok((Health::Warn, format!("the oldest has been waiting for {minutes} minutes: is a server running?")))
    } else {
        Ok((Health::Ok, format!("{} waiting, none gave up", s.ready)))
    }
}

fn audit(app: &App) -> Result<(Health, String)> {
    let s = app.db.read_wait(standing::look)?;
    if s.unsealed > 0 && s.unsealed_seconds > SEALED_WITHIN {
        let minutes = s.unsealed_seconds / 60;
        return Ok((Health::Warn, format!("{} rows wait for the seal since {minutes} minutes", s.unsealed)));
    }
    Ok((Health::Ok, format!("{} rows wait for the seal; `gongyu audit verify` checks the chain", s.unsealed)))
}
