//! A ChromeDriver on loopback; it picks a free port itself and tells it in its log.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::account::Account;
use crate::supervisor::{Stop, Supervised};
use crate::{ServerError, find};

/// A running ChromeDriver; dropped, it is stopped with every browser it started.
#[derive(Debug)]
pub struct ChromeDriver {
    url: String,
    _server: Supervised,
}

const READY_WITHIN: Duration = Duration::from_secs(30);

impl ChromeDriver {
    /// Starts it.
    ///
    /// # Errors
    /// [`ServerError::Missing`] without Chromium or its driver, otherwise what went wrong with its log.
    pub fn start() -> Result<Self, ServerError> {
        let driver = find::chromedriver_binary()
            .ok_or(ServerError::Missing { program: "chromedriver", package: "chromium-driver" })?;
        if find::chromium_binary().is_none() {
            return Err(ServerError::Missing { program: "chromium", package: "chromium" });
        }
        let dir = tempfile::Builder::new().prefix("gongyu-chromedriver-").tempdir()?;
        let mut command = Command::new(driver);
        command.arg("--port=0");
        let server = Supervised::start(&command, Account::Own, dir, Stop::Group("TERM"))?;

        let began = Instant::now();
        while began.elapsed() < READY_WITHIN {
            if let Some(port) = port_in(&server.log()) {
                return Ok(Self { url: format!("http://127.0.0.1:{port}"), _server: server });
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let seconds = READY_WITHIN.as_secs();
        Err(ServerError::NotReady { program: "chromedriver", seconds, log: server.log() })
    }

    /// Its address, `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

fn port_in(log: &str) -> Option<u16> {
    let (_, rest) = log.split_once("was started successfully on port ")?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    // Without its terminator the number may be half written.
    (rest.len() > digits.len()).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::port_in;

    #[test]
    fn the_port_is_read_only_once_it_is_written_whole() {
        assert_eq!(port_in("ChromeDriver was started successfully on port 41"), None);
        assert_eq!(port_in("ChromeDriver was started successfully on port 41235.\n"), Some(41235));
    }
}
