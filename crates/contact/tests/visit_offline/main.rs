//! What arrives from a phone: each thing once whatever the line does, nothing over somebody else's words, nothing
//! for those whose visit it is not.

mod begun;
mod stage;

use axum::http::StatusCode;
use gongyu_access::{Role, session};
use gongyu_contact::visit::{VisitRecord, store};
use gongyu_testkit::{Client, Engine, Person, both_engines};
use serde_json::{Value, json};
use stage::{Stage, fields, key, sent, sum};

both_engines! {
    fn the_same_record_twenty_times_at_once_is_one_record_and_one_touch(engine) {
        let stage = Stage::new(engine);
        let child = stage.world.students[0];
        let visit = stage.agreed(child, "2026-11-23", "p1");
        let phone = stage.phone(stage.teacher());
        let bytes = sent(&key(1), visit, 0, &fields("会帮同桌")).to_string();
        let answers = stage.runtime.block_on(async {
            let mut tries = Vec::new();
            for _ in 0..20 {
                let (client, csrf, bytes) = (phone.client.clone(), phone.csrf.clone(), bytes.clone());
                tries.push(tokio::spawn(async move {
                    client.post_bytes("/visits/offline/record.json", &csrf, "application/json", bytes.as_bytes()).await
                }));
            }
            let mut answers = Vec::new();
            for one in tries {
                answers.push(one.await.unwrap());
            }
            answers
        });
        let receipts: std::collections::BTreeSet<String> =
            answers.iter().map(|a| { assert_eq!(a.status, StatusCode::OK, "{}", a.text()); a.json()["receipt"].to_string() }).collect();
        assert_eq!(receipts.len(), 1);
        assert_eq!(stage.touches(child), 1);
        assert_eq!(stage.count(gongyu_store::sql!("SELECT COUNT(*) FROM visit_version")), 1);
        assert_eq!(stage.count(gongyu_store::sql!("SELECT COUNT(*) FROM offline_item")), 1);
    }

    fn a_lost_answer_is_asked_for_and_others_hear_nothing_of_it(engine) {
        let stage = Stage::new(engine);
        let visit = stage.agreed(stage.world.students[0], "2026-11-23", "p1");
        let phone = stage.phone(stage.teacher());
        let receipt = stage.send(&phone, &key(1), visit, 0, &fields("会帮同桌")).json();
        let path = format!("/visits/offline/arrived.json?keys={},{},nonsense", key(1), key(2));
        let told = stage.get(&phone.client, &path).json();
        assert_eq!(told["items"][key(1)]["receipt"], receipt["receipt"]);
        assert_eq!(told["items"][key(1)]["sha256"], receipt["sha256"]);
        assert!(told["items"].get(key(2)).is_none());
        let other = stage.get(&stage.client(&stage.world.other_teacher), &path).json();
        assert_eq!(other["items"], json!({}));
    }

    fn a_key_of_another_account_is_refused_and_so_is_a_key_with_another_content(engine) {
        let stage = Stage::new(engine);
        let visit = stage.agreed(stage.world.students[0], "2026-11-23", "p1");
        let phone = stage.phone(stage.teacher());
        assert_eq!(stage.send(&phone, &key(1), visit, 0, &fields("会帮同桌")).status, StatusCode::OK);
        let again = stage.send(&phone, &key(1), visit, 0, &fields("另一句话"));
        assert_eq!(again.status, StatusCode::CONFLICT);
        assert_eq!(again.json()["error"]["code"], "visit-offline-key-reused");
        let director = stage.phone(stage.world.role(Role::MoralDirector));
        assert_eq!(stage.send(&director, &key(1), visit, 1, &fields("会帮同桌")).status, StatusCode::NOT_FOUND);
        assert_eq!(stage.record(visit).good, "会帮同桌");
    }

    fn two_people_in_one_field_meet_and_the_choice_is_kept(engine) {
        let stage = Stage::new(engine);
        let visit = stage.agreed(stage.world.students[0], "2026-11-23", "p1");
        let teacher = stage.phone(stage.teacher());
        let director = stage.phone(stage.world.role(Role::MoralDirector));
        assert_eq!(stage.send(&director, &key(1), visit, 0, &fields("爱笑")).status, StatusCode::OK);
        let refused = stage.send(&teacher, &key(2), visit, 0, &fields("会帮同桌"));
        assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text());
        let conflict = refused.json()["conflict"].clone();
        assert_eq!(conflict["version"], 1);
        assert_eq!(conflict["fields"][0]["field"], "good");
        assert_eq!((&conflict["fields"][0]["mine"], &conflict["fields"][0]["theirs"]), (&json!("会帮同桌"), &json!("爱笑")));
        assert_eq!(conflict["by"], stage.world.role(Role::MoralDirector).name.as_str());
        assert_eq!(stage.record(visit).good, "爱笑");
        // Nothing came in under the refused key: it is not among what arrived.
        let told = stage.get(&teacher.client, &format!("/visits/offline/arrived.json?keys={}", key(2))).json();
        assert_eq!(told["items"], json!({}));
        let mut chosen = conflict["record"].clone();
        chosen["good"] = json!("爱笑\n会帮同桌");
        assert_eq!(stage.send(&teacher, &key(3), visit, 1, &chosen).status, StatusCode::OK);
        assert_eq!(stage.record(visit).good, "爱笑\n会帮同桌");
    }

    fn what_others_changed_elsewhere_is_put_together_and_told_to_the_phone(engine) {
        let stage = Stage::new(engine);
        let visit = stage.agreed(stage.world.students[0], "2026-11-23", "p1");
        let teacher = stage.phone(stage.teacher());
        let director = stage.phone(stage.world.role(Role::MoralDirector));
        let mut theirs = fields("");
        theirs["opinions"] = json!("作业少一点");
        assert_eq!(stage.send(&director, &key(1), visit, 0, &theirs).status, StatusCode::OK);
        assert_eq!(stage.send(&teacher, &key(2), visit, 0, &fields("会帮同桌")).json()["version"], 2);
        let told = stage.get(&teacher.client, &format!("/visits/offline/version.json?key={}", key(2))).json();
        assert_eq!((&told["version"], &told["record"]["opinions"]), (&json!(2), &json!("作业少一点")));
        let path = format!("/visits/offline/version.json?key={}", key(2));
        assert_eq!(stage.get(&director.client, &path).status, StatusCode::NOT_FOUND);
    }

    fn a_visit_of_somebody_else_is_not_there(engine) {
        let stage = Stage::new(engine);
        let visit = stage.agreed(stage.world.students[0], "2026-11-23", "p1");
        let other = stage.phone(&stage.world.other_teacher);
        assert_eq!(stage.send(&other, &key(1), visit, 0, &fields("会帮同桌")).status, StatusCode::NOT_FOUND);
        assert_eq!(stage.get(&other.client, "/visits/offline/today.json").json()["visits"], json!([]));
        for role in [Role::Guardian, Role::Auditor, Role::Registrar, Role::TownOfficer] {
            let person = stage.phone(stage.world.role(role));
            assert!(stage.get(&person.client, "/visits/offline/today.json").status.is_client_error(), "{}", role.code());
            let refused = stage.send(&person, &key(1), visit, 0, &fields("会帮同桌"));
            assert!(refused.status.is_client_error(), "{}: {}", role.code(), refused.status);
        }
        // A leader of the school reads it and does not write it.
        let leader = stage.phone(stage.world.role(Role::SchoolLeader));
        assert_eq!(stage.send(&leader, &key(1), visit, 0, &fields("会帮同桌")).status, StatusCode::FORBIDDEN);
        assert_eq!(stage.record(visit), VisitRecord::default());
    }

    fn the_phone_gets_the_next_days_without_identity_numbers(engine) {
        let stage = Stage::new(engine);
        let near = stage.agreed(stage.world.students[0], "2026-11-26", "p1");
        let overdue = stage.agreed(stage.world.students[1], "2026-11-20", "p2");
        stage.agreed(stage.world.students[2], "2026-12-20", "p3");
        let phone = stage.phone(stage.teacher());
        let seen = stage.get(&phone.client, "/visits/offline/today.json");
        let told = seen.json();
        let ids: Vec<&Value> = told["visits"].as_array().unwrap().iter().map(|v| &v["id"]).collect();
        assert_eq!(ids, [&json!(overdue), &json!(near)]);
        assert_eq!(told["visits"][1]["children"][0]["name"], "陈语桐");
        assert_eq!(told["visits"][1]["part"], "lead");
        for word in ["id_number", "roll_number", "blind", "birth"] {
            assert!(!seen.text().contains(word), "{word}");
        }
    }

    fn a_wrong_clock_does_not_move_the_day(engine) {
        let stage = Stage::new(engine);
        let visit = stage.agreed(stage.world.students[0], "2026-11-23", "p1");
        let phone = stage.phone(stage.teacher());
        // The phone believes it is 2031 and supposed that day by itself.
        let mut guessed = fields("会帮同桌");
        guessed["day"] = json!("2031-05-05");
        let payload = json!({ "visit": visit, "base": 0, "fields": guessed, "day_guessed": true }).to_string();
        let body = json!({
            "key": key(1), "sha256": sum(payload.as_bytes()), "payload": payload, "visit": visit, "base": 0,
            "said_ago": 60_000, "begun_ago": 120_000, "said_at": 1_935_000_000_000_i64,
        });
        let seen = stage.post(&phone, "/visits/offline/record.json", &body);
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text());
        assert_eq!(stage.record(visit).day, Some("2026-11-23".parse().unwrap()));
    }

    fn a_payload_that_is_not_what_its_checksum_says_is_not_taken(engine) {
        let stage = Stage::new(engine);
        let visit = stage.agreed(stage.world.students[0], "2026-11-23", "p1");
        let phone = stage.phone(stage.teacher());
        let mut body = sent(&key(1), visit, 0, &fields("会帮同桌"));
        body["payload"] = json!("{}");
        let seen = stage.post(&phone, "/visits/offline/record.json", &body);
        assert_eq!(seen.json()["error"]["code"], "visit-offline-odd");
        assert_eq!(stage.count(gongyu_store::sql!("SELECT COUNT(*) FROM offline_item")), 0);
    }

    fn a_phone_is_told_to_forget_when_its_session_was_ended_and_not_when_it_ran_out(engine) {
        let stage = Stage::new(engine);
        let device = "3f2a9c10-77aa-4b1e-9f00-0000000000013f2a9c10-77aa-4b1e-9f00-000000000002";
        let teacher = stage.teacher().clone();
        let phone = stage.phone(&teacher);
        assert_eq!(stage.standing(&phone.client, device)["device"], "unknown");
        let seen = stage.post(&phone, "/visits/offline/device.json", &json!({ "device": device }));
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text());
        assert_eq!(stage.standing(&phone.client, device)["device"], "known");
        // Somebody else's account cannot take the phone over.
        let other = stage.phone(&stage.world.other_teacher);
        let taken = stage.post(&other, "/visits/offline/device.json", &json!({ "device": device }));
        assert_eq!(taken.status, StatusCode::NOT_FOUND);
        // Idle for two hours: signed out, and the records wait.
        stage.house.clock.advance_seconds(2 * 3_600);
        let told = stage.standing(&phone.client, device);
        assert_eq!((&told["account"], &told["device"]), (&Value::Null, &json!("known")));
        // Signed in again as the same person: nothing is lost.
        let again = stage.write(move |tx| {
            let hats = session::hats(tx, teacher.account)?;
            let hat = hats.into_iter().find(|h| h.role == Role::ClassTeacher).unwrap();
            let device = session::Device { name: "test", client: "127.0.0.1" };
            session::open_with(tx, "test-again", teacher.account, &hat, true, &device)?;
            Ok(Person { token: "test-again".to_owned(), ..teacher.clone() })
        });
        let back = stage.phone(&again);
        assert_eq!(stage.standing(&back.client, device)["introduce"], true);
        assert_eq!(stage.post(&back, "/visits/offline/device.json", &json!({ "device": device })).status, StatusCode::OK);
        assert_eq!(stage.standing(&back.client, device)["introduce"], false);
        // Ended from another device: the phone is to forget.
        stage.write(move |tx| session::end_others(tx, again.account, None));
        assert_eq!(stage.standing(&back.client, device)["device"], "ended");
    }

    fn a_signature_in_pieces_is_kept_once_and_resumes(engine) {
        let stage = Stage::new(engine);
        let visit = stage.agreed(stage.world.students[0], "2026-11-23", "p1");
        let phone = stage.phone(stage.teacher());
        assert_eq!(stage.send(&phone, &key(1), visit, 0, &fields("会帮同桌")).status, StatusCode::OK);
        let strokes = r#"{"w":600,"h":200,"s":[[10,10,50,20,30,40]]}"#;
        let file = json!({ "who": "guardian", "name": "", "strokes": strokes }).to_string();
        let (first, second) = file.as_bytes().split_at(20);
        let put = |n: usize, bytes: &[u8]| {
            let path = format!("/visits/offline/piece?key={}&of=2&n={n}", key(9));
            stage.runtime.block_on(phone.client.post_bytes(&path, &phone.csrf, "application/octet-stream", bytes))
        };
        let whole = json!({
            "key": key(9), "kind": "signature", "record": key(1), "pieces": 2, "sha256": sum(file.as_bytes()),
            "said_ago": 0, "said_at": 0,
        });
        assert_eq!(put(1, second).status, StatusCode::OK);
        assert_eq!(put(1, second).status, StatusCode::OK);
        let have = stage.get(&phone.client, &format!("/visits/offline/pieces.json?key={}&of=2", key(9)));
        assert_eq!(have.json()["have"], json!([1]));
        let early = stage.post(&phone, "/visits/offline/file.json", &whole);
        assert_eq!((early.status, &early.json()["again"]), (StatusCode::CONFLICT, &json!(true)));
        assert_eq!(put(0, first).status, StatusCode::OK);
        assert_eq!(put(1, second).status, StatusCode::OK);
        let done = stage.post(&phone, "/visits/offline/file.json", &whole);
        assert_eq!(done.status, StatusCode::OK, "{}", done.text());
        let again = stage.post(&phone, "/visits/offline/file.json", &whole);
        assert_eq!(again.json()["receipt"], done.json()["receipt"]);
        let app = stage.house.app.clone();
        let kept = stage.read(move |r| store::signatures_of(r, &app.vault, visit));
        assert_eq!((kept.len(), kept[0].strokes.as_str()), (1, strokes));
        assert_eq!(stage.count(gongyu_store::sql!("SELECT COUNT(*) FROM offline_piece")), 0);
        // Another person can neither add to it nor hang a file on the record.
        let other = stage.phone(&stage.world.other_teacher);
        let theirs = stage.post(&other, "/visits/offline/file.json", &json!({
            "key": key(10), "kind": "signature", "record": key(1), "pieces": 1, "sha256": sum(b"x"), "said_ago": 0, "said_at": 0,
        }));
        assert_eq!(theirs.status, StatusCode::NOT_FOUND);
    }

    fn a_photo_hangs_on_its_visit_once_and_a_note_goes_to_the_vault(engine) {
        let stage = Stage::new(engine);
        let (child, visit) = (stage.world.students[0], stage.agreed(stage.world.students[0], "2026-11-23", "p1"));
        let phone = stage.phone(stage.teacher());
        assert_eq!(stage.send(&phone, &key(1), visit, 0, &fields("会帮同桌")).status, StatusCode::OK);
        let picture = include_bytes!("../../../../assets/brand/icon-192.png");
        let note = json!({ "student": child, "text": "爸爸失业了" }).to_string();
        for (n, kind, bytes) in [(5, "photo", &picture[..]), (6, "note", note.as_bytes())] {
            let path = format!("/visits/offline/piece?key={}&of=1&n=0", key(n));
            let put = stage.runtime.block_on(phone.client.post_bytes(&path, &phone.csrf, "application/octet-stream", bytes));
            assert_eq!(put.status, StatusCode::OK);
            let whole = json!({
                "key": key(n), "kind": kind, "record": key(1), "pieces": 1, "sha256": sum(bytes), "said_ago": 0, "said_at": 0,
            });
            let first = stage.post(&phone, "/visits/offline/file.json", &whole);
            assert_eq!(first.status, StatusCode::OK, "{kind}: {}", first.text());
            assert_eq!(stage.post(&phone, "/visits/offline/file.json", &whole).json()["receipt"], first.json()["receipt"]);
        }
        let files = stage.read(move |r| gongyu_parts::attach::of(r, "visit", visit));
        assert_eq!(files.len(), 1);
        let notes = stage.read(move |r| gongyu_vault::note::of_owner(r, "visit", visit));
        assert_eq!(notes.len(), 1);
        let address = files[0].href();
        assert_eq!(stage.runtime.block_on(phone.client.get(&address)).status, StatusCode::OK);
        let others = [&stage.world.other_teacher, stage.world.role(Role::Guardian), stage.world.role(Role::Registrar)];
        for other in others {
            let seen = stage.runtime.block_on(stage.client(other).get(&address));
            assert_eq!(seen.status, StatusCode::NOT_FOUND, "{}", other.name);
        }
    }

    fn pieces_that_never_became_whole_are_forgotten(engine) {
        let stage = Stage::new(engine);
        let phone = stage.phone(stage.teacher());
        let path = format!("/visits/offline/piece?key={}&of=2&n=0", key(9));
        let seen = stage.runtime.block_on(phone.client.post_bytes(&path, &phone.csrf, "application/octet-stream", b"half"));
        assert_eq!(seen.status, StatusCode::OK);
        stage.house.days_pass(31);
        stage.write(|tx| gongyu_store::jobs::enqueue(tx, "visit.offline", &json!({})).map(drop));
        stage.house.run_jobs();
        assert_eq!(stage.count(gongyu_store::sql!("SELECT COUNT(*) FROM offline_piece")), 0);
    }
}

#[test]
fn the_shell_and_the_worker_are_the_same_for_everybody_and_name_every_file() {
    let stage = Stage::new(Engine::Sqlite);
    let nobody = Client::nobody(stage.house.router());
    let teacher = stage.client(stage.teacher());
    for path in ["/visits/offline", "/sw.js"] {
        let (one, other) = (stage.runtime.block_on(nobody.get(path)), stage.runtime.block_on(teacher.get(path)));
        assert_eq!(one.status, StatusCode::OK);
        assert_eq!(one.text(), other.text(), "{path}");
        assert!(!other.text().contains(&stage.teacher().name));
    }
    let worker = stage.runtime.block_on(nobody.get("/sw.js"));
    assert!(worker.headers["content-type"].to_str().unwrap().starts_with("text/javascript"));
    let shell = stage.runtime.block_on(nobody.get("/visits/offline")).text();
    for file in shell.split("\"/static/").skip(1).filter_map(|rest| rest.split(['"', '#']).next()) {
        assert!(worker.text().contains(file), "{file} is not kept by the worker");
    }
}
