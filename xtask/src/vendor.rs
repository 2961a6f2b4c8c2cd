//! `cargo xtask vendor`: fetches the third-party front-end files at their pinned versions with the npm client and lays
//! them under `assets/vendor` (axe-core, which only tests use, under `assets/test`), each folder with its licence and a
//! `vendor.toml` of checksums. `cargo xtask vendor --check` compares the tree with those checksums and needs no network.
//! Building and running the product needs neither npm nor node.

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};
use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// One npm package and what is taken from it.
struct Package {
    npm: &'static str,
    version: &'static str,
    /// SPDX expression.
    licence: &'static str,
    /// Folder under `assets/`.
    dir: &'static str,
    /// File in the package, and its name in our folder.
    files: &'static [(&'static str, &'static str)],
    /// Whether the SVGs named in `assets/icons.txt` come from this package.
    icons: bool,
}

const PACKAGES: &[Package] = &[
    Package {
        npm: "@tabler/core",
        version: "1.6.1",
        licence: "MIT",
        dir: "vendor/tabler",
        files: &[("dist/css/tabler.min.css", "tabler.min.css")],
        icons: false,
    },
    Package {
        npm: "@tabler/icons",
        version: "3.51.0",
        licence: "MIT",
        dir: "vendor/tabler-icons",
        files: &[("LICENSE", "LICENSE")],
        icons: true,
    },
    // `simple` has no SVG renderer and no mark lines, which the chart rules ask for, so `common`.
    Package {
        npm: "echarts",
        version: "6.1.0",
        licence: "Apache-2.0",
        dir: "vendor/echarts",
        files: &[("dist/echarts.common.min.js", "echarts.common.min.js"), ("LICENSE", "LICENSE"), ("NOTICE", "NOTICE")],
        icons: false,
    },
    Package {
        npm: "htmx.org",
        version: "2.0.11",
        licence: "0BSD",
        dir: "vendor/htmx",
        files: &[("dist/htmx.min.js", "htmx.min.js"), ("LICENSE", "LICENSE")],
        icons: false,
    },
    Package {
        npm: "axe-core",
        version: "4.14.1",
        licence: "MPL-2.0",
        dir: "test/axe-core",
        files: &[
            ("axe.min.js", "axe.min.js"),
            ("LICENSE", "LICENSE"),
            ("LICENSE-3RD-PARTY.txt", "LICENSE-3RD-PARTY.txt"),
        ],
        icons: false,
    },
];

/// Runs the command. Without arguments it fetches; with `--check` it verifies checksums only.
///
/// # Errors
/// When npm or tar fail, a file is missing from a package, or (`--check`) a file differs from its checksum.
pub fn run(args: &[String]) -> Result<()> {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")?.join("assets");
    match args {
        [] => PACKAGES.iter().try_for_each(|p| fetch(p, &assets)),
        [flag] if flag == "--check" => PACKAGES.iter().try_for_each(|p| check(p, &assets)),
        _ => bail!("usage: cargo xtask vendor [--check]"),
    }
}

fn fetch(package: &Package, assets: &Path) -> Result<()> {
    let scratch =
        std::env::temp_dir().join(format!("gongyu-vendor-{}-{}", std::process::id(), package.dir.replace('/', "-")));
    fs::create_dir_all(&scratch)?;
    let result = unpack(package, &scratch).and_then(|from| lay_out(package, &from, assets));
    fs::remove_dir_all(&scratch)?;
    let count = result.with_context(|| format!("{}@{}", package.npm, package.version))?;
    println!("{}@{}: {count} files", package.npm, package.version);
    Ok(())
}

