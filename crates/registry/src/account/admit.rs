//! The moment somebody is let in: the session, its cookie, the note in the audit log.

use super::{back, news, step};
use gongyu_access::session::Device;
use gongyu_access::{Hat, Role, account, session};
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Tx, audit};
use gongyu_web::route::session_cookie;
use gongyu_web::{App, Flash, Reply, Req};

/// Seal name of `account.totp_sealed`.
pub const TOTP_FIELD: &str = "account.totp";

/// Who is let in, and how.
pub struct Entry<'a> {
    /// Account.
    pub account: Id,
    /// Hat to wear.
    pub hat: Hat,
    /// With a second factor.
    pub strong: bool,
    /// Step of the one-time code used.
    pub totp_step: Option<i64>,
    /// Name of the action in the audit log.
    pub how: &'static str,
    /// Where they wanted to go; empty for their first page.
    pub back: &'a str,
    /// The session they came with, which ends.
    pub old: Option<(Id, Id)>,
    /// A message for the first page.
    pub flash: Option<Flash>,
}

/// Opens the session and leads to the page asked for.
///
/// # Errors
/// As `session::open`.
pub fn admit(tx: &mut Tx, app: &App, req: &Req, entry: &Entry<'_>) -> Result<Reply> {
    let device = req.device();
    let device = Device { name: &device, client: &req.client };
    account::note_success(tx, entry.account, entry.totp_step)?;
    if let Some((account, session)) = entry.old {
        match session::end(tx, account, session) {
            Ok(()) | Err(Error::NotFound) => {}
            Err(e) => return Err(e),
        }
    }
    let token = session::open(tx, &app.random, entry.account, &entry.hat, entry.strong, &device)?;
    note(tx, req, entry.how, Some(entry.account), &entry.hat.code())?;
    let news = news::take(tx, entry.account)?;
    let to = back::after_sign_in(entry.back).unwrap_or_else(|| app.home_of(entry.hat.role));
    Ok(Reply::Redirect {
        to: to.to_owned(),
        flash: entry.flash.clone().or_else(|| news.map(|n| Flash::new(n.words()))),
        cookies: vec![session_cookie(app, &token), step::done(app)],
    })
}

/// Notes something about an account in the audit log for people who are not signed in yet.
///
/// # Errors
/// As any statement.
pub fn note(tx: &mut Tx, req: &Req, action: &str, account: Option<Id>, hat: &str) -> Result<()> {
    let entry = audit::Entry {
        account,
        hat,
        action,
        object_kind: "account",
        object: account,
        client: &req.client,
        ..audit::Entry::default()
    };
    audit::note(tx, &entry)
}

/// The hat worn first after a password: work before family.
pub fn first_hat(hats: &[Hat]) -> Option<&Hat> {
    hats.iter().find(|h| h.role != Role::Guardian).or_else(|| hats.first())
}

/// Where to go after a password: the page asked for, or the choice of hats for those who have several.
pub fn wanted<'a>(hats: &[Hat], back: &'a str) -> &'a str {
    let work = hats.iter().filter(|h| h.role != Role::Guardian).count();
    if work > 1 && back.is_empty() { "/me/hat" } else { back }
}

/// The message key of a role.
pub fn role_key(role: Role) -> String {
    format!("role-{}", role.code().replace('_', "-"))
}
