//! `cargo xtask test`: everything a change must pass, in one command, ending with the count.

mod count;
mod disk;
mod tests;

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use crate::{arrows, i18n, licences, lines, packages, tree, vendor};
use count::Counts;
use tests::Selection;

/// One step of the gate as it ended.
#[derive(Debug)]
struct Step {
    name: &'static str,
    took: Duration,
    failed: bool,
}

/// The steps so far; each is run even when an earlier one failed, so that one run tells all.
#[derive(Debug, Default)]
struct Gate {
    steps: Vec<Step>,
}

/// Runs the gate and says whether it passed. The last line printed is `N passed, N failed`, the tests' count.
///
/// # Errors
/// When the arguments make no sense; a failed step is told in the summary.
pub fn run(args: &[String]) -> anyhow::Result<bool> {
    let selection = Selection::parse(args)?;
    let mut gate = Gate::default();
    if selection.is_whole() {
        gate.step("format", || cargo(&["fmt", "--all", "--check"]));
        gate.step("lines", lines::run);
        gate.step("arrows", arrows::run);
        gate.step("i18n", i18n::run);
        gate.step("licences", licences::run);
        gate.step("vendored files", || vendor::run(&["--check".to_owned()]));
    }
    if !gate.step("disk", || disk::check(selection.is_whole())) {
        return Ok(gate.conclude(&Counts::default()));
    }
    if selection.is_whole() && !selection.fast {
        gate.step("clippy", || {
            cargo(&["clippy", "--workspace", "--all-targets", "--quiet", "--", "--deny", "warnings"])
        });
    }
    let mut counts = Counts::default();
    let ready = gate.step("programs", || {
        packages::ensure_installed(&[packages::POSTGRES, packages::POPPLER])?;
        if selection.fast {
            return Ok(());
        }
        packages::ensure_installed(&[packages::CHROMIUM, packages::CHROMEDRIVER, packages::FONTS])
    });
    if ready {
        gate.step("tests", || tests::run(&selection, &mut counts));
        if selection.is_whole() && !selection.fast {
            gate.step("documentation tests", || tests::run_documentation(&mut counts));
        }
    }
    Ok(gate.conclude(&counts))
}

impl Gate {
    /// Runs one step and says whether it passed.
    fn step(&mut self, name: &'static str, run: impl FnOnce() -> anyhow::Result<()>) -> bool {
        println!("── {name}");
        let began = Instant::now();
        let result = run();
        if let Err(error) = &result {
            println!("{error:#}");
        }
        self.steps.push(Step { name, took: began.elapsed(), failed: result.is_err() });
        result.is_ok()
    }

    /// Prints the summary with the count as its last line; nothing may be printed after it.
    fn conclude(self, counts: &Counts) -> bool {
        println!("── summary");
        for step in &self.steps {
            let verdict = if step.failed { "FAILED" } else { "ok" };
            println!("{:>7.1} s  {verdict:<6}  {}", step.took.as_secs_f64(), step.name);
        }
        println!("{} passed, {} failed", counts.passed, counts.failed);
        counts.failed == 0 && self.steps.iter().all(|step| !step.failed)
    }
}

fn cargo(arguments: &[&str]) -> anyhow::Result<()> {
    let status = Command::new(env!("CARGO")).args(arguments).current_dir(tree::root()).status().context("cargo")?;
    ensure!(status.success(), "cargo {} failed", arguments.join(" "));
    Ok(())
}
