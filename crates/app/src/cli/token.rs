//! `gongyu token`.

use super::admin;
use crate::assemble;
use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use gongyu_access::grant::Grant;
use gongyu_access::{Action, account, grant, token};
use gongyu_kernel::config::Config;
use gongyu_kernel::{Error, Id};
use gongyu_web::App;
use std::process::ExitCode;

/// Tokens for programs that use the API.
#[derive(Debug, Subcommand)]
pub(super) enum Token {
    /// Make a token in the name of a role somebody holds. It is printed once; only its hash is kept.
    Create(Create),
    /// List somebody's tokens that still work.
    List {
        /// Name the person signs in with
        user: String,
    },
    /// End a token.
    Revoke {
        /// Name the person signs in with
        user: String,
        /// Number of the token, from `gongyu token list`
        token: Id,
    },
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// Name the person signs in with
    user: String,
    /// Role to act in, as its code, when the person holds several that may use the API
    #[arg(long)]
    role: Option<String>,
    /// What the token is for
    #[arg(long, default_value = "command line")]
    label: String,
}

impl Token {
    pub(super) fn run(self, config: Config) -> Result<ExitCode> {
        let app = assemble::app(config)?;
        match self {
            Self::Create(create) => create.run(&app)?,
            Self::List { user } => {
                let id = account_of(&app, &user)?;
                for t in app.db.read_wait(move |r| token::list(r, id))? {
                    println!("{}  {}  {}", t.id, t.created_at.date(), t.label);
                }
            }
            Self::Revoke { user, token } => {
                let id = account_of(&app, &user)?;
                app.db.write_wait(move |tx| {
                    token::revoke(tx, id, token)?;
                    admin::note_in(tx, "token.revoke", ("account", Some(id)), "{}")
                })?;
                println!("ended");
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Create {
    fn run(self, app: &App) -> Result<()> {
        let id = account_of(app, &self.user)?;
        let held = app.db.read_wait(move |r| grant::current(r, id))?;
        let chosen = choose(held, self.role.as_deref())?;
        let (random, label, role) = (app.random.clone(), self.label, chosen.role);
        let made = app.db.write_wait(move |tx| {
            let made = token::create(tx, &random, id, chosen.id, &label)?;
            admin::note_in(tx, "token.create", ("account", Some(id)), &admin::of_role(role))?;
            Ok(made)
        })?;
        println!("{made}");
        eprintln!("acts as {} of {}; it is not shown again", role.code(), chosen.unit_name);
        Ok(())
    }
}

fn choose(held: Vec<Grant>, wanted: Option<&str>) -> Result<Grant> {
    let mut able: Vec<Grant> =
        held.into_iter().filter(|g| g.role.may(Action::UseApi) && wanted.is_none_or(|w| w == g.role.code())).collect();
    match (able.pop(), able.is_empty()) {
        (Some(only), true) => Ok(only),
        (None, _) => {
            bail!("this person holds no such role that may use the API (registrar, district_officer, district_admin)")
        }
        (Some(last), false) => {
            able.push(last);
            let roles: Vec<&str> = able.iter().map(|g| g.role.code()).collect();
            bail!("this person holds several: choose one with --role ({})", roles.join(", "))
        }
    }
}

fn account_of(app: &App, user: &str) -> Result<Id> {
    let login = user.to_owned();
    let found = app.db.read_wait(move |r| account::by_login(r, &login)?.ok_or(Error::NotFound));
    Ok(found.with_context(|| format!("nobody signs in as {user}"))?.id)
}
