//! The start of a district and the turn of its year, asked by plain requests on both engines.

use gongyu_access::{Role, account, grant, password};
use gongyu_kernel::{Date, Id, Millis, Result};
use gongyu_paper::book::{Book, Column, ColumnKind, Value};
use gongyu_paper::sheet::{Limits, TableFile};
use gongyu_registry::people::{self, StudentState};
use gongyu_registry::roster::class_label::{ClassKey, Stage};
use gongyu_registry::{org, rollover, unit, year};
use gongyu_store::{Reader, sql};
use gongyu_testkit::{Client, Engine, House, Person, Seen, World, base_features, both_engines};
use jiff::civil::date;
use std::ops::ControlFlow;

struct Start {
    house: House,
    world: World,
    runtime: tokio::runtime::Runtime,
}

const UNITS: [&str; 7] = ["*单位类型", "*单位名称", "单位代码", "办学类型", "所属镇街", "城乡", "办公电话"];
const STAFF: [&str; 6] = ["*单位代码", "工号", "*姓名", "职务", "手机", "身份"];
const TEACHERS: [&str; 5] = ["*单位代码", "*班级", "工号", "班主任姓名", "手机"];

impl Start {
    fn new(engine: Engine) -> Self {
        let mut features = base_features();
        features.extend([gongyu_registry::account::feature(), org::feature(), rollover::feature(), year::feature()]);
        let house = House::new(engine, features);
        let world = World::small(&house);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        Self { house, world, runtime }
    }

    fn client(&self, person: &Person) -> Client {
        Client::of(self.house.router(), person)
    }

    fn get(&self, role: Role, path: &str) -> Seen {
        self.runtime.block_on(self.client(self.world.role(role)).get(path))
    }

    fn post(&self, role: Role, path: &str, fields: &[(&str, &str)]) -> Seen {
        self.runtime.block_on(self.client(self.world.role(role)).post(path, fields))
    }

    /// Moves to another day with everybody still signed in.
    fn on(&self, day: Date) {
        let noon = Millis::start_of(day).plus_minutes(720);
        self.house.clock.set(noon);
        let later = noon.plus_days(30);
        self.house
            .db()
            .write_wait(move |tx| {
                tx.exec(sql!("UPDATE session SET last_seen_at = $1, expires_at = $2"), &[&noon, &later])
            })
            .unwrap();
    }

    fn upload(&self, book: &[u8]) -> String {
        self.upload_all(&[("file", "start.xlsx", book)], &[])
    }

    fn upload_all(&self, files: &[(&str, &str, &[u8])], fields: &[(&str, &str)]) -> String {
        let client = self.client(self.world.role(Role::DistrictAdmin));
        let seen = self.runtime.block_on(client.upload_all("/org/import", files, fields));
        let address = seen.location.clone().unwrap_or_else(|| panic!("{}", seen.text()));
        self.house.run_jobs();
        address
    }

    fn apply(&self, address: &str) {
        let seen = self.post(Role::DistrictAdmin, &format!("{address}/apply"), &[]);
        assert_eq!(seen.location.as_deref(), Some(address), "{}", seen.text());
        self.house.run_jobs();
    }

    fn read<T: Send + 'static>(&self, work: impl Fn(&mut Reader) -> Result<T> + Send + 'static) -> T {
        self.house.db().read_wait(work).unwrap()
    }

    fn said(&self, role: Role, path: &str) -> String {
        let seen = self.get(role, path);
        assert_eq!(seen.status, 200, "{path}: {}", seen.text());
        let words = seen.words();
        for family in ["org-", "rollover-", "calendar-", "role-"] {
            assert!(!words.contains(family), "{path} shows a key: {words}");
        }
        words
    }

    fn login_of(&self, name: &'static str) -> (Id, Id, String) {
        self.read(move |r| {
            r.one(
                sql!("SELECT s.id, a.id, a.login FROM staff s JOIN account a ON a.staff_id = s.id WHERE s.name = $1"),
                &[&name],
            )
        })
    }
}

