//! Questions read and answered.

use super::model::{Answer, Counts, Followed, Question, State};
use super::rules::last_day;
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_store::{Reader, Tx, sql};
use gongyu_vault::Vault;
use std::collections::HashMap;

const SEALED: &str = "touch_question.outcome_sealed";

macro_rules! select {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT q.id, q.school_id, q.touch_id, q.student_id, q.guardian_id, q.occurred_on, q.asked_on, q.state,
                    q.answered_at, q.opened_by, q.opened_at, q.outcome, q.followed_at FROM touch_question q ",
            $tail
        ))
    };
}

/// A question.
///
/// # Errors
/// `Error::NotFound`.
pub fn find(r: &mut Reader, id: Id) -> Result<Question> {
    r.one(select!("WHERE q.id = $1"), &[&id])
}

/// The open question of a guardian, if the contact stands and the child is still theirs to hear of.
///
/// # Errors
/// As any statement.
pub fn open_of(r: &mut Reader, guardian: Id) -> Result<Option<Question>> {
    let oldest = last_day(r.today());
    r.row(
        select!(
            "JOIN guardianship k ON k.student_id = q.student_id AND k.guardian_id = q.guardian_id
                                AND k.valid_to IS NULL AND k.may_receive AND NOT k.restricted
             WHERE q.guardian_id = $1 AND q.state = 'open' AND q.occurred_on >= $2
               AND NOT EXISTS (SELECT 1 FROM touch v WHERE v.reverses_id = q.touch_id AND v.school_id = q.school_id)
             ORDER BY q.id LIMIT 1"
        ),
        &[&guardian, &oldest],
    )
}

/// Keeps what a guardian says. Saying something else within the fortnight replaces it, until the school
/// has looked into it.
///
/// # Errors
/// `Error::NotFound` when it is not theirs to answer or no longer open to an answer.
pub fn answer(tx: &mut Tx, id: Id, guardian: Id, answer: Answer) -> Result<Question> {
    let (now, state) = (tx.now(), answer.state());
    settle(tx, id, guardian, state, Some(now))
}

/// Takes the answer back: the question is open again.
///
/// # Errors
/// As `answer`.
pub fn reopen(tx: &mut Tx, id: Id, guardian: Id) -> Result<Question> {
    settle(tx, id, guardian, State::Open, None)
}

fn settle(tx: &mut Tx, id: Id, guardian: Id, state: State, at: Option<gongyu_kernel::Millis>) -> Result<Question> {
    let oldest = last_day(tx.today());
    let changed = tx.exec(
        sql!(
            "UPDATE touch_question SET state = $1, answered_at = $2
              WHERE id = $3 AND guardian_id = $4 AND occurred_on >= $5 AND followed_at IS NULL
                AND state IN ('open', 'yes', 'no', 'unsure')
                AND NOT EXISTS (SELECT 1 FROM touch v WHERE v.reverses_id = touch_question.touch_id
                                                        AND v.school_id = touch_question.school_id)"
        ),
        &[&state, &at, &id, &guardian, &oldest],
    )?;
    if changed == 0 {
        return Err(Error::NotFound);
    }
    find(tx, id)
}

/// Questions counted by school, of those asked between two days; one school or all.
///
/// # Errors
/// As any statement.
pub fn counts(r: &mut Reader, school: Option<Id>, from: Date, to: Date) -> Result<HashMap<Id, Counts>> {
    let rows: Vec<(Id, State, i64, i64)> = match school {
        Some(school) => r.rows(
            sql!(
                "SELECT school_id, state, COUNT(*), COUNT(followed_at) FROM touch_question
                  WHERE school_id = $1 AND asked_on >= $2 AND asked_on <= $3 GROUP BY school_id, state"
            ),
            &[&school, &from, &to],
        )?,
        None => r.rows(
            sql!(
                "SELECT school_id, state, COUNT(*), COUNT(followed_at) FROM touch_question
                  WHERE asked_on >= $1 AND asked_on <= $2 GROUP BY school_id, state"
            ),
            &[&from, &to],
        )?,
    };
    let mut found: HashMap<Id, Counts> = HashMap::new();
    for (school, state, n, followed) in rows {
        let counts = found.entry(school).or_default();
        match state {
            State::Open => counts.waiting += n,
            State::Yes => counts.yes += n,
            State::No => (counts.no, counts.followed) = (counts.no + n, counts.followed + followed),
            State::Unsure => counts.unsure += n,
            State::Lapsed => counts.silent += n,
            State::Gone => continue,
        }
        counts.asked += n;
    }
    Ok(found)
}

/// The contradicted records of a school, those not looked into first, the newest of each foremost.
///
/// # Errors
/// As any statement.
pub fn contradicted(r: &mut Reader, school: Id, from: Date, to: Date) -> Result<Vec<Question>> {
    r.rows(
        select!(
            "WHERE q.school_id = $1 AND q.asked_on >= $2 AND q.asked_on <= $3 AND q.state = 'no'
             ORDER BY CASE WHEN q.followed_at IS NULL THEN 0 ELSE 1 END, q.asked_on DESC, q.id DESC LIMIT 200"
        ),
        &[&school, &from, &to],
    )
}

/// Contradicted records of a school that nobody has looked into since a day.
///
/// # Errors
/// As any statement.
pub fn waiting_of_school(r: &mut Reader, school: Id, since: Date) -> Result<i64> {
    r.scalar(
        sql!(
            "SELECT COUNT(*) FROM touch_question
              WHERE school_id = $1 AND asked_on >= $2 AND state = 'no' AND followed_at IS NULL"
        ),
        &[&school, &since],
    )
}

/// Notes that somebody opens a contradicted record.
///
/// # Errors
/// As any statement.
pub fn note_opened(tx: &mut Tx, id: Id, by: Id) -> Result<()> {
    let now = tx.now();
    tx.exec(sql!("UPDATE touch_question SET opened_by = $1, opened_at = $2 WHERE id = $3"), &[&by, &now, &id])?;
    Ok(())
}

/// Notes what came of it; the words are sealed.
///
/// # Errors
/// `Error::Conflict("question-not-contradicted")` where the family says something else by now.
pub fn follow(tx: &mut Tx, vault: &Vault, id: Id, by: Id, what: &Followed) -> Result<()> {
    let (now, sealed) = (tx.now(), vault.seal(SEALED, id, what.words.as_bytes())?);
    let changed = tx.exec(
        sql!(
            "UPDATE touch_question SET outcome = $1, outcome_sealed = $2, followed_by = $3, followed_at = $4
              WHERE id = $5 AND state = 'no'"
        ),
        &[&what.outcome, &sealed, &by, &now, &id],
    )?;
    if changed == 0 { Err(Error::conflict("question-not-contradicted")) } else { Ok(()) }
}

/// The words noted with what came of it; empty when there are none.
///
/// # Errors
/// As any statement, or when they cannot be opened.
pub fn words_of(r: &mut Reader, vault: &Vault, id: Id) -> Result<String> {
    let sealed: Option<(Option<Vec<u8>>,)> =
        r.row(sql!("SELECT outcome_sealed FROM touch_question WHERE id = $1"), &[&id])?;
    match sealed.and_then(|(sealed,)| sealed) {
        Some(sealed) => vault.open_text(SEALED, id, &sealed),
        None => Ok(String::new()),
    }
}
