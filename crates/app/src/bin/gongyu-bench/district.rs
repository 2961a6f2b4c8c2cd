//! The district's home with 10,000 classes: its time, and whether ten times the touches cost more.

use super::Line;
use super::load::{self, Requests};
use super::place;
use anyhow::{Context, Result};
use gongyu_access::Role;
use gongyu_kernel::Id;
use gongyu_ledger::reach;
use gongyu_store::{Tx, Value, sql};
use gongyu_web::App;
use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

const CLASSES: i64 = 10_000;
/// Touches written by one statement.
const ROWS_AT_ONCE: i64 = 50_000;
/// Weeks kept of every class, as at the end of a second school year.
const WEEKS: i64 = 80;

/// Measures with one and with ten million touches.
pub fn measure() -> Result<Vec<Line>> {
    let folder = tempfile::tempdir()?;
    let (app, accounts) = place::with_demo(folder.path(), "", 3_000)?;
    widen(&app)?;
    keep_weeks(&app)?;
    let officer = accounts.iter().find(|a| a.role == Role::DistrictOfficer).context("an officer")?.cookie.clone();
    let served = place::serve(gongyu::serve::router(&app))?;
    let requests: Requests = Arc::new(move |_, _| load::get("/district", &officer));
    let mut timed = Vec::new();
    for million in [1, 10] {
        fill_touches(&app, million * 1_000_000)?;
        let m = load::run(served.at, 2, Duration::from_secs(10), &requests)?;
        eprintln!("district page with {million} million touches: {m:?}");
        timed.push(m);
    }
    Ok(vec![Line {
        what: format!("district home, {CLASSES} classes, 10 million touches, 2 viewers"),
        ours: format!("p50 {:.1} ms, p99 {:.1} ms", timed[1].p50, timed[1].p99),
        limit: format!("p50 {:.1} ms with 1 million", timed[0].p50),
        ratio: format!("{:.2} ×", timed[1].p50 / timed[0].p50),
        aim: "p99 < 50 ms; ≤ 1.2 ×",
    }])
}

/// Schools and classes with their figures, enough for a large district; nobody stands behind them.
fn widen(app: &App) -> Result<()> {
    let towns: Vec<(Id, String)> = app.db.read_wait(|r| {
        r.rows(sql!("SELECT id, COALESCE(setting, 'urban') FROM unit WHERE kind = 'town' ORDER BY id"), &[])
    })?;
    for school in 0..CLASSES / 10 {
        let (town, setting) = towns[school as usize % towns.len()].clone();
        app.db.write_wait(move |tx| one_school(tx, school, town, &setting))?;
    }
    Ok(())
}

fn one_school(tx: &mut Tx, number: i64, town: Id, setting: &str) -> gongyu_kernel::Result<()> {
    let (school, now) = (tx.new_id(), tx.now());
    let name = format!("第{number}小学");
    let code = format!("98{number:08}");
    tx.exec(
        sql!(
            "INSERT INTO unit (id, kind, code, name, short_name, name_key, parent_id, town_id, school_id, school_kind,
                                setting, phone, address, valid_from, created_at)
              VALUES ($1, 'school', $2, $3, $3, $3, $4, $4, $1, 'primary', $5, '', '', '2020-09-01', $6)"
        ),
        &[&school, &code, &name, &town, &setting, &now],
    )?;
    let periods = gongyu_ledger::figures::present_periods(tx)?;
    let mut rows = Vec::new();
    for _ in 0..10 {
        let class = tx.new_id();
        for period in &periods {
            let mut row = vec![
                Value::Int(class.raw()),
                Value::Text(Cow::Borrowed(period)),
                Value::Int(school.raw()),
                Value::Int(town.raw()),
                Value::Text(Cow::Borrowed(setting)),
                Value::Int(45),
                Value::Int(4),
            ];
            row.extend([44, 43, 40, 20, 15, 38, 22, 40, 50, 20, 10].map(Value::Int));
            rows.push(row);
        }
    }
    tx.insert_many("class_reach", reach::CLASS_COLUMNS, &rows)
}

/// Weekly records of every class, so that the page's trend has to find its weeks among as many rows as in life.
fn keep_weeks(app: &App) -> Result<()> {
    gongyu_ledger::week::keep_week(&app.db)?;
    for back in 1..WEEKS {
        app.db.write_wait(move |tx| {
            let today = tx.today();
            let end = gongyu_ledger::week::week_end(today);
            let then = end.saturating_sub(jiff::Span::new().weeks(back));
            tx.exec(
                sql!(
                    "INSERT INTO class_week (class_id, week_end, semester, school_id, town_id, setting, entire, students,
                                              special, told, confirmed, talked, met, father, mother, visited, never, t_good,
                                              t_neutral, t_concern, t_complaint)
                      SELECT class_id, CAST($1 AS TEXT), semester, school_id, town_id, setting, entire, students, special, told,
                             confirmed, talked, met, father, mother, visited, never, t_good, t_neutral, t_concern,
                             t_complaint
                      FROM class_week WHERE week_end = $2 ON CONFLICT DO NOTHING"
                ),
                &[&then, &end],
            )?;
            gongyu_ledger::week::sum_units(tx, then, then)
        })?;
    }
    Ok(())
}

/// Touches of children nobody asks for, in the order of every index, so that ten million are written in a minute.
fn fill_touches(app: &App, wanted: i64) -> Result<()> {
    loop {
        let have: i64 = app.db.read_wait(|r| r.scalar(sql!("SELECT COUNT(*) FROM touch"), &[]))?;
        if have >= wanted {
            return Ok(());
        }
        for _ in 0..((wanted - have) / ROWS_AT_ONCE).clamp(1, 50) {
            app.db.write_wait(|tx| {
                let first = tx.new_id().raw();
                tx.exec(
                    sql!(
                        "INSERT INTO touch (id, school_id, class_id, student_id, source_kind, occurred_on, recorded_at,
                                             semester, kind, depth, channel, by_family, minutes)
                          SELECT CAST($1 AS BIGINT) + a.n, CAST($1 AS BIGINT), CAST($1 AS BIGINT), CAST($1 AS BIGINT) + a.n,
                                 'bench', '2024-10-10', 0, '2024-1', 'contact', 'talked', 'phone', b.f, 0
                          FROM (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < CAST($3 AS BIGINT))
                                SELECT n FROM c) a
                          CROSS JOIN (SELECT CAST($2 AS BOOLEAN) AS f) b"
                    ),
                    &[&first, &false, &ROWS_AT_ONCE],
                )?;
                Ok(())
            })?;
        }
    }
}
