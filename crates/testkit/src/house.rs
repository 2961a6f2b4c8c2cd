//! The product in a process, on a database of its own, under a clock that tests move by hand.

use crate::postgres::{DatabaseUrl, TestPg};
use axum::Router;
use gongyu_kernel::clock::FixedClock;
use gongyu_kernel::config::Config;
use gongyu_kernel::i18n::Catalogue;
use gongyu_kernel::random::Random;
use gongyu_kernel::{Clock, Millis};
use gongyu_store::blob::Blobs;
use gongyu_store::{Db, Engine, Migration, Options, Replication};
use gongyu_vault::Vault;
use gongyu_web::app::Settings;
use gongyu_web::route::all_routes;
use gongyu_web::{App, Feature};
use jiff::civil::date;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The tables and words everything else stands on.
pub fn base_features() -> Vec<Feature> {
    vec![
        Feature { name: "store", migrations: gongyu_store::MIGRATIONS, ..Feature::default() },
        Feature { name: "access", migrations: gongyu_access::MIGRATIONS, ..Feature::default() },
        Feature { name: "registry", migrations: gongyu_registry::MIGRATIONS, ..Feature::default() },
        Feature { name: "vault", migrations: gongyu_vault::MIGRATIONS, ..Feature::default() },
        Feature { name: "web", words: &[gongyu_web::WORDS], ..Feature::default() },
        gongyu_ledger::feature(),
    ]
}

/// A running product with everything it needs, thrown away at the end of the test.
pub struct House {
    /// The product.
    pub app: App,
    /// Its clock: 2026-11-23 10:00 in Beijing at first.
    pub clock: Arc<FixedClock>,
    /// The engine behind it.
    pub engine: Engine,
    _folder: tempfile::TempDir,
    _postgres: Option<DatabaseUrl>,
}

/// Monday, 23 November 2026, 10:00 in Beijing.
pub fn monday_morning() -> Millis {
    Millis::start_of(date(2026, 11, 23)).plus_minutes(600)
}

impl House {
    /// A product of these features.
    pub fn new(engine: Engine, features: Vec<Feature>) -> Self {
        Self::with(engine, features, |_| {})
    }

    /// A product of these features with another configuration.
    ///
    /// # Panics
    /// When it cannot be put together: a test cannot go on.
    pub fn with(engine: Engine, features: Vec<Feature>, change: impl FnOnce(&mut Config)) -> Self {
        static SEED: AtomicU64 = AtomicU64::new(1);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clock = Arc::new(FixedClock::new(monday_morning()));
        let postgres = (engine == Engine::Postgres).then(TestPg::fresh_database);
        let url = postgres.as_ref().map(|p| p.as_str().to_owned()).unwrap_or_default();
        let mut config = Config { data: folder.path().to_owned(), database_url: url.clone(), ..Config::default() };
        change(&mut config);
        let migrations: Vec<Migration> = features.iter().flat_map(|f| f.migrations.iter().copied()).collect();
        let options = Options {
            file: folder.path().join("gongyu.db"),
            url,
            readers: 2,
            replication: Replication::default(),
            clock: Clock::from_source(clock.clone()),
        };
        let db = Db::open(options, &migrations).expect("the database opens");
        let words: Vec<_> = features.iter().flat_map(|f| f.words.iter().copied()).collect();
        let random = Random::seeded(SEED.fetch_add(1, Ordering::Relaxed));
        let app = App::new(Settings {
            vault: Vault::ephemeral(random.clone()).expect("keys"),
            blobs: Blobs::open(&folder.path().join("blobs")).expect("a folder for files"),
            catalogue: Arc::new(Catalogue::build(&words).expect("words")),
            db,
            config,
            random,
            features,
        });
        Self { app, clock, engine, _folder: folder, _postgres: postgres }
    }

    /// Its pages, to be asked without a network.
    pub fn router(&self) -> Router {
        all_routes(&self.app).into_router().with_state(self.app.clone())
    }

    /// The door.
    pub fn db(&self) -> &Db {
        &self.app.db
    }

    /// Runs due jobs until none is left.
    ///
    /// # Panics
    /// When a job cannot be claimed.
    pub fn run_jobs(&self) -> usize {
        let handlers: Vec<_> = self.app.features.iter().flat_map(|f| f.jobs.iter().copied()).collect();
        let mut ran = 0;
        loop {
            let n = gongyu_store::jobs::run_due(self.db(), &self.app, &handlers, "test").expect("jobs run");
            if n == 0 {
                return ran;
            }
            ran += n;
        }
    }

    /// Moves the clock on by whole days.
    pub fn days_pass(&self, days: i64) {
        self.clock.advance_seconds(days * 86_400);
    }
}
