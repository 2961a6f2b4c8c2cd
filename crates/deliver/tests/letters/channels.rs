//! Every channel against a provider that checks what it gets, and the reports that come back.

use crate::desk::Desk;
use crate::smtp::Smtp;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use gongyu_deliver::channel::{Settings, Way};
use gongyu_deliver::choice::{self, Choice, NewAddress, keep_address};
use gongyu_deliver::dispatch::State;
use gongyu_kernel::Id;
use gongyu_testkit::{Client, Engine};
use gongyu_web::letters::Became;
use gongyu_web::route::all_routes;

const NOTICE: Id = Id(501);

impl Desk {
    /// Gives the first guardians an address each on a channel.
    fn bind(&self, way: Way, addresses: &[String]) {
        let (app, pairs) = (self.house.app.clone(), self.guardians.iter().copied().zip(addresses.to_vec()));
        let pairs: Vec<(Id, String)> = pairs.collect();
        self.house
            .db()
            .write_wait(move |tx| {
                for (person, to) in &pairs {
                    keep_address(tx, &app.vault, &NewAddress { person: *person, way, to, label: "" })?;
                }
                Ok(())
            })
            .unwrap();
    }

    fn router(&self) -> axum::Router {
        all_routes(&self.house.app).into_router().with_state(self.house.app.clone())
    }
}

fn numbered(name: &str, n: usize) -> Vec<String> {
    (0..n).map(|i| format!("{name}{i}")).collect()
}

#[test]
fn tencents_signature_is_as_its_documents_say() {
    let desk = Desk::new(Engine::Sqlite, 3);
    desk.set(Way::Sms, |s| {
        s.sms.provider = "tencent".into();
        s.sms.app_id = "1400000000".into();
    });
    desk.provider.refuse("19900000002");
    desk.to_all(NOTICE);
    desk.run();
    assert_eq!(desk.provider.faults(), Vec::<String>::new());
    assert_eq!(desk.tally(NOTICE), [(State::Sent, 2), (State::ByHand, 1)].into());
}

#[test]
fn a_wechat_token_that_ended_early_is_fetched_anew_and_who_left_gets_a_text_message() {
    let desk = Desk::new(Engine::Sqlite, 4);
    let base = desk.provider.base();
    desk.set(Way::Wechat, move |s| {
        s.wechat.on = true;
        s.wechat.base = base.clone();
        s.wechat.app_id = "test-app".into();
        s.wechat.templates = "notice = T1: thing1=title".into();
    });
    desk.bind(Way::Wechat, &numbered("openid", 3));
    desk.provider.refuse("openid2");
    desk.to_all(NOTICE);
    desk.run();
    assert_eq!(desk.provider.faults(), Vec::<String>::new());
    assert_eq!(desk.provider.tokens_given(), 2);
    assert_eq!(desk.tally(NOTICE), [(State::Sent, 4)].into());
    let to: Vec<String> = desk.provider.taken().into_iter().map(|(to, _)| to).collect();
    assert!(to.contains(&"openid0".to_owned()) && to.contains(&"19900000002".to_owned()), "{to:?}");
    // The next letter does not try the one who left again.
    desk.ask(vec![desk.letter(desk.guardians[2], Id(502))]);
    desk.run();
    assert_eq!(desk.provider.taken().last().unwrap().0, "19900000002");
}

#[test]
fn wecom_answers_for_each_parent_and_those_it_cannot_reach_go_another_way() {
    let desk = Desk::new(Engine::Sqlite, 5);
    let base = desk.provider.base();
    desk.set(Way::Wecom, move |s| {
        s.wecom.on = true;
        s.wecom.base = base.clone();
        s.wecom.corp_id = "test-corp".into();
        s.wecom.agent_id = "1000002".into();
    });
    desk.bind(Way::Wecom, &numbered("parent", 5));
    desk.provider.invalid_parents(&["parent1"]);
    desk.to_all(NOTICE);
    desk.run();
    assert_eq!(desk.provider.faults(), Vec::<String>::new());
    assert_eq!(desk.tally(NOTICE), [(State::Sent, 5)].into());
    let to: Vec<String> = desk.provider.taken().into_iter().map(|(to, _)| to).collect();
    assert!(!to.contains(&"parent1".to_owned()) && to.contains(&"19900000001".to_owned()), "{to:?}");
}

fn push_on(desk: &Desk) {
    let key = p256::SecretKey::from_slice(&[7; 32]).unwrap();
    let public = B64.encode(key.public_key().to_sec1_bytes());
    let private = B64.encode(key.to_bytes());
    let host = desk.provider.host();
    let app = desk.house.app.clone();
    desk.house
        .db()
        .write_wait(move |tx| {
            let mut settings = Settings::load(tx)?;
            settings.push.on = true;
            settings.push.contact = "mailto:desk@test.invalid".into();
            settings.push.public_key.clone_from(&public);
            settings.push.hosts.clone_from(&host);
            settings.save(tx)?;
            gongyu_deliver::channel::set_secret(tx, &app.vault, Way::Push, &private, "")
        })
        .unwrap();
}

