//! The guardian's home against the same bytes from memory; a logged contact against “hello”.

use super::Line;
use super::load::{self, Measured, Requests};
use super::place;
use anyhow::{Context, Result};
use axum::Router;
use axum::http::header;
use axum::routing::get;
use gongyu_access::Role;
use gongyu_access::session::{self, Device};
use gongyu_kernel::Id;
use gongyu_store::sql;
use gongyu_web::App;
use gongyu_web::request::SESSION_COOKIE;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const CONNECTIONS: usize = 64;
const LENGTH: Duration = Duration::from_secs(8);

/// What axum answers when nothing is asked of it.
pub fn hello() -> Result<Measured> {
    let served = place::serve(Router::new().route("/", get(|| async { "hello" })))?;
    let requests: Requests = Arc::new(|_, _| load::get("/", ""));
    load::run(served.at, CONNECTIONS, LENGTH, &requests)
}

fn same_bytes(page: String) -> Result<Measured> {
    let bytes = axum::body::Bytes::from(page);
    let router = Router::new().route(
        "/",
        get(move || {
            let bytes = bytes.clone();
            async move { ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], bytes) }
        }),
    );
    let served = place::serve(router)?;
    let requests: Requests = Arc::new(|_, _| load::get("/", ""));
    load::run(served.at, CONNECTIONS, LENGTH, &requests)
}

/// Measures both engines, or the one named.
pub fn measure(students: usize, engine: Option<&str>) -> Result<Vec<Line>> {
    let wanted = |name: &str| engine.is_none_or(|e| e == name);
    let hello = hello()?;
    eprintln!("bare hello: {hello:?}");
    let mut lines = Vec::new();
    if wanted("sqlite") {
        let folder = tempfile::tempdir()?;
        lines.extend(one_engine(folder.path(), "", "SQLite", students, &hello)?);
    }
    if let Ok(url) = std::env::var("GONGYU_BENCH_PG")
        && wanted("postgres")
    {
        let folder = tempfile::tempdir()?;
        lines.extend(one_engine(folder.path(), &url, "PostgreSQL", students, &hello)?);
    }
    Ok(lines)
}

/// A class teacher at work.
struct Desk {
    cookie: String,
    csrf: String,
    children: Vec<Id>,
}

/// One class teacher for every connection.
fn desks(app: &App, at: std::net::SocketAddr) -> Result<Vec<Desk>> {
    let opened: Vec<(String, Vec<Id>)> = app.db.write_wait(|tx| {
        let teachers: Vec<(Id, Id)> = tx.rows(
            sql!(
                "SELECT g.account_id, g.unit_id FROM role_grant g
                  WHERE g.role = 'class_teacher' AND g.valid_to IS NULL
                    AND EXISTS (SELECT 1 FROM student s WHERE s.class_id = g.unit_id AND s.state = 'active')
                  ORDER BY g.id LIMIT $1"
            ),
            &[&CONNECTIONS],
        )?;
        let mut out = Vec::new();
        for (account, class) in teachers {
            let hats = session::hats(tx, account)?;
            let Some(hat) = hats.iter().find(|h| h.unit == Some(class)) else { continue };
            let token = format!("bench-{account}-{class}");
            session::open_with(tx, &token, account, hat, true, &Device::default())?;
            let children: Vec<(Id,)> = tx
                .rows(sql!("SELECT id FROM student WHERE class_id = $1 AND state = 'active' ORDER BY id"), &[&class])?;
            out.push((token, children.into_iter().map(|(id,)| id).collect()));
        }
        Ok(out)
    })?;
    opened
        .into_iter()
        .map(|(token, children)| {
            let cookie = format!("{SESSION_COOKIE}={token}");
            let csrf = place::secret(&place::fetch(at, "/class", &cookie)?)?;
            Ok(Desk { cookie, csrf, children })
        })
        .collect()
}

fn one_engine(
    folder: &std::path::Path,
    url: &str,
    engine: &str,
    students: usize,
    hello: &Measured,
) -> Result<Vec<Line>> {
    let (app, accounts) = place::with_demo(folder, url, students)?;
    let served = place::serve(gongyu::serve::router(&app))?;
    let guardian = accounts.iter().find(|a| a.role == Role::Guardian).context("a guardian")?.cookie.clone();
    let page = place::fetch(served.at, "/home", &guardian)?;
    let size = page.len();
    let requests: Requests = Arc::new(move |_, _| load::get("/home", &guardian));
    let home = load::run(served.at, CONNECTIONS, LENGTH, &requests)?;
    eprintln!("{engine} guardian home ({size} bytes): {home:?}");
    let bytes = same_bytes(page)?;
    eprintln!("the same bytes from memory: {bytes:?}");

    let desks = desks(&app, served.at)?;
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let requests: Requests = Arc::new(move |connection, _| {
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let desk = &desks[connection % desks.len()];
        let child = desk.children[(n as usize) % desk.children.len()];
        let body = format!("csrf={}&child={child}&channel=phone&tone=good&key=bench-{n}", desk.csrf);
        load::post("/contacts", &desk.cookie, &body)
    });
    let contact = load::run(served.at, CONNECTIONS, LENGTH, &requests)?;
    eprintln!("{engine} contact: {contact:?}");
    for line in gongyu::metrics::render().lines().filter(|l| l.starts_with("gongyu_db_") && !l.contains("_bucket")) {
        eprintln!("  {line}");
    }
    anyhow::ensure!(contact.refused == 0, "{} contacts were refused", contact.refused);
    let ratio = |a: f64, b: f64| format!("{:.1} %", a / b * 100.0);
    Ok(vec![
        Line {
            what: format!("guardian home, signed in, complete HTML, {engine}"),
            ours: home.text(),
            limit: format!("{:.0}/s the same {size} bytes from memory", bytes.rate),
            ratio: ratio(home.rate, bytes.rate),
            aim: "≥ 25 %",
        },
        Line {
            what: format!("contact logged, durable, {engine}"),
            ours: contact.text(),
            limit: format!("{:.0}/s bare axum hello", hello.rate),
            ratio: ratio(contact.rate, hello.rate),
            aim: if url.is_empty() { "≥ 10 %" } else { "≥ 2.5 %" },
        },
    ])
}
