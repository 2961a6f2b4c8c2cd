//! `gongyu doctor`: looks the house over and says what to do.

mod data;
mod place;

use crate::{assemble, features};
use gongyu_kernel::Clock;
use gongyu_kernel::config::Config;
use gongyu_kernel::random::Random;
use serde::Serialize;

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// As it should be.
    Ok,
    /// Worth looking at soon.
    Warn,
    /// Has to be mended.
    Fail,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at.
    pub name: String,
    /// How it came out.
    pub health: Health,
    /// What was found, and what to do where it is not as it should be.
    pub found: String,
}

impl Check {
    fn new(name: impl Into<String>, health: Health, found: impl Into<String>) -> Self {
        Self { name: name.into(), health, found: found.into() }
    }

    fn of(name: impl Into<String>, done: anyhow::Result<(Health, String)>) -> Self {
        match done {
            Ok((health, found)) => Self::new(name, health, found),
            Err(e) => Self::new(name, Health::Fail, format!("{e:#}")),
        }
    }
}

/// Whether nothing has to be mended.
pub fn is_well(checks: &[Check]) -> bool {
    checks.iter().all(|c| c.health != Health::Fail)
}

/// Looks everything over and changes nothing: steps that are missing stay missing.
pub fn examine(config: &Config, clock: &Clock) -> Vec<Check> {
    let mut checks = vec![
        place::configuration(config),
        Check::of("data folder", place::folder(config)),
        Check::of("keys", place::keys(config)),
        Check::of("disk", place::disk(config)),
    ];
    if config.database_url.is_empty() && !assemble::database_file(config).exists() {
        let found = "there is none yet: `gongyu migrate`, `gongyu serve` or `gongyu demo` makes it";
        checks.push(Check::new("database", Health::Warn, found));
        return checks;
    }
    let features = features::features();
    let steps = assemble::migrations(&features);
    let db = match assemble::open_database(config, clock.clone(), &[]) {
        Ok(db) => db,
        Err(e) => {
            checks.push(Check::new("database", Health::Fail, format!("cannot be opened: {e:#}")));
            return checks;
        }
    };
    let (schema, current) = data::schema(&db, &steps);
    checks.push(schema);
    if !current || !assemble::key_file(config).exists() {
        return checks;
    }
    match assemble::app_on(config.clone(), db, Random::machine(), features) {
        Ok(app) => checks.extend(data::examine(&app)),
        Err(e) => checks.push(Check::new("product", Health::Fail, format!("{e:#}"))),
    }
    checks
}
