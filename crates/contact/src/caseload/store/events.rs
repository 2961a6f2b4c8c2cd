//! The steps of a case. A step of the writer has a day, a number within its case and nothing else: neither
//! who nor the moment, and an identifier that says neither.

use crate::caseload::model::{Case, EventRow, Step};
use gongyu_access::Actor;
use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, Tx, sql};
use gongyu_vault::Vault;
use gongyu_web::App;

const WORDS: &str = "caseload_event.sealed";

/// A step to be noted.
#[derive(Clone, Copy, Debug)]
pub struct NewEvent<'a> {
    /// What was done.
    pub kind: Step,
    /// Who did it; `None` for the writer and for the product itself.
    pub by: Option<&'a Actor>,
    /// The member of staff it concerns, with the name.
    pub to: Option<(Id, &'a str)>,
    /// In words; may be empty.
    pub words: &'a str,
}

impl<'a> NewEvent<'a> {
    /// A step of a member of staff.
    pub fn of(kind: Step, by: &'a Actor) -> Self {
        Self { kind, by: Some(by), to: None, words: "" }
    }

    /// A step of the writer, or of the product.
    pub const fn quiet(kind: Step) -> Self {
        Self { kind, by: None, to: None, words: "" }
    }

    /// With words.
    #[must_use]
    pub const fn words(mut self, words: &'a str) -> Self {
        self.words = words;
        self
    }

    /// Concerning a member of staff.
    #[must_use]
    pub const fn to(mut self, staff: Id, name: &'a str) -> Self {
        self.to = Some((staff, name));
        self
    }
}

/// An identifier that says nothing of when it was made.
pub(super) fn random_id(app: &App) -> Id {
    Id(i64::try_from(app.random.below(i64::MAX as u64 - 1)).unwrap_or(0) + 1)
}

/// Notes a step.
///
/// # Errors
/// As any statement.
pub fn note(tx: &mut Tx, app: &App, case: &Case, event: &NewEvent<'_>) -> Result<()> {
    let id = if event.by.is_some() { tx.new_id() } else { random_id(app) };
    let today = tx.today();
    let sealed = match event.words {
        "" => None,
        words => Some(app.vault.seal(WORDS, id, words.as_bytes())?),
    };
    let number: i64 =
        tx.scalar(sql!("SELECT COALESCE(MAX(step), 0) + 1 FROM caseload_event WHERE case_id = $1"), &[&case.id])?;
    let (by, to) = (event.by.and_then(|a| a.staff), event.to.map(|(id, _)| id));
    let by_name = event.by.map_or("", |a| a.name.as_str());
    let to_name = event.to.map_or("", |(_, name)| name);
    tx.exec(
        sql!(
            "INSERT INTO caseload_event (id, case_id, school_id, step, on_day, kind, by_staff_id, to_staff_id, by_name,
                                         to_name, sealed)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        &[&id, &case.id, &case.school, &number, &today, &event.kind, &by, &to, &by_name, &to_name, &sealed],
    )?;
    Ok(())
}

/// The steps of a case in their order, with their words.
///
/// # Errors
/// As any statement.
pub fn events_of(r: &mut Reader, vault: &Vault, case: Id) -> Result<Vec<(EventRow, String)>> {
    let rows: Vec<EventRow> = r.rows(
        sql!(
            "SELECT id, step, on_day, kind, by_name, to_name, sealed FROM caseload_event
              WHERE case_id = $1 ORDER BY step LIMIT 500"
        ),
        &[&case],
    )?;
    let open = |row: EventRow| {
        let words = match &row.sealed {
            Some(sealed) => vault.open_text(WORDS, row.id, sealed)?,
            None => String::new(),
        };
        Ok((row, words))
    };
    rows.into_iter().map(open).collect()
}
