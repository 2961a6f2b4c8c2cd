//! How a matter comes in by each of the three doors.

use super::events::{NewEvent, note, random_id};
use super::find::{MATTER, find, save};
use crate::caseload::ledger;
use crate::caseload::model::{Case, Door, Matter, Person, State, Step, Topic, Writer};
use crate::caseload::rules::{self, ACCEPT, LONGEST, TITLE};
use crate::caseload::settings::settings_of;
use gongyu_access::Actor;
use gongyu_kernel::error::{Code, Invalid};
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_registry::year;
use gongyu_store::{Reader, Tx, sql};
use gongyu_web::App;

/// A matter as it comes in, whichever the door.
#[derive(Clone, Debug)]
pub struct Intake {
    /// School.
    pub school: Id,
    /// What it is about.
    pub topic: Topic,
    /// What was written or said.
    pub matter: Matter,
    /// The writer agrees that the answer be published.
    pub wishes_public: bool,
    /// Made by the form; the same key is the same case.
    pub key: String,
}

/// A letter of a guardian who signs it, openly or in confidence.
#[derive(Clone, Debug)]
pub struct NewLetter {
    /// The matter.
    pub intake: Intake,
    /// Known only to the one who answers.
    pub confidential: bool,
    /// The child it is about, one of the writer's own at that school.
    pub student: Id,
}

/// A letter nobody signs.
#[derive(Clone, Debug)]
pub struct NewAnonymous {
    /// The matter.
    pub intake: Intake,
}

/// A call or a talk that a member of staff notes.
#[derive(Clone, Debug)]
pub struct NewCase {
    /// The matter.
    pub intake: Intake,
    /// By telephone or in person.
    pub door: Door,
    /// Day it happened.
    pub day: Date,
    /// The child, when known.
    pub student: Option<Id>,
    /// The guardian, when known.
    pub guardian: Option<Id>,
    /// Name and telephone as said; may be empty.
    pub person: Person,
    /// What was said at once; empty when it is to be followed up.
    pub answered: String,
    /// Minutes it took, 0 when not noted.
    pub minutes: i64,
}

/// What an anonymous writer is handed, once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    /// 受理号.
    pub number: String,
    /// Password.
    pub password: String,
}

impl Matter {
    /// Refuses what is empty, too long, or more than one matter: a title says one thing.
    pub fn check(&self, invalid: &mut Invalid) {
        for (field, text, most) in [("title", &self.title, TITLE), ("body", &self.body, LONGEST)] {
            if text.trim().is_empty() {
                invalid.push(field, "field-required");
            } else if text.chars().count() > most {
                invalid.push(field, Code::new("field-too-long").arg("n", most));
            }
        }
        let several = self.title.contains(['、', ';', '；']) && self.title.chars().count() > 30;
        if several {
            invalid.push("title", "case-one-matter");
        }
    }
}

/// The case a form's key made before.
fn known(r: &mut Reader, key: &str) -> Result<Option<Id>> {
    let found: Option<(Id,)> = r.row(sql!("SELECT id FROM caseload_case WHERE client_key = $1"), &[&key])?;
    Ok(found.map(|(id,)| id))
}

struct Row<'a> {
    id: Id,
    door: Door,
    writer: Writer,
    day: Date,
    key: &'a str,
    intake: &'a Intake,
}

fn insert(tx: &mut Tx, app: &App, row: &Row<'_>) -> Result<Case> {
    let calendar = year::calendar(tx)?;
    let settings = settings_of(tx)?;
    let stages = rules::begin(&settings, row.day);
    let due = stages.next(&calendar.holidays).map(|(_, due)| due);
    let school_year = calendar.year_of(row.day).code();
    let sealed = app.vault.seal_json(MATTER, row.id, &row.intake.matter)?;
    tx.exec(
        sql!(
            "INSERT INTO caseload_case (id, school_id, door, writer, topic, state, track, received_on, school_year,
                    handler_staff_id, stages, due_on, late, merged_into, reopened, satisfaction, wishes_public,
                    answered_on, version, client_key, sealed)
              VALUES ($1, $2, $3, $4, $5, 'new', 'ordinary', $6, $7, NULL, $8, $9, $10, NULL, $10, 'none', $11, NULL,
                      1, $12, $13)"
        ),
        &[
            &row.id,
            &row.intake.school,
            &row.door,
            &row.writer,
            &row.intake.topic,
            &row.day,
            &school_year,
            &stages,
            &due,
            &false,
            &row.intake.wishes_public,
            &row.key,
            &sealed,
        ],
    )?;
    find(tx, row.id)
}

fn sign(tx: &mut Tx, app: &App, case: &Case, who: (Option<Id>, Option<Id>, Option<Id>), person: &Person) -> Result<()> {
    let (guardian, account, student) = who;
    let sealed = app.vault.seal_json(super::writer::PERSON, case.id, person)?;
    tx.exec(
        sql!(
            "INSERT INTO caseload_writer (case_id, school_id, guardian_id, account_id, student_id, sealed)
              VALUES ($1, $2, $3, $4, $5, $6)"
        ),
        &[&case.id, &case.school, &guardian, &account, &student, &sealed],
    )?;
    Ok(())
}

