//! One consistent copy of the whole database while it is in use, and its way back.

use crate::lite;
use gongyu_kernel::Error;
use postgres::Config;
use postgres::config::Host;
use std::path::Path;
use std::process::{Command, Stdio};

/// Why a copy was not made or not taken back.
#[derive(Debug, thiserror::Error)]
pub enum BackupFault {
    /// A program of PostgreSQL is not installed.
    #[error("`{0}` was not found on PATH: install the PostgreSQL client programs of the server's version")]
    NoProgram(&'static str),
    /// A program of PostgreSQL refused.
    #[error("`{0}` failed: {1}")]
    Program(&'static str, String),
    /// The address of the database cannot be understood.
    #[error("the database address cannot be understood: {0}")]
    Address(String),
    /// The copy is damaged.
    #[error("the database file is damaged: {0}")]
    Damaged(String),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Copies the embedded database into a new file, as it stands at one moment. Readers and the writer of a
/// running server go on meanwhile.
///
/// # Errors
/// When the file is missing or the target exists.
pub fn copy_sqlite(file: &Path, to: &Path) -> Result<(), BackupFault> {
    let conn = lite::open(file, false)?;
    // VACUUM INTO reads one snapshot of the write-ahead log; the page-by-page backup interface would
    // begin again with every write of another process.
    conn.execute("VACUUM INTO ?1", [to.to_string_lossy()]).map_err(lite::error)?;
    Ok(())
}

/// Checks the pages and indexes of an embedded database that nobody uses.
///
/// # Errors
/// `BackupFault::Damaged` with the first thing found.
pub fn check_sqlite(file: &Path) -> Result<(), BackupFault> {
    let conn = lite::open(file, false)?;
    let verdict: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(lite::error)?;
    if verdict == "ok" { Ok(()) } else { Err(BackupFault::Damaged(verdict)) }
}

/// Dumps a PostgreSQL database with `pg_dump`, in its own compressed format.
///
/// # Errors
/// When `pg_dump` is absent or fails.
pub fn dump_postgres(url: &str, to: &Path) -> Result<(), BackupFault> {
    let mut command = program("pg_dump", url)?;
    command.args(["--format=custom", "--no-owner", "--no-privileges"]).arg("--file").arg(to);
    run("pg_dump", command)
}

/// Brings a dump back with `pg_restore`, replacing what is there, all or nothing.
///
/// # Errors
/// When `pg_restore` is absent or fails.
pub fn load_postgres(url: &str, from: &Path) -> Result<(), BackupFault> {
    let mut command = program("pg_restore", url)?;
    command
        .args(["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"])
        .arg("--dbname")
        .arg(address(url)?.get_dbname().unwrap_or("postgres"))
        .arg(from);
    run("pg_restore", command)
}

/// Whether a PostgreSQL database already holds tables of ours.
///
/// # Errors
/// When it cannot be reached.
pub fn postgres_holds_data(url: &str) -> Result<bool, BackupFault> {
    let mut client = crate::tls::connect(url)?;
    let row = client.query_one("SELECT to_regclass('schema_migration') IS NOT NULL", &[]).map_err(crate::pg::error)?;
    Ok(row.get(0))
}

fn address(url: &str) -> Result<Config, BackupFault> {
    let (plain, _, _) = crate::tls::parts(url).map_err(|e| BackupFault::Address(e.to_string()))?;
    plain.parse().map_err(|e: postgres::Error| BackupFault::Address(e.to_string()))
}

/// The address goes by environment, because every user of a machine may read command lines.
fn program(name: &'static str, url: &str) -> Result<Command, BackupFault> {
    let config = address(url)?;
    let mut command = Command::new(name);
    match config.get_hosts().first() {
        Some(Host::Tcp(host)) => command.env("PGHOST", host),
        #[cfg(unix)]
        Some(Host::Unix(folder)) => command.env("PGHOST", folder),
        None => &mut command,
    };
    if let Some(port) = config.get_ports().first() {
        command.env("PGPORT", port.to_string());
    }
    if let Some(user) = config.get_user() {
        command.env("PGUSER", user);
    }
    if let Some(password) = config.get_password() {
        command.env("PGPASSWORD", String::from_utf8_lossy(password).as_ref());
    }
    if let Some(name) = config.get_dbname() {
        command.env("PGDATABASE", name);
    }
    let (_, mode, roots) = crate::tls::parts(url).map_err(|e| BackupFault::Address(e.to_string()))?;
    command.env("PGSSLMODE", mode);
    if let Some(roots) = roots {
        command.env("PGSSLROOTCERT", roots);
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    Ok(command)
}

fn run(name: &'static str, mut command: Command) -> Result<(), BackupFault> {
    let output = command.output().map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => BackupFault::NoProgram(name),
        _ => BackupFault::Program(name, e.to_string()),
    })?;
    if output.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    Err(BackupFault::Program(name, words.trim().to_owned()))
}
