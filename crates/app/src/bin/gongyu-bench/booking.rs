//! Places of an open day: 300 at the same instant, and 2,000 guardians in the first minute for 200 places over the
//! pages; beside it as many bare inserts, each in a transaction of its own.

use super::load;
use super::notice::opened;
use super::{Line, place};
use anyhow::{Context, Result};
use gongyu_access::Role;
use gongyu_access::grant;
use gongyu_contact::open_day::book::FAMILY;
use gongyu_contact::open_day::model::{Kind, NewOpenDay, NewSession};
use gongyu_contact::open_day::{sessions, store};
use gongyu_kernel::{Id, Millis};
use gongyu_parts::booking::{self, Holder, IfFull, Outcome, Span, Use, Wish, pool, take};
use gongyu_registry::unit;
use gongyu_store::{Db, sql};
use gongyu_web::request::FLASH_COOKIE;
use gongyu_web::{App, Flash};
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Who come at the same instant.
const AT_ONCE: usize = 300;
/// Guardians of the first minute, and the places they want.
const GUARDIANS: usize = 2_000;
const PLACES: i64 = 200;
const MINUTE: Duration = Duration::from_secs(60);

/// Measures on both engines.
pub fn measure() -> Result<Vec<Line>> {
    let folder = tempfile::tempdir()?;
    let mut lines = one_engine(folder.path(), "", "SQLite")?;
    if let Ok(url) = std::env::var("GONGYU_BENCH_PG") {
        let folder = tempfile::tempdir()?;
        lines.extend(one_engine(folder.path(), &url, "PostgreSQL")?);
    }
    Ok(lines)
}

fn one_engine(folder: &Path, url: &str, engine: &str) -> Result<Vec<Line>> {
    let (app, _) = place::with_demo(folder, url, 4_000)?;
    let runtime = tokio::runtime::Runtime::new()?;
    // Once before, so that statements are prepared as they are in a running product.
    runtime.block_on(instant(&app.db, 1))?;
    let (settled, got) = runtime.block_on(instant(&app.db, 2))?;
    anyhow::ensure!(got == PLACES as usize, "{got} got one of {PLACES} places");
    let bare = runtime.block_on(bare(&app.db))?;
    eprintln!("{engine} at once: {settled:.3} s, bare {bare:.3} s");
    let rush = rush(&app, &runtime)?;
    let wrong = app.db.read_wait(pool::disagreements)?;
    anyhow::ensure!(wrong.is_empty(), "quotas: {}", wrong.join("; "));
    Ok(vec![
        Line {
            what: format!("{AT_ONCE} at the same instant for {PLACES} places, all settled, durable, {engine}"),
            ours: format!("{settled:.2} s"),
            limit: format!("{bare:.2} s bare inserts, a transaction each"),
            ratio: format!("{:.1} ×", settled / bare),
            aim: "≤ 0.5 s",
        },
        Line {
            what: format!("{GUARDIANS} guardians in the first minute for {PLACES} places, over the pages, {engine}"),
            ours: format!("{} got places; p99 {:.0} ms, longest {:.0} ms", rush.got, rush.p99, rush.most),
            limit: format!("{} came before the last who got one and got none", rush.overtaken),
            ratio: String::new(),
            aim: "exactly 200, in order, p99 < 1 s",
        },
    ])
}

/// A pool of its own, and everybody at once: seconds until all know, and how many got a place.
async fn instant(db: &Db, n: i64) -> Result<(f64, usize)> {
    let (pool, quotas) = db
        .write(move |tx| {
            let rules = pool::Rules { offer_minutes: 60, passes: true, serving: true };
            let (pool, _) = pool::open(tx, ("bench", Id(n)), rules)?;
            let (all, _) = pool::set_quota(tx, pool, ("all", Id(0)), 10_000, 0)?;
            let (session, _) = pool::set_quota(tx, pool, ("session", Id(n)), PLACES, 3)?;
            Ok((pool, [all, session]))
        })
        .await?;
    let began = Instant::now();
    let tasks: Vec<_> = (0..AT_ONCE as i64)
        .map(|family| {
            let wish = Wish {
                pool,
                slot: Id(n),
                holder: Holder { kind: FAMILY, id: Id(n * 10_000 + family) },
                seats: 1,
                uses: quotas.iter().map(|q| Use { quota: *q, seats: 1 }).collect(),
                persons: vec![Id(n * 1_000_000 + family)],
                span: Span { from: Millis(n), to: Millis(n + 1) },
                account: Some(Id(family)),
                client_key: Some(format!("bench-{n}")),
            };
            let db = db.clone();
            tokio::spawn(async move { db.write(move |tx| take::take(tx, &wish, IfFull::Tell)).await })
        })
        .collect();
    let mut got = 0;
    for task in tasks {
        got += usize::from(matches!(task.await??, Outcome::Booked(_)));
    }
    Ok((began.elapsed().as_secs_f64(), got))
}

