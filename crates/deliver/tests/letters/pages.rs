//! The pages of channels: who may set them, what each person chooses, and what nobody sees.

use axum::http::StatusCode;
use gongyu_access::Role;
use gongyu_deliver::channel::Way;
use gongyu_deliver::{choice, live};
use gongyu_testkit::{Client, Engine, House, World, base_features};
use gongyu_web::route::all_routes;
use std::time::Duration;

struct Town {
    house: House,
    world: World,
    router: axum::Router,
}

async fn town() -> Town {
    tokio::task::spawn_blocking(|| {
        let mut features = base_features();
        features.push(gongyu_registry::account::feature());
        features.push(gongyu_deliver::feature());
        let house = House::new(Engine::Sqlite, features);
        let world = World::small(&house);
        let router = all_routes(&house.app).into_router().with_state(house.app.clone());
        Town { house, world, router }
    })
    .await
    .unwrap()
}

impl Town {
    fn of(&self, role: Role) -> Client {
        Client::of(self.router.clone(), self.world.role(role))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_district_s_keeper_sets_channels_and_no_secret_is_shown_again() {
    let town = town().await;
    for role in Role::ALL.iter().filter(|r| **r != Role::DistrictAdmin) {
        for path in ["/delivery", "/delivery/sms", "/delivery/rules", "/delivery/sms/test"] {
            assert_eq!(town.of(*role).get(path).await.status, StatusCode::FORBIDDEN, "{path} {role:?}");
        }
        let set = town.of(*role).post("/delivery/sms", &[("provider", "aliyun")]).await;
        assert_eq!(set.status, StatusCode::FORBIDDEN);
        let tried = town.of(*role).post("/delivery/sms/test", &[("to", "13900000000")]).await;
        assert_eq!(tried.status, StatusCode::FORBIDDEN);
    }
    let keeper = town.of(Role::DistrictAdmin);
    let fields = [
        ("provider", "aliyun"),
        ("key-id", "LTAI-test"),
        ("key", "the-secret-itself"),
        ("sign-name", "共育"),
        ("templates", "notice = SMS_1"),
        ("report", "abcdefabcdefabcdef"),
    ];
    assert_eq!(keeper.post("/delivery/sms", &fields).await.status, StatusCode::SEE_OTHER);
    let page = keeper.get("/delivery/sms").await.text();
    assert!(page.contains("LTAI-test") && !page.contains("the-secret-itself"));
    assert!(page.contains("/reports/aliyun/abcdefabcdefabcdef"));
    let plain = keeper.post("/delivery/sms", &[("provider", "aliyun"), ("base", "http://sms.example")]).await;
    assert_eq!(plain.status, StatusCode::UNPROCESSABLE_ENTITY);
    let rules =
        [("quiet-from", "21:00"), ("quiet-to", "06:30"), ("digest-at", "22:00"), ("ration", "2"), ("order", "sms")];
    assert_eq!(keeper.post("/delivery/rules", &rules).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guardian_chooses_and_an_address_is_only_theirs_to_remove() {
    let town = town().await;
    let mother = town.of(Role::Guardian);
    let page = mother.get("/me/channels").await;
    assert_eq!(page.status, StatusCode::OK);
    let chosen = [
        ("offered", "sms"),
        ("when", "digest"),
        ("own-quiet", "on"),
        ("quiet-from", "20:00"),
        ("quiet-to", "08:00"),
        ("lang", "en"),
    ];
    assert_eq!(mother.post("/me/channels", &chosen).await.status, StatusCode::SEE_OTHER);
    let (person, db) = (town.world.mother, town.house.db().clone());
    let (app, other) = (town.house.app.clone(), town.world.father);
    let address = tokio::task::spawn_blocking(move || {
        let kept = db.read_wait(move |r| choice::of_people(r, &[person])).unwrap().remove(&person).unwrap();
        assert!(kept.digest && kept.quiet == Some((1200, 480)) && !kept.wants(Way::Sms));
        db.write_wait(move |tx| {
            let new = choice::NewAddress { person: other, way: Way::Email, to: "a@test.invalid", label: "" };
            choice::keep_address(tx, &app.vault, &new)?;
            let id: (gongyu_kernel::Id,) = tx.one(gongyu_store::sql!("SELECT id FROM address LIMIT 1"), &[])?;
            Ok(id.0)
        })
        .unwrap()
    })
    .await
    .unwrap();
    let stolen = mother.post(&format!("/me/channels/{address}/remove"), &[]).await;
    assert_eq!(stolen.status, StatusCode::NOT_FOUND);
    let inner = [("endpoint", "https://10.0.0.1/x"), ("p256dh", "x"), ("auth", "x")];
    assert_eq!(mother.post("/me/channels/push", &inner).await.status, StatusCode::CONFLICT);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_page_hears_of_its_topic_with_its_own_ticket_only() {
    let town = town().await;
    let teacher = town.world.role(Role::ClassTeacher).clone();
    let (app, token) = (town.house.app.clone(), teacher.token.clone());
    let ticket = tokio::task::spawn_blocking(move || {
        let lifetimes = app.lifetimes();
        let on = app.clone();
        app.db
            .read_wait(move |r| {
                let found = gongyu_access::session::find(r, &token, lifetimes)?.expect("a session");
                Ok(live::ticket(&on, &found.actor, "notice:7"))
            })
            .unwrap()
    })
    .await
    .unwrap();
    let listen = |cookie: String, ticket: String| {
        let router = town.router.clone();
        async move {
            use tower::ServiceExt;
            let request = axum::http::Request::builder()
                .uri(format!("/live/{ticket}"))
                .header("cookie", cookie)
                .body(axum::body::Body::empty())
                .unwrap();
            router.oneshot(request).await.unwrap()
        }
    };
    let foreign = listen(town.world.role(Role::SchoolLeader).cookie(), ticket.clone()).await;
    assert_eq!(foreign.status(), StatusCode::NOT_FOUND);
    let forged = listen(teacher.cookie(), ticket.replace("notice:7", "notice:8")).await;
    assert_eq!(forged.status(), StatusCode::NOT_FOUND);
    let open = listen(teacher.cookie(), ticket.clone()).await;
    assert_eq!(open.headers()["content-type"], "text/event-stream");
    let mut body = open.into_body().into_data_stream();
    let mut more = async || {
        use futures_util::StreamExt;
        let chunk =
            tokio::time::timeout(Duration::from_secs(10), body.next()).await.expect("in time").unwrap().unwrap();
        String::from_utf8(chunk.to_vec()).unwrap()
    };
    assert!(more().await.starts_with("retry:"));
    tokio::time::sleep(Duration::from_millis(300)).await;
    town.house.db().write(|tx| live::publish(tx, "notice:7")).await.unwrap();
    let ping = more().await;
    assert!(ping.contains("event: ping"), "{ping}");
}
