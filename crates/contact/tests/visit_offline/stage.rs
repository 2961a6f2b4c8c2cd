//! A small school whose teachers have phones.

use axum::http::StatusCode;
use gongyu_access::Role;
use gongyu_contact::visit;
use gongyu_contact::visit::model::{NewVisit, Reason, State, Way};
use gongyu_contact::visit::{VisitRecord, store};
use gongyu_kernel::hex;
use gongyu_kernel::{Date, Id, Result};
use gongyu_ledger::rules::StaffRole;
use gongyu_ledger::touch;
use gongyu_store::{Reader, Tx};
use gongyu_testkit::{Client, Engine, House, Person, Seen, World, base_features};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub struct Stage {
    pub house: House,
    pub world: World,
    pub runtime: tokio::runtime::Runtime,
}

/// A phone: somebody signed in, with the secret of the session's forms.
pub struct Phone {
    pub client: Client,
    pub csrf: String,
}

pub fn sum(bytes: &[u8]) -> String {
    hex(Sha256::digest(bytes))
}

pub fn key(n: u32) -> String {
    format!("3f2a9c10-77aa-4b1e-9f00-{n:012x}")
}

impl Stage {
    pub fn new(engine: Engine) -> Self {
        let mut features = base_features();
        features.extend([
            gongyu_contact::contact_log::feature(),
            visit::feature(),
            visit::offline::feature(),
            gongyu_parts::feature(),
        ]);
        let house = House::new(engine, features);
        let world = World::small(&house);
        Self { house, world, runtime: tokio::runtime::Runtime::new().unwrap() }
    }

    pub fn write<T: Send + 'static>(&self, what: impl Fn(&mut Tx) -> Result<T> + Send + Sync + 'static) -> T {
        self.house.db().write_wait(what).unwrap()
    }

    pub fn read<T: Send + 'static>(&self, what: impl Fn(&mut Reader) -> Result<T> + Send + Sync + 'static) -> T {
        self.house.db().read_wait(what).unwrap()
    }

    pub fn teacher(&self) -> &Person {
        self.world.role(Role::ClassTeacher)
    }

    /// A visit of the first class's teacher, agreed for that day.
    pub fn agreed(&self, child: Id, on: &str, plan: &'static str) -> Id {
        let (staff, account, on): (_, _, Date) = (self.teacher().staff, self.teacher().account, on.parse().unwrap());
        self.write(move |tx| {
            let new = NewVisit {
                children: vec![child],
                reason: Reason::Yearly,
                trigger: String::new(),
                due_on: None,
                day: Some(on),
                starts_at: None,
                way: Way::Home,
                lead: (staff, StaffRole::ClassTeacher),
                contact: None,
            };
            let (id, _) = store::create(tx, &new, account, plan)?;
            store::set_state(tx, id, State::Agreed)?;
            Ok(id)
        })
    }

    pub fn client(&self, person: &Person) -> Client {
        Client::of(self.house.router(), person)
    }

    pub fn phone(&self, person: &Person) -> Phone {
        let client = self.client(person);
        let told = self.get(&client, "/visits/offline/standing.json").json();
        Phone { csrf: told["csrf"].as_str().unwrap_or_default().to_owned(), client }
    }

    pub fn get(&self, client: &Client, path: &str) -> Seen {
        self.runtime.block_on(client.get_json(path, &[]))
    }

    pub fn post(&self, phone: &Phone, path: &str, value: &Value) -> Seen {
        let bytes = value.to_string();
        self.runtime.block_on(phone.client.post_bytes(path, &phone.csrf, "application/json", bytes.as_bytes()))
    }

    pub fn standing(&self, client: &Client, device: &str) -> Value {
        let seen = self.runtime.block_on(client.get_json("/visits/offline/standing.json", &[("x-gy-device", device)]));
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text());
        seen.json()
    }

    pub fn send(&self, phone: &Phone, key: &str, visit: Id, base: i64, fields: &Value) -> Seen {
        self.post(phone, "/visits/offline/record.json", &sent(key, visit, base, fields))
    }

    pub fn touches(&self, child: Id) -> usize {
        self.read(move |r| Ok(touch::of_student(r, child, false, 50)?.len()))
    }

    pub fn record(&self, visit: Id) -> VisitRecord {
        let app = self.house.app.clone();
        self.read(move |r| store::record_of(r, &app.vault, visit))
    }

    pub fn count(&self, text: &'static gongyu_store::Sql) -> i64 {
        self.read(move |r| r.scalar(text, &[]))
    }
}

pub fn sent(key: &str, visit: Id, base: i64, fields: &Value) -> Value {
    let payload = json!({ "visit": visit, "base": base, "fields": fields }).to_string();
    json!({
        "key": key, "sha256": sum(payload.as_bytes()), "payload": payload, "visit": visit, "base": base,
        "said_ago": 3_600_000, "begun_ago": 5_400_000, "said_at": 1_000,
    })
}

pub fn fields(good: &str) -> Value {
    json!({ "good": good, "day": "2026-11-23", "way": "home", "met": ["mother"] })
}
