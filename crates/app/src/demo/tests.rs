//! The promises of the demo, on a small district.

mod asked;

use super::*;
use gongyu_access::{Role, password, session};
use gongyu_kernel::config::Config;
use gongyu_kernel::i18n::Catalogue;
use gongyu_kernel::random::Random;
use gongyu_kernel::{Clock, Id, Millis};
use gongyu_registry::people;
use gongyu_registry::roster::id_number::ResidentId;
use gongyu_store::blob::Blobs;
use gongyu_store::{Db, Migration, Options, Replication, settings, sql};
use gongyu_vault::Vault;
use gongyu_web::Settings;
use jiff::civil::date;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

const STUDENTS: usize = 600;

struct World {
    app: App,
    report: DemoReport,
    _folder: tempfile::TempDir,
}

fn made() -> World {
    made_in(String::new())
}

fn made_in(url: String) -> World {
    let folder = tempfile::tempdir().unwrap();
    let noon = Millis::start_of(date(2026, 11, 23)).plus_minutes(12 * 60);
    let clock = Clock::from_source(Arc::new(gongyu_kernel::clock::FixedClock::new(noon)));
    let steps: Vec<Migration> = crate::features::features().iter().flat_map(|f| f.migrations).copied().collect();
    let options =
        Options { file: folder.path().join("demo.db"), url, readers: 2, replication: Replication::default(), clock };
    let random = Random::seeded(5);
    let app = App::new(Settings {
        db: Db::open(options, &steps).unwrap(),
        vault: Vault::ephemeral(random.clone()).unwrap(),
        blobs: Blobs::open(&folder.path().join("blobs")).unwrap(),
        config: Config { data: folder.path().to_owned(), demo: true, ..Config::default() },
        catalogue: Arc::new(Catalogue::build(&[]).unwrap()),
        random,
        features: Vec::new(),
    });
    let report = build(&app, &DemoOptions { students: STUDENTS, ..DemoOptions::default() }).unwrap();
    World { app, report, _folder: folder }
}

fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(made)
}

type Pupils = Vec<(String, String, i64)>;
type Weeks = Vec<(String, String, i64, i64)>;

/// Figures and people in which two districts of one seed must agree.
fn picture(app: &App) -> (Pupils, Weeks) {
    app.db
        .read_wait(|r| {
            let people = r.rows(
                sql!(
                    "SELECT s.name, s.birth_date, COUNT(t.id) FROM student s LEFT JOIN touch t ON t.student_id = s.id
                      GROUP BY s.id, s.name, s.birth_date ORDER BY s.name, s.birth_date, 3"
                ),
                &[],
            )?;
            let weeks = r.rows(
                sql!(
                    "SELECT week_end, setting, CAST(SUM(confirmed) AS BIGINT), CAST(SUM(never) AS BIGINT)
                      FROM class_week GROUP BY week_end, setting ORDER BY week_end, setting"
                ),
                &[],
            )?;
            Ok((people, weeks))
        })
        .unwrap()
}

#[test]
fn the_same_seed_makes_the_same_people_and_figures() {
    let again = made();
    assert_eq!(picture(&world().app), picture(&again.app));
    assert_eq!(world().report.touches, again.report.touches);
}

#[test]
fn the_same_district_is_built_on_postgresql() {
    let database = gongyu_testkit::postgres::TestPg::fresh_database();
    let there = made_in(database.as_str().to_owned());
    let (here, there_too) = (picture(&world().app), picture(&there.app));
    assert_eq!((here.0.len(), here.1), (there_too.0.len(), there_too.1));
    assert_eq!(world().report.touches, there.report.touches);
}

