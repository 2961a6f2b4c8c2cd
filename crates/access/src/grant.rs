//! Roles bound to a unit, valid from and to.

use crate::policy::Role;
use gongyu_kernel::{Date, Id, Result};
use gongyu_store::{Reader, Tx, coded, record, sql};

coded!(Role);

record! {
    /// A role given to an account.
    #[derive(Clone, Debug)]
    pub struct Grant {
        /// Identifier.
        pub id: Id,
        /// Account.
        pub account: Id,
        /// Role.
        pub role: Role,
        /// Unit.
        pub unit: Id,
        /// Name of the unit.
        pub unit_name: String,
        /// First day.
        pub valid_from: Date,
        /// Last day, if ended.
        pub valid_to: Option<Date>,
    }
}

/// The roles an account may wear today.
///
/// # Errors
/// As any statement.
pub fn current(r: &mut Reader, account: Id) -> Result<Vec<Grant>> {
    let today = r.today();
    r.rows(
        sql!(
            "SELECT id, account_id, role, unit_id, unit_name, valid_from, valid_to FROM role_grant
              WHERE account_id = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to >= $2)
              ORDER BY id"
        ),
        &[&account, &today],
    )
}

/// Who wears a role in a unit today: account, name, member of staff.
///
/// # Errors
/// As any statement.
pub fn holders(r: &mut Reader, unit: Id, role: Role) -> Result<Vec<(Id, String, Option<Id>)>> {
    let today = r.today();
    r.rows(
        sql!(
            "SELECT a.id, a.name, a.staff_id FROM role_grant g JOIN account a ON a.id = g.account_id
              WHERE g.unit_id = $1 AND g.role = $2 AND g.valid_from <= $3
                AND (g.valid_to IS NULL OR g.valid_to >= $3)
              ORDER BY g.id"
        ),
        &[&unit, &role, &today],
    )
}

/// Gives a role from a day on. Giving one that is already held changes nothing.
///
/// # Errors
/// As any statement.
pub fn give(tx: &mut Tx, account: Id, role: Role, unit: (Id, &str), from: Date, by: Option<Id>) -> Result<Option<Id>> {
    let held: Option<(Id,)> = tx.row(
        sql!(
            "SELECT id FROM role_grant WHERE account_id = $1 AND role = $2 AND unit_id = $3
              AND (valid_to IS NULL OR valid_to >= $4)"
        ),
        &[&account, &role, &unit.0, &from],
    )?;
    if held.is_some() {
        return Ok(None);
    }
    let (id, now) = (tx.new_id(), tx.now());
    tx.exec(
        sql!(
            "INSERT INTO role_grant (id, account_id, role, unit_id, unit_name, valid_from, granted_by, created_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        &[&id, &account, &role, &unit.0, &unit.1, &from, &by, &now],
    )?;
    Ok(Some(id))
}

/// Ends a role after a day.
///
/// # Errors
/// As any statement.
pub fn end(tx: &mut Tx, grant: Id, last_day: Date) -> Result<()> {
    tx.exec(sql!("UPDATE role_grant SET valid_to = $1 WHERE id = $2"), &[&last_day, &grant])?;
    Ok(())
}

/// Ends a role of every holder but one in a unit, and names the grants ended.
///
/// # Errors
/// As any statement.
pub fn end_others(tx: &mut Tx, unit: Id, role: Role, keep: Id, last_day: Date) -> Result<u64> {
    tx.exec(
        sql!(
            "UPDATE role_grant SET valid_to = $1
              WHERE unit_id = $2 AND role = $3 AND account_id <> $4 AND (valid_to IS NULL OR valid_to > $1)"
        ),
        &[&last_day, &unit, &role, &keep],
    )
}

/// Tells the grants of a unit its new name.
///
/// # Errors
/// As any statement.
pub fn rename_unit(tx: &mut Tx, unit: Id, name: &str) -> Result<()> {
    tx.exec(sql!("UPDATE role_grant SET unit_name = $1 WHERE unit_id = $2"), &[&name, &unit])?;
    Ok(())
}
