//! Binding WeChat by the page inside it and by a code that is scanned, WeChat's sealed calls, WeCom's directory: from end
//! to end against the provider on this machine. Sealing is written here once more, from the platform's documents.

use crate::desk::Desk;
use crate::provider::SECRET;
use aes_gcm::aes::Aes256;
use aes_gcm::aes::cipher::{Array, BlockCipherEncrypt, KeyInit};
use axum::http::StatusCode;
use base64::Engine as _;
use gongyu_access::Role;
use gongyu_deliver::channel::{Way, set_seal_key, set_secret};
use gongyu_deliver::inbox;
use gongyu_kernel::Id;
use gongyu_store::sql;
use gongyu_testkit::{Client, Engine, Person, World};
use gongyu_web::route::all_routes;
use sha1::{Digest, Sha1};

const TOKEN: &str = "token-of-the-test";
const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
const WECHAT: &str = "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.50";

/// A desk with people and WeChat switched on.
struct Town {
    desk: Desk,
    world: World,
    router: axum::Router,
    runtime: tokio::runtime::Runtime,
}

impl Town {
    fn open() -> Self {
        let desk = Desk::new(Engine::Sqlite, 0);
        let world = World::small(&desk.house);
        let base = desk.provider.base();
        desk.set(Way::Wechat, move |s| {
            s.wechat.on = true;
            s.wechat.base = base.clone();
            s.wechat.app_id = "test-app".into();
        });
        let app = desk.house.app.clone();
        desk.house.db().write_wait(move |tx| set_secret(tx, &app.vault, Way::Wechat, SECRET, TOKEN)).unwrap();
        let router = all_routes(&desk.house.app).into_router().with_state(desk.house.app.clone());
        Self { desk, world, router, runtime: tokio::runtime::Runtime::new().unwrap() }
    }

    fn of(&self, person: &Person) -> Client {
        Client::of(self.router.clone(), person)
    }

    fn bound(&self, person: Id, way: Way) -> i64 {
        self.desk
            .house
            .db()
            .read_wait(move |r| {
                r.scalar(
                    sql!("SELECT COUNT(*) FROM address WHERE person_id = $1 AND channel = $2 AND state = 'active'"),
                    &[&person, &way],
                )
            })
            .unwrap()
    }

    /// A call of WeChat with this query and body.
    fn call(&self, query: &str, body: &str) -> StatusCode {
        let request = axum::http::Request::builder()
            .method("POST")
            .uri(format!("/reports/wechat?{query}"))
            .header("content-type", "text/xml")
            .body(axum::body::Body::from(body.to_owned()))
            .unwrap();
        self.runtime.block_on(Client::nobody(self.router.clone()).send(request)).status
    }

    fn now(&self) -> i64 {
        self.desk.house.app.clock().now().0 / 1000
    }
}

fn sha1(parts: &[&str]) -> String {
    let mut parts = parts.to_vec();
    parts.sort_unstable();
    Sha1::digest(parts.concat()).iter().map(|b| format!("{b:02x}")).collect()
}

fn scanned(openid: &str, scene: &str) -> String {
    format!(
        "<xml><ToUserName><![CDATA[gh_test]]></ToUserName><FromUserName><![CDATA[{openid}]]></FromUserName>\
         <CreateTime>1</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[SCAN]]></Event>\
         <EventKey><![CDATA[{scene}]]></EventKey></xml>"
    )
}

/// The platform's side of the secure mode.
fn seal(message: &str, app_id: &str) -> String {
    let engine = base64::engine::GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        base64::engine::GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
    );
    let key = engine.decode(format!("{KEY}=")).unwrap();
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    let mut bytes = [b"0123456789abcdef".as_slice(), &length, message.as_bytes(), app_id.as_bytes()].concat();
    let pad = 32 - bytes.len() % 32;
    bytes.extend(std::iter::repeat_n(u8::try_from(pad).unwrap(), pad));
    let cipher = Aes256::new_from_slice(&key).unwrap();
    let (mut before, mut out) = (key[..16].to_vec(), Vec::new());
    for chunk in bytes.chunks(16) {
        let mixed: Vec<u8> = chunk.iter().zip(&before).map(|(a, b)| a ^ b).collect();
        let mut block = Array::try_from(mixed.as_slice()).unwrap();
        cipher.encrypt_block(&mut block);
        before = block.to_vec();
        out.extend_from_slice(&before);
    }
    engine.encode(out)
}

