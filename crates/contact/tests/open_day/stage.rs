//! The stage of the tests of open days: a district with one, its people, and what they do.

use gongyu_access::Role;
use gongyu_contact::open_day::{self, book, store};
use gongyu_kernel::Id;
use gongyu_ledger::{figures, reach};
use gongyu_parts::booking::{self, State};
use gongyu_store::sql;
use gongyu_testkit::{Client, Engine, House, Person, Seen, World, base_features};

/// A school with an open day of two classes.
pub struct Stage {
    pub house: House,
    pub world: World,
    pub runtime: tokio::runtime::Runtime,
}

impl Stage {
    pub fn new(engine: Engine) -> Self {
        let mut features = base_features();
        features.extend([
            gongyu_parts::feature(),
            gongyu_deliver::feature(),
            gongyu_registry::account::feature(),
            gongyu_contact::contact_log::feature(),
            gongyu_contact::class_board::feature(),
            gongyu_contact::guardian_home::feature(),
            gongyu_contact::visit::feature(),
            gongyu_contact::notice::feature(),
            gongyu_contact::calendar::feature(),
            open_day::feature(),
        ]);
        let house = House::new(engine, features);
        let world = World::small(&house);
        Self { house, world, runtime: tokio::runtime::Runtime::new().unwrap() }
    }

    pub fn at(&self, person: &Person) -> Client {
        Client::of(self.house.router(), person)
    }

    pub fn role(&self, role: Role) -> Client {
        self.at(self.world.role(role))
    }

    pub fn get(&self, client: &Client, path: &str) -> Seen {
        self.runtime.block_on(client.get(path))
    }

    pub fn post(&self, client: &Client, path: &str, fields: &[(&str, &str)]) -> Seen {
        self.runtime.block_on(client.post(path, fields))
    }

    pub fn done(&self, client: &Client, path: &str, fields: &[(&str, &str)]) -> String {
        let seen = self.post(client, path, fields);
        assert_eq!(seen.status, 303, "{path}: {}", seen.words());
        seen.location.unwrap()
    }

    /// An open day on Wednesday with two sessions at the same time and one later, `places` in each; its number and
    /// those of its sessions.
    pub fn open(&self, places: &str) -> (String, Vec<Id>) {
        let leader = self.role(Role::MoralDirector);
        let classes = self.world.classes.iter().map(ToString::to_string).collect::<Vec<_>>();
        let mut fields = vec![
            ("title", "秋季开放日"),
            ("day", "2026-11-25"),
            ("place", "校门口"),
            ("intro", "请您来看看孩子上课"),
            ("opens", "2026-11-23T09:00"),
            ("closes", "2026-11-25T08:00"),
            ("per_family", "3"),
            ("offer", "24"),
            ("capacity", "0"),
            ("per_class", "0"),
            ("passes", "1"),
            ("key", "k1"),
        ];
        fields.extend(classes.iter().map(|c| ("classes", c.as_str())));
        let day = self.done(&leader, "/open-days/new", &fields).rsplit('/').next().unwrap().to_owned();
        for (title, from, to) in
            [("语文公开课", "09:00", "09:40"), ("数学公开课", "09:00", "09:40"), ("家长座谈", "10:00", "11:00")]
        {
            let fields =
                [("kind", "lesson"), ("title", title), ("from", from), ("to", to), ("capacity", places), ("place", "")];
            self.done(&leader, &format!("/open-days/{day}/sessions"), &fields);
        }
        self.done(&leader, &format!("/open-days/{day}/publish"), &[]);
        let id: Id = day.parse().unwrap();
        let sessions = self.house.db().read_wait(move |r| store::sessions(r, &[id])).unwrap();
        (day, sessions.iter().map(|s| s.id).collect())
    }

    /// A guardian of another pupil with an account.
    pub fn other_guardian(&self, student: usize) -> Person {
        let child = self.world.students[student];
        self.house
            .db()
            .write_wait(move |tx| {
                let tie = gongyu_registry::people::guardians_of(tx, child)?.remove(0);
                gongyu_testkit::people::signed_in_guardian(tx, tie.guardian, &tie.name)
            })
            .unwrap()
    }

    pub fn book(&self, person: &Person, day: &str, session: Id, child: Id, adults: &str) -> Seen {
        let (session, child, key) = (session.to_string(), child.to_string(), format!("b-{session}-{}", person.account));
        let fields =
            [("session", session.as_str()), ("about", &child), ("adults", adults), ("wait", "1"), ("key", &key)];
        self.post(&self.at(person), &format!("/family/open-days/{day}"), &fields)
    }

    pub fn booked(&self, person: &Person, day: &str, session: Id, child: Id, adults: &str) -> Id {
        let seen = self.book(person, day, session, child, adults);
        assert_eq!(seen.status, 303, "{}", seen.words());
        seen.location.unwrap().rsplit('/').next().unwrap().parse().unwrap()
    }

    pub fn state(&self, booking: Id) -> State {
        self.house.db().read_wait(move |r| booking::find(r, booking)).unwrap().state
    }

    pub fn ticket(&self, booking: Id) -> String {
        self.house.db().read_wait(move |r| book::party(r, booking)).unwrap().ticket
    }

    pub fn reached(&self, child: Id) -> i64 {
        let read = move |r: &mut gongyu_store::Reader| {
            let [_, year, _] = figures::present_periods(r)?;
            Ok(reach::of_children(r, &[child], &year)?.remove(&child).map_or(0, |c| c.met))
        };
        self.house.db().read_wait(read).unwrap()
    }

    /// Days pass, and everybody signs in again.
    pub fn days_pass(&self, days: i64) {
        self.house.days_pass(days);
        self.house
            .db()
            .write_wait(|tx| {
                let now = tx.now();
                let until = now.plus_days(1);
                tx.exec(sql!("UPDATE session SET last_seen_at = $1, expires_at = $2"), &[&now, &until])
            })
            .unwrap();
    }

    pub fn letters(&self, kind: &'static str) -> i64 {
        self.house
            .db()
            .read_wait(move |r| r.scalar(sql!("SELECT COUNT(*) FROM dispatch WHERE kind = $1"), &[&kind]))
            .unwrap()
    }
}
