//! Lists of schools and classes with the counts beside them.

use super::model::{Setting, Unit};
use super::store::classes_of;
use crate::roster::class_label::SchoolKind;
use gongyu_kernel::{Date, Id, Result};
use gongyu_store::list::{Filter, Group, ListQuery, ListSpec, Order};
use gongyu_store::{Reader, list_spec, record, search, sql};
use gongyu_web::FormData;
use std::collections::HashMap;

/// Terms of a search that a list looks up; what is left over rarely narrows further.
const TERMS: usize = 4;

list_spec! {
    /// The open schools and kindergartens in a unit (`$1`), with their classes and pupils.
    pub static SCHOOLS = ListSpec {
        name: "schools",
        columns: "u.id, u.name, u.school_kind, u.setting, COALESCE(t.name, ''),
                  (SELECT COUNT(*) FROM unit c
                   WHERE c.school_id = u.id AND c.kind = 'class' AND c.valid_to IS NULL),
                  (SELECT COUNT(*) FROM student s WHERE s.school_id = u.id AND s.state = 'active')",
        from: "FROM unit u
               JOIN unit_closure x ON x.descendant_id = u.id AND x.ancestor_id = $1 AND x.valid_to IS NULL
               LEFT JOIN unit t ON t.id = u.town_id
               WHERE u.kind = 'school' AND u.valid_to IS NULL",
        fixed: 1,
        filters: &[
            Filter { name: "town", sql: "u.town_id = $1", params: 1 },
            Filter { name: "setting", sql: "u.setting = $1", params: 1 },
            Filter { name: "kind", sql: "u.school_kind = $1", params: 1 },
            Filter {
                name: "found",
                sql: "u.id IN (SELECT object_id FROM search_gram WHERE kind = 'unit' AND gram >= $1 AND gram < $2)",
                params: 2,
            },
        ],
        orders: &[
            Order { name: "name", keys: &[("u.name_key", false), ("u.id", false)] },
            Order { name: "town", keys: &[("COALESCE(t.name_key, '')", false), ("u.name_key", false), ("u.id", false)] },
        ],
        groups: &[Group { name: "setting", sql: "COALESCE(u.setting, '')" }],
    };
}

record! {
    /// A school in a list.
    #[derive(Clone, Debug)]
    pub struct SchoolLine {
        /// School.
        pub id: Id,
        /// Name.
        pub name: String,
        /// Kind of school, as its key.
        pub kind: Option<String>,
        /// Urban or rural.
        pub setting: Option<Setting>,
        /// Name of the town; empty where there is none.
        pub town: String,
        /// Open classes.
        pub classes: i64,
        /// Pupils in school.
        pub pupils: i64,
    }
}

/// What a list of schools is narrowed to, as it stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchoolFilter {
    /// Town.
    pub town: Option<Id>,
    /// Urban or rural.
    pub setting: Option<Setting>,
    /// Kind of school.
    pub kind: Option<SchoolKind>,
    /// Part of the name, or its pinyin.
    pub typed: String,
    /// Name of the order; an unknown one is the first.
    pub order: String,
}

impl SchoolFilter {
    /// Reads an address. What is not understood does not narrow.
    pub fn read(query: &FormData) -> Self {
        Self {
            town: query.id("town"),
            setting: Setting::parse(query.get("setting")),
            kind: SchoolKind::from_key(query.get("kind")),
            typed: query.get("q").to_owned(),
            order: query.get("order").to_owned(),
        }
    }

    /// Whether anything narrows the list.
    pub fn narrows(&self) -> bool {
        self.town.is_some() || self.setting.is_some() || self.kind.is_some() || !self.typed.is_empty()
    }

    /// The list of schools in a unit, narrowed.
    pub fn list(&self, within: Id) -> ListQuery {
        let mut list = SCHOOLS.query(&[&within]).order(&self.order);
        if let Some(town) = self.town {
            list = list.filter("town", &[&town]);
        }
        if let Some(setting) = self.setting {
            list = list.filter("setting", &[&setting]);
        }
        if let Some(kind) = self.kind {
            list = list.filter("kind", &[&kind.key()]);
        }
        for (from, to) in search::ranges(&self.typed, &str::to_owned).iter().take(TERMS) {
            list = list.filter("found", &[from, to]);
        }
        list
    }
}

/// A class with what a school wants to know of it at a glance.
#[derive(Clone, Debug)]
pub struct ClassLine {
    /// The class.
    pub class: Unit,
    /// Names of the class teachers; usually one.
    pub teachers: Vec<String>,
    /// Pupils.
    pub pupils: i64,
    /// Pupils with a guardian who has an account and may receive.
    pub activated: i64,
}

