//! Throw-away servers for tests: a PostgreSQL in a temporary directory and a ChromeDriver, both on
//! loopback only, both on ports nobody else uses, both gone when the program that started them is
//! gone (however it ended).
//!
//! The gate (`cargo xtask test`) and the bench start them once for a whole run; the testkit starts
//! them itself when a test is run alone. This crate knows nothing of the product.

mod account;
mod chromedriver;
mod find;
mod postgres;
mod supervisor;

pub use chromedriver::ChromeDriver;
pub use find::{chromedriver_binary, chromium_binary, postgres_bin_dir};
pub use postgres::{Durability, Postgres};

/// Why a server could not be started.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The program is not on this machine; the text names the Debian package that has it.
    #[error("{program} was not found; install the Debian package `{package}`")]
    Missing {
        /// The program that was looked for.
        program: &'static str,
        /// The Debian package it comes with.
        package: &'static str,
    },
    /// A command that prepares the server ended with a failure.
    #[error("{command} failed:\n{output}")]
    Preparation {
        /// The command as run.
        command: String,
        /// What it printed.
        output: String,
    },
    /// The server did not answer in time.
    #[error("{program} was not ready after {seconds} s; its log says:\n{log}")]
    NotReady {
        /// The server's name.
        program: &'static str,
        /// How long was waited, in seconds.
        seconds: u64,
        /// The end of the server's log.
        log: String,
    },
    /// PostgreSQL refuses to run as root and no other account was found to run it.
    #[error("PostgreSQL refuses to run as root, and neither `postgres` nor `nobody` is in /etc/passwd")]
    NoAccount,
    /// A file or process operation failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}
