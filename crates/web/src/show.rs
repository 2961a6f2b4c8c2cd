//! Words, numbers and days as a person reads them; the values that reach every template without
//! being fields of each page.

use crate::app::App;
use crate::request::{PREFS_COOKIE, Req};
use askama::{Template, Values};
use fluent_bundle::FluentValue;
use gongyu_access::session::Found;
use gongyu_access::{Prefs, Role};
use gongyu_kernel::error::Code;
use gongyu_kernel::i18n::{Catalogue, Lang};
use gongyu_kernel::{Date, Error, Millis, Result};
use std::any::Any;
use std::sync::Arc;

/// The language, look and form secret of one request.
pub struct View {
    catalogue: Arc<Catalogue>,
    /// How the person likes their pages.
    pub prefs: Prefs,
    /// Secret for the forms of the session; empty when nobody is signed in.
    pub csrf: String,
    /// The moment of the request.
    pub now: Millis,
    /// Name of the person; empty when nobody is signed in.
    pub name: String,
    /// Unit of the hat.
    pub unit_name: String,
    /// The hat's role.
    pub role: Option<Role>,
    /// Shown in the phone shell: guardians always, teachers and community workers when they hold a phone.
    pub phone: bool,
    /// Demo mode.
    pub demo: bool,
}

impl View {
    /// The view of a request.
    pub fn of(app: &App, req: &Req, found: Option<&Found>, now: Millis) -> Self {
        let prefs = found.map_or_else(|| guest_prefs(req), |f| f.actor.prefs);
        Self {
            catalogue: app.catalogue.clone(),
            prefs,
            csrf: found.map(|f| f.csrf.clone()).unwrap_or_default(),
            now,
            name: found.map(|f| f.actor.name.clone()).unwrap_or_default(),
            unit_name: found.map(|f| f.actor.hat.unit_name.clone()).unwrap_or_default(),
            role: found.map(|f| f.actor.hat.role),
            phone: in_phone_shell(found.map(|f| f.actor.hat.role), req),
            demo: app.config.demo,
        }
    }

    /// A view for text made outside a request: files, jobs, commands.
    pub fn plain(app: &App, lang: Lang) -> Self {
        Self {
            catalogue: app.catalogue.clone(),
            prefs: Prefs { lang, ..Prefs::default() },
            csrf: String::new(),
            now: app.clock().now(),
            name: String::new(),
            unit_name: String::new(),
            role: None,
            phone: false,
            demo: app.config.demo,
        }
    }

    /// The language.
    pub fn lang(&self) -> Lang {
        self.prefs.lang
    }

    /// A message.
    pub fn t(&self, key: &str) -> String {
        self.catalogue.t(self.lang(), key).into_owned()
    }

