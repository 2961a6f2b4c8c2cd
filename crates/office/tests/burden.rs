//! What the product costs by its pages: forms counted by school, role and week, several nodes adding up,
//! averages of five people or more, nobody ranked. On both engines.

use gongyu_access::Role;
use gongyu_kernel::{Date, Id};
use gongyu_office::burden::{self, Form, Group};
use gongyu_registry::unit;
use gongyu_store::sql;
use gongyu_testkit::{Client, Engine, House, Seen, World, base_features, both_engines};
use gongyu_web::toll::{Cost, Key};
use jiff::ToSpan;
use jiff::civil::date;

struct Stage {
    house: House,
    world: World,
    runtime: tokio::runtime::Runtime,
}

/// Monday of the week of the tests.
const MONDAY: Date = date(2026, 11, 23);

impl Stage {
    fn new(engine: Engine) -> Self {
        let mut features = base_features();
        features.extend([
            gongyu_parts::feature(),
            gongyu_registry::account::feature(),
            gongyu_deliver::feature(),
            gongyu_office::dashboard::feature(),
            gongyu_office::school_home::feature(),
            gongyu_office::rules::feature(),
            gongyu_office::burden::feature(),
        ]);
        let house = House::new(engine, features);
        let world = World::small(&house);
        Self { house, world, runtime: tokio::runtime::Runtime::new().unwrap() }
    }

    fn client(&self, role: Role) -> Client {
        Client::of(self.house.router(), self.world.role(role))
    }

    fn get(&self, role: Role, path: &str) -> Seen {
        self.runtime.block_on(self.client(role).get(path))
    }

    fn words(&self, role: Role, path: &str) -> String {
        let seen = self.get(role, path);
        assert_eq!(seen.status, 200, "{role:?} {path}: {}", seen.text());
        seen.words()
    }

    /// Changes the look, as the smallest form everybody has.
    fn form(&self, role: Role, toll: &str) {
        let secret = self.get(role, "/me").attr("meta[name=csrf]", "content").unwrap();
        let fields = [("csrf", secret.as_str()), ("size", "normal"), ("back", "/me"), ("_toll", toll)];
        let seen = self.runtime.block_on(self.client(role).post_bare("/look", &fields));
        assert_eq!(seen.status, 303);
    }

    /// Role, kind, forms, timed, seconds, taps.
    fn kept(&self) -> Vec<(String, String, i64, i64, i64, i64)> {
        self.house
            .db()
            .read_wait(|r| {
                r.rows(sql!("SELECT role, form, forms, timed, seconds, taps FROM burden_week ORDER BY role, form"), &[])
            })
            .unwrap()
    }

    /// Sums of a week so many weeks ago: class teachers, their forms and seconds.
    fn week(&self, school: Id, back: i32, people: i64, (forms, seconds): (i64, i64)) {
        let week = MONDAY.saturating_sub((back * 7).days());
        self.house
            .db()
            .write_wait(move |tx| {
                tx.exec(
                    sql!(
                        "INSERT INTO burden_people (week, school_id, role, people) VALUES ($1, $2, 'class_teacher', $3)"
                    ),
                    &[&week, &school, &people],
                )?;
                tx.exec(
                    sql!(
                        "INSERT INTO burden_week (week, school_id, role, form, forms, timed, seconds, taps)
                          VALUES ($1, $2, 'class_teacher', 'contact', $3, $3, $4, $3)"
                    ),
                    &[&week, &school, &forms, &seconds],
                )
                .map(drop)
            })
            .unwrap();
    }

    fn burden(&self, of: Id) -> burden::Burden {
        self.house
            .db()
            .read_wait(move |r| {
                let here = unit::find(r, of)?;
                burden::burden_of(r, &here)
            })
            .unwrap()
    }
}