fn sheet(book: Book, name: &str, heads: &[&str], rows: &[&[&str]]) -> Book {
    let columns: Vec<Column> = heads.iter().map(|h| Column::new(*h, 12.0, ColumnKind::Text)).collect();
    let rows = rows.iter().map(|row| row.iter().map(|cell| Value::from(*cell)).collect());
    book.sheet(name).columns(&columns).rows(rows)
}

fn workbook(units: &[&[&str]], staff: &[&[&str]], teachers: &[&[&str]]) -> Vec<u8> {
    let book = Book::new().sheet("说明").paragraphs(&["随便写的说明"]);
    let book = sheet(book, "单位", &UNITS, units);
    let book = sheet(book, "教职工", &STAFF, staff);
    sheet(book, "班主任", &TEACHERS, teachers).finish().unwrap()
}

fn start_book() -> Vec<u8> {
    workbook(
        &[
            &["小学", "云溪小学", "5001990011", "", "云溪镇", "", "023-61230000"],
            &["镇街", "云溪镇", "", "", "", "乡村", ""],
        ],
        &[
            &["5001990011", "0001", "韩雨", "校长", "13900000001", "校领导、学籍管理员"],
            &["5001990011", "0002", "罗青", "语文教师", "13900000002", ""],
            &["区教委", "", "贺心", "", "13900000003", "区教委干部"],
        ],
        &[&["5001990011", "三年级2班", "0002", "", ""], &["5001990001", "三(1)班", "", "邹老师", ""]],
    )
}

fn first_sheet(bytes: &[u8], head: &str) -> Vec<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("codes.xlsx");
    std::fs::write(&path, bytes).unwrap();
    let mut table = TableFile::open(&path, &Limits::default()).unwrap();
    let heading = table.find_heading(&|texts| texts.iter().filter(|t| *t == head).count()).unwrap();
    let mut rows = Vec::new();
    table
        .read_rows(&heading, &mut |row| {
            rows.push(row.cells.into_iter().map(|c| c.text).collect());
            ControlFlow::Continue(())
        })
        .unwrap();
    rows
}

