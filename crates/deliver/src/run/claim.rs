//! Taking due letters for oneself, for a while.

use super::decide::Held;
use crate::channel::Way;
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::{Id, Millis, Result};
use gongyu_store::{Tx, record, sql};
use gongyu_web::letters::Due;

/// Seconds a letter is one worker's own: longer than a batch can take with every answer waited for to the end.
pub(super) const LEASE_SECONDS: i64 = 300;
/// Letters taken at once.
const AT_ONCE: i64 = 200;

record! {
    /// A letter taken.
    #[derive(Clone, Debug)]
    pub(super) struct Row {
        pub id: Id,
        pub kind: String,
        pub source: Id,
        pub school: Id,
        pub guardian: Option<Id>,
        pub account: Option<Id>,
        pub student: Option<Id>,
        pub round: i64,
        pub urgent: bool,
        pub held: Held,
        pub attempts: i64,
        pub tried: String,
    }
}

impl Row {
    /// The guardian, or the account of a member of staff.
    pub(super) fn person(&self) -> Option<Id> {
        self.guardian.or(self.account)
    }

    pub(super) fn tried(&self) -> Vec<Way> {
        Way::parse_list(&self.tried)
    }

    pub(super) fn due(&self, account: Option<Id>, lang: Lang) -> Due {
        Due {
            dispatch: self.id,
            source: self.source,
            school: self.school,
            guardian: self.guardian,
            account: self.account.or(account),
            student: self.student,
            lang,
            round: self.round,
        }
    }
}

/// Takes due letters, the urgent first, and with each that goes into a digest the others of the same guardian.
pub(super) fn claim(tx: &mut Tx, worker: &str) -> Result<Vec<Row>> {
    tx.lock("deliver-claim")?;
    let mut rows = due(tx, worker, true, AT_ONCE)?;
    let room = AT_ONCE - rows.len() as i64;
    if room > 0 {
        rows.extend(due(tx, worker, false, room)?);
    }
    let gathering: Vec<Id> = rows.iter().filter(|r| r.held.gathers()).filter_map(|r| r.guardian).collect();
    if !gathering.is_empty() {
        let now = tx.now();
        let until = now.plus_seconds(LEASE_SECONDS);
        let more: Vec<Row> = tx.rows_in(
            sql!(
                "UPDATE dispatch SET lease_until = $2, lease_by = $3
                  WHERE guardian_id IN ($1) AND held <> '' AND state = 'queued' AND due_at <= $4
                    AND lease_until < $4
                  RETURNING id, kind, source_id, school_id, guardian_id, account_id, student_id, round, urgent, held,
                            attempts, tried"
            ),
            &gathering,
            &[&until, &worker, &now],
        )?;
        rows.extend(more);
    }
    rows.sort_by_key(|r| (!r.urgent, r.id));
    rows.dedup_by_key(|r| r.id);
    Ok(rows)
}

fn due(tx: &mut Tx, worker: &str, urgent: bool, limit: i64) -> Result<Vec<Row>> {
    let now = tx.now();
    let until = now.plus_seconds(LEASE_SECONDS);
    tx.rows(
        sql!(
            "UPDATE dispatch SET lease_until = $1, lease_by = $2
              WHERE id IN (SELECT id FROM dispatch
                            WHERE state = 'queued' AND urgent = $3 AND due_at <= $4 AND lease_until < $4
                            ORDER BY due_at, id LIMIT $5)
              RETURNING id, kind, source_id, school_id, guardian_id, account_id, student_id, round, urgent, held,
                        attempts, tried"
        ),
        &[&until, &worker, &urgent, &now, &limit],
    )
}

/// Whether anything is due that nobody has taken.
pub(super) fn any_due(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let one: Option<(Id,)> = tx.row(
        sql!("SELECT id FROM dispatch WHERE state = 'queued' AND due_at <= $1 AND lease_until < $1 LIMIT 1"),
        &[&now],
    )?;
    Ok(one.is_some())
}

record! {
    /// A letter whose worker died between handing it over and noting the answer.
    pub(super) struct LostRow {
        pub row: Id,
        pub kind: String,
        pub source: Id,
        pub school: Id,
        pub guardian: Option<Id>,
        pub account: Option<Id>,
        pub student: Option<Id>,
        pub round: i64,
        pub channel: String,
    }
}

/// Letters handed over whose answer nobody noted in time: they may have gone out, and are not sent again.
pub(super) fn lost(tx: &mut Tx) -> Result<Vec<LostRow>> {
    let now: Millis = tx.now();
    tx.rows(
        sql!(
            "UPDATE dispatch SET state = 'unknown', fault = 'the answer was lost', changed_at = $1, held = ''
              WHERE id IN (SELECT id FROM dispatch WHERE state = 'sending' AND lease_until < $1
                            ORDER BY id LIMIT $2)
              RETURNING id, kind, source_id, school_id, guardian_id, account_id, student_id, round, channel"
        ),
        &[&now, &AT_ONCE],
    )
}
