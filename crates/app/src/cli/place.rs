//! Where the data lies and where the server listens: the options every command takes.

use anyhow::{Context, Result};
use clap::Args;
use gongyu_kernel::config::Config;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Options of every command.
#[derive(Clone, Debug, Default, Args)]
pub struct Place {
    /// Folder with the embedded database, the keys, the files and gongyu.toml [default: data]
    #[arg(long, global = true, value_name = "DIR", env = "GONGYU_DATA")]
    pub data: Option<PathBuf>,
    /// Address to listen on [default: 127.0.0.1:8460]
    #[arg(long, global = true, value_name = "ADDR", env = "GONGYU_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// postgres://… for many nodes; without it the embedded database is used
    #[arg(long, global = true, value_name = "URL", env = "GONGYU_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Write the log as one JSON object a line
    #[arg(long, global = true)]
    pub log_json: bool,
}

impl Place {
    /// The configuration: defaults, then gongyu.toml, then the environment, then the command line.
    ///
    /// # Errors
    /// Names the setting that cannot be understood and where it stands.
    pub fn config(&self) -> Result<Config> {
        self.config_in(Path::new("data"))
    }

    /// As `config`, with another folder where none was named.
    ///
    /// # Errors
    /// As `config`.
    pub fn config_in(&self, folder: &Path) -> Result<Config> {
        let data = self.data.as_deref().filter(|d| !d.as_os_str().is_empty()).unwrap_or(folder);
        let mut config = Config::load(data).context("configuration")?;
        data.clone_into(&mut config.data);
        if let Some(listen) = self.listen {
            config.listen = listen;
        }
        if let Some(url) = &self.database_url {
            config.database_url.clone_from(url);
        }
        Ok(config)
    }
}
