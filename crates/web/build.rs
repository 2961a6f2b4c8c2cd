//! Gathers the files under `assets/` into what the product serves: one stylesheet, a few scripts, one icon sprite, the
//! logo. Each gets a name with its content hash and a brotli twin, and `OUT_DIR/assets.rs` lists them for `src/assets.rs`.
//! Needs neither node nor a network.

#[path = "build/css.rs"]
mod css;

use sha2::{Digest, Sha256};
use std::{env, fmt::Write as _, fs, path::PathBuf};

/// Our stylesheets in cascade order; Tabler comes before them.
const STYLES: [&str; 11] = [
    "theme.css",
    "css/forms.css",
    "css/lists.css",
    "css/people.css",
    "css/feedback.css",
    "css/parts.css",
    "css/phone.css",
    "css/pc.css",
    "css/offline.css",
    "css/print.css",
    "percent.css",
];

/// Parts of `app.js` in order: `core` defines `window.gy`, the others hang on it.
const APP: [&str; 7] = ["core", "forms", "dialog", "toast", "read", "leave", "toll"];

/// Scripts put together from several files, in order. `offline-core.js` is shared by the offline pages and `sw.js`.
const JOINED: [(&str, &[&str]); 2] = [
    ("offline-core.js", &["store", "line", "outbox"]),
    (
        "offline.js",
        &[
            "ui",
            "draft",
            "photo",
            "fields",
            "begin",
            "list",
            "record",
            "sign",
            "note",
            "outbox-page",
            "conflict",
            "start",
        ],
    ),
];

struct Built {
    name: &'static str,
    path: String,
    mime: &'static str,
    hash: String,
    raw: Vec<u8>,
}

struct Bench {
    assets: PathBuf,
    built: Vec<Built>,
}

impl Bench {
    fn text(&self, file: &str) -> String {
        let path = self.assets.join(file);
        fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    }

    fn bytes(&self, file: &str) -> Vec<u8> {
        let path = self.assets.join(file);
        fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    }

    fn add(&mut self, name: &'static str, mime: &'static str, raw: Vec<u8>) {
        let mut hash = String::new();
        for byte in &Sha256::digest(&raw)[..6] {
            write!(hash, "{byte:02x}").expect("writing to a string cannot fail");
        }
        let (stem, extension) = name.rsplit_once('.').expect("an asset has an extension");
        let path = format!("/static/{stem}.{hash}.{extension}");
        self.built.push(Built { name, path, mime, hash, raw });
    }
}

fn main() {
    let manifest_dir = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let assets = manifest_dir.join("../../assets");
    for watched in ["theme.css", "percent.css", "icons.txt", "tabler-keep.txt", "css", "js", "brand", "vendor"] {
        println!("cargo::rerun-if-changed={}", assets.join(watched).display());
    }
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build/css.rs");

    const SCRIPT: &str = "text/javascript; charset=utf-8";
    let mut bench = Bench { assets, built: Vec::new() };
    let icons = icon_names(&bench);
    let style = stylesheet(&bench);
    bench.add("app.css", "text/css; charset=utf-8", style.into_bytes());
    let sprite = sprite(&bench, &icons);
    bench.add("icons.svg", "image/svg+xml", sprite.into_bytes());
    let app: String = APP.iter().map(|part| script(&bench, &format!("js/app/{part}.js"))).collect();
    bench.add("app.js", SCRIPT, app.into_bytes());
    for (name, parts) in JOINED {
        let text: String = parts.iter().map(|part| script(&bench, &format!("js/offline/{part}.js"))).collect();
        bench.add(name, SCRIPT, text.into_bytes());
    }
    for (name, file) in [
        ("board.js", "js/board.js"),
        ("chart.js", "js/chart.js"),
        ("upload.js", "js/upload.js"),
        ("live.js", "js/live.js"),
        ("push.js", "js/push.js"),
        ("rich.js", "js/rich.js"),
        ("attach.js", "js/attach.js"),
        ("door.js", "js/door.js"),
        ("form-builder.js", "js/form-builder.js"),
        ("sign.js", "js/sign.js"),
        ("sw.js", "js/sw.js"),
        ("install.js", "js/install.js"),
        ("compose.js", "js/compose.js"),
    ] {
        let text = script(&bench, file);
        bench.add(name, SCRIPT, text.into_bytes());
    }
    for (name, mime, file) in [
        ("htmx.js", SCRIPT, "vendor/htmx/htmx.min.js"),
        ("echarts.js", SCRIPT, "vendor/echarts/echarts.common.min.js"),
        ("favicon.svg", "image/svg+xml", "brand/favicon.svg"),
        ("favicon.ico", "image/x-icon", "brand/favicon.ico"),
        ("apple-touch-icon.png", "image/png", "brand/apple-touch-icon.png"),
        ("icon-192.png", "image/png", "brand/icon-192.png"),
        ("icon-512.png", "image/png", "brand/icon-512.png"),
    ] {
        let raw = bench.bytes(file);
        bench.add(name, mime, raw);
    }
    let mut manifest = bench.text("brand/manifest.webmanifest");
    for asset in &bench.built {
        manifest = manifest.replace(&format!("{{{{{}}}}}", asset.name), &asset.path);
    }
    assert!(!manifest.contains("{{"), "the web manifest names an unknown asset");
    bench.add("manifest.webmanifest", "application/manifest+json", manifest.into_bytes());
    write(&bench.built, &icons);
}

