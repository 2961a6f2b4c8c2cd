//! A server that cannot outlive the program that started it.
//!
//! Test programs end in many ways: by returning, by a panic, by the runner's time limit, by Ctrl-C.
//! Statics are not dropped then, and a killed program runs nothing at all. So the server is the child
//! of a small shell that waits for the end of its own standard input, a pipe only we hold: when we are
//! gone, however we went, the shell stops the server by its process id and removes its directory.

use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use tempfile::TempDir;

use crate::account::Account;

/// Runs `"$@"`, waits for the end of standard input, stops what it ran, tidies up.
const WATCH: &str = r#"
"$@" </dev/null >"$SERVER_DIR/log" 2>&1 &
pid=$!
while read -r _; do :; done
kill -s "$SERVER_SIGNAL" -- "$SERVER_GROUP$pid"
wait "$pid"
rm -rf "$SERVER_DIR"
"#;

/// How a server is told to stop.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stop {
    /// A signal to the server alone; it looks after its own children.
    Server(&'static str),
    /// A signal to the server and everything it started.
    Group(&'static str),
}

/// A running server with its directory; both are gone when this is dropped.
#[derive(Debug)]
pub(crate) struct Supervised {
    watcher: Child,
    lifeline: Option<ChildStdin>,
    dir: std::path::PathBuf,
}

impl Supervised {
    /// Starts `server` (program and arguments) under `account`, with its log in `dir`.
    pub(crate) fn start(server: &Command, account: Account, dir: TempDir, stop: Stop) -> std::io::Result<Self> {
        let mut watcher = Command::new("/bin/sh");
        watcher.arg("-c").arg(WATCH).arg("sh");
        let (signal, group) = match stop {
            Stop::Server(signal) => (signal, ""),
            Stop::Group(signal) => {
                watcher.arg("setsid");
                (signal, "-")
            }
        };
        watcher
            .arg(server.get_program())
            .args(server.get_args())
            .env("SERVER_DIR", dir.path())
            .env("SERVER_SIGNAL", signal)
            .env("SERVER_GROUP", group)
            .current_dir(dir.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        // Its own process group: Ctrl-C in a terminal must reach us, not the shell that tidies up.
        std::os::unix::process::CommandExt::process_group(&mut watcher, 0);
        account.apply(&mut watcher);
        let mut watcher = watcher.spawn()?;
        let lifeline = watcher.stdin.take();
        Ok(Self { watcher, lifeline, dir: dir.keep() })
    }

    /// The server's directory.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// What the server has logged so far, or nothing when it has not begun.
    pub(crate) fn log(&self) -> String {
        std::fs::read(self.dir.join("log"))
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        // Nothing can be done about a shell that cannot be waited for, and a drop must not panic.
        let _ = self.watcher.wait();
    }
}
