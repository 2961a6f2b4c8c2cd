//! How the channels fare: secrets, tokens kept for a while, the last fault, a rest after trouble.

use super::{Sent, Way, setting};
use gongyu_kernel::{Id, Millis, Result};
use gongyu_store::{Reader, Tx, record, sql};
use gongyu_vault::Vault;
use gongyu_web::App;
use std::collections::HashMap;

/// Seal name of `channel_state.token_sealed`.
const TOKEN: &str = "channel.token";
/// A channel that answered nobody in a whole batch rests so long before the next try [P].
const REST_SECONDS: i64 = 60;
/// Longest rest [P].
const LONGEST_REST_SECONDS: i64 = 900;

record! {
    struct Row {
        way: Way,
        secret: Option<Vec<u8>>,
        paused_until: Millis,
        fault: String,
        fault_at: Millis,
        sent_at: Millis,
    }
}

/// How a channel fares.
#[derive(Clone, Debug, Default)]
pub struct ChannelState {
    pub(crate) secret: Option<Vec<u8>>,
    /// Rests until then.
    pub paused_until: Millis,
    /// The last fault, as the provider said it.
    pub fault: String,
    /// Since when.
    pub fault_at: Millis,
    /// When a letter was last taken.
    pub sent_at: Millis,
}

/// Every channel that was ever set or used.
///
/// # Errors
/// As any statement.
pub fn all(r: &mut Reader) -> Result<HashMap<Way, ChannelState>> {
    let rows: Vec<Row> = r.rows(
        sql!(
            "SELECT channel, secret_sealed, paused_until, last_fault, last_fault_at, last_sent_at
               FROM channel_state"
        ),
        &[],
    )?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let state = ChannelState {
                secret: row.secret,
                paused_until: row.paused_until,
                fault: row.fault,
                fault_at: row.fault_at,
                sent_at: row.sent_at,
            };
            (row.way, state)
        })
        .collect())
}

pub(crate) fn secret(r: &mut Reader, vault: &Vault, way: Way) -> Result<setting::Secret> {
    let found: Option<(Option<Vec<u8>>,)> =
        r.row(sql!("SELECT secret_sealed FROM channel_state WHERE channel = $1"), &[&way])?;
    match found.and_then(|(sealed,)| sealed) {
        Some(sealed) => vault.open_json(setting::SECRET, way.record(), &sealed),
        None => Ok(setting::Secret::default()),
    }
}

/// Keeps a channel's secrets: the key with which we sign, and what a provider must know to report to us. What is
/// empty stays as it was.
///
/// # Errors
/// As any statement.
pub fn set_secret(tx: &mut Tx, vault: &Vault, way: Way, key: &str, report: &str) -> Result<()> {
    let mut kept = secret(tx, vault, way)?;
    for (new, old) in [(key, &mut kept.key), (report, &mut kept.report)] {
        if !new.is_empty() {
            new.clone_into(old);
        }
    }
    keep_secret(tx, vault, way, &kept)
}

/// Keeps the key with which WeChat seals what it tells us; an empty one stays as it was, `-` ends it.
///
/// # Errors
/// As any statement.
pub fn set_seal_key(tx: &mut Tx, vault: &Vault, way: Way, seal: &str) -> Result<()> {
    let mut kept = secret(tx, vault, way)?;
    match seal {
        "" => return Ok(()),
        "-" => kept.seal.clear(),
        new => new.clone_into(&mut kept.seal),
    }
    keep_secret(tx, vault, way, &kept)
}

fn keep_secret(tx: &mut Tx, vault: &Vault, way: Way, secret: &setting::Secret) -> Result<()> {
    let sealed = vault.seal_json(setting::SECRET, way.record(), secret)?;
    tx.exec(
        sql!(
            "INSERT INTO channel_state (channel, secret_sealed) VALUES ($1, $2)
              ON CONFLICT (channel) DO UPDATE SET secret_sealed = excluded.secret_sealed, token_until = 0,
                                                  paused_until = 0, failures = 0"
        ),
        &[&way, &sealed],
    )?;
    Ok(())
}

/// A token that a provider gave for a while, if it is still good.
pub(crate) fn token(app: &App, way: Way) -> Result<Option<String>> {
    let sealed: Option<(Option<Vec<u8>>, Millis)> = app.db.read_wait(move |r| {
        r.row(sql!("SELECT token_sealed, token_until FROM channel_state WHERE channel = $1"), &[&way])
    })?;
    match sealed {
        Some((Some(sealed), until)) if until > app.clock().now() => {
            app.vault.open_text(TOKEN, way.record(), &sealed).map(Some)
        }
        _ => Ok(None),
    }
}