both_engines! {
    fn a_district_starts_from_one_workbook_and_the_same_file_again_changes_nothing(engine) {
        let s = Start::new(engine);
        let address = s.upload(&start_book());
        let words = s.said(Role::DistrictAdmin, &format!("{address}?show=added"));
        assert!(words.contains("云溪小学") && words.contains("还没有三年级2班，导入时会建好"), "{words}");
        s.apply(&address);
        assert!(s.said(Role::DistrictAdmin, &address).contains("导入好了"));
        let units = org::unit_list(&s.house.app).unwrap();
        let school = units.iter().find(|u| u.code == "5001990011").unwrap();
        assert_eq!((school.kind.as_str(), school.parent.as_str()), ("primary", "云溪镇"));

        let (staff, account, login) = s.login_of("罗青");
        assert_eq!(login, "5001990011-0002");
        let vault = s.house.app.vault.clone();
        let phone = s.read(move |r| people::staff_phone(r, &vault, staff));
        assert_eq!(phone.as_deref(), Some("13900000002"));
        let held = s.read(move |r| grant::current(r, account));
        assert_eq!(held.iter().map(|g| (g.role, g.unit_name.as_str())).collect::<Vec<_>>(), [(Role::ClassTeacher, "三年级2班")]);

        let again = s.upload(&start_book());
        let words = s.said(Role::DistrictAdmin, &again);
        assert!(words.contains("和现在的一样"), "{words}");
        assert!(s.said(Role::DistrictAdmin, "/org").contains("云溪小学"));
    }

    fn units_staff_and_class_teachers_may_come_in_files_of_their_own_in_any_order(engine) {
        let s = Start::new(engine);
        let teachers = sheet(Book::new(), "班主任", &TEACHERS, &[&["5001990011", "三年级2班", "0002", "", ""]]).finish().unwrap();
        let staff = sheet(Book::new(), "教职工", &STAFF, &[&["5001990011", "0002", "罗青", "", "13900000002", ""]]).finish().unwrap();
        let units = sheet(Book::new(), "单位", &UNITS, &[
            &["小学", "云溪小学", "5001990011", "", "云溪镇", "", ""],
            &["镇街", "云溪镇", "", "", "", "乡村", ""],
        ]).finish().unwrap();
        let files: [(&str, &str, &[u8]); 3] =
            [("file", "班主任.xlsx", &teachers), ("file", "教职工.xlsx", &staff), ("file", "单位.xlsx", &units)];
        let address = s.upload_all(&files, &[]);
        let words = s.said(Role::DistrictAdmin, &address);
        assert!(words.contains("单位.xlsx") && words.contains("班主任.xlsx"), "{words}");
        s.apply(&address);
        assert!(s.said(Role::DistrictAdmin, &address).contains("导入好了"));
        let (_, account, _) = s.login_of("罗青");
        assert_eq!(s.read(move |r| grant::current(r, account)).len(), 1);
    }

    fn a_complete_list_ends_the_roles_it_does_not_name_after_asking_twice(engine) {
        let s = Start::new(engine);
        let address = s.upload(&start_book());
        s.apply(&address);
        let (_, head, _) = s.login_of("韩雨");
        let (_, teacher, _) = s.login_of("罗青");
        let held = |account: Id| s.read(move |r| grant::current(r, account)).len();
        assert_eq!((held(head), held(teacher)), (2, 1));
        let list = |staff: &[&[&str]]| sheet(Book::new(), "教职工", &STAFF, staff).finish().unwrap();
        let part = list(&[&["5001990011", "0001", "韩雨", "校长", "", "校领导"]]);

        let address = s.upload(&part);
        assert!(!s.said(Role::DistrictAdmin, &address).contains("收回"), "a list that is not complete ends nothing");

        let complete = [("complete", "on")];
        let address = s.upload_all(&[("file", "名单.xlsx", &part)], &complete);
        let words = s.said(Role::DistrictAdmin, &format!("{address}?show=ended"));
        assert!(words.contains("1个身份会收回") && words.contains("学籍管理员"), "{words}");
        let apply = format!("{address}/apply");
        for wrong in [&[][..], &[("ended", "2")][..]] {
            let seen = s.post(Role::DistrictAdmin, &apply, wrong);
            assert!(seen.words().contains("请填对个数"), "{}", seen.words());
        }
        s.house.run_jobs();
        assert_eq!(held(head), 2, "one of two is more than usual: it is asked about");
        assert_eq!(s.post(Role::DistrictAdmin, &apply, &[("ended", "1")]).status, 303);
        s.house.run_jobs();
        s.on(date(2026, 11, 24));
        let roles: Vec<Role> = s.read(move |r| grant::current(r, head)).iter().map(|g| g.role).collect();
        assert_eq!(roles, [Role::SchoolLeader]);
        assert_eq!(held(teacher), 1, "the list of class teachers was not part of it");

        let again = s.upload_all(&[("file", "名单.xlsx", &part)], &complete);
        assert!(s.said(Role::DistrictAdmin, &again).contains("和现在的一样"), "the same list again ends nothing");
    }

    fn mended_rows_brought_back_end_nothing_even_when_called_complete(engine) {
        let s = Start::new(engine);
        let address = s.upload(&start_book());
        s.apply(&address);
        let bad = sheet(Book::new(), "教职工", &STAFF, &[
            &["5001990011", "0001", "韩雨", "", "", "校领导"],
            &["5001990011", "0003", "贺心", "", "12", ""],
        ]).finish().unwrap();
        let complete = [("complete", "on")];
        let address = s.upload_all(&[("file", "名单.xlsx", &bad)], &complete);
        let rows = s.get(Role::DistrictAdmin, &format!("{address}/refused")).bytes;
        let back = s.upload_all(&[("file", "改好.xlsx", &rows)], &complete);
        let words = s.said(Role::DistrictAdmin, &back);
        assert!(words.contains("不收回任何身份") && !words.contains("会收回"), "{words}");
    }

    fn a_class_given_to_another_ends_the_class_teacher_before_on_the_day_before(engine) {
        let s = Start::new(engine);
        let class = s.world.classes[0];
        let before = s.world.role(Role::ClassTeacher).account;
        let address = s.upload(&start_book());
        s.apply(&address);
        let holders = s.read(move |r| grant::holders(r, class, Role::ClassTeacher));
        assert_eq!(holders.iter().map(|(_, name, _)| name.as_str()).collect::<Vec<_>>(), ["邹老师"]);
        let last: String = s.read(move |r| {
            r.scalar(
                sql!("SELECT valid_to FROM role_grant WHERE account_id = $1 AND unit_id = $2"),
                &[&before, &class],
            )
        });
        assert_eq!(last, "2026-11-22");
    }

    fn a_file_with_a_bad_row_is_not_applied_and_the_row_comes_back_with_its_reason(engine) {
        let s = Start::new(engine);
        let address = s.upload(&workbook(
            &[&["学校", "云溪小学", "5001990011", "小学", "石桥", "", ""]],
            &[&["5001990001", "0007", "韩雨", "", "", "校领导"]],
            &[],
        ));
        let words = s.said(Role::DistrictAdmin, &address);
        assert!(words.contains("没有“石桥”这个镇街，是不是石桥镇"), "{words}");
        let refused = s.post(Role::DistrictAdmin, &format!("{address}/apply"), &[]);
        assert_eq!(refused.status, 422);
        assert!(refused.words().contains("先"), "{}", refused.words());
        s.house.run_jobs();
        let file = s.get(Role::DistrictAdmin, &format!("{address}/refused"));
        let rows = first_sheet(&file.bytes, "*单位名称");
        assert_eq!((rows.len(), rows[0][1].as_str()), (1, "云溪小学"));
        assert!(rows[0].last().unwrap().contains("是不是石桥镇"));
    }

    fn a_code_lets_somebody_choose_a_password_once(engine) {
        let s = Start::new(engine);
        let address = s.upload(&start_book());
        s.apply(&address);
        let school: Id = s.read(|r| r.scalar(sql!("SELECT id FROM unit WHERE code = '5001990011'"), &[]));
        assert!(s.said(Role::DistrictAdmin, &format!("/org/{school}")).contains("韩雨"));
        let file = s.post(Role::DistrictAdmin, &format!("/org/{school}/codes"), &[]);
        assert_eq!(file.status, 200, "{}", file.text());
        let rows = first_sheet(&file.bytes, "登录码");
        let mine = rows.iter().find(|row| row[2] == "韩雨").unwrap();
        let join = |code: &str, chosen: &str| {
            let nobody = Client::nobody(s.house.router());
            let fields = [("login", mine[3].as_str()), ("code", code), ("password", chosen), ("again", chosen)];
            s.runtime.block_on(nobody.post_bare("/join", &fields)).location.unwrap()
        };
        assert!(join("ABCD-EFGH-JKLM", "green7 mountain").starts_with("/join"));
        assert!(join(&mine[4], "short").starts_with("/join"));
        assert_eq!(join(&mine[4].to_lowercase().replace('-', ""), "green7 mountain"), "/sign-in");
        assert!(join(&mine[4], "green8 mountain").starts_with("/join"));
        let login = mine[3].clone();
        let kept = s.read(move |r| account::by_login(r, &login)).unwrap();
        assert!(password::fits("green7 mountain", &kept.password_hash.unwrap()));
    }

    fn a_registrar_sees_the_staff_of_the_own_school_and_of_no_other(engine) {
        let s = Start::new(engine);
        let (school, other) = (s.world.school, s.world.junior);
        assert_eq!(s.get(Role::Registrar, "/org").location, Some(format!("/org/{school}")));
        assert!(s.said(Role::Registrar, &format!("/org/{school}")).contains("林老师"));
        assert_eq!(s.get(Role::Registrar, &format!("/org/{other}")).status, 404);
        assert_eq!(s.get(Role::Registrar, "/org/import").status, 403);
        assert_eq!(s.post(Role::Registrar, &format!("/org/{other}/codes"), &[]).status, 404);
    }

    fn the_year_turns_once_and_a_second_run_changes_nothing(engine) {
        let s = Start::new(engine);
        let (school, classes) = (s.world.school, s.world.classes.clone());
        s.on(date(2030, 6, 20));
        assert!(s.said(Role::Registrar, &format!("/rollover/{school}")).contains("现在不用办"));
        s.on(date(2030, 8, 20));
        assert!(s.said(Role::Registrar, &format!("/rollover/{school}")).contains("毕业"));
        let decided = [("entrants-primary", "3"), ("teachers", "keep")];
        s.post(Role::Registrar, &format!("/rollover/{school}"), &decided);
        s.house.run_jobs();
        let words = s.said(Role::Registrar, &format!("/rollover/{school}"));
        assert!(words.contains("2个班毕业，12名学生毕业，新建3个班"), "{words}");
        let (pupil, class) = (s.world.students[0], classes[0]);
        let gone = s.read(move |r| people::find_student(r, pupil));
        assert_eq!((gone.state, gone.left_on), (StudentState::Graduated, Some(date(2030, 7, 31))));
        assert_eq!(s.read(move |r| grant::holders(r, class, Role::ClassTeacher)).len(), 0);
        let open = move |r: &mut Reader| unit::classes_of(r, school);
        let names: Vec<String> = s.read(open).iter().map(|c| c.display(2030)).collect();
        assert_eq!(names, ["一年级1班", "一年级2班", "一年级3班"]);

        s.post(Role::Registrar, &format!("/rollover/{school}"), &[("entrants-primary", "5"), ("teachers", "empty")]);
        s.house.run_jobs();
        assert_eq!(s.read(open).len(), 3);
        assert!(s.said(Role::DistrictAdmin, "/rollover").contains("已办好1所"));
        s.post(Role::DistrictAdmin, "/rollover/all", &[("teachers", "keep")]);
        s.house.run_jobs();
        assert!(s.said(Role::DistrictAdmin, "/rollover").contains("所有学校都办好了"));
        assert_eq!(s.read(open).len(), 3);
    }

    fn roles_in_a_class_carry_its_name_of_the_school_year(engine) {
        let s = Start::new(engine);
        s.on(date(2027, 8, 2));
        let run = |s: &Start| {
            s.house.db().write_wait(|tx| gongyu_store::jobs::enqueue(tx, "rollover.names", &())).unwrap();
            s.house.run_jobs();
        };
        run(&s);
        let account = s.world.other_teacher.account;
        let held = s.read(move |r| grant::current(r, account));
        let key = ClassKey::of_cohort(Stage::Primary, 2024, 2);
        assert_eq!(held[0].unit_name, key.display(2027));
    }

    fn the_calendar_is_seen_by_all_and_changed_by_the_district_alone(engine) {
        let s = Start::new(engine);
        let words = s.said(Role::ClassTeacher, "/calendar?year=2026");
        assert!(words.contains("国庆节") && words.contains("2026年10月"), "{words}");
        let due = s.said(Role::Guardian, "/calendar/count?from=2026-09-30&n=3");
        assert!(due.contains("10月10日") && due.contains("国庆节放假，不算"), "{due}");
        assert_eq!(s.get(Role::SchoolLeader, "/calendar/edit").status, 403);
        s.said(Role::DistrictOfficer, "/calendar/edit?year=2026");
        let day = [("year", "2026"), ("day", "2026-10-09"), ("kind", "off"), ("reason", "区运动会")];
        assert_eq!(s.post(Role::DistrictOfficer, "/calendar/day", &day).status, 303);
        assert!(s.said(Role::Guardian, "/calendar/count?from=2026-09-30&n=3").contains("10月12日"));
        let bad = [("year", "2026"), ("day", "2026-10-09"), ("kind", "off"), ("reason", "")];
        assert_eq!(s.post(Role::DistrictOfficer, "/calendar/day", &bad).status, 422);
        s.post(Role::DistrictOfficer, "/calendar/day/remove", &[("year", "2026"), ("day", "2026-10-09")]);
        assert!(s.said(Role::Guardian, "/calendar/count?from=2026-09-30&n=3").contains("10月10日"));
    }
}
