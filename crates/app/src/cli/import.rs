//! `gongyu import roster`.

use super::place::Place;
use crate::assemble;
use anyhow::Result;
use clap::{Args, Subcommand};
use gongyu_kernel::error::Code;
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::{Error, Id};
use gongyu_registry::roster::import::{ImportReport, import_files};
use gongyu_web::App;
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;

/// Exit code when rows were refused.
const REFUSED: u8 = 1;
/// Exit code when a file cannot be read.
const UNREADABLE: u8 = 2;
/// Problems shown when the answer is for a person.
const SHOWN: usize = 40;

/// Take files into the district.
#[derive(Debug, Subcommand)]
pub(super) enum Import {
    /// Import pupils from the student-roll system's export: xlsx or CSV of any generation.
    ///
    /// Columns are found by their headings. Good rows are written, bad rows are reported and left out; the same
    /// file again changes nothing. All files are read before anything is written.
    ///
    /// Exit code 0: every row was taken; 1: rows were refused; 2: a file cannot be read, nothing was written.
    Roster(Roster),
}

#[derive(Debug, Args)]
pub(super) struct Roster {
    /// One file a school, or one for the district
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The files are for this school (see `gongyu unit list`); pupils of other schools in them are refused
    #[arg(long, value_name = "CODE")]
    school: Option<String>,
    /// The files name every pupil: those of their schools that they do not name have left
    #[arg(long)]
    complete: bool,
    /// Only say what would happen
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object: added, changed, moved, left, unchanged, problems: [{row, column, reason}]
    #[arg(long)]
    json: bool,
    /// Language of the reasons: zh or en; otherwise that of GONGYU_LANG, LC_ALL or LANG, else zh
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
}

impl Import {
    pub(super) fn run(self, place: &Place) -> Result<ExitCode> {
        let Self::Roster(roster) = self;
        roster.run(place)
    }
}

impl Roster {
    fn run(&self, place: &Place) -> Result<ExitCode> {
        let app = assemble::app(place.config()?)?;
        let lang = self.lang();
        let done = import_files(&app, &self.files, self.school.as_deref(), self.dry_run, self.complete, lang);
        let report = match done {
            Ok(report) => report,
            // An unknown school is a mistake in the command: nothing was read.
            Err(Error::Conflict(code)) => ImportReport { unreadable: Some(code), ..ImportReport::default() },
            Err(e) => return Err(e.into()),
        };
        if !self.dry_run {
            note(&app, &report)?;
        }
        let fault = report.unreadable.as_ref().map(|code| app.catalogue.code(lang, code));
        if self.json {
            print_json(&report, fault.as_deref());
        } else {
            self.print(&report, fault.as_deref());
        }
        Ok(match (&fault, report.problems.is_empty()) {
            (Some(_), _) => ExitCode::from(UNREADABLE),
            (None, false) => ExitCode::from(REFUSED),
            (None, true) => ExitCode::SUCCESS,
        })
    }

    fn lang(&self) -> Lang {
        let around = ["GONGYU_LANG", "LC_ALL", "LANG"].into_iter().filter_map(|name| std::env::var(name).ok());
        self.lang.iter().cloned().chain(around).find_map(|tag| Lang::parse(&tag)).unwrap_or(Lang::Zh)
    }

    fn print(&self, report: &ImportReport, fault: Option<&str>) {
        if let Some(fault) = fault {
            eprintln!("gongyu: {fault}");
            return;
        }
        if self.dry_run {
            println!("试运行，什么都没有写。A dry run: nothing was written.");
        }
        println!(
            "新增 added {}  变更 changed {}  转动 moved {}  离校 left {}  不变 unchanged {}",
            report.added, report.changed, report.moved, report.left, report.unchanged
        );
        for problem in report.problems.iter().take(SHOWN) {
            println!("第{}行 {}  {}", problem.row, problem.column, problem.reason);
        }
        if let Some(more) = report.problems.len().checked_sub(SHOWN).filter(|n| *n > 0) {
            println!("… {more} more; --json lists all");
        }
    }
}

fn print_json(report: &ImportReport, fault: Option<&str>) {
    let mut out = json!(report);
    if let (Some(fault), Some(problems)) = (fault, out["problems"].as_array_mut()) {
        problems.push(json!({ "row": 0, "column": "", "reason": fault }));
    }
    println!("{out}");
}

fn note(app: &App, report: &ImportReport) -> Result<()> {
    let counts = json!({
        "added": report.added, "changed": report.changed, "moved": report.moved, "left": report.left,
        "refused": report.problems.len(), "unreadable": report.unreadable.as_ref().map(|c: &Code| c.key.as_ref()),
    });
    super::admin::note(app, "roster.import", ("district", None::<Id>), &counts)
}
