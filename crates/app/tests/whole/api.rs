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
        let request = Request::builder()
            .method("POST")
            .uri("/api/v1/touches")
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