fn subscription(desk: &Desk, name: &str) -> String {
    let browser = p256::SecretKey::from_slice(&[9; 32]).unwrap();
    serde_json::json!({
        "endpoint": format!("{}/push/{name}", desk.provider.base()),
        "p256dh": B64.encode(browser.public_key().to_sec1_bytes()),
        "auth": B64.encode([3u8; 16]),
    })
    .to_string()
}

#[test]
fn a_push_is_signed_and_a_browser_that_is_gone_is_forgotten() {
    let desk = Desk::new(Engine::Sqlite, 40);
    push_on(&desk);
    let all: Vec<String> = (0..40).map(|n| subscription(&desk, &format!("b{n}"))).collect();
    desk.bind(Way::Push, &all);
    desk.provider.fail_one_in(10);
    desk.to_all(NOTICE);
    desk.run();
    for _ in 0..6 {
        desk.pass(600);
    }
    assert_eq!(desk.provider.faults(), Vec::<String>::new());
    let by = desk.tally(NOTICE);
    let n = |state| by.get(&state).copied().unwrap_or(0) as usize;
    assert_eq!(n(State::Sent) + n(State::Unknown) + n(State::ByHand), 40, "{by:?}");
    let taken = desk.provider.taken();
    assert_eq!(taken.len(), n(State::Sent) + n(State::Unknown));
}

#[test]
fn with_one_mail_in_ten_failing_the_counts_agree_and_nobody_gets_two() {
    let letters = 600;
    let desk = Desk::new(Engine::Sqlite, letters);
    let smtp = Smtp::start();
    let port = smtp.port();
    desk.set(Way::Sms, |s| s.sms.provider = String::new());
    desk.set(Way::Email, move |s| {
        s.email.on = true;
        s.email.host = "127.0.0.1".into();
        s.email.port = port;
        s.email.tls = "none".into();
        s.email.user = "desk".into();
        s.email.from = "desk@test.invalid".into();
    });
    desk.bind(Way::Email, &(0..letters).map(|n| format!("g{n}@test.invalid")).collect::<Vec<_>>());
    smtp.fail_one_in(10);
    desk.to_all(NOTICE);
    desk.run();
    for _ in 0..6 {
        desk.pass(600);
    }
    let by = desk.tally(NOTICE);
    let n = |state| by.get(&state).copied().unwrap_or(0) as usize;
    assert_eq!(n(State::Sent) + n(State::Unknown) + n(State::ByHand), letters, "{by:?}");
    let taken = smtp.taken();
    assert_eq!(taken.len(), n(State::Sent) + n(State::Unknown));
    let mut to: Vec<&str> = taken.iter().map(|(to, _)| to.as_str()).collect();
    to.sort_unstable();
    to.dedup();
    assert_eq!(to.len(), taken.len(), "somebody got two");
    assert!(smtp.texts()[0].contains("Subject: "));
}

#[test]
fn who_wants_no_text_messages_gets_none() {
    let desk = Desk::new(Engine::Sqlite, 1);
    let guardian = desk.guardians[0];
    desk.house
        .db()
        .write_wait(move |tx| choice::save(tx, guardian, &Choice { ways: vec![Way::App], ..Choice::default() }))
        .unwrap();
    desk.to_all(NOTICE);
    desk.run();
    assert_eq!(desk.tally(NOTICE), [(State::ByHand, 1)].into());
    assert_eq!(desk.provider.taken().len(), 0);
}

fn post(desk: &Desk, path: &str, body: String) -> StatusCode {
    let request = axum::http::Request::builder()
        .method("POST")
        .uri(path)
        .header("content-type", "application/json")
        .body(axum::body::Body::from(body))
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(Client::nobody(desk.router()).send(request)).status
}

#[test]
fn a_report_at_the_secret_address_makes_a_letter_delivered_and_a_bad_one_tries_the_next_way() {
    let desk = Desk::new(Engine::Sqlite, 2);
    desk.to_all(NOTICE);
    desk.run();
    let ids: Vec<String> = desk.provider.taken().into_iter().map(|(_, id)| id).collect();
    let report = |id: &str, ok: bool| {
        serde_json::json!([{ "phone_number": "1", "success": ok, "err_code": "UNDELIV", "biz_id": format!("biz-{id}"), "out_id": id }])
            .to_string()
    };
    assert_eq!(post(&desk, "/reports/aliyun/guessed", report(&ids[0], true)), StatusCode::NOT_FOUND);
    assert_eq!(post(&desk, "/reports/aliyun/", report(&ids[0], true)), StatusCode::NOT_FOUND);
    assert_eq!(desk.tally(NOTICE), [(State::Sent, 2)].into());
    let right = "/reports/aliyun/report-secret-of-the-test";
    for _ in 0..2 {
        assert_eq!(post(&desk, right, report(&ids[0], true)), StatusCode::OK);
    }
    assert_eq!(post(&desk, right, report(&ids[1], false)), StatusCode::OK);
    assert_eq!(desk.times_heard(Became::Delivered), 1);
    desk.run();
    assert_eq!(desk.tally(NOTICE), [(State::Delivered, 1), (State::ByHand, 1)].into());
}
