//! What a handler answers, and the one layout around every page.

use crate::app::App;
use crate::filters;
use crate::flash::Flash;
use crate::show::View;
use askama::Template;
use axum::http::{HeaderValue, StatusCode};
use gongyu_access::Role;
use gongyu_kernel::Result;
use gongyu_kernel::i18n::{Catalogue, Lang};

/// A file on its way to a person.
pub struct Download {
    /// Name it is saved under.
    pub name: String,
    /// Media type.
    pub media_type: &'static str,
    /// Content.
    pub bytes: Vec<u8>,
    /// Shown in the browser rather than saved.
    pub inline: bool,
}

impl Download {
    /// An xlsx workbook.
    pub fn xlsx(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        let media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        Self { name: name.into(), media_type, bytes, inline: false }
    }

    /// A PDF, shown in the browser.
    pub fn pdf(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self { name: name.into(), media_type: "application/pdf", bytes, inline: true }
    }
}

/// A file kept among the blobs, streamed as it lies there. It comes from people, so it runs nothing and is never typed by guess.
pub struct Stored {
    /// Where it lies.
    pub path: std::path::PathBuf,
    /// Name it is saved under.
    pub name: String,
    /// Media type found from the content.
    pub media_type: String,
    /// Shown in the browser rather than saved.
    pub inline: bool,
}

type Make = Box<dyn FnOnce() -> Result<Download> + Send>;

/// What a handler answers.
pub enum Reply {
    /// A whole page.
    Page(Page),
    /// A part of a page.
    Partial(String),
    /// A part of a page, and what the page is told besides: a toast, cells to fetch anew.
    Told {
        /// The part; may be empty.
        html: String,
        /// Events and their details, as htmx takes them from `HX-Trigger`.
        trigger: serde_json::Value,
    },
    /// Another address, with a message to show there.
    Redirect {
        /// Where to.
        to: String,
        /// Message.
        flash: Option<Flash>,
        /// Cookies to set.
        cookies: Vec<HeaderValue>,
    },
    /// JSON.
    Json(StatusCode, serde_json::Value),
    /// A file that is ready.
    File(Download),
    /// A kept file, streamed.
    Stored(Stored),
    /// A file made after the transaction, off the database thread.
    Deferred(Make),
}

impl Reply {
    /// Another address.
    pub fn to(address: impl Into<String>) -> Self {
        Self::Redirect { to: address.into(), flash: None, cookies: Vec::new() }
    }

    /// Another address, with a message.
    pub fn to_with(address: impl Into<String>, flash: Flash) -> Self {
        Self::Redirect { to: address.into(), flash: Some(flash), cookies: Vec::new() }
    }

    /// Nothing to swap in, only events for the page: `{"gy-toast": {"text": "记好了"}}`.
    pub fn told(trigger: serde_json::Value) -> Self {
        Self::Told { html: String::new(), trigger }
    }

    /// A file made off the database thread.
    pub fn later(make: impl FnOnce() -> Result<Download> + Send + 'static) -> Self {
        Self::Deferred(Box::new(make))
    }

    /// The page with a script of its own.
    #[must_use]
    pub fn script(self, name: &'static str) -> Self {
        match self {
            Self::Page(mut page) => {
                page.scripts.push(name);
                Self::Page(page)
            }
            other => other,
        }
    }

    /// The page in the bare shell, without navigation.
    #[must_use]
    pub fn bare(self) -> Self {
        match self {
            Self::Page(mut page) => {
                page.bare = true;
                Self::Page(page)
            }
            other => other,
        }
    }
}

/// A page before its layout.
pub struct Page {
    title: String,
    nav: &'static str,
    body: String,
    scripts: Vec<&'static str>,
    bare: bool,
}

impl Page {
    /// A page.
    pub fn new(title: String, nav: &'static str, body: String) -> Self {
        Self { title, nav, body, scripts: Vec::new(), bare: false }
    }

    /// The same page without navigation.
    #[must_use]
    pub fn bare(mut self) -> Self {
        self.bare = true;
        self
    }
}

struct NavLink {
    label: String,
    href: &'static str,
    icon: &'static str,
    here: bool,
    bar: bool,
    act: bool,
}

#[derive(Template)]
#[template(path = "layout.html")]
struct Layout<'a> {
    view: &'a View,
    title: &'a str,
    body: &'a str,
    scripts: &'a [&'static str],
    phone: bool,
    bare: bool,
    nav: Vec<NavLink>,
    flash: Option<(String, Option<&'a str>)>,
    script_words: &'a str,
}

impl Layout<'_> {
    /// Whether what this person's forms take is counted: the work of staff, never a family's.
    fn is_staff(&self) -> bool {
        self.view.role.is_some_and(|role| role != Role::Guardian)
    }
    #[expect(clippy::unused_self, reason = "called from the template")]
    fn role_key(&self, role: &Role) -> String {
        format!("role-{}", role.code().replace('_', "-"))
    }
    fn bar(&self) -> impl Iterator<Item = &NavLink> {
        self.nav.iter().filter(|link| link.bar)
    }
    fn initial(&self) -> String {
        self.view.name.chars().next().map(String::from).unwrap_or_default()
    }
}

pub(crate) fn render(app: &App, view: &View, page: &Page, flash: Option<&Flash>) -> Result<String> {
    let bare = page.bare || view.role.is_none();
    let nav = match (bare, view.role) {
        (false, Some(role)) => app
            .nav_of(role)
            .iter()
            .map(|item| NavLink {
                label: view.t(item.label),
                href: item.href,
                icon: item.icon,
                here: item.key == page.nav,
                bar: item.bar,
                act: item.icon == "plus",
            })
            .collect(),
        _ => Vec::new(),
    };
    let layout = Layout {
        view,
        title: &page.title,
        body: &page.body,
        scripts: &page.scripts,
        phone: view.phone,
        bare,
        nav,
        flash: flash.map(|f| (view.code(&f.code()), f.undo.as_deref())),
        script_words: app.shell().script_words.iter().find(|(l, _)| *l == view.lang()).map_or("{}", |(_, w)| w),
    };
    view.render(&layout)
}

/// The few words that scripts say themselves. `<` cannot end the script element early.
pub(crate) fn script_words(catalogue: &Catalogue, lang: Lang) -> String {
    let raw = |key: &str| catalogue.t(lang, &format!("script-{key}")).into_owned();
    let with = |key: &str, name: &str, value: &str| catalogue.ta(lang, key, &[(name, value.into())]);
    let words = serde_json::json!({
        "undo": catalogue.t(lang, "undo"), "close": raw("close"), "yes": raw("yes"), "no": raw("no"),
        "failed": raw("failed"), "offline": raw("offline"), "read": raw("read"), "stop": raw("stop"),
        "tooBig": with("script-too-big", "max", "{max}"),
        "sending": with("script-sending", "percent", "{percent}"),
        "checking": raw("checking"),
        "picked": with("script-picked", "n", "{n}"),
    });
    words.to_string().replace('<', "\\u003c")
}
