//! A small district with the caseload, and short words for what its people do.

use gongyu_access::{Actor, Hat, Prefs, Role};
use gongyu_contact::caseload;
use gongyu_contact::caseload::model::{Case, Matter, Topic};
use gongyu_contact::caseload::store::{self, Intake, NewLetter};
use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, Tx, sql};
use gongyu_testkit::{Client, Engine, House, Person, Seen, World, base_features};

pub struct Stage {
    pub house: House,
    pub world: World,
    pub runtime: tokio::runtime::Runtime,
}

pub fn built(engine: Engine) -> (House, World) {
    let mut features = base_features();
    features.extend([
        gongyu_parts::feature(),
        gongyu_deliver::feature(),
        gongyu_registry::account::feature(),
        gongyu_contact::contact_log::feature(),
        gongyu_contact::class_board::feature(),
        gongyu_contact::guardian_home::feature(),
        gongyu_contact::visit::feature(),
        caseload::feature(),
        gongyu_contact::calendar::feature(),
    ]);
    let house = House::new(engine, features);
    let world = World::small(&house);
    (house, world)
}

impl Stage {
    pub fn new(engine: Engine) -> Self {
        let (house, world) = built(engine);
        Self { house, world, runtime: tokio::runtime::Runtime::new().unwrap() }
    }

    /// Days go by; whoever was signed in comes back and is still.
    pub fn days_pass(&self, days: i64) {
        self.house.days_pass(days);
        self.write(|tx| {
            let (now, later) = (tx.now(), tx.now().plus_days(30));
            tx.exec(sql!("UPDATE session SET last_seen_at = $1, expires_at = $2"), &[&now, &later])
        })
        .unwrap();
    }

    pub fn at(&self, person: &Person) -> Client {
        Client::of(self.house.router(), person)
    }

    pub fn role(&self, role: Role) -> Client {
        self.at(self.world.role(role))
    }

    pub fn nobody(&self) -> Client {
        Client::nobody(self.house.router())
    }

    pub fn get(&self, client: &Client, path: &str) -> Seen {
        self.runtime.block_on(client.get(path))
    }

    pub fn post(&self, client: &Client, path: &str, fields: &[(&str, &str)]) -> Seen {
        self.runtime.block_on(client.post(path, fields))
    }

    pub fn post_bare(&self, client: &Client, path: &str, fields: &[(&str, &str)]) -> Seen {
        self.runtime.block_on(client.post_bare(path, fields))
    }

    pub fn read<T: Send + 'static>(&self, f: impl FnOnce(&mut Reader) -> Result<T> + Send + Clone + 'static) -> T {
        self.house.db().read_wait(move |r| f.clone()(r)).unwrap()
    }

    pub fn write<T: Send + 'static>(&self, f: impl FnOnce(&mut Tx) -> Result<T> + Send + Clone + 'static) -> Result<T> {
        self.house.db().write_wait(move |tx| f.clone()(tx))
    }

    pub fn case(&self, id: Id) -> Case {
        self.read(move |r| store::find(r, id))
    }

    pub fn staff(&self, role: Role) -> Id {
        self.world.role(role).staff.unwrap()
    }

    /// A signed letter of the mother, written on the page.
    pub fn letter(&self, title: &str, more: &[(&str, &str)]) -> Id {
        let mother = self.role(Role::Guardian);
        let child = self.world.students[0].to_string();
        let key = format!("key-of-a-letter-{title}");
        let mut fields = vec![
            ("child", child.as_str()),
            ("topic", "food"),
            ("title", title),
            ("body", "这两周的菜偏咸，孩子回家总喝水。"),
            ("key", key.as_str()),
        ];
        fields.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
        fields.extend_from_slice(more);
        let none: (&str, &str, &[u8]) = ("attachment", "", &[]);
        let sent = self.runtime.block_on(mother.upload("/mailbox/new", none, &fields));
        assert_eq!(sent.status, 303, "{}", sent.text());
        sent.location.unwrap().rsplit('/').next().unwrap().parse().unwrap()
    }

    /// An unsigned letter: number and password.
    pub fn unsigned(&self, client: &Client, title: &str, key: &str) -> (String, String) {
        let school = self.world.school.to_string();
        let fields = [
            ("school", school.as_str()),
            ("topic", "conduct"),
            ("title", title),
            ("body", "有老师上课时说学生笨。"),
            ("key", key),
            ("public", "on"),
        ];
        let sent = self.post_maybe(client, "/letters/anonymous", &fields);
        assert_eq!(sent.status, 200, "{}", sent.text());
        let words: Vec<String> = sent.words().split_whitespace().map(str::to_owned).collect();
        let after = |label: &str| words[words.iter().position(|w| w == label).unwrap() + 1].clone();
        (after("受理号"), after("密码"))
    }

    /// Posts with the session's secret where there is a session.
    pub fn post_maybe(&self, client: &Client, path: &str, fields: &[(&str, &str)]) -> Seen {
        if self.runtime.block_on(client.csrf()).is_empty() {
            self.post_bare(client, path, fields)
        } else {
            self.post(client, path, fields)
        }
    }

    /// Gives a case to the class teacher.
    pub fn assigned(&self, id: Id) {
        let teacher = self.staff(Role::ClassTeacher).to_string();
        let done = self.post(&self.role(Role::MoralDirector), &format!("/cases/{id}/assign"), &[("staff", &teacher)]);
        assert_eq!(done.status, 303, "{}", done.text());
    }

    /// The class teacher writes a reply and the leader approves it.
    pub fn answered(&self, id: Id) {
        let reply = [("reply", "谢谢您。食堂从明天起少放盐。"), ("act", "submit")];
        let written = self.post(&self.role(Role::ClassTeacher), &format!("/cases/{id}/reply"), &reply);
        assert_eq!(written.status, 303, "{}", written.text());
        let done = self.post(&self.role(Role::SchoolLeader), &format!("/cases/{id}/approve"), &[]);
        assert_eq!(done.status, 303, "{}", done.text());
    }

    /// The mother as the store sees her.
    pub fn mother(&self) -> Actor {
        actor_of(self.world.role(Role::Guardian))
    }
}

/// A person as the store sees them, without a unit.
pub fn actor_of(person: &Person) -> Actor {
    Actor {
        account: person.account,
        session: None,
        name: person.name.clone(),
        staff: person.staff,
        guardian: person.guardian,
        hat: Hat { role: person.role, unit: None, unit_name: String::new(), grant: None },
        strong: true,
        must_change: false,
        prefs: Prefs::default(),
    }
}

/// A letter for the store.
pub fn new_letter(school: Id, student: Id, key: &str) -> NewLetter {
    NewLetter {
        intake: Intake {
            school,
            topic: Topic::Food,
            matter: Matter { title: "食堂太咸".to_owned(), body: "这两周的菜偏咸。".to_owned() },
            wishes_public: true,
            key: key.to_owned(),
        },
        confidential: false,
        student,
    }
}
