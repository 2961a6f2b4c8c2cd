//! The roster import as people meet it: upload, look, mend, write, take away; on both engines.

use gongyu_access::Role;
use gongyu_kernel::i18n::Lang;
use gongyu_registry::roster;
use gongyu_registry::roster::id_number::check_character;
use gongyu_registry::roster::import::{ImportReport, import_files};
use gongyu_store::sql;
use gongyu_testkit::{Client, Engine, House, Seen, World, base_features, both_engines};
use gongyu_web::{Feature, Get, Page, Reply, Routes, Signed};

const HEAD: &str = "学校标识码,姓名,身份证件号,班级号,成员1姓名,成员1关系,成员1联系电话,成员1是否监护人,备注";
const SCHOOL: &str = "5001990001";

/// The front pages live in another room; the client only needs the secret of the session from one.
fn me(_: &mut Get<'_>, _: Signed) -> gongyu_kernel::Result<Reply> {
    Ok(Reply::Page(Page::new("me".into(), "", String::new())))
}

struct Stage {
    house: House,
    world: World,
    runtime: tokio::runtime::Runtime,
}

impl Stage {
    fn new(engine: Engine) -> Self {
        let mut features = base_features();
        features.push(roster::feature());
        let front = || Routes::new().get("/me", me);
        features.push(Feature { name: "front", routes: Some(front), ..Feature::default() });
        let house = House::new(engine, features);
        let world = World::small(&house);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        Self { house, world, runtime }
    }

    fn client(&self, role: Role) -> Client {
        Client::of(self.house.router(), self.world.role(role))
    }

    fn get(&self, role: Role, path: &str) -> Seen {
        self.runtime.block_on(self.client(role).get(path))
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        self.post_as(Role::Registrar, path, fields)
    }

    fn post_as(&self, role: Role, path: &str, fields: &[(&str, &str)]) -> Seen {
        self.runtime.block_on(self.client(role).post(path, fields))
    }

    /// Makes every import another school's.
    fn give_away(&self) {
        let other = self.world.junior;
        let moved = move |tx: &mut gongyu_store::Tx| {
            tx.exec(sql!("UPDATE import_batch SET school_id = $1"), &[&other]).map(drop)
        };
        self.house.db().write_wait(moved).unwrap();
    }

    /// Uploads a file and returns the address of its import.
    fn upload(&self, text: &str, fields: &[(&str, &str)]) -> String {
        let file = ("file", "2026秋季学籍.csv", text.as_bytes());
        let seen = self.runtime.block_on(self.client(Role::Registrar).upload("/roster", file, fields));
        assert_eq!(seen.status, 303, "{}", seen.text());
        seen.location.expect("the page of the import")
    }

    fn count(&self, of: &'static gongyu_store::Sql) -> i64 {
        self.house.db().read_wait(move |r| r.scalar(of, &[])).unwrap()
    }

    fn pupils(&self) -> i64 {
        self.count(sql!("SELECT COUNT(*) FROM student"))
    }

    fn noted(&self, action: &'static str) -> i64 {
        let find = sql!("SELECT COUNT(*) FROM audit WHERE action = $1");
        self.house.db().read_wait(move |r| r.scalar(find, &[&action])).unwrap()
    }
}

fn id_of(sequence: u32) -> String {
    let first = format!("50010120180312{sequence:03}");
    format!("{first}{}", check_character(&first).unwrap())
}

fn row(name: &str, id: &str, class: &str, phone: &str) -> String {
    format!("{SCHOOL},{name},{id},{class},{name}的妈,母亲,{phone},是,")
}

fn file(rows: &[String]) -> String {
    format!("{HEAD}\n{}\n", rows.join("\n"))
}

fn said(seen: &Seen) -> String {
    assert_eq!(seen.status, 200, "{}", seen.text());
    let words = seen.words();
    assert!(!words.contains("roster-"), "the page shows a key: {words}");
    words
}

