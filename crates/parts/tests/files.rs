//! Files by their pages: who brings one, who opens one, who does not; on both engines.

use gongyu_access::{Actor, Role};
use gongyu_kernel::Id;
use gongyu_parts::attach;
use gongyu_testkit::{Client, Engine, House, Person, Seen, World, base_features, both_engines};
use gongyu_web::route::all_routes;
use gongyu_web::{Feature, FileGate, Get, Page, Reply, Routes, Signed};
use image::{ImageFormat, Rgb, RgbImage};
use std::io::Cursor;

/// The front pages live in another room; the client only needs the secret of the session from one.
fn me(_: &mut Get<'_>, _: Signed) -> gongyu_kernel::Result<Reply> {
    Ok(Reply::Page(Page::new("me".into(), "", String::new())))
}

/// A record whose files the class teacher may open, when its number is even.
fn may_open(_: &mut Get<'_>, actor: &Actor, record: Id) -> gongyu_kernel::Result<bool> {
    Ok(actor.hat.role == Role::ClassTeacher && record.raw() % 2 == 0)
}

const GATES: &[FileGate] = &[FileGate { kind: "sample", may_open }];

struct Stage {
    house: House,
    world: World,
    runtime: tokio::runtime::Runtime,
}

impl Stage {
    fn new(engine: Engine) -> Self {
        let mut features = base_features();
        features.push(gongyu_parts::feature());
        let front = || Routes::new().get("/me", me);
        features.push(Feature { name: "front", routes: Some(front), files: GATES, ..Feature::default() });
        let house = House::new(engine, features);
        let world = World::small(&house);
        Self { house, world, runtime: tokio::runtime::Runtime::new().unwrap() }
    }

    fn at(&self, person: &Person) -> Client {
        Client::of(self.house.router(), person)
    }

    fn teacher(&self) -> Client {
        self.at(self.world.role(Role::ClassTeacher))
    }

    fn get(&self, client: &Client, path: &str) -> Seen {
        self.runtime.block_on(client.get(path))
    }

    fn bring(&self, client: &Client, name: &str, bytes: &[u8], fields: &[(&str, &str)]) -> Seen {
        self.runtime.block_on(client.upload("/files", ("file", name, bytes), fields))
    }

    /// Brings a picture and says its number.
    fn brought(&self, client: &Client) -> Id {
        let seen = self.bring(client, "教室.png", &picture(), &[]);
        assert_eq!(seen.status, 200, "{}", seen.text());
        seen.attr("input[name=attachment]", "value").and_then(|v| v.parse().ok()).expect("a line with its number")
    }

    fn settle(&self, person: &Person, owner: i64, ids: &[Id]) -> gongyu_kernel::Result<()> {
        let (account, ids) = (person.account, ids.to_vec());
        self.house.db().write_wait(move |tx| attach::settle(tx, account, ("sample", Id(owner)), &ids))
    }
}

fn picture() -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    RgbImage::from_pixel(8, 6, Rgb([10, 90, 80])).write_to(&mut out, ImageFormat::Png).unwrap();
    out.into_inner()
}