#[test]
fn every_counter_agrees_with_a_recount_from_the_ledger() {
    let app = &world().app;
    assert_eq!(gongyu_ledger::reach::disagreements(&app.db).unwrap(), Vec::<String>::new());
    let duties = |app: &App| -> Vec<(String, String, Id, i64)> {
        app.db
            .read_wait(|r| {
                r.rows(
                    sql!("SELECT rule, period, class_id, met FROM duty_class WHERE met > 0 ORDER BY rule, period, class_id"),
                    &[],
                )
            })
            .unwrap()
    };
    let again = made();
    let before = duties(&again.app);
    gongyu_ledger::reach::rebuild_all(&again.app.db).unwrap();
    assert!(!before.is_empty());
    assert_eq!(before, duties(&again.app));
}

#[test]
fn every_role_has_somebody_who_can_sign_in() {
    let World { app, report, .. } = world();
    let roles: BTreeSet<Role> = report.accounts.iter().map(|a| a.role).collect();
    assert_eq!(roles, Role::ALL.iter().copied().collect());
    let life = app.lifetimes();
    for account in report.accounts.clone() {
        let token = account.cookie.strip_prefix("gy_session=").unwrap().to_owned();
        let found = app.db.read_wait(move |r| session::find(r, &token, life)).unwrap().unwrap();
        assert_eq!(found.actor.hat.role, account.role);
        if account.role == Role::Guardian {
            assert!(account.password.is_empty() && account.user.starts_with("1990"));
        }
    }
    let login = report.accounts.iter().find(|a| a.role == Role::ClassTeacher).unwrap();
    let user = login.user.clone();
    let known = app.db.read_wait(move |r| gongyu_access::account::by_login(r, &user)).unwrap().unwrap();
    assert!(password::fits(&login.password, &known.password_hash.unwrap()));
    let file = std::fs::read(app.config.data.join("accounts.json")).unwrap();
    let listed: Vec<Account> = serde_json::from_slice(&file).unwrap();
    assert_eq!(listed.len(), report.accounts.len());
    let set: Vec<serde_json::Value> = app.db.read_wait(|r| settings::get_or_default(r, "demo-accounts")).unwrap();
    assert_eq!(set.len(), listed.len());
}

#[test]
fn the_first_class_teacher_has_three_families_never_reached_and_the_first_guardian_two_children() {
    let World { app, report, .. } = world();
    let first = |role: Role| report.accounts.iter().find(|a| a.role == role).unwrap();
    let token = |role: Role| first(role).cookie.strip_prefix("gy_session=").unwrap().to_owned();
    let (teacher, guardian, life) = (token(Role::ClassTeacher), token(Role::Guardian), app.lifetimes());
    app.db
        .read_wait(move |r| {
            let class = session::find(r, &teacher, life)?.unwrap().actor.unit()?;
            let semester = year::semester_of(r, date(2026, 11, 23))?;
            let found = gongyu_ledger::figures::of_class(r, semester, class)?;
            assert_eq!(found.never(), 3);
            let guardian = session::find(r, &guardian, life)?.unwrap().actor.guardian.unwrap();
            let children = people::children_of(r, guardian)?;
            assert_eq!(children.len(), 2);
            assert_ne!(children[0].school, children[1].school);
            Ok(())
        })
        .unwrap();
}

#[test]
fn somebody_is_a_teacher_and_a_parent() {
    let two: i64 = world()
        .app
        .db
        .read_wait(|r| {
            r.scalar(sql!("SELECT COUNT(*) FROM account WHERE staff_id IS NOT NULL AND guardian_id IS NOT NULL"), &[])
        })
        .unwrap();
    assert!(two > 3, "{two}");
}

