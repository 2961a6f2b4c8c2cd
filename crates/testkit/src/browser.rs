//! Walks: a browser a test uses as a person would, by the words on the screen.
//!
//! ```no_run
//! # use gongyu_testkit::browser::Browser;
//! # async fn walk() {
//! let phone = Browser::phone().await;
//! phone.goto("http://127.0.0.1:8080/").await;
//! phone.fill("手机号", "13900000000").await;
//! phone.click_text("下一步").await;
//! phone.see("验证码已发送").await;
//! phone.screenshot("sign-in-phone").await;
//! phone.quit().await;
//! # }
//! ```
//! A test that uses one has `walk` in its name: `cargo xtask test --fast` leaves those out. Every helper
//! waits up to ten seconds and then panics with what the screen says; a picture of it is under
//! `target/walks/`.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::prelude::*;
use thirtyfour::{ChromiumLikeCapabilities, LoggingPrefsLogLevel};

use crate::chromedriver;

const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(40);
/// What a phone's browser calls itself; teachers get the phone shell by it.
const PHONE_AGENT: &str = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/150.0 Mobile Safari/537.36";
const FIND: &str = include_str!("walk.js");
const SET_VALUE: &str = include_str!("set_value.js");

/// The two screens every page is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// 390 × 844 with touch: a guardian's or teacher's phone.
    Phone,
    /// 1440 × 900: an office PC.
    Pc,
}

/// A headless Chromium with an empty profile and Chinese as its language.
#[derive(Debug)]
pub struct Browser {
    driver: WebDriver,
    /// After the driver, so that the browser has let go of it when it is removed.
    _profile: TempDir,
}

impl Browser {
    /// A phone of 390 × 844 points with touch.
    ///
    /// # Panics
    /// When no browser can be started.
    pub async fn phone() -> Self {
        Self::open(Screen::Phone).await
    }

    /// A PC screen of 1440 × 900.
    ///
    /// # Panics
    /// When no browser can be started.
    pub async fn pc() -> Self {
        Self::open(Screen::Pc).await
    }

    /// A browser of that screen.
    ///
    /// # Panics
    /// When no browser can be started.
    pub async fn open(screen: Screen) -> Self {
        let profile = tempfile::Builder::new().prefix("gongyu-browser-").tempdir().expect("a temporary directory");
        let capabilities = capabilities(screen, &profile).expect("capabilities are plain values");
        let driver = WebDriver::builder(chromedriver::url(), capabilities)
            .client(chromedriver::Loopback)
            .connect()
            .await
            .unwrap_or_else(|error| panic!("no browser session: {error}"));
        Self { driver, _profile: profile }
    }

    /// The WebDriver session, for what the helpers do not do.
    #[must_use]
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Opens a page.
    pub async fn goto(&self, url: &str) {
        if let Err(error) = self.driver.goto(url).await {
            self.fail(&format!("{url} cannot be opened: {error}")).await;
        }
    }

    /// The address of the page on screen.
    pub async fn url(&self) -> String {
        self.driver.current_url().await.map(String::from).unwrap_or_default()
    }

