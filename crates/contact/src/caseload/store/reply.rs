//! The reply: drafted, handed in, approved, told. Between two people who write or decide at once the slower
//! learns that it changed (`Change`).

use super::events::{NewEvent, note};
use super::find::save;
use super::writer::who;
use crate::caseload::ledger;
use crate::caseload::letters;
use crate::caseload::model::{Case, Door, How, ReplyRow, ReplyState, State, Step, Writer};
use crate::caseload::rules;
use gongyu_access::Actor;
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Reader, Tx, sql};
use gongyu_vault::Vault;
use gongyu_web::App;

const TEXT: &str = "caseload_reply.sealed";

fn round_of(r: &mut Reader, case: Id) -> Result<i64> {
    let sent: i64 =
        r.scalar(sql!("SELECT COUNT(*) FROM caseload_reply WHERE case_id = $1 AND state = 'sent'"), &[&case])?;
    Ok(sent + 1)
}

/// The replies of a case, the last last, with their text.
///
/// # Errors
/// As any statement.
pub fn replies_of(r: &mut Reader, vault: &Vault, case: Id) -> Result<Vec<(ReplyRow, String)>> {
    let rows: Vec<ReplyRow> = r.rows(
        sql!(
            "SELECT id, round, state, author_account_id, author_name, written_at, approved_name, sent_on, sent_how,
                    sealed FROM caseload_reply WHERE case_id = $1 ORDER BY round"
        ),
        &[&case],
    )?;
    let open = |row: ReplyRow| {
        let text = vault.open_text(TEXT, row.id, &row.sealed)?;
        Ok((row, text))
    };
    rows.into_iter().map(open).collect()
}

/// Writes the draft of the running round.
///
/// # Errors
/// `Error::Conflict` when it is not being handled; `Error::Invalid` without text.
pub fn draft(tx: &mut Tx, app: &App, actor: &Actor, case: &mut Case, text: &str) -> Result<()> {
    write(tx, app, actor, case, text)?;
    save(tx, case)
}

fn write(tx: &mut Tx, app: &App, actor: &Actor, case: &Case, text: &str) -> Result<i64> {
    if text.is_empty() {
        return Err(Error::field("reply", "field-required"));
    }
    if case.state != State::Handling {
        return Err(Error::conflict("case-not-handled"));
    }
    let (round, now) = (round_of(tx, case.id)?, tx.now());
    let known: Option<(Id,)> =
        tx.row(sql!("SELECT id FROM caseload_reply WHERE case_id = $1 AND round = $2"), &[&case.id, &round])?;
    let id = known.map_or_else(|| tx.new_id(), |(id,)| id);
    let sealed = app.vault.seal(TEXT, id, text.as_bytes())?;
    tx.exec(
        sql!(
            "INSERT INTO caseload_reply (id, case_id, school_id, round, state, author_account_id, author_name, written_at,
                                         approved_by, approved_name, sent_on, sent_how, sealed)
              VALUES ($1, $2, $3, $4, 'draft', $5, $6, $7, NULL, '', NULL, 'none', $8)
              ON CONFLICT (case_id, round) DO UPDATE SET state = 'draft', author_account_id = $5, author_name = $6,
                    written_at = $7, sealed = $8"
        ),
        &[&id, &case.id, &case.school, &round, &actor.account, &actor.name, &now, &sealed],
    )?;
    Ok(round)
}

fn set_state(tx: &mut Tx, case: &Case, from: ReplyState, to: ReplyState) -> Result<()> {
    let changed = tx.exec(
        sql!("UPDATE caseload_reply SET state = $3 WHERE case_id = $1 AND state = $2"),
        &[&case.id, &from, &to],
    )?;
    if changed == 1 { Ok(()) } else { Err(Error::conflict("case-changed")) }
}

/// Hands a reply in for approval.
///
/// # Errors
/// As `draft`.
pub fn submit(tx: &mut Tx, app: &App, actor: &Actor, case: &mut Case, text: &str) -> Result<()> {
    write(tx, app, actor, case, text)?;
    set_state(tx, case, ReplyState::Draft, ReplyState::Submitted)?;
    case.state = State::Approving;
    save(tx, case)?;
    note(tx, app, case, &NewEvent::of(Step::Submitted, actor))
}

