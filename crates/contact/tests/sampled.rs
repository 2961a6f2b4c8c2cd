//! Families asked whether a recorded contact happened, by the pages: what the guardian is asked, what a
//! school and a district see of it, and who opens a contradicted record. On both engines.

use gongyu_access::Role;
use gongyu_kernel::Id;
use gongyu_ledger::question::{self, Settings};
use gongyu_ledger::touch;
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
            gongyu_contact::sampled::feature(),
        ]);
        let house = House::new(engine, features);
        let world = World::small(&house);
        house.db().write_wait(|tx| question::keep_settings(tx, Settings { percent: 100 })).unwrap();
        Self { house, world, runtime: tokio::runtime::Runtime::new().unwrap() }
    }

    fn at(&self, person: &Person) -> Client {
        Client::of(self.house.router(), person)
    }

    fn role(&self, role: Role) -> Client {
        self.at(self.world.role(role))
    }

    fn get(&self, client: &Client, path: &str) -> Seen {
        self.runtime.block_on(client.get(path))
    }

    fn words(&self, role: Role, path: &str) -> String {
        let seen = self.get(&self.role(role), path);
        assert_eq!(seen.status, 200, "{role:?} {path}: {}", seen.text());
        seen.words()
    }

    fn post(&self, client: &Client, page: &str, path: &str, fields: &[(&str, &str)]) -> Seen {
        let secret = self.get(client, page).attr("meta[name=csrf]", "content").unwrap();
        let mut all = vec![("csrf", secret.as_str())];
        all.extend_from_slice(fields);
        self.runtime.block_on(client.post_bare(path, &all))
    }

    /// A call to the first child's family noted by its teacher, and the night after.
    fn call_and_draw(&self) {
        let (teacher, child) = (self.role(Role::ClassTeacher), self.world.students[0].to_string());
        let fields = [("child", child.as_str()), ("channel", "phone"), ("tone", "good"), ("note", "主动讲题")];
        assert_eq!(self.post(&teacher, "/class", "/contacts", &fields).status, 303);
        self.house.clock.advance_seconds(600);
        question::draw_job(self.house.db(), 7).unwrap();
    }

    fn asked(&self) -> Id {
        let mother = self.world.mother;
        self.house.db().read_wait(move |r| question::open_of(r, mother)).unwrap().unwrap().id
    }

    fn say(&self, what: &str) -> Id {
        let (id, mother) = (self.asked(), self.role(Role::Guardian));
        let said = self.post(&mother, "/home", &format!("/questions/{id}/answer"), &[("answer", what)]);
        assert_eq!((said.status.as_u16(), said.location.as_deref()), (303, Some("/home")));
        id
    }

    fn audited(&self, action: &'static str) -> i64 {
        self.house
            .db()
            .read_wait(move |r| r.scalar(sql!("SELECT COUNT(*) FROM audit WHERE action = $1"), &[&action]))
            .unwrap()
    }
}

