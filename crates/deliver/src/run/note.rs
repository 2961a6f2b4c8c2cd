//! Noting what became of letters, and telling the features that sent them.

use super::claim::{LEASE_SECONDS, LostRow, Row};
use super::hand_over::{Told, together};
use super::plan::{Parcel, Plan};
use crate::channel::{Sent, Way, state};
use crate::dispatch::State;
use crate::inbox::{self, Arrived};
use crate::ration::{self, Gone};
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::{Id, Result};
use gongyu_store::{Tx, sql};
use gongyu_web::App;
use gongyu_web::letters::{Became, Due, News};
use std::collections::{HashMap, HashSet};

/// Tries on one channel before it counts as refused: over a quarter of an hour [P].
const TRIES: i64 = 6;
/// Seconds before the second try; doubled each time.
const WAIT_SECONDS: i64 = 30;
/// Longest fault kept.
const FAULT: usize = 200;

/// News by the kind of their feature.
#[derive(Default)]
pub(super) struct Heard(HashMap<String, Vec<News>>);

impl Heard {
    fn add(&mut self, kind: &str, due: &Due, channel: &str, became: Became, tx: &Tx) {
        let news = News { due: due.clone(), channel: channel.to_owned(), became, at: tx.now() };
        self.0.entry(kind.to_owned()).or_default().push(news);
    }

    /// Tells the features, in order of their names so that two nodes never wait for each other.
    fn tell(self, app: &App, tx: &mut Tx) -> Result<()> {
        let mut kinds: Vec<_> = self.0.into_iter().collect();
        kinds.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        for (kind, news) in kinds {
            if let Some(source) = app.letter_source(&kind) {
                (source.heard)(tx, &news)?;
            }
        }
        Ok(())
    }
}

/// What does not go out, and what only goes into the product itself.
pub(super) fn settle_here(app: &App, tx: &mut Tx, plan: &Plan, worker: &str) -> Result<()> {
    let (mut heard, now) = (Heard::default(), tx.now());
    for (id, until, why) in &plan.hold {
        tx.exec(
            sql!(
                "UPDATE dispatch SET due_at = $1, held = $2, lease_until = 0 WHERE id = $3 AND lease_by = $4 AND state = 'queued'"
            ),
            &[until, why, id, &worker],
        )?;
    }
    tx.exec_in(
        sql!(
            "UPDATE dispatch SET state = 'cancelled', held = '', changed_at = $2
              WHERE id IN ($1) AND lease_by = $3 AND state = 'queued'"
        ),
        &plan.cancel,
        &[&now, &worker],
    )?;
    for (row, why) in &plan.later {
        wait(tx, row, why, worker, "queued")?;
    }
    for (row, due) in &plan.nobody {
        // Nobody calls a member of staff off a list: for them it has failed.
        let by_hand = row.guardian.is_some();
        let (state, became) = if by_hand { (State::ByHand, Became::ByHand) } else { (State::Failed, Became::Failed) };
        let channel: Option<(String,)> = tx.row(
            sql!(
                "UPDATE dispatch SET state = $1, held = '', changed_at = $2
                  WHERE id = $3 AND lease_by = $4 AND state = 'queued' RETURNING channel"
            ),
            &[&state, &now, &row.id, &worker],
        )?;
        if let Some((channel,)) = channel {
            heard.add(&row.kind, due, &channel, became, tx);
        }
    }
    let mut arrived = Vec::new();
    for parcel in plan.parcels.iter().filter(|p| p.way == Way::App) {
        for ((row, due), said) in parcel.rows.iter().zip(&parcel.news).zip(&parcel.said) {
            let changed = tx.exec(
                sql!(
                    "UPDATE dispatch SET state = 'delivered', channel = 'app', held = '', parcel_id = id,
                                          changed_at = $1
                      WHERE id = $2 AND lease_by = $3 AND state = 'queued'"
                ),
                &[&now, &row.id, &worker],
            )?;
            if changed == 1 {
                arrived.extend(parcel.account.map(|account| Arrived { account, letter: row.id, said }));
                heard.add(&row.kind, due, Way::App.code(), Became::Delivered, tx);
            }
        }
    }
    inbox::arrive(tx, &app.vault, &arrived)?;
    heard.tell(app, tx)
}

/// Notes that these messages are about to be handed over. Gives back only those that are still this worker's:
/// one that was taken back meanwhile is not sent.
pub(super) fn begin(tx: &mut Tx, parcels: &[Parcel], worker: &str) -> Result<HashSet<Id>> {
    let now = tx.now();
    let until = now.plus_seconds(LEASE_SECONDS);
    let mut ours = HashSet::new();
    for parcel in parcels {
        let ids: Vec<Id> = parcel.rows.iter().map(|r| r.id).collect();
        let begun: Vec<(Id,)> = tx.rows_in(
            sql!(
                "UPDATE dispatch SET state = 'sending', channel = $2, parcel_id = $3, lease_until = $4,
                                      attempts = attempts + 1, changed_at = $5
                  WHERE id IN ($1) AND lease_by = $6 AND lease_until > $5 AND state = 'queued' RETURNING id"
            ),
            &ids,
            &[&parcel.way, &parcel.id(), &until, &now, &worker],
        )?;
        ours.extend(begun.into_iter().map(|(id,)| id));
    }
    Ok(ours)
}