fn unpack(package: &Package, scratch: &Path) -> Result<PathBuf> {
    let packed = Command::new("npm")
        .args(["pack", "--silent"])
        .arg(format!("{}@{}", package.npm, package.version))
        .current_dir(scratch)
        .output()
        .context("npm is needed to refresh vendored files")?;
    ensure!(packed.status.success(), "npm pack failed: {}", String::from_utf8_lossy(&packed.stderr));
    let archive = String::from_utf8(packed.stdout)?;
    let unpacked = Command::new("tar").arg("xzf").arg(archive.trim()).current_dir(scratch).status()?;
    ensure!(unpacked.success(), "tar could not open {}", archive.trim());
    Ok(scratch.join("package"))
}

fn lay_out(package: &Package, from: &Path, assets: &Path) -> Result<usize> {
    let to = assets.join(package.dir);
    if to.exists() {
        fs::remove_dir_all(&to)?;
    }
    fs::create_dir_all(&to)?;
    let mut names = Vec::new();
    for (source, name) in package.files {
        fs::copy(from.join(source), to.join(name)).with_context(|| (*source).to_owned())?;
        names.push((*name).to_owned());
    }
    if package.icons {
        for icon in icon_names(assets)? {
            let name = icon_file(&icon);
            let target = to.join(&name);
            fs::create_dir_all(target.parent().context("an icon lies in a folder")?)?;
            fs::copy(from.join("icons").join(&name), &target).with_context(|| format!("no icon named {icon}"))?;
            names.push(name);
        }
    }
    if !names.iter().any(|n| n == "LICENSE") {
        // @tabler/core ships its copyright lines in the stylesheet's banner and names the licence in package.json.
        fs::write(to.join("LICENSE"), MIT.replace("{owner}", "2018-2026 The Tabler Authors, codecalm.net Paweł Kuna"))?;
        names.push("LICENSE".to_owned());
    }
    names.sort();
    fs::write(to.join("vendor.toml"), manifest(package, &to, &names)?)?;
    Ok(names.len())
}

fn manifest(package: &Package, dir: &Path, names: &[String]) -> Result<String> {
    let mut text = format!(
        "name = \"{}\"\nversion = \"{}\"\nlicence = \"{}\"\n\n[sha256]\n",
        package.npm, package.version, package.licence
    );
    for name in names {
        writeln!(text, "\"{name}\" = \"{}\"", digest(&dir.join(name))?)?;
    }
    Ok(text)
}

fn check(package: &Package, assets: &Path) -> Result<()> {
    let dir = assets.join(package.dir);
    let recorded = fs::read_to_string(dir.join("vendor.toml"))
        .with_context(|| format!("{}: run cargo xtask vendor", package.dir))?;
    let mut names: Vec<String> = package.files.iter().map(|(_, n)| (*n).to_owned()).collect();
    if package.icons {
        names.extend(icon_names(assets)?.iter().map(|i| icon_file(i)));
    }
    if !names.iter().any(|n| n == "LICENSE") {
        names.push("LICENSE".to_owned());
    }
    names.sort();
    ensure!(
        recorded == manifest(package, &dir, &names)?,
        "{} differs from its vendor.toml; run cargo xtask vendor",
        package.dir
    );
    Ok(())
}

fn icon_names(assets: &Path) -> Result<Vec<String>> {
    let mut names: Vec<String> = fs::read_to_string(assets.join("icons.txt"))?
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .map(str::to_owned)
        .collect();
    names.sort();
    let listed = names.len();
    names.dedup();
    ensure!(listed == names.len(), "assets/icons.txt names an icon twice");
    Ok(names)
}

fn icon_file(icon: &str) -> String {
    match icon.strip_prefix("f-") {
        Some(name) => format!("filled/{name}.svg"),
        None => format!("outline/{icon}.svg"),
    }
}

fn digest(file: &Path) -> Result<String> {
    let bytes = fs::read(file).with_context(|| file.display().to_string())?;
    Ok(Sha256::digest(&bytes).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("writing to a string cannot fail");
        hex
    }))
}

const MIT: &str = "MIT License

Copyright (c) {owner}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the \"Software\"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
";
