//! Consent given, taken back, refused and given again: what each page of the guardian shows, what the
//! school keeps doing by telephone, on both engines.

use axum::body::Body;
use axum::http::{Request, header};
use gongyu_access::{Role, code};
use gongyu_contact::contact_log;
use gongyu_kernel::Id;
use gongyu_registry::account::consent;
use gongyu_registry::people::{self, Custody, PHONE_BLIND, guardians_of};
use gongyu_registry::{account, permit};
use gongyu_store::sql;
use gongyu_testkit::world::MOTHER_PHONE;
use gongyu_testkit::{Client, Engine, House, Person, Seen, World, base_features, both_engines};

struct Stage {
    house: House,
    world: World,
    runtime: tokio::runtime::Runtime,
    consents: [Id; 2],
}

impl Stage {
    /// The mother has consented for both of her children.
    fn new(engine: Engine) -> Self {
        let mut features = base_features();
        features.extend([
            account::feature(),
            people::pages::feature(),
            gongyu_deliver::feature(),
            contact_log::feature(),
            gongyu_contact::class_board::feature(),
            gongyu_contact::guardian_home::feature(),
        ]);
        let house = House::new(engine, features);
        let world = World::small(&house);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (mother, children) = (world.mother, [world.students[0], world.sibling]);
        let consents = house
            .db()
            .write_wait(move |tx| {
                for child in children {
                    let child = people::find_student(tx, child)?;
                    consent::give(tx, mother, &child, "")?;
                }
                let all = consent::of_guardian(tx, mother)?;
                let of = |child| all.iter().find(|c| c.student == child).unwrap().id;
                Ok([of(children[0]), of(children[1])])
            })
            .unwrap();
        Self { house, world, runtime, consents }
    }

    fn router(&self) -> axum::Router {
        self.house.router()
    }

    fn at(&self, person: &Person) -> Client {
        Client::of(self.router(), person)
    }

    fn mother(&self) -> Client {
        self.at(self.world.role(Role::Guardian)).on_phone()
    }

    fn get(&self, client: &Client, path: &str) -> Seen {
        self.runtime.block_on(client.get(path))
    }

    fn post(&self, client: &Client, path: &str, fields: &[(&str, &str)]) -> Seen {
        self.runtime.block_on(client.post(path, fields))
    }

    fn read<T: Send + 'static>(
        &self,
        what: impl Fn(&mut gongyu_store::Reader) -> gongyu_kernel::Result<T> + Send + Sync + 'static,
    ) -> T {
        self.house.db().read_wait(what).unwrap()
    }

    fn withdraw_first(&self) {
        let done = self.post(&self.mother(), &format!("/me/consent/{}", self.consents[0]), &[]);
        assert_eq!(done.location.as_deref(), Some("/me/consent"), "{}", done.text());
    }

    /// From the telephone to wherever a proved number leads; the cookie of that step too.
    fn prove_phone(&self) -> (String, String) {
        let nobody = Client::nobody(self.router());
        let first = self.runtime.block_on(nobody.post_bare("/sign-in/phone", &[("phone", MOTHER_PHONE)]));
        let app = self.house.app.clone();
        let digits = self
            .house
            .db()
            .write_wait(move |tx| code::issue(tx, &app.random, &app.vault.blind(PHONE_BLIND, MOTHER_PHONE)))
            .unwrap();
        let done = self.step(&step_cookie(&first), "/sign-in/code", &format!("code={digits}"));
        (done.location.clone().unwrap_or_default(), step_cookie(&done))
    }

    fn step(&self, cookie: &str, path: &str, body: &str) -> Seen {
        let request = Request::builder()
            .method(if body.is_empty() { "GET" } else { "POST" })
            .uri(path)
            .header(header::HOST, "test.invalid")
            .header(header::ORIGIN, "http://test.invalid")
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.to_owned()))
            .unwrap();
        self.runtime.block_on(Client::nobody(self.router()).send(request))
    }
}

fn step_cookie(seen: &Seen) -> String {
    let all = seen.headers.get_all(header::SET_COOKIE).iter().filter_map(|v| v.to_str().ok());
    let found = all.filter_map(|c| c.split(';').next()).find(|c| c.starts_with("gy_step="));
    found.unwrap_or_default().to_owned()
}