#[test]
fn a_code_that_is_scanned_binds_who_scanned_it_to_who_asked_and_only_once() {
    let town = Town::open();
    let mother = town.of(town.world.role(Role::Guardian));
    let begun = town.runtime.block_on(mother.post("/me/channels/wechat", &[]));
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.text());
    let scene = town.desk.provider.scenes().pop().unwrap();
    let at = begun.headers["location"].to_str().unwrap().to_owned();
    let page = town.runtime.block_on(mother.get(&at)).text();
    assert!(page.contains("gy-qr"), "{page}");
    let (time, nonce) = (town.now().to_string(), "n1");
    let signed = format!("timestamp={time}&nonce={nonce}&signature={}", sha1(&[TOKEN, &time, nonce]));
    let forged = format!("timestamp={time}&nonce={nonce}&signature={}", sha1(&["other", &time, nonce]));
    assert_eq!(town.call(&forged, &scanned("openid-1", &scene)), StatusCode::NOT_FOUND);
    assert_eq!(town.bound(town.world.mother, Way::Wechat), 0);
    assert_eq!(town.call(&signed, &scanned("openid-1", &scene)), StatusCode::OK);
    assert_eq!(town.bound(town.world.mother, Way::Wechat), 1);
    // The same code, scanned by somebody else, binds nobody.
    assert_eq!(town.call(&signed, &scanned("openid-2", &scene)), StatusCode::OK);
    assert_eq!(town.bound(town.world.mother, Way::Wechat), 1);
    assert_eq!(town.desk.provider.faults(), Vec::<String>::new());
}

#[test]
fn inside_wechat_the_page_asks_who_one_is_and_another_s_state_binds_nobody() {
    let town = Town::open();
    let mother = town.of(town.world.role(Role::Guardian)).with_agent(WECHAT);
    let begun = town.runtime.block_on(mother.post("/me/channels/wechat", &[]));
    let at = begun.headers["location"].to_str().unwrap().to_owned();
    let state = at.split_once("state=").unwrap().1.to_owned();
    let page = town.runtime.block_on(mother.get(&at)).text();
    assert!(page.contains("open.weixin.qq.com/connect/oauth2/authorize?appid=test-app"), "{page}");
    assert!(page.contains("scope=snsapi_base"));
    town.desk.provider.gave_code("code-1", "openid-9");
    town.desk.provider.gave_code("code-2", "openid-8");
    // Somebody lured onto the address with another's state keeps their own WeChat.
    let other = town.of(town.world.role(Role::ClassTeacher)).with_agent(WECHAT);
    let stolen =
        town.runtime.block_on(other.post("/me/channels/wechat/back", &[("code", "code-2"), ("state", &state)]));
    assert!(stolen.status.is_client_error(), "{}", stolen.status);
    let teacher = town.world.role(Role::ClassTeacher).account;
    assert_eq!((town.bound(teacher, Way::Wechat), town.bound(town.world.mother, Way::Wechat)), (0, 0));
    let begun = town.runtime.block_on(mother.post("/me/channels/wechat", &[]));
    let state = begun.headers["location"].to_str().unwrap().split_once("state=").unwrap().1.to_owned();
    let fields = [("code", "code-1"), ("state", state.as_str())];
    let done = town.runtime.block_on(mother.post("/me/channels/wechat/back", &fields));
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    assert_eq!(town.bound(town.world.mother, Way::Wechat), 1);
    let again = town.runtime.block_on(mother.post("/me/channels/wechat/back", &fields));
    assert!(again.status.is_client_error(), "{}", again.status);
    assert_eq!(town.desk.provider.faults(), Vec::<String>::new());
}

