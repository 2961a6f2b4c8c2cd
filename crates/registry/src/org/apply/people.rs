//! Staff, their accounts and roles, and class teachers.

use super::Place;
use crate::org::row::{StaffRow, TeacherRow};
use crate::people::{self, NewStaff, PHONE_BLIND};
use crate::roster::class_label::ClassKey;
use crate::unit::{self, NewUnit, UnitKind};
use crate::year;
use gongyu_access::account::{self, NewAccount};
use gongyu_access::{Role, grant};
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Reader, Tx, record, search, sql};
use gongyu_vault::Vault;

/// Seal name of `staff.phone_sealed`, as in `people`; a test holds the two together.
const STAFF_PHONE: &str = "staff.phone";

record! {
    struct Person {
        id: Id,
        staff_no: String,
        name: String,
        title: String,
        phone: Option<String>,
        state: String,
    }
}

fn by_number(r: &mut Reader, unit: Id, number: &str) -> Result<Option<Person>> {
    if number.is_empty() {
        return Ok(None);
    }
    r.row(
        sql!("SELECT id, staff_no, name, title, phone_blind, state FROM staff WHERE school_id = $1 AND staff_no = $2"),
        &[&unit, &number],
    )
}

fn by_name(r: &mut Reader, unit: Id, name: &str, phone: Option<&str>) -> Result<Vec<Person>> {
    let key = search::sort_key(name);
    let mut named: Vec<Person> = r.rows(
        sql!(
            "SELECT id, staff_no, name, title, phone_blind, state FROM staff
              WHERE school_id = $1 AND name_key = $2 AND name = $3 AND state = 'active' ORDER BY id"
        ),
        &[&unit, &key, &name],
    )?;
    if phone.is_some() && named.len() > 1 {
        named.retain(|p| p.phone.as_deref() == phone);
    }
    Ok(named)
}

/// The same finding as in the plan: by number, else the one of that name who has no other number or
/// telephone.
fn existing(r: &mut Reader, unit: Id, row: &StaffRow, phone: Option<&str>) -> Result<Option<Person>> {
    if let Some(person) = by_number(r, unit, &row.staff_no)? {
        return Ok(Some(person));
    }
    let mut named = by_name(r, unit, &row.name, phone)?;
    if row.staff_no.is_empty() {
        let other = |p: &Person| p.phone.as_deref().zip(phone).is_some_and(|(a, b)| a != b);
        named.retain(|p| !other(p));
    } else {
        named.retain(|p| p.staff_no.is_empty());
    }
    Ok(named.into_iter().next())
}

pub(super) fn apply_staff(tx: &mut Tx, vault: &Vault, place: &Place, row: &StaffRow, by: Id) -> Result<()> {
    let phone = (!row.phone.is_empty()).then_some(row.phone.as_str());
    let blind = phone.map(|p| vault.blind(PHONE_BLIND, p));
    let today = tx.today();
    let staff = match existing(tx, place.id, row, blind.as_deref())? {
        Some(person) => update(tx, vault, place, row, person)?,
        None => {
            let new = NewStaff {
                unit: place.id,
                staff_no: &row.staff_no,
                name: &row.name,
                title: &row.title,
                phone,
                from: today,
            };
            people::create_staff(tx, vault, &new)?
        }
    };
    let account = account_of(tx, place, staff, &row.name, &row.staff_no)?;
    for role in &row.roles {
        grant::give(tx, account, *role, (place.id, &place.name), today, Some(by))?;
    }
    Ok(())
}

