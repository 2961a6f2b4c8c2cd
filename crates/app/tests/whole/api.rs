//! The JSON edge as programs use it.

use super::Whole;
use axum::body::Body;
use axum::http::{Request, header};
use gongyu_access::{Role, token};
use gongyu_store::sql;
use gongyu_testkit::{Client, Person, Seen};

impl Whole {
    /// A token of the ready session's role.
    async fn token(&self, person: &Person) -> String {
        let (account, random) = (person.account, self.house.app.random.clone());
        let made = self.house.db().write(move |tx| {
            let grant = gongyu_access::grant::current(tx, account)?[0].id;
            token::create(tx, &random, account, grant, "test")
        });
        made.await.unwrap()
    }

    async fn posted(&self, token: &str, body: &serde_json::Value) -> Seen {
        self.posted_to("/api/v1/touches", token, body).await
    }

    async fn read(&self, path: &str, token: &str) -> Seen {
        let request = Request::builder().uri(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        Client::nobody(self.router.clone()).send(request.body(Body::empty()).unwrap()).await
    }

    async fn posted_to(&self, path: &str, token: &str, body: &serde_json::Value) -> Seen {
        let request = Request::builder()
            .method("POST")
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        Client::nobody(self.router.clone()).send(request).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_class_teachers_token_records_contacts_of_the_own_class_and_once_by_key() {
    let whole = Whole::open().await;
    let teacher = whole.world.role(Role::ClassTeacher);
    let token = whole.token(teacher).await;
    let (mine, theirs) = (whole.world.students[0], whole.world.students[6]);
    let body = |student: gongyu_kernel::Id, key: &str| serde_json::json!({ "students": [student], "channel": "phone", "tone": "good", "client_key": key });
    let first = whole.posted(&token, &body(mine, "k1")).await;
    assert_eq!(first.status, 201, "{}", first.text());
    let again = whole.posted(&token, &body(mine, "k1")).await;
    assert_eq!((again.status.as_u16(), again.json()["id"].clone()), (200, first.json()["id"].clone()));
    assert_eq!(whole.posted(&token, &body(theirs, "k2")).await.status, 404, "a child of another class is not there");
    let (staff, kept): (Option<gongyu_kernel::Id>, i64) = whole
        .house
        .db()
        .read(move |r| r.one(sql!("SELECT MAX(staff_id), COUNT(*) FROM touch WHERE student_id = $1"), &[&mine]))
        .await
        .unwrap();
    assert_eq!((staff, kept), (teacher.staff, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_notes_no_contacts_records_only_in_the_name_of_one_that_does() {
    let whole = Whole::open().await;
    let token = whole.token(whole.world.role(Role::Registrar)).await;
    let teacher = whole.world.role(Role::ClassTeacher).staff.unwrap();
    whole
        .house
        .db()
        .write(move |tx| tx.exec(sql!("UPDATE staff SET staff_no = 'T-01' WHERE id = $1"), &[&teacher]).map(drop))
        .await
        .unwrap();
    let mut body = serde_json::json!({
        "students": [whole.world.students[0]], "channel": "wechat", "tone": "neutral", "client_key": "k1"
    });
    assert_eq!(whole.posted(&token, &body).await.status, 403);
    body["staff_no"] = "T-01".into();
    let seen = whole.posted(&token, &body).await;
    assert_eq!(seen.status, 201, "{}", seen.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_with_questions_is_sent_and_its_answers_are_read_without_names() {
    let whole = Whole::open().await;
    let teacher = whole.world.role(Role::ClassTeacher);
    let token = whole.token(teacher).await;
    let class = whole.world.classes[0];
    let body = |questions: serde_json::Value, key: &str| {
        serde_json::json!({
            "title": "开放日", "body": "周五下午请您来。", "kind": "answer", "units": [class], "client_key": key,
            "questions": questions,
        })
    };
    let questions = serde_json::json!([
        { "ask": "您能来吗", "kind": "one", "choices": ["能来", "来不了"] },
        { "ask": "几位", "kind": "number", "from": "0", "to": "4", "must": false },
    ]);
    for odd in [
        serde_json::json!([]),
        serde_json::json!([{ "ask": "", "kind": "one", "choices": ["能来"] }]),
        serde_json::json!([{ "ask": "几位", "kind": "number", "from": "9", "to": "1" }]),
        serde_json::json!([{ "ask": "怎样", "kind": "poem" }]),
    ] {
        let refused = whole.posted_to("/api/v1/notices", &token, &body(odd, "odd")).await;
        assert_eq!(refused.status, 422, "{}", refused.text());
    }
    let sent = whole.posted_to("/api/v1/notices", &token, &body(questions, "k1")).await;
    assert_eq!(sent.status, 201, "{}", sent.text());
    let id: gongyu_kernel::Id = sent.json()["id"].as_str().unwrap().parse().unwrap();
    let (child, mother) = (whole.world.students[0], whole.world.mother);
    let answer = r#"{"q1":{"one":"c1"},"q2":{"number":2}}"#;
    let answered = whole
        .house
        .db()
        .write(move |tx| gongyu_contact::notice::store::answer(tx, id, mother, child, answer).map(drop));
    answered.await.unwrap();
    let path = format!("/api/v1/notices/{id}/answers");
    let told = whole.read(&path, &token).await;
    let json = told.json();
    assert_eq!((&json["questions"][0]["key"], &json["questions"][0]["choices"]["c1"]), (&"q1".into(), &"能来".into()));
    assert_eq!(json["items"].as_array().map(Vec::len), Some(1), "{}", told.text());
    assert_eq!(json["items"][0]["student"], serde_json::json!(child.to_string()));
    assert_eq!(json["items"][0]["answers"]["q2"]["number"], 2);
    assert!(!told.text().contains("陈"), "{}", told.text());
    let other = whole.token(&whole.world.other_teacher).await;
    assert_eq!(whole.read(&path, &other).await.status, 404);
}
