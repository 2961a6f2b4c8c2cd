//! People of tests: an account in a hat, with a session ready.

use gongyu_access::account::{self, NewAccount};
use gongyu_access::session::{self, Device};
use gongyu_access::{Hat, Role, grant};
use gongyu_kernel::{Id, Result};
use gongyu_registry::people::{self, NewStaff};
use gongyu_store::Tx;
use gongyu_vault::Vault;

/// Somebody who can act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Account.
    pub account: Id,
    /// Member of staff, if they are.
    pub staff: Option<Id>,
    /// Guardian, if they are.
    pub guardian: Option<Id>,
    /// Role of the ready session.
    pub role: Role,
    /// Token of the ready session.
    pub token: String,
}

impl Person {
    /// A ready `name=value` cookie.
    pub fn cookie(&self) -> String {
        format!("{}={}", gongyu_web::request::SESSION_COOKIE, self.token)
    }
}

/// A member of staff with a role in a unit and an open session.
///
/// # Errors
/// As any statement.
pub fn staff_in(tx: &mut Tx, vault: &Vault, name: &str, role: Role, unit: (Id, &str), home: Id) -> Result<Person> {
    let today = tx.today();
    let staff = people::create_staff(
        tx,
        vault,
        &NewStaff { unit: home, staff_no: "", name, title: "教师", phone: Some("02388880000"), from: today },
    )?;
    let login = format!("{}-{}", role.code().replace('_', ""), staff.raw());
    let account =
        account::create(tx, &NewAccount { login: Some(&login), name, staff: Some(staff), ..NewAccount::default() })?;
    let from = today.yesterday().unwrap_or(today);
    let grant = grant::give(tx, account, role, unit, from, None)?;
    let hat = Hat { role, unit: Some(unit.0), unit_name: unit.1.to_owned(), grant };
    let token = format!("test-{}-{}", role.code(), account.raw());
    session::open_with(tx, &token, account, &hat, true, &Device { name: "test", client: "127.0.0.1" })?;
    Ok(Person { name: name.to_owned(), account, staff: Some(staff), guardian: None, role, token })
}

/// A guardian with an account and an open session.
///
/// # Errors
/// As any statement.
pub fn signed_in_guardian(tx: &mut Tx, guardian: Id, name: &str) -> Result<Person> {
    let account = account::create(tx, &NewAccount { name, guardian: Some(guardian), ..NewAccount::default() })?;
    let hat = Hat { role: Role::Guardian, unit: None, unit_name: String::new(), grant: None };
    let token = format!("test-guardian-{}", account.raw());
    session::open_with(tx, &token, account, &hat, false, &Device { name: "test", client: "127.0.0.1" })?;
    Ok(Person { name: name.to_owned(), account, staff: None, guardian: Some(guardian), role: Role::Guardian, token })
}
