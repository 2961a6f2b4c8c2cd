//! The front-end files: built into the program by `build.rs` from `assets/`, served under names that carry their content
//! hash, so browsers may keep them for ever and a new release never meets an old file.

use axum::{
    Router,
    extract::Path,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{
            ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
            X_CONTENT_TYPE_OPTIONS,
        },
    },
    response::{IntoResponse, Response},
    routing::get,
};
use std::fmt;

/// One file as built into the program.
#[derive(Debug)]
pub struct Asset {
    /// The name code and templates use, such as `app.css`.
    pub name: &'static str,
    /// Where it is served, with its content hash: `/static/app.3f2a….css`.
    pub path: &'static str,
    /// Media type.
    pub mime: &'static str,
    /// Entity tag with its quotes.
    pub etag: &'static str,
    /// The bytes.
    pub raw: &'static [u8],
    /// The bytes after brotli, where that saves at least a tenth.
    pub br: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// Cache life of a hashed name: the content under it never changes (RFC 8246).
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Cache life of the few fixed names browsers ask for by themselves: a day.
const A_DAY: &str = "public, max-age=86400";

/// The address of a built file, by name: `url("app.css")`.
///
/// # Panics
/// In debug builds and tests, when there is no such file; a release answers an address that is not found.
#[must_use]
pub fn url(name: &str) -> &'static str {
    let found = ASSETS.iter().find(|asset| asset.name == name);
    debug_assert!(found.is_some(), "no asset is named {name}");
    found.map_or("/static/missing", |asset| asset.path)
}

/// An icon of the sprite, hidden from screen readers, as markup for a template: `{{ icon("home") }}`. Words beside it
/// carry the meaning.
///
/// # Panics
/// In debug builds and tests, when `assets/icons.txt` does not name the icon.
#[must_use]
pub fn icon(name: &'static str) -> Icon {
    debug_assert!(ICONS.contains(&name), "assets/icons.txt does not name {name}");
    Icon(name)
}

/// See [`icon`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Icon(&'static str);

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sprite = url("icons.svg");
        write!(f, "<svg class=\"icon\" aria-hidden=\"true\"><use href=\"{sprite}#i-{}\"/></svg>", self.0)
    }
}

// The only free part is a name checked against the sprite's list, so there is nothing to escape.
impl askama::filters::HtmlSafe for Icon {}

/// The class for a bar as wide as `part` of `whole`, in whole percent: `w-p97`. A share that is not nothing shows at least
/// one percent and one that is not everything at most 99, so that a bar never hides the last child.
#[must_use]
pub fn width_class(part: u64, whole: u64) -> String {
    let percent = match (part.min(whole), whole) {
        (0, _) => 0,
        (part, whole) if part == whole => 100,
        (part, whole) => {
            let exact = u128::from(part) * 200 + u128::from(whole);
            (exact / (u128::from(whole) * 2)).clamp(1, 99)
        }
    };
    format!("w-p{percent}")
}

/// Serves the built files, `/favicon.ico` and `/manifest.webmanifest`. Needs no session.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/static/{file}", get(hashed))
        .route("/favicon.ico", get(|h: HeaderMap| async move { fixed("favicon.ico", &h) }))
        .route("/manifest.webmanifest", get(|h: HeaderMap| async move { fixed("manifest.webmanifest", &h) }))
}

async fn hashed(Path(file): Path<String>, headers: HeaderMap) -> Response {
    let wanted = |asset: &&Asset| asset.path.strip_prefix("/static/") == Some(file.as_str());
    match ASSETS.iter().find(wanted) {
        Some(asset) => answer(asset, FOR_EVER, &headers),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn fixed(name: &str, headers: &HeaderMap) -> Response {
    match ASSETS.iter().find(|asset| asset.name == name) {
        Some(asset) => answer(asset, A_DAY, headers),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn answer(asset: &'static Asset, cache: &'static str, headers: &HeaderMap) -> Response {
    let mut response = if is_known(headers, asset.etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        match asset.br.filter(|_| takes_brotli(headers)) {
            Some(br) => ([(CONTENT_ENCODING, "br")], br).into_response(),
            None => asset.raw.into_response(),
        }
    };
    let out = response.headers_mut();
    out.insert(CONTENT_TYPE, HeaderValue::from_static(asset.mime));
    out.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    out.insert(ETAG, HeaderValue::from_static(asset.etag));
    out.insert(VARY, HeaderValue::from_static("accept-encoding"));
    out.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let sent = headers.get(IF_NONE_MATCH).and_then(|v| v.to_str().ok()).unwrap_or_default();
    sent.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag)
}

fn takes_brotli(headers: &HeaderMap) -> bool {
    let sent = headers.get(ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    sent.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let refused = |p: &str| matches!(p, "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
        parts.next() == Some("br") && !parts.any(refused)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{body::Body, http::Request};
    use tower::ServiceExt;

    async fn fetch(path: &str, header: (&str, &str)) -> Response {
        let request = Request::get(path).header(header.0, header.1).body(Body::empty()).unwrap();
        router::<()>().oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn a_hashed_file_is_kept_for_ever_and_answers_304_to_its_tag() {
        let first = fetch(url("app.css"), ("accept-encoding", "gzip, br")).await;
        assert_eq!(first.status(), StatusCode::OK);
        assert_eq!(first.headers()[CONTENT_ENCODING], "br");
        assert_eq!(first.headers()[CACHE_CONTROL], FOR_EVER);
        assert_eq!(first.headers()[X_CONTENT_TYPE_OPTIONS], "nosniff");
        let tag = first.headers()[ETAG].to_str().unwrap().to_owned();
        let again = fetch(url("app.css"), ("if-none-match", &tag)).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn brotli_is_sent_only_to_those_who_take_it() {
        for refusing in ["gzip", "br;q=0"] {
            let answer = fetch(url("app.js"), ("accept-encoding", refusing)).await;
            assert!(answer.headers().get(CONTENT_ENCODING).is_none(), "{refusing}");
        }
        let old_name = fetch("/static/app.000000000000.js", ("accept-encoding", "br")).await;
        assert_eq!(old_name.status(), StatusCode::NOT_FOUND);
    }

    /// DESIGN.md 6: first load of a phone page ≤ 150 KB over the wire. 30 KB are left for the page itself.
    #[test]
    fn phone_files_leave_room_for_the_page_within_150_kb() {
        let phone = ["app.css", "app.js", "htmx.js", "board.js", "icons.svg", "favicon.svg"];
        let wire = |name: &&str| {
            let asset = ASSETS.iter().find(|a| a.name == *name).unwrap();
            asset.br.unwrap_or(asset.raw).len()
        };
        let total: usize = phone.iter().map(wire).sum();
        assert!(total <= 120 * 1024, "{total} bytes");
    }

    #[test]
    fn a_bar_is_full_or_empty_only_when_the_share_is() {
        assert_eq!(width_class(0, 45), "w-p0");
        assert_eq!(width_class(1, 86_412), "w-p1");
        assert_eq!(width_class(86_411, 86_412), "w-p99");
        assert_eq!(width_class(45, 45), "w-p100");
        assert_eq!(width_class(42, 45), "w-p93");
        assert_eq!(width_class(3, 0), "w-p0");
    }

    #[test]
    fn every_stylesheet_rule_for_dark_has_a_twin_for_the_device_setting() {
        let css = std::str::from_utf8(ASSETS.iter().find(|a| a.name == "app.css").unwrap().raw).unwrap();
        assert_eq!(css.matches("[data-bs-theme=dark]").count(), css.matches("[data-bs-theme=auto]").count());
    }
}
