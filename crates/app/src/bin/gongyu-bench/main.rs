//! Measures the product and the limit beside it in the same run, and prints the ratios.
//!
//! `cargo xtask bench [pages] [notice] [booking] [district] [import] [start] [--pupils N] [--engine sqlite|postgres]`; without a
//! name it runs them all, pages on both engines unless one is named.

mod booking;
mod district;
mod import;
mod load;
mod notice;
mod pages;
mod place;
mod start;

use anyhow::Result;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// One line of the report: what, ours, the limit, their ratio, and the aim.
pub struct Line {
    /// What was measured.
    pub what: String,
    /// Ours, with its unit.
    pub ours: String,
    /// The limit measured beside it.
    pub limit: String,
    /// Ours to the limit, or what the aim is about.
    pub ratio: String,
    /// What the design aims at.
    pub aim: &'static str,
}

fn main() -> Result<()> {
    let mut names = Vec::new();
    let (mut pupils, mut engine) = (None, None);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--pupils" => pupils = args.next().and_then(|n| n.parse().ok()),
            "--engine" => engine = args.next(),
            "serve-for-bench" => return start::serve(args),
            _ => names.push(arg),
        }
    }
    let wanted = |name: &str| names.is_empty() || names.iter().any(|n| n == name);
    let mut lines = Vec::new();
    if wanted("pages") {
        lines.extend(pages::measure(pupils.unwrap_or(20_000), engine.as_deref())?);
    }
    if wanted("notice") {
        lines.extend(notice::measure(pupils.unwrap_or(300_000))?);
    }
    if wanted("booking") {
        lines.extend(booking::measure()?);
    }
    if wanted("district") {
        lines.extend(district::measure()?);
    }
    if wanted("import") {
        lines.extend(import::measure(pupils.unwrap_or(300_000))?);
    }
    if wanted("start") {
        lines.extend(start::measure(pupils.unwrap_or(600_000))?);
    }
    println!("\n| what | ours | limit | ratio | aim |\n|---|---|---|---|---|");
    for line in lines {
        println!("| {} | {} | {} | {} | {} |", line.what, line.ours, line.limit, line.ratio, line.aim);
    }
    Ok(())
}