    /// Clicks the button, link, tab or label with these words (or this accessible name).
    pub async fn click_text(&self, words: &str) {
        let began = Instant::now();
        loop {
            let clicked = match self.find("click", words).await {
                Some(element) => element.click().await.map_err(|error| error.to_string()),
                None => Err("there is nothing of that name to click".to_owned()),
            };
            match clicked {
                Ok(()) => return,
                Err(error) if began.elapsed() > PATIENCE => {
                    self.fail(&format!("cannot click \u{201c}{words}\u{201d}: {error}")).await;
                }
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    /// Fills the field with this label (or accessible name, or placeholder): types into a text field,
    /// chooses the option with that text or value, sets a date (`2026-11-23`), gives a file's path.
    pub async fn fill(&self, label: &str, value: &str) {
        let began = Instant::now();
        loop {
            let filled = match self.find("fill", label).await {
                Some(control) => self.enter(&control, value).await,
                None => Err("there is no field of that name".to_owned()),
            };
            match filled {
                Ok(()) => return,
                Err(error) if began.elapsed() > PATIENCE => {
                    self.fail(&format!("cannot fill \u{201c}{label}\u{201d}: {error}")).await;
                }
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    async fn enter(&self, control: &WebElement, value: &str) -> Result<(), String> {
        let told = |error: WebDriverError| error.to_string();
        let tag = control.tag_name().await.map_err(told)?;
        let kind = control.attr("type").await.map_err(told)?.unwrap_or_default();
        let by_value = ["date", "time", "month", "datetime-local", "color", "range"].contains(&kind.as_str());
        // Keys beyond the basic plane (rare characters in names) are refused by the driver.
        let beyond_keys = kind != "file" && value.chars().any(|c| c > '\u{FFFF}');
        if tag == "select" || by_value || beyond_keys {
            let arguments = vec![control.to_json().map_err(told)?, json!(value)];
            let set = self.driver.execute(SET_VALUE, arguments).await.map_err(told)?;
            return if set.json() == &Value::Bool(true) { Ok(()) } else { Err(format!("no option `{value}`")) };
        }
        if kind != "file" {
            control.clear().await.map_err(told)?;
        }
        control.send_keys(value).await.map_err(told)
    }

    /// Waits until the words are on the screen.
    pub async fn see(&self, words: &str) {
        if !self.comes_true(|text| text.contains(&tidy(words))).await {
            self.fail(&format!("\u{201c}{words}\u{201d} is not on the screen")).await;
        }
    }

    /// Waits until the words are no longer on the screen. See something of the new page first, or the
    /// words may merely not have come yet.
    pub async fn not_see(&self, words: &str) {
        if !self.comes_true(|text| !text.contains(&tidy(words))).await {
            self.fail(&format!("\u{201c}{words}\u{201d} is still on the screen")).await;
        }
    }

    async fn comes_true(&self, is_so: impl Fn(&str) -> bool) -> bool {
        let began = Instant::now();
        loop {
            // Between two pages there is no text to read; that is no failure yet.
            if self.read_text().await.is_ok_and(|text| is_so(&text)) {
                return true;
            }
            if began.elapsed() > PATIENCE {
                return false;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// The visible text, every run of white space one space.
    pub async fn text(&self) -> String {
        self.read_text().await.unwrap_or_default()
    }

    async fn read_text(&self) -> WebDriverResult<String> {
        let text = self.driver.execute("return document.body ? document.body.innerText : ''", vec![]).await?;
        Ok(tidy(text.json().as_str().unwrap_or_default()))
    }

    /// Keeps a picture of the screen as `target/walks/NAME.png` and returns its path.
    pub async fn screenshot(&self, name: &str) -> PathBuf {
        let folder = walks_folder();
        std::fs::create_dir_all(&folder).expect("target/walks can be made");
        let path = folder.join(format!("{name}.png"));
        self.driver.screenshot(&path).await.unwrap_or_else(|error| panic!("no screenshot: {error}"));
        path
    }

    /// Signs in by a ready cookie, `name=value`, for the site at `origin` (`http://127.0.0.1:PORT`).
    /// The site is opened first, for a browser takes cookies only for a page it is on.
    pub async fn set_cookie(&self, origin: &str, pair: &str) {
        self.goto(origin).await;
        let (name, value) = pair.split_once('=').unwrap_or_else(|| panic!("`{pair}` is not name=value"));
        let mut cookie = Cookie::new(name, value);
        cookie.set_path("/");
        cookie.set_http_only(true);
        cookie.set_secure(name.starts_with("__Host-") || name.starts_with("__Secure-"));
        if let Err(error) = self.driver.add_cookie(cookie).await {
            self.fail(&format!("the cookie {name} is refused: {error}")).await;
        }
    }

    /// Errors the console has shown since the last call: script errors, files not found, refused by CSP.
    pub async fn console_errors(&self) -> Vec<String> {
        let entries = self.driver.browser_log().await.unwrap_or_else(|error| panic!("no console log: {error}"));
        entries.into_iter().filter(|entry| entry.level == "SEVERE").map(|entry| entry.message).collect()
    }

    /// # Panics
    /// When the console has shown an error since the last look at it.
    pub async fn assert_quiet_console(&self) {
        let errors = self.console_errors().await;
        assert!(errors.is_empty(), "the console of {} says:\n{}", self.url().await, errors.join("\n"));
    }

    /// Ends the browser. A browser merely dropped is ended too, but blocks the runtime meanwhile.
    pub async fn quit(self) {
        self.driver.quit().await.unwrap_or_else(|error| panic!("the browser does not end: {error}"));
    }

    async fn find(&self, what: &str, words: &str) -> Option<WebElement> {
        self.driver.execute(FIND, vec![json!(what), json!(words)]).await.ok()?.element().ok()
    }

    /// Panics with the message, the address and the words on the screen.
    async fn fail(&self, message: &str) -> ! {
        let name = format!("failed-{}", std::process::id());
        let picture = walks_folder().join(format!("{name}.png"));
        // The panic below says what went wrong; a picture that cannot be taken must not replace it.
        let _ = std::fs::create_dir_all(walks_folder());
        let _ = self.driver.screenshot(&picture).await;
        let (url, text) = (self.url().await, self.text().await);
        panic!("{message}\nat {url}\npicture: target/walks/{name}.png\nthe screen says: {text}");
    }
}

fn capabilities(screen: Screen, profile: &TempDir) -> WebDriverResult<thirtyfour::Capabilities> {
    let mut chrome = DesiredCapabilities::chrome();
    if let Some(binary) = test_servers::chromium_binary() {
        chrome.set_binary(&binary.to_string_lossy())?;
    }
    for argument in [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        "--lang=zh-CN",
        // Nothing a page names outside this machine may be asked for, not even by mistake.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    ] {
        chrome.add_arg(argument)?;
    }
    chrome.add_arg(&format!("--user-data-dir={}", profile.path().display()))?;
    chrome.add_experimental_option("prefs", json!({ "intl.accept_languages": "zh-CN,zh" }))?;
    match screen {
        Screen::Phone => chrome.add_experimental_option(
            "mobileEmulation",
            json!({
                "deviceMetrics": { "width": 390, "height": 844, "pixelRatio": 2.0, "touch": true, "mobile": true },
                "userAgent": PHONE_AGENT,
            }),
        )?,
        // Headless Chromium counts the window's frame out of the page's size.
        Screen::Pc => chrome.add_arg("--window-size=1440,900")?,
    }
    chrome.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    Ok(chrome.into())
}

fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn walks_folder() -> PathBuf {
    let workspace = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target"));
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(workspace, PathBuf::from).join("walks")
}
