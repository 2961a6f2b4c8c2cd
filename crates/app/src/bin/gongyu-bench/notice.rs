//! A notice to many families against the bare insertion of the same rows; a confirmation against “hello”.

use super::load::{self, Measured, Requests};
use super::{Line, pages, place};
use anyhow::{Context, Result};
use gongyu_access::account::{self, NewAccount};
use gongyu_access::session::{self, Device};
use gongyu_access::{Actor, Hat, Prefs, Role, grant};
use gongyu_contact::notice::{Audience, Draft, Kind, fan_out, store};
use gongyu_kernel::Id;
use gongyu_registry::unit;
use gongyu_store::{Tx, Value, sql};
use gongyu_web::App;
use gongyu_web::request::SESSION_COOKIE;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Rows of three identifiers.
type Triples = Vec<(Id, Id, Id)>;

const CONNECTIONS: usize = 64;
const LENGTH: Duration = Duration::from_secs(5);
/// Guardians who confirm while it is measured; more than answers fit into the time.
const GUARDIANS: usize = 60_000;
/// Rows of one bare insertion, as in one chunk of the real thing.
const CHUNK: usize = 3_000;

/// Measures on both engines with a demo district of so many pupils.
pub fn measure(students: usize) -> Result<Vec<Line>> {
    let hello = pages::hello()?;
    eprintln!("bare hello: {hello:?}");
    let folder = tempfile::tempdir()?;
    let mut lines = one_engine(folder.path(), "", "SQLite", students, &hello)?;
    if let Ok(url) = std::env::var("GONGYU_BENCH_PG") {
        let folder = tempfile::tempdir()?;
        lines.extend(one_engine(folder.path(), &url, "PostgreSQL", students, &hello)?);
    }
    Ok(lines)
}

fn officer(app: &App) -> Result<Actor> {
    let found = app.db.read_wait(|r| {
        let district = unit::district(r)?;
        Ok((district.id, grant::holders(r, district.id, Role::DistrictOfficer)?))
    })?;
    let (unit, holders) = found;
    let (account, name, staff) = holders.into_iter().next().context("an officer")?;
    let hat = Hat { role: Role::DistrictOfficer, unit: Some(unit), unit_name: String::new(), grant: None };
    let prefs = Prefs::default();
    Ok(Actor { account, session: None, name, staff, guardian: None, hat, strong: true, must_change: false, prefs })
}

fn one_engine(folder: &Path, url: &str, engine: &str, students: usize, hello: &Measured) -> Result<Vec<Line>> {
    let (app, _) = place::with_demo(folder, url, students)?;
    let actor = officer(&app)?;
    let unit = actor.unit()?;
    let by = actor.clone();
    let began = Instant::now();
    let id = app.db.write_wait(move |tx| {
        let draft = Draft {
            kind: Kind::Confirm,
            title: "全区中小学生冬季安全提醒".to_owned(),
            body: "请看后确认。".to_owned(),
            audience: Audience { units: vec![unit], ..Audience::default() },
            ..Draft::default()
        };
        let (id, _) = store::create(tx, &by, &draft, false, "bench")?;
        let notice = store::find(tx, id)?;
        store::send(tx, &by, &notice, true)?;
        Ok(id)
    })?;
    let usable = began.elapsed().as_secs_f64();
    fan_out::run(&app.db, id)?;
    let ours = began.elapsed().as_secs_f64();
    let (bare, rows) = bare(&app, id)?;
    eprintln!("{engine} fan-out: {ours:.2} s, bare {bare:.2} s, {rows} rows, sent after {usable:.3} s");
    let audience = Audience { units: vec![unit], ..Audience::default() };
    let began = Instant::now();
    let preview = app.db.read_wait(move |r| store::preview(r, &actor, &audience))?;
    let preview_ms = began.elapsed().as_secs_f64() * 1000.0;
    let confirmed = confirm(&app, id)?;
    eprintln!("{engine} confirm: {confirmed:?}");
    anyhow::ensure!(confirmed.refused == 0, "{} confirmations were refused", confirmed.refused);
    let wrong = store::disagreements(&app.db)?;
    anyhow::ensure!(wrong.is_empty(), "counters: {}", wrong.join("; "));
    Ok(vec![
        Line {
            what: format!(
                "notice to {} families ({} children) written out, {rows} rows, {engine}",
                preview.families, preview.children
            ),
            ours: format!("{ours:.1} s; page usable after {usable:.2} s; preview {preview_ms:.0} ms"),
            limit: format!("{bare:.1} s bare bulk inserts of the same rows"),
            ratio: format!("{:.1} ×", ours / bare),
            aim: "≤ 3 ×",
        },
        Line {
            what: format!("notice confirmed (session, receipt, touch, reach, audit), durable, {engine}"),
            ours: format!("{:.0}/s, p99 {:.1} ms", confirmed.rate, confirmed.p99),
            limit: format!("{:.0}/s bare axum hello", hello.rate),
            ratio: format!("{:.1} %", confirmed.rate / hello.rate * 100.0),
            aim: if url.is_empty() { "≥ 10 %" } else { "≥ 2.5 %" },
        },
    ])
}

