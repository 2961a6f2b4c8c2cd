//! Nothing leads from a letter nobody signed to who wrote it: no column of any table, no log line, no file
//! name, no order, no moment. The writer is signed in and comes from a known address while writing, which is
//! the hardest case.

use crate::stage::Stage;
use axum::body::Body;
use axum::http::{Request, header};
use gongyu_access::Role;
use gongyu_contact::caseload::model::Writer;
use gongyu_kernel::Id;
use gongyu_store::{schema, sql};
use gongyu_testkit::{Client, Engine, both_engines};
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

both_engines! {
    fn no_column_links_an_unsigned_letter_to_its_writer(engine) {
        let s = Stage::new(engine);
        let mother = s.role(Role::Guardian);
        s.house.clock.advance_seconds(600);
        s.get(&mother, "/me");
        let before = schema::dump(s.house.db()).unwrap();
        let (number, password) = s.unsigned(&mother, "老师说话难听", "a-key-of-an-unsigned-letter");
        let after = schema::dump(s.house.db()).unwrap();
        let person = s.world.role(Role::Guardian);
        let marks = [person.account.to_string(), person.guardian.unwrap().to_string(), s.world.students[0].to_string(), "203.0.113.9".to_owned(), password.clone(), "老师说话难听".to_owned()];
        let now = s.house.app.clock().now().0;
        let mut new_tables = Vec::new();
        for (table, rows) in &after {
            let old = before.get(table).cloned().unwrap_or_default();
            for row in rows.iter().filter(|row| !old.contains(row)) {
                new_tables.push(table.clone());
                for mark in &marks {
                    assert!(!row.contains(mark.as_str()), "{table}: {row} holds {mark}");
                }
                for number in row.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse::<i64>().ok()) {
                    let made = Id(number).made_at().0;
                    assert!((number - now).abs() > 86_400_000, "{table}: a moment in {row}");
                    assert!((made - now).abs() > 60_000, "{table}: an identifier that tells its moment in {row}");
                }
            }
        }
        new_tables.sort();
        assert_eq!(new_tables, ["caseload_case", "caseload_receipt"], "nothing else is written, no audit entry, no step, no letter");
        let again = s.unsigned(&mother, "老师说话难听", "a-key-of-an-unsigned-letter");
        assert_eq!(again, (number, password), "sent twice it is one letter and the same is handed out");
    }

    fn letters_of_a_day_appear_together_the_next_day_in_no_order_of_writing(engine) {
        let s = Stage::new(engine);
        let (mother, leader) = (s.role(Role::Guardian), s.role(Role::SchoolLeader));
        for n in 0..8 {
            s.unsigned(&mother, &format!("第{n}封"), &format!("a-key-of-letter-number-{n}"));
        }
        let titles = |s: &Stage| -> Vec<String> {
            let words = s.get(&leader, "/cases?show=new").words();
            words.split_whitespace().filter(|w| w.starts_with('第') && w.ends_with('封')).map(str::to_owned).collect()
        };
        assert!(titles(&s).is_empty(), "the moment a letter appears would tell when it was written");
        let ids: Vec<Id> = s.read(|r| Ok(r.rows::<(Id,)>(sql!("SELECT id FROM caseload_case ORDER BY id"), &[])?.into_iter().map(|(id,)| id).collect()));
        assert_eq!(s.get(&leader, &format!("/cases/{}", ids[0])).status, 404, "nor by its address");
        s.days_pass(1);
        let seen = titles(&s);
        assert_eq!(seen.len(), 8);
        let written: Vec<String> = (0..8).map(|n| format!("第{n}封")).collect();
        assert_ne!(seen, written, "in the order of random identifiers");
    }

    fn an_unsigned_letter_is_followed_by_number_and_password_alone(engine) {
        let s = Stage::new(engine);
        let nobody = s.nobody();
        let (number, password) = s.unsigned(&nobody, "老师说话难听", "a-key-of-an-unsigned-letter");
        let open = |number: &str, password: &str| s.post_bare(&nobody, "/letters/follow", &[("number", number), ("password", password)]);
        assert_eq!(open(&number, "AAAAAAAAAA").status, 422);
        assert_eq!(open("00000-00000", &password).status, 422, "the same for a wrong number");
        let loose = open(&number.replace('-', ""), &password.to_lowercase());
        assert!(loose.words().contains("老师说话难听"), "{}", loose.words());
        s.days_pass(1);
        let id: Id = s.read(|r| r.scalar(sql!("SELECT id FROM caseload_case"), &[]));
        assert_eq!(s.case(id).writer, Writer::Anonymous);
        s.assigned(id);
        let teacher = s.role(Role::ClassTeacher);
        s.post(&teacher, &format!("/cases/{id}/ask"), &[("question", "哪一节课？")]);
        assert!(open(&number, &password).words().contains("哪一节课"));
        let act = |act: &str, more: (&str, &str)| s.post_bare(&nobody, "/letters/follow/act", &[("number", &number), ("password", &password), ("act", act), more]);
        assert_eq!(act("more", ("answer", "周三数学课")).status, 200);
        assert!(s.get(&teacher, &format!("/cases/{id}")).words().contains("周三数学课"));
        s.answered(id);
        assert!(open(&number, &password).words().contains("少放盐"));
        assert_eq!(act("rate", ("rating", "unsatisfied")).status, 200);
        assert_eq!(act("again", ("why", "没有回应")).status, 200);
        let steps: Vec<(Option<Id>, Id, String)> = s.read(|r| r.rows(sql!("SELECT by_staff_id, id, by_name FROM caseload_event WHERE kind IN ('told', 'rated', 'reopened')"), &[]));
        assert_eq!(steps.len(), 3);
        let now = s.house.app.clock().now().0;
        assert!(steps.iter().all(|(by, id, name)| by.is_none() && name.is_empty() && (id.made_at().0 - now).abs() > 60_000));
        let touched: i64 = s.read(|r| r.scalar(sql!("SELECT COUNT(*) FROM touch WHERE source_kind = 'caseload'"), &[]));
        let letters: i64 = s.read(|r| r.scalar(sql!("SELECT COUNT(*) FROM dispatch WHERE guardian_id IS NOT NULL"), &[]));
        assert_eq!((touched, letters), (0, 0), "never a touch, never a letter");
    }
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn files(folder: &Path, out: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            files(&entry.path(), out);
        } else {
            out.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
}

