//! What families say afterwards, and the sums of it.

use gongyu_kernel::{Id, Result};
use gongyu_parts::form::{Answers, Form};
use gongyu_store::{Reader, Tx, sql};

/// Keeps what a guardian says; saying it again replaces it.
///
/// # Errors
/// As any statement.
pub fn keep(tx: &mut Tx, day: Id, school: Id, guardian: Id, answers: &Answers) -> Result<()> {
    let (json, now) = (answers.to_json()?, tx.now());
    tx.exec(
        sql!(
            "INSERT INTO open_feedback (open_day_id, guardian_id, school_id, answers, at) VALUES ($1, $2, $3, $4, $5)
              ON CONFLICT (open_day_id, guardian_id) DO UPDATE SET answers = excluded.answers, at = excluded.at"
        ),
        &[&day, &guardian, &school, &json, &now],
    )
    .map(drop)
}

/// What a guardian said.
///
/// # Errors
/// As any statement.
pub fn of_guardian(r: &mut Reader, day: Id, guardian: Id) -> Result<Answers> {
    let row: Option<(String,)> = r.row(
        sql!("SELECT answers FROM open_feedback WHERE open_day_id = $1 AND guardian_id = $2"),
        &[&day, &guardian],
    )?;
    row.map_or_else(|| Ok(Answers::default()), |(json,)| Answers::parse(&json))
}

/// Whether a guardian came to an open day, and may so speak of it.
///
/// # Errors
/// As any statement.
pub fn came(r: &mut Reader, day: Id, guardian: Id) -> Result<bool> {
    let row: Option<(Id,)> = r.row(
        sql!("SELECT id FROM open_arrival WHERE open_day_id = $1 AND guardian_id = $2 ORDER BY id LIMIT 1"),
        &[&day, &guardian],
    )?;
    Ok(row.is_some())
}

/// All that was said, without who said it, in no order of time.
///
/// # Errors
/// As any statement.
pub fn all(r: &mut Reader, day: Id) -> Result<Vec<Answers>> {
    let rows: Vec<(String,)> =
        r.rows(sql!("SELECT answers FROM open_feedback WHERE open_day_id = $1 ORDER BY answers"), &[&day])?;
    rows.iter().map(|(json,)| Answers::parse(json)).collect()
}

/// The questions of a day: the school's own, or the usual three.
///
/// # Errors
/// As `Form::parse`.
pub fn form(questions: &str, words: impl Fn(&str) -> String) -> Result<Form> {
    let own = Form::parse(questions)?;
    Ok(if own.is_empty() { super::rules::questions(words) } else { own })
}
