//! The shell: one page without anybody in it, the same for everybody, which the service worker keeps. The rest is
//! drawn on the phone, in both languages.

use super::{EN, ZH, form};
use askama::Template;
use gongyu_kernel::Result;
use gongyu_kernel::hex;
use gongyu_kernel::i18n::{Catalogue, Lang};
use gongyu_web::filters;
use gongyu_web::permit::Anyone;
use gongyu_web::show::View;
use gongyu_web::{App, Download, Get, Reply, assets};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// Where the shell lies.
pub(super) const ADDRESS: &str = "/visits/offline";
/// Scripts of the shell, in order.
const SCRIPTS: [&str; 4] = ["app.js", "sign.js", "offline-core.js", "offline.js"];
/// The other files it needs.
const FILES: [&str; 4] = ["app.css", "icons.svg", "favicon.svg", "icon-192.png"];

#[derive(Template)]
#[template(path = "visit/offline/pages/shell.html")]
struct Shell {
    scripts: [&'static str; 4],
    words: String,
    own_words: String,
    demo: bool,
}

/// `GET /visits/offline`.
pub(super) fn show(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    Ok(Reply::Partial(html(g.app)?))
}

/// `GET /sw.js`: the worker behind the lines that say what it keeps.
pub(super) fn worker(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    let text = worker_text(g.app)?;
    let media_type = "text/javascript; charset=utf-8";
    Ok(Reply::File(Download { name: "sw.js".to_owned(), media_type, bytes: text.into_bytes(), inline: true }))
}

fn worker_text(app: &App) -> Result<String> {
    let mut kept = vec![ADDRESS];
    kept.extend(SCRIPTS.iter().chain(&FILES).map(|name| assets::url(name)));
    let own = source("sw.js");
    // Whatever changes in the shell, in a file or in the worker itself makes a new version.
    let mut hash = Sha256::new();
    hash.update(html(app)?);
    hash.update(kept.join(" "));
    hash.update(own);
    let version = hex(&hash.finalize()[..8]);
    let (shell, kept, core) = (json!(ADDRESS), json!(kept), json!(assets::url("offline-core.js")));
    Ok(format!("self.VERSION={};self.SHELL={shell};self.PRECACHE={kept};importScripts({core});\n{own}", json!(version)))
}

/// The text of a built script.
fn source(name: &str) -> &'static str {
    let found = assets::ASSETS.iter().find(|a| a.name == name);
    found.and_then(|a| std::str::from_utf8(a.raw).ok()).unwrap_or_default()
}

/// The page, the same whoever asks.
fn html(app: &App) -> Result<String> {
    let view = View::plain(app, Lang::Zh);
    view.render(&Shell {
        scripts: SCRIPTS,
        words: json_in_html(&script_words(&view)),
        own_words: json_in_html(&own_words(&app.catalogue)),
        demo: app.config.demo,
    })
}

/// `<` cannot end the script element early.
fn json_in_html(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c")
}

/// The few words of `app.js` that the shell needs.
fn script_words(view: &View) -> Value {
    let raw = |key: &str| view.t(&format!("script-{key}"));
    json!({ "close": raw("close"), "yes": raw("yes"), "no": raw("no"), "undo": view.t("undo") })
}

fn own_words(catalogue: &Catalogue) -> Value {
    let mut words = Map::new();
    for (lang, text) in [(Lang::Zh, ZH), (Lang::En, EN)] {
        let mut of: Map<String, Value> = messages(text).map(|(k, v)| (k.to_owned(), Value::String(v))).collect();
        for key in form::word_keys().into_iter().chain(["product-name"]) {
            of.insert(key.to_owned(), Value::String(catalogue.t(lang, key).into_owned()));
        }
        words.insert(lang.tag().to_owned(), Value::Object(of));
    }
    json!({ "words": words, "form": form::forms(), "icons": assets::url("icons.svg") })
}

/// The messages of our own catalogue, each one line, a variable as `{name}`.
fn messages(text: &'static str) -> impl Iterator<Item = (&'static str, String)> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(" = "))
        .map(|(key, value)| (key, value.replace("{ $", "{").replace(" }", "}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn by_key(text: &'static str) -> HashMap<&'static str, String> {
        messages(text).collect()
    }

    /// Keys named in the scripts, whole ones only.
    fn named() -> Vec<String> {
        let script = source("offline.js");
        let mut keys = Vec::new();
        for part in script.split("'visit-offline-").skip(1) {
            let key: String =
                part.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
            if !key.ends_with('-') && !key.is_empty() {
                keys.push(format!("visit-offline-{key}"));
            }
        }
        keys
    }

    #[test]
    fn every_word_the_scripts_say_is_in_both_languages() {
        let (zh, en) = (by_key(ZH), by_key(EN));
        let named = named();
        assert!(named.len() > 60, "{}", named.len());
        for key in named {
            assert!(zh.contains_key(key.as_str()), "{key} is not in Chinese");
            assert!(en.contains_key(key.as_str()), "{key} is not in English");
        }
    }

    #[test]
    fn every_word_of_the_form_is_in_both_languages() {
        let (zh, en, text) = (by_key(ZH), by_key(EN), form::forms().to_string());
        for part in text.split("\"visit-offline-").skip(1) {
            let key = format!("visit-offline-{}", part.split('"').next().unwrap_or_default());
            assert!(zh.contains_key(key.as_str()) && en.contains_key(key.as_str()), "{key}");
        }
    }

    #[test]
    fn a_variable_is_written_as_the_scripts_fill_it() {
        let found: Vec<_> = messages("a = 还有{ $n }条\n# b = c\n").collect();
        assert_eq!(found, [("a", "还有{n}条".to_owned())]);
    }
}
