//! After the answer: satisfaction, one reopening, the petition track; joining what says the same; and what
//! the product does by itself every day.

use super::events::{NewEvent, note};
use super::find::{save, select_case};
use crate::caseload::model::{Case, Rating, State, Step, Track};
use crate::caseload::rules::{
    self, ANSWER, OBJECT, PETITION_ACCEPT, PETITION_ACCEPT_DAYS, PETITION_FINISH, PETITION_FINISH_DAYS,
    PETITION_OBJECT_DAYS, PETITION_REVIEW_DAYS, REVIEW,
};
use crate::caseload::settings::settings_of;
use gongyu_access::Actor;
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_parts::deadline::{Clock, Term};
use gongyu_registry::year;
use gongyu_store::{Reader, Tx, sql};
use gongyu_web::App;

/// What the writer thinks of the answer. Whoever is content has it closed with that.
///
/// # Errors
/// `Error::Conflict` when there is no answer, or it was said already.
pub fn rate(tx: &mut Tx, app: &App, case: &mut Case, rating: Rating, words: &str) -> Result<()> {
    let answered = match case.merged_into {
        Some(into) => super::find::find(tx, into)?.answered_on.is_some(),
        None => true,
    };
    if !rules::may_rate(case) || rating == Rating::None || !answered {
        return Err(Error::conflict("case-cannot-rate"));
    }
    case.rating = rating;
    if rating != Rating::Unsatisfied && case.state == State::Answered {
        case.state = State::Closed;
    }
    save(tx, case)?;
    note(tx, app, case, &NewEvent::quiet(Step::Rated).words(words))
}

/// The writer has it taken up again: once, within the days. A new clock runs.
///
/// # Errors
/// `Error::Conflict` when it was used or it is too late; `Error::Invalid` without words.
pub fn reopen(tx: &mut Tx, app: &App, case: &mut Case, words: &str) -> Result<()> {
    let (settings, today) = (settings_of(tx)?, tx.today());
    if words.is_empty() {
        return Err(Error::field("why", "field-required"));
    }
    if !rules::may_reopen(case, &settings, today) {
        return Err(Error::conflict("case-cannot-reopen"));
    }
    case.stages.begin(ANSWER, Clock::start(today, Term::workdays(settings.answer_days)));
    (case.reopened, case.rating, case.state) = (true, Rating::None, handled(case));
    save(tx, case)?;
    note(tx, app, case, &NewEvent::quiet(Step::Reopened).words(words))
}

fn handled(case: &Case) -> State {
    if case.handler.is_some() { State::Handling } else { State::New }
}

/// Takes a case onto the petition track of 信访工作条例 (2022): told of acceptance within 15 days, a wrong
/// recipient objects within 5 working days.
///
/// # Errors
/// `Error::Conflict` when it is on it already or joined to another.
pub fn petition(tx: &mut Tx, app: &App, actor: &Actor, case: &mut Case, words: &str) -> Result<()> {
    if !rules::may_petition(case) {
        return Err(Error::conflict("case-cannot-petition"));
    }
    let today = tx.today();
    case.stages.meet(ANSWER, today);
    case.stages.meet(rules::ACCEPT, today);
    case.stages.begin(PETITION_ACCEPT, Clock::start(today, Term::days(PETITION_ACCEPT_DAYS)));
    case.stages.begin(OBJECT, Clock::start(today, Term::workdays(PETITION_OBJECT_DAYS)));
    (case.track, case.rating) = (Track::Petition, Rating::None);
    if !case.state.is_open() {
        case.state = handled(case);
    }
    save(tx, case)?;
    note(tx, app, case, &NewEvent::of(Step::Petition, actor).words(words))
}

/// The petitioner is told of acceptance; 60 days run from now.
///
/// # Errors
/// `Error::Conflict` when it is no petition or accepted already.
pub fn accept_petition(tx: &mut Tx, app: &App, actor: &Actor, case: &mut Case) -> Result<()> {
    if case.track != Track::Petition || case.stages.get(PETITION_FINISH).is_some() {
        return Err(Error::conflict("case-no-petition"));
    }
    let today = tx.today();
    case.stages.meet(PETITION_ACCEPT, today);
    case.stages.meet(OBJECT, today);
    case.stages.begin(PETITION_FINISH, Clock::start(today, Term::days(PETITION_FINISH_DAYS)));
    save(tx, case)?;
    note(tx, app, case, &NewEvent::of(Step::Accepted, actor))
}

