//! `cargo xtask COMMAND`: the gates every change passes, and the drivers of tests, vendoring and bench.
//! None of it depends on the product's code.

mod arrows;
mod bench;
mod gate;
mod i18n;
mod licences;
mod lines;
mod packages;
mod tree;
mod vendor;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  test      the whole gate: format, the checks below, clippy, every test on both databases and in a browser
              --fast       without clippy, documentation tests and browser walks (tests with `walk` in their name)
              -p CRATE     only the tests of this crate, and none of the checks; may be repeated
              FILTER       only tests whose name contains it, and none of the checks
  lines     no source file over 400 lines
  arrows    crates depend only along the arrows of docs/ARCHITECTURE.md
  i18n      both languages complete, no word missing or left over
  licences  licences and denied crates (docs/licences)
  vendor    fetch the front-end files again; --check only compares their checksums
  bench     build for release and measure; arguments go to gongyu-bench
";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_default();
    let args: Vec<String> = args.collect();
    let result = match command.as_str() {
        "test" => match gate::run(&args) {
            Ok(true) => Ok(()),
            // The summary has told what failed, and its count stays the last line.
            Ok(false) => return ExitCode::FAILURE,
            Err(error) => Err(error),
        },
        "lines" => lines::run(),
        "arrows" => arrows::run(),
        "i18n" => i18n::run(),
        "licences" => licences::run(),
        "vendor" => vendor::run(&args),
        "bench" => bench::run(&args),
        "" | "help" | "--help" | "-h" => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        other => Err(anyhow::anyhow!("no command `{other}`\n\n{HELP}")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
