//! A case on its way: given to somebody, helped with, asked about, given more days.

use super::events::{NewEvent, note};
use super::find::save;
use super::list::staff_in;
use crate::caseload::model::{Case, Helper, HelperState, State, Step, Writer};
use crate::caseload::rules::{self, ACCEPT};
use crate::caseload::settings::settings_of;
use gongyu_access::Actor;
use gongyu_kernel::{Error, Id, Result};
use gongyu_registry::{people, year};
use gongyu_store::{Reader, Tx, sql};
use gongyu_web::App;

/// Gives a case to a member of staff of the school; given away from another it is passed on.
///
/// # Errors
/// `Error::NotFound` for staff of another school; `Error::Conflict` when it is not open or theirs already.
pub fn assign(tx: &mut Tx, app: &App, actor: &Actor, case: &mut Case, staff: Id, words: &str) -> Result<()> {
    if !case.state.is_open() {
        return Err(Error::conflict("case-not-open"));
    }
    if case.handler == Some(staff) {
        return Err(Error::conflict("case-theirs"));
    }
    let person = staff_in(tx, case.school, staff)?;
    let kind = if case.handler.is_some() { Step::Forwarded } else { Step::Assigned };
    case.handler = Some(staff);
    if case.state == State::New {
        case.state = State::Handling;
    }
    case.stages.meet(ACCEPT, tx.today());
    save(tx, case)?;
    tx.exec(sql!("DELETE FROM caseload_helper WHERE case_id = $1 AND staff_id = $2"), &[&case.id, &staff])?;
    note(tx, app, case, &NewEvent::of(kind, actor).to(staff, &person.name).words(words))
}

/// Asks a colleague of the school to help (会办).
///
/// # Errors
/// `Error::NotFound` for staff of another school; `Error::Conflict` when it is not open or they handle it.
pub fn help(tx: &mut Tx, app: &App, actor: &Actor, case: &mut Case, staff: Id, words: &str) -> Result<()> {
    if !case.state.is_open() {
        return Err(Error::conflict("case-not-open"));
    }
    if case.handler == Some(staff) {
        return Err(Error::conflict("case-theirs"));
    }
    let person = staff_in(tx, case.school, staff)?;
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO caseload_helper (case_id, staff_id, school_id, state, asked_by, asked_at, answered_at)
              VALUES ($1, $2, $3, 'asked', $4, $5, NULL)
              ON CONFLICT (case_id, staff_id) DO UPDATE SET state = 'asked', asked_by = $4, asked_at = $5"
        ),
        &[&case.id, &staff, &case.school, &actor.account, &now],
    )?;
    save(tx, case)?;
    note(tx, app, case, &NewEvent::of(Step::HelperAsked, actor).to(staff, &person.name).words(words))
}

/// Asks a colleague no longer; from now on they see nothing of it.
///
/// # Errors
/// `Error::NotFound` when they were not asked.
pub fn unhelp(tx: &mut Tx, app: &App, actor: &Actor, case: &mut Case, staff: Id) -> Result<()> {
    let changed = tx.exec(
        sql!(
            "UPDATE caseload_helper SET state = 'removed' WHERE case_id = $1 AND staff_id = $2 AND state <> 'removed'"
        ),
        &[&case.id, &staff],
    )?;
    if changed == 0 {
        return Err(Error::NotFound);
    }
    save(tx, case)?;
    let name = people::find_staff(tx, staff)?.name;
    note(tx, app, case, &NewEvent::of(Step::HelperGone, actor).to(staff, &name))
}

/// What a colleague says to the one who handles it.
///
/// # Errors
/// `Error::Forbidden` for who was not asked; `Error::Invalid` without words.
pub fn opinion(tx: &mut Tx, app: &App, actor: &Actor, case: &mut Case, words: &str) -> Result<()> {
    let staff = actor.staff.ok_or(Error::Forbidden)?;
    if words.is_empty() {
        return Err(Error::field("opinion", "field-required"));
    }
    let now = tx.now();
    let changed = tx.exec(
        sql!(
            "UPDATE caseload_helper SET state = 'answered', answered_at = $3
              WHERE case_id = $1 AND staff_id = $2 AND state <> 'removed'"
        ),
        &[&case.id, &staff, &now],
    )?;
    if changed == 0 {
        return Err(Error::Forbidden);
    }
    save(tx, case)?;
    note(tx, app, case, &NewEvent::of(Step::Opinion, actor).words(words))
}

/// The colleagues asked to help, those asked no longer left out.
///
/// # Errors
/// As any statement.
pub fn helpers_of(r: &mut Reader, case: Id) -> Result<Vec<Helper>> {
    let all: Vec<Helper> = r.rows(
        sql!(
            "SELECT h.staff_id, s.name, h.state FROM caseload_helper h JOIN staff s ON s.id = h.staff_id
              WHERE h.case_id = $1 ORDER BY h.asked_at, h.staff_id"
        ),
        &[&case],
    )?;
    Ok(all.into_iter().filter(|h| h.state != HelperState::Removed).collect())
}

/// Asks the writer for more; the clock stands until they answer.
///
/// # Errors
/// `Error::Conflict` when nobody could answer or it is not being handled; `Error::Invalid` without words.
pub fn ask(tx: &mut Tx, app: &App, actor: &Actor, case: &mut Case, words: &str) -> Result<()> {
    if words.is_empty() {
        return Err(Error::field("question", "field-required"));
    }
    if case.state != State::Handling || case.writer == Writer::Unnamed {
        return Err(Error::conflict("case-cannot-ask"));
    }
    let today = tx.today();
    case.stages.get_mut(rules::answering(case))?.pause(today)?;
    case.state = State::Asking;
    save(tx, case)?;
    note(tx, app, case, &NewEvent::of(Step::Asked, actor).words(words))
}

/// What the writer told; the clock runs on. A call or a talk is noted by whoever heard it.
///
/// # Errors
/// `Error::Conflict` when nothing was asked; `Error::Invalid` without words.
pub fn answer_question(tx: &mut Tx, app: &App, by: Option<&Actor>, case: &mut Case, words: &str) -> Result<()> {
    if words.is_empty() {
        return Err(Error::field("answer", "field-required"));
    }
    if case.state != State::Asking {
        return Err(Error::conflict("case-nothing-asked"));
    }
    let today = tx.today();
    case.stages.get_mut(rules::answering(case))?.resume(today)?;
    case.state = State::Handling;
    save(tx, case)?;
    note(tx, app, case, &NewEvent { kind: Step::Told, by, to: None, words })
}

/// Gives more days, for a reason that the writer reads.
///
/// # Errors
/// As `rules::extend`.
pub fn extend(tx: &mut Tx, app: &App, actor: &Actor, case: &mut Case, days: u32, why: &str) -> Result<()> {
    if !case.state.is_open() {
        return Err(Error::conflict("case-not-open"));
    }
    let (calendar, settings, today) = (year::calendar(tx)?, settings_of(tx)?, tx.today());
    rules::extend(case, &settings, &calendar.holidays, days, why, today)?;
    save(tx, case)?;
    note(tx, app, case, &NewEvent::of(Step::Extended, actor).words(why))
}
