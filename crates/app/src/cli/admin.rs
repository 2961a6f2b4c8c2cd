//! `gongyu admin`.

use crate::assemble;
use anyhow::{Context, Result, ensure};
use clap::{Args, Subcommand};
use gongyu_access::{Role, account, grant, password, session};
use gongyu_kernel::config::Config;
use gongyu_kernel::{Error, Id};
use gongyu_registry::unit::{self, NewUnit, Unit, UnitKind};
use gongyu_store::{Tx, audit};
use gongyu_web::App;
use serde_json::json;
use std::io::{BufRead, Write};
use std::process::ExitCode;

/// Accounts that keep the system for the district.
#[derive(Debug, Subcommand)]
pub(super) enum Admin {
    /// Make an account that keeps the system for the district, and the district itself if there is none.
    /// Prints a password for one use; a new one has to be chosen at the first sign-in.
    Create(Create),
    /// Give a staff account a new password for one use, end its sessions and forget its authenticator.
    Reset(Reset),
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// Name to sign in with; asked for when left out
    #[arg(long)]
    login: Option<String>,
    /// Name of the person; asked for when left out
    #[arg(long)]
    name: Option<String>,
    /// Name of the district, when it has to be made
    #[arg(long)]
    district: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Reset {
    /// Name the person signs in with
    login: String,
}

impl Admin {
    pub(super) fn run(self, config: Config) -> Result<ExitCode> {
        let app = assemble::app(config)?;
        match self {
            Self::Create(create) => create.run(&app)?,
            Self::Reset(reset) => reset.run(&app)?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Create {
    fn run(self, app: &App) -> Result<()> {
        let login = given_or_asked(self.login, "登录名 login")?;
        let name = given_or_asked(self.name, "姓名 name")?;
        let district = self.district.unwrap_or_else(|| app.config.district_name.clone());
        let once = one_time(app);
        let hash = password::hash(&app.random, &once)?;
        let wanted = login.clone();
        let made = app.db.write_wait(move |tx| make(tx, &wanted, &name, &district, &hash));
        match made {
            Err(Error::Conflict(code)) if code.key == "account-login-taken" => {
                anyhow::bail!("the login {login} is taken; `gongyu admin reset {login}` gives it a new password")
            }
            other => print(&login, &once, &other?.name),
        }
        Ok(())
    }
}

fn make(tx: &mut Tx, login: &str, name: &str, district: &str, hash: &str) -> gongyu_kernel::Result<Unit> {
    let today = tx.today();
    let home = match unit::district(tx) {
        Err(Error::NotFound) => {
            let id = unit::create(tx, &new_district(district, today))?;
            unit::find(tx, id)?
        }
        found => found?,
    };
    let new = account::NewAccount {
        login: Some(login),
        name,
        password_hash: Some(hash),
        must_change: true,
        ..account::NewAccount::default()
    };
    let account = account::create(tx, &new)?;
    grant::give(tx, account, Role::DistrictAdmin, (home.id, &home.name), today, None)?;
    note_in(tx, "admin.create", ("account", Some(account)), "{}")?;
    Ok(home)
}

fn new_district(name: &str, from: gongyu_kernel::Date) -> NewUnit<'_> {
    NewUnit {
        kind: UnitKind::District,
        code: "",
        name,
        short_name: "",
        parent: None,
        school_kind: None,
        setting: None,
        class: None,
        phone: "",
        valid_from: from,
    }
}

impl Reset {
    fn run(self, app: &App) -> Result<()> {
        let once = one_time(app);
        let hash = password::hash(&app.random, &once)?;
        let login = self.login.clone();
        let district = app.db.write_wait(move |tx| {
            let found = account::by_login(tx, &login)?.ok_or(Error::NotFound)?;
            account::set_password(tx, found.id, &hash, true)?;
            account::set_totp(tx, found.id, None)?;
            session::end_others(tx, found.id, None)?;
            note_in(tx, "admin.reset", ("account", Some(found.id)), "{}")?;
            Ok(found.name)
        });
        let name = match district {
            Err(Error::NotFound) => anyhow::bail!("nobody signs in as {}", self.login),
            other => other?,
        };
        print(&self.login, &once, &name);
        Ok(())
    }
}

fn print(login: &str, once: &str, whose: &str) {
    println!("{whose}");
    println!("登录名 login:              {login}");
    println!("一次性密码 one-time password: {once}");
    println!("第一次登录时会要求换一个新密码。A new password is asked for at the first sign-in.");
}

/// Four groups of four from 31 letters: about 79 bits.
fn one_time(app: &App) -> String {
    let groups: Vec<String> = (0..4).map(|_| app.random.code(4)).collect();
    groups.join("-")
}

fn given_or_asked(given: Option<String>, what: &str) -> Result<String> {
    let text = match given {
        Some(text) => text,
        None => {
            print!("{what}: ");
            std::io::stdout().flush()?;
            let mut line = String::new();
            std::io::stdin().lock().read_line(&mut line).context("nothing could be read")?;
            line
        }
    };
    let text = text.trim().to_owned();
    ensure!(!text.is_empty(), "{what} is needed");
    Ok(text)
}

/// Notes in the audit log what was done at the machine itself.
pub(super) fn note(app: &App, action: &str, object: (&str, Option<Id>), detail: &serde_json::Value) -> Result<()> {
    let (action, kind, id, detail) = (action.to_owned(), object.0.to_owned(), object.1, detail.to_string());
    Ok(app.db.write_wait(move |tx| note_in(tx, &action, (&kind, id), &detail))?)
}

/// As `note`, in the caller's transaction.
pub(super) fn note_in(
    tx: &mut Tx,
    action: &str,
    object: (&str, Option<Id>),
    detail: &str,
) -> gongyu_kernel::Result<()> {
    audit::note(
        tx,
        &audit::Entry {
            hat: "machine",
            action,
            object_kind: object.0,
            object: object.1,
            detail,
            client: "command line",
            ..audit::Entry::default()
        },
    )
}

/// Detail of an entry about a role.
pub(super) fn of_role(role: Role) -> String {
    json!({ "role": role.code() }).to_string()
}