/// The open classes of a school, youngest grade first, with their counts.
///
/// # Errors
/// As any statement.
pub fn class_lines(r: &mut Reader, school: Id) -> Result<Vec<ClassLine>> {
    let today = r.today();
    let pupils: HashMap<Id, i64> = counted(r.rows(
        sql!(
            "SELECT class_id, COUNT(*) FROM student
              WHERE school_id = $1 AND state = 'active' AND class_id IS NOT NULL GROUP BY class_id"
        ),
        &[&school],
    )?);
    let activated: HashMap<Id, i64> = counted(r.rows(
        sql!(
            "SELECT s.class_id, COUNT(DISTINCT s.id) FROM student s
              JOIN guardianship k ON k.student_id = s.id AND k.valid_to IS NULL AND k.may_receive AND NOT k.restricted
              JOIN account a ON a.guardian_id = k.guardian_id
              WHERE s.school_id = $1 AND s.state = 'active' AND s.class_id IS NOT NULL GROUP BY s.class_id"
        ),
        &[&school],
    )?);
    let mut teachers: HashMap<Id, Vec<String>> = HashMap::new();
    let held: Vec<(Id, String)> = r.rows(
        sql!(
            "SELECT g.unit_id, a.name FROM role_grant g
              JOIN unit c ON c.id = g.unit_id AND c.kind = 'class' AND c.school_id = $1 AND c.valid_to IS NULL
              JOIN account a ON a.id = g.account_id
              WHERE g.role = 'class_teacher' AND g.valid_from <= $2 AND (g.valid_to IS NULL OR g.valid_to >= $2)
              ORDER BY g.id"
        ),
        &[&school, &today],
    )?;
    for (class, name) in held {
        teachers.entry(class).or_default().push(name);
    }
    let of = |counts: &HashMap<Id, i64>, id: Id| counts.get(&id).copied().unwrap_or(0);
    let classes = classes_of(r, school)?.into_iter();
    Ok(classes
        .map(|class| ClassLine {
            teachers: teachers.remove(&class.id).unwrap_or_default(),
            pupils: of(&pupils, class.id),
            activated: of(&activated, class.id),
            class,
        })
        .collect())
}

fn counted(rows: Vec<(Id, i64)>) -> HashMap<Id, i64> {
    rows.into_iter().collect()
}

/// Schools, classes and pupils in a town today.
///
/// # Errors
/// As any statement.
pub fn counts(r: &mut Reader, town: Id) -> Result<(i64, i64, i64)> {
    let units = |r: &mut Reader, kind: &str| {
        r.scalar(
            sql!("SELECT COUNT(*) FROM unit WHERE town_id = $1 AND kind = $2 AND valid_to IS NULL"),
            &[&town, &kind],
        )
    };
    let (schools, classes) = (units(r, "school")?, units(r, "class")?);
    let pupils = r.scalar(
        sql!(
            "SELECT COUNT(*) FROM unit u JOIN student s ON s.school_id = u.id AND s.state = 'active'
              WHERE u.town_id = $1 AND u.kind = 'school' AND u.valid_to IS NULL"
        ),
        &[&town],
    )?;
    Ok((schools, classes, pupils))
}

record! {
    /// A name a unit had.
    #[derive(Clone, Debug)]
    pub struct Version {
        /// Name.
        pub name: String,
        /// First day.
        pub from: Date,
        /// Last day; `None` for the name of today.
        pub to: Option<Date>,
    }
}

/// The names of a unit, the newest first.
///
/// # Errors
/// As any statement.
pub fn versions(r: &mut Reader, unit: Id) -> Result<Vec<Version>> {
    r.rows(
        sql!(
            "SELECT name, valid_from, valid_to FROM unit_version
              WHERE unit_id = $1 ORDER BY valid_from DESC, id DESC LIMIT 50"
        ),
        &[&unit],
    )
}

record! {
    /// Somebody with a role in a unit itself, not in one below it.
    #[derive(Clone, Debug)]
    pub struct Holder {
        /// Role, as its code.
        pub role: String,
        /// Name.
        pub name: String,
    }
}

/// Who holds a role in the unit itself today, grouped by role.
///
/// # Errors
/// As any statement.
pub fn holders_in(r: &mut Reader, unit: Id) -> Result<Vec<Holder>> {
    let today = r.today();
    r.rows(
        sql!(
            "SELECT g.role, a.name FROM role_grant g JOIN account a ON a.id = g.account_id
              WHERE g.unit_id = $1 AND g.valid_from <= $2 AND (g.valid_to IS NULL OR g.valid_to >= $2)
              ORDER BY g.role, g.id LIMIT 100"
        ),
        &[&unit, &today],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_address_says_wrongly_does_not_narrow_the_list() {
        let query = FormData::parse("town=x&setting=suburban&kind=academy&q=&order=size".as_bytes());
        let filter = SchoolFilter::read(&query);
        assert!(!filter.narrows());
    }

    #[test]
    fn every_kind_and_setting_of_an_address_is_understood() {
        for kind in SchoolKind::ALL {
            let query = FormData::parse(format!("kind={}", kind.key()).as_bytes());
            assert_eq!(SchoolFilter::read(&query).kind, Some(kind));
        }
        let query = FormData::parse("setting=rural&town=7".as_bytes());
        let filter = SchoolFilter::read(&query);
        assert_eq!((filter.setting, filter.town), (Some(Setting::Rural), Some(Id(7))));
    }
}
