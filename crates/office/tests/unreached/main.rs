//! The never-reached loop on both engines: its rules through the store, its pages as each role, and a walk
//! in a browser.

mod pages;
mod property;
mod store;
mod walk;

use gongyu_access::{Actor, Hat, Prefs, Role};
use gongyu_kernel::{Date, Id, Result};
use gongyu_ledger::rules::{Channel, Depth, StaffRole, TouchKind};
use gongyu_ledger::touch::{self, NewTouch};
use gongyu_office::unreached;
use gongyu_office::unreached::model::{Reason, Task};
use gongyu_office::unreached::store as tasks;
use gongyu_registry::people::{self, NewGuardianship, Relation};
use gongyu_registry::unit::{self, NewUnit, UnitKind};
use gongyu_store::{Reader, Tx, sql};
use gongyu_testkit::people::staff_in;
use gongyu_testkit::world::SINCE;
use gongyu_testkit::{Client, Engine, House, Person, Seen, World, base_features};
use jiff::civil::date;

const TODAY: Date = date(2026, 11, 23);

/// The small district with a village in each town, and somebody to knock there.
pub struct Stage {
    pub house: House,
    pub world: World,
    pub runtime: tokio::runtime::Runtime,
    /// A village of the rural town, and one of the sub-district.
    pub village: Id,
    pub far_village: Id,
    pub worker: Person,
    pub far_worker: Person,
    pub far_officer: Person,
}

pub fn features() -> Vec<gongyu_web::Feature> {
    let mut features = base_features();
    features.extend([
        gongyu_parts::feature(),
        gongyu_registry::account::feature(),
        gongyu_registry::people::pages::feature(),
        gongyu_registry::year::feature(),
        gongyu_office::dashboard::feature(),
        gongyu_office::school_home::feature(),
        gongyu_office::duties::feature(),
        gongyu_office::never_reached::feature(),
        gongyu_office::rules::feature(),
        unreached::feature(),
    ]);
    features
}

pub fn actor(person: &Person, unit: Id) -> Actor {
    Actor {
        account: person.account,
        session: None,
        name: person.name.clone(),
        staff: person.staff,
        guardian: person.guardian,
        hat: Hat { role: person.role, unit: Some(unit), unit_name: String::new(), grant: None },
        strong: true,
        must_change: false,
        prefs: Prefs::default(),
    }
}

fn village(tx: &mut Tx, name: &str, town: Id) -> Result<Id> {
    unit::create(
        tx,
        &NewUnit {
            kind: UnitKind::Community,
            code: "",
            name,
            short_name: "",
            parent: Some(town),
            school_kind: None,
            setting: None,
            class: None,
            phone: "",
            valid_from: SINCE,
        },
    )
}

impl Stage {
    pub fn new(engine: Engine) -> Self {
        let house = House::new(engine, features());
        let world = World::small(&house);
        let (app, w) = (house.app.clone(), world.clone());
        let (village, far_village, worker, far_worker, far_officer) = house
            .db()
            .write_wait(move |tx| {
                let (near, far) = (village(tx, "柳溪村", w.town)?, village(tx, "望江社区", w.street)?);
                let vault = &app.vault;
                let role = Role::CommunityWorker;
                let worker = staff_in(tx, vault, "苗干事", role, (near, "柳溪村"), near)?;
                let far_worker = staff_in(tx, vault, "卜干事", role, (far, "望江社区"), far)?;
                let officer = staff_in(tx, vault, "汪干事", Role::TownOfficer, (w.street, "临江街道"), w.street)?;
                Ok((near, far, worker, far_worker, officer))
            })
            .unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        Self { house, world, runtime, village, far_village, worker, far_worker, far_officer }
    }

    /// The same with every task of the night opened.
    pub fn open(engine: Engine) -> Self {
        let stage = Self::new(engine);
        stage.night();
        stage
    }

    pub fn night(&self) {
        unreached::night(&self.house.app).unwrap();
    }