#[test]
fn in_the_secure_mode_only_what_was_sealed_for_us_is_taken() {
    let town = Town::open();
    let app = town.desk.house.app.clone();
    town.desk.house.db().write_wait(move |tx| set_seal_key(tx, &app.vault, Way::Wechat, KEY)).unwrap();
    let mother = town.of(town.world.role(Role::Guardian));
    town.runtime.block_on(mother.post("/me/channels/wechat", &[]));
    let scene = town.desk.provider.scenes().pop().unwrap();
    let (time, nonce) = (town.now().to_string(), "n2");
    let plain = format!("timestamp={time}&nonce={nonce}&signature={}", sha1(&[TOKEN, &time, nonce]));
    let wrapped = |sealed: &str| {
        format!("<xml><ToUserName><![CDATA[gh_test]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>")
    };
    let signed =
        |sealed: &str| format!("{plain}&encrypt_type=aes&msg_signature={}", sha1(&[TOKEN, &time, nonce, sealed]));
    let right = seal(&scanned("openid-5", &scene), "test-app");
    let elsewhere = seal(&scanned("openid-6", &scene), "another-app");
    assert_eq!(town.call(&plain, &scanned("openid-4", &scene)), StatusCode::BAD_REQUEST);
    assert_eq!(town.call(&signed(&elsewhere), &wrapped(&elsewhere)), StatusCode::BAD_REQUEST);
    assert_eq!(town.call(&signed(&elsewhere), &wrapped(&right)), StatusCode::BAD_REQUEST);
    assert_eq!(town.bound(town.world.mother, Way::Wechat), 0);
    assert_eq!(town.call(&signed(&right), &wrapped(&right)), StatusCode::OK);
    assert_eq!(town.bound(town.world.mother, Way::Wechat), 1);
}

#[test]
fn wecom_s_directory_binds_parents_by_their_number_and_forgets_who_left() {
    let town = Town::open();
    let base = town.desk.provider.base();
    town.desk.set(Way::Wecom, move |s| {
        s.wecom.on = true;
        s.wecom.base = base.clone();
        s.wecom.corp_id = "test-corp".into();
        s.wecom.department = "7".into();
    });
    let (app, mother) = (town.desk.house.app.clone(), town.world.mother);
    let number = town
        .desk
        .house
        .db()
        .read_wait(move |r| gongyu_registry::people::phone_of(r, &app.vault, mother))
        .unwrap()
        .unwrap();
    let sync = || {
        let db = town.desk.house.db();
        db.write_wait(|tx| gongyu_store::jobs::enqueue(tx, "deliver.wecom", &serde_json::json!({})).map(drop)).unwrap();
        town.desk.house.run_jobs();
    };
    town.desk.provider.directory(&[("parent-a", &number, true), ("parent-b", "19988887777", true)]);
    sync();
    assert_eq!(town.bound(mother, Way::Wecom), 1);
    sync();
    assert_eq!(town.bound(mother, Way::Wecom), 1);
    town.desk.provider.directory(&[("parent-a", &number, false)]);
    sync();
    assert_eq!(town.bound(mother, Way::Wecom), 0);
    assert_eq!(town.desk.provider.faults(), Vec::<String>::new());
}

#[test]
fn every_letter_lies_in_the_inbox_of_its_person_and_is_new_until_it_was_looked_at() {
    let town = Town::open();
    let (mother, father) = (town.world.mother, town.world.father);
    let letter = |guardian: Id, source: i64| town.desk.letter(guardian, Id(source));
    town.desk.ask(vec![letter(mother, 601), letter(mother, 602), letter(father, 603)]);
    town.desk.run();
    let person = town.world.role(Role::Guardian).clone();
    let client = town.of(&person);
    let page = town.runtime.block_on(client.get("/inbox"));
    let text = page.text();
    assert!(text.contains("通知601") && text.contains("通知602") && !text.contains("通知603"), "{text}");
    assert!(text.contains("/inbox/seen") && text.contains("href=\"/n/602\""));
    assert_eq!(town.runtime.block_on(client.post("/inbox/seen", &[])).status, StatusCode::SEE_OTHER);
    let again = town.runtime.block_on(client.get("/inbox")).text();
    assert!(again.contains("通知601") && !again.contains("/inbox/seen"));
    let account = person.account;
    assert_eq!(town.desk.house.db().read_wait(move |r| inbox::unseen(r, account)).unwrap(), 0);
}