const CHILD: &[&str] = &["notice_id", "student_id", "school_id", "class_id", "state", "via", "changed_at"];
const RECEIPT: &[&str] = &["guardian_id", "notice_id", "student_id", "school_id", "state", "waits", "channel"];
const LETTER: &[&str] = &[
    "id",
    "kind",
    "source_id",
    "school_id",
    "guardian_id",
    "account_id",
    "student_id",
    "round",
    "urgent",
    "state",
    "due_at",
];

type Rows = Vec<Vec<Value<'static>>>;

/// The same rows once more under another notice's number, already in memory: seconds, and how many.
fn bare(app: &App, id: Id) -> Result<(f64, usize)> {
    let other = Id(id.0 + 1);
    let text = |t: &'static str| Value::Text(t.into());
    let (children, receipts): (Triples, Triples) = app.db.read_wait(move |r| {
        let children = r.rows(
            sql!("SELECT student_id, school_id, class_id FROM notice_child WHERE notice_id = $1 ORDER BY student_id"),
            &[&id],
        )?;
        let receipts = r.rows(
            sql!(
                "SELECT guardian_id, student_id, school_id FROM notice_receipt WHERE notice_id = $1
                  ORDER BY student_id, guardian_id"
            ),
            &[&id],
        )?;
        Ok((children, receipts))
    })?;
    let child: Rows = children
        .iter()
        .map(|(s, h, c)| {
            let ids = [other.0, s.0, h.0, c.0].map(Value::Int);
            ids.into_iter().chain([text("addressed"), text(""), Value::Int(1)]).collect()
        })
        .collect();
    let receipt: Rows = receipts
        .iter()
        .map(|(g, s, h)| {
            let ids = [g.0, other.0, s.0, h.0].map(Value::Int);
            ids.into_iter().chain([text("addressed"), Value::Bool(true), text("")]).collect()
        })
        .collect();
    let mut seen = std::collections::HashSet::new();
    let mut next = app.db.write_wait(|tx| Ok(tx.new_id()))?.0;
    let letter: Rows = receipts
        .iter()
        .filter(|(g, _, _)| seen.insert(*g))
        .map(|(g, s, h)| {
            next += 1;
            vec![
                Value::Int(next),
                text("notice"),
                Value::Int(other.0),
                Value::Int(h.0),
                Value::Int(g.0),
                Value::Null,
                Value::Int(s.0),
                Value::Int(0),
                Value::Bool(false),
                text("queued"),
                Value::Int(1),
            ]
        })
        .collect();
    let rows = child.len() + receipt.len() + letter.len();
    let began = Instant::now();
    // In the order in which the real thing writes, one transaction for as many rows.
    let steps = rows.div_ceil(CHUNK).max(1);
    let (child, receipt, letter) = (Arc::new(child), Arc::new(receipt), Arc::new(letter));
    for step in 0..steps {
        let (child, receipt, letter) = (child.clone(), receipt.clone(), letter.clone());
        app.db.write_wait(move |tx: &mut Tx| {
            tx.insert_many("notice_child", CHILD, part(&child, step, steps))?;
            tx.insert_many("notice_receipt", RECEIPT, part(&receipt, step, steps))?;
            tx.insert_many("dispatch", LETTER, part(&letter, step, steps))
        })?;
    }
    let seconds = began.elapsed().as_secs_f64();
    app.db.write_wait(move |tx| {
        tx.exec(sql!("DELETE FROM notice_child WHERE notice_id = $1"), &[&other])?;
        tx.exec(sql!("DELETE FROM notice_receipt WHERE notice_id = $1"), &[&other])?;
        tx.exec(sql!("DELETE FROM dispatch WHERE source_id = $1"), &[&other])
    })?;
    Ok((seconds, rows))
}

