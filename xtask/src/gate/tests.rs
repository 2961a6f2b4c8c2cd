//! The tests themselves, with the servers they need.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use test_servers::{ChromeDriver, Durability, Postgres};

use super::count::Counts;
use crate::tree;

/// Which tests to run.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Without browser walks (and, by the gate, without clippy).
    pub fast: bool,
    crates: Vec<String>,
    filters: Vec<String>,
}

impl Selection {
    /// Reads the arguments of `cargo xtask test`.
    ///
    /// # Errors
    /// On an unknown option, or `-p` without a name.
    pub fn parse(args: &[String]) -> anyhow::Result<Self> {
        let mut selection = Self::default();
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--fast" => selection.fast = true,
                "-p" | "--package" => selection.crates.push(args.next().context("-p CRATE")?.clone()),
                option if option.starts_with('-') => anyhow::bail!("no option `{option}`; see cargo xtask help"),
                filter => selection.filters.push(filter.to_owned()),
            }
        }
        Ok(selection)
    }

    /// Whether the whole product is tested, and the other checks with it.
    pub fn is_whole(&self) -> bool {
        self.crates.is_empty() && self.filters.is_empty()
    }

    fn arguments(&self, nextest: bool) -> Vec<String> {
        let mut arguments: Vec<String> =
            self.crates.iter().flat_map(|name| ["--package".to_owned(), name.clone()]).collect();
        if self.crates.is_empty() {
            arguments.push("--workspace".to_owned());
        }
        if nextest {
            arguments.extend(["--config-file", "xtask/nextest.toml"].map(str::to_owned));
            arguments.extend(self.filters.iter().cloned());
            if self.fast {
                arguments.extend(["-E", "not test(walk)"].map(str::to_owned));
            }
        } else {
            arguments.extend(["--all-targets", "--no-fail-fast", "--"].map(str::to_owned));
            arguments.extend(self.filters.iter().cloned());
            if self.fast {
                arguments.extend(["--skip", "walk"].map(str::to_owned));
            }
        }
        arguments
    }
}

/// Starts PostgreSQL and ChromeDriver, tells the tests where they are, runs them, stops both.
///
/// # Errors
/// When a server does not start or a test fails.
pub fn run(selection: &Selection, counts: &mut Counts) -> anyhow::Result<()> {
    let postgres = Postgres::start(Durability::Forgetful)?;
    let chromedriver = if selection.fast { None } else { Some(ChromeDriver::start()?) };
    let nextest = has_nextest();
    let mut command = Command::new(env!("CARGO"));
    command.args(if nextest { &["nextest", "run"][..] } else { &["test"] });
    command.args(selection.arguments(nextest)).env("GONGYU_TEST_PG", postgres.url());
    if let Some(chromedriver) = &chromedriver {
        command.env("GONGYU_TEST_CHROMEDRIVER", chromedriver.url());
    }
    counted(command, counts)
}

/// Runs the examples in documentation comments, which nextest leaves out.
///
/// # Errors
/// When one fails.
pub fn run_documentation(counts: &mut Counts) -> anyhow::Result<()> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["test", "--doc", "--workspace", "--quiet", "--no-fail-fast"]);
    counted(command, counts)
}

fn has_nextest() -> bool {
    Command::new(env!("CARGO")).args(["nextest", "--version"]).output().is_ok_and(|output| output.status.success())
}

/// Runs the command, passing its output on while adding up the closing lines of the test runner.
fn counted(mut command: Command, counts: &mut Counts) -> anyhow::Result<()> {
    // nextest closes on standard error, cargo test on standard output: one pipe keeps their order.
    let (reader, writer) = std::io::pipe()?;
    command.current_dir(tree::root()).stdin(Stdio::null()).stderr(writer.try_clone()?).stdout(writer);
    let mut child = command.spawn().context("cargo")?;
    // The command holds the pipe's writing end too; while it does, the reading end sees no end.
    drop(command);
    let mut lines = BufReader::new(reader);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        print!("{text}");
        counts.add_line(&text);
        line.clear();
    }
    let status = child.wait()?;
    ensure!(status.success(), "the tests ended with {status}");
    Ok(())
}

#[cfg(test)]
mod parsing {
    use super::Selection;

    fn parse(args: &[&str]) -> anyhow::Result<Selection> {
        Selection::parse(&args.iter().map(|arg| (*arg).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_crate_or_a_filter_makes_the_run_a_part() {
        assert!(parse(&["--fast"]).expect("valid").is_whole());
        assert!(!parse(&["-p", "gongyu-store"]).expect("valid").is_whole());
        assert!(!parse(&["rollover"]).expect("valid").is_whole());
        assert!(parse(&["--slow"]).is_err() && parse(&["-p"]).is_err());
    }

    #[test]
    fn fast_leaves_the_browser_out_under_either_runner() {
        let selection = parse(&["--fast"]).expect("valid");
        assert!(selection.arguments(true).contains(&"not test(walk)".to_owned()));
        assert!(selection.arguments(false).ends_with(&["--skip".to_owned(), "walk".to_owned()]));
    }
}
