//! Staff of a school with their accounts and roles, and changing who holds which role.

use crate::roster::class_label::ClassKey;
use crate::unit::UnitKind;
use gongyu_access::{Role, account, grant, session};
use gongyu_kernel::{Date, Error, Id, Millis, Result};
use gongyu_store::list::{Filter, ListPage, ListSpec, Order};
use gongyu_store::{Reader, Tx, list_spec, record, search, sql};

/// Staff on one page.
const PAGE: usize = 60;

list_spec! {
    /// Staff at work in a school or other unit (`$1`), with their accounts.
    pub static STAFF_OF_UNIT = ListSpec {
        name: "staff-of-unit",
        columns: "f.id, f.staff_no, f.name, f.title, a.login, a.last_sign_in_at",
        from: "FROM staff f LEFT JOIN account a ON a.staff_id = f.id
               WHERE f.school_id = $1 AND f.state = 'active'",
        fixed: 1,
        filters: &[Filter {
            name: "found",
            sql: "f.id IN (SELECT object_id FROM search_gram WHERE kind = 'staff' AND gram >= $1 AND gram < $2)",
            params: 2,
        }],
        orders: &[Order { name: "name", keys: &[("f.name_key", false), ("f.id", false)] }],
        groups: &[],
    };
}

record! {
    /// A member of staff in a list.
    #[derive(Clone, Debug)]
    pub struct StaffLine {
        /// Member of staff.
        pub id: Id,
        /// Number within the unit.
        pub staff_no: String,
        /// Name.
        pub name: String,
        /// Post.
        pub title: String,
        /// Login name; `None` without an account.
        pub login: Option<String>,
        /// Last sign-in.
        pub last_sign_in: Option<Millis>,
    }
}

/// A page of the staff of a unit by name, and how many the search leaves.
///
/// # Errors
/// As any statement.
pub fn staff_lines(r: &mut Reader, unit: Id, typed: &str, after: Option<&str>) -> Result<(ListPage<StaffLine>, i64)> {
    let mut list = STAFF_OF_UNIT.query(&[&unit]);
    for (from, to) in search::ranges(typed, &str::to_owned).iter().take(4) {
        list = list.filter("found", &[from, to]);
    }
    let total = list.count(r)?;
    Ok((list.after(after).limit(PAGE).rows(r)?, total))
}

record! {
    struct StoredRole {
        grant: Id,
        account: Id,
        staff: Id,
        role: Role,
        unit: Id,
        unit_name: String,
        stage: Option<String>,
        entry_year: Option<i16>,
        class_no: Option<u16>,
        speciality: String,
    }
}

/// A role somebody of a school holds today.
#[derive(Clone, Debug)]
pub struct HeldRole {
    /// The grant.
    pub grant: Id,
    /// Account.
    pub account: Id,
    /// Member of staff.
    pub staff: Id,
    /// Role.
    pub role: Role,
    /// Where.
    pub unit: Id,
    /// Name of the class in the given school year; empty for a role in the whole school.
    pub class: String,
}

/// The roles of a school's staff today.
///
/// # Errors
/// As any statement.
pub fn roles_in_school(r: &mut Reader, school: Id, school_year_start: i16) -> Result<Vec<HeldRole>> {
    let today = r.today();
    let rows: Vec<StoredRole> = r.rows(
        sql!(
            "SELECT g.id, a.id, f.id, g.role, u.id, u.name, u.stage, u.entry_year, u.class_no, u.speciality
              FROM staff f JOIN account a ON a.staff_id = f.id JOIN role_grant g ON g.account_id = a.id
              JOIN unit u ON u.id = g.unit_id
              WHERE f.school_id = $1 AND f.state = 'active' AND g.valid_from <= $2
                AND (g.valid_to IS NULL OR g.valid_to >= $2)
              ORDER BY g.role, g.id LIMIT 3000"
        ),
        &[&school, &today],
    )?;
    let class = |row: &StoredRole| match ClassKey::of_columns(
        row.stage.as_deref(),
        row.entry_year,
        row.class_no,
        Some(&row.speciality),
    ) {
        Some(key) => key.display(school_year_start),
        None if row.unit == school => String::new(),
        None => row.unit_name.clone(),
    };
    let held = |row: StoredRole| HeldRole {
        class: class(&row),
        grant: row.grant,
        account: row.account,
        staff: row.staff,
        role: row.role,
        unit: row.unit,
    };
    Ok(rows.into_iter().map(held).collect())
}

