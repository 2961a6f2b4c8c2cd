//! The rows of notices: writing, copying, finding.

use crate::notice::model::{Audience, Draft, Ids, Notice, State};
use crate::notice::rules::{NoticeSettings, next_reminder};
use gongyu_access::Actor;
use gongyu_kernel::hex;
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_registry::unit::{self, Unit};
use gongyu_registry::year;
use gongyu_store::{Reader, Tx, sql};
use sha2::{Digest, Sha256};

macro_rules! select {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT n.id, n.unit_id, n.school_id, n.author_id, n.author_staff_id, n.author_role, n.author_name,
                    n.from_name, n.kind, n.urgent, n.urgent_why, n.title, n.body, n.attachments, n.questions,
                    n.audience, n.deadline_at, n.send_at, n.state, n.version, n.correction_of, n.replaced_by,
                    n.template, n.remind, n.token, n.rounds, n.last_round_at, n.created_at, n.updated_at, n.sent_at,
                    n.filled_at, n.recalled_at, n.recall_why
             FROM notice n ",
            $tail
        ))
    };
}

/// A notice.
///
/// # Errors
/// `Error::NotFound`.
pub fn find(r: &mut Reader, id: Id) -> Result<Notice> {
    r.one(select!("WHERE n.id = $1"), &[&id])
}

/// Several notices, in no order.
pub(crate) fn find_all(r: &mut Reader, ids: &[Id]) -> Result<Vec<Notice>> {
    let mut found: Vec<Notice> = r.rows_in(select!("WHERE n.id IN ($1)"), ids, &[])?;
    found.sort_by_key(|n| n.id);
    found.dedup_by_key(|n| n.id);
    Ok(found)
}

/// The notice behind an address from a text message.
///
/// # Errors
/// `Error::NotFound` for a token that is no notice's, or of one that has not gone.
pub fn by_token(r: &mut Reader, token: &str) -> Result<Notice> {
    r.one(select!("WHERE n.token = $1 AND n.state IN ('sending', 'sent', 'recalled')"), &[&token])
}

/// Templates of the author and of the units around the hat, the author's own first.
///
/// # Errors
/// As any statement.
pub fn templates(r: &mut Reader, actor: &Actor) -> Result<Vec<Notice>> {
    let unit = actor.unit()?;
    r.rows(
        select!(
            "WHERE n.template AND (n.author_id = $1 OR n.unit_id IN (
                    SELECT c.ancestor_id FROM unit_closure c WHERE c.descendant_id = $2 AND c.valid_to IS NULL))
             ORDER BY CASE WHEN n.author_id = $1 THEN 0 ELSE 1 END, n.id DESC LIMIT 100"
        ),
        &[&actor.account, &unit],
    )
}

/// Begins a draft, or a template. The same client key of the same author begins it once: the second time
/// gives the first one's identifier and `false`. Nothing is checked yet but the lengths the table needs.
///
/// # Errors
/// `Error::Forbidden` for a hat without a unit.
pub fn create(tx: &mut Tx, actor: &Actor, draft: &Draft, template: bool, client_key: &str) -> Result<(Id, bool)> {
    let unit = unit::find(tx, actor.unit()?)?;
    let known: Option<(Id,)> =
        tx.row(sql!("SELECT id FROM notice WHERE author_id = $1 AND client_key = $2"), &[&actor.account, &client_key])?;
    if let Some((id,)) = known {
        return Ok((id, false));
    }
    let id = insert(tx, actor, &unit, draft, &Origin { template, ..Origin::default() }, client_key)?;
    Ok((id, true))
}

/// Where a new row comes from.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Origin {
    pub(crate) template: bool,
    pub(crate) corrects: Option<(Id, i64)>,
}

pub(crate) fn insert(
    tx: &mut Tx,
    actor: &Actor,
    unit: &Unit,
    draft: &Draft,
    origin: &Origin,
    client_key: &str,
) -> Result<Id> {
    let (id, now) = (tx.new_id(), tx.now());
    let start = year::current(tx)?.start;
    let from = match unit.school.filter(|school| *school != unit.id) {
        Some(school) => format!("{}{}", unit::find(tx, school)?.name, unit.display(start)),
        None => unit.name.clone(),
    };
    let (version, corrects) = origin.corrects.map_or((1, None), |(of, version)| (version + 1, Some(of)));
    // An identifier is unique, and a hash of it with the author says nothing to who does not know both.
    let token = token_of(id, actor.account, now);
    let key = if client_key.is_empty() { id.to_string() } else { client_key.to_owned() };
    let print = fingerprint(actor.account, unit.id, draft);
    let attachments = Ids(draft.attachments.clone());
    tx.exec(
        sql!(
            "INSERT INTO notice (id, unit_id, school_id, author_id, author_staff_id, author_role, author_name, from_name,
                    kind, urgent, urgent_why, title, body, attachments, questions, audience, deadline_at, send_at, state,
                    version, correction_of, template, remind, token, rounds, round_of, created_at, updated_at, recall_why,
                    fingerprint, client_key)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 'draft',
                      $19, $20, $21, $22, $23, 0, '', $24, $24, '', $25, $26)"
        ),
        &[
            &id,
            &unit.id,
            &unit.school,
            &actor.account,
            &actor.staff,
            &actor.hat.role,
            &actor.name,
            &from,
            &draft.kind,
            &draft.urgent,
            &draft.urgent_why.trim(),
            &draft.title.trim(),
            &draft.body,
            &attachments,
            &draft.questions,
            &draft.audience,
            &draft.deadline,
            &draft.send_at,
            &version,
            &corrects,
            &origin.template,
            &draft.remind,
            &token,
            &now,
            &print,
            &key,
        ],
    )?;
    Ok(id)
}

