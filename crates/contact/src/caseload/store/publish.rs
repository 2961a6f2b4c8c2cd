//! Answers the public may read: only where the writer agreed, and in words a leader has looked over.

use super::events::{NewEvent, note};
use super::find::save;
use super::writer::who;
use crate::caseload::model::{Case, Step, Topic};
use crate::caseload::rules;
use gongyu_access::Actor;
use gongyu_kernel::error::{Code, Invalid};
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_store::{Reader, Tx, record, sql};
use gongyu_web::App;

/// Longest question and answer on the public page.
const LONGEST: usize = 2_000;

record! {
    /// A public question with its answer.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct PublicAnswer {
        /// Identifier.
        pub id: Id,
        /// School.
        pub school: Id,
        /// Its name.
        pub school_name: String,
        /// What it is about.
        pub topic: Topic,
        /// Question.
        pub question: String,
        /// Answer.
        pub answer: String,
        /// Day it was published.
        pub day: Date,
    }
}

/// Publishes an answer in words made for it.
///
/// # Errors
/// `Error::Conflict` when the writer did not agree or has no answer yet; `Error::Invalid` for words that name
/// somebody.
pub fn publish(tx: &mut Tx, app: &App, actor: &Actor, case: &mut Case, question: &str, answer: &str) -> Result<()> {
    if !rules::may_publish(case) {
        return Err(Error::conflict("case-cannot-publish"));
    }
    let mut invalid = Invalid::default();
    for (field, text) in [("question", question), ("answer", answer)] {
        if text.is_empty() {
            invalid.push(field, "field-required");
        } else if text.chars().count() > LONGEST {
            invalid.push(field, Code::new("field-too-long").arg("n", LONGEST));
        }
    }
    let names: Vec<String> = match who(tx, app, case.id)? {
        Some(who) => [Some(who.person.name), who.child].into_iter().flatten().collect(),
        None => Vec::new(),
    };
    rules::check_public(question, answer, &names, &mut invalid);
    invalid.into_result()?;
    let (id, today) = (super::events::random_id(app), tx.today());
    tx.exec(
        sql!(
            "INSERT INTO caseload_public (id, case_id, school_id, topic, question, answer, published_on, published_by)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
              ON CONFLICT (case_id) DO UPDATE SET question = $5, answer = $6, published_on = $7, published_by = $8"
        ),
        &[&id, &case.id, &case.school, &case.topic, &question, &answer, &today, &actor.account],
    )?;
    save(tx, case)?;
    note(tx, app, case, &NewEvent::of(Step::Published, actor))
}

/// Takes an answer from the public page.
///
/// # Errors
/// `Error::NotFound` when it is not there.
pub fn withdraw(tx: &mut Tx, app: &App, actor: &Actor, case: &mut Case) -> Result<()> {
    if tx.exec(sql!("DELETE FROM caseload_public WHERE case_id = $1"), &[&case.id])? == 0 {
        return Err(Error::NotFound);
    }
    save(tx, case)?;
    note(tx, app, case, &NewEvent::of(Step::Withdrawn, actor))
}

/// What stands on the public page of a case.
///
/// # Errors
/// As any statement.
pub fn published(r: &mut Reader, case: Id) -> Result<Option<(String, String)>> {
    r.row(sql!("SELECT question, answer FROM caseload_public WHERE case_id = $1"), &[&case])
}

/// The public page: of one school, or of all; the newest days first, no order within a day.
///
/// # Errors
/// As any statement.
pub fn public_answers(
    r: &mut Reader,
    school: Option<Id>,
    topic: Option<Topic>,
    limit: i64,
) -> Result<Vec<PublicAnswer>> {
    let (school, topic) = (school.unwrap_or_default(), topic.map_or("", Topic::code));
    r.rows(
        sql!(
            "SELECT p.id, p.school_id, u.name, p.topic, p.question, p.answer, p.published_on
              FROM caseload_public p JOIN unit u ON u.id = p.school_id
              WHERE (p.school_id = $1 OR $1 = 0) AND (p.topic = $2 OR $2 = '')
              ORDER BY p.published_on DESC, p.id LIMIT $3"
        ),
        &[&school, &topic, &limit],
    )
}
