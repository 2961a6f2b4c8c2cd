//! Gate: every crate in the tree has a licence we may ship under and none is on the denied list
//! (`docs/licences/`).

mod expression;

use std::process::Command;

use anyhow::{Context, bail, ensure};
use semver::{Version, VersionReq};
use serde::Deserialize;

use crate::tree;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Allowed {
    licences: Vec<String>,
    #[serde(default)]
    exception: Vec<Exception>,
}

/// A crate used in spite of its licence.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    licence: String,
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DeniedList {
    denied: Vec<Denied>,
}

/// A crate that must not be in the tree.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Denied {
    #[serde(rename = "crate")]
    name: String,
    versions: VersionReq,
    reason: String,
    advisory: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    version: Version,
    license: Option<String>,
    /// Absent for the crates of this repository.
    source: Option<String>,
}

/// Fails with every crate whose licence is not allowed and every one that is denied.
///
/// # Errors
/// The crates, or a list or `cargo metadata` that cannot be read.
pub fn run() -> anyhow::Result<()> {
    let folder = tree::root().join("docs/licences");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).with_context(|| name.to_owned());
    let allowed: Allowed = toml::from_str(&read("allowed.toml")?).context("allowed.toml")?;
    let denied: DeniedList = toml::from_str(&read("denied.toml")?).context("denied.toml")?;
    let crates: Vec<Package> = metadata()?.packages.into_iter().filter(|package| package.source.is_some()).collect();

    let problems: Vec<String> = crates.iter().flat_map(|package| judge(package, &allowed, &denied.denied)).collect();
    if problems.is_empty() {
        println!("licences: {} crates, every licence allowed, none denied", crates.len());
        return Ok(());
    }
    bail!("{} crates (see docs/licences/README.md):\n  {}", problems.len(), problems.join("\n  "))
}

fn metadata() -> anyhow::Result<Metadata> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--all-features"])
        .current_dir(tree::root())
        .output()
        .context("cargo metadata")?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn judge(package: &Package, allowed: &Allowed, denied: &[Denied]) -> Vec<String> {
    let Package { name, version, .. } = package;
    let licence = package.license.as_deref().unwrap_or_default();
    let excepted = allowed
        .exception
        .iter()
        .any(|exception| exception.name == *name && exception.licence == licence && !exception.reason.is_empty());
    let fits = excepted || expression::is_satisfied(licence, |one| allowed.licences.iter().any(|ok| ok == one));
    let licence_problem = (!fits).then(|| format!("{name} {version}: licence `{licence}` is not allowed"));
    let denials = denied.iter().filter(|entry| entry.name == *name && entry.versions.matches(version)).map(|entry| {
        let advisory = entry.advisory.as_deref().map(|id| format!(" ({id})")).unwrap_or_default();
        format!("{name} {version} is denied: {}{advisory}", entry.reason)
    });
    licence_problem.into_iter().chain(denials).collect()
}

#[cfg(test)]
mod tests {
    use super::{Allowed, Denied, Package, judge};

    fn package(name: &str, version: &str, licence: Option<&str>) -> Package {
        let license = licence.map(str::to_owned);
        Package { name: name.into(), version: version.parse().expect("version"), license, source: None }
    }

    #[test]
    fn a_licence_outside_the_list_a_missing_one_and_a_denied_version_are_told() {
        let allowed = Allowed { licences: vec!["MIT".into()], exception: vec![] };
        let denied = [Denied {
            name: "slab".into(),
            versions: "=0.4.10".parse().expect("requirement"),
            reason: "reads out of bounds".into(),
            advisory: Some("RUSTSEC-2025-0047".into()),
        }];
        let told = |package: Package| judge(&package, &allowed, &denied).join("; ");
        assert_eq!(told(package("slab", "0.4.11", Some("MIT OR GPL-3.0"))), "");
        assert!(told(package("slab", "0.4.10", Some("MIT"))).contains("out of bounds (RUSTSEC-2025-0047)"));
        assert!(told(package("x", "1.0.0", Some("GPL-3.0"))).contains("`GPL-3.0` is not allowed"));
        assert!(told(package("x", "1.0.0", None)).contains("is not allowed"));
    }
}