both_engines! {
    fn the_home_asks_one_question_with_three_answers_and_no_more_once_it_is_answered(engine) {
        let s = Stage::new(engine);
        assert!(s.words(Role::Guardian, "/home").contains("今天没有要您办的事"));
        s.call_and_draw();
        let home = s.words(Role::Guardian, "/home");
        assert!(home.contains("今天有1件事等您办") && home.contains("有这回事吗"), "{home}");
        for words in ["有这回事", "不记得有这次联系", "说不准"] {
            assert!(home.contains(words), "{home}");
        }
        let id = s.say("unsure");
        assert!(s.words(Role::Guardian, "/home").contains("今天没有要您办的事"));
        let mother = s.role(Role::Guardian);
        assert_eq!(s.post(&mother, "/home", &format!("/questions/{id}/reopen"), &[]).status, 303);
        assert!(s.words(Role::Guardian, "/home").contains("今天有1件事等您办"));
        let odd = s.post(&mother, "/home", &format!("/questions/{id}/answer"), &[("answer", "perhaps")]);
        assert_eq!(odd.status, 422);
    }

    fn a_teacher_never_learns_what_a_family_was_asked_or_said(engine) {
        let s = Stage::new(engine);
        s.call_and_draw();
        let id = s.say("no");
        let child = s.world.students[0];
        let teacher = s.role(Role::ClassTeacher);
        let page = s.get(&teacher, &format!("/students/{child}/contacts"));
        assert!(!page.words().contains("家长说没有"), "{}", page.words());
        assert_eq!(s.house.db().read_wait(move |r| {
            let ids: Vec<Id> = touch::of_student(r, child, true, 9)?.iter().map(|t| t.id).collect();
            touch::answers_of(r, &ids)
        }).unwrap(), Vec::new());
        for path in ["/questions".to_owned(), format!("/questions/{id}")] {
            let seen = s.get(&teacher, &path);
            assert!([403, 404].contains(&seen.status.as_u16()), "{path} {}", seen.status);
        }
    }

    fn only_the_schools_leader_opens_a_contradicted_record_and_each_opening_is_on_record(engine) {
        let s = Stage::new(engine);
        s.call_and_draw();
        let id = s.say("no");
        let leader = s.role(Role::SchoolLeader);
        let list = s.words(Role::SchoolLeader, "/questions");
        assert!(list.contains("还没有了解") && !list.contains("陈语桐"), "{list}");
        let page = format!("/questions/{id}");
        assert_eq!(s.get(&leader, &page).location.as_deref(), Some("/questions"), "not opened yet");
        let open = format!("/questions/{id}/open");
        assert_eq!(s.post(&leader, "/questions", &open, &[]).location, Some(page.clone()));
        assert_eq!(s.audited("question.open"), 1);
        let seen = s.words(Role::SchoolLeader, &page);
        assert!(seen.contains("陈语桐") && seen.contains("主动讲题"), "{seen}");
        for role in [Role::MoralDirector, Role::DistrictOfficer, Role::TownOfficer, Role::SubjectTeacher] {
            assert_eq!(s.get(&s.role(role), &page).status, 403, "{role:?}");
        }
        let refused = s.post(&leader, &page, &page, &[("outcome", ""), ("words", "x")]);
        assert_eq!(refused.status, 422);
        let fields = [("outcome", "remembered"), ("words", "电话里一说就想起来了")];
        assert_eq!(s.post(&leader, &page, &page, &fields).status, 303);
        assert!(s.words(Role::SchoolLeader, "/questions").contains("再一说，家长想起来了"));
        s.house.clock.advance_seconds(31 * 60);
        assert_eq!(s.get(&leader, &page).location.as_deref(), Some("/questions"), "open for half an hour");
    }

    fn another_schools_leader_finds_nothing_there(engine) {
        let s = Stage::new(engine);
        s.call_and_draw();
        let id = s.say("no");
        let (leader, other) = (s.world.role(Role::SchoolLeader).clone(), s.world.kindergarten);
        let account = leader.account;
        s.house.db().write_wait(move |tx| {
            tx.exec(sql!("UPDATE role_grant SET unit_id = $1 WHERE account_id = $2"), &[&other, &account]).map(drop)
        }).unwrap();
        let client = s.at(&leader);
        for path in [format!("/questions/{id}/open"), format!("/questions/{id}")] {
            assert_eq!(s.post(&client, "/questions", &path, &[("outcome", "unknown")]).status, 404, "{path}");
        }
        assert_eq!(s.audited("question.open"), 0);
    }

    fn a_question_is_only_its_own_guardians_to_answer(engine) {
        let s = Stage::new(engine);
        s.call_and_draw();
        let id = s.asked();
        let father = s.world.father;
        s.house.db().write_wait(move |tx| {
            tx.exec(sql!("UPDATE touch_question SET guardian_id = $1 WHERE id = $2"), &[&father, &id]).map(drop)
        }).unwrap();
        let mother = s.role(Role::Guardian);
        assert!(s.get(&mother, "/home").words().contains("今天没有要您办的事"));
        for what in ["answer", "reopen"] {
            let seen = s.post(&mother, "/home", &format!("/questions/{id}/{what}"), &[("answer", "yes")]);
            assert_eq!(seen.status, 404, "{what}");
        }
    }

    fn fewer_than_five_answers_are_not_told_and_nobody_is_named(engine) {
        let s = Stage::new(engine);
        s.call_and_draw();
        s.say("no");
        for (role, path) in [
            (Role::MoralDirector, "/questions".to_owned()),
            (Role::DistrictOfficer, "/questions".to_owned()),
            (Role::DistrictOfficer, format!("/questions?unit={}", s.world.town)),
            (Role::TownOfficer, "/questions".to_owned()),
        ] {
            let words = s.words(role, &path);
            assert!(words.contains("少于5") && !words.contains("陈语桐"), "{role:?} {path}: {words}");
        }
        let street = s.world.street;
        assert_eq!(s.get(&s.role(Role::TownOfficer), &format!("/questions?unit={street}")).status, 404);
        assert!(s.get(&s.role(Role::DistrictOfficer), "/questions/figures.xlsx").bytes.starts_with(b"PK"));
    }

    fn the_district_sets_how_many_are_asked(engine) {
        let s = Stage::new(engine);
        let officer = s.role(Role::DistrictOfficer);
        assert_eq!(s.post(&officer, "/questions", "/questions/rate", &[("percent", "3")]).status, 303);
        assert_eq!(s.house.db().read_wait(question::settings_of).unwrap(), Settings { percent: 3 });
        let refused = s.post(&officer, "/questions", "/questions/rate", &[("percent", "21")]);
        assert_eq!(refused.status, 422);
        assert!(refused.words().contains("家长核对") || refused.words().contains("每100次联系抽几次"));
        let leader = s.role(Role::SchoolLeader);
        assert_eq!(s.post(&leader, "/questions", "/questions/rate", &[("percent", "3")]).status, 403);
    }
}
