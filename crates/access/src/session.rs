//! Sessions: a random token in a cookie, only its hash in the database; one hat a session.

use crate::actor::{Actor, Hat, Prefs, Theme};
use crate::grant::{self, Grant};
use crate::policy::Role;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::random::Random;
use gongyu_kernel::{Date, Error, Id, Millis, Result};
use gongyu_store::{Reader, Tx, record, sql};
use sha2::{Digest, Sha256};

/// A session is touched at most this often, so that reading a page seldom writes.
const TOUCH_SECONDS: i64 = 120;

/// How long sessions last.
#[derive(Clone, Copy, Debug)]
pub struct Lifetimes {
    /// Idle minutes of a staff session.
    pub staff_idle_minutes: i64,
    /// Idle days of a guardian's session.
    pub guardian_idle_days: i64,
}

/// Days after which even a busy session ends [P].
const LONGEST_STAFF_DAYS: i64 = 7;
const LONGEST_GUARDIAN_DAYS: i64 = 365;

/// Where a session was opened.
#[derive(Clone, Debug, Default)]
pub struct Device<'a> {
    /// Short text from the user agent.
    pub name: &'a str,
    /// Network address.
    pub client: &'a str,
}

/// What a found session says.
#[derive(Clone, Debug)]
pub struct Found {
    /// The person.
    pub actor: Actor,
    /// The session has not been touched for a while: note it when convenient.
    pub wants_touch: bool,
    /// Secret for the forms of this session.
    pub csrf: String,
}

record! {
    struct SessionRow {
        id: Id,
        account: Id,
        kind: String,
        strong: bool,
        last_seen: Millis,
        expires: Millis,
        name: String,
        staff: Option<Id>,
        guardian: Option<Id>,
        must_change: bool,
        state: String,
        lang: String,
        theme: String,
        size: String,
        grant: Option<Id>,
        role: Option<Role>,
        unit: Option<Id>,
        unit_name: Option<String>,
        valid_from: Option<Date>,
        valid_to: Option<Date>,
        settings: i64,
    }
}

/// Finds the session of a token; `None` when it is unknown, ended, idle too long or its role has ended.
///
/// # Errors
/// As any statement.
pub fn find(r: &mut Reader, token: &str, lifetimes: Lifetimes) -> Result<Option<Found>> {
    let hash = hashed(token);
    let row: Option<SessionRow> = r.row(
        sql!(
            "SELECT s.id, s.account_id, s.kind, s.strong, s.last_seen_at, s.expires_at,
                     a.name, a.staff_id, a.guardian_id, a.must_change, a.state, a.lang, a.theme, a.text_size,
                     g.id, g.role, g.unit_id, g.unit_name, g.valid_from, g.valid_to,
                     (SELECT version FROM setting_version)
              FROM session s JOIN account a ON a.id = s.account_id
              LEFT JOIN role_grant g ON g.id = s.grant_id
              WHERE s.token_hash = $1"
        ),
        &[&hash],
    )?;
    if let Some(row) = &row {
        r.note_settings_version(row.settings);
    }
    let (now, today) = (r.now(), r.today());
    Ok(row.and_then(|row| alive(row, now, today, lifetimes)).map(|mut found| {
        found.csrf = csrf(token);
        found
    }))
}

fn alive(row: SessionRow, now: Millis, today: Date, lifetimes: Lifetimes) -> Option<Found> {
    let idle = if row.kind == "guardian" {
        row.last_seen.plus_days(lifetimes.guardian_idle_days)
    } else {
        row.last_seen.plus_minutes(lifetimes.staff_idle_minutes)
    };
    if row.state != "active" || now > row.expires || now > idle {
        return None;
    }
    let hat = match (row.role, row.valid_from) {
        (Some(role), Some(from)) => {
            let ended = row.valid_to.is_some_and(|to| to < today);
            if from > today || ended {
                return None;
            }
            Hat { role, unit: row.unit, unit_name: row.unit_name.unwrap_or_default(), grant: row.grant }
        }
        _ if row.guardian.is_some() && row.kind == "guardian" => {
            Hat { role: Role::Guardian, unit: None, unit_name: String::new(), grant: None }
        }
        _ => return None,
    };
    Some(Found {
        wants_touch: now > row.last_seen.plus_seconds(TOUCH_SECONDS),
        csrf: String::new(),
        actor: Actor {
            account: row.account,
            session: Some(row.id),
            name: row.name,
            staff: row.staff,
            guardian: row.guardian,
            hat,
            strong: row.strong,
            must_change: row.must_change,
            prefs: Prefs {
                lang: Lang::parse(&row.lang).unwrap_or_default(),
                elder: row.size == "elder",
                theme: Theme::parse(&row.theme).unwrap_or_default(),
            },
        },
    })
}

/// The hats an account may wear: its current grants, and the guardian's hat if it has one.
///
/// # Errors
/// As any statement.
pub fn hats(r: &mut Reader, account: Id) -> Result<Vec<Hat>> {
    let (guardian,): (Option<Id>,) = r.one(sql!("SELECT guardian_id FROM account WHERE id = $1"), &[&account])?;
    let mut hats: Vec<Hat> = grant::current(r, account)?.into_iter().map(hat_of).collect();
    if guardian.is_some() {
        hats.push(Hat { role: Role::Guardian, unit: None, unit_name: String::new(), grant: None });
    }
    Ok(hats)
}

