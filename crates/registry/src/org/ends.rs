//! The roles that a complete list no longer names.
//!
//! A list is complete for the schools it names: 教职工 for the roles in the school, 班主任 for its class teachers. Who is
//! listed with an empty 身份 keeps what they have, as an empty cell takes nothing away; the person, the account and the
//! record of the time served stay in any case.

use super::heading::SheetKind;
use super::plan::{Change, Planned, Verdict};
use super::role_words;
use super::row::{EndRow, Said};
use crate::roster::class_label::ClassKey;
use crate::unit::UnitKind;
use gongyu_access::Role;
use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, record, sql};
use std::collections::{HashMap, HashSet};

record! {
    /// A role held today in a school or one of its classes.
    #[derive(Clone, Debug)]
    pub struct Held {
        /// The grant.
        pub grant: Id,
        /// Role.
        pub role: Role,
        /// Member of staff.
        pub staff: Id,
        /// Name.
        pub name: String,
        /// School.
        pub school: Id,
        /// Name of the school.
        pub school_name: String,
        stage: Option<String>,
        entry_year: Option<i16>,
        class_no: Option<u16>,
        speciality: String,
    }
}

impl Held {
    /// The class, for a role in one.
    pub fn class(&self) -> Option<ClassKey> {
        ClassKey::of_columns(self.stage.as_deref(), self.entry_year, self.class_no, Some(&self.speciality))
    }

    /// The sheet whose completeness would end it; subject teachers stand in none.
    fn sheet(&self) -> Option<SheetKind> {
        match self.role {
            Role::ClassTeacher => Some(SheetKind::Teachers),
            role if role_words::fits(role, UnitKind::School) => Some(SheetKind::Staff),
            _ => None,
        }
    }
}

/// Every role held today in a school.
///
/// # Errors
/// As any statement.
pub(super) fn held(r: &mut Reader) -> Result<Vec<Held>> {
    let today = r.today();
    r.rows(
        sql!(
            "SELECT g.id, g.role, f.id, f.name, s.id, s.name, u.stage, u.entry_year, u.class_no, u.speciality
              FROM role_grant g JOIN account a ON a.id = g.account_id JOIN staff f ON f.id = a.staff_id
              JOIN unit u ON u.id = g.unit_id JOIN unit s ON s.id = u.school_id
              WHERE s.kind = 'school' AND s.valid_to IS NULL AND u.valid_to IS NULL AND f.state = 'active'
                AND g.valid_from <= $1 AND (g.valid_to IS NULL OR g.valid_to >= $1)
              ORDER BY s.id, g.role, g.id"
        ),
        &[&today],
    )
}

/// What the rows of a file name: which schools, and in them whom with what.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// Schools with a list of staff.
    pub(super) staff_of: HashSet<Id>,
    /// Schools with a list of class teachers.
    pub(super) teachers_of: HashSet<Id>,
    /// Persons listed in a school, with the roles written; none written keeps all.
    pub(super) roles: HashMap<(Id, Id), Vec<Role>>,
    /// Classes that have a row; their class teacher is what the row says.
    pub(super) classes: HashSet<(Id, ClassKey)>,
}

impl Named {
    fn ends(&self, held: &Held) -> bool {
        match held.sheet() {
            Some(SheetKind::Teachers) => {
                let named = |key| self.classes.contains(&(held.school, key));
                self.teachers_of.contains(&held.school) && !held.class().is_some_and(named)
            }
            Some(_) => {
                let listed = self.roles.get(&(held.staff, held.school));
                let keeps = listed.is_some_and(|roles| roles.is_empty() || roles.contains(&held.role));
                self.staff_of.contains(&held.school) && !keeps
            }
            None => false,
        }
    }
}

/// The rows that end what is not named, and whether in any school more than `percent` of its roles would end.
pub(super) fn missing(named: &Named, held: &[Held], percent: i64, school_year: i16) -> (Vec<Planned>, bool) {
    let mut of_school: HashMap<Id, (i64, i64)> = HashMap::new();
    let mut rows = Vec::new();
    for one in held.iter().filter(|one| one.sheet().is_some()) {
        let (ends, all) = of_school.entry(one.school).or_default();
        *all += 1;
        if named.ends(one) {
            *ends += 1;
            rows.push(planned(one, school_year));
        }
    }
    let over = of_school.values().any(|(ends, all)| ends * 100 > all * percent);
    (rows, over)
}

