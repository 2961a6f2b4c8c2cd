//! Setting up one channel.

use super::fields::{self, Kind};
use super::settable;
use crate::channel::{Settings, Way, push, set_seal_key, set_secret, state, wechat_seal};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::Result;
use gongyu_kernel::error::Invalid;
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Holder, Post, Reply};

/// Longest value of a field, in characters.
const LONGEST: usize = 4000;
/// Shortest secret in the address of reports: nobody guesses it.
const REPORT: usize = 16;

struct Shown {
    name: &'static str,
    label: String,
    hint: String,
    kind: Kind,
    value: String,
    problem: String,
    choices: Vec<(&'static str, String)>,
}

impl Shown {
    fn is(&self, kind: &str) -> bool {
        kind == match self.kind {
            Kind::Text => "text",
            Kind::Secret => "secret",
            Kind::Lines => "lines",
            Kind::Tick => "tick",
            Kind::Choice(_) => "choice",
        }
    }
}

#[derive(Template)]
#[template(path = "desk/edit.html")]
struct Edit {
    way: Way,
    title: String,
    lead: String,
    fields: Vec<Shown>,
    kept: bool,
    report: String,
    fault: String,
    on: bool,
    demo: bool,
}

pub(super) fn show(g: &mut Get<'_>, _: Holder<right::ManageDelivery>) -> Result<Reply> {
    let way = settable(&g.req.param::<String>("channel")?)?;
    let settings = Settings::load(g.r)?;
    let secret = state::secret(g.r, &g.app.vault, way)?;
    let fault = state::all(g.r)?.remove(&way).map(|s| s.fault).unwrap_or_default();
    let key = |name: &str| format!("delivery-{}-{name}", way.code());
    let own = |g: &Get<'_>, name: &str, tail: &str| {
        // A field has words of its own, or shares those of its kind.
        let (own, shared) = (format!("{}{tail}", key(name)), format!("delivery-field-{name}{tail}"));
        let lang = g.view().lang();
        [own, shared].into_iter().find(|k| g.app.catalogue.has(lang, k)).map(|k| g.t(&k)).unwrap_or_default()
    };
    let fields = fields::of(way)
        .into_iter()
        .map(|field| {
            let initial = (field.get)(&settings);
            let choices = match field.kind {
                Kind::Choice(all) => all
                    .iter()
                    .map(|c| (*c, g.t(&format!("delivery-choice-{}", if c.is_empty() { "off" } else { c }))))
                    .collect(),
                _ => Vec::new(),
            };
            let value =
                if field.kind == Kind::Secret { String::new() } else { g.value(field.name, &initial).to_owned() };
            Shown {
                name: field.name,
                label: own(g, field.name, ""),
                hint: own(g, field.name, "-hint"),
                kind: field.kind,
                value,
                problem: g.problem(field.name),
                choices,
            }
        })
        .collect();
    let base = g.app.config.link_base();
    let report = match way {
        Way::Wechat => format!("{base}/reports/wechat"),
        Way::Sms if !secret.report.is_empty() && !settings.sms.provider.is_empty() => {
            format!("{base}/reports/{}/{}", settings.sms.provider, secret.report)
        }
        _ => String::new(),
    };
    let page = Edit {
        way,
        title: g.t(&format!("way-{}", way.code())),
        lead: g.t(&key("lead")),
        fields,
        kept: !secret.key.is_empty(),
        report,
        fault,
        on: settings.is_on(way),
        demo: g.app.config.demo,
    };
    g.page(page.title.clone(), "delivery", &page)
}

pub(super) fn save(p: &mut Post<'_>, _: Holder<right::ManageDelivery>) -> Result<Reply> {
    let way = settable(&p.req.param::<String>("channel")?)?;
    let (mut settings, mut invalid) = (Settings::load(p.tx)?, Invalid::default());
    for field in fields::of(way) {
        let typed = p.form().optional(field.name, LONGEST, &mut invalid);
        match field.kind {
            Kind::Choice(all) if !all.contains(&typed.as_str()) => invalid.push(field.name, "field-choose"),
            _ => (field.set)(&mut settings, &typed),
        }
    }
    let (key, report) = (p.form().get("key").to_owned(), p.form().get("report").to_owned());
    if way == Way::Sms
        && !report.is_empty()
        && (report.len() < REPORT || !report.bytes().all(|b| b.is_ascii_alphanumeric()))
    {
        invalid.push("report", "delivery-report-short");
    }
    let seal = p.form().get("seal-key").to_owned();
    if way == Way::Wechat && !matches!(seal.as_str(), "" | "-") && !wechat_seal::is_key(&seal) {
        invalid.push("seal-key", "delivery-seal-key-odd");
    }
    let base = match way {
        Way::Sms => &settings.sms.base,
        Way::Wechat => &settings.wechat.base,
        Way::Wecom => &settings.wecom.base,
        Way::Push | Way::Email | Way::App => "",
    };
    // Keys and children's names go there: unencrypted only to this machine itself.
    let local = ["http://127.0.0.1", "http://localhost"].iter().any(|l| base.starts_with(l));
    if !(base.is_empty() || base.starts_with("https://") || local) {
        invalid.push("base", "delivery-base-https");
    }
    invalid.into_result()?;
    if way == Way::Push && settings.push.public_key.is_empty() {
        let (public, private) = push::new_keys(&p.app.random)?;
        settings.push.public_key = public;
        set_secret(p.tx, &p.app.vault, way, &private, "")?;
    } else {
        set_secret(p.tx, &p.app.vault, way, &key, &report)?;
    }
    if way == Way::Wechat {
        set_seal_key(p.tx, &p.app.vault, way, &seal)?;
    }
    settings.save(p.tx)?;
    p.audit("delivery.set", ("channel", None), &format!("{{\"channel\":\"{}\"}}", way.code()))?;
    Ok(Reply::to_with(format!("/delivery/{}", way.code()), Flash::new("delivery-saved")))
}