/// The petitioner asks for a review: within 30 days of the answer, decided in 30, at most twice.
///
/// # Errors
/// `Error::Conflict` when it is too late or was asked twice; `Error::Invalid` without words.
pub fn review(tx: &mut Tx, app: &App, case: &mut Case, words: &str) -> Result<()> {
    if words.is_empty() {
        return Err(Error::field("why", "field-required"));
    }
    let today = tx.today();
    if !rules::may_review(case, today) {
        return Err(Error::conflict("case-cannot-review"));
    }
    case.stages.begin(REVIEW, Clock::start(today, Term::days(PETITION_REVIEW_DAYS)));
    (case.state, case.rating) = (handled(case), Rating::None);
    save(tx, case)?;
    note(tx, app, case, &NewEvent::quiet(Step::Review).words(words))
}

/// Joins a case to another of the same school and topic that is open: both writers get the one answer.
///
/// # Errors
/// `Error::Conflict` when one of them cannot be joined.
pub fn merge(tx: &mut Tx, app: &App, actor: &Actor, case: &mut Case, into: &mut Case) -> Result<()> {
    let whole = case.id != into.id && case.school == into.school && case.track == into.track;
    let joined = !joined_to(tx, case.id)?.is_empty();
    if !whole || joined || !into.state.is_open() || !case.state.is_open() {
        return Err(Error::conflict("case-cannot-merge"));
    }
    let today = tx.today();
    case.stages.meet(rules::ACCEPT, today);
    case.stages.meet(ANSWER, today);
    (case.state, case.merged_into) = (State::Merged, Some(into.id));
    save(tx, case)?;
    // The other's turn too: whoever answers it has to see that it now answers two.
    save(tx, into)?;
    note(tx, app, case, &NewEvent::of(Step::Merged, actor))?;
    note(tx, app, into, &NewEvent::of(Step::Absorbed, actor))
}

/// The cases joined to another.
///
/// # Errors
/// As any statement.
pub(super) fn joined_to(r: &mut Reader, case: Id) -> Result<Vec<Case>> {
    r.rows(select_case!("WHERE c.merged_into = $1 ORDER BY c.id LIMIT 200"), &[&case])
}

/// Brings what runs up to date with the day and the calendar, some at a time from `after` on: the last day
/// moves when the district edits its days off. Returns where to go on.
///
/// # Errors
/// As any statement.
pub fn refresh(tx: &mut Tx, after: Id, limit: i64) -> Result<Option<Id>> {
    let cases: Vec<Case> = tx.rows(
        select_case!(
            "WHERE c.id > $1 AND c.state IN ('new', 'handling', 'asking', 'approving', 'telling')
              ORDER BY c.id LIMIT $2"
        ),
        &[&after, &limit],
    )?;
    let (calendar, today) = (year::calendar(tx)?, tx.today());
    for case in &cases {
        let due = case.stages.next(&calendar.holidays).map(|(_, due)| due);
        let late = case.stages.late(&calendar.holidays, today);
        if (due, late) != (case.due_on, case.late) {
            tx.exec(sql!("UPDATE caseload_case SET due_on = $2, late = $3 WHERE id = $1"), &[&case.id, &due, &late])?;
        }
    }
    Ok(cases.last().filter(|_| cases.len() as i64 == limit).map(|c| c.id))
}

/// Closes what was answered long enough ago and nobody spoke of since. Returns how many.
///
/// # Errors
/// As any statement.
pub fn close_old(tx: &mut Tx, app: &App, limit: i64) -> Result<usize> {
    let days = i64::from(settings_of(tx)?.close_days);
    let since: Date = tx.today().saturating_sub(jiff::Span::new().days(days));
    let cases: Vec<Case> = tx.rows(
        select_case!("WHERE c.state = 'answered' AND c.answered_on < $1 ORDER BY c.id LIMIT $2"),
        &[&since, &limit],
    )?;
    let n = cases.len();
    for mut case in cases {
        case.state = State::Closed;
        save(tx, &mut case)?;
        note(tx, app, &case, &NewEvent::quiet(Step::Closed))?;
    }
    Ok(n)
}