fn stylesheet(bench: &Bench) -> String {
    let keep = bench.text("tabler-keep.txt");
    let keep: Vec<&str> = words(&keep).collect();
    let tabler = bench.text("vendor/tabler/tabler.min.css");
    let ours: String = STYLES.iter().map(|file| css::compact(&bench.text(file))).collect();
    let joined = css::with_auto_dark(&(css::reduced(&tabler, &keep) + &ours));
    let banner =
        "/*! Contains parts of Tabler (https://tabler.io), MIT, Copyright 2018-2026 The Tabler Authors, Paweł Kuna */";
    match joined.strip_prefix("@charset \"UTF-8\";") {
        Some(rest) => format!("@charset \"UTF-8\";{banner}{rest}"),
        None => format!("{banner}{joined}"),
    }
}

/// A script without the comment that opens the file, which is for its readers.
fn script(bench: &Bench, file: &str) -> String {
    let text = bench.text(file);
    let body = match text.strip_prefix("/*") {
        Some(rest) => rest.split_once("*/").expect("the opening comment is closed").1,
        None => &text,
    };
    format!("{}\n", body.trim())
}

fn words(list: &str) -> impl Iterator<Item = &str> {
    list.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace)
}

fn icon_names(bench: &Bench) -> Vec<String> {
    let list = bench.text("icons.txt");
    let mut names: Vec<String> = words(&list).map(str::to_owned).collect();
    names.push("gongyu".to_owned());
    names.sort();
    names
}

fn sprite(bench: &Bench, icons: &[String]) -> String {
    let mut svg = String::from("<svg xmlns=\"http://www.w3.org/2000/svg\">");
    for icon in icons {
        let (file, paint) = match (icon.as_str(), icon.strip_prefix("f-")) {
            ("gongyu", _) => ("brand/gongyu.svg".to_owned(), ""),
            (_, Some(name)) => {
                (format!("vendor/tabler-icons/filled/{name}.svg"), " fill=\"currentColor\" stroke=\"none\"")
            }
            (name, None) => (format!("vendor/tabler-icons/outline/{name}.svg"), ""),
        };
        let text = bench.text(&file);
        let start = text.find("<svg").and_then(|at| text[at..].find('>').map(|n| at + n + 1));
        let end = text.rfind("</svg>");
        let (Some(start), Some(end)) = (start, end) else { panic!("{file} is not an svg") };
        let inner = text[start..end].split_whitespace().collect::<Vec<_>>().join(" ");
        let inner = inner.replace("<path stroke=\"none\" d=\"M0 0h24v24H0z\" fill=\"none\" />", "");
        let size = if icon == "gongyu" { 32 } else { 24 };
        write!(svg, "<symbol id=\"i-{icon}\" viewBox=\"0 0 {size} {size}\"{paint}>{}</symbol>", inner.trim())
            .expect("writing to a string cannot fail");
    }
    svg + "</svg>"
}

fn write(built: &[Built], icons: &[String]) {
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    // Debug builds are rebuilt all day, so they trade bytes for seconds.
    let quality = if env::var("PROFILE").as_deref() == Ok("release") { 9 } else { 4 };
    let mut list = format!("/// Icons in the sprite.\npub static ICONS: &[&str] = &{icons:?};\n");
    list.push_str("/// Every file served, in the order built.\npub static ASSETS: &[Asset] = &[\n");
    for asset in built {
        let raw_file = out.join(asset.name);
        fs::write(&raw_file, &asset.raw).expect("OUT_DIR can be written");
        let squeezed = squeeze(&asset.raw, quality);
        let br = if squeezed.len() * 10 < asset.raw.len() * 9 {
            let br_file = out.join(format!("{}.br", asset.name));
            fs::write(&br_file, squeezed).expect("OUT_DIR can be written");
            format!("Some(include_bytes!({:?}))", br_file.display().to_string())
        } else {
            "None".to_owned()
        };
        let (name, path, mime, hash) = (asset.name, &asset.path, asset.mime, &asset.hash);
        let raw = raw_file.display().to_string();
        writeln!(
            list,
            "Asset {{ name: {name:?}, path: {path:?}, mime: {mime:?}, etag: \"\\\"{hash}\\\"\", raw: include_bytes!({raw:?}), br: {br} }},"
        )
        .expect("writing to a string cannot fail");
    }
    list.push_str("];\n");
    fs::write(out.join("assets.rs"), list).expect("OUT_DIR can be written");
}

fn squeeze(raw: &[u8], quality: i32) -> Vec<u8> {
    let params = brotli::enc::BrotliEncoderParams { quality, size_hint: raw.len(), ..Default::default() };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &raw[..], &mut out, &params).expect("memory to memory cannot fail");
    out
}