/// Takes a signed letter in. The same key of the same guardian is the same letter.
///
/// # Errors
/// `Error::NotFound` when the child is not theirs or not at that school; as any statement.
pub fn letter(tx: &mut Tx, app: &App, actor: &Actor, new: &NewLetter) -> Result<Id> {
    let guardian = actor.guardian.ok_or(Error::Forbidden)?;
    if !gongyu_registry::permit::is_guardian_of(tx, guardian, new.student)? {
        return Err(Error::NotFound);
    }
    let student = gongyu_registry::people::find_student(tx, new.student)?;
    if student.school != new.intake.school {
        return Err(Error::NotFound);
    }
    let key = app.vault.blind("caseload-key", &format!("{}:{}", actor.account, new.intake.key));
    if let Some(id) = known(tx, &key)? {
        return Ok(id);
    }
    let writer = if new.confidential { Writer::Confidential } else { Writer::Named };
    // Of a letter in confidence the identifier does not say the moment either.
    let id = if new.confidential { random_id(app) } else { tx.new_id() };
    let day = tx.today();
    let case = insert(tx, app, &Row { id, door: Door::Mailbox, writer, day, key: &key, intake: &new.intake })?;
    let person = Person { name: actor.name.clone(), phone: String::new() };
    sign(tx, app, &case, (Some(guardian), Some(actor.account), Some(new.student)), &person)?;
    note(tx, app, &case, &NewEvent::quiet(Step::Received))?;
    Ok(id)
}

/// What the key of a form makes number and password of: the same key gives the same, so that a letter sent
/// twice is one letter and is handed out once more.
fn receipt_from(app: &App, key: &str) -> Receipt {
    const LETTERS: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
    let pick = |field: &str, letters: &[u8], n: usize| -> String {
        let blind = app.vault.blind(field, key);
        let letter = |b: u8| letters.get(usize::from(b) % letters.len()).copied().unwrap_or(b'2') as char;
        blind.bytes().take(n).map(letter).collect()
    };
    let digits = pick("caseload-number", b"0123456789", 10);
    let password = pick("caseload-password", LETTERS, 10);
    let (head, tail) = digits.split_at(5);
    Receipt { number: format!("{head}-{tail}"), password }
}

/// Takes a letter in that nobody signs. Nothing of the person, the device or the moment is kept: the row has
/// a random identifier and a day, and no step is noted.
///
/// # Errors
/// As any statement.
pub fn anonymous(tx: &mut Tx, app: &App, new: &NewAnonymous) -> Result<Receipt> {
    let receipt = receipt_from(app, &new.intake.key);
    let key = app.vault.blind("caseload-key", &new.intake.key);
    if known(tx, &key)?.is_some() {
        return Ok(receipt);
    }
    let (id, day) = (random_id(app), tx.today());
    let row = Row { id, door: Door::Mailbox, writer: Writer::Anonymous, day, key: &key, intake: &new.intake };
    insert(tx, app, &row)?;
    let hash = super::writer::secret_hash(app, &receipt.number, &receipt.password);
    tx.exec(
        sql!("INSERT INTO caseload_receipt (case_id, receipt, secret_hash) VALUES ($1, $2, $3)"),
        &[&id, &receipt.number, &hash],
    )?;
    Ok(receipt)
}

/// Notes a call or a talk: answered at once, or to be followed up with a date. A named family is touched by it.
///
/// # Errors
/// `Error::Invalid` for a day to come; `Error::NotFound` for a child of another school; as any statement.
pub fn noted(tx: &mut Tx, app: &App, actor: &Actor, new: &NewCase) -> Result<Id> {
    let today = tx.today();
    if new.day > today || new.day < today.saturating_sub(jiff::Span::new().days(60)) {
        return Err(Error::field("day", "case-day-far"));
    }
    if let Some(student) = new.student
        && gongyu_registry::people::find_student(tx, student)?.school != new.intake.school
    {
        return Err(Error::NotFound);
    }
    let key = app.vault.blind("caseload-key", &format!("{}:{}", actor.account, new.intake.key));
    if let Some(id) = known(tx, &key)? {
        return Ok(id);
    }
    let named = new.guardian.is_some() || new.student.is_some() || !new.person.name.is_empty();
    let writer = if named { Writer::Named } else { Writer::Unnamed };
    let id = tx.new_id();
    let mut case = insert(tx, app, &Row { id, door: new.door, writer, day: new.day, key: &key, intake: &new.intake })?;
    if named {
        sign(tx, app, &case, (new.guardian, None, new.student), &new.person)?;
    }
    note(tx, app, &case, &NewEvent::of(Step::Received, actor))?;
    ledger::talked(tx, actor, &case, new)?;
    if !new.answered.is_empty() {
        case.stages.meet(ACCEPT, new.day);
        case.stages.meet(rules::ANSWER, new.day);
        (case.state, case.answered_on, case.handler) = (State::Answered, Some(new.day), actor.staff);
        save(tx, &mut case)?;
        super::reply::at_once(tx, app, actor, &case, &new.answered)?;
    }
    Ok(id)
}