pub(crate) fn keep_token(app: &App, way: Way, token: &str, seconds: i64) -> Result<()> {
    let sealed = app.vault.seal(TOKEN, way.record(), token.as_bytes())?;
    app.db.write_wait(move |tx| {
        // Used a little shorter than the provider says, so that it does not end on its way.
        let until = tx.now().plus_seconds((seconds - 300).max(60));
        tx.exec(
            sql!(
                "INSERT INTO channel_state (channel, token_sealed, token_until) VALUES ($1, $2, $3)
                  ON CONFLICT (channel) DO UPDATE SET token_sealed = excluded.token_sealed,
                                                      token_until = excluded.token_until"
            ),
            &[&way, &sealed, &until],
        )?;
        Ok(())
    })
}

pub(crate) fn forget_token(app: &App, way: Way) -> Result<()> {
    app.db.write_wait(move |tx| {
        tx.exec(sql!("UPDATE channel_state SET token_until = 0 WHERE channel = $1"), &[&way]).map(drop)
    })
}

/// Notes how a batch fared. When nothing of it was taken and all may go later, the channel rests, longer each time.
pub(crate) fn note(tx: &mut Tx, way: Way, answers: &[&Sent]) -> Result<()> {
    let now = tx.now();
    let taken = answers.iter().any(|a| matches!(a, Sent::Taken(_)));
    let down = !answers.is_empty() && answers.iter().all(|a| matches!(a, Sent::Later(_)));
    let fault = answers.iter().find_map(|a| match a {
        Sent::Taken(_) => None,
        Sent::Later(why) | Sent::Refused(why) | Sent::Gone(why) | Sent::Lost(why) => Some(why.as_str()),
    });
    tx.exec(sql!("INSERT INTO channel_state (channel) VALUES ($1) ON CONFLICT DO NOTHING"), &[&way])?;
    if taken {
        tx.exec(
            sql!("UPDATE channel_state SET failures = 0, paused_until = 0, last_sent_at = $2 WHERE channel = $1"),
            &[&way, &now],
        )?;
    }
    if let Some(why) = fault {
        tx.exec(
            sql!("UPDATE channel_state SET last_fault = $2, last_fault_at = $3 WHERE channel = $1"),
            &[&way, &why, &now],
        )?;
    }
    if down {
        let failures: i64 = tx.scalar(sql!("SELECT failures FROM channel_state WHERE channel = $1"), &[&way])?;
        let rest = (REST_SECONDS << failures.min(8)).min(LONGEST_REST_SECONDS);
        let until = now.plus_seconds(rest);
        tx.exec(
            sql!("UPDATE channel_state SET failures = failures + 1, paused_until = $2 WHERE channel = $1"),
            &[&way, &until],
        )?;
    }
    Ok(())
}

/// Letters that wait or are on their way, and those that did not arrive, by channel.
///
/// # Errors
/// As any statement.
pub fn queue(r: &mut Reader) -> Result<(i64, i64)> {
    let waiting: i64 = r.scalar(sql!("SELECT COUNT(*) FROM dispatch WHERE state = 'queued'"), &[])?;
    let sending: i64 = r.scalar(sql!("SELECT COUNT(*) FROM dispatch WHERE state = 'sending'"), &[])?;
    Ok((waiting, sending))
}

/// An address that a provider says is dead takes no more letters.
pub(crate) fn forget_address(tx: &mut Tx, person: Id, way: Way, blind: &str, why: &str) -> Result<()> {
    tx.exec(
        sql!(
            "UPDATE address SET state = 'dead', fault = $4
              WHERE person_id = $1 AND channel = $2 AND address_blind = $3"
        ),
        &[&person, &way, &blind, &why],
    )?;
    Ok(())
}

/// As `forget_address`, whoever has it.
pub(crate) fn forget_everywhere(tx: &mut Tx, way: Way, blind: &str, why: &str) -> Result<()> {
    tx.exec(
        sql!("UPDATE address SET state = 'dead', fault = $3 WHERE channel = $1 AND address_blind = $2"),
        &[&way, &blind, &why],
    )?;
    Ok(())
}
