//! What lies in the product itself: every letter to somebody with an account lies there too, whatever other channel
//! carried it, in the words it went with.

use gongyu_kernel::{Id, Millis, Result};
use gongyu_store::{Reader, ToValue, Tx, Value, record, sql};
use gongyu_vault::Vault;
use gongyu_web::letters::Words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Seal name of `inbox_letter.said_sealed`, bound to the letter.
const SAID: &str = "inbox.said";
/// Days a letter lies there [P]: a school year's worth is found again, older ones are in the records they speak of.
const KEPT_DAYS: i64 = 365;

/// What a letter says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// One line.
    pub title: String,
    /// Short text.
    pub text: String,
    /// Where it opens, a path of ours.
    pub href: String,
}

impl Said {
    pub(crate) fn of(words: &Words) -> Self {
        Self { title: words.title.clone(), text: words.text.clone(), href: words.href.clone() }
    }
}

/// A letter that has come to an account.
pub(crate) struct Arrived<'a> {
    pub account: Id,
    pub letter: Id,
    pub said: &'a Said,
}

/// Topic of the pings of an account's inbox.
pub fn topic(account: Id) -> String {
    format!("inbox:{account}")
}

/// Letters that came since the person last looked.
///
/// # Errors
/// As any statement.
pub fn unseen(r: &mut Reader, account: Id) -> Result<i64> {
    let found: Option<(i64,)> = r.row(sql!("SELECT unseen FROM letter_box WHERE account_id = $1"), &[&account])?;
    Ok(found.map_or(0, |(n,)| n))
}

/// The person has looked.
///
/// # Errors
/// As any statement.
pub fn seen(tx: &mut Tx, account: Id) -> Result<()> {
    tx.exec(sql!("UPDATE letter_box SET unseen = 0 WHERE account_id = $1 AND unseen > 0"), &[&account]).map(drop)
}

record! {
    struct Row {
        id: Id,
        at: Millis,
        sealed: Vec<u8>,
    }
}

/// A letter in an inbox.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Identifier.
    pub id: Id,
    /// When it came.
    pub at: Millis,
    /// What it says.
    pub said: Said,
}

/// The letters of an account, the newest first; `before` is the last one of the page before.
///
/// # Errors
/// As any statement, and when a letter cannot be opened.
pub fn letters(r: &mut Reader, vault: &Vault, account: Id, before: Option<Id>, limit: i64) -> Result<Vec<Letter>> {
    let rows: Vec<Row> = r.rows(
        sql!(
            "SELECT letter_id, at, said_sealed FROM inbox_letter WHERE account_id = $1
               AND (CAST($2 AS BIGINT) IS NULL OR at < (SELECT b.at FROM inbox_letter b WHERE b.account_id = $1 AND b.letter_id = $2)
                    OR (at = (SELECT b.at FROM inbox_letter b WHERE b.account_id = $1 AND b.letter_id = $2) AND letter_id < $2))
              ORDER BY at DESC, letter_id DESC LIMIT $3"
        ),
        &[&account, &before, &limit],
    )?;
    rows.into_iter()
        .map(|row| Ok(Letter { id: row.id, at: row.at, said: vault.open_json(SAID, row.id, &row.sealed)? }))
        .collect()
}

/// Lays a letter into an inbox as of a moment, looked at already: what a demo begins with.
///
/// # Errors
/// As any statement.
pub fn lay(tx: &mut Tx, vault: &Vault, account: Id, letter: Id, at: Millis, said: &Said) -> Result<()> {
    let sealed = vault.seal_json(SAID, letter, said)?;
    tx.exec(
        sql!(
            "INSERT INTO inbox_letter (account_id, letter_id, at, said_sealed) VALUES ($1, $2, $3, $4)
              ON CONFLICT (account_id, letter_id) DO NOTHING"
        ),
        &[&account, &letter, &at, &sealed],
    )
    .map(drop)
}

/// Puts letters into inboxes. One that lies there already is not put there again.
pub(crate) fn arrive(tx: &mut Tx, vault: &Vault, arrived: &[Arrived<'_>]) -> Result<()> {
    let now = tx.now();
    // In order, so that two nodes never wait for each other.
    let mut by: BTreeMap<Id, i64> = BTreeMap::new();
    let mut rows: Vec<Vec<Value<'static>>> = Vec::with_capacity(arrived.len());
    for one in arrived {
        *by.entry(one.account).or_default() += 1;
        let sealed = vault.seal_json(SAID, one.letter, one.said)?;
        rows.push(vec![
            one.account.to_value().into_owned(),
            one.letter.to_value().into_owned(),
            now.to_value().into_owned(),
            sealed.to_value().into_owned(),
        ]);
    }
    tx.insert_many_with(
        "inbox_letter",
        &["account_id", "letter_id", "at", "said_sealed"],
        "ON CONFLICT (account_id, letter_id) DO NOTHING",
        &rows,
    )?;
    for (account, letters) in by {
        tx.exec(
            sql!(
                "INSERT INTO letter_box (account_id, unseen, last_at) VALUES ($1, $3, $2)
                  ON CONFLICT (account_id) DO UPDATE SET unseen = letter_box.unseen + excluded.unseen,
                                                         last_at = excluded.last_at"
            ),
            &[&account, &now, &letters],
        )?;
        crate::live::publish(tx, &topic(account))?;
    }
    Ok(())
}

/// Forgets letters past their time, some at once; gives how many.
pub(crate) fn sweep(tx: &mut Tx) -> Result<u64> {
    let before = tx.now().plus_days(-KEPT_DAYS);
    tx.exec(
        sql!(
            "DELETE FROM inbox_letter WHERE at < $1 AND letter_id IN
              (SELECT letter_id FROM inbox_letter WHERE at < $1 ORDER BY at LIMIT 500)"
        ),
        &[&before],
    )
}
