//! The binary and the edges: what can be proved without a browser.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode, header};
use gongyu::{api, assemble, features, ops, serve};
use gongyu_access::{Role, account, grant, token};
use gongyu_kernel::config::Config;
use gongyu_kernel::random::Random;
use gongyu_kernel::{Clock, Id};
use gongyu_registry::unit::{self, NewUnit, UnitKind};
use gongyu_store::blob;
use gongyu_testkit::postgres::TestPg;
use gongyu_web::App;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;
use tower::ServiceExt;

fn config_at(folder: &Path) -> Config {
    Config { data: folder.to_owned(), ..Config::default() }
}

fn app_at(folder: &Path) -> App {
    assemble::app_with(config_at(folder), Clock::machine(), Random::seeded(5)).expect("an app")
}

fn gongyu(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gongyu"))
        .args(args)
        .arg("--data")
        .arg(folder)
        .env_remove("GONGYU_DATABASE_URL")
        .env_remove("RUST_LOG")
        .output()
        .expect("the binary runs")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A district with one officer and a token of theirs.
fn district(app: &App) -> (Id, String) {
    let random = app.random.clone();
    app.db
        .write_wait(move |tx| {
            let from = tx.today();
            let new = NewUnit {
                kind: UnitKind::District,
                code: "",
                name: "云岭区教育委员会",
                short_name: "",
                parent: None,
                school_kind: None,
                setting: None,
                class: None,
                phone: "",
                valid_from: from,
            };
            let home = unit::create(tx, &new)?;
            let new = account::NewAccount { login: Some("qu.banan"), name: "苏岚", ..account::NewAccount::default() };
            let officer = account::create(tx, &new)?;
            let given = grant::give(tx, officer, Role::DistrictOfficer, (home, "云岭区"), from, None)?;
            let made = token::create(tx, &random, officer, given.expect("a new grant"), "test")?;
            Ok((home, made))
        })
        .expect("a district")
}

async fn ask(router: &Router, request: Request<Body>) -> (Response<()>, Vec<u8>) {
    let (parts, body) = router.clone().oneshot(request).await.expect("an answer").into_parts();
    let bytes = to_bytes(body, usize::MAX).await.expect("a body");
    (Response::from_parts(parts, ()), bytes.to_vec())
}

fn get(path: &str) -> Request<Body> {
    Request::get(path).header(header::HOST, "127.0.0.1").body(Body::empty()).expect("a request")
}

fn with_token(path: &str, token: &str) -> Request<Body> {
    let mut request = get(path);
    request.headers_mut().insert(header::AUTHORIZATION, format!("Bearer {token}").parse().expect("a header"));
    request
}

fn on_a_runtime<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().expect("a runtime").block_on(work)
}

#[test]
fn a_backup_brings_back_records_files_and_keys_as_they_were() {
    let (old, new) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let app = app_at(old.path());
    let (home, _) = district(&app);
    let kept = app.blobs.keep("名册".as_bytes()).unwrap();
    let hash = kept.clone();
    app.db.write_wait(move |tx| blob::remember(tx, &hash, 6, "text/plain", "名册.txt", None)).unwrap();
    let sealed = app.vault.seal("guardian.phone", home, b"13900000000").unwrap();

    let file = new.path().join("backup.zip");
    let taken = ops::backup::take(&app.config, &Clock::machine(), &file, true).unwrap();
    assert_eq!(taken.files.len(), 3, "database, file and keys");
    assert!(ops::backup::take(&app.config, &Clock::machine(), &file, true).is_err(), "never written over");

    let target = config_at(&new.path().join("data"));
    let done = ops::restore::bring_back(&target, &Clock::machine(), &file, false).unwrap();
    assert!(!done.keys_missing && done.before.is_none());
    let back = app_at(&target.data);
    assert_eq!(back.db.read_wait(unit::district).unwrap().id, home);
    assert_eq!(back.blobs.read(&kept).unwrap(), "名册".as_bytes());
    assert_eq!(back.vault.open_text("guardian.phone", home, &sealed).unwrap(), "13900000000");
}

#[test]
fn a_restore_refuses_over_data_and_puts_it_aside_when_forced() {
    let (old, new) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    district(&app_at(old.path()));
    let file = old.path().join("backup.zip");
    ops::backup::take(&config_at(old.path()), &Clock::machine(), &file, false).unwrap();

    drop(app_at(new.path()));
    let target = config_at(new.path());
    let refused = ops::restore::bring_back(&target, &Clock::machine(), &file, false).unwrap_err();
    assert!(refused.to_string().contains("--force"), "{refused}");
    let keys = fs::read(assemble::key_file(&target)).unwrap();
    let done = ops::restore::bring_back(&target, &Clock::machine(), &file, true).unwrap();
    assert!(done.before.unwrap().join("gongyu.db").exists());
    assert_eq!(fs::read(assemble::key_file(&target)).unwrap(), keys, "keys stay where the backup has none");
}

