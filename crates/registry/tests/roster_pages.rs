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
        self.runtime.block_on(self.client(Role::Registrar).post(path, fields))
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
        let other = stage.world.junior;
        let moved = move |tx: &mut gongyu_store::Tx| {
            tx.exec(sql!("UPDATE import_batch SET school_id = $1"), &[&other]).map(drop)
        };
        stage.house.db().write_wait(moved).unwrap();
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
}
