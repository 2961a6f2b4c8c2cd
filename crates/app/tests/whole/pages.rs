//! Every page in both languages.

use super::Whole;
use axum::http::Method;
use gongyu_access::Role;
use gongyu_testkit::{Client, Person, Seen};
use gongyu_web::route::all_routes;
use scraper::{Html, Selector};

fn addresses(whole: &Whole) -> Vec<String> {
    let w = &whole.world;
    all_routes(&whole.house.app)
        .infos()
        .into_iter()
        .filter(|i| i.method == Method::GET && !i.path.starts_with("/api/"))
        .filter(|i| ![".pdf", ".xlsx", ".zip", ".ics"].iter().any(|end| i.path.ends_with(end)))
        .map(|i| {
            let id = match i.path.split('/').nth(1).unwrap_or_default() {
                "classes" => w.classes[0],
                "schools" | "units" => w.school,
                "towns" => w.town,
                _ => w.students[0],
            };
            i.path.replace("{id}", &id.to_string()).replace("{rule}", "R05").replace("{code}", "R05")
        })
        .collect()
}

async fn speak(whole: &Whole, person: &Person, lang: &'static str) {
    let account = person.account;
    whole
        .house
        .db()
        .write(move |tx| {
            let prefs = gongyu_access::Prefs {
                lang: gongyu_kernel::i18n::Lang::parse(lang).unwrap_or_default(),
                ..gongyu_access::Prefs::default()
            };
            gongyu_access::account::set_prefs(tx, account, prefs)
        })
        .await
        .unwrap();
}

fn check(path: &str, role: Role, lang: &str, seen: &Seen) {
    let text = seen.text();
    let at = format!("{path} as {} in {lang}", role.code());
    assert!(!text.contains(" style=\""), "{at} has an inline style");
    assert!(!text.contains(" onclick="), "{at} has an inline handler");
    let page = Html::parse_document(&text);
    let forms = Selector::parse("form[method=post]").unwrap();
    let secret = Selector::parse("input[name=csrf]").unwrap();
    for form in page.select(&forms) {
        assert!(form.select(&secret).next().is_some(), "{at} has a form without its secret");
    }
    let headings = Selector::parse("main h1").unwrap();
    assert!(page.select(&headings).count() == 1, "{at} has {} first headings", page.select(&headings).count());
    let words = seen.words();
    for word in words.split(|c: char| c.is_whitespace() || "，。：；（）、".contains(c)) {
        let pieces: Vec<&str> = word.split('-').collect();
        let key = pieces.len() > 2 && pieces.iter().all(|p| !p.is_empty() && p.chars().all(|c| c.is_ascii_lowercase()));
        assert!(!key, "{at} shows what looks like a key: {word}");
    }
    for shown in ["触达", "异常", "非法", "提交成功"] {
        assert!(!words.contains(shown), "{at} says {shown}");
    }
}

#[tokio::test]
async fn every_page_speaks_both_languages_to_every_role() {
    let whole = Whole::open().await;
    let paths = addresses(&whole);
    let mut shown = 0;
    for role in Role::ALL {
        let person = whole.world.role(*role);
        for lang in ["zh-CN", "en"] {
            speak(&whole, person, lang).await;
            let client = Client::of(whole.router.clone(), person);
            for path in &paths {
                let seen = client.get(path).await;
                let html = seen.headers.get("content-type").is_some_and(|t| t.as_bytes().starts_with(b"text/html"));
                if seen.status.is_success() && html {
                    if seen.text().contains("<html") {
                        check(path, *role, lang, &seen);
                    }
                    shown += 1;
                }
            }
        }
    }
    assert!(shown > 200, "only {shown} pages were shown");
}

#[tokio::test]
async fn every_role_has_a_first_page() {
    let whole = Whole::open().await;
    for role in Role::ALL {
        let client = Client::of(whole.router.clone(), whole.world.role(*role));
        let home = client.get("/").await.location.unwrap_or_default();
        assert_ne!(home, "/me", "{} has no home", role.code());
        let mut seen = client.get(&home).await;
        if let Some(further) = seen.location.clone() {
            seen = client.get(&further).await;
        }
        assert!(seen.status.is_success(), "{} at {home}: {}", role.code(), seen.status);
    }
}
