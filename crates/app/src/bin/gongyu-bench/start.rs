//! A large district: how long the program takes to answer its first page, and how much memory it holds.

use super::Line;
use super::{load, place};
use anyhow::{Context, Result};
use gongyu_access::Role;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

/// The child process: serves a folder and says where.
pub fn serve(mut args: impl Iterator<Item = String>) -> Result<()> {
    let folder = args.next().context("a folder")?;
    let app = place::app_at(folder.as_ref(), "")?;
    let served = place::serve(gongyu::serve::router(&app))?;
    println!("{}", served.at);
    std::io::stdin().read_line(&mut String::new())?;
    Ok(())
}

/// Measures with so many pupils.
pub fn measure(pupils: usize) -> Result<Vec<Line>> {
    let folder = tempfile::tempdir()?;
    let accounts = {
        let (_, accounts) = place::with_demo(folder.path(), "", pupils)?;
        accounts
    };
    let cookie = |role: Role| accounts.iter().find(|a| a.role == role).map(|a| a.cookie.clone()).context("an account");
    let (officer, teacher) = (cookie(Role::DistrictOfficer)?, cookie(Role::ClassTeacher)?);
    let began = Instant::now();
    let mut child = Command::new(std::env::current_exe()?)
        .arg("serve-for-bench")
        .arg(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().context("its output")?).read_line(&mut line)?;
    let at = line.trim().parse()?;
    place::fetch(at, "/sign-in", "")?;
    let started = began.elapsed().as_secs_f64();
    let began = Instant::now();
    place::fetch(at, "/district", &officer)?;
    let first = began.elapsed().as_secs_f64();
    for _ in 0..50 {
        place::fetch(at, "/class", &teacher)?;
        place::fetch(at, "/district", &officer)?;
    }
    let requests: load::Requests = std::sync::Arc::new(move |_, _| load::get("/district", &officer));
    let m = load::run(at, 2, std::time::Duration::from_secs(8), &requests)?;
    let memory = memory_mb(child.id())?;
    drop(child.stdin.take());
    child.wait()?;
    Ok(vec![
        Line {
            what: format!("start with {pupils} pupils until the first page"),
            ours: format!("{started:.2} s; first district page {:.0} ms", first * 1000.0),
            limit: String::new(),
            ratio: String::new(),
            aim: "≤ 1 s",
        },
        Line {
            what: format!("district home of {pupils} pupils, 2 viewers"),
            ours: format!("p50 {:.1} ms, p99 {:.1} ms", m.p50, m.p99),
            limit: String::new(),
            ratio: String::new(),
            aim: "p99 < 50 ms",
        },
        Line {
            what: "memory of its own after that".to_owned(),
            ours: format!("{memory} MB"),
            limit: String::new(),
            ratio: String::new(),
            aim: "≤ 250 MB",
        },
    ])
}

/// Memory that is the process's own, mapped files left out: the kernel lends and takes those as it likes.
fn memory_mb(pid: u32) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find(|l| l.starts_with("RssAnon:")).context("its memory")?;
    let kb: u64 = line.split_whitespace().nth(1).context("a number")?.parse()?;
    Ok(kb / 1024)
}
