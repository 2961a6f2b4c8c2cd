//! The rules of an import, shown on a small district in a database of its own.

mod applying;
mod guarding;
mod leaving;
mod mending;
mod refusing;
mod undoing;

use super::store::{self, NewBatch};
use super::{Batch, Importer, Told, apply};
use crate::people::{self, Student};
use crate::roster::class_label::SchoolKind;
use crate::roster::id_number::check_character;
use crate::unit::{self, NewUnit, UnitKind};
use gongyu_kernel::clock::FixedClock;
use gongyu_kernel::random::Random;
use gongyu_kernel::{Clock, Id, Millis, Result};
use gongyu_store::{Db, Options, Tx, sql};
use gongyu_vault::Vault;
use gongyu_web::MembershipChange;
use jiff::civil::date;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

const A: &str = "2150000001";
const B: &str = "2150000002";

/// Remembers what the features would have been told, and may refuse at a given call.
#[derive(Default)]
struct Ear {
    moves: Mutex<Vec<MembershipChange>>,
    guardians: Mutex<Vec<Id>>,
    refuse_after: AtomicUsize,
    calls: AtomicUsize,
}

impl Told for Ear {
    fn membership(&self, _: &mut Tx, changes: &[MembershipChange]) -> Result<()> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        let limit = self.refuse_after.load(Ordering::SeqCst);
        if limit > 0 && call > limit {
            return Err(gongyu_kernel::Error::internal("cut off"));
        }
        self.moves.lock().unwrap().extend(changes);
        Ok(())
    }
    fn guardians(&self, _: &mut Tx, students: &[Id]) -> Result<()> {
        self.guardians.lock().unwrap().extend(students);
        Ok(())
    }
}

struct District {
    dir: TempDir,
    db: Db,
    vault: Vault,
    ear: Arc<Ear>,
    importer: Importer,
    a: Id,
    clock: Arc<FixedClock>,
    _house: Option<gongyu_testkit::House>,
}

fn school(tx: &mut Tx, parent: Id, code: &str, name: &str) -> Result<Id> {
    let day = date(2020, 9, 1);
    let new = NewUnit {
        kind: UnitKind::School,
        code,
        name,
        short_name: "",
        parent: Some(parent),
        school_kind: Some(SchoolKind::Primary),
        setting: None,
        class: None,
        phone: "",
        valid_from: day,
    };
    unit::create(tx, &new)
}

impl District {
    fn new() -> Self {
        Self::on(gongyu_testkit::Engine::Sqlite)
    }

    /// On SQLite with a clock of its own, on PostgreSQL with that of the house.
    fn on(engine: gongyu_testkit::Engine) -> Self {
        let dir = TempDir::new().unwrap();
        let clock = Arc::new(FixedClock::new(Millis::start_of(date(2026, 10, 12))));
        let house = (engine == gongyu_testkit::Engine::Postgres)
            .then(|| gongyu_testkit::House::new(engine, gongyu_testkit::base_features()));
        let db = match &house {
            Some(house) => house.db().clone(),
            None => {
                let options = Options {
                    file: dir.path().join("db"),
                    url: String::new(),
                    readers: 2,
                    replication: gongyu_store::Replication::default(),
                    clock: Clock::from_source(clock.clone()),
                };
                let steps = [gongyu_store::MIGRATIONS, gongyu_access::MIGRATIONS, crate::MIGRATIONS].concat();
                Db::open(options, &steps).unwrap()
            }
        };
        let vault = Vault::ephemeral(Random::seeded(7)).unwrap();
        let (a, _) = db
            .write_wait(|tx| {
                let new = NewUnit {
                    kind: UnitKind::District,
                    code: "500199",
                    name: "云岭区",
                    short_name: "",
                    parent: None,
                    school_kind: None,
                    setting: None,
                    class: None,
                    phone: "",
                    valid_from: date(2020, 9, 1),
                };
                let district = unit::create(tx, &new)?;
                Ok((school(tx, district, A, "石桥小学")?, school(tx, district, B, "麻柳小学")?))
            })
            .unwrap();
        let ear = Arc::new(Ear::default());
        let importer = Importer::new(db.clone(), vault.clone(), ear.clone());
        Self { dir, db, vault, ear, importer, a, clock, _house: house }
    }

    fn stage_as(&self, text: &str, school: Option<Id>, complete: bool) -> Batch {
        let path = self.dir.path().join("roster.csv");
        std::fs::write(&path, text).unwrap();
        let new = NewBatch { school, complete, file_name: "roster.csv".into(), sha256: String::new(), by: None };
        let batch = self.db.write_wait(move |tx| store::create(tx, &new)).unwrap();
        self.importer.stage(batch, &path, None).unwrap();
        self.importer.batch(batch).unwrap()
    }

    fn stage(&self, rows: &[String]) -> Batch {
        self.stage_as(&file(rows), None, false)
    }

    fn decide(&self, batch: Id, gone: i64) -> Result<()> {
        self.db.write_wait(move |tx| {
            let found = store::find(tx, batch)?;
            apply::decide(tx, &found, gone)
        })
    }

    fn apply(&self, batch: Id) -> Batch {
        self.decide(batch, -1).unwrap();
        self.importer.apply(batch, Some(&self.dir.path().join("roster.csv")), None).unwrap();
        self.importer.batch(batch).unwrap()
    }

    fn import(&self, rows: &[String]) -> Batch {
        self.apply(self.stage(rows).id)
    }

    fn count(&self, of: &'static gongyu_store::Sql) -> i64 {
        self.db.read_wait(move |r| r.scalar(of, &[])).unwrap()
    }

    fn pupils(&self) -> i64 {
        self.count(sql!("SELECT COUNT(*) FROM student"))
    }

    fn pupil(&self, name: &str) -> Student {
        let name = name.to_owned();
        self.db
            .read_wait(move |r| {
                let id = r.scalar(sql!("SELECT id FROM student WHERE name = $1"), &[&name])?;
                people::find_student(r, id)
            })
            .unwrap()
    }

    fn later(&self, days: i64) {
        self.clock.advance_seconds(days * 86_400);
    }
}

const HEAD: &str = "学校标识码,姓名,身份证件号,班级号,成员1姓名,成员1关系,成员1联系电话,成员1是否监护人,成员1身份证件号,\
                    成员2姓名,成员2关系,成员2联系电话,成员2是否监护人,成员2身份证件号";

fn file(rows: &[String]) -> String {
    format!("{HEAD}\n{}\n", rows.join("\n"))
}

fn id_of(birth: &str, sequence: u32) -> String {
    let first = format!("500101{birth}{sequence:03}");
    let check = check_character(&first).unwrap();
    format!("{first}{check}")
}

/// One row: a child of the third grade and its mother.
fn row(school: &str, name: &str, sequence: u32, class: &str, mother: &str, phone: &str) -> String {
    let id = id_of("20180312", sequence);
    format!("{school},{name},{id},{class},{mother},母亲,{phone},是,,,,,,")
}

fn few() -> Vec<String> {
    vec![
        row(A, "周小禾", 1, "三年级1班", "周青", "13900000001"),
        row(A, "阿依古丽·买买提", 2, "三年级1班", "热娜", "13900000002"),
        row(B, "陈语桐", 3, "三年级2班", "林静", "13900000003"),
    ]
}

/// A name of its own for each number.
fn name_no(n: u32) -> String {
    format!("学{}明", char::from_u32(0x4E00 + n).unwrap())
}
