//! The board answers in place, a child's contacts are paged, an activity is recorded once and names who came.

use axum::body::Body;
use axum::http::{Request, header};
use gongyu_access::Role;
use gongyu_kernel::Id;
use gongyu_ledger::rules::{Channel, Depth, StaffRole, Tone, TouchKind};
use gongyu_ledger::touch::{self, NewTouch};
use gongyu_registry::people::{self, NewGuardianship, Relation};
use gongyu_store::sql;
use gongyu_testkit::{Client, Engine, House, Person, Seen, World, base_features, both_engines};

struct Stage {
    house: House,
    world: World,
    runtime: tokio::runtime::Runtime,
}

impl Stage {
    fn new(engine: Engine) -> Self {
        let mut features = base_features();
        features.extend([
            gongyu_deliver::feature(),
            gongyu_contact::contact_log::feature(),
            gongyu_contact::class_board::feature(),
            gongyu_contact::guardian_home::feature(),
            gongyu_contact::act_record::feature(),
        ]);
        let house = House::new(engine, features);
        let world = World::small(&house);
        Self { house, world, runtime: tokio::runtime::Runtime::new().unwrap() }
    }

    fn router(&self) -> axum::Router {
        self.house.router()
    }

    fn teacher(&self) -> Client {
        Client::of(self.router(), self.world.role(Role::ClassTeacher))
    }

    fn get(&self, client: &Client, path: &str) -> Seen {
        self.runtime.block_on(client.get(path))
    }

    fn secret(&self) -> String {
        self.get(&self.teacher(), "/class").attr("meta[name=csrf]", "content").unwrap()
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let secret = self.secret();
        let mut all = vec![("csrf", secret.as_str())];
        all.extend_from_slice(fields);
        self.runtime.block_on(self.teacher().post_bare(path, &all))
    }

    /// As htmx posts: the answer takes its place on the page.
    fn post_in_place(&self, person: &Person, path: &str, body: &str) -> Seen {
        let request = Request::builder()
            .method("POST")
            .uri(path)
            .header(header::HOST, "test.invalid")
            .header(header::ORIGIN, "http://test.invalid")
            .header(header::COOKIE, person.cookie())
            .header("hx-request", "true")
            .header("x-csrf-token", self.secret())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.to_owned()))
            .unwrap();
        self.runtime.block_on(Client::nobody(self.router()).send(request))
    }

    fn read<T: Send + 'static>(
        &self,
        what: impl Fn(&mut gongyu_store::Reader) -> gongyu_kernel::Result<T> + Send + Sync + 'static,
    ) -> T {
        self.house.db().read_wait(what).unwrap()
    }
}

/// What the page was told: the text of the toast, its undo, the children whose cells changed.
fn told(seen: &Seen) -> (String, Option<String>, Vec<String>) {
    let header = seen.headers.get("hx-trigger").expect("the page is told").to_str().unwrap();
    let said: serde_json::Value = serde_json::from_str(header).unwrap();
    let text = |v: &serde_json::Value| v.as_str().map(str::to_owned);
    let children = said["gy-board"]["children"].as_array().unwrap();
    let children = children.iter().map(|c| c.as_str().unwrap().to_owned()).collect();
    (text(&said["gy-toast"]["text"]).unwrap(), text(&said["gy-toast"]["undo"]), children)
}

