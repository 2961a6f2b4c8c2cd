//! A small school whose pages of units, people and cards are asked by plain requests.

use gongyu_access::Role;
use gongyu_registry::{card, people, unit};
use gongyu_store::sql;
use gongyu_testkit::{Client, Engine, House, Person, Seen, World, base_features};

pub struct Stage {
    pub house: House,
    pub world: World,
    pub runtime: tokio::runtime::Runtime,
}

impl Stage {
    pub fn new(engine: Engine) -> Self {
        let mut features = base_features();
        features.extend([unit::pages::feature(), people::pages::feature(), card::feature()]);
        let house = House::new(engine, features);
        let world = World::small(&house);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        Self { house, world, runtime }
    }

    pub fn client(&self, person: &Person) -> Client {
        Client::of(self.house.router(), person)
    }

    pub fn get(&self, role: Role, path: &str) -> Seen {
        self.runtime.block_on(self.client(self.world.role(role)).get(path))
    }

    pub fn post(&self, role: Role, path: &str, fields: &[(&str, &str)]) -> Seen {
        let client = self.client(self.world.role(role));
        self.runtime.block_on(async {
            let home = client.get(&home_of(&self.world, role)).await;
            let secret = home.attr("meta[name=csrf]", "content").expect("a page with the secret of the session");
            let mut all = vec![("csrf", secret.as_str())];
            all.extend_from_slice(fields);
            client.post_bare(path, &all).await
        })
    }

    pub fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&mut gongyu_store::Reader) -> gongyu_kernel::Result<T> + Send + 'static,
    ) -> T {
        self.house.db().read_wait(work).unwrap()
    }

    pub fn noted(&self, action: &'static str) -> i64 {
        self.read(move |r| r.scalar(sql!("SELECT COUNT(*) FROM audit WHERE action = $1"), &[&action]))
    }
}

pub fn home_of(world: &World, role: Role) -> String {
    match role {
        Role::ClassTeacher | Role::SubjectTeacher => format!("/classes/{}/students", world.classes[0]),
        _ => format!("/schools/{}/classes", world.school),
    }
}
