//! Gate: no source file grows past what one can read in a sitting (`docs/ARCHITECTURE.md`).

use std::path::Path;

use anyhow::bail;

use crate::tree;

/// The longest a source file may be, in lines.
const LIMIT: usize = 400;

/// Fails when a Rust, HTML or JavaScript file of ours is longer than [`LIMIT`].
///
/// # Errors
/// With every file that is too long.
pub fn run() -> anyhow::Result<()> {
    let root = tree::root();
    let mut too_long = Vec::new();
    let mut measured = 0;
    for path in tree::files()?.into_iter().filter(|path| is_ours(path)) {
        let lines = String::from_utf8_lossy(&std::fs::read(root.join(&path))?).lines().count();
        measured += 1;
        if lines > LIMIT {
            too_long.push(format!("{}: {lines} lines", path.display()));
        }
    }
    if too_long.is_empty() {
        println!("lines: {measured} files, none over {LIMIT}");
        return Ok(());
    }
    bail!("files over {LIMIT} lines; split them by what they hold:\n  {}", too_long.join("\n  "))
}

/// Source of ours: not what was vendored under `assets/vendor` and `assets/test`.
fn is_ours(path: &Path) -> bool {
    let source = ["rs", "html", "js"].iter().any(|ext| tree::has_extension(path, ext));
    source && !path.starts_with("assets/vendor") && !path.starts_with("assets/test")
}

#[cfg(test)]
mod tests {
    use super::is_ours;
    use std::path::Path;

    #[test]
    fn vendored_scripts_may_be_long_and_ours_may_not() {
        assert!(!is_ours(Path::new("assets/vendor/echarts/echarts.min.js")));
        assert!(!is_ours(Path::new("assets/test/axe-core/axe.min.js")));
        assert!(is_ours(Path::new("assets/js/app/offline.js")));
        assert!(is_ours(Path::new("crates/web/src/layout/page.html")));
    }
}