both_engines! {
    fn each_form_of_staff_is_counted_by_role_and_kind_and_a_familys_never(engine) {
        let s = Stage::new(engine);
        s.form(Role::ClassTeacher, "42.7");
        s.form(Role::ClassTeacher, "9000.3");
        s.form(Role::MoralDirector, "");
        s.form(Role::Guardian, "30.4");
        s.form(Role::DistrictOfficer, "30.4");
        assert!(s.kept().is_empty(), "nothing is written while a person waits");
        s.house.app.upkeep();
        let row = |role: &str, n, timed, seconds, taps| (role.to_owned(), "account".to_owned(), n, timed, seconds, taps);
        assert_eq!(s.kept(), [row("class_teacher", 2, 2, 342, 10), row("moral_director", 1, 0, 0, 0)]);
        s.house.app.upkeep();
        assert_eq!(s.kept().len(), 2, "what was kept is not kept again");
    }

    fn several_nodes_add_up(engine) {
        let s = Stage::new(engine);
        let key = Key { unit: s.world.classes[0], role: Role::ClassTeacher, form: "/contacts", day: MONDAY };
        for _ in 0..3 {
            s.house.app.toll().add(key, &Cost { forms: 2, timed: 2, seconds: 40, taps: 6 });
            s.house.app.toll().add(Key { unit: s.world.classes[1], ..key }, &Cost { forms: 1, ..Cost::default() });
            burden::flush(&s.house.app).unwrap();
        }
        assert_eq!(s.kept(), [("class_teacher".to_owned(), "contact".to_owned(), 9, 6, 120, 18)]);
    }

    fn no_row_is_about_a_person(engine) {
        let s = Stage::new(engine);
        s.form(Role::ClassTeacher, "42.7");
        s.house.app.upkeep();
        let (class, school) = (s.world.classes[0], s.world.school);
        let units: Vec<(Id,)> =
            s.house.db().read_wait(|r| r.rows(sql!("SELECT school_id FROM burden_week"), &[])).unwrap();
        assert!(units.iter().all(|(unit,)| *unit == school && *unit != class));
    }

    fn an_average_stands_on_five_people_or_is_not_shown(engine) {
        let s = Stage::new(engine);
        for back in 1..=4 {
            s.week(s.world.school, back, 4, (40, 2_400));
            s.week(s.world.junior, back, 10, (100, 6_000));
        }
        let few = s.words(Role::MoralDirector, "/burden");
        assert!(few.contains("人数少于5") && few.contains("少于5人"), "{few}");
        let town = s.burden(s.world.town);
        let of = |id: Id| town.parts.iter().find(|part| part.id == id).unwrap().average;
        assert!(of(s.world.school).is_none());
        assert!((of(s.world.junior).unwrap().minutes - 10.0).abs() < 1e-9);
        // Four people missing from the total would tell what the total of fourteen gives away.
        assert!((town.class_teachers().unwrap().minutes - 10.0).abs() < 1e-9);
        assert!(s.words(Role::DistrictOfficer, "/burden").contains("班主任每人每周花10分钟"));
    }

    fn the_average_is_of_whole_weeks_and_the_trend_of_each(engine) {
        let s = Stage::new(engine);
        s.week(s.world.school, 0, 6, (600, 60_000));
        for back in 1..=4 {
            s.week(s.world.school, back, 6, (60, 1_800));
        }
        for back in 5..=8 {
            s.week(s.world.school, back, 6, (60, 3_600));
        }
        let found = s.burden(s.world.school);
        assert!((found.class_teachers().unwrap().minutes - 5.0).abs() < 1e-9);
        assert!((found.before.unwrap().minutes - 10.0).abs() < 1e-9);
        assert_eq!(found.forms[0].form, Form::Contact);
        assert_eq!(found.weeks.iter().filter(|w| w.average.is_some()).count(), 9);
        let page = s.words(Role::SchoolLeader, "/burden");
        assert!(page.contains("班主任每人每周花5分钟") && page.contains("记联系占了100%的时间"), "{page}");
        assert_eq!(found.groups.iter().filter(|(_, a)| a.is_some()).map(|(g, _)| *g).collect::<Vec<_>>(), [Group::ClassTeachers]);
    }

    fn schools_stand_in_order_of_name(engine) {
        let s = Stage::new(engine);
        for back in 1..=4 {
            s.week(s.world.school, back, 9, (90, 90));
            s.week(s.world.junior, back, 9, (90, 90_000));
        }
        let town = s.world.town;
        let named: Vec<Id> = s.house.db().read_wait(move |r| {
            Ok(unit::schools(r, Some(town))?.into_iter().map(|u| u.id).collect())
        }).unwrap();
        assert_eq!(s.burden(town).parts.iter().map(|p| p.id).collect::<Vec<_>>(), named);
    }

    fn people_and_entries_nobody_typed_are_counted_by_night(engine) {
        let s = Stage::new(engine);
        burden::nightly(s.house.db()).unwrap();
        burden::nightly(s.house.db()).unwrap();
        let school = s.world.school;
        let teachers: i64 = s.house.db().read_wait(move |r| {
            r.scalar(
                sql!("SELECT people FROM burden_people WHERE school_id = $1 AND week = $2 AND role = 'class_teacher'"),
                &[&school, &MONDAY],
            )
        }).unwrap();
        assert_eq!(teachers, 2);
    }

    fn the_figures_are_for_those_who_steer_within_their_unit(engine) {
        let s = Stage::new(engine);
        for role in [Role::Guardian, Role::ClassTeacher, Role::SubjectTeacher, Role::Registrar, Role::TownOfficer, Role::Auditor] {
            assert_eq!(s.get(role, "/burden").status, 403, "{role:?}");
            assert_eq!(s.get(role, "/burden/figures.xlsx").status, 403, "{role:?}");
        }
        let (other, district) = (s.world.kindergarten, s.world.district);
        for unit in [other, district, s.world.classes[0]] {
            assert_eq!(s.get(Role::SchoolLeader, &format!("/burden?unit={unit}")).status, 404);
        }
        assert_eq!(s.get(Role::DistrictOfficer, &format!("/burden?unit={}", s.world.classes[0])).status, 404);
        for role in [Role::SchoolLeader, Role::DistrictOfficer] {
            assert!(s.get(role, "/burden/figures.xlsx").bytes.starts_with(b"PK"));
        }
    }
}
