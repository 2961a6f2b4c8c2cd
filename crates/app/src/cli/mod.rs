//! The command line.

mod admin;
mod audit;
mod backup;
mod demo;
mod doctor;
mod import;
mod migrate;
mod openapi;
mod serve;
mod token;
mod unit;

pub mod place;

use clap::{Parser, Subcommand};
use place::Place;
use std::io::IsTerminal;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

const EXAMPLES: &str = "\
See it first:
  gongyu demo                          a living invented district; prints the address and how to sign in

Begin a district of your own:
  gongyu admin create --district 云岭区教育委员会
                                       the first account; prints a password for one use
  gongyu serve                         then sign in and import units and staff under 单位与人员
  gongyu unit list --json              the school codes a roster may name
  gongyu import roster 学籍.xlsx --dry-run
  gongyu import roster 学籍.xlsx

Keep it:
  gongyu doctor                        what should be mended
  gongyu backup /backup/gongyu-2026-11-23.zip --with-keys
  gongyu audit verify                  whether anybody changed the audit log

Settings come from gongyu.toml in the data folder, then GONGYU_… variables, then the command line; the
later wins. docs/operations.md lists them all. RUST_LOG sets how much is logged.";

/// The working system of home–school–community education of a district, in one program.
#[derive(Debug, Parser)]
#[command(name = "gongyu", version, about, after_long_help = EXAMPLES, after_help = "`gongyu --help` shows how to begin.")]
#[command(arg_required_else_help = true, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the site and run its jobs, until Ctrl-C or SIGTERM.
    Serve,
    /// Build an invented district once and serve it. Never touches a district of your own.
    Demo(demo::Demo),
    /// Take files into the district.
    #[command(subcommand)]
    Import(import::Import),
    /// Accounts that keep the system for the district.
    #[command(subcommand)]
    Admin(admin::Admin),
    /// Tokens for programs that use the API.
    #[command(subcommand)]
    Token(token::Token),
    /// Schools, towns and other units.
    #[command(subcommand)]
    Unit(unit::Units),
    /// Write one file with everything needed to begin again elsewhere. The server may go on.
    Backup(backup::Backup),
    /// Bring a backup back. Stop the server first.
    Restore(backup::Restore),
    /// Bring the tables up to date and stop; `serve` does so by itself.
    Migrate,
    /// Look the house over: configuration, keys, disk, clock, tables, records, jobs, audit log.
    Doctor(doctor::Doctor),
    /// Print the OpenAPI document of the API.
    Openapi,
    /// The log of who did what.
    #[command(subcommand)]
    Audit(audit::Audit),
}

/// Runs the command line; what the process returns to the shell.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let level = if matches!(cli.command, Command::Serve | Command::Demo(_)) { "info" } else { "warn" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let colours = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr);
    if cli.place.log_json {
        log.json().init();
    } else {
        log.with_target(false).init();
    }
    match run(cli) {
        Ok(code) => code,
        Err(e) => {
            eprintln!("gongyu: {e:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let place = &cli.place;
    match cli.command {
        Command::Serve => serve::run(&place.config()?),
        Command::Demo(demo) => demo.run(place),
        Command::Import(import) => import.run(place),
        Command::Admin(admin) => admin.run(place.config()?),
        Command::Token(token) => token.run(place.config()?),
        Command::Unit(units) => units.run(place.config()?),
        Command::Backup(backup) => backup.run(&place.config()?),
        Command::Restore(restore) => restore.run(&place.config()?),
        Command::Migrate => migrate::run(place.config()?),
        Command::Doctor(doctor) => doctor.run(&place.config()?),
        Command::Openapi => openapi::run(),
        Command::Audit(audit) => audit.run(place.config()?),
    }
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        Cli::command().debug_assert();
    }
}