/// Roles a school gives to its staff, those of a class first.
pub const ROLES: [Role; 6] = [
    Role::ClassTeacher,
    Role::SubjectTeacher,
    Role::SchoolLeader,
    Role::MoralDirector,
    Role::Registrar,
    Role::Counsellor,
];

/// Roles that a unit of a kind gives to its staff.
pub const fn roles_of(kind: UnitKind) -> &'static [Role] {
    match kind {
        UnitKind::School => &ROLES,
        UnitKind::District => &[Role::DistrictOfficer, Role::DistrictAdmin, Role::Supervisor, Role::Auditor],
        UnitKind::Town => &[Role::TownOfficer],
        UnitKind::Agency => &[Role::AgencyOfficer],
        UnitKind::Community => &[Role::CommunityWorker],
        UnitKind::Class => &[],
    }
}

/// Towns, agencies and community sites below a unit, which keep no staff list of their own.
///
/// # Errors
/// As any statement.
pub fn offices_below(r: &mut Reader, unit: Id) -> Result<Vec<(Id, String)>> {
    r.rows(
        sql!(
            "SELECT u.id, u.name FROM unit u
              JOIN unit_closure x ON x.descendant_id = u.id AND x.ancestor_id = $1 AND x.valid_to IS NULL
              WHERE u.kind IN ('town', 'agency', 'community') AND u.valid_to IS NULL
              ORDER BY u.kind DESC, u.name_key, u.id LIMIT 200"
        ),
        &[&unit],
    )
}

/// Whether a role is held in a class rather than in the whole school.
pub const fn is_of_class(role: Role) -> bool {
    matches!(role, Role::ClassTeacher | Role::SubjectTeacher)
}

/// Gives a role from today on. A class has one class teacher: appointing one ends the grant of the one
/// before with yesterday. Returns how many grants that ended.
///
/// # Errors
/// `Error::Conflict("people-role-held")` when the account holds it already.
pub fn appoint(tx: &mut Tx, account: Id, role: Role, unit: (Id, &str), by: Id) -> Result<u64> {
    let today = tx.today();
    let yesterday = today.yesterday().map_err(Error::internal)?;
    let ended = match role {
        Role::ClassTeacher => grant::end_others(tx, unit.0, role, account, yesterday)?,
        _ => 0,
    };
    match grant::give(tx, account, role, unit, today, Some(by))? {
        Some(_) => Ok(ended),
        None => Err(Error::conflict("people-role-held")),
    }
}

/// Ends a role at once: yesterday was its last day.
///
/// # Errors
/// As any statement.
pub fn dismiss(tx: &mut Tx, grant: Id) -> Result<()> {
    let yesterday = tx.today().yesterday().map_err(Error::internal)?;
    grant::end(tx, grant, yesterday)
}

/// Hands a role over from a day on: the one who holds it keeps it until the day before. Returns the grant made.
///
/// # Errors
/// `Error::Conflict("people-role-held")` when the other holds it already.
pub fn hand_over(tx: &mut Tx, held: &HeldRole, to: Id, unit_name: &str, from: Date, by: Id) -> Result<Id> {
    let last = from.yesterday().map_err(Error::internal)?;
    match held.role {
        // A class has one class teacher, whoever else was still noted as one.
        Role::ClassTeacher => {
            grant::end_others(tx, held.unit, held.role, to, last)?;
        }
        _ => grant::end(tx, held.grant, last)?,
    }
    let made = grant::give(tx, to, held.role, (held.unit, unit_name), from, Some(by))?;
    made.ok_or_else(|| Error::conflict("people-role-held"))
}