#[test]
fn a_damaged_backup_changes_nothing() {
    let (old, new) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    district(&app_at(old.path()));
    let file = old.path().join("backup.zip");
    ops::backup::take(&config_at(old.path()), &Clock::machine(), &file, true).unwrap();
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    fs::write(&file, bytes).unwrap();
    let target = config_at(new.path());
    assert!(ops::restore::bring_back(&target, &Clock::machine(), &file, false).is_err());
    assert!(!assemble::database_file(&target).exists() && !assemble::key_file(&target).exists());
}

#[test]
fn a_postgres_database_is_dumped_and_brought_back() {
    let (old, new) = (TestPg::fresh_database(), TestPg::fresh_database());
    let folder = TempDir::new().unwrap();
    let on = |url: &str| Config { database_url: url.to_owned(), ..config_at(folder.path()) };
    let app = assemble::app_with(on(old.as_str()), Clock::machine(), Random::seeded(5)).unwrap();
    let (home, _) = district(&app);
    let file = folder.path().join("backup.zip");
    ops::backup::take(&app.config, &Clock::machine(), &file, false).unwrap();

    let sqlite = ops::restore::bring_back(&config_at(folder.path()), &Clock::machine(), &file, false).unwrap_err();
    assert!(sqlite.to_string().contains("--database-url"), "{sqlite}");
    ops::restore::bring_back(&on(new.as_str()), &Clock::machine(), &file, false).unwrap();
    let twice = ops::restore::bring_back(&on(new.as_str()), &Clock::machine(), &file, false).unwrap_err();
    assert!(twice.to_string().contains("--force"), "{twice}");
    let back = assemble::app_with(on(new.as_str()), Clock::machine(), Random::seeded(6)).unwrap();
    assert_eq!(back.db.read_wait(unit::district).unwrap().id, home);
}

#[test]
fn a_folder_that_is_served_is_neither_served_twice_nor_restored_over() {
    let folder = TempDir::new().unwrap();
    let config = config_at(folder.path());
    let held = assemble::lock_data(&config).unwrap();
    assert!(assemble::lock_data(&config).is_err());
    drop(held);
    assert!(assemble::lock_data(&config).is_ok());
}

#[test]
fn the_command_line_wins_over_the_environment_and_that_over_the_file() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("gongyu.toml"), "listen = \"127.0.0.1:1111\"\ndistrict_name = \"云岭区\"\n").unwrap();
    let listens_on = |args: &[&str], from_env: Option<&str>| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongyu"));
        command.args(["doctor", "--json", "--data"]).arg(folder.path()).args(args).env_remove("GONGYU_LISTEN");
        if let Some(address) = from_env {
            command.env("GONGYU_LISTEN", address);
        }
        let output = command.output().unwrap();
        let checks: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        checks[0]["found"].as_str().unwrap().to_owned()
    };
    assert!(listens_on(&[], None).contains("127.0.0.1:1111"));
    assert!(listens_on(&[], Some("127.0.0.1:2222")).contains("127.0.0.1:2222"));
    assert!(listens_on(&["--listen", "127.0.0.1:3333"], Some("127.0.0.1:2222")).contains("127.0.0.1:3333"));
}

#[test]
fn a_setting_that_is_not_known_is_named_and_refused() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("gongyu.toml"), "lisen = \"127.0.0.1:1111\"\n").unwrap();
    let output = gongyu(folder.path(), &["doctor"]);
    assert!(!output.status.success() && said(&output).contains("lisen"), "{}", said(&output));
}

#[test]
fn an_administrator_is_made_with_a_district_once() {
    let folder = TempDir::new().unwrap();
    let make = ["admin", "create", "--login", "guanli", "--name", "苏岚", "--district", "云岭区教育委员会"];
    let first = gongyu(folder.path(), &make);
    assert!(first.status.success(), "{}", said(&first));
    assert!(said(&first).contains("云岭区教育委员会"));
    let again = gongyu(folder.path(), &make);
    assert!(!again.status.success() && said(&again).contains("taken"), "{}", said(&again));

    let listed = gongyu(folder.path(), &["unit", "list", "--json"]);
    let units: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(units.as_array().map(Vec::len), Some(1));
    let made = gongyu(folder.path(), &["token", "create", "guanli"]);
    assert!(String::from_utf8_lossy(&made.stdout).starts_with("gy_"), "{}", said(&made));
    let sealed = gongyu(folder.path(), &["audit", "verify"]);
    assert!(sealed.status.success() && said(&sealed).contains("whole"), "{}", said(&sealed));
}

#[test]
fn a_roster_that_cannot_be_read_is_told_in_words_with_exit_code_2() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("名册.xlsx");
    fs::write(&file, "not a workbook").unwrap();
    let output = gongyu(folder.path(), &["import", "roster", file.to_str().unwrap(), "--json"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["added"], 0);
    assert!(!report["problems"][0]["reason"].as_str().unwrap().starts_with("roster-"), "{report}");
}

