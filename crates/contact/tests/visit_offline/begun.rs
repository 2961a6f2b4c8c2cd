//! Visits nobody planned, begun on the phone: made once when they arrive, for children in reach alone.

use crate::stage::{Phone, Stage, fields, key, sum};
use axum::http::StatusCode;
use gongyu_access::Role;
use gongyu_contact::visit::model::{NewVisit, Reason, Way};
use gongyu_contact::visit::store as visits;
use gongyu_kernel::Id;
use gongyu_ledger::rules::StaffRole;
use gongyu_testkit::{Seen, both_engines};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What a phone sends of a visit it began.
fn begun(key_of_record: u32, key_of_visit: &str, children: &[Id], base: i64, fields: &Value) -> Value {
    let payload = json!({
        "visit": null, "base": base, "fields": fields,
        "begun": { "key": key_of_visit, "children": children, "reason": "yearly" },
    })
    .to_string();
    json!({
        "key": key(key_of_record), "sha256": sum(payload.as_bytes()), "payload": payload, "visit": null, "base": base,
        "said_ago": 60_000, "begun_ago": 120_000, "said_at": 1_000,
    })
}

fn send(stage: &Stage, phone: &Phone, body: &Value) -> Seen {
    stage.post(phone, "/visits/offline/record.json", body)
}

fn planned(stage: &Stage, child: Id) -> Id {
    let (staff, account) = (stage.teacher().staff, stage.teacher().account);
    stage.write(move |tx| {
        let new = NewVisit {
            children: vec![child],
            reason: Reason::Yearly,
            trigger: String::new(),
            due_on: Some("2026-12-06".parse().unwrap()),
            day: None,
            starts_at: None,
            way: Way::Home,
            lead: (staff, StaffRole::ClassTeacher),
            contact: None,
        };
        visits::create(tx, &new, account, "plan").map(|(id, _)| id)
    })
}

both_engines! {
    fn a_visit_nobody_planned_is_made_once_though_it_arrives_twenty_times(engine) {
        let stage = Stage::new(engine);
        let child = stage.world.students[0];
        let phone = stage.phone(stage.teacher());
        let bytes = begun(1, &key(70), &[child], 0, &fields("会帮同桌")).to_string();
        stage.runtime.block_on(async {
            let mut tries = Vec::new();
            for _ in 0..20 {
                let (client, csrf, bytes) = (phone.client.clone(), phone.csrf.clone(), bytes.clone());
                tries.push(tokio::spawn(async move {
                    client.post_bytes("/visits/offline/record.json", &csrf, "application/json", bytes.as_bytes()).await
                }));
            }
            for one in tries {
                let seen = one.await.unwrap();
                assert_eq!(seen.status, StatusCode::OK, "{}", seen.text());
            }
        });
        assert_eq!(stage.count(gongyu_store::sql!("SELECT COUNT(*) FROM visit")), 1);
        assert_eq!(stage.touches(child), 1);
        // What is added later under the phone's number goes to the same visit.
        let more = send(&stage, &phone, &begun(2, &key(70), &[child], 1, &fields("会帮同桌，也爱笑")));
        assert_eq!(more.json()["version"], 2, "{}", more.text());
        assert_eq!(stage.count(gongyu_store::sql!("SELECT COUNT(*) FROM visit")), 1);
        assert_eq!(stage.touches(child), 1);
        // The phone finds its own visit again by the number it gave it.
        let told = stage.get(&phone.client, "/visits/offline/today.json").json();
        assert_eq!(told["visits"][0]["key"], json!(key(70)));
        assert_eq!(told["visits"][0]["state"], "done");
    }

    fn a_visit_that_was_planned_for_the_same_child_is_taken_and_not_doubled(engine) {
        let stage = Stage::new(engine);
        let child = stage.world.students[0];
        let visit = planned(&stage, child);
        let phone = stage.phone(stage.teacher());
        let receipt = send(&stage, &phone, &begun(1, &key(70), &[child], 0, &fields("会帮同桌")));
        assert_eq!(receipt.json()["visit"], json!(visit), "{}", receipt.text());
        let again = send(&stage, &phone, &begun(2, &key(70), &[child], 1, &fields("爱笑")));
        assert_eq!((&again.json()["visit"], &again.json()["version"]), (&json!(visit), &json!(2)));
        // A second visit of the same family is a second one.
        let second = send(&stage, &phone, &begun(3, &key(71), &[child], 0, &fields("爱读书")));
        assert_ne!(second.json()["visit"], json!(visit));
        assert_eq!(stage.count(gongyu_store::sql!("SELECT COUNT(*) FROM visit")), 2);
    }

    fn nobody_begins_a_visit_to_a_child_out_of_reach_or_to_two_families_at_once(engine) {
        let stage = Stage::new(engine);
        let child = stage.world.students[0];
        let other = stage.phone(&stage.world.other_teacher);
        let refused = send(&stage, &other, &begun(1, &key(70), &[child], 0, &fields("会帮同桌")));
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{}", refused.text());
        for role in [Role::Guardian, Role::Registrar, Role::TownOfficer] {
            let phone = stage.phone(stage.world.role(role));
            let refused = send(&stage, &phone, &begun(1, &key(70), &[child], 0, &fields("会帮同桌")));
            assert!(refused.status.is_client_error(), "{}", role.code());
        }
        let phone = stage.phone(stage.teacher());
        let strangers = [stage.world.students[0], stage.world.students[1]];
        let refused = send(&stage, &phone, &begun(2, &key(71), &strangers, 0, &fields("会帮同桌")));
        assert_eq!(refused.json()["error"]["code"], "visit-one-family", "{}", refused.text());
        let nobody = send(&stage, &phone, &begun(3, &key(72), &[], 0, &fields("会帮同桌")));
        assert_eq!(nobody.status, StatusCode::NOT_FOUND);
        assert_eq!(stage.count(gongyu_store::sql!("SELECT COUNT(*) FROM visit")), 0);
        assert_eq!(stage.count(gongyu_store::sql!("SELECT COUNT(*) FROM offline_item")), 0);
    }

    fn the_phone_holds_the_names_of_its_own_class_and_of_no_school(engine) {
        let stage = Stage::new(engine);
        let told = stage.get(&stage.phone(stage.teacher()).client, "/visits/offline/today.json");
        let pupils = told.json()["pupils"].as_array().unwrap().clone();
        assert!(pupils.iter().any(|p| p["id"] == json!(stage.world.students[0])));
        let held: BTreeSet<&str> = pupils[0].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(held, BTreeSet::from(["class_name", "family", "id", "name"]));
        let director = stage.phone(stage.world.role(Role::MoralDirector));
        assert_eq!(stage.get(&director.client, "/visits/offline/today.json").json()["pupils"], json!([]));
    }
}
