//! A small district whose notices are walked through.

use axum::Router;
use axum::routing::get;
use gongyu_registry::people::{self, NewGuardianship, Relation};
use gongyu_testkit::browser::Browser;
use gongyu_testkit::world::SINCE;
use gongyu_testkit::{Engine, House, Person, World, base_features};
use gongyu_web::{Feature, Get, Page, Reply, Routes, Signed};

/// The front pages live in another room; the client only needs the secret of the session from one.
fn me(_: &mut Get<'_>, _: Signed) -> gongyu_kernel::Result<Reply> {
    Ok(Reply::Page(Page::new("me".into(), "", String::new())))
}

pub fn built() -> (House, World) {
    let mut features = base_features();
    features.extend([
        gongyu_parts::feature(),
        gongyu_deliver::feature(),
        gongyu_contact::contact_log::feature(),
        gongyu_contact::class_board::feature(),
        gongyu_contact::guardian_home::feature(),
        gongyu_contact::notice::feature(),
    ]);
    let front = || Routes::new().get("/me", me);
    features.push(Feature { name: "front", routes: Some(front), ..Feature::default() });
    let house = House::new(Engine::Sqlite, features);
    let world = World::small(&house);
    let (second, mother) = (world.students[1], world.mother);
    house
        .db()
        .write_wait(move |tx| {
            let student = people::find_student(tx, second)?;
            let new =
                NewGuardianship { relation: Relation::Mother, kin: "", is_guardian: true, position: 2, source: "hand" };
            people::link(tx, &student, mother, &new, SINCE).map(drop)
        })
        .unwrap();
    (house, world)
}

pub fn router(house: &House) -> Router {
    let router: Router = house.router().merge(gongyu_web::assets::router());
    // A browser takes cookies only for a page it is on.
    router.route("/", get(|| async { "云岭区" }))
}

/// Serves the room on this machine only and gives its address.
pub async fn served(house: &House) -> String {
    let router = router(house);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    origin
}

pub async fn signed_in(browser: &Browser, origin: &str, person: &Person) {
    browser.set_cookie(origin, &person.cookie()).await;
}
