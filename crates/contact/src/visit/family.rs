//! The family's word on what was agreed: one tap, or an objection in words.

use super::model::VisitId;
use gongyu_kernel::{Date, Error, Id, Millis, Result};
use gongyu_store::{Reader, Tx, record, sql};

/// Days after the record in which a family is asked on its home page [P].
pub const ASK_DAYS: i64 = 30;

/// Visits shown at most.
const MOST: usize = 12;

record! {
    /// What a guardian said of a visit.
    #[derive(Clone, Debug)]
    pub struct Said {
        /// Guardian.
        pub guardian: Id,
        /// Name.
        pub name: String,
        /// Version of the record they saw.
        pub version: i64,
        /// Agrees.
        pub agreed: bool,
        /// Objection in words.
        pub words: String,
        /// When.
        pub at: Millis,
    }
}

/// What guardians said of a visit.
///
/// # Errors
/// As any statement.
pub fn said_of(r: &mut Reader, visit: VisitId) -> Result<Vec<Said>> {
    r.rows(
        sql!(
            "SELECT a.guardian_id, g.name, a.version, a.agreed, a.words, a.at FROM visit_answer a
              JOIN guardian g ON g.id = a.guardian_id WHERE a.visit_id = $1 ORDER BY a.at DESC"
        ),
        &[&visit],
    )
}

/// Keeps what a guardian says; saying it again replaces it.
///
/// # Errors
/// `Error::Conflict` for a visit that is not recorded.
pub fn say(tx: &mut Tx, visit: VisitId, guardian: Id, agreed: bool, words: &str) -> Result<()> {
    let (school, version, recorded): (Id, i64, Option<Millis>) =
        tx.one(sql!("SELECT school_id, version, recorded_at FROM visit WHERE id = $1"), &[&visit])?;
    if recorded.is_none() {
        return Err(Error::conflict("visit-not-recorded"));
    }
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO visit_answer (visit_id, guardian_id, school_id, version, agreed, words, at)
              VALUES ($1, $2, $3, $4, $5, $6, $7)
              ON CONFLICT (visit_id, guardian_id) DO UPDATE SET version = excluded.version, agreed = excluded.agreed,
                 words = excluded.words, at = excluded.at"
        ),
        &[&visit, &guardian, &school, &version, &agreed, &words, &now],
    )
    .map(drop)
}

record! {
    /// Something of a visit that waits for a guardian, or will happen.
    #[derive(Clone, Debug)]
    pub struct Waiting {
        /// Visit.
        pub visit: VisitId,
        /// `offered`, `agreed` or `done`.
        pub state: String,
        /// Moment agreed.
        pub starts_at: Option<Millis>,
        /// Day.
        pub day: Option<Date>,
        /// Times it was offered.
        pub offers: i64,
        /// Teacher.
        pub teacher: Option<String>,
        /// A child.
        pub child: String,
        /// What this guardian answered to the offer.
        pub answer: Option<String>,
    }
}

/// What waits for a guardian: offers not answered, visits to come, records not yet confirmed.
/// One statement over the guardian's own children.
///
/// # Errors
/// As any statement.
pub fn waiting(r: &mut Reader, guardian: Id) -> Result<Vec<Waiting>> {
    let (today, since) = (r.today(), r.now().plus_days(-ASK_DAYS));
    let mut rows: Vec<Waiting> = r.rows(
        sql!(
            "SELECT v.id, v.state, v.starts_at, v.day, v.offers, p.name, s.name, i.answer
              FROM guardianship k
              JOIN visit_child c ON c.student_id = k.student_id
              JOIN visit v ON v.id = c.visit_id
              JOIN student s ON s.id = k.student_id
              LEFT JOIN staff p ON p.id = v.lead_staff_id
              LEFT JOIN visit_invite i ON i.visit_id = v.id AND i.round = v.offers AND i.guardian_id = k.guardian_id
              WHERE k.guardian_id = $1 AND k.valid_to IS NULL AND k.may_receive AND NOT k.restricted
                AND ((v.state IN ('offered', 'agreed') AND v.day >= $2)
                     OR (v.state = 'done' AND v.recorded_at >= $3
                         AND NOT EXISTS (SELECT 1 FROM visit_answer a
                                         WHERE a.visit_id = v.id AND a.guardian_id = k.guardian_id)))
              ORDER BY v.id, s.birth_date, s.id"
        ),
        &[&guardian, &today, &since],
    )?;
    rows.dedup_by_key(|w| w.visit);
    rows.truncate(MOST);
    Ok(rows)
}