#[test]
fn a_demo_is_never_built_over_a_district() {
    let folder = TempDir::new().unwrap();
    district(&app_at(folder.path()));
    let output = gongyu(folder.path(), &["demo", "--no-serve"]);
    assert!(!output.status.success() && said(&output).contains("not a demo"), "{}", said(&output));
}

#[test]
fn the_doctor_finds_keys_that_others_may_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let app = app_at(folder.path());
    let well = ops::doctor::examine(&app.config, &Clock::machine());
    assert!(ops::doctor::is_well(&well), "{well:?}");
    let keys = assemble::key_file(&app.config);
    fs::set_permissions(&keys, fs::Permissions::from_mode(0o644)).unwrap();
    let ill = ops::doctor::examine(&app.config, &Clock::machine());
    let found = ill.iter().find(|c| c.name == "keys").unwrap();
    assert_eq!(found.health, ops::doctor::Health::Fail, "{found:?}");
}

#[test]
fn the_openapi_document_describes_every_route_of_the_api_and_no_other() {
    let document = serde_json::to_value(api::document()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let mut described: Vec<String> = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        described.extend(methods.as_object().unwrap().keys().map(|m| format!("{} {path}", m.to_uppercase())));
    }
    let routes = features::features().iter().filter_map(|f| f.routes).flat_map(|r| r().infos()).collect::<Vec<_>>();
    let mut served: Vec<String> =
        routes.iter().filter(|r| r.path.starts_with("/api/v1")).map(|r| format!("{} {}", r.method, r.path)).collect();
    described.sort();
    served.sort();
    assert_eq!(described, served);
}

#[test]
fn every_answer_carries_the_security_headers_and_an_unknown_address_has_a_page() {
    let folder = TempDir::new().unwrap();
    let app = app_at(folder.path());
    let router = serve::router(&app);
    on_a_runtime(async {
        for path in ["/healthz", "/readyz", "/no/such/page", "/sign-in", "/api/v1/units"] {
            let (answer, _) = ask(&router, get(path)).await;
            let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}");
            assert_eq!(answer.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
            assert!(answer.headers().contains_key("x-request-id"), "{path}");
        }
        let (answer, body) = ask(&router, get("/no/such/page")).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        assert!(String::from_utf8_lossy(&body).contains("没有找到这一页"));
    });
}

#[test]
fn figures_for_prometheus_are_kept_from_those_who_come_through_the_proxy() {
    let folder = TempDir::new().unwrap();
    let app = app_at(folder.path());
    let router = serve::router(&app);
    on_a_runtime(async {
        let (ready, _) = ask(&router, get("/readyz")).await;
        assert_eq!(ready.status(), StatusCode::OK);
        let (_, figures) = ask(&router, get("/metrics")).await;
        let figures = String::from_utf8_lossy(&figures).into_owned();
        assert!(figures.contains("gongyu_http_requests_total{") && figures.contains("gongyu_jobs{"), "{figures}");
        for name in ["gongyu_db_seconds", "gongyu_db_queue_seconds"] {
            for kind in ["read", "write"] {
                let bucket = format!("{name}_bucket{{kind=\"{kind}\",le=\"0.01\"}}");
                assert!(figures.contains(&bucket), "{bucket} in {figures}");
            }
        }
        assert!(figures.contains("gongyu_db_commit_seconds_bucket{"), "{figures}");
        let mut passed_on = get("/metrics");
        passed_on.headers_mut().insert("x-forwarded-for", "203.0.113.7".parse().unwrap());
        assert_eq!(ask(&router, passed_on).await.0.status(), StatusCode::NOT_FOUND);
    });
}

#[test]
fn the_api_answers_a_token_within_its_role_and_refuses_everybody_else_in_one_shape() {
    let folder = TempDir::new().unwrap();
    let app = app_at(folder.path());
    let (home, token) = district(&app);
    let router = serve::router(&app);
    on_a_runtime(async {
        let (answer, body) = ask(&router, get("/api/v1/units")).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        let refused: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(refused["error"]["status"], 401);

        let (answer, body) = ask(&router, with_token("/api/v1/units?limit=1000", &token)).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let page: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(page["items"][0]["id"], home.to_string(), "identifiers are strings");
        for path in ["/api/v1/reach", "/api/v1/duties", "/api/v1/students", "/api/v1/touches", "/api/v1/notices"] {
            assert_eq!(ask(&router, with_token(path, &token)).await.0.status(), StatusCode::OK, "{path}");
        }
        let (answer, body) = ask(&router, with_token("/api/v1/units?limit=1001", &token)).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let refused: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(refused["error"]["fields"][0]["field"], "limit");
        let (answer, _) = ask(&router, with_token("/api/v1/units/7", &token)).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "not in reach looks like not there");
    });
}