fn part<'a>(rows: &'a [Vec<Value<'static>>], step: usize, steps: usize) -> &'a [Vec<Value<'static>>] {
    &rows[rows.len() * step / steps..rows.len() * (step + 1) / steps]
}

/// A guardian with an open session: cookie and the secret of its forms.
pub(super) type Ready = (String, String);

/// Guardians who confirm one after another, each once.
fn confirm(app: &App, id: Id) -> Result<Measured> {
    let guardians: Vec<(Id, Option<Id>)> = app.db.read_wait(move |r| {
        r.rows(
            sql!(
                "SELECT MIN(o.guardian_id), MIN(a.id) FROM notice_child c
                  JOIN guardianship k ON k.student_id = c.student_id AND k.valid_to IS NULL
                  JOIN notice_receipt o ON o.guardian_id = k.guardian_id AND o.notice_id = c.notice_id
                        AND o.student_id = c.student_id
                  LEFT JOIN account a ON a.guardian_id = o.guardian_id
                  WHERE c.notice_id = $1 AND c.state = 'addressed' AND k.position = 1
                  GROUP BY o.guardian_id ORDER BY MIN(c.student_id) LIMIT $2"
            ),
            &[&id, &GUARDIANS],
        )
    })?;
    let mut ready: Vec<Ready> = Vec::with_capacity(guardians.len());
    for part in guardians.chunks(500) {
        let (part, own) = (part.to_vec(), app.clone());
        let opened: Vec<Ready> =
            app.db.write_wait(move |tx| part.iter().map(|one| opened(tx, &own, *one)).collect())?;
        ready.extend(opened);
    }
    anyhow::ensure!(ready.len() > CONNECTIONS, "too few guardians");
    let served = place::serve(gongyu::serve::router(app))?;
    let path = format!("/notices/{id}/confirm");
    let share = ready.len() / CONNECTIONS;
    let people = ready.len();
    let requests: Requests = Arc::new(move |connection, n| {
        // Neighbours are of one class: connections take them in turn, as parents of a class do.
        let at = (usize::try_from(n).unwrap_or(0) % share) * CONNECTIONS + connection;
        let (cookie, csrf) = &ready[at];
        load::post(&path, cookie, &format!("csrf={csrf}&from=home"))
    });
    let measured = load::run(served.at, CONNECTIONS, LENGTH, &requests)?;
    if measured.rate * 6.0 > people as f64 {
        eprintln!("only {people} guardians: some confirmed twice, which is cheaper");
    }
    Ok(measured)
}

pub(super) fn opened(tx: &mut Tx, app: &App, (guardian, account): (Id, Option<Id>)) -> gongyu_kernel::Result<Ready> {
    let account = match account {
        Some(account) => account,
        None => account::create(tx, &NewAccount { name: "家长", guardian: Some(guardian), ..NewAccount::default() })?,
    };
    let hat = Hat { role: Role::Guardian, unit: None, unit_name: String::new(), grant: None };
    let token = format!("bench-g-{account}");
    session::open_with(tx, &token, account, &hat, false, &Device::default())?;
    let csrf = session::find(tx, &token, app.lifetimes())?.map(|found| found.csrf).unwrap_or_default();
    Ok((format!("{SESSION_COOKIE}={token}"), csrf))
}
