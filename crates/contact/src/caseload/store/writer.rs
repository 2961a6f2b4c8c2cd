//! Who wrote: told to those who may know, or held under a number and a password.

use super::events::{NewEvent, note};
use super::find::find;
use crate::caseload::model::{Case, Person, Step, Writer};
use gongyu_access::Actor;
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Reader, Tx, record, sql};
use gongyu_web::App;

pub(super) const PERSON: &str = "caseload_writer.sealed";

record! {
    struct WriterRow {
        guardian: Option<Id>,
        account: Option<Id>,
        student: Option<Id>,
        child: Option<String>,
        sealed: Vec<u8>,
    }
}

/// Who wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// Guardian, when known.
    pub guardian: Option<Id>,
    /// Account, when it came through the product.
    pub account: Option<Id>,
    /// The child, when known.
    pub student: Option<Id>,
    /// Its name.
    pub child: Option<String>,
    /// Name and telephone.
    pub person: Person,
}

/// Who wrote a case, for the product itself: to send the answer, to enter the ledger. A page shows it only as
/// `permit` allows. `None` when nobody signed.
///
/// # Errors
/// As any statement.
pub fn who(r: &mut Reader, app: &App, case: Id) -> Result<Option<Who>> {
    let row: Option<WriterRow> = r.row(
        sql!(
            "SELECT w.guardian_id, w.account_id, w.student_id, s.name, w.sealed FROM caseload_writer w
              LEFT JOIN student s ON s.id = w.student_id WHERE w.case_id = $1"
        ),
        &[&case],
    )?;
    row.map(|row| {
        let person = app.vault.open_json(PERSON, case, &row.sealed)?;
        Ok(Who { guardian: row.guardian, account: row.account, student: row.student, child: row.child, person })
    })
    .transpose()
}

/// Opens the name of a confidential writer to the one who answers; the writer sees that it was opened.
///
/// # Errors
/// `Error::Forbidden` for anybody but the handler; `Error::NotFound` for a letter without a name.
pub fn open_name(tx: &mut Tx, app: &App, actor: &Actor, case: &Case) -> Result<Who> {
    if actor.staff.is_none() || actor.staff != case.handler {
        return Err(Error::Forbidden);
    }
    if case.writer != Writer::Confidential {
        return Err(Error::NotFound);
    }
    let who = who(tx, app, case.id)?.ok_or(Error::NotFound)?;
    note(tx, app, case, &NewEvent::of(Step::NameOpened, actor))?;
    Ok(who)
}

/// Hash of a number with its password. The password is made by the product from 31 letters, ten of them, so
/// that a keyed hash holds it.
pub(super) fn secret_hash(app: &App, number: &str, password: &str) -> String {
    app.vault.blind("caseload-secret", &format!("{number}:{password}"))
}

/// As typed: with or without the dash, in any case of letters.
fn tidy(number: &str, password: &str) -> (String, String) {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let number = match digits.split_at_checked(5) {
        Some((head, tail)) => format!("{head}-{tail}"),
        None => digits,
    };
    (number, password.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>().to_ascii_uppercase())
}

/// The anonymous letter behind a number and its password.
///
/// # Errors
/// `Error::Conflict("case-receipt-unknown")`, the same for a wrong number and a wrong password.
pub fn by_receipt(r: &mut Reader, app: &App, number: &str, password: &str) -> Result<Case> {
    let (number, password) = tidy(number, password);
    let hash = secret_hash(app, &number, &password);
    let found: Option<(Id,)> =
        r.row(sql!("SELECT case_id FROM caseload_receipt WHERE receipt = $1 AND secret_hash = $2"), &[&number, &hash])?;
    match found {
        Some((id,)) => find(r, id),
        None => Err(Error::conflict("case-receipt-unknown")),
    }
}

/// Whether a case is followed under a number.
///
/// # Errors
/// As any statement.
pub fn receipt_of(r: &mut Reader, case: Id) -> Result<bool> {
    let found: Option<(Id,)> = r.row(sql!("SELECT case_id FROM caseload_receipt WHERE case_id = $1"), &[&case])?;
    Ok(found.is_some())
}