/// A member of staff leaves: the roles end with yesterday, the sessions now. An account that is a
/// guardian's too stays open for the family. Returns how many roles ended.
///
/// # Errors
/// As any statement.
pub fn leave_staff(tx: &mut Tx, staff: Id, account: Option<Id>) -> Result<u64> {
    let today = tx.today();
    let yesterday = today.yesterday().map_err(Error::internal)?;
    tx.exec(sql!("UPDATE staff SET state = 'left', valid_to = $1 WHERE id = $2"), &[&today, &staff])?;
    let Some(account) = account else { return Ok(0) };
    let ended = tx.exec(
        sql!(
            "UPDATE role_grant SET valid_to = $1
              WHERE account_id = $2 AND (valid_to IS NULL OR valid_to > $1)"
        ),
        &[&yesterday, &account],
    )?;
    tx.exec(sql!("UPDATE account SET state = 'closed' WHERE id = $1 AND guardian_id IS NULL"), &[&account])?;
    session::end_others(tx, account, None)?;
    Ok(ended)
}

/// Takes a leaving back: the person is at work again and may sign in; roles are given anew.
///
/// # Errors
/// As any statement.
pub fn return_staff(tx: &mut Tx, staff: Id) -> Result<()> {
    tx.exec(sql!("UPDATE staff SET state = 'active', valid_to = NULL WHERE id = $1"), &[&staff])?;
    tx.exec(sql!("UPDATE account SET state = 'active' WHERE staff_id = $1"), &[&staff])?;
    Ok(())
}

/// A login name nobody has: the one for a name, with a number behind it when that is taken.
///
/// # Errors
/// As any statement.
pub fn free_login(r: &mut Reader, name: &str) -> Result<String> {
    let base = match login_for(name) {
        short if short.len() < 3 => format!("{short}staff"),
        fits => fits,
    };
    let mut login = base.clone();
    for n in 2..1_000 {
        if account::by_login(r, &login)?.is_none() {
            break;
        }
        login = format!("{base}{n}");
    }
    Ok(login)
}

/// A role that was held, to be given again: account, member of staff, role, unit.
///
/// # Errors
/// `Error::NotFound`.
pub fn past_role(r: &mut Reader, grant: Id) -> Result<(Id, Option<Id>, Role, Id)> {
    r.one(
        sql!(
            "SELECT a.id, a.staff_id, g.role, g.unit_id FROM role_grant g JOIN account a ON a.id = g.account_id
              WHERE g.id = $1"
        ),
        &[&grant],
    )
}

/// The login name of an account; empty where a person signs in by telephone.
///
/// # Errors
/// `Error::NotFound`.
pub fn login_of(r: &mut Reader, account: Id) -> Result<String> {
    r.scalar(sql!("SELECT COALESCE(login, '') FROM account WHERE id = $1"), &[&account])
}

/// A login name to propose for a name: its pinyin run together, as far as it is plain letters.
pub fn login_for(name: &str) -> String {
    let key = search::sort_key(name);
    let sounds = key.strip_suffix(name).unwrap_or(&key);
    sounds.chars().filter(char::is_ascii_alphanumeric).take(24).collect()
}

/// Whether a text may be a login name: 3 to 32 small letters, digits, dots, dashes and underscores,
/// beginning with a letter, so that it is typed the same on every keyboard.
pub fn is_login(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    (3..=32).contains(&text.len()) && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proposed_login_is_the_pinyin_of_the_name_and_may_be_taken_as_it_is() {
        assert_eq!(login_for("沈怀瑾"), "shenhuaijin");
        assert!(is_login(&login_for("阿依古丽·买买提")));
    }

    #[test]
    fn a_login_is_typed_the_same_on_every_keyboard() {
        assert!(is_login("shen.huaijin-2"));
        for odd in ["沈怀瑾", "Shen", "sh", "2shen", "shen huaijin", "shen@school"] {
            assert!(!is_login(odd), "{odd}");
        }
    }

    #[test]
    fn only_teachers_roles_belong_to_a_class() {
        let of_class: Vec<Role> = ROLES.into_iter().filter(|role| is_of_class(*role)).collect();
        assert_eq!(of_class, [Role::ClassTeacher, Role::SubjectTeacher]);
    }
}
