//! Sending a notice, and what may be done with one that went: correcting, withdrawing, adding families.

use super::audience::{self, Target, Targets};
use super::notices::{self, Origin};
use crate::notice::model::{Audience, Draft, Notice, State};
use crate::notice::{SOURCE, fan_out, rules, settings};
use gongyu_access::{Action, Actor, Hat, Prefs, grant};
use gongyu_deliver::dispatch;
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_registry::unit;
use gongyu_store::{Tx, Value, sql};
use std::collections::HashMap;

/// Classes that are written out at once, in the transaction that sends.
const AT_ONCE: usize = 3;

/// What sending led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Every family has its letter on the way.
    Whole,
    /// Written out in the background.
    Begun,
    /// Waits for its time.
    Scheduled,
}

/// Sends a draft, or sets it for its time. `again` says that a notice just like one sent a moment ago is meant.
///
/// # Errors
/// `Error::Invalid` names what the draft lacks; `Error::Conflict("notice-duplicate")` for the same notice
/// within the settings' minutes, `Error::Conflict("notice-already-sent")`; as `audience::resolve`.
pub fn send(tx: &mut Tx, actor: &Actor, notice: &Notice, again: bool) -> Result<Sent> {
    let now = tx.now();
    if notice.template || !matches!(notice.state, State::Draft | State::Scheduled) {
        return Err(Error::conflict("notice-already-sent"));
    }
    rules::check(&notices::as_draft(notice), now, actor.may(Action::SendUrgent).is_ok())?;
    let targets = audience::resolve(tx, actor, &notice.audience)?;
    let settings = settings::settings_of(tx)?;
    if !again && is_duplicate(tx, notice, now.plus_minutes(-settings.duplicate_minutes))? {
        return Err(Error::conflict("notice-duplicate"));
    }
    if let Some(at) = notice.send_at.filter(|at| *at > now) {
        tx.exec(
            sql!("UPDATE notice SET state = 'scheduled', due_at = $1, updated_at = $2 WHERE id = $3"),
            &[&at, &now, &notice.id],
        )?;
        return Ok(Sent::Scheduled);
    }
    begin(tx, notice.id, &targets)
}

fn is_duplicate(tx: &mut Tx, notice: &Notice, since: Millis) -> Result<bool> {
    let found: Option<(Id,)> = tx.row(
        sql!(
            "SELECT n.id FROM notice n JOIN notice m ON m.id = $1
              WHERE n.author_id = $2 AND n.id <> $1 AND n.fingerprint = m.fingerprint AND n.sent_at >= $3
                AND n.state <> 'recalled' LIMIT 1"
        ),
        &[&notice.id, &notice.author, &since],
    )?;
    Ok(found.is_some())
}

/// Puts what is scheduled back among the drafts.
///
/// # Errors
/// `Error::Conflict("notice-already-sent")`.
pub fn unschedule(tx: &mut Tx, notice: &Notice) -> Result<()> {
    let n = tx.exec(
        sql!("UPDATE notice SET state = 'draft', due_at = NULL WHERE id = $1 AND state = 'scheduled'"),
        &[&notice.id],
    )?;
    if n == 1 { Ok(()) } else { Err(Error::conflict("notice-already-sent")) }
}

/// Sends what was scheduled for now. When its author no longer holds the hat, or the families are out of
/// reach since, it is a draft again; returns whether it went.
///
/// # Errors
/// As any statement.
pub(crate) fn send_scheduled(tx: &mut Tx, id: Id) -> Result<bool> {
    let notice = notices::find(tx, id)?;
    if notice.state != State::Scheduled {
        return Ok(false);
    }
    let held = grant::current(tx, notice.author)?;
    let actor = author_of(&notice);
    let holds = held.iter().any(|g| g.unit == notice.unit && g.role == notice.author_role);
    let targets = if holds { audience::resolve(tx, &actor, &notice.audience) } else { Err(Error::Forbidden) };
    match targets {
        Ok(targets) => begin(tx, id, &targets).map(|_| true),
        Err(Error::Forbidden | Error::NotFound | Error::Invalid(_) | Error::Conflict(_)) => {
            unschedule(tx, &notice)?;
            Ok(false)
        }
        Err(other) => Err(other),
    }
}