    pub fn write<T: Send + 'static>(&self, what: impl Fn(&mut Tx) -> Result<T> + Send + Sync + 'static) -> Result<T> {
        self.house.db().write_wait(what)
    }

    pub fn read<T: Send + 'static>(&self, what: impl Fn(&mut Reader) -> Result<T> + Send + Sync + 'static) -> T {
        self.house.db().read_wait(what).unwrap()
    }

    pub fn student(&self, n: usize) -> Id {
        self.world.students[n]
    }

    /// The newest task of a child.
    pub fn task(&self, student: Id) -> Task {
        self.read(move |r| {
            let (id,): (Id,) = r.one(
                sql!("SELECT id FROM unreached_task WHERE student_id = $1 ORDER BY id DESC LIMIT 1"),
                &[&student],
            )?;
            tasks::find(r, id)
        })
    }

    /// A contact that reaches a child.
    pub fn reach(&self, student: Id) -> Id {
        self.write(move |tx| touch::record(tx, &[talk(student)]).map(|ids| ids[0])).unwrap()
    }

    /// Makes the first two pupils of the first class brother and sister through the mother.
    pub fn siblings(&self) {
        let (second, mother) = (self.student(1), self.world.mother);
        self.write(move |tx| {
            let student = people::find_student(tx, second)?;
            let new =
                NewGuardianship { relation: Relation::Mother, kin: "", is_guardian: true, position: 2, source: "hand" };
            people::link(tx, &student, mother, &new, SINCE).map(drop)
        })
        .unwrap();
    }

    /// Hands the task of a child on, so many times, each by whoever has it.
    pub fn hand(&self, student: Id, times: usize) -> Task {
        for _ in 0..times {
            let (task, village) = (self.task(student), self.village);
            let by = self.world.role(Role::MoralDirector).account;
            self.write(move |tx| {
                let mut seen = task.step;
                if task.reason.is_none() {
                    tasks::give_reason(tx, task.id, seen, Reason::NumberDead, "", by)?;
                    seen += 1;
                }
                tasks::hand_on(tx, task.id, seen, Some(village), "电话三次没人接，请上门看看", by)
            })
            .unwrap();
        }
        self.task(student)
    }

    pub fn client(&self, person: &Person) -> Client {
        Client::of(self.house.router(), person)
    }

    pub fn get(&self, person: &Person, path: &str) -> Seen {
        self.runtime.block_on(self.client(person).get(path))
    }

    pub fn words(&self, person: &Person, path: &str) -> String {
        let seen = self.get(person, path);
        assert_eq!(seen.status, 200, "{:?} {path}: {}", person.role, seen.text());
        seen.words()
    }

    pub fn post(&self, person: &Person, path: &str, fields: &[(&str, &str)]) -> Seen {
        let client = self.client(person);
        self.runtime.block_on(async {
            let secret = client.get("/unreached").await.attr("meta[name=csrf]", "content").unwrap_or_default();
            let mut all = vec![("csrf", secret.as_str())];
            all.extend_from_slice(fields);
            client.post_bare(path, &all).await
        })
    }

    /// Sessions stay open however far the clock moves.
    pub fn keep_awake(&self) {
        let until = self.house.app.clock().now().plus_days(400);
        self.write(move |tx| {
            let now = tx.now();
            tx.exec(sql!("UPDATE session SET last_seen_at = $1, expires_at = $2"), &[&now, &until])
        })
        .unwrap();
    }

    pub fn teacher(&self) -> &Person {
        self.world.role(Role::ClassTeacher)
    }

    pub fn director(&self) -> &Person {
        self.world.role(Role::MoralDirector)
    }

    pub fn officer(&self) -> &Person {
        self.world.role(Role::TownOfficer)
    }
}

pub fn talk(student: Id) -> NewTouch {
    NewTouch {
        student,
        kind: TouchKind::CONTACT,
        depth: Depth::Talked,
        channel: Channel::Phone,
        tone: None,
        by_family: false,
        occurred_on: TODAY,
        guardian: None,
        relation: Some(Relation::Mother),
        staff: None,
        staff_role: Some(StaffRole::ClassTeacher),
        minutes: 0,
        source: ("test", None),
        act: None,
        client_key: None,
    }
}