both_engines! {
    fn a_child_whose_consent_was_taken_back_is_hidden_from_that_guardian_on_every_page_at_once(engine) {
        let s = Stage::new(engine);
        let (mother, child, sibling) = (s.world.mother, s.world.students[0], s.world.sibling);
        let client = s.mother();
        assert!(s.get(&client, "/home").text().contains("石桥中心校"));
        s.withdraw_first();
        // What pages and features ask before they show or send anything.
        assert!(!s.read(move |r| permit::is_guardian_of(r, mother, child)));
        assert!(s.read(move |r| permit::is_guardian_of(r, mother, sibling)));
        let left: Vec<Id> = s.read(move |r| Ok(people::children_of(r, mother)?.iter().map(|c| c.id).collect()));
        assert_eq!(left, [sibling]);
        // The session goes on for the other child; of this one only the name and the way back are shown.
        let home = s.get(&client, "/home");
        assert!(!home.text().contains("石桥中心校"), "{}", home.words());
        assert!(home.text().contains("青禾幼儿园"));
        assert!(home.text().contains(&format!("/children/{child}")));
        assert!(!s.get(&client, "/children").text().contains("石桥中心校"));
        let page = s.get(&client, &format!("/children/{child}"));
        assert_eq!(page.status, 200);
        assert!(page.text().contains(&format!("/me/consent#child-{child}")), "{}", page.text());
        assert!(!page.text().contains("石桥中心校") && !page.text().contains("陈大山"));
        for path in ["number", "hours", "contacts"] {
            assert_eq!(s.get(&client, &format!("/children/{child}/{path}")).status, 404, "{path}");
        }
        assert_eq!(s.post(&client, &format!("/children/{child}/number"), &[("number", "")]).status, 404);
        // Another child's page is still nobody's.
        let strange = s.world.students[2];
        assert_eq!(s.get(&client, &format!("/children/{strange}")).status, 404);
    }

    fn the_school_goes_on_by_telephone_and_a_change_of_custody_does_not_open_it(engine) {
        let s = Stage::new(engine);
        s.withdraw_first();
        let (mother, child) = (s.world.mother, s.world.students[0]);
        let tie = s.read(move |r| Ok(guardians_of(r, child)?.into_iter().find(|k| k.guardian == mother).unwrap()));
        assert!(tie.custody_allows() && !tie.may_receive && tie.withheld);
        let known = s.read(move |r| contact_log::candidates(r, &[child]));
        assert!(known.iter().any(|c| c.guardian == mother && c.receives), "the teacher may telephone");
        let teacher = s.at(s.world.role(Role::ClassTeacher));
        assert!(s.get(&teacher, &format!("/students/{child}")).text().contains("撤回了同意"));
        s.house
            .db()
            .write_wait(move |tx| {
                let open = Custody { may_receive: true, may_pick_up: true, restricted: false, note: String::new() };
                people::set_custody(tx, tie.id, open)
            })
            .unwrap();
        assert!(!s.read(move |r| permit::is_guardian_of(r, mother, child)));
    }

    fn a_tie_ended_and_made_anew_does_not_open_what_was_taken_back(engine) {
        let s = Stage::new(engine);
        s.withdraw_first();
        let (mother, child) = (s.world.mother, s.world.students[0]);
        let app = s.house.app.clone();
        s.house
            .db()
            .write_wait(move |tx| {
                let old = guardians_of(tx, child)?.into_iter().find(|k| k.guardian == mother).unwrap();
                let today = tx.today();
                people::end_guardianship(tx, old.id, today)?;
                let student = people::find_student(tx, child)?;
                let tie = people::NewGuardianship {
                    relation: people::Relation::Mother,
                    kin: "",
                    is_guardian: true,
                    position: 1,
                    source: "hand",
                };
                people::link(tx, &student, mother, &tie, today)?;
                app.guardians_changed(tx, &[child])
            })
            .unwrap();
        assert!(!s.read(move |r| permit::is_guardian_of(r, mother, child)));
    }

    fn consent_given_again_brings_everything_back(engine) {
        let s = Stage::new(engine);
        s.withdraw_first();
        let (mother, child) = (s.world.mother, s.world.students[0]);
        let client = s.mother();
        assert!(s.get(&client, "/me/consent").text().contains("您撤回了对"));
        let other = s.world.students[2];
        assert_eq!(s.post(&client, &format!("/me/consent/again/{other}"), &[]).status, 404);
        assert_eq!(s.post(&client, &format!("/me/consent/again/{child}"), &[]).status, 303);
        assert!(s.read(move |r| permit::is_guardian_of(r, mother, child)));
        assert!(s.get(&client, "/home").text().contains("石桥中心校"));
        let kept: i64 = s.read(move |r| {
            r.scalar(sql!("SELECT COUNT(*) FROM consent WHERE guardian_id = $1 AND student_id = $2"), &[&mother, &child])
        });
        assert_eq!(kept, 2, "what was said before stays");
    }

    fn with_the_last_consent_the_session_ends_and_the_next_sign_in_asks_again(engine) {
        let s = Stage::new(engine);
        let mother = s.world.mother;
        s.withdraw_first();
        let done = s.post(&s.mother(), &format!("/me/consent/{}", s.consents[1]), &[]);
        assert_eq!(done.location.as_deref(), Some("/sign-in/withdrawn"));
        assert_eq!(s.get(&s.mother(), "/home").status, 303);
        let (to, cookie) = s.prove_phone();
        assert_eq!(to, "/sign-in/notice");
        let shown = s.step(&cookie, "/sign-in/notice", "");
        assert!(shown.text().contains("陈语桐") && shown.text().contains("陈语乐"), "{}", shown.words());
        assert_eq!(s.step(&cookie, "/sign-in/notice", "answer=agree").location.as_deref(), Some("/home"));
        assert_eq!(s.read(move |r| Ok(people::children_of(r, mother)?.len())), 2);
    }

    fn who_refuses_for_a_new_brother_is_let_in_for_the_others_and_is_not_asked_every_time(engine) {
        let s = Stage::new(engine);
        let (mother, brother) = (s.world.mother, s.world.students[1]);
        s.house
            .db()
            .write_wait(move |tx| {
                let student = people::find_student(tx, brother)?;
                let tie = people::NewGuardianship {
                    relation: people::Relation::Mother,
                    kin: "",
                    is_guardian: true,
                    position: 2,
                    source: "roster",
                };
                let today = tx.today();
                people::link(tx, &student, mother, &tie, today).map(drop)
            })
            .unwrap();
        let (to, cookie) = s.prove_phone();
        assert_eq!(to, "/sign-in/notice");
        let refused = s.step(&cookie, "/sign-in/notice", "answer=refuse");
        assert_eq!(refused.location.as_deref(), Some("/home"), "{}", refused.text());
        let left: Vec<Id> = s.read(move |r| Ok(people::children_of(r, mother)?.iter().map(|c| c.id).collect()));
        assert!(!left.contains(&brother) && left.len() == 2);
        assert_eq!(s.prove_phone().0, "/home", "not asked again");
        assert!(s.get(&s.mother(), "/me/consent").text().contains("您没有同意"));
    }
}

