//! What every request and every job may hold.

use crate::feature::{Feature, NavItem, nav_of};
use crate::live::Hub;
use crate::toll::Toll;
use gongyu_access::Role;
use gongyu_access::limit::Limit;
use gongyu_access::session::Lifetimes;
use gongyu_kernel::Clock;
use gongyu_kernel::config::Config;
use gongyu_kernel::i18n::{Catalogue, Lang};
use gongyu_kernel::random::Random;
use gongyu_store::Db;
use gongyu_store::blob::Blobs;
use gongyu_vault::Vault;
use std::num::NonZeroU32;
use std::ops::Deref;
use std::sync::Arc;

/// The parts an `App` is made of.
pub struct Settings {
    /// The door.
    pub db: Db,
    /// Keys.
    pub vault: Vault,
    /// Files.
    pub blobs: Blobs,
    /// Configuration.
    pub config: Config,
    /// Words.
    pub catalogue: Arc<Catalogue>,
    /// Randomness.
    pub random: Random,
    /// The features of this product.
    pub features: Vec<Feature>,
}

/// Rate limits of the front door, per node.
pub struct Limits {
    /// Tries to sign in, per address.
    pub sign_in: Limit,
    /// Codes asked for, per address.
    pub codes: Limit,
    /// Uploads, per account.
    pub uploads: Limit,
    /// API calls, per token.
    pub api: Limit,
}

/// The running product. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// What an `App` gives access to.
pub struct Inner {
    /// Its parts.
    pub settings: Settings,
    /// Rate limits.
    pub limits: Limits,
    /// Pages that are open and wait for pings.
    pub hub: Hub,
    /// What forms cost, not yet taken away.
    pub toll: Toll,
    /// What every page says again, made once.
    pub(crate) shell: Shell,
}

/// The parts of the layout that are the same with every request.
pub(crate) struct Shell {
    /// The navigation of each role.
    pub(crate) nav: Vec<(Role, Vec<&'static NavItem>)>,
    /// The words scripts say, by language.
    pub(crate) script_words: Vec<(Lang, String)>,
}

impl Deref for App {
    type Target = Settings;
    fn deref(&self) -> &Settings {
        &self.0.settings
    }
}

fn times(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN)
}

impl App {
    /// Puts the parts together.
    pub fn new(settings: Settings) -> Self {
        let limits = Limits {
            sign_in: Limit::per_minute(times(30)),
            codes: Limit::per_hour(times(60)),
            uploads: Limit::per_minute(times(20)),
            api: Limit::per_minute(times(600)),
        };
        let shell = Shell {
            nav: Role::ALL.iter().map(|role| (*role, nav_of(&settings.features, *role))).collect(),
            script_words: Lang::ALL.iter().map(|l| (*l, crate::page::script_words(&settings.catalogue, *l))).collect(),
        };
        Self(Arc::new(Inner { settings, limits, hub: Hub::default(), toll: Toll::default(), shell }))
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        self.db.clock()
    }

    /// Rate limits.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// Pages that are open and wait for pings.
    pub fn hub(&self) -> &Hub {
        &self.0.hub
    }

    /// What forms cost, not yet taken away.
    pub fn toll(&self) -> &Toll {
        &self.0.toll
    }

    /// Lets every feature do what this node has to do by itself: once a minute, and when it stops.
    pub fn upkeep(&self) {
        for feature in &self.features {
            if let Some(Err(e)) = feature.upkeep.map(|run| run(self)) {
                tracing::warn!(feature = feature.name, error = %e, "upkeep failed, the next one tries again");
            }
        }
    }

    pub(crate) fn shell(&self) -> &Shell {
        &self.0.shell
    }

    /// How long sessions last.
    pub fn lifetimes(&self) -> Lifetimes {
        Lifetimes {
            staff_idle_minutes: self.config.staff_idle_minutes,
            guardian_idle_days: self.config.guardian_idle_days,
        }
    }

    /// Drops what the rate limits no longer need.
    pub fn tidy(&self) {
        for limit in [&self.limits().sign_in, &self.limits().codes, &self.limits().uploads, &self.limits().api] {
            limit.tidy();
        }
    }
}
