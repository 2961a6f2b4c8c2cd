//! Configuration by file and environment.

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Everything an operator may set. `gongyu.toml` in the data folder, then `GONGYU_…` variables,
/// then the command line; the later wins.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Folder that holds the embedded database, keys and files.
    pub data: PathBuf,
    /// Address to listen on.
    pub listen: SocketAddr,
    /// `postgres://…`; empty means the embedded database in the data folder.
    pub database_url: String,
    /// `postgres://…` of read replicas of that server, streaming; none is the usual.
    pub replica_urls: Vec<String>,
    /// Milliseconds a replica may be behind the server and still be asked [P].
    pub replica_lag_ms: u64,
    /// `https://…` of an S3-compatible store for files, without the bucket; empty keeps them in the data folder.
    pub s3_endpoint: String,
    /// Its bucket.
    pub s3_bucket: String,
    /// Its region, as the store calls it.
    pub s3_region: String,
    /// What every name in the bucket begins with, such as `gongyu/`.
    pub s3_prefix: String,
    /// Key pair for the bucket.
    pub s3_access_key: String,
    /// Key pair for the bucket.
    pub s3_secret_key: String,
    /// The bucket stands before the host's name, as OSS and COS want it, rather than in the path.
    pub s3_bucket_in_host: bool,
    /// Megabytes of files kept at hand in the data folder where a bucket holds them [P].
    pub s3_cache_mb: u64,
    /// Public address of the site, printed in QR codes and links.
    pub public_url: String,
    /// Name of the district, shown before the first unit exists.
    pub district_name: String,
    /// Idle minutes before a staff session ends (level-3 protection practice, 10 minutes at a shared desk; [P]).
    pub staff_idle_minutes: i64,
    /// Idle days before a guardian's session ends [P].
    pub guardian_idle_days: i64,
    /// Largest roster file taken, in bytes.
    pub max_upload_bytes: u64,
    /// Number of reading threads; 0 chooses by the machine.
    pub readers: usize,
    /// Demo mode: the sign-in page lists invented accounts and codes are shown on screen.
    pub demo: bool,
    /// Number of reverse proxies in front, trusted for the client address.
    pub trusted_proxies: u8,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("data"),
            listen: SocketAddr::from(([127, 0, 0, 1], 8460)),
            database_url: String::new(),
            replica_urls: Vec::new(),
            replica_lag_ms: 2_000,
            s3_endpoint: String::new(),
            s3_bucket: String::new(),
            s3_region: "us-east-1".to_owned(),
            s3_prefix: String::new(),
            s3_access_key: String::new(),
            s3_secret_key: String::new(),
            s3_bucket_in_host: false,
            s3_cache_mb: 2_048,
            public_url: String::new(),
            district_name: "共育区".to_owned(),
            staff_idle_minutes: 60,
            guardian_idle_days: 90,
            max_upload_bytes: 200 * 1024 * 1024,
            readers: 0,
            demo: false,
            trusted_proxies: 0,
        }
    }
}

impl Config {
    /// Reads the file beside the data and the environment.
    ///
    /// # Errors
    /// Names the setting that cannot be understood and where it stands.
    pub fn load(data: &Path) -> Result<Self, Box<figment::Error>> {
        Figment::from(Serialized::defaults(Self::default()))
            .merge(Serialized::default("data", data))
            .merge(Toml::file(data.join("gongyu.toml")))
            .merge(Env::prefixed("GONGYU_").ignore(&["TEST_PG", "TEST_CHROMEDRIVER", "BENCH_PG", "KEEP_PAPERS"]))
            .extract()
            .map_err(Box::new)
    }

    /// Address used in links: the public one, or where we listen.
    pub fn link_base(&self) -> String {
        if self.public_url.is_empty() {
            format!("http://{}", self.listen)
        } else {
            self.public_url.trim_end_matches('/').to_owned()
        }
    }
}