/// As many rows of a booking alone, each in a transaction of its own.
async fn bare(db: &Db) -> Result<f64> {
    let began = Instant::now();
    let tasks: Vec<_> = (0..AT_ONCE as i64)
        .map(|n| {
            let db = db.clone();
            tokio::spawn(async move {
                db.write(move |tx| {
                    let id = tx.new_id();
                    tx.exec(
                        sql!("INSERT INTO booking_use (booking_id, quota_id, seats) VALUES ($1, $2, 1)"),
                        &[&id, &Id(-n - 1)],
                    )
                })
                .await
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    let seconds = began.elapsed().as_secs_f64();
    db.write(|tx| tx.exec(sql!("DELETE FROM booking_use WHERE quota_id < 0"), &[])).await?;
    Ok(seconds)
}

struct Rush {
    got: usize,
    p99: f64,
    most: f64,
    overtaken: usize,
}

/// The guardians of the demo book over the pages, more of them in the first seconds.
fn rush(app: &App, runtime: &tokio::runtime::Runtime) -> Result<Rush> {
    let (day, session, people) = stage(app)?;
    let served = place::serve(gongyu::serve::router(app))?;
    let n = people.len();
    let done: Vec<Sent> = runtime.block_on(async {
        let begin = Instant::now();
        let tasks: Vec<_> = people
            .into_iter()
            .enumerate()
            .map(|(at, one)| {
                // The square of the share: half of them within the first quarter of the minute.
                let share = at as f64 / n as f64;
                let when = begin + MINUTE.mul_f64(share * share);
                tokio::spawn(send(served.at, when, day, session, one))
            })
            .collect();
        let mut done = Vec::with_capacity(n);
        for task in tasks {
            done.push(task.await??);
        }
        anyhow::Ok(done)
    })?;
    let got = done.iter().filter(|s| s.got).count();
    anyhow::ensure!(got as i64 == PLACES, "{got} got one of {PLACES} places");
    let last = done.iter().filter(|s| s.got).map(|s| s.at).max().context("somebody")?;
    let mut took: Vec<f64> = done.iter().map(|s| s.took).collect();
    took.sort_unstable_by(f64::total_cmp);
    Ok(Rush {
        got,
        p99: took[took.len() * 99 / 100],
        most: took.last().copied().unwrap_or(0.0),
        overtaken: done.iter().filter(|s| !s.got && s.at < last).count(),
    })
}

/// Cookie, the secret of the forms, a child.
type Ready = ((String, String), Id);

/// An open day for the whole district, so that there are enough guardians, each with a session.
fn stage(app: &App) -> Result<(Id, Id, Vec<Ready>)> {
    let today = app.clock().today();
    let day = today.saturating_add(jiff::Span::new().days(30));
    let (id, session) = app.db.write_wait(move |tx| {
        let school = unit::schools(tx, None)?.into_iter().next().ok_or(gongyu_kernel::Error::NotFound)?;
        let by = grant::holders(tx, school.id, Role::SchoolLeader)?.first().map_or(Id(1), |h| h.0);
        let new = NewOpenDay {
            title: "开放日".to_owned(),
            intro: String::new(),
            place: String::new(),
            day,
            capacity: 0,
            per_family: 3,
            per_class: 0,
            opens_at: tx.now().plus_minutes(-1),
            closes_at: Millis::start_of(day),
            offer_minutes: 60,
            passes: true,
            classes: Vec::new(),
            questions: String::new(),
        };
        let (id, _) = store::create(tx, school.id, &new, by, "bench")?;
        let open = store::find(tx, id)?;
        let session = NewSession {
            kind: Kind::Lesson,
            title: "公开课".to_owned(),
            place: String::new(),
            teacher: None,
            starts_at: Millis::start_of(day).plus_minutes(540),
            ends_at: Millis::start_of(day).plus_minutes(600),
            capacity: PLACES,
        };
        let session = sessions::add(tx, &open, &session)?;
        store::publish(tx, &open)?;
        tx.exec(
            sql!(
                "INSERT INTO open_day_class (open_day_id, class_id, school_id)
                  SELECT CAST($1 AS BIGINT), u.id, u.school_id FROM unit u WHERE u.kind = 'class'
                   ON CONFLICT DO NOTHING"
            ),
            &[&id],
        )?;
        Ok((id, session))
    })?;
    let families: Vec<(Id, Id, Option<Id>)> = app.db.read_wait(move |r| {
        r.rows(
            sql!(
                "SELECT k.guardian_id, MIN(s.id), MIN(a.id) FROM student s
                  JOIN guardianship k ON k.student_id = s.id AND k.position = 1 AND k.valid_to IS NULL
                   AND k.may_receive AND NOT k.restricted
                  LEFT JOIN account a ON a.guardian_id = k.guardian_id
                  WHERE s.state = 'active' AND s.class_id IS NOT NULL
                  GROUP BY k.guardian_id ORDER BY k.guardian_id LIMIT $1"
            ),
            &[&GUARDIANS],
        )
    })?;
    let mut ready = Vec::with_capacity(families.len());
    for part in families.chunks(200) {
        let (part, own) = (part.to_vec(), app.clone());
        let opened: Vec<Ready> = app.db.write_wait(move |tx| {
            part.iter().map(|(g, child, account)| Ok((opened(tx, &own, (*g, *account))?, *child))).collect()
        })?;
        ready.extend(opened);
    }
    anyhow::ensure!(ready.len() == GUARDIANS, "only {} guardians", ready.len());
    let session_quota = app.db.read_wait(move |r| {
        let pool = store::pool_of(r, id)?.ok_or(gongyu_kernel::Error::NotFound)?;
        Ok(pool::availability(r, &[pool])?.into_iter().any(|q| q.kind == "session" && q.capacity == PLACES))
    })?;
    anyhow::ensure!(session_quota, "the session has its places");
    anyhow::ensure!(app.db.read_wait(move |r| booking::by_slot(r, &[id]))?.is_empty(), "nobody booked yet");
    Ok((id, session, ready))
}

struct Sent {
    at: Instant,
    took: f64,
    got: bool,
}

async fn send(to: SocketAddr, when: Instant, day: Id, session: Id, one: Ready) -> Result<Sent> {
    let ((cookie, csrf), child) = one;
    tokio::time::sleep_until(when.into()).await;
    let mut stream = tokio::net::TcpStream::connect(to).await?;
    let body = format!("csrf={csrf}&session={session}&about={child}&adults=1&wait=1&key=bench");
    let at = Instant::now();
    stream.write_all(&load::post(&format!("/family/open-days/{day}"), &cookie, &body)).await?;
    let mut head = vec![0u8; 64 * 1024];
    let n = stream.read(&mut head).await?;
    let took = at.elapsed().as_secs_f64() * 1000.0;
    let text = String::from_utf8_lossy(&head[..n]).into_owned();
    anyhow::ensure!(text.starts_with("HTTP/1.1 303"), "{}", text.lines().next().unwrap_or_default());
    // The message of the answer says which it was; it lies in a cookie.
    let mark = format!("{FLASH_COOKIE}=");
    let cookie = text.split(&mark).nth(1).and_then(|rest| rest.split([';', '\r']).next()).unwrap_or_default();
    let got = Flash::from_cookie(cookie).is_some_and(|flash| flash.code().key == "open-booked-now");
    Ok(Sent { at, took, got })
}