#[test]
fn no_log_line_and_no_file_tells_of_an_unsigned_letter() {
    let s = Stage::new(Engine::Sqlite);
    let mother = s.role(Role::Guardian);
    let school = s.world.school.to_string();
    s.get(&mother, "/me");
    let (mut before, mut after) = (Vec::new(), Vec::new());
    files(&s.house.app.config.data, &mut before);
    let lines = Lines::default();
    let kept = lines.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::INFO).with_writer(move || kept.clone());
    tracing::subscriber::with_default(subscriber.finish(), || {
        let (number, password) = s.unsigned(&mother, "老师说话难听", "a-key-of-an-unsigned-letter");
        s.post_bare(&s.nobody(), "/letters/follow", &[("number", &number), ("password", &password)]);
    });
    files(&s.house.app.config.data, &mut after);
    let logged = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(!logged.contains("letters") && !logged.contains(&school), "{logged}");
    before.sort();
    after.sort();
    assert_eq!(before, after, "no file is kept of it");
}

#[test]
fn the_page_takes_no_file_and_tries_of_a_password_are_limited() {
    let s = Stage::new(Engine::Sqlite);
    let nobody = s.nobody();
    let page = s.get(&nobody, "/letters/anonymous");
    assert!(
        !page.text().contains("type=\"file\"") && !page.text().contains("data-attach"),
        "a file tells of its maker"
    );
    let guess = |n: usize| {
        let password = format!("WRONG{n:05}");
        s.post_bare(&nobody, "/letters/follow", &[("number", "12345-67890"), ("password", &password)]).status.as_u16()
    };
    let told: Vec<u16> = (0..40).map(guess).collect();
    assert!(told.contains(&429), "{told:?}");
}

#[test]
fn what_a_forwarded_address_says_is_kept_nowhere() {
    let s = Stage::new(Engine::Sqlite);
    let client = Client::nobody(s.house.router());
    let body = format!("school={}&topic=conduct&title=t&body=b&key=a-key-of-an-unsigned-letter", s.world.school);
    let request = Request::builder()
        .method("POST")
        .uri("/letters/anonymous")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("x-forwarded-for", "203.0.113.9")
        .body(Body::from(body))
        .unwrap();
    let sent = s.runtime.block_on(client.send(request));
    assert_eq!(sent.status, 200, "{}", sent.text());
    let all = schema::dump(s.house.db()).unwrap();
    assert!(all.values().flatten().all(|row| !row.contains("203.0.113.9")));
}
