//! The audit log and the jobs are in words: nothing a feature notes or does is shown as a code.

use super::Whole;
use gongyu_access::Role;
use gongyu_kernel::i18n::Lang;
use gongyu_testkit::Client;
use std::path::Path;

/// Actions noted anywhere in the sources: the first text after `audit(`, `note(`, `action:` or `how:`.
fn actions() -> Vec<String> {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), &mut |text| {
        for mark in [".audit(", "note(tx, ", "note_in(tx, ", "action: ", "how: ", "let action = "] {
            for rest in text.split(mark).skip(1) {
                let line = rest.trim_start().lines().next().unwrap_or_default();
                for piece in line.split('"').skip(1).step_by(2).take(2) {
                    let named =
                        piece.contains('.') && piece.chars().all(|c| c.is_ascii_lowercase() || ".-".contains(c));
                    if named {
                        found.push(piece.to_owned());
                    }
                }
            }
        }
    });
    found.sort();
    found.dedup();
    found
}

fn sources(folder: &Path, take: &mut impl FnMut(&str)) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default().to_owned();
        if path.is_dir() && !["tests", "testkit", "target", "locales", "bin"].contains(&name.as_str()) {
            sources(&path, take);
        } else if path.extension().is_some_and(|e| e == "rs") && !name.starts_with("tests") {
            take(&std::fs::read_to_string(&path).unwrap_or_default());
        }
    }
}

fn key(prefix: &str, code: &str) -> String {
    format!("{prefix}-{}", code.replace(['.', '_'], "-"))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_action_and_every_job_has_words_in_both_languages() {
    let whole = Whole::open().await;
    let words = &whole.house.app.catalogue;
    let actions = actions();
    assert!(actions.len() > 40, "the sources were found: {actions:?}");
    let jobs: Vec<&str> = whole.house.app.features.iter().flat_map(|f| f.jobs.iter().map(|j| j.kind)).collect();
    let wanted = actions
        .iter()
        .map(|a| key("audit-action", a))
        .chain(jobs.iter().flat_map(|kind| [key("job-name", kind), key("job-does", kind)]));
    let missing: Vec<String> = wanted.filter(|k| !words.has(Lang::Zh, k) || !words.has(Lang::En, k)).collect();
    assert!(missing.is_empty(), "crates/registry/locales/*/record-words.ftl lacks {missing:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_auditor_reads_who_did_what_filters_it_and_takes_it_away() {
    let whole = Whole::open().await;
    let teacher = whole.world.role(Role::ClassTeacher);
    let (child, mother) = (whole.world.students[0], whole.world.mother);
    let at_class = Client::of(whole.router.clone(), teacher);
    at_class.post(&format!("/students/{child}/phones/{mother}"), &[]).await;
    let auditor = Client::of(whole.router.clone(), whole.world.role(Role::Auditor));
    let page = auditor.get("/audit").await;
    let words = page.words();
    assert!(words.contains("看了号码") && words.contains(&teacher.name) && words.contains("陈语桐"), "{words}");
    assert!(!words.contains("contacts.phone-shown"), "codes are not words: {words}");
    let none = auditor.get("/audit?person=%E6%97%A0%E4%BA%BA").await;
    assert!(none.words().contains("没有这样的记录"));
    let area = auditor.get("/audit?area=contacts&from=2026-11-23&to=2026-11-23").await;
    assert!(area.words().contains("看了号码"));
    assert!(!auditor.get("/audit?area=card").await.words().contains("看了号码"));
    let file = auditor.post("/audit/export", &[("area", "contacts")]).await;
    assert!(file.bytes.starts_with(b"PK"), "{}", file.text());
    assert!(auditor.get("/audit?area=audit").await.words().contains("导出了审计日志"));
    assert_eq!(at_class.get("/audit").await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_jobs_names_each_kind_and_what_it_does() {
    let whole = Whole::open().await;
    let admin = Client::of(whole.router.clone(), whole.world.role(Role::DistrictAdmin));
    let words = admin.get("/jobs").await.words();
    assert!(words.contains("封存审计日志") && words.contains("每1分钟"), "{words}");
    assert!(!words.contains("ops.seal"), "{words}");
}