both_engines! {
    fn a_registrar_uploads_looks_mends_and_writes(engine) {
        let stage = Stage::new(engine);
        let before = stage.pupils();
        said(&stage.get(Role::Registrar, "/roster"));
        let rows = [
            row("向思源", &id_of(21), "3.2", "13900000021"),
            row("马睿", &id_of(22), "3.2", "13900000022"),
            row("夏天佑", &id_of(23), "三年级1班", "1390000002"),
            row("贺心怡", &id_of(24), "三年级1班", "13900000024"),
        ];
        let address = stage.upload(&file(&rows), &[]);
        let waiting = stage.get(Role::Registrar, &address);
        assert!(said(&waiting).contains("已检查0行"), "{}", waiting.words());
        stage.house.run_jobs();
        let preview = stage.get(Role::Registrar, &address);
        let words = said(&preview);
        for piece in ["可以导入", "有问题的3行", "2行都改成三年级2班", "备注", "139****002"] {
            assert!(words.contains(piece), "{piece}: {words}");
        }
        assert!(!words.contains(&id_of(21)), "numbers are masked");
        assert_eq!(stage.pupils(), before, "a preview writes nothing");
        let all = [("row", "2"), ("do", "set"), ("field", "class"), ("value", "三年级2班"), ("same", "1")];
        assert_eq!(stage.post(&format!("{address}/fix"), &all).status, 303);
        let none = [("row", "4"), ("do", "set"), ("field", "member1_phone"), ("value", "无")];
        assert_eq!(stage.post(&format!("{address}/fix"), &none).status, 303);
        assert!(said(&stage.get(Role::Registrar, &address)).contains("每一行都没有问题"));
        assert_eq!(stage.post(&format!("{address}/apply"), &[]).status, 303);
        assert!(said(&stage.get(Role::Registrar, &address)).contains("共4行"));
        stage.house.run_jobs();
        assert!(said(&stage.get(Role::Registrar, &address)).contains("导好了，写入4行"));
        assert_eq!(stage.pupils(), before + 4);
        assert_eq!(stage.count(sql!("SELECT COUNT(*) FROM unit WHERE kind = 'class'")), 3, "the classes were there");
        for action in ["roster.upload", "roster.apply", "roster.applied"] {
            assert_eq!(stage.noted(action), 1, "{action}");
        }
        assert!(said(&stage.get(Role::Registrar, "/roster")).contains("已导入"));
    }

    fn the_rows_that_wait_can_be_taken_away_mended_and_brought_back(engine) {
        let stage = Stage::new(engine);
        let bad = "50010120180312021";
        let address = stage.upload(&file(&[row("向思源", bad, "三年级2班", "13900000021")]), &[]);
        stage.house.run_jobs();
        let sheet = stage.post(&format!("{address}/rows.xlsx"), &[]);
        assert_eq!((sheet.status.as_u16(), &sheet.bytes[..2]), (200, &b"PK"[..]));
        assert_eq!(stage.noted("roster.download"), 1);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("back.xlsx");
        std::fs::write(&path, &sheet.bytes).unwrap();
        let found = import_files(&stage.house.app, &[path], Some(SCHOOL), true, true, Lang::Zh).unwrap();
        assert_eq!((found.left, found.problems.len()), (0, 1));
        assert!(found.problems[0].reason.contains("17位"), "{:?}", found.problems);
    }

    fn a_file_that_cannot_be_read_says_why_and_changes_nothing(engine) {
        let stage = Stage::new(engine);
        let before = stage.pupils();
        let address = stage.upload("%PDF-1.7 not a table", &[]);
        stage.house.run_jobs();
        let words = said(&stage.get(Role::Registrar, &address));
        assert!(words.contains("这是PDF，不是表格"), "{words}");
        assert_eq!(stage.pupils(), before);
    }

    fn the_import_of_another_school_is_nobody_elses_business(engine) {
        let stage = Stage::new(engine);
        let address = stage.upload(&file(&[row("向思源", &id_of(21), "三年级2班", "13900000021")]), &[]);
        stage.give_away();
        assert_eq!(stage.get(Role::Registrar, &address).status, 404);
        assert_eq!(stage.get(Role::DistrictAdmin, &address).status, 200);
        assert_eq!(stage.get(Role::ClassTeacher, &address).status, 403);
        assert_eq!(stage.get(Role::Registrar, "/roster/1").status, 404);
        assert_eq!(stage.get(Role::Registrar, "/roster/template.xlsx").status, 200);
    }

    fn the_command_reports_what_it_did_and_a_dry_run_does_nothing(engine) {
        let stage = Stage::new(engine);
        let before = stage.pupils();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let rows = [
            row("向思源", &id_of(21), "三年级2班", "13900000021"),
            row("马睿", "12", "三年级2班", "13900000022"),
        ];
        std::fs::write(&path, file(&rows)).unwrap();
        let app = &stage.house.app;
        let run = |dry| import_files(app, std::slice::from_ref(&path), None, dry, false, Lang::Zh).unwrap();
        let counts = |r: &ImportReport| (r.added, r.changed, r.moved, r.left, r.unchanged, r.problems.len());
        assert_eq!(counts(&run(true)), (1, 0, 0, 0, 0, 1));
        assert_eq!(stage.pupils(), before);
        assert_eq!(stage.count(sql!("SELECT COUNT(*) FROM import_batch")), 0);
        let done = run(false);
        assert_eq!(counts(&done), (1, 0, 0, 0, 0, 1));
        assert_eq!((done.problems[0].row, done.problems[0].column.as_str()), (3, "身份证件号"));
        assert_eq!(counts(&run(false)), (0, 0, 0, 0, 1, 1));
        assert_eq!(stage.pupils(), before + 1);
        let json = serde_json::to_value(&done).unwrap();
        let keys: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys.len(), 6, "{keys:?}");
        std::fs::write(&path, "").unwrap();
        assert_eq!(run(false).unreadable.unwrap().key, "roster-file-empty");
    }

    fn a_row_stands_beside_the_row_it_collides_with_and_only_what_contradicts_is_marked(engine) {
        let stage = Stage::new(engine);
        let twice = [
            row("向思源", &id_of(21), "三年级1班", "13900000021"),
            row("向思源", &id_of(21), "三(2)班", "13900000021"),
        ];
        let address = stage.upload(&file(&twice), &[]);
        stage.house.run_jobs();
        assert!(said(&stage.get(Role::Registrar, &address)).contains("放在一起看"));
        let beside = stage.get(Role::Registrar, &format!("{address}/beside?row=3"));
        let words = said(&beside);
        for piece in ["第3行", "第2行", "三年级1班", "三年级2班", "139****0021"] {
            assert!(words.contains(piece), "{piece}: {words}");
        }
        assert_eq!(words.matches("不一样").count(), 1, "only the class differs: {words}");
        assert!(!words.contains(&id_of(21)), "numbers are masked");
        assert_eq!(stage.get(Role::Registrar, &format!("{address}/beside?row=2")).status, 404, "a good row collides with none");
        assert_eq!(stage.get(Role::Registrar, &format!("{address}/beside?row=99")).status, 404);
        assert_eq!(stage.get(Role::Registrar, &format!("{address}/beside?row=x")).status, 404);
    }

    fn what_an_import_wrote_is_listed_and_can_be_taken_back_whole(engine) {
        let stage = Stage::new(engine);
        let before = stage.pupils();
        let rows = [
            row("向思源", &id_of(21), "三年级1班", "13900000021"),
            row("马睿", &id_of(22), "三年级2班", "13900000022"),
        ];
        let address = stage.upload(&file(&rows), &[]);
        stage.house.run_jobs();
        assert_eq!(stage.post(&format!("{address}/apply"), &[]).status, 303);
        stage.house.run_jobs();
        assert_eq!(stage.pupils(), before + 2);
        let changes = stage.get(Role::Registrar, &format!("{address}/changes"));
        let words = said(&changes);
        for piece in ["向思源", "马睿", "三年级1班", "新生"] {
            assert!(words.contains(piece), "{piece}: {words}");
        }
        let undo = format!("{address}/undo");
        let without = stage.post(&undo, &[("reason", " ")]);
        assert!(without.words().contains("撤回"), "{}", without.words());
        assert_eq!(stage.pupils(), before + 2, "without a reason nothing is taken back");
        assert_eq!(stage.post(&undo, &[("reason", "导错了文件")]).status, 303);
        stage.house.run_jobs();
        assert_eq!(stage.count(sql!("SELECT COUNT(*) FROM student WHERE state = 'active'")), before);
        let undone = said(&stage.get(Role::Registrar, &address));
        assert!(undone.contains("撤回"), "{undone}");
        assert_eq!((stage.noted("roster.undo"), stage.noted("roster.undone")), (1, 1));
        assert_ne!(stage.post(&undo, &[("reason", "再来一次")]).status, 303, "once");
    }

    fn every_page_and_step_of_an_import_is_closed_to_other_schools_and_roles(engine) {
        let stage = Stage::new(engine);
        let twice = [
            row("向思源", &id_of(21), "三年级2班", "13900000021"),
            row("向思源", &id_of(21), "三年级1班", "13900000021"),
        ];
        let address = stage.upload(&file(&twice), &[]);
        stage.house.run_jobs();
        stage.give_away();
        let (pages, steps) = (["", "/beside?row=3", "/changes"], ["/apply", "/fix", "/undo", "/rows.xlsx"]);
        for page in pages {
            let at = format!("{address}{page}");
            assert_eq!(stage.get(Role::Registrar, &at).status, 404, "{at}");
            assert_eq!(stage.get(Role::DistrictAdmin, &at).status, 200, "{at}");
            for role in [Role::ClassTeacher, Role::TownOfficer, Role::Guardian, Role::SchoolLeader] {
                assert_eq!(stage.get(role, &at).status, 403, "{role:?} {at}");
            }
        }
        for step in steps {
            let (at, fields) = (format!("{address}{step}"), [("row", "3"), ("do", "accept"), ("reason", "x")]);
            assert_eq!(stage.post(&at, &fields).status, 404, "{at}");
            for role in [Role::ClassTeacher, Role::Guardian, Role::SchoolLeader] {
                assert_eq!(stage.post_as(role, &at, &fields).status, 403, "{role:?} {at}");
            }
        }
        assert_eq!(stage.noted("roster.apply") + stage.noted("roster.undo") + stage.noted("roster.download"), 0);
    }

    fn the_groups_for_special_visits_are_the_districts_to_choose(engine) {
        let stage = Stage::new(engine);
        assert!(!said(&stage.get(Role::Registrar, "/roster")).contains("多走访"), "a school is not asked");
        let page = stage.get(Role::DistrictAdmin, "/roster");
        said(&page);
        let first = page.attr("input[name=group]", "value").expect("a group to choose");
        let fields = [("group", first.as_str())];
        assert_eq!(stage.post("/roster/special", &fields).status, 403, "a school cannot choose");
        assert_eq!(stage.noted("roster.special"), 0);
        assert_eq!(stage.post_as(Role::DistrictAdmin, "/roster/special", &fields).status, 303);
        assert_eq!(stage.noted("roster.special"), 1);
        let again = stage.get(Role::DistrictAdmin, "/roster");
        assert_eq!(again.attr("input[name=group][checked]", "value").as_deref(), Some(first.as_str()));
    }
}