both_engines! {
    fn a_file_is_seen_by_nobody_but_its_bringer_until_a_record_says_who(engine) {
        let stage = Stage::new(engine);
        let (teacher, leader) = (stage.world.role(Role::ClassTeacher).clone(), stage.world.role(Role::SchoolLeader));
        let id = stage.brought(&stage.at(&teacher));
        let path = format!("/files/{id}/x.jpg");
        assert_eq!(stage.get(&stage.at(&teacher), &path).status, 200);
        assert_eq!(stage.get(&stage.at(leader), &path).status, 404);
        assert_eq!(stage.get(&stage.at(&stage.world.other_teacher), &path).status, 404);
        stage.settle(&teacher, 2, &[id]).unwrap();
        assert_eq!(stage.get(&stage.at(&stage.world.other_teacher), &path).status, 200);
        assert_eq!(stage.get(&stage.at(leader), &path).status, 404);
        let other = stage.brought(&stage.at(&teacher));
        stage.settle(&teacher, 3, &[other]).unwrap();
        assert_eq!(stage.get(&stage.at(&teacher), &format!("/files/{other}/x.jpg")).status, 404);
        assert_eq!(stage.get(&stage.at(&teacher), &format!("/files/{}/x.jpg", id.raw() + 1)).status, 404);
    }

    fn a_file_is_served_so_that_nothing_in_it_can_run(engine) {
        let stage = Stage::new(engine);
        let teacher = stage.teacher();
        let id = stage.brought(&teacher);
        let seen = stage.get(&teacher, &format!("/files/{id}/x.jpg"));
        assert_eq!(seen.headers["content-type"], "image/jpeg");
        assert_eq!(seen.headers["x-content-type-options"], "nosniff");
        assert!(seen.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
        assert!(seen.headers["cache-control"].to_str().unwrap().starts_with("private"));
        assert!(seen.headers["content-disposition"].to_str().unwrap().starts_with("inline; filename*=UTF-8''"));
        assert!(seen.bytes.starts_with(&[0xFF, 0xD8, 0xFF]));
        let small = stage.get(&teacher, &format!("/files/{id}/x.jpg?small=1"));
        assert!(small.bytes.starts_with(&[0xFF, 0xD8, 0xFF]));
        let seen = stage.bring(&teacher, "a.pdf", b"%PDF-1.7 x", &[]);
        let pdf = seen.attr("input[name=attachment]", "value").unwrap();
        let seen = stage.get(&teacher, &format!("/files/{pdf}/a.pdf"));
        assert!(seen.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    }

    fn another_persons_file_cannot_be_hung_on_a_record(engine) {
        let stage = Stage::new(engine);
        let id = stage.brought(&stage.teacher());
        assert!(stage.settle(&stage.world.other_teacher.clone(), 2, &[id]).is_err());
        assert!(stage.settle(&stage.world.role(Role::ClassTeacher).clone(), 2, &[id]).is_ok());
        // What hangs on one record cannot be taken by another.
        assert!(stage.settle(&stage.world.role(Role::ClassTeacher).clone(), 4, &[id]).is_err());
    }

    fn a_file_sent_twice_under_one_key_is_one_file(engine) {
        let stage = Stage::new(engine);
        let teacher = stage.teacher();
        let first = stage.bring(&teacher, "a.png", &picture(), &[("client_key", "k-1")]);
        let again = stage.bring(&teacher, "a.png", &picture(), &[("client_key", "k-1")]);
        let id = |seen: &Seen| seen.attr("input[name=attachment]", "value").unwrap();
        assert_eq!(id(&first), id(&again));
        let arrived = stage.get(&teacher, "/files/arrived.json?keys=k-1,k-2").json();
        assert_eq!(arrived["arrived"].as_array().map(Vec::len), Some(1));
        let others = stage.get(&stage.at(&stage.world.other_teacher), "/files/arrived.json?keys=k-1").json();
        assert_eq!(others["arrived"].as_array().map(Vec::len), Some(0));
    }

    fn what_nobody_hung_on_anything_is_forgotten_after_a_day(engine) {
        let stage = Stage::new(engine);
        let teacher = stage.world.role(Role::ClassTeacher).clone();
        let (left, hung) = (stage.brought(&stage.at(&teacher)), stage.brought(&stage.at(&teacher)));
        stage.settle(&teacher, 2, &[hung]).unwrap();
        stage.house.days_pass(2);
        stage
            .house
            .db()
            .write_wait(|tx| {
                let now = tx.now();
                gongyu_store::jobs::enqueue_once(tx, "attach.sweep", &(), now, "sweep").map(drop)
            })
            .unwrap();
        stage.house.run_jobs();
        let find = |id: Id| stage.house.db().read_wait(move |r| attach::find(r, id));
        assert!(find(left).is_err());
        assert!(find(hung).is_ok());
    }

    fn what_is_let_go_by_its_record_is_gone(engine) {
        let stage = Stage::new(engine);
        let teacher = stage.world.role(Role::ClassTeacher).clone();
        let (one, two) = (stage.brought(&stage.at(&teacher)), stage.brought(&stage.at(&teacher)));
        stage.settle(&teacher, 2, &[one, two]).unwrap();
        stage.settle(&teacher, 2, &[two]).unwrap();
        let left = stage.house.db().read_wait(|r| attach::of(r, "sample", Id(2))).unwrap();
        assert_eq!(left.iter().map(|a| a.id).collect::<Vec<_>>(), [two]);
    }

    fn a_file_that_is_not_taken_is_refused_in_words(engine) {
        let stage = Stage::new(engine);
        let seen = stage.bring(&stage.teacher(), "照片.heic", b"\0\0\0\x18ftypheic\0\0\0\0", &[]);
        assert_eq!(seen.status, 409);
        assert!(seen.text().contains("HEIC"), "{}", seen.text());
        let nobody = Client::nobody(all_routes(&stage.house.app).into_router().with_state(stage.house.app.clone()));
        let seen = stage.runtime.block_on(nobody.upload("/files", ("file", "a.png", &picture()), &[]));
        assert_ne!(seen.status, 200);
    }
}
