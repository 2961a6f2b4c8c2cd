//! From a proved phone to a guardian's session: who is it, what is still to be agreed, and in.

use super::admit::{self, Entry};
use super::consent;
use super::phone::{self, Behind};
use super::step::{self, Proved, Step};
use gongyu_access::{Hat, Role};
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Reader, Tx};
use gongyu_web::{App, Flash, Reply, Req};

/// Who the person with a proved phone may say to be. With a card, the guardians of its child; without,
/// only those who have activated: a number in a roster may be an old one, the card shows the family.
///
/// # Errors
/// As any statement.
pub fn candidates(r: &mut Reader, proved: &Proved) -> Result<Vec<Behind>> {
    match proved.card {
        Some(card) => match phone::student_of_card(r, card)? {
            Some(student) => phone::guardians_of_child(r, &proved.phone, student),
            None => Ok(Vec::new()),
        },
        None => {
            let mut known = phone::guardians(r, &proved.phone)?;
            known.retain(|b| b.account.is_some());
            Ok(known)
        }
    }
}

/// Takes the next step: asks what is still open, or opens the session.
///
/// # Errors
/// `Error::NotFound` when the person chose somebody they are not.
pub fn proceed(
    tx: &mut Tx,
    app: &App,
    req: &Req,
    mut proved: Proved,
    back: &str,
    old: Option<(Id, Id)>,
) -> Result<Reply> {
    let people = candidates(tx, &proved)?;
    let staff = proved.card.is_none() && phone::is_staff(tx, &proved.phone)?;
    let chosen = match (proved.guardian, people.as_slice()) {
        (Some(id), list) => list.iter().find(|b| b.guardian == id).ok_or(Error::NotFound)?,
        (None, []) if proved.card.is_some() => return go(app, proved, back, "/sign-in/no-match"),
        (None, []) if !staff => return go(app, proved, back, "/sign-in/first-time"),
        (None, [one]) if !staff => one,
        (None, _) => return go(app, proved, back, "/sign-in/who"),
    };
    proved.guardian = Some(chosen.guardian);
    let card = match proved.card {
        Some(card) => phone::student_of_card(tx, card)?,
        None => None,
    };
    if !consent::wanted(tx, chosen.guardian, card)?.is_empty() {
        return go(app, proved, back, "/sign-in/notice");
    }
    enter(tx, app, req, chosen, &proved.phone, back, old)
}

/// Lets a guardian in for the children they agreed to, after they refused for others.
///
/// # Errors
/// `Error::NotFound` when the person chose somebody they are not.
pub fn let_in(tx: &mut Tx, app: &App, req: &Req, proved: &Proved, back: &str, old: Option<(Id, Id)>) -> Result<Reply> {
    let people = candidates(tx, proved)?;
    let chosen = people.iter().find(|b| Some(b.guardian) == proved.guardian).ok_or(Error::NotFound)?;
    enter(tx, app, req, chosen, &proved.phone, back, old)
}

fn go(app: &App, proved: Proved, back: &str, to: &str) -> Result<Reply> {
    let cookies = vec![step::carry(app, Step::Proved(proved), back)?];
    Ok(Reply::Redirect { to: to.to_owned(), flash: None, cookies })
}

fn enter(
    tx: &mut Tx,
    app: &App,
    req: &Req,
    chosen: &Behind,
    phone_blind: &str,
    back: &str,
    old: Option<(Id, Id)>,
) -> Result<Reply> {
    let (account, new) = phone::account_for(tx, phone_blind, chosen.guardian, &chosen.name)?;
    let hat = Hat { role: Role::Guardian, unit: None, unit_name: String::new(), grant: None };
    if new {
        admit::note(tx, req, "account.activate", Some(account), &hat.code())?;
    }
    let entry = Entry {
        account,
        hat,
        strong: false,
        totp_step: None,
        how: "sign-in.phone",
        back,
        old,
        flash: new.then(|| Flash::new("account-activated")),
    };
    admit::admit(tx, app, req, &entry)
}