/// Gives a reply back to be written anew, saying what is missing.
///
/// # Errors
/// `Error::Conflict` when none waits; `Error::Invalid` without words.
pub fn give_back(tx: &mut Tx, app: &App, actor: &Actor, case: &mut Case, words: &str) -> Result<()> {
    if words.is_empty() {
        return Err(Error::field("words", "field-required"));
    }
    if case.state != State::Approving {
        return Err(Error::conflict("case-nothing-to-approve"));
    }
    set_state(tx, case, ReplyState::Submitted, ReplyState::Draft)?;
    case.state = State::Handling;
    save(tx, case)?;
    note(tx, app, case, &NewEvent::of(Step::Returned, actor).words(words))
}

/// Approves a reply. Where the writer is reached through the product it is sent with it, to those joined to
/// the case too; where not, the handler tells it and notes how.
///
/// # Errors
/// `Error::Conflict` when none waits.
pub fn approve(tx: &mut Tx, app: &App, actor: &Actor, case: &mut Case) -> Result<()> {
    if case.state != State::Approving {
        return Err(Error::conflict("case-nothing-to-approve"));
    }
    tx.exec(
        sql!(
            "UPDATE caseload_reply SET approved_by = $2, approved_name = $3 WHERE case_id = $1 AND state = 'submitted'"
        ),
        &[&case.id, &actor.account, &actor.name],
    )?;
    set_state(tx, case, ReplyState::Submitted, ReplyState::Approved)?;
    note(tx, app, case, &NewEvent::of(Step::Approved, actor))?;
    match reached_by(tx, app, case)? {
        Some(how) => sent(tx, app, actor, case, how),
        None => {
            case.state = State::Telling;
            save(tx, case)
        }
    }
}

/// How the product itself reaches the writer, if it does.
fn reached_by(r: &mut Reader, app: &App, case: &Case) -> Result<Option<How>> {
    Ok(match (case.door, case.writer) {
        (Door::Mailbox, Writer::Anonymous) => Some(How::Receipt),
        (Door::Mailbox, _) => Some(How::InApp),
        _ => who(r, app, case.id)?.filter(|w| w.account.is_some()).map(|_| How::InApp),
    })
}

/// Notes that an approved answer was told by telephone or in person.
///
/// # Errors
/// `Error::Conflict` when none is to be told.
pub fn tell(tx: &mut Tx, app: &App, actor: &Actor, case: &mut Case, how: How) -> Result<()> {
    if case.state != State::Telling || !matches!(how, How::Phone | How::AtSchool) {
        return Err(Error::conflict("case-nothing-to-tell"));
    }
    ledger::told(tx, app, actor, case, how)?;
    sent(tx, app, actor, case, how)
}

fn sent(tx: &mut Tx, app: &App, actor: &Actor, case: &mut Case, how: How) -> Result<()> {
    let today = tx.today();
    tx.exec(
        sql!("UPDATE caseload_reply SET sent_on = $2, sent_how = $3 WHERE case_id = $1 AND state = 'approved'"),
        &[&case.id, &today, &how],
    )?;
    set_state(tx, case, ReplyState::Approved, ReplyState::Sent)?;
    // Answered, nothing of it is waited for any more, whatever came before the answer.
    for key in [rules::answering(case), rules::ACCEPT, rules::ANSWER, rules::OBJECT, rules::PETITION_ACCEPT] {
        case.stages.meet(key, today);
    }
    (case.state, case.answered_on) = (State::Answered, Some(today));
    save(tx, case)?;
    note(tx, app, case, &NewEvent::of(Step::Sent, actor))?;
    for joined in super::rounds::joined_to(tx, case.id)? {
        ledger::answered(tx, app, actor, &joined)?;
        letters::answered(tx, app, &joined)?;
    }
    ledger::answered(tx, app, actor, case)?;
    letters::answered(tx, app, case)
}

/// The answer given while the call or the talk lasted: approved by having been said.
pub(super) fn at_once(tx: &mut Tx, app: &App, actor: &Actor, case: &Case, text: &str) -> Result<()> {
    let how = if case.door == Door::Line { How::Phone } else { How::AtSchool };
    let (id, now) = (tx.new_id(), tx.now());
    let sealed = app.vault.seal(TEXT, id, text.as_bytes())?;
    tx.exec(
        sql!(
            "INSERT INTO caseload_reply (id, case_id, school_id, round, state, author_account_id, author_name, written_at,
                                         approved_by, approved_name, sent_on, sent_how, sealed)
              VALUES ($1, $2, $3, 1, 'sent', $4, $5, $6, $4, $5, $7, $8, $9)"
        ),
        &[&id, &case.id, &case.school, &actor.account, &actor.name, &now, &case.received_on, &how, &sealed],
    )?;
    note(tx, app, case, &NewEvent::of(Step::Sent, actor))
}
