//! `gongyu demo`.

use super::place::Place;
use crate::demo::{self, DemoOptions};
use crate::{assemble, serve};
use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use gongyu_access::Role;
use gongyu_kernel::Error;
use gongyu_kernel::config::Config;
use gongyu_registry::account::{DEMO_ACCOUNTS, DemoPerson};
use gongyu_registry::unit;
use gongyu_store::settings;
use gongyu_web::App;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

/// File that marks a data folder as the demo's own, so that nothing else is ever built over.
const MARK: &str = "demo.toml";
/// Setting that says the district was built to its end.
const MADE: &str = "demo-made";
/// Roles named as examples on the terminal.
const EXAMPLES: [Role; 3] = [Role::ClassTeacher, Role::DistrictOfficer, Role::Guardian];

/// Builds an invented district once and serves it. Data lies in data/demo unless --data says otherwise.
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Pupils of the district, about; only when it is built
    #[arg(long, value_name = "N")]
    students: Option<usize>,
    /// The same seed makes the same district; only when it is built
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// Build it and stop
    #[arg(long)]
    no_serve: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Made {
    students: usize,
    seed: u64,
}

impl Demo {
    pub(super) fn run(&self, place: &Place) -> Result<ExitCode> {
        let mut config = place.config_in(Path::new("data/demo"))?;
        config.demo = true;
        let _mine = assemble::lock_data(&config)?;
        claim(&config)?;
        let mut app = assemble::app(config.clone())?;
        match standing(&app)? {
            Some(made) => self.keep(made),
            None => {
                if has_district(&app)? {
                    app = afresh(app, &config)?;
                }
                self.build(&app)?;
            }
        }
        let words = introduction(&app)?;
        if self.no_serve {
            println!("{words}");
            return Ok(ExitCode::SUCCESS);
        }
        serve::run(&app, |address| println!("\n  共育 Gongyu  http://{address}\n\n{words}"))?;
        Ok(ExitCode::SUCCESS)
    }

    fn keep(&self, made: Made) {
        let other = self.students.is_some_and(|n| n != made.students) || self.seed.is_some_and(|s| s != made.seed);
        if other {
            println!(
                "这里已经有一个示例区，照旧使用。A demo with --students {} --seed {} is here and is kept; \
                 delete its folder to build another.",
                made.students, made.seed
            );
        }
    }

    fn build(&self, app: &App) -> Result<()> {
        let usual = DemoOptions::default();
        let options = DemoOptions {
            students: self.students.unwrap_or(usual.students),
            seed: self.seed.unwrap_or(usual.seed),
            ..usual
        };
        let made = Made { students: options.students, seed: options.seed };
        println!("正在搭建示例区 building the demo: {} pupils …", made.students);
        let began = Instant::now();
        let report = demo::build(app, &options)?;
        app.db.write_wait(move |tx| settings::put(tx, MADE, &made))?;
        println!(
            "搭好了 {} schools, {} classes, {} pupils, {} contacts in {:.1} s",
            report.schools,
            report.classes,
            report.students,
            report.touches,
            began.elapsed().as_secs_f64()
        );
        Ok(())
    }
}

/// Makes sure that the folder is the demo's own, or empty.
fn claim(config: &Config) -> Result<()> {
    if !config.database_url.is_empty() {
        return Ok(());
    }
    let mark = config.data.join(MARK);
    if !mark.exists() {
        let taken = assemble::database_file(config).exists() || assemble::key_file(config).exists();
        ensure!(!taken, "{} holds a district that is not a demo; give another --data", config.data.display());
        fs::write(&mark, "# Everything in this folder is invented and may be deleted.\n")?;
    }
    Ok(())
}

fn standing(app: &App) -> Result<Option<Made>> {
    Ok(app.db.read_wait(|r| settings::get::<Made>(r, MADE))?)
}

fn has_district(app: &App) -> Result<bool> {
    match app.db.read_wait(unit::district) {
        Ok(_) => Ok(true),
        Err(Error::NotFound) => Ok(false),
        Err(e) => Err(e.into()),
    }
}

/// A build that was cut off left half a district behind: begins again with an empty database.
fn afresh(app: App, config: &Config) -> Result<App> {
    if !config.database_url.is_empty() {
        bail!("the PostgreSQL database holds a district that is not a finished demo; give an empty one");
    }
    println!("上次没有搭完，重新来。The last build was cut off: beginning again.");
    drop(app);
    let file = assemble::database_file(config);
    for tail in ["", "-wal", "-shm"] {
        let mut path = file.clone().into_os_string();
        path.push(tail);
        match fs::remove_file(&path) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                return Err(e).with_context(|| Path::new(&path).display().to_string());
            }
            _ => {}
        }
    }
    assemble::app(config.clone())
}

/// How to sign in.
fn introduction(app: &App) -> Result<String> {
    let people: Vec<DemoPerson> = app.db.read_wait(|r| settings::get_or_default(r, DEMO_ACCOUNTS))?;
    let mut lines =
        vec!["登录页上点一个身份就能进去。Sign in by choosing a role on the first page, for example:".to_owned()];
    for role in EXAMPLES {
        if let Some(person) = people.iter().find(|p| p.role == role.code()) {
            lines.push(format!("  {:<18} {}  {}  {}", role.code(), person.user, person.name, person.unit));
        }
    }
    lines.push(format!("教职工的密码 password of all staff: {}", demo::PASSWORD));
    let list = app.config.data.join("accounts.json");
    if list.exists() {
        lines.push(format!("全部账号 all accounts: {}", list.display()));
    }
    Ok(lines.join("\n"))
}
