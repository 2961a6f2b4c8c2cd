//! The SQL of the contact log.

use super::model::{Candidate, ContactRecord, LastTouch, NewContact};
use gongyu_kernel::{Date, Id, Result};
use gongyu_store::{Asked, FromRow, Reader, Row, Tx, sql};
use std::collections::HashMap;

/// Adds a record, or gives back the one this account already made with the same key: its identifier,
/// and whether it is new.
pub(super) fn insert(
    tx: &mut Tx,
    new: &NewContact,
    (school, class): (Id, Option<Id>),
    (staff, account): (Option<Id>, Id),
    client_key: &str,
) -> Result<(Id, bool)> {
    let (id, now) = (tx.new_id(), tx.now());
    let added: Option<(Id,)> = tx.row(
        sql!(
            "INSERT INTO contact_record (id, school_id, class_id, staff_id, account_id, occurred_on, channel, tone,
                                          note, client_key, made_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
              ON CONFLICT (school_id, account_id, client_key) DO NOTHING RETURNING id"
        ),
        &[&id, &school, &class, &staff, &account, &new.day, &new.channel, &new.tone, &new.note, &client_key, &now],
    )?;
    if added.is_some() {
        return Ok((id, true));
    }
    let earlier = tx.scalar(
        sql!("SELECT id FROM contact_record WHERE school_id = $1 AND account_id = $2 AND client_key = $3"),
        &[&school, &account, &client_key],
    )?;
    Ok((earlier, false))
}

/// A noted contact.
///
/// # Errors
/// `Error::NotFound`.
pub fn find(r: &mut Reader, id: Id) -> Result<ContactRecord> {
    r.one(
        sql!(
            "SELECT id, school_id, class_id, staff_id, account_id, occurred_on, channel, tone, note, made_at,
                     amended_at, undone_at
              FROM contact_record WHERE id = $1"
        ),
        &[&id],
    )
}

pub(super) fn set_undone(tx: &mut Tx, record: &ContactRecord, by: Id) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!("UPDATE contact_record SET undone_at = $1, undone_by = $2 WHERE school_id = $3 AND id = $4"),
        &[&now, &by, &record.school, &record.id],
    )?;
    Ok(())
}

pub(super) fn update(tx: &mut Tx, record: &ContactRecord, new: &NewContact) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!(
            "UPDATE contact_record SET occurred_on = $1, channel = $2, tone = $3, note = $4, amended_at = $5
              WHERE school_id = $6 AND id = $7"
        ),
        &[&new.day, &new.channel, &new.tone, &new.note, &now, &record.school, &record.id],
    )?;
    Ok(())
}

/// The notes of some records, empty ones left out.
///
/// # Errors
/// As any statement.
pub fn notes(r: &mut Reader, records: &[Id]) -> Result<HashMap<Id, String>> {
    let rows: Vec<(Id, String)> =
        r.rows_in(sql!("SELECT id, note FROM contact_record WHERE id IN ($1) AND note <> ''"), records, &[])?;
    Ok(rows.into_iter().collect())
}

/// Who may be reached for some children, in the order of the roster; who is kept from a child is left out.
///
/// # Errors
/// As any statement.
pub fn candidates(r: &mut Reader, children: &[Id]) -> Result<Vec<Candidate>> {
    r.rows_in(
        sql!(
            "SELECT k.student_id, g.id, g.name, k.relation, k.kin,
                     k.may_receive OR (k.withheld AND k.custody_receives), g.phone_blind IS NOT NULL
              FROM guardianship k JOIN guardian g ON g.id = k.guardian_id
              WHERE k.student_id IN ($1) AND k.valid_to IS NULL AND NOT k.restricted
              ORDER BY k.student_id, k.position, k.id"
        ),
        children,
        &[],
    )
}

/// A candidate with the guardian whom the child's last talk or meeting reached.
pub(super) struct Person {
    pub(super) candidate: Candidate,
    pub(super) last: Option<Id>,
}

impl FromRow for Person {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { candidate: Candidate::from_row(row)?, last: row.get(7)? })
    }
}

/// Asks for the candidates of some children. The last touch is looked for among the child's own: on
/// PostgreSQL whoever reads where all new touches are added collides with everybody who adds one.
pub(super) fn ask_people(r: &mut Reader, children: &[Id]) -> Result<Asked<Person>> {
    r.ask_in(
        sql!(
            "SELECT k.student_id, g.id, g.name, k.relation, k.kin, k.may_receive, g.phone_blind IS NOT NULL,
                     (SELECT t.guardian_id FROM reach c
                       JOIN touch t ON t.student_id = c.student_id AND t.occurred_on = c.last_on
                                   AND t.id + 0 = c.last_touch_id
                       WHERE c.student_id = k.student_id AND c.period = 'all')
              FROM guardianship k JOIN guardian g ON g.id = k.guardian_id
              WHERE k.student_id IN ($1) AND k.valid_to IS NULL AND NOT k.restricted
              ORDER BY k.student_id, k.position, k.id"
        ),
        children,
        &[],
    )
}

/// The last two contacts with a tone of each child since a day, the newest first.
///
/// # Errors
/// As any statement.
pub fn last_touches(r: &mut Reader, children: &[Id], since: Date) -> Result<Vec<LastTouch>> {
    r.rows_in(
        sql!(
            "SELECT x.student_id, x.channel, x.tone, x.guardian_id, x.occurred_on FROM (
                SELECT t.student_id, t.channel, t.tone, t.guardian_id, t.occurred_on,
                       ROW_NUMBER() OVER (PARTITION BY t.student_id ORDER BY t.occurred_on DESC, t.id DESC) AS place
                FROM touch t
                WHERE t.student_id IN ($1) AND t.occurred_on >= $2 AND t.tone IS NOT NULL AND t.reverses_id IS NULL
                  AND NOT EXISTS (SELECT 1 FROM touch v WHERE v.reverses_id = t.id AND v.school_id = t.school_id)
              ) x WHERE x.place <= 2 ORDER BY x.student_id, x.place"
        ),
        children,
        &[&since],
    )
}