/// Notes the channels' answers.
pub(super) fn settle(
    app: &App,
    tx: &mut Tx,
    parcels: &[Parcel],
    told: &HashMap<Id, Vec<Told>>,
    worker: &str,
) -> Result<()> {
    let (mut heard, mut gone) = (Heard::default(), HashMap::<Id, Gone>::new());
    let (mut arrived, mut fared) = (Vec::new(), HashMap::<Way, Vec<Sent>>::new());
    // In order of people, so that two nodes never wait for each other.
    let mut answered: Vec<_> = parcels.iter().filter_map(|p| told.get(&p.id()).map(|told| (p, told))).collect();
    answered.sort_by_key(|(p, _)| p.rows.first().and_then(Row::person));
    for (parcel, told) in answered {
        let answer = together(told);
        for dead in told.iter().filter(|t| matches!(t.sent, Sent::Gone(_))) {
            if let (Some(blind), Some(person)) = (&dead.blind, parcel.rows.first().and_then(Row::person)) {
                state::forget_address(tx, person, parcel.way, blind, "gone")?;
            }
        }
        let mut noted = 0;
        for ((row, due), said) in parcel.rows.iter().zip(&parcel.news).zip(&parcel.said) {
            if let Some(became) = one(tx, row, parcel.way, &answer, worker)? {
                heard.add(&row.kind, due, parcel.way.code(), became, tx);
                noted += 1;
                arrived.extend(parcel.account.map(|account| Arrived { account, letter: row.id, said }));
            }
        }
        if noted > 0
            && let Some(guardian) = parcel.rows.first().and_then(|r| r.guardian)
        {
            ration::note(tx, guardian)?;
            let school = gone.entry(parcel.rows[0].school).or_default();
            school.letters += 1;
            school.urgent += i64::from(parcel.rows.iter().any(|r| r.urgent));
            school.gathered += i64::from(noted > 1) * noted;
        }
        fared.entry(parcel.way).or_default().push(answer);
    }
    ration::note_schools(tx, &gone)?;
    inbox::arrive(tx, &app.vault, &arrived)?;
    for way in Way::ALL {
        if let Some(answers) = fared.get(&way) {
            state::note(tx, way, &answers.iter().collect::<Vec<_>>())?;
        }
    }
    heard.tell(app, tx)
}

/// Notes one letter; says what became of it when that is final.
fn one(tx: &mut Tx, row: &Row, way: Way, answer: &Sent, worker: &str) -> Result<Option<Became>> {
    let now = tx.now();
    let (state, receipt, why, became) = match answer {
        Sent::Taken(receipt) => (State::Sent, receipt.as_str(), "", Became::Sent),
        Sent::Lost(why) => (State::Unknown, "", why.as_str(), Became::Unknown),
        Sent::Later(why) if row.attempts + 1 < TRIES => {
            wait(tx, row, why, worker, "sending")?;
            return Ok(None);
        }
        Sent::Later(why) | Sent::Refused(why) | Sent::Gone(why) => {
            next_channel(tx, row, way, why, worker)?;
            return Ok(None);
        }
    };
    let why: String = why.chars().take(FAULT).collect();
    let changed = tx.exec(
        sql!(
            "UPDATE dispatch SET state = $1, receipt = $2, fault = $3, held = '', changed_at = $4
              WHERE id = $5 AND lease_by = $6 AND state IN ('sending', 'unknown')"
        ),
        &[&state, &receipt, &why, &now, &row.id, &worker],
    )?;
    Ok((changed == 1).then_some(became))
}

/// Tries the same channel again after a while.
fn wait(tx: &mut Tx, row: &Row, why: &str, worker: &str, state: &str) -> Result<()> {
    let again = tx.now().plus_seconds(WAIT_SECONDS << row.attempts.clamp(0, 6));
    let why: String = why.chars().take(FAULT).collect();
    tx.exec(
        sql!(
            "UPDATE dispatch SET state = 'queued', due_at = $1, lease_until = 0, fault = $2
              WHERE id = $3 AND lease_by = $4 AND state = $5"
        ),
        &[&again, &why, &row.id, &worker, &state],
    )?;
    Ok(())
}

/// Tries the person's next channel at once.
fn next_channel(tx: &mut Tx, row: &Row, way: Way, why: &str, worker: &str) -> Result<()> {
    let now = tx.now();
    let mut tried = row.tried();
    tried.push(way);
    let (tried, why) = (Way::list(&tried), why.chars().take(FAULT).collect::<String>());
    tx.exec(
        sql!(
            "UPDATE dispatch SET state = 'queued', due_at = $1, lease_until = 0, attempts = 0, tried = $2, fault = $3
              WHERE id = $4 AND lease_by = $5 AND state = 'sending'"
        ),
        &[&now, &tried, &why, &row.id, &worker],
    )?;
    Ok(())
}

/// Tells of letters whose answer was lost with their worker.
pub(super) fn tell_lost(app: &App, tx: &mut Tx, rows: &[LostRow]) -> Result<()> {
    let mut heard = Heard::default();
    for row in rows {
        let due = Due {
            dispatch: row.row,
            source: row.source,
            school: row.school,
            guardian: row.guardian,
            account: row.account,
            student: row.student,
            lang: Lang::default(),
            round: row.round,
        };
        heard.add(&row.kind, &due, &row.channel, Became::Unknown, tx);
    }
    heard.tell(app, tx)
}
