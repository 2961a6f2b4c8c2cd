//! What lies on the desks of those who keep the roll and the log: the turn of this year done, a roster file that waits with
//! rows to mend, and a log with entries of the last days.

use super::dice::Dice;
use super::plan::Plan;
use super::{DemoOptions, roster};
use gongyu_access::Role;
use gongyu_kernel::{Id, Millis, Result};
use gongyu_registry::rollover;
use gongyu_registry::roster::class_label::ClassKey;
use gongyu_registry::roster::import;
use gongyu_registry::unit;
use gongyu_store::{audit, sql};
use gongyu_web::App;
use jiff::civil::date;
use std::collections::HashMap;

/// Its own stream of chance.
const PART: u64 = 8;
/// Days of the log.
const DAYS: i64 = 14;
/// People of whom the log tells.
const PEOPLE: i64 = 60;
/// The node and the sequence in an identifier.
const PLACE: i64 = (1 << 22) - 1;
/// Schools whose turn is written at once.
const SCHOOLS: usize = 100;

/// Leaves it.
pub(super) fn leave_some(app: &App, options: &DemoOptions, plan: &Plan, year: i16) -> Result<()> {
    turned(app, year)?;
    waiting_file(app, options, plan, year)?;
    entries(app, options.seed)
}

/// A class as the turn sees it: school, cohort, pupils.
type Line = (Id, String, i16, i64);

/// This year's turn of every school, done in the last days of August: as many classes as are in their first year now were
/// opened, and as many as are in their last now are taken to have gone before them.
fn turned(app: &App, year: i16) -> Result<()> {
    if rollover::due_year(app.clock().today()) != Some(year) {
        return Ok(());
    }
    let (lines, by): (Vec<Line>, Option<(Id,)>) = app.db.read_wait(|r| {
        let lines = r.rows(
            sql!(
                "SELECT u.school_id, u.stage, u.entry_year,
                         (SELECT COUNT(*) FROM student s WHERE s.class_id = u.id AND s.state = 'active')
                  FROM unit u WHERE u.kind = 'class' AND u.valid_to IS NULL"
            ),
            &[],
        )?;
        let by = sql!("SELECT account_id FROM role_grant WHERE role = 'district_admin' ORDER BY id LIMIT 1");
        Ok((lines, r.row(by, &[])?))
    })?;
    let Some((by,)) = by else { return Ok(()) };
    let mut of_school: HashMap<Id, (i64, i64, i64)> = HashMap::new();
    for (school, stage, entry_year, pupils) in &lines {
        let key = ClassKey::of_columns(Some(stage), Some(*entry_year), Some(1), None);
        let Some((key, grade)) = key.and_then(|key| Some((key, key.grade(year)?))) else { continue };
        let (opened, closed, graduated) = of_school.entry(*school).or_default();
        *opened += i64::from(grade == 1);
        if grade == key.stage.top_grade() {
            (*closed, *graduated) = (*closed + 1, *graduated + pupils);
        }
    }
    let mut schools: Vec<(Id, (i64, i64, i64))> = of_school.into_iter().collect();
    schools.sort_unstable();
    let decided = Millis::start_of(date(year, 8, 28)).plus_minutes(9 * 60 + 40);
    for chunk in schools.chunks(SCHOOLS) {
        let chunk = chunk.to_vec();
        app.db.write_wait(move |tx| {
            for (school, (opened, closed, graduated)) in &chunk {
                let (id, done) = (tx.new_id(), decided.plus_minutes(3));
                tx.exec(
                    sql!(
                        "INSERT INTO rollover (id, school_id, year_start, state, entrants, keep_teachers, decided_by,
                                                decided_at, done_at, classes_closed, pupils_graduated, classes_opened,
                                                teachers_ended)
                          VALUES ($1, $2, $3, 'done', '{}', $4, $5, $6, $7, $8, $9, $10, $8)"
                    ),
                    &[&id, school, &year, &true, &by, &decided, &done, closed, graduated, opened],
                )?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// A roster file that its school's registrar brought this morning.
fn waiting_file(app: &App, options: &DemoOptions, plan: &Plan, year: i16) -> Result<()> {
    let Some(first) = plan.schools.first() else { return Ok(()) };
    let code = first.code.clone();
    let found = app.db.read_wait(move |r| {
        let Some(school) = unit::by_code(r, unit::UnitKind::School, &code)? else { return Ok(None) };
        let by: Option<(Id,)> = r.row(
            sql!("SELECT account_id FROM role_grant WHERE role = 'registrar' AND unit_id = $1 ORDER BY id LIMIT 1"),
            &[&school.id],
        )?;
        Ok(Some((school.id, by.map(|(id,)| id))))
    })?;
    let Some((school, by)) = found else { return Ok(()) };
    let bytes = roster::to_mend(options, plan, app.clock().today(), year)?;
    import::stage_bytes(app, school, by, &format!("{}-学籍-{year}秋.xlsx", first.name), &bytes)?;
    Ok(())
}

/// What people did over the last days, as the log tells it.
fn entries(app: &App, seed: u64) -> Result<()> {
    let mut dice = Dice::of(seed, PART);
    let people: Vec<(Id, Role, Id)> = app.db.read_wait(|r| {
        r.rows(
            sql!(
                "SELECT account_id, role, unit_id FROM role_grant WHERE role <> 'guardian' AND valid_to IS NULL
                  ORDER BY CASE WHEN role = 'class_teacher' OR role = 'subject_teacher' THEN 1 ELSE 0 END, id LIMIT $1"
            ),
            &[&PEOPLE],
        )
    })?;
    let now = app.clock().now();
    let mut told: Vec<(Millis, usize, &'static str)> = Vec::new();
    for day in 0..DAYS {
        for (at, (_, role, _)) in people.iter().enumerate() {
            if !dice.chance(0.3) {
                continue;
            }
            let morning = Millis::start_of(now.date()).plus_days(-day).plus_minutes(dice.between(7 * 60 + 30, 17 * 60));
            told.push((morning, at, "sign-in.password"));
            if let Some(action) = usual(*role).filter(|_| dice.chance(0.5)) {
                told.push((morning.plus_minutes(dice.between(2, 40)), at, action));
            }
        }
    }
    told.retain(|(at, ..)| *at < now);
    told.sort_unstable();
    let lines: Vec<(Millis, (Id, Role, Id), &'static str)> =
        told.into_iter().map(|(at, who, action)| (at, people[who], action)).collect();
    app.db.write_wait(move |tx| {
        for (at, (account, role, unit), action) in &lines {
            let hat = format!("{}@{unit}", role.code());
            let (object_kind, object) =
                if *action == "sign-in.password" { ("account", Some(*account)) } else { ("unit", Some(*unit)) };
            // An identifier of that moment, as the log is searched by it.
            let id = Id(Id::first_at(*at).raw() | (tx.new_id().raw() & PLACE));
            tx.exec(
                sql!(
                    "INSERT INTO audit (id, at, account_id, hat, action, object_kind, object_id, school_id, detail, client)
                      VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, '{}', '10.8.0.21')"
                ),
                &[&id, at, account, &hat, action, &object_kind, &object],
            )?;
        }
        Ok(())
    })?;
    while app.db.write_wait(audit::seal)? > 0 {}
    Ok(())
}

/// What somebody of a role does most days besides looking.
const fn usual(role: Role) -> Option<&'static str> {
    match role {
        Role::Registrar => Some("roster.exported"),
        Role::DistrictAdmin => Some("org.codes-made"),
        _ => None,
    }
}
