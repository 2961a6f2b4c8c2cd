//! Colleagues who may read the report of a notice.

use crate::notice::model::Notice;
use gongyu_access::Role;
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Reader, Tx, record, sql};

record! {
    /// A colleague.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Colleague {
        /// Account.
        pub account: Id,
        /// Name.
        pub name: String,
        /// Role held around the unit that speaks.
        pub role: Role,
        /// Unit of that role.
        pub unit_name: String,
    }
}

/// Those with whom the report of a notice may be shared: staff with a role in the notice's school, or in its
/// own unit where it is no school's.
///
/// # Errors
/// As any statement.
pub fn colleagues(r: &mut Reader, notice: &Notice) -> Result<Vec<Colleague>> {
    let around = notice.school.unwrap_or(notice.unit);
    let today = r.today();
    let mut rows: Vec<Colleague> = r.rows(
        sql!(
            "SELECT a.id, a.name, g.role, g.unit_name FROM unit_closure c
              JOIN role_grant g ON g.unit_id = c.descendant_id AND g.valid_from <= $2
               AND (g.valid_to IS NULL OR g.valid_to >= $2)
              JOIN account a ON a.id = g.account_id AND a.state = 'active'
              WHERE c.ancestor_id = $1 AND c.depth <= 1 AND c.valid_to IS NULL AND a.id <> $3
                AND g.role IN ('class_teacher', 'subject_teacher', 'school_leader', 'moral_director', 'town_officer',
                               'district_officer')
              ORDER BY a.name, a.id, g.id LIMIT 400"
        ),
        &[&around, &today, &notice.author],
    )?;
    rows.dedup_by_key(|c| c.account);
    Ok(rows)
}

/// Shares the report; doing it twice is once.
///
/// # Errors
/// `Error::NotFound` for somebody who is no colleague of the notice's school.
pub fn share(tx: &mut Tx, notice: &Notice, account: Id, by: Id) -> Result<()> {
    if !colleagues(tx, notice)?.iter().any(|c| c.account == account) {
        return Err(Error::NotFound);
    }
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO notice_share (notice_id, account_id, shared_by, at) VALUES ($1, $2, $3, $4)
              ON CONFLICT (notice_id, account_id) DO NOTHING"
        ),
        &[&notice.id, &account, &by, &now],
    )
    .map(drop)
}

/// Ends the sharing with a colleague.
///
/// # Errors
/// As any statement.
pub fn unshare(tx: &mut Tx, notice: &Notice, account: Id) -> Result<()> {
    tx.exec(sql!("DELETE FROM notice_share WHERE notice_id = $1 AND account_id = $2"), &[&notice.id, &account])
        .map(drop)
}

/// With whom the report is shared: account and name.
///
/// # Errors
/// As any statement.
pub fn shared_with(r: &mut Reader, notice: Id) -> Result<Vec<(Id, String)>> {
    r.rows(
        sql!(
            "SELECT a.id, a.name FROM notice_share h JOIN account a ON a.id = h.account_id
              WHERE h.notice_id = $1 ORDER BY h.at, a.id"
        ),
        &[&notice],
    )
}
