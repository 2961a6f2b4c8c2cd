//! The demo's invented accounts, one tap to be any of them. Nothing of this exists outside demo mode.

use super::super::admit::{self, Entry, role_key};
use gongyu_access::{Role, session};
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Reader, settings};
use gongyu_web::permit::Anyone;
use gongyu_web::{Post, Reply};
use serde::{Deserialize, Serialize};

/// Key of the setting in which the demo's maker lists its accounts.
pub const ACCOUNTS: &str = "demo-accounts";

/// One invented account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DemoPerson {
    /// Role, as its code.
    pub role: String,
    /// Name of the unit.
    pub unit: String,
    /// Login name, or the phone of a guardian.
    pub user: String,
    /// Account.
    pub account: Id,
    /// Name of the person.
    pub name: String,
}

impl DemoPerson {
    /// First character of the name.
    pub fn initial(&self) -> String {
        self.name.chars().next().map(String::from).unwrap_or_default()
    }
}

/// The accounts of one role.
pub struct DemoGroup {
    /// Message key of the role.
    pub role_key: String,
    /// Its people.
    pub people: Vec<DemoPerson>,
}

/// The demo's accounts by role, in the order of the policy table.
///
/// # Errors
/// As any statement.
pub fn groups(r: &mut Reader) -> Result<Vec<DemoGroup>> {
    let all: Vec<DemoPerson> = settings::get_or_default(r, ACCOUNTS)?;
    let of = |role: Role| {
        let people: Vec<DemoPerson> = all.iter().filter(|p| p.role == role.code()).cloned().collect();
        DemoGroup { role_key: role_key(role), people }
    };
    Ok(Role::ALL.iter().map(|role| of(*role)).filter(|g| !g.people.is_empty()).collect())
}

/// Signs in as one of the listed accounts.
pub fn enter(p: &mut Post<'_>, _: Anyone) -> Result<Reply> {
    if !p.app.config.demo {
        return Err(Error::NotFound);
    }
    let account = p.form().id("account").ok_or(Error::NotFound)?;
    let all: Vec<DemoPerson> = settings::get_or_default(p.tx, ACCOUNTS)?;
    if !all.iter().any(|person| person.account == account) {
        return Err(Error::NotFound);
    }
    let wanted = Role::parse(p.form().get("role"));
    let hats = session::hats(p.tx, account)?;
    let hat = hats.iter().find(|h| Some(h.role) == wanted).or_else(|| admit::first_hat(&hats));
    let hat = hat.cloned().ok_or(Error::NotFound)?;
    let old = p.actor().and_then(|a| a.session.map(|s| (a.account, s)));
    let entry = Entry { account, hat, strong: true, totp_step: None, how: "sign-in.demo", back: "", old, flash: None };
    admit::admit(p.tx, p.app, p.req, &entry)
}