#[test]
fn every_identity_number_is_valid_and_what_was_sealed_opens() {
    let app = &world().app;
    let vault = app.vault.clone();
    app.db
        .read_wait(move |r| {
            let pupils: Vec<(Id, gongyu_kernel::Date)> = r.rows(sql!("SELECT id, birth_date FROM student"), &[])?;
            assert!(pupils.len() >= STUDENTS);
            for (id, birth) in pupils {
                let details = people::student_details(r, &vault, id)?;
                let number = ResidentId::parse(&details.id_number).unwrap();
                assert_eq!(number.birth_date(), birth);
                assert_eq!(details.roll_number, format!("G{}", details.id_number));
            }
            let guardians: Vec<(Id, bool)> = r.rows(sql!("SELECT id, phone_blind IS NOT NULL FROM guardian"), &[])?;
            for (id, known) in guardians {
                let phone = people::phone_of(r, &vault, id)?;
                assert_eq!(phone.is_some(), known);
                assert!(phone.is_none_or(|p| p.starts_with("1990") && p.len() == 11));
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn nobody_bears_the_name_of_a_person_of_the_letter() {
    let names: Vec<(String,)> = world()
        .app
        .db
        .read_wait(|r| {
            r.rows(sql!("SELECT name FROM student UNION SELECT name FROM guardian UNION SELECT name FROM staff"), &[])
        })
        .unwrap();
    assert!(names.iter().all(|(name,)| !names::kept_out(name)));
}

#[test]
fn the_unevenness_is_that_of_real_life() {
    let app = &world().app;
    let (mothers, fathers): (i64, i64) = app
        .db
        .read_wait(|r| {
            r.one(
                sql!("SELECT COUNT(CASE WHEN relation = 'mother' THEN 1 END), COUNT(CASE WHEN relation = 'father' THEN 1 END)
                      FROM touch WHERE depth <> 'told'"),
                &[],
            )
        })
        .unwrap();
    assert!((2..=4).contains(&(mothers / fathers)), "{mothers} to {fathers}");
    let share = world().report.never_reached as f64 / STUDENTS as f64;
    assert!((0.008..0.06).contains(&share), "{share}");
}

#[test]
fn a_second_district_is_refused() {
    let refused = build(&world().app, &DemoOptions::default());
    assert!(matches!(refused, Err(Error::Conflict(_))));
}

#[test]
fn roster_files_hold_the_people_of_the_district() {
    let folder = tempfile::tempdir().unwrap();
    let options = DemoOptions { students: STUDENTS, ..DemoOptions::default() };
    let files = roster_files(&options, date(2026, 11, 23), folder.path()).unwrap();
    for file in [&files.district, &files.school, &files.school_to_mend] {
        assert!(std::fs::metadata(file).unwrap().len() > 2_000);
    }
    let plan = Plan::draw(options.seed, STUDENTS, 2026);
    let mut people = roster::people_of(&options, &plan, date(2026, 11, 23));
    let written: BTreeSet<String> = plan.schools.iter().flat_map(|s| people.names_of(s)).collect();
    let kept: Vec<(String,)> =
        world().app.db.read_wait(|r| r.rows(sql!("SELECT name FROM student WHERE state = 'active'"), &[])).unwrap();
    assert_eq!(written, kept.into_iter().map(|(name,)| name).collect());
}

#[test]
fn every_visit_of_this_year_in_the_ledger_has_its_record_and_opens() {
    let app = &world().app;
    let year = gongyu_kernel::calendar::SchoolYear { start: 2026 }.code();
    let (touches, visits, recorded): (i64, i64, i64) = app
        .db
        .read_wait(|r| {
            r.one(
                sql!(
                    "SELECT COUNT(*), COUNT(v.id), COUNT(v.recorded_at) FROM touch t
                      LEFT JOIN visit v ON v.id = t.source_id AND t.source_kind = 'visit'
                      WHERE t.kind = 'visit' AND t.reverses_id IS NULL AND t.occurred_on >= '2026-09-01'"
                ),
                &[],
            )
        })
        .unwrap();
    assert!(touches > 100, "{touches}");
    // A child who moved away leaves its touches and, in the class that is shown, no visit of its own.
    assert!(visits * 100 >= touches * 98 && visits == recorded, "{visits} of {touches}");
    let vault = app.vault.clone();
    let record = app
        .db
        .read_wait(move |r| {
            let some: Id = r.scalar(
                sql!("SELECT id FROM visit WHERE state = 'done' AND school_year = $1 ORDER BY id LIMIT 1"),
                &[&year],
            )?;
            gongyu_contact::visit::store::record_of(r, &vault, some)
        })
        .unwrap();
    assert!(record.is_complete());
}

#[test]
fn what_the_notices_count_stands_in_the_ledger() {
    let (confirmed, touched): (i64, i64) = world()
        .app
        .db
        .read_wait(|r| {
            r.one(
                sql!(
                    "SELECT COUNT(*), COUNT(t.id) FROM notice_child c
                      LEFT JOIN touch t ON t.source_kind = 'notice' AND t.source_id = c.notice_id
                           AND t.student_id = c.student_id AND t.depth = 'confirmed'
                      WHERE c.state = 'confirmed'"
                ),
                &[],
            )
        })
        .unwrap();
    assert!(confirmed > 100);
    assert_eq!(confirmed, touched);
}

#[test]
fn notices_stand_in_every_state_and_their_counters_agree() {
    let app = &world().app;
    assert_eq!(gongyu_contact::notice::store::disagreements(&app.db).unwrap(), Vec::<String>::new());
    let states: Vec<(String,)> =
        app.db.read_wait(|r| r.rows(sql!("SELECT DISTINCT state FROM notice ORDER BY state"), &[])).unwrap();
    let states: Vec<&str> = states.iter().map(|(s,)| s.as_str()).collect();
    assert_eq!(states, ["draft", "recalled", "scheduled", "sent"]);
    let waiting: i64 = app
        .db
        .read_wait(|r| r.scalar(sql!("SELECT COUNT(*) FROM dispatch WHERE state = 'queued' AND kind = 'notice'"), &[]))
        .unwrap();
    assert_eq!(waiting, 0, "a demo that starts sends no notice");
}

#[test]
fn the_districts_own_roster_file_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let options = DemoOptions { students: STUDENTS, ..DemoOptions::default() };
    let files = roster_files(&options, date(2026, 11, 23), folder.path()).unwrap();
    let World { app, .. } = world();
    let lang = gongyu_kernel::i18n::Lang::Zh;
    let report = gongyu_registry::roster::import::import_files(app, &[files.district], None, true, true, lang).unwrap();
    let counts = (report.added, report.changed, report.moved, report.left, report.problems.len());
    assert_eq!((counts, report.unchanged), ((0, 0, 0, 0, 0), STUDENTS as i64), "{:?}", report.problems.first());
}

#[test]
fn a_file_waits_to_be_mended_the_year_has_turned_and_the_log_tells_of_the_last_days() {
    let app = &world().app;
    let (waiting, unwritten, turned, open, entries, days): (i64, i64, i64, i64, i64, i64) = app
        .db
        .read_wait(|r| {
            r.one(
                sql!(
                    "SELECT (SELECT CAST(SUM(refused + asked) AS BIGINT) FROM import_batch WHERE state = 'preview'),
                             (SELECT CAST(SUM(added + changed + moved) AS BIGINT) FROM import_batch WHERE state = 'preview'),
                             (SELECT COUNT(*) FROM rollover WHERE state = 'done' AND year_start = 2026),
                             (SELECT COUNT(*) FROM unit WHERE kind = 'school' AND valid_to IS NULL),
                             (SELECT COUNT(*) FROM audit WHERE sealed_in IS NOT NULL),
                             (SELECT COUNT(DISTINCT at / 86400000) FROM audit)"
                ),
                &[],
            )
        })
        .unwrap();
    assert!(waiting > 0, "rows to mend");
    assert_eq!(unwritten, 0, "what is right in the file is known already");
    assert_eq!(turned, open);
    assert!(entries > 100 && days >= 10, "{entries} entries on {days} days");
    let verdict = gongyu_store::audit::verify(&app.db).unwrap();
    assert!(verdict.broken.is_empty(), "{:?}", verdict.broken);
}

#[test]
fn the_vocational_school_has_classes_of_several_specialities() {
    let taught: i64 = world()
        .app
        .db
        .read_wait(|r| r.scalar(sql!("SELECT COUNT(DISTINCT speciality) FROM unit WHERE stage = 'vocational'"), &[]))
        .unwrap();
    assert!(taught >= 1, "{taught}");
}