both_engines! {
    fn the_sheet_is_answered_with_a_toast_and_the_cell_and_not_with_a_new_board(engine) {
        let s = Stage::new(engine);
        let (teacher, child) = (s.world.role(Role::ClassTeacher).clone(), s.world.students[0]);
        let seen = s.post_in_place(&teacher, "/contacts", &format!("child={child}&channel=phone&tone=good&key=k1"));
        assert_eq!(seen.status, 200, "{}", seen.text());
        let (text, undo, children) = told(&seen);
        assert_eq!((text.as_str(), children), ("记好了，10秒内可以撤销", vec![child.to_string()]));
        let class = s.world.classes[0];
        let cells = s.get(&s.teacher(), &format!("/classes/{class}/cells?child={child}")).text();
        assert!(cells.contains(&format!("id=\"cell-{child}\" hx-swap-oob=\"true\"")) && cells.contains("今天"), "{cells}");
        assert!(!cells.contains(&s.world.students[1].to_string()), "only what changed");
        assert!(cells.contains("id=\"board-sums\" hx-swap-oob=\"true\""), "{cells}");
        let back = s.post_in_place(&teacher, &undo.unwrap(), "");
        assert_eq!(told(&back), ("撤销了，没有留下记录".to_owned(), None, vec![child.to_string()]));
        let other = s.world.classes[1];
        assert_eq!(s.get(&s.teacher(), &format!("/classes/{other}/cells?child={child}")).status, 404);
        // Without a script the form leads back to the board.
        let fields = [("child", child.to_string()), ("channel", "phone".into()), ("tone", "good".into())];
        let plain: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        assert!(s.post("/contacts", &plain).location.unwrap().starts_with("/class?saved="));
    }

    fn older_contacts_of_a_child_are_pages_on_and_none_is_left_out(engine) {
        let s = Stage::new(engine);
        let (child, staff) = (s.world.students[0], s.world.role(Role::ClassTeacher).staff);
        s.house
            .db()
            .write_wait(move |tx| {
                let today = tx.today();
                let touches: Vec<NewTouch> = (0..117_i32)
                    .map(|n| NewTouch {
                        student: child,
                        kind: TouchKind::CONTACT,
                        depth: Depth::Talked,
                        channel: Channel::Phone,
                        tone: Some(Tone::Neutral),
                        by_family: false,
                        occurred_on: today.saturating_sub(jiff_days(n / 3)),
                        guardian: None,
                        relation: None,
                        staff,
                        staff_role: Some(StaffRole::ClassTeacher),
                        minutes: 0,
                        source: ("test", None),
                        act: None,
                        client_key: None,
                    })
                    .collect();
                let ids = touch::record(tx, &touches)?;
                touch::reverse(tx, &ids[..2]).map(drop)
            })
            .unwrap();
        let officer = Client::of(s.router(), s.world.role(Role::DistrictOfficer));
        let (mut path, mut seen, mut pages) = (format!("/students/{child}/contacts"), 0, 0);
        loop {
            let page = s.get(&officer, &path).text();
            seen += page.matches("<span class=\"ic").count();
            pages += 1;
            let Some(at) = page.find("contacts?after=") else { break };
            let next: String = page[at..].chars().take_while(|c| *c != '"').collect();
            path = format!("/students/{child}/{next}");
        }
        assert_eq!((seen, pages), (115, 3), "those taken back are not shown and do not shorten a page");
    }

    fn an_activity_sent_twice_is_one_and_names_who_came_where_that_is_known(engine) {
        let s = Stage::new(engine);
        let (two, one, three) = (s.world.students[0], s.world.students[1], s.world.students[2]);
        // The third child has a second guardian too, and nobody says who came.
        s.house
            .db()
            .write_wait(move |tx| {
                let student = people::find_student(tx, three)?;
                let other = people::guardians_of(tx, one)?[0].guardian;
                let tie = NewGuardianship {
                    relation: Relation::Other,
                    kin: "",
                    is_guardian: true,
                    position: 2,
                    source: "hand",
                };
                let today = tx.today();
                people::link(tx, &student, other, &tie, today).map(drop)
            })
            .unwrap();
        let father = s.world.father;
        let fields = [
            ("kind", "parent_meeting".to_owned()),
            ("title", "期中家长会".to_owned()),
            ("day", "2026-11-20".to_owned()),
            ("key", "k7".to_owned()),
            ("came", two.to_string()),
            ("came", one.to_string()),
            ("came", three.to_string()),
        ];
        let who = format!("who-{two}");
        let father_text = father.to_string();
        let mut all: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        all.push((&who, &father_text));
        assert_eq!(s.post("/acts/new", &all).status, 303);
        assert_eq!(s.post("/acts/new", &all).status, 303);
        let acts: i64 = s.read(|r| r.scalar(sql!("SELECT COUNT(*) FROM act"), &[]));
        assert_eq!(acts, 1, "a second tap records nothing");
        let came = s.read(move |r| touch::of_student(r, two, false, 9))[0].clone();
        assert_eq!((came.guardian, came.relation), (Some(father), Some(Relation::Father)));
        let only = s.read(move |r| people::guardians_of(r, one))[0].guardian;
        assert_eq!(s.read(move |r| touch::of_student(r, one, false, 9))[0].guardian, Some(only));
        assert_eq!(s.read(move |r| touch::of_student(r, three, false, 9))[0].guardian, None, "nobody is guessed");
        let stranger = s.world.mother.to_string();
        let mut wrong = all.clone();
        let who_one = format!("who-{one}");
        wrong[3] = ("key", "k8");
        wrong.push((&who_one, &stranger));
        assert_eq!(s.post("/acts/new", &wrong).status, 404, "a guardian of another child");
    }

    fn a_class_teacher_sees_what_the_school_held_and_cannot_change_it(engine) {
        let s = Stage::new(engine);
        let leader = Client::of(s.router(), s.world.role(Role::SchoolLeader));
        let secret = s.get(&leader, "/acts").attr("meta[name=csrf]", "content").unwrap();
        let fields = [
            ("csrf", secret.as_str()),
            ("kind", "open_day"),
            ("title", "秋季开放日"),
            ("day", "2026-11-12"),
            ("attendance", "80"),
        ];
        assert_eq!(s.runtime.block_on(leader.post_bare("/acts/new", &fields)).status, 303);
        let page = s.get(&s.teacher(), "/acts").text();
        assert!(page.contains("秋季开放日"), "{page}");
        let act: Id = s.read(|r| r.scalar(sql!("SELECT MAX(id) FROM act"), &[]));
        assert!(!page.contains(&format!("/acts/{act}")));
        assert_eq!(s.get(&s.teacher(), &format!("/acts/{act}")).status, 404);
        assert!(s.get(&s.teacher().on_phone(), "/class").text().contains("href=\"/acts\""));
    }
}

fn jiff_days(n: i32) -> jiff::Span {
    jiff::Span::new().days(n)
}
