//! Gate: a room depends only on rooms its arrow points to (`docs/ARCHITECTURE.md`, "The house").

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, bail};

use crate::tree;

const AREAS: &[&str] = &["contact", "care", "learning", "together", "standing", "office"];

/// The arrows as drawn, each room with those it points to; what lies below those is reachable too.
const ARROWS: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("store", &["kernel"]),
    ("access", &["store"]),
    ("vault", &["store"]),
    ("paper", &["store"]),
    ("web", &["access", "vault", "paper"]),
    ("parts", &["web"]),
    ("deliver", &["registry"]),
    ("registry", &["web"]),
    ("ledger", &["registry"]),
];

/// Fails when a crate's `[dependencies]` name a room that is not drawn.
///
/// `[dev-dependencies]` are free to use the testkit, which itself sits above everything but `app`.
///
/// # Errors
/// With every arrow that must not be there.
pub fn run() -> anyhow::Result<()> {
    let root = tree::root();
    let mut wrong = Vec::new();
    let mut rooms = 0;
    let manifests = tree::files()?.into_iter().filter(|path| path.ends_with("Cargo.toml"));
    for path in manifests {
        let Some(room) = room_at(&path) else { continue };
        let text = std::fs::read_to_string(root.join(&path))?;
        let manifest: toml::Table = text.parse().with_context(|| path.display().to_string())?;
        rooms += 1;
        match allowed(&room) {
            None => wrong.push(format!("{room} is a room that is not drawn")),
            Some(allowed) => wrong.extend(
                product_dependencies(&manifest)
                    .filter(|target| !allowed.contains(target.as_str()))
                    .map(|target| format!("{room} → {target}")),
            ),
        }
    }
    if wrong.is_empty() {
        println!("arrows: {rooms} rooms, every dependency is drawn");
        return Ok(());
    }
    bail!("dependencies that are not drawn in docs/ARCHITECTURE.md:\n  {}", wrong.join("\n  "))
}

/// The room a manifest belongs to: `crates/NAME/Cargo.toml`, or anything under `xtask`.
fn room_at(manifest: &Path) -> Option<String> {
    let mut parts = manifest.components().map(|part| part.as_os_str().to_string_lossy());
    match parts.next()?.as_ref() {
        "crates" => Some(parts.next()?.into_owned()),
        "xtask" => Some("xtask".to_owned()),
        _ => None,
    }
}

/// Every room of the product that a manifest's `[dependencies]` name, of any target.
fn product_dependencies(manifest: &toml::Table) -> impl Iterator<Item = String> {
    let mut tables = vec![manifest.get("dependencies")];
    if let Some(targets) = manifest.get("target").and_then(toml::Value::as_table) {
        tables.extend(targets.values().map(|target| target.get("dependencies")));
    }
    let mut rooms: Vec<String> = tables
        .into_iter()
        .flatten()
        .filter_map(toml::Value::as_table)
        .flat_map(|table| table.iter())
        .filter_map(|(name, value)| {
            let package = value.get("package").and_then(toml::Value::as_str).unwrap_or(name);
            if package == "gongyu" { Some("app") } else { package.strip_prefix("gongyu-") }.map(str::to_owned)
        })
        .collect();
    rooms.sort();
    rooms.into_iter()
}

/// What a room may name, or nothing when the room is not drawn.
fn allowed(room: &str) -> Option<BTreeSet<&'static str>> {
    let everything_drawn = || ARROWS.iter().map(|(name, _)| *name).chain(AREAS.iter().copied()).collect();
    match room {
        "xtask" => Some(BTreeSet::new()),
        "app" | "testkit" => Some(everything_drawn()),
        area if AREAS.contains(&area) => Some(ARROWS.iter().map(|(name, _)| *name).collect()),
        room => {
            let (_, targets) = ARROWS.iter().find(|(name, _)| *name == room)?;
            Some(targets.iter().flat_map(|target| with_what_lies_below(target)).collect())
        }
    }
}

fn with_what_lies_below(room: &'static str) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::from([room]);
    if let Some((_, targets)) = ARROWS.iter().find(|(name, _)| *name == room) {
        found.extend(targets.iter().flat_map(|target| with_what_lies_below(target)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{allowed, product_dependencies};

    fn may(room: &str, target: &str) -> bool {
        allowed(room).expect("a drawn room").contains(target)
    }

    #[test]
    fn arrows_point_down_and_never_sideways_or_up() {
        assert!(may("web", "kernel") && may("ledger", "store") && may("contact", "ledger"));
        assert!(!may("access", "vault") && !may("parts", "registry") && !may("contact", "care"));
        assert!(!may("store", "access") && !may("kernel", "store") && !may("web", "testkit"));
        assert!(!may("ledger", "parts") && !may("xtask", "kernel") && !may("testkit", "app"));
        assert!(allowed("common").is_none());
    }

    #[test]
    fn dependencies_are_seen_under_any_spelling_and_dev_ones_are_free() {
        let manifest = "[dependencies]\ngongyu-web.workspace = true\nx = { package = \"gongyu\", path = \"..\" }\n\
                        [target.'cfg(unix)'.dependencies]\ngongyu-store = {}\n[dev-dependencies]\ngongyu-testkit = {}\n"
            .parse()
            .expect("toml");
        assert_eq!(product_dependencies(&manifest).collect::<Vec<_>>(), ["app", "store", "web"]);
    }
}
