//! From a configuration to the running product.

use crate::features::features;
use anyhow::{Context, Result, anyhow};
use gongyu_kernel::Clock;
use gongyu_kernel::config::Config;
use gongyu_kernel::i18n::{Catalogue, Words};
use gongyu_kernel::random::Random;
use gongyu_store::blob::{Blobs, S3};
use gongyu_store::jobs::{Handler, Runner, Schedule};
use gongyu_store::{Db, Migration, Options, Replication};
use gongyu_vault::Vault;
use gongyu_web::{App, Feature, Settings};
use std::fs::{self, File, TryLockError};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Threads that run jobs in one process.
const JOB_THREADS: usize = 2;

/// Where the embedded database lies.
pub fn database_file(config: &Config) -> PathBuf {
    config.data.join("gongyu.db")
}

/// Where the keys of sealed fields lie.
pub fn key_file(config: &Config) -> PathBuf {
    config.data.join("keys.json")
}

/// Where uploaded and prepared files lie.
pub fn blob_folder(config: &Config) -> PathBuf {
    config.data.join("blobs")
}

/// Every step of every feature, in the order of the list.
pub fn migrations(features: &[Feature]) -> Vec<Migration> {
    features.iter().flat_map(|f| f.migrations.iter().copied()).collect()
}

/// The words of every feature.
///
/// # Errors
/// Names the file that is not fluent, or the key that two features define.
pub fn catalogue(features: &[Feature]) -> Result<Arc<Catalogue>> {
    let words: Vec<Words> = features.iter().flat_map(|f| f.words.iter().copied()).collect();
    Ok(Arc::new(Catalogue::build(&words).map_err(|e| anyhow!("words: {e}"))?))
}

/// Opens the database of a configuration and applies the given steps.
///
/// # Errors
/// When the folder cannot be made, the database cannot be reached, or a step fails.
pub fn open_database(config: &Config, clock: Clock, steps: &[Migration]) -> Result<Db> {
    make_folder(config)?;
    let replication =
        Replication { urls: config.replica_urls.clone(), most_lag: Duration::from_millis(config.replica_lag_ms) };
    let (file, url) = (database_file(config), config.database_url.clone());
    let options = Options { file, url, readers: config.readers, replication, clock };
    Ok(Db::open(options, steps)?)
}

/// The product on the machine's clock and randomness.
///
/// # Errors
/// As `app_with`.
pub fn app(config: Config) -> Result<App> {
    app_with(config, Clock::machine(), Random::machine())
}

/// The product with a clock and randomness of one's own, its tables brought up to date.
///
/// # Errors
/// When the data folder, the database, the keys or the words cannot be opened.
pub fn app_with(config: Config, clock: Clock, random: Random) -> Result<App> {
    let features = features();
    let db = open_database(&config, clock, &migrations(&features))?;
    app_on(config, db, random, features)
}

/// The product on a database that is already open.
///
/// # Errors
/// When the keys, the files or the words cannot be opened.
pub fn app_on(config: Config, db: Db, random: Random, features: Vec<Feature>) -> Result<App> {
    make_folder(&config)?;
    let keys = key_file(&config);
    let vault = Vault::open(&keys, random.clone()).with_context(|| keys.display().to_string())?;
    let blobs = open_blobs(&config, db.clock().clone())?;
    let catalogue = catalogue(&features)?;
    Ok(App::new(Settings { db, vault, blobs, config, catalogue, random, features }))
}

/// The files of a configuration, in the data folder or in a bucket.
///
/// # Errors
/// When the folder cannot be made or the bucket's settings are not understood.
pub fn open_blobs(config: &Config, clock: Clock) -> Result<Blobs> {
    let folder = blob_folder(config);
    if config.s3_endpoint.is_empty() {
        return Ok(Blobs::open(&folder)?);
    }
    let s3 = S3 {
        endpoint: config.s3_endpoint.clone(),
        bucket: config.s3_bucket.clone(),
        region: config.s3_region.clone(),
        prefix: config.s3_prefix.clone(),
        access_key: config.s3_access_key.clone(),
        secret_key: config.s3_secret_key.clone(),
        bucket_in_host: config.s3_bucket_in_host,
    };
    let most = config.s3_cache_mb.saturating_mul(1024 * 1024);
    Ok(Blobs::open_s3(&folder, &s3, most, clock)?)
}

/// The folder holds records of children: a new one is its owner's only.
fn make_folder(config: &Config) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(&config.data).with_context(|| format!("data folder {}", config.data.display()))
}

/// Every job handler of the product.
pub fn handlers(app: &App) -> Vec<Handler<App>> {
    app.features.iter().flat_map(|f| f.jobs.iter().copied()).collect()
}

/// Every schedule of the product.
pub fn schedules(app: &App) -> Vec<Schedule> {
    app.features.iter().flat_map(|f| f.schedules.iter().copied()).collect()
}

/// Starts the threads that run jobs and keep schedules.
///
/// # Errors
/// When a thread cannot be started.
pub fn start_jobs(app: &App) -> Result<Runner> {
    Ok(Runner::start(&app.db, app, &handlers(app), &schedules(app), JOB_THREADS)?)
}

/// Held by the one server of an embedded database, and by a restore.
#[derive(Debug)]
pub struct DataLock {
    _file: Option<File>,
}

/// Takes the data folder for oneself. A PostgreSQL database is for many nodes and needs no lock.
///
/// # Errors
/// When another process holds it.
pub fn lock_data(config: &Config) -> Result<DataLock> {
    if !config.database_url.is_empty() {
        return Ok(DataLock { _file: None });
    }
    make_folder(config)?;
    let path = config.data.join("gongyu.lock");
    let file = File::options().create(true).write(true).truncate(false).open(&path)?;
    match file.try_lock() {
        Ok(()) => Ok(DataLock { _file: Some(file) }),
        Err(TryLockError::WouldBlock) => {
            Err(anyhow!("another gongyu is serving {}: stop it first", config.data.display()))
        }
        Err(TryLockError::Error(e)) => Err(e).with_context(|| path.display().to_string()),
    }
}
