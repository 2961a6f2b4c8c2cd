//! What happens by itself: sending at the set time, writing out, reminding, tidying.

use super::model::State;
use super::store::{self, reach, remind};
use super::{fan_out, rules, settings};
use gongyu_kernel::{Id, Result};
use gongyu_store::jobs::{Every, Handler, Schedule};
use gongyu_store::{Db, Tx, audit, sql};
use gongyu_web::App;

const TICK: &str = "notice.tick";
const NIGHTLY: &str = "notice.nightly";
/// Kind of the job that counts families of classes anew after somebody moved.
const COUNT: &str = "notice.count";
/// Things done in one run of the clock's job; the rest waits a minute.
const AT_ONCE: i64 = 50;
/// Receipts closed in one write.
const CLOSED_AT_ONCE: i64 = 400;

pub(super) const JOBS: &[Handler<App>] = &[
    Handler { kind: fan_out::JOB, run: |app, _, body| fan_out(&app.db, body) },
    Handler { kind: remind::JOB, run: |app, _, body| remind::run(&app.db, body) },
    Handler { kind: TICK, run: |app, _, _| tick(&app.db) },
    Handler { kind: COUNT, run: |app, _, _| reach::keep(&app.db, false) },
    Handler { kind: NIGHTLY, run: |app, _, _| nightly(&app.db) },
];

pub(super) const SCHEDULES: &[Schedule] = &[
    Schedule { kind: TICK, every: Every::Seconds(30) },
    Schedule { kind: COUNT, every: Every::Seconds(600) },
    Schedule { kind: NIGHTLY, every: Every::DayAt(2, 50) },
];

fn fan_out(db: &Db, body: &str) -> Result<()> {
    let fan_out::Payload { notice } = serde_json::from_str(body)?;
    fan_out::run(db, notice)
}

/// Sends what is scheduled for now and begins the reminders that are due.
fn tick(db: &Db) -> Result<()> {
    let due: Vec<(Id,)> = db.read_wait(|r| {
        let now = r.now();
        r.rows(
            sql!("SELECT id FROM notice WHERE due_at IS NOT NULL AND due_at <= $1 ORDER BY due_at, id LIMIT $2"),
            &[&now, &AT_ONCE],
        )
    })?;
    for (id,) in due {
        db.write_wait(move |tx| one(tx, id))?;
    }
    Ok(())
}

fn one(tx: &mut Tx, id: Id) -> Result<()> {
    let now = tx.now();
    let due: Option<(Id,)> = tx.row(sql!("SELECT id FROM notice WHERE id = $1 AND due_at <= $2"), &[&id, &now])?;
    if due.is_none() {
        return Ok(());
    }
    let notice = store::find(tx, id)?;
    let settings = settings::settings_of(tx)?;
    let action = match notice.state {
        State::Scheduled => {
            if store::send_scheduled(tx, id)? {
                "notice.send"
            } else {
                "notice.unschedule"
            }
        }
        _ => {
            remind::due(tx, &notice, &settings, now)?;
            "notice.remind"
        }
    };
    let entry = audit::Entry {
        hat: "system",
        action,
        object_kind: "notice",
        object: Some(id),
        school: notice.school,
        detail: "{}",
        ..audit::Entry::default()
    };
    audit::note(tx, &entry)
}

/// Counts every class anew and lets go of what no family is asked any more.
fn nightly(db: &Db) -> Result<()> {
    reach::keep(db, true)?;
    while db.write_wait(close_some)? > 0 {}
    Ok(())
}

/// A notice waits on the home of a family until some days after its deadline, not for ever.
fn close_some(tx: &mut Tx) -> Result<u64> {
    let before = tx.now().plus_days(-rules::WAIT_DAYS);
    tx.exec(
        sql!(
            "UPDATE notice_receipt SET waits = FALSE
              WHERE waits AND (guardian_id, notice_id) IN (
                SELECT o.guardian_id, o.notice_id FROM notice_receipt o JOIN notice n ON n.id = o.notice_id
                 WHERE o.waits AND COALESCE(n.deadline_at, n.sent_at) < $1
                    AND COALESCE(n.recalled_at, 0) < $1 LIMIT $2)"
        ),
        &[&before, &CLOSED_AT_ONCE],
    )
}