    /// A message with arguments.
    pub fn ta(&self, key: &str, args: &[(&str, FluentValue<'_>)]) -> String {
        self.catalogue.ta(self.lang(), key, args)
    }

    /// Whether the catalogue has a message.
    pub fn has(&self, key: &str) -> bool {
        self.catalogue.has(self.lang(), key)
    }

    /// The words of a code.
    pub fn code(&self, code: &Code) -> String {
        self.catalogue.code(self.lang(), code)
    }

    /// Fills a template.
    ///
    /// # Errors
    /// `Error::Internal` when the template fails.
    pub fn render(&self, template: &impl Template) -> Result<String> {
        template.render_with_values(&Carried(self.carried())).map_err(Error::internal)
    }

    fn carried(&self) -> Words {
        Words { catalogue: self.catalogue.clone(), lang: self.lang(), csrf: self.csrf.clone(), now: self.now }
    }

    /// The Beijing day of the request.
    pub fn today(&self) -> Date {
        self.now.date()
    }

    /// 11月23日, with the year where it is not this one.
    pub fn day(&self, day: Date) -> String {
        day_text(self.lang(), day, self.today())
    }

    /// 今天10:20, 昨天09:05, 11月20日.
    pub fn moment(&self, at: Millis) -> String {
        moment_text(&self.carried(), at)
    }
}

fn in_phone_shell(role: Option<Role>, req: &Req) -> bool {
    let handheld = || {
        let agent = req.header("user-agent").unwrap_or_default();
        ["Mobile", "Android", "iPhone", "HarmonyOS", "MicroMessenger"].iter().any(|mark| agent.contains(mark))
    };
    match role {
        None | Some(Role::Guardian) => true,
        Some(Role::ClassTeacher | Role::SubjectTeacher | Role::CommunityWorker) => handheld(),
        Some(_) => false,
    }
}

fn guest_prefs(req: &Req) -> Prefs {
    let mut prefs = Prefs { lang: req.wanted_lang(), ..Prefs::default() };
    for part in req.cookie(PREFS_COOKIE).unwrap_or_default().split('.') {
        if part == "elder" {
            prefs.elder = true;
        } else if let Some(theme) = gongyu_access::actor::Theme::parse(part) {
            prefs.theme = theme;
        } else if let Some(lang) = Lang::parse(part) {
            prefs.lang = lang;
        }
    }
    prefs
}

/// What filters may look at.
pub struct Words {
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) lang: Lang,
    pub(crate) csrf: String,
    pub(crate) now: Millis,
}

struct Carried(Words);

impl Values for Carried {
    fn get_value<'a>(&'a self, key: &str) -> Option<&'a dyn Any> {
        (key == "words").then_some(&self.0 as &dyn Any)
    }
}

pub(crate) fn words(values: &dyn Values) -> askama::Result<&Words> {
    askama::get_value::<Words>(values, "words")
}

pub(crate) fn day_text(lang: Lang, day: Date, today: Date) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = MONTHS[usize::from(day.month().unsigned_abs().clamp(1, 12)) - 1];
    match (lang, day.year() == today.year()) {
        (Lang::Zh, true) => format!("{}月{}日", day.month(), day.day()),
        (Lang::Zh, false) => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        (Lang::En, true) => format!("{} {month}", day.day()),
        (Lang::En, false) => format!("{} {month} {}", day.day(), day.year()),
    }
}

pub(crate) fn moment_text(words: &Words, at: Millis) -> String {
    let (civil, today) = (at.civil(), words.now.date());
    let clock = format!("{:02}:{:02}", civil.hour(), civil.minute());
    if civil.date() == today {
        words.catalogue.ta(words.lang, "today-at", &[("clock", clock.into())])
    } else if today.yesterday().is_ok_and(|y| y == civil.date()) {
        words.catalogue.ta(words.lang, "yesterday-at", &[("clock", clock.into())])
    } else {
        day_text(words.lang, civil.date(), today)
    }
}

/// 1,246.
pub fn thousands(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if n < 0 {
        out.push('−');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A share in percent with one decimal; never 100.0 unless it is whole, never 0.0 unless it is none.
pub fn percent(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return "—".to_owned();
    }
    let tenths = (part as i128 * 1000 + whole as i128 / 2) / whole as i128;
    let tenths = if part < whole { tenths.min(999) } else { tenths };
    let tenths = if part > 0 { tenths.max(1) } else { tenths };
    format!("{}.{}%", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_share_is_whole_only_when_nothing_is_left() {
        assert_eq!(percent(9_999, 10_000), "99.9%");
        assert_eq!(percent(10_000, 10_000), "100.0%");
        assert_eq!(percent(1, 100_000), "0.1%");
        assert_eq!(percent(0, 0), "—");
    }

    #[test]
    fn the_year_is_said_only_where_it_could_be_another() {
        let today = date(2026, 11, 23);
        assert_eq!(day_text(Lang::Zh, date(2026, 1, 9), today), "1月9日");
        assert_eq!(day_text(Lang::Zh, date(2025, 12, 31), today), "2025年12月31日");
        assert_eq!(day_text(Lang::En, date(2025, 12, 31), today), "31 Dec 2025");
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(thousands(1_246), "1,246");
        assert_eq!(thousands(86_412_000), "86,412,000");
        assert_eq!(thousands(-38), "−38");
    }
}
