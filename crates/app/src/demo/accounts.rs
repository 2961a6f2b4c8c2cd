//! The invented sign-ins: a few people of every role, the most interesting first, on the demo's sign-in
//! page and in `accounts.json` in the data folder.

use super::entries;
use gongyu_access::session::{self, Device};
use gongyu_access::{Hat, Role};
use gongyu_kernel::hex;
use gongyu_kernel::{Id, Result};
use gongyu_store::{settings, sql};
use gongyu_web::App;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The one password of every member of staff in the demo.
pub const PASSWORD: &str = "yunling-2026";
/// Setting that the demo's sign-in page lists people from.
const SETTING: &str = "demo-accounts";
/// People of a role that are listed.
const LISTED: usize = 4;
/// Days for which a ready cookie is good.
const COOKIE_DAYS: i64 = 365;

/// Somebody who may be listed.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    role: Role,
    unit: String,
    user: String,
    account: Id,
    name: String,
    interest: i64,
}

impl Candidate {
    /// A member of staff.
    pub(super) fn staff(role: Role, unit: &str, login: &str, account: Id, name: &str, interest: i64) -> Self {
        let (unit, user, name) = (unit.to_owned(), login.to_owned(), name.to_owned());
        Self { role, unit, user, account, name, interest }
    }

    /// A guardian, who signs in with a telephone.
    pub(super) fn guardian(child: &str, phone: &str, account: Id, name: &str, interest: i64) -> Self {
        Self::staff(Role::Guardian, &format!("{child}的家长"), phone, account, name, interest)
    }
}

/// The people met so far who are worth listing.
#[derive(Default)]
pub(super) struct Cast(BTreeMap<Role, Vec<Candidate>>);

impl Cast {
    /// Keeps somebody when they are of more interest than those kept; the first of equals stays in front.
    pub(super) fn offer(&mut self, candidate: Candidate) {
        let kept = self.0.entry(candidate.role).or_default();
        if let Some(at) = kept.iter().position(|known| known.account == candidate.account) {
            if kept[at].interest >= candidate.interest {
                return;
            }
            kept.remove(at);
        }
        let at = kept.partition_point(|known| known.interest >= candidate.interest);
        if at < LISTED {
            kept.insert(at, candidate);
            kept.truncate(LISTED);
        }
    }

    /// Opens a session for everybody, and writes the setting and the file.
    pub(super) fn publish(self, app: &App) -> Result<Vec<Account>> {
        let people: Vec<(Candidate, String)> =
            self.0.into_values().flatten().map(|person| (person, token(app))).collect();
        let own = people.clone();
        app.db.write_wait(move |tx| {
            let mut listed = Vec::with_capacity(own.len());
            for (person, token) in &own {
                let hats = session::hats(tx, person.account)?;
                let fits = |h: &&Hat| h.role == person.role;
                let same = |h: &&Hat| fits(h) && h.unit_name == person.unit;
                let Some(hat) = hats.iter().find(same).or_else(|| hats.iter().find(fits)).cloned() else { continue };
                let at = listed.len();
                let (device, client) = device(person.role, at);
                session::open_with(tx, token, person.account, &hat, true, &Device { name: device, client })?;
                entries::of_person(tx, person.account, &hat, client, at)?;
                listed.push(Listed {
                    role: person.role,
                    unit: person.unit.clone(),
                    user: person.user.clone(),
                    account: person.account,
                    name: person.name.clone(),
                });
            }
            keep_open(tx)?;
            settings::put(tx, SETTING, &listed)
        })?;
        let accounts: Vec<Account> = people.iter().map(|(person, token)| Account::of(person, token)).collect();
        std::fs::create_dir_all(&app.config.data)?;
        std::fs::write(app.config.data.join("accounts.json"), serde_json::to_vec_pretty(&accounts)?)?;
        Ok(accounts)
    }
}

/// What a person of a role signs in with, and from where; in documentation addresses (RFC 5737).
fn device(role: Role, at: usize) -> (&'static str, &'static str) {
    const PHONES: [&str; 4] = ["Android 微信", "HarmonyOS 微信", "iPhone 微信", "Android Chrome"];
    const DESKS: [&str; 3] = ["Windows Edge", "Windows Chrome", "Mac Safari"];
    const PLACES: [&str; 5] = ["203.0.113.18", "203.0.113.44", "198.51.100.7", "198.51.100.92", "203.0.113.131"];
    let kinds: &[&str] = match role {
        Role::Guardian => &PHONES,
        Role::ClassTeacher | Role::SubjectTeacher if at.is_multiple_of(2) => &PHONES,
        _ => &DESKS,
    };
    (kinds[at % kinds.len()], PLACES[at % PLACES.len()])
}

/// A ready cookie outlives the idle limit, which counts from when a session was last used: the moment of
/// its end is noted as that, so that it is good whenever a walk or a bench picks it up. A list of sessions
/// shows the moment of opening instead of a use that is still to come, so each is opened at a believable
/// moment of the last days.
fn keep_open(tx: &mut gongyu_store::Tx) -> Result<()> {
    let (now, until) = (tx.now(), tx.now().plus_days(COOKIE_DAYS));
    let open: Vec<(Id,)> = tx.rows(sql!("SELECT id FROM session ORDER BY id"), &[])?;
    for (n, (id,)) in (0_i64..).zip(open) {
        let opened = now.plus_minutes(-(17 + (n * 97) % 4_300));
        tx.exec(
            sql!("UPDATE session SET expires_at = $1, last_seen_at = $1, created_at = $2 WHERE id = $3"),
            &[&until, &opened, &id],
        )?;
    }
    Ok(())
}

fn token(app: &App) -> String {
    hex(app.random.bytes::<24>())
}

#[derive(Serialize)]
struct Listed {
    role: Role,
    unit: String,
    user: String,
    account: Id,
    name: String,
}

/// One sign-in of `accounts.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Account {
    /// Role, as its code.
    pub role: Role,
    /// Unit of the role; for a guardian whose guardian they are.
    pub unit: String,
    /// Login name, or the telephone of a guardian.
    pub user: String,
    /// Password; empty for a guardian, who gets a code.
    pub password: String,
    /// A ready cookie, `name=value`.
    pub cookie: String,
}

impl Account {
    fn of(person: &Candidate, token: &str) -> Self {
        Self {
            role: person.role,
            unit: person.unit.clone(),
            user: person.user.clone(),
            password: if person.role == Role::Guardian { String::new() } else { PASSWORD.to_owned() },
            cookie: format!("{}={token}", gongyu_web::request::SESSION_COOKIE),
        }
    }
}
