//! The table of what goes out.

use crate::channel::Sent;
use gongyu_kernel::{Id, Millis, Result};
use gongyu_store::{Reader, Tx, coded, record, sql};
use gongyu_vault::Vault;
use gongyu_web::App;

/// Days a message is kept: long enough to answer "was it sent?", no longer [P].
const KEPT_DAYS: i64 = 30;
/// Seal name of `outgoing.to_sealed`.
const TO: &str = "outgoing.to";
/// Seal name of `outgoing.body_sealed`.
const BODY: &str = "outgoing.body";

/// Where a message stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Waits for its channel.
    Queued,
    /// Handed to the channel; an answer is awaited.
    Sending,
    /// The channel took it.
    Sent,
    /// It did not go out and will not.
    Failed,
    /// The answer was lost: it may have gone out. Never sent again by itself.
    Unknown,
}

impl State {
    /// Text in the database and in the catalogues.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }

    /// Reads the text.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Queued, Self::Sending, Self::Sent, Self::Failed, Self::Unknown].into_iter().find(|s| s.code() == text)
    }

    /// What a try that finds the message in this state may do with it.
    pub const fn begun(self) -> Step {
        match self {
            Self::Queued => Step::Send,
            Self::Sending => Step::Lost,
            Self::Sent | Self::Failed | Self::Unknown => Step::Nothing,
        }
    }

    /// Where a message stands after its channel's answer.
    pub const fn after(answer: &Sent) -> Self {
        match answer {
            Sent::Taken(_) => Self::Sent,
            Sent::Later(_) => Self::Queued,
            Sent::Refused(_) | Sent::Gone(_) => Self::Failed,
            Sent::Lost(_) => Self::Unknown,
        }
    }
}
coded!(State);

/// What a try may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Hand it to the channel.
    Send,
    /// An earlier try died between handing it over and noting the answer.
    Lost,
    /// It is settled.
    Nothing,
}

/// A message to be kept.
pub struct NewMessage<'a> {
    /// Identifier.
    pub id: Id,
    /// Name of the channel.
    pub channel: &'static str,
    /// Name of the template.
    pub template: &'a str,
    /// Number or address.
    pub to: &'a str,
    /// Text.
    pub body: &'a str,
}

/// Keeps a message, unless it is kept already, and begins a try.
///
/// # Errors
/// As any statement.
pub fn begin(tx: &mut Tx, vault: &Vault, new: &NewMessage<'_>) -> Result<Step> {
    let now = tx.now();
    let to = vault.seal(TO, new.id, new.to.as_bytes())?;
    let body = vault.seal(BODY, new.id, new.body.as_bytes())?;
    tx.exec(
        sql!(
            "INSERT INTO outgoing (id, channel, template, to_sealed, body_sealed, state, attempts, receipt, fault,
                                    created_at)
              VALUES ($1, $2, $3, $4, $5, 'queued', 0, '', '', $6) ON CONFLICT DO NOTHING"
        ),
        &[&new.id, &new.channel, &new.template, &to, &body, &now],
    )?;
    let state: State = tx.scalar(sql!("SELECT state FROM outgoing WHERE id = $1"), &[&new.id])?;
    let step = state.begun();
    match step {
        Step::Send => {
            tx.exec(
                sql!("UPDATE outgoing SET state = 'sending', channel = $1, attempts = attempts + 1 WHERE id = $2"),
                &[&new.channel, &new.id],
            )?;
        }
        Step::Lost => {
            tx.exec(
                sql!("UPDATE outgoing SET state = 'unknown', fault = 'the answer was lost' WHERE id = $1"),
                &[&new.id],
            )?;
        }
        Step::Nothing => {}
    }
    Ok(step)
}

/// Notes what the channel answered.
///
/// # Errors
/// As any statement.
pub fn settle(tx: &mut Tx, id: Id, answer: &Sent) -> Result<()> {
    let state = State::after(answer);
    let (receipt, fault) = match answer {
        Sent::Taken(receipt) => (receipt.as_str(), ""),
        Sent::Later(why) | Sent::Refused(why) | Sent::Gone(why) | Sent::Lost(why) => ("", why.as_str()),
    };
    let sent_at = (state == State::Sent).then(|| tx.now());
    tx.exec(
        sql!("UPDATE outgoing SET state = $1, receipt = $2, fault = $3, sent_at = $4 WHERE id = $5"),
        &[&state, &receipt, &fault, &sent_at, &id],
    )?;
    Ok(())
}

record! {
    struct Row {
        id: Id,
        to: Vec<u8>,
        body: Vec<u8>,
        state: State,
        created_at: Millis,
    }
}

/// A message opened.
pub struct Opened {
    /// Number or address.
    pub to: String,
    /// Text.
    pub body: String,
    /// Where it stands.
    pub state: State,
    /// Kept since.
    pub created_at: Millis,
}

/// The newest messages of the demo's outbox, opened.
///
/// # Errors
/// As any statement, and when a message cannot be opened.
pub fn newest(r: &mut Reader, vault: &Vault, limit: i64) -> Result<Vec<Opened>> {
    let rows: Vec<Row> = r.rows(
        sql!(
            "SELECT id, to_sealed, body_sealed, state, created_at FROM outgoing
              WHERE channel = 'outbox' ORDER BY id DESC LIMIT $1"
        ),
        &[&limit],
    )?;
    rows.into_iter()
        .map(|row| {
            Ok(Opened {
                to: vault.open_text(TO, row.id, &row.to)?,
                body: vault.open_text(BODY, row.id, &row.body)?,
                state: row.state,
                created_at: row.created_at,
            })
        })
        .collect()
}

/// The job that forgets messages past their time.
pub(crate) fn sweep(app: &App, _: Id, _: &str) -> Result<()> {
    const AT_ONCE: i64 = 500;
    loop {
        let gone = app.db.write_wait(|tx| {
            let before = tx.now().plus_days(-KEPT_DAYS);
            tx.exec(
                sql!(
                    "DELETE FROM outgoing WHERE id IN
                      (SELECT id FROM outgoing WHERE created_at < $1 ORDER BY id LIMIT $2)"
                ),
                &[&before, &AT_ONCE],
            )
        })?;
        if gone == 0 {
            break;
        }
    }
    for sweep in [crate::live::sweep, crate::ration::sweep, crate::choice::proof::sweep, crate::inbox::sweep] {
        while app.db.write_wait(sweep)? > 0 {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_whose_answer_was_lost_is_never_sent_again() {
        let lost = State::after(&Sent::Lost("timed out".into()));
        assert_eq!(lost, State::Unknown);
        assert_eq!(lost.begun(), Step::Nothing);
        assert_eq!(State::Sending.begun(), Step::Lost);
    }

    #[test]
    fn only_a_message_that_surely_did_not_go_out_is_tried_again() {
        assert_eq!(State::after(&Sent::Later("busy".into())).begun(), Step::Send);
        assert_eq!(State::after(&Sent::Refused("no such number".into())).begun(), Step::Nothing);
        assert_eq!(State::after(&Sent::Taken("r1".into())).begun(), Step::Nothing);
    }
}