fn planned(held: &Held, school_year: i16) -> Planned {
    let class = held.class();
    Planned {
        sheet: held.sheet().unwrap_or(SheetKind::Staff),
        number: 0,
        said: Said::End(EndRow { grant: held.grant }),
        cells: Vec::new(),
        verdict: Verdict::Ended,
        changes: vec![Change::Ends(held.role, class.map(|key| key.display(school_year)).unwrap_or_default())],
        faults: Vec::new(),
        unit_name: held.school_name.clone(),
        name: held.name.clone(),
        class,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roster::class_label::Stage;

    const SCHOOL: Id = Id(9);

    fn holds(grant: i64, staff: i64, role: Role, class: Option<u16>) -> Held {
        Held {
            grant: Id(grant),
            role,
            staff: Id(staff),
            name: format!("教师{staff}"),
            school: SCHOOL,
            school_name: "石桥中心校".to_owned(),
            stage: class.map(|_| "primary".to_owned()),
            entry_year: class.map(|_| 2024),
            class_no: class,
            speciality: String::new(),
        }
    }

    fn school() -> Vec<Held> {
        vec![
            holds(1, 11, Role::Registrar, None),
            holds(2, 12, Role::MoralDirector, None),
            holds(3, 12, Role::Counsellor, None),
            holds(4, 13, Role::ClassTeacher, Some(1)),
            holds(5, 14, Role::ClassTeacher, Some(2)),
            holds(6, 15, Role::SubjectTeacher, Some(1)),
        ]
    }

    fn ended(named: &Named) -> Vec<Id> {
        let grant = |row: &Planned| match &row.said {
            Said::End(end) => end.grant,
            other => panic!("{other:?}"),
        };
        missing(named, &school(), 5, 2026).0.iter().map(grant).collect()
    }

    #[test]
    fn a_list_ends_only_what_it_is_a_list_of() {
        assert!(ended(&Named::default()).is_empty());
        let staff = Named { staff_of: [SCHOOL].into(), ..Named::default() };
        assert_eq!(ended(&staff), [Id(1), Id(2), Id(3)]);
        let teachers = Named { teachers_of: [SCHOOL].into(), ..Named::default() };
        assert_eq!(ended(&teachers), [Id(4), Id(5)]);
        let elsewhere = Named { staff_of: [Id(8)].into(), teachers_of: [Id(8)].into(), ..Named::default() };
        assert!(ended(&elsewhere).is_empty());
    }

    #[test]
    fn who_is_named_keeps_what_is_written_and_with_nothing_written_everything() {
        let mut named = Named { staff_of: [SCHOOL].into(), ..Named::default() };
        named.roles.insert((Id(12), SCHOOL), vec![Role::MoralDirector]);
        named.roles.insert((Id(11), SCHOOL), Vec::new());
        assert_eq!(ended(&named), [Id(3)]);
    }

    #[test]
    fn a_class_with_a_row_is_not_ended_by_the_list() {
        let key = ClassKey::of_cohort(Stage::Primary, 2024, 2);
        let named = Named { teachers_of: [SCHOOL].into(), classes: [(SCHOOL, key)].into(), ..Named::default() };
        assert_eq!(ended(&named), [Id(4)]);
        let rows = missing(&named, &school(), 5, 2026).0;
        assert_eq!(rows[0].changes, [Change::Ends(Role::ClassTeacher, "三年级1班".to_owned())]);
    }

    #[test]
    fn more_than_the_share_of_one_school_asks_again() {
        let mut named = Named { staff_of: [SCHOOL].into(), ..Named::default() };
        named.roles.insert((Id(12), SCHOOL), Vec::new());
        let over = |percent| missing(&named, &school(), percent, 2026).1;
        assert!(over(19) && !over(20), "one of the five that a sheet could name");
    }
}