/// Changes a draft, a template, or what is still scheduled (which then is a draft again).
///
/// # Errors
/// `Error::Conflict("notice-already-sent")`.
pub fn update(tx: &mut Tx, notice: &Notice, draft: &Draft) -> Result<()> {
    let now = tx.now();
    let print = fingerprint(notice.author, notice.unit, draft);
    let attachments = Ids(draft.attachments.clone());
    let n = tx.exec(
        sql!(
            "UPDATE notice SET kind = $1, urgent = $2, urgent_why = $3, title = $4, body = $5, attachments = $6,
                    questions = $7, audience = $8, deadline_at = $9, send_at = $10, remind = $11, updated_at = $12,
                    fingerprint = $13, state = 'draft', due_at = NULL
              WHERE id = $14 AND state IN ('draft', 'scheduled')"
        ),
        &[
            &draft.kind,
            &draft.urgent,
            &draft.urgent_why.trim(),
            &draft.title.trim(),
            &draft.body,
            &attachments,
            &draft.questions,
            &draft.audience,
            &draft.deadline,
            &draft.send_at,
            &draft.remind,
            &now,
            &print,
            &notice.id,
        ],
    )?;
    if n == 1 { Ok(()) } else { Err(Error::conflict("notice-already-sent")) }
}

/// Throws a draft or template away.
///
/// # Errors
/// `Error::Conflict("notice-already-sent")`.
pub fn delete(tx: &mut Tx, notice: &Notice) -> Result<()> {
    let n = tx.exec(sql!("DELETE FROM notice WHERE id = $1 AND state IN ('draft', 'scheduled')"), &[&notice.id])?;
    if n == 1 { Ok(()) } else { Err(Error::conflict("notice-already-sent")) }
}

/// What a notice says, to begin another from it.
pub fn as_draft(notice: &Notice) -> Draft {
    Draft {
        kind: notice.kind,
        urgent: notice.urgent,
        urgent_why: notice.urgent_why.clone(),
        title: notice.title.clone(),
        body: notice.body.clone(),
        attachments: notice.attachments.0.clone(),
        questions: notice.questions.clone(),
        audience: notice.audience.clone(),
        deadline: notice.deadline,
        send_at: notice.send_at,
        remind: notice.remind,
    }
}

/// A draft from a template or an earlier notice: the same words and recipients, no times.
///
/// # Errors
/// As `create`.
pub fn copy(tx: &mut Tx, actor: &Actor, from: &Notice, client_key: &str) -> Result<(Id, bool)> {
    let mut draft = Draft { deadline: None, send_at: None, ..as_draft(from) };
    if from.author != actor.account {
        // Whom a colleague chose is the colleague's business; the words are for everybody.
        draft.audience = Audience::default();
    }
    // Attachments belong to one notice only.
    draft.attachments.clear();
    create(tx, actor, &draft, false, client_key)
}

/// Keeps a notice as a template of its unit.
///
/// # Errors
/// As `create`.
pub fn as_template(tx: &mut Tx, actor: &Actor, from: &Notice) -> Result<Id> {
    let draft = Draft { deadline: None, send_at: None, attachments: Vec::new(), urgent: false, ..as_draft(from) };
    let key = format!("template-{}", from.id);
    create(tx, actor, &draft, true, &key).map(|(id, _)| id)
}

fn token_of(id: Id, author: Id, now: Millis) -> String {
    let digest = Sha256::digest(format!("notice {id} {author} {}", now.0).as_bytes());
    hex(&digest[..8])
}

/// The same words of the same author to the same families give the same print.
pub(crate) fn fingerprint(author: Id, unit: Id, draft: &Draft) -> String {
    let audience = serde_json::to_string(&draft.audience).unwrap_or_default();
    let whole = format!(
        "{author}\n{unit}\n{audience}\n{}\n{}\n{}\n{}",
        draft.kind.code(),
        draft.title.trim(),
        draft.body.trim(),
        draft.questions
    );
    hex(&Sha256::digest(whole.as_bytes())[..16])
}

/// The moment at which something is next to be done by itself.
pub(crate) fn set_due(tx: &mut Tx, notice: Id, due: Option<Millis>) -> Result<()> {
    tx.exec(sql!("UPDATE notice SET due_at = $1 WHERE id = $2"), &[&due, &notice])?;
    Ok(())
}

/// Sets the moment of the next reminder after `after`.
pub(crate) fn plan_reminder(tx: &mut Tx, settings: &NoticeSettings, id: Id, after: Millis) -> Result<()> {
    let notice = find(tx, id)?;
    let due = if notice.replaced_by.is_some() || notice.state == State::Recalled {
        None
    } else {
        next_reminder(settings, &notice, after)
    };
    set_due(tx, id, due)
}