fn hat_of(grant: Grant) -> Hat {
    Hat { role: grant.role, unit: Some(grant.unit), unit_name: grant.unit_name, grant: Some(grant.id) }
}

/// Opens a session in a hat and returns its token for the cookie.
///
/// # Errors
/// `Error::Forbidden` when the account may not wear the hat.
pub fn open(tx: &mut Tx, random: &Random, account: Id, hat: &Hat, strong: bool, device: &Device<'_>) -> Result<String> {
    let token = URL_SAFE_NO_PAD.encode(random.bytes::<32>());
    open_with(tx, &token, account, hat, strong, device)?;
    Ok(token)
}

/// Opens a session whose token is already known: the demo's ready cookies.
///
/// # Errors
/// As `open`.
pub fn open_with(tx: &mut Tx, token: &str, account: Id, hat: &Hat, strong: bool, device: &Device<'_>) -> Result<()> {
    if !hats(tx, account)?.contains(hat) {
        return Err(Error::Forbidden);
    }
    let (id, now, hash) = (tx.new_id(), tx.now(), hashed(token));
    let (kind, days) = match hat.role {
        Role::Guardian => ("guardian", LONGEST_GUARDIAN_DAYS),
        _ => ("staff", LONGEST_STAFF_DAYS),
    };
    let expires = now.plus_days(days);
    let device_name: String = device.name.chars().take(120).collect();
    tx.exec(
        sql!(
            "INSERT INTO session (id, token_hash, account_id, grant_id, kind, label, device, client, strong,
                                   created_at, last_seen_at, expires_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11)"
        ),
        &[
            &id,
            &hash,
            &account,
            &hat.grant,
            &kind,
            &hat.unit_name,
            &device_name,
            &device.client,
            &strong,
            &now,
            &expires,
        ],
    )?;
    Ok(())
}

/// Changes the hat of a session.
///
/// # Errors
/// `Error::Forbidden` when the account may not wear it.
pub fn change_hat(tx: &mut Tx, session: Id, account: Id, hat: &Hat) -> Result<()> {
    if !hats(tx, account)?.contains(hat) {
        return Err(Error::Forbidden);
    }
    let kind = if hat.role == Role::Guardian { "guardian" } else { "staff" };
    tx.exec(
        sql!("UPDATE session SET grant_id = $1, kind = $2, label = $3 WHERE id = $4 AND account_id = $5"),
        &[&hat.grant, &kind, &hat.unit_name, &session, &account],
    )?;
    Ok(())
}

/// Notes that a session was used.
///
/// # Errors
/// As any statement.
pub fn touch(tx: &mut Tx, session: Id) -> Result<()> {
    let now = tx.now();
    tx.exec(sql!("UPDATE session SET last_seen_at = $1 WHERE id = $2"), &[&now, &session])?;
    Ok(())
}

record! {
    /// A session as its owner sees it.
    #[derive(Clone, Debug)]
    pub struct SessionView {
        /// Identifier.
        pub id: Id,
        /// `staff` or `guardian`.
        pub kind: String,
        /// Unit of the hat.
        pub label: String,
        /// Device.
        pub device: String,
        /// Network address.
        pub client: String,
        /// Opened.
        pub created_at: Millis,
        /// Last used.
        pub last_seen_at: Millis,
    }
}

/// The open sessions of an account, newest first.
///
/// # Errors
/// As any statement.
pub fn list(r: &mut Reader, account: Id) -> Result<Vec<SessionView>> {
    let now = r.now();
    r.rows(
        sql!(
            "SELECT id, kind, label, device, client, created_at,
                     CASE WHEN last_seen_at > $2 THEN created_at ELSE last_seen_at END
              FROM session WHERE account_id = $1 AND expires_at > $2 ORDER BY last_seen_at DESC LIMIT 100"
        ),
        &[&account, &now],
    )
}

/// When a session ends at the latest, as long as it is on record: one that was ended is not, one that merely lay
/// idle still is.
///
/// # Errors
/// As any statement.
pub fn until(r: &mut Reader, session: Id) -> Result<Option<Millis>> {
    let found: Option<(Millis,)> = r.row(sql!("SELECT expires_at FROM session WHERE id = $1"), &[&session])?;
    Ok(found.map(|(at,)| at))
}

/// Ends one session of an account.
///
/// # Errors
/// `Error::NotFound` when it is not this account's.
pub fn end(tx: &mut Tx, account: Id, session: Id) -> Result<()> {
    let n = tx.exec(sql!("DELETE FROM session WHERE id = $1 AND account_id = $2"), &[&session, &account])?;
    if n == 1 { Ok(()) } else { Err(Error::NotFound) }
}

/// Ends every session of an account but one.
///
/// # Errors
/// As any statement.
pub fn end_others(tx: &mut Tx, account: Id, keep: Option<Id>) -> Result<u64> {
    let keep = keep.unwrap_or_default();
    tx.exec(sql!("DELETE FROM session WHERE account_id = $1 AND id <> $2"), &[&account, &keep])
}

/// Forgets sessions past their end.
///
/// # Errors
/// As any statement.
pub fn sweep(tx: &mut Tx) -> Result<u64> {
    let now = tx.now();
    tx.exec(sql!("DELETE FROM session WHERE expires_at < $1"), &[&now])
}

fn hashed(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))
}

/// The secret in a session's forms, derived from its token.
fn csrf(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(format!("csrf:{token}").as_bytes())[..18])
}