#[test]
fn who_refuses_for_every_child_is_not_let_in_and_nothing_is_kept() {
    let s = Stage::new(Engine::Sqlite);
    let mother = s.world.mother;
    s.house
        .db()
        .write_wait(move |tx| tx.exec(sql!("DELETE FROM consent WHERE guardian_id = $1"), &[&mother]).map(drop))
        .unwrap();
    let (to, cookie) = s.prove_phone();
    assert_eq!(to, "/sign-in/notice");
    assert_eq!(s.step(&cookie, "/sign-in/notice", "answer=refuse").location.as_deref(), Some("/sign-in/refused"));
    assert_eq!(s.read(move |r| Ok(consent::of_guardian(r, mother)?.len())), 0);
}

#[test]
fn the_text_agreed_to_stays_when_the_district_writes_another() {
    let s = Stage::new(Engine::Sqlite);
    let admin = s.at(s.world.role(Role::DistrictAdmin));
    let words = "存在区里的机房，离校三年后删掉。";
    let saved = s.post(&admin, "/notice-words", &[("zh", words), ("en", "")]);
    assert_eq!(saved.status, 303, "{}", saved.text());
    assert_eq!(s.post(&admin, "/notice-words", &[("zh", words), ("en", "")]).status, 422, "the same is no version");
    assert!(s.get(&admin, "/notice-words").text().contains(&format!("{}.1", consent::NOTICE)));
    s.withdraw_first();
    let child = s.world.students[0];
    assert_eq!(s.post(&s.mother(), &format!("/me/consent/again/{child}"), &[]).status, 303);
    let mother = s.world.mother;
    let all = s.read(move |r| consent::of_guardian(r, mother));
    let of = |version: String| all.iter().find(|c| c.student == child && c.notice == version).unwrap().id;
    let old = s.get(&s.mother(), &format!("/me/consent/{}/text", of(consent::NOTICE.to_owned())));
    assert!(!old.text().contains("离校三年"));
    let new = s.get(&s.mother(), &format!("/me/consent/{}/text", of(format!("{}.1", consent::NOTICE))));
    assert!(new.text().contains("离校三年"));
    let officer = s.at(s.world.role(Role::DistrictOfficer));
    assert_eq!(s.get(&officer, "/notice-words").status, 403);
}
