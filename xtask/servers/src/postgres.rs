//! A PostgreSQL of our own: fresh cluster, loopback and a socket in its own directory, trust inside.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::account::Account;
use crate::supervisor::{Stop, Supervised};
use crate::{ServerError, find};

/// Whether a commit must survive a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Nothing is synced: for tests, whose data nobody needs tomorrow.
    Forgetful,
    /// PostgreSQL's own defaults: for measurements that claim a durable write.
    Durable,
}

/// A running PostgreSQL; dropped, it is stopped and its data removed.
#[derive(Debug)]
pub struct Postgres {
    url: String,
    _server: Supervised,
}

const READY_WITHIN: Duration = Duration::from_secs(60);

impl Postgres {
    /// Makes a cluster in a temporary directory and starts it.
    ///
    /// # Errors
    /// [`ServerError::Missing`] without PostgreSQL's programs, otherwise what went wrong with its log.
    pub fn start(durability: Durability) -> Result<Self, ServerError> {
        let bin = find::postgres_bin_dir().ok_or(ServerError::Missing { program: "initdb", package: "postgresql" })?;
        let account = Account::unprivileged()?;
        let dir = tempfile::Builder::new().prefix("gongyu-pg-").tempdir()?;
        account.give(dir.path())?;
        init(&bin, &dir.path().join("data"), account)?;

        let port = free_port()?;
        let server = server_command(&bin, dir.path(), port, durability);
        let server = Supervised::start(&server, account, dir, Stop::Server("QUIT"))?;
        wait_until_ready(&bin, &server, port)?;
        Ok(Self { url: format!("postgres://postgres@127.0.0.1:{port}/postgres"), _server: server })
    }

    /// A streaming replica of this server, made from a copy of it; it ends like the server itself, and does not end it.
    ///
    /// # Errors
    /// As [`Postgres::start`].
    pub fn replica(&self) -> Result<Self, ServerError> {
        let bin = find::postgres_bin_dir().ok_or(ServerError::Missing { program: "initdb", package: "postgresql" })?;
        let account = Account::unprivileged()?;
        let dir = tempfile::Builder::new().prefix("gongyu-pg-").tempdir()?;
        account.give(dir.path())?;
        copy(&bin, &self.url, &dir.path().join("data"), account)?;
        let port = free_port()?;
        let server = server_command(&bin, dir.path(), port, Durability::Forgetful);
        let server = Supervised::start(&server, account, dir, Stop::Server("QUIT"))?;
        wait_until_ready(&bin, &server, port)?;
        Ok(Self { url: format!("postgres://postgres@127.0.0.1:{port}/postgres"), _server: server })
    }

    /// The address of its maintenance database, as a superuser: `postgres://postgres@127.0.0.1:PORT/postgres`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

fn init(bin: &Path, data: &Path, account: Account) -> Result<(), ServerError> {
    let mut command = Command::new(bin.join("initdb"));
    // Locale C: text compares by code point, as SQLite's does, so that one test holds for both.
    command
        .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"])
        .arg(data)
        .current_dir("/");
    account.apply(&mut command);
    run(command)
}

fn run(mut command: Command) -> Result<(), ServerError> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(ServerError::Preparation {
        command: format!("{command:?}"),
        output: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// Copies a running server and notes in the copy that it follows the original.
fn copy(bin: &Path, url: &str, data: &Path, account: Account) -> Result<(), ServerError> {
    let mut command = Command::new(bin.join("pg_basebackup"));
    command
        .args(["--checkpoint=fast", "--wal-method=stream", "--write-recovery-conf", "--no-sync", "--dbname", url])
        .arg("--pgdata")
        .arg(data)
        .current_dir("/");
    account.apply(&mut command);
    run(command)
}

fn server_command(bin: &Path, dir: &Path, port: u16, durability: Durability) -> Command {
    let mut server = Command::new(bin.join("postgres"));
    server.arg("-D").arg(dir.join("data"));
    let mut set = |name: &str, value: &str| {
        server.arg("-c").arg(format!("{name}={value}"));
    };
    set("port", &port.to_string());
    set("listen_addresses", "127.0.0.1");
    set("unix_socket_directories", &dir.to_string_lossy());
    set("max_connections", "200");
    set("max_locks_per_transaction", "256");
    // As docs/operations.md asks for: a counter read must not stand for its whole page.
    set("max_pred_locks_per_page", "20");
    set("log_min_messages", "warning");
    if durability == Durability::Forgetful {
        set("fsync", "off");
        set("synchronous_commit", "off");
        set("full_page_writes", "off");
    }
    server
}

/// A port that was free a moment ago. Somebody may take it before the server does; the server then
/// says so in its log and the start fails with that text.
fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

fn wait_until_ready(bin: &Path, server: &Supervised, port: u16) -> Result<(), ServerError> {
    let began = Instant::now();
    while began.elapsed() < READY_WITHIN {
        let answers = Command::new(bin.join("pg_isready"))
            .args(["--quiet", "--username=postgres", "--host=127.0.0.1", "--port"])
            .arg(port.to_string())
            .current_dir(server.dir())
            .status()?;
        if answers.success() {
            return Ok(());
        }
        if server.log().contains("FATAL") && !server.log().contains("starting up") {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Err(ServerError::NotReady { program: "postgres", seconds: began.elapsed().as_secs(), log: server.log() })
}

#[cfg(test)]
mod tests {
    use super::{Durability, Postgres};

    #[test]
    fn a_dropped_server_leaves_neither_process_nor_directory() {
        let server = Postgres::start(Durability::Forgetful).expect("PostgreSQL starts");
        let dir = server._server.dir().to_path_buf();
        let pid_file = std::fs::read_to_string(dir.join("data/postmaster.pid")).expect("pid file");
        let pid = pid_file.lines().next().expect("pid").to_owned();
        assert!(std::path::Path::new("/proc").join(&pid).exists());
        drop(server);
        assert!(!std::path::Path::new("/proc").join(&pid).exists());
        assert!(!dir.exists());
    }
}