/// The author in the hat worn when writing.
fn author_of(notice: &Notice) -> Actor {
    Actor {
        account: notice.author,
        session: None,
        name: notice.author_name.clone(),
        staff: notice.author_staff,
        guardian: None,
        hat: Hat {
            role: notice.author_role,
            unit: Some(notice.unit),
            unit_name: notice.from_name.clone(),
            grant: None,
        },
        strong: false,
        must_change: false,
        prefs: Prefs::default(),
    }
}

fn begin(tx: &mut Tx, id: Id, targets: &Targets) -> Result<Sent> {
    let now = tx.now();
    keep_picks(tx, id, &targets.picks, false)?;
    keep_picks(tx, id, &targets.except, true)?;
    insert_classes(tx, id, &targets.classes)?;
    tx.exec(
        sql!(
            "UPDATE notice SET state = 'sending', sent_at = $1, updated_at = $1, due_at = NULL
              WHERE id = $2 AND state IN ('draft', 'scheduled')"
        ),
        &[&now, &id],
    )?;
    write_out(tx, id, targets.classes.len())
}

/// Writes the families out: here when they are few, else in the background.
fn write_out(tx: &mut Tx, id: Id, classes: usize) -> Result<Sent> {
    if classes <= AT_ONCE {
        fan_out::all(tx, id)?;
        Ok(Sent::Whole)
    } else {
        fan_out::enqueue(tx, id)?;
        Ok(Sent::Begun)
    }
}

fn keep_picks(tx: &mut Tx, id: Id, children: &[Id], left_out: bool) -> Result<()> {
    let rows: Vec<Vec<Value<'_>>> =
        children.iter().map(|c| vec![Value::Int(id.0), Value::Int(c.0), Value::Bool(left_out)]).collect();
    tx.insert_many_with(
        "notice_pick",
        &["notice_id", "student_id", "left_out"],
        "ON CONFLICT (notice_id, student_id) DO UPDATE SET left_out = excluded.left_out",
        &rows,
    )
}

fn insert_classes(tx: &mut Tx, id: Id, classes: &[Target]) -> Result<()> {
    const COLUMNS: &[&str] = &[
        "notice_id",
        "school_id",
        "class_id",
        "whole",
        "filled",
        "day",
        "round",
        "letters",
        "n_addressed",
        "n_failed",
        "n_delivered",
        "n_read",
        "n_confirmed",
    ];
    let today = tx.today().to_string();
    let rows: Vec<Vec<Value<'_>>> = classes
        .iter()
        .map(|t| {
            let mut row = vec![
                Value::Int(id.0),
                Value::Int(t.school.0),
                Value::Int(t.class.0),
                Value::Bool(t.whole),
                Value::Bool(false),
                Value::Text(today.as_str().into()),
            ];
            row.extend((0..7).map(|_| Value::Int(0)));
            row
        })
        .collect();
    tx.insert_many("notice_class", COLUMNS, &rows)
}

/// Corrects a notice that went: a new version to exactly those who were addressed, told to them as such.
/// What was confirmed of the old version stays with the old one.
///
/// # Errors
/// `Error::Invalid` names what the new text lacks; `Error::Conflict("notice-still-sending")`,
/// `Error::Conflict("notice-recalled")`, `Error::Conflict("notice-replaced")`.
pub fn correct(tx: &mut Tx, actor: &Actor, old: &Notice, draft: &Draft, client_key: &str) -> Result<Id> {
    let now = tx.now();
    refuse_unless_standing(old)?;
    let draft = Draft { audience: old.audience.clone(), send_at: None, ..draft.clone() };
    rules::check(&draft, now, actor.may(Action::SendUrgent).is_ok())?;
    let unit = unit::find(tx, old.unit)?;
    let origin = Origin { template: false, corrects: Some((old.id, old.version)) };
    let id = notices::insert(tx, actor, &unit, &draft, &origin, client_key)?;
    tx.exec(
        sql!(
            "INSERT INTO notice_class (notice_id, school_id, class_id, whole, filled, day, round, letters, n_addressed,
                                        n_failed, n_delivered, n_read, n_confirmed)
              SELECT $1, school_id, class_id, FALSE, FALSE, day, 0, 0, 0, 0, 0, 0, 0
                FROM notice_class WHERE notice_id = $2"
        ),
        &[&id, &old.id],
    )?;
    tx.exec(sql!("UPDATE notice SET state = 'sending', sent_at = $1, updated_at = $1 WHERE id = $2"), &[&now, &id])?;
    tx.exec(
        sql!("UPDATE notice SET replaced_by = $1, due_at = NULL, updated_at = $2 WHERE id = $3"),
        &[&id, &now, &old.id],
    )?;
    dispatch::cancel(tx, SOURCE, old.id, None)?;
    let classes: i64 = tx.scalar(sql!("SELECT COUNT(*) FROM notice_class WHERE notice_id = $1"), &[&id])?;
    write_out(tx, id, usize::try_from(classes).unwrap_or(usize::MAX))?;
    Ok(id)
}

