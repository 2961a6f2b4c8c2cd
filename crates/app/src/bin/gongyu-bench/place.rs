//! A throw-away product with demo data, served on a loopback port.

use anyhow::{Context, Result};
use axum::Router;
use gongyu::assemble;
use gongyu::demo::{self, Account, DemoOptions};
use gongyu_kernel::config::Config;
use gongyu_web::App;
use std::net::SocketAddr;
use std::path::Path;
use tokio::runtime::Runtime;

/// The product on a folder of its own.
pub fn app_at(folder: &Path, database_url: &str) -> Result<App> {
    let config =
        Config { data: folder.to_owned(), database_url: database_url.to_owned(), demo: true, ..Config::default() };
    assemble::app(config)
}

/// With a demo district of so many pupils.
pub fn with_demo(folder: &Path, database_url: &str, students: usize) -> Result<(App, Vec<Account>)> {
    let app = app_at(folder, database_url)?;
    let report = demo::build(&app, &DemoOptions { students, ..DemoOptions::default() })?;
    Ok((app, report.accounts))
}

/// A served router; it stops with the runtime.
pub struct Served {
    /// Where.
    pub at: SocketAddr,
    _runtime: Runtime,
}

/// Serves a router on a free port with all the machine's threads.
pub fn serve(router: Router) -> Result<Served> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let at = listener.local_addr()?;
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    runtime.spawn(async move { axum::serve(listener, service).await });
    Ok(Served { at, _runtime: runtime })
}

/// One GET, whole: the body as text.
pub fn fetch(at: SocketAddr, path: &str, cookie: &str) -> Result<String> {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(at)?;
    let request = String::from_utf8(super::load::get(path, cookie))?;
    stream.write_all(request.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n").as_bytes())?;
    let mut all = String::new();
    stream.read_to_string(&mut all)?;
    let (head, body) = all.split_once("\r\n\r\n").context("an answer")?;
    anyhow::ensure!(head.contains(" 200 "), "{path}: {}", head.lines().next().unwrap_or_default());
    Ok(body.to_owned())
}

/// The secret of a session's forms, from a page of it.
pub fn secret(page: &str) -> Result<String> {
    let after = page.split("name=\"csrf\" content=\"").nth(1).context("a page with its secret")?;
    Ok(after.split('"').next().unwrap_or_default().to_owned())
}
