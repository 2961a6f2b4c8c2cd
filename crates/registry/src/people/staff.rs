//! Staff of schools, of the commission and of agencies.

use super::model::{PHONE_BLIND, STAFF_PHONE};
use gongyu_kernel::{Date, Id, Result};
use gongyu_store::{Reader, Tx, record, search, sql};
use gongyu_vault::Vault;

record! {
    /// A member of staff, without what is sealed.
    #[derive(Clone, Debug)]
    pub struct Staff {
        /// Identifier.
        pub id: Id,
        /// School or other unit.
        pub unit: Id,
        /// Number within the unit; may be empty.
        pub staff_no: String,
        /// Name.
        pub name: String,
        /// Post, such as 语文教师.
        pub title: String,
        /// `active` or `left`.
        pub state: String,
    }
}

/// A member of staff.
///
/// # Errors
/// `Error::NotFound`.
pub fn find_staff(r: &mut Reader, id: Id) -> Result<Staff> {
    r.one(sql!("SELECT id, school_id, staff_no, name, title, state FROM staff WHERE id = $1"), &[&id])
}

/// The staff of a unit, by name.
///
/// # Errors
/// As any statement.
pub fn staff_of_school(r: &mut Reader, unit: Id) -> Result<Vec<Staff>> {
    r.rows(
        sql!(
            "SELECT id, school_id, staff_no, name, title, state FROM staff
              WHERE school_id = $1 AND state = 'active' ORDER BY name_key, id LIMIT 1000"
        ),
        &[&unit],
    )
}

/// The telephone of a member of staff.
///
/// # Errors
/// `Error::NotFound`, or `Error::Internal` when it cannot be opened.
pub fn staff_phone(r: &mut Reader, vault: &Vault, staff: Id) -> Result<Option<String>> {
    let sealed: Option<Vec<u8>> = r.scalar(sql!("SELECT phone_sealed FROM staff WHERE id = $1"), &[&staff])?;
    sealed.map(|bytes| vault.open_text(STAFF_PHONE, staff, &bytes)).transpose()
}

/// A member of staff to be made.
#[derive(Clone, Debug)]
pub struct NewStaff<'a> {
    /// School or other unit.
    pub unit: Id,
    /// Number within the unit; may be empty.
    pub staff_no: &'a str,
    /// Name.
    pub name: &'a str,
    /// Post.
    pub title: &'a str,
    /// Telephone.
    pub phone: Option<&'a str>,
    /// First day.
    pub from: Date,
}

/// Makes a member of staff.
///
/// # Errors
/// `Error::Unique` when the number is taken in the unit.
pub fn create_staff(tx: &mut Tx, vault: &Vault, new: &NewStaff<'_>) -> Result<Id> {
    let (id, now) = (tx.new_id(), tx.now());
    let key = search::sort_key(new.name);
    let sealed = new.phone.map(|p| vault.seal(STAFF_PHONE, id, p.as_bytes())).transpose()?;
    let blind = new.phone.map(|p| vault.blind(PHONE_BLIND, p));
    tx.exec(
        sql!(
            "INSERT INTO staff (id, school_id, staff_no, name, name_key, title, phone_sealed, phone_blind, state,
                                 valid_from, created_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'active', $9, $10)"
        ),
        &[&id, &new.unit, &new.staff_no, &new.name, &key, &new.title, &sealed, &blind, &new.from, &now],
    )?;
    search::index(tx, search::Kind::Staff, id, new.unit, &search::name_terms(new.name))?;
    Ok(id)
}