pub(super) fn refuse_unless_standing(notice: &Notice) -> Result<()> {
    match notice.state {
        State::Recalled => Err(Error::conflict("notice-recalled")),
        State::Sent if notice.replaced_by.is_some() => Err(Error::conflict("notice-replaced")),
        State::Sent => Ok(()),
        State::Sending => Err(Error::conflict("notice-still-sending")),
        State::Draft | State::Scheduled => Err(Error::conflict("notice-not-sent")),
    }
}

/// Withdraws a notice: letters not yet gone are cancelled, the home of a family shows it as withdrawn, what
/// was read and confirmed stays on record.
///
/// # Errors
/// `Error::Conflict("notice-not-sent")`, `Error::Conflict("notice-recalled")`; `Error::Invalid` without a reason.
pub fn recall(tx: &mut Tx, notice: &Notice, why: &str) -> Result<()> {
    if why.trim().is_empty() {
        return Err(Error::field("why", "notice-recall-why"));
    }
    let now = tx.now();
    let n = tx.exec(
        sql!(
            "UPDATE notice SET state = 'recalled', recalled_at = $1, recall_why = $2, due_at = NULL, updated_at = $1
              WHERE id = $3 AND state IN ('sending', 'sent')"
        ),
        &[&now, &why.trim(), &notice.id],
    )?;
    if n == 0 {
        let code = if notice.state == State::Recalled { "notice-recalled" } else { "notice-not-sent" };
        return Err(Error::conflict(code));
    }
    dispatch::cancel(tx, SOURCE, notice.id, None).map(drop)
}

/// Adds families to a notice that went; who has it already gets nothing again.
///
/// # Errors
/// As `correct` and `audience::resolve`.
pub fn add_recipients(tx: &mut Tx, actor: &Actor, notice: &Notice, more: &Audience) -> Result<Sent> {
    refuse_unless_standing(notice)?;
    let targets = audience::resolve(tx, actor, more)?;
    add_targets(tx, notice, &targets, more)
}

/// Adds one child, out of the suggestions for a class; the child's class must be in the hat's unit already.
pub(super) fn add_targets(tx: &mut Tx, notice: &Notice, targets: &Targets, more: &Audience) -> Result<Sent> {
    let now = tx.now();
    keep_picks(tx, notice.id, &targets.picks, false)?;
    let known: Vec<(Id, bool)> =
        tx.rows(sql!("SELECT class_id, whole FROM notice_class WHERE notice_id = $1"), &[&notice.id])?;
    let known: HashMap<Id, bool> = known.into_iter().collect();
    let (old, new): (Vec<Target>, Vec<Target>) = targets.classes.iter().partition(|t| known.contains_key(&t.class));
    insert_classes(tx, notice.id, &new)?;
    let whole: Vec<Id> = old.iter().filter(|t| t.whole).map(|t| t.class).collect();
    tx.exec_in(
        sql!("UPDATE notice_class SET whole = TRUE, filled = FALSE WHERE class_id IN ($1) AND notice_id = $2"),
        &whole,
        &[&notice.id],
    )?;
    let parts: Vec<Id> = old.iter().filter(|t| !t.whole).map(|t| t.class).collect();
    tx.exec_in(
        sql!("UPDATE notice_class SET filled = FALSE WHERE class_id IN ($1) AND notice_id = $2"),
        &parts,
        &[&notice.id],
    )?;
    let mut audience = notice.audience.clone();
    audience.units.extend(more.units.iter().filter(|u| !notice.audience.units.contains(u)));
    audience.children.extend(more.children.iter().filter(|c| !notice.audience.children.contains(c)));
    audience.except.retain(|c| !targets.picks.contains(c));
    tx.exec(
        sql!("UPDATE notice SET state = 'sending', audience = $1, updated_at = $2 WHERE id = $3"),
        &[&audience, &now, &notice.id],
    )?;
    write_out(tx, notice.id, targets.classes.len())
}