fn update(tx: &mut Tx, vault: &Vault, place: &Place, row: &StaffRow, person: Person) -> Result<Id> {
    let title = if row.title.is_empty() { &person.title } else { &row.title };
    let number = if row.staff_no.is_empty() { &person.staff_no } else { &row.staff_no };
    let key = search::sort_key(&row.name);
    tx.exec(
        sql!(
            "UPDATE staff SET name = $1, name_key = $2, title = $3, staff_no = $4, state = 'active',
                               valid_to = NULL WHERE id = $5"
        ),
        &[&row.name, &key, title, number, &person.id],
    )?;
    if !row.phone.is_empty() {
        let sealed = vault.seal(STAFF_PHONE, person.id, row.phone.as_bytes())?;
        let blind = vault.blind(PHONE_BLIND, &row.phone);
        tx.exec(
            sql!("UPDATE staff SET phone_sealed = $1, phone_blind = $2 WHERE id = $3"),
            &[&sealed, &blind, &person.id],
        )?;
    }
    if person.name != row.name || person.state != "active" {
        search::index(tx, search::Kind::Staff, person.id, place.id, &search::name_terms(&row.name))?;
        tx.exec(sql!("UPDATE account SET name = $1 WHERE staff_id = $2"), &[&row.name, &person.id])?;
    }
    Ok(person.id)
}

/// The account of a member of staff, made without a password when there is none.
fn account_of(tx: &mut Tx, place: &Place, staff: Id, name: &str, number: &str) -> Result<Id> {
    if let Some(account) = account::of_staff(tx, staff)? {
        return Ok(account);
    }
    let wanted = login_stem(place, name, number);
    let mut login = wanted.clone();
    let mut next = 2;
    while account::by_login(tx, &login)?.is_some() {
        login = format!("{wanted}{next}");
        next += 1;
    }
    account::create(tx, &NewAccount { login: Some(&login), name, staff: Some(staff), ..NewAccount::default() })
}

/// The unit's code (else its name in pinyin initials), then the staff number or the name in pinyin.
pub(super) fn login_stem(place: &Place, name: &str, number: &str) -> String {
    let sounds = |text: &str| -> Vec<String> {
        let key = search::sort_key(text);
        let sounds = key.strip_suffix(text).unwrap_or(&key);
        sounds.split_whitespace().map(ToOwned::to_owned).collect()
    };
    let unit = if place.code.is_empty() {
        sounds(&place.name).iter().filter_map(|s| s.chars().next()).collect()
    } else {
        place.code.clone()
    };
    let person = if number.is_empty() { sounds(name).concat() } else { number.to_owned() };
    format!("{unit}-{person}").to_lowercase()
}

pub(super) fn apply_teacher(
    tx: &mut Tx,
    vault: &Vault,
    place: &Place,
    row: &TeacherRow,
    key: ClassKey,
    by: Id,
) -> Result<()> {
    let phone = (!row.phone.is_empty()).then(|| vault.blind(PHONE_BLIND, &row.phone));
    let person = match by_number(tx, place.id, &row.staff_no)? {
        Some(person) => Some(person),
        None => by_name(tx, place.id, &row.name, phone.as_deref())?.into_iter().next(),
    };
    let person = person.ok_or_else(|| Error::internal("a class teacher has gone since the check"))?;
    let account = account_of(tx, place, person.id, &person.name, &person.staff_no)?;
    let today = tx.today();
    let school_year = year::current(tx)?;
    let name = key.display(school_year.start);
    let class = match unit::class_by_key(tx, place.id, &key)? {
        Some(class) => class.id,
        None => {
            let begins = year::calendar(tx)?.year_begins(school_year).min(today);
            let new = NewUnit {
                kind: UnitKind::Class,
                code: "",
                name: &name,
                short_name: "",
                parent: Some(place.id),
                school_kind: None,
                setting: None,
                class: Some(key),
                phone: "",
                valid_from: begins,
            };
            unit::create(tx, &new)?
        }
    };
    let yesterday = today.yesterday().map_err(Error::internal)?;
    grant::end_others(tx, class, Role::ClassTeacher, account, yesterday)?;
    grant::give(tx, account, Role::ClassTeacher, (class, &name), today, Some(by))?;
    Ok(())
}
