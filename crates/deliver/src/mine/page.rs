//! The page of a person's channels.

use super::person;
use crate::channel::{Settings, Way};
use crate::choice::{self, Choice, address};
use crate::desk::{clock, minutes};
use crate::policy::Policy;
use askama::Template;
use gongyu_access::Role;
use gongyu_kernel::error::Invalid;
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_registry::people;
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Post, Reply, Signed};

struct Bound {
    id: Id,
    label: String,
    since: Millis,
}

struct Line {
    way: Way,
    icon: &'static str,
    label: String,
    state: String,
    /// There is an address, so it can be chosen.
    ready: bool,
    wanted: bool,
    bound: Vec<Bound>,
    bind: &'static str,
}

#[derive(Template)]
#[template(path = "mine/page.html")]
struct Mine {
    phone: bool,
    family: bool,
    lines: Vec<Line>,
    digest: bool,
    digest_at: String,
    district_quiet: String,
    own_quiet: bool,
    quiet_from: String,
    quiet_to: String,
    lang: &'static str,
    push_key: String,
    problems: Vec<(&'static str, String)>,
}

impl Mine {
    fn times(&self) -> [(&'static str, &str); 2] {
        [("quiet-from", &self.quiet_from), ("quiet-to", &self.quiet_to)]
    }
    /// Something is bound, or can be.
    fn binds(&self) -> bool {
        !self.push_key.is_empty() || self.lines.iter().any(|l| !l.bound.is_empty() || !l.bind.is_empty())
    }
    fn problem(&self, field: &str) -> &str {
        self.problems.iter().find(|(name, _)| *name == field).map_or("", |(_, why)| why.as_str())
    }
}

pub(super) fn show(g: &mut Get<'_>, Signed(actor): Signed) -> Result<Reply> {
    let person = person(&actor);
    let choice = choice::of_people(g.r, &[person])?.remove(&person).unwrap_or_default();
    let mut addresses = address::of_people(g.r, &g.app.vault, &[person])?.remove(&person).unwrap_or_default();
    let (settings, policy) = (Settings::load(g.r)?, Policy::load(g.r)?);
    let number = match actor.guardian {
        Some(guardian) if actor.hat.role == Role::Guardian => people::phone_of(g.r, &g.app.vault, guardian)?,
        _ => None,
    };
    let demo = g.app.config.demo;
    let mut lines = Vec::new();
    for way in Way::ALL {
        let on = way == Way::App || demo || settings.is_on(way);
        let bound: Vec<Bound> = addresses
            .extract_if(.., |a| a.way == way)
            .map(|a| Bound { id: a.id, label: shown(g, way, &a.to, &a.label), since: a.created })
            .collect();
        // A channel the district does not have, or one that only the school can join, is not offered.
        if !on || (way == Way::Wecom && bound.is_empty()) || (way == Way::Sms && actor.hat.role != Role::Guardian) {
            continue;
        }
        let ready = match way {
            Way::App => true,
            Way::Sms => number.is_some(),
            _ => !bound.is_empty(),
        };
        let state = match way {
            Way::App => g.t("channels-app-state"),
            Way::Sms => number.as_deref().map_or_else(|| g.t("channels-sms-none"), crate::outbox::ends),
            _ if ready => g.t("channels-bound"),
            _ => g.t("channels-not-bound"),
        };
        let bind = match way {
            Way::Wechat if !demo => "/me/channels/wechat",
            Way::Email => "/me/channels/email",
            _ => "",
        };
        lines.push(Line {
            way,
            icon: crate::desk::icon(way),
            label: g.t(&format!("way-{}", way.code())),
            state,
            ready,
            wanted: choice.wants(way),
            bound,
            bind,
        });
    }
    let quiet = choice.quiet.unwrap_or((policy.quiet_from, policy.quiet_to));
    let page = Mine {
        phone: g.view().phone,
        family: actor.hat.role == Role::Guardian,
        lines,
        digest: choice.digest,
        digest_at: clock(policy.digest_at),
        district_quiet: format!("{}–{}", clock(policy.quiet_from), clock(policy.quiet_to)),
        own_quiet: choice.quiet.is_some(),
        quiet_from: g.value("quiet-from", &clock(quiet.0)).to_owned(),
        quiet_to: g.value("quiet-to", &clock(quiet.1)).to_owned(),
        lang: choice.lang.map_or("", Lang::tag),
        push_key: settings.push.public_key,
        problems: ["quiet-from", "quiet-to", "way"].map(|f| (f, g.problem(f))).into(),
    };
    Ok(g.page(g.t("channels-title"), "me", &page)?.script("push.js"))
}

fn shown(g: &Get<'_>, way: Way, to: &str, label: &str) -> String {
    match way {
        Way::Email => match to.split_once('@') {
            Some((name, domain)) => format!("{}***@{domain}", name.chars().take(2).collect::<String>()),
            None => String::new(),
        },
        Way::Push if label.is_empty() => g.t("channels-push-browser"),
        Way::Push => label.to_owned(),
        _ => g.t("channels-bound"),
    }
}

pub(super) fn save(p: &mut Post<'_>, Signed(actor): Signed) -> Result<Reply> {
    let mut invalid = Invalid::default();
    let form = p.form();
    let offered: Vec<Way> = form.all("offered").into_iter().filter_map(Way::parse).collect();
    let mut ways: Vec<Way> = form.all("way").into_iter().filter_map(Way::parse).collect();
    ways.dedup();
    // All of what was offered means: also what comes later.
    if offered.iter().all(|w| ways.contains(w)) {
        ways.clear();
    } else if ways.is_empty() {
        ways = vec![Way::App];
    }
    let quiet = form
        .ticked("own-quiet")
        .then(|| (minutes(form, "quiet-from", &mut invalid), minutes(form, "quiet-to", &mut invalid)));
    let choice = Choice { ways, digest: form.get("when") == "digest", lang: Lang::parse(form.get("lang")), quiet };
    invalid.into_result()?;
    choice::save(p.tx, person(&actor), &choice)?;
    p.audit("channels.choose", ("account", Some(actor.account)), "{}")?;
    Ok(Reply::to_with("/me/channels", Flash::new("channels-saved")))
}

pub(super) fn remove(p: &mut Post<'_>, Signed(actor): Signed) -> Result<Reply> {
    let id: Id = p.req.param("id")?;
    if !address::forget(p.tx, person(&actor), id)? {
        return Err(Error::NotFound);
    }
    p.audit("channels.unbind", ("address", Some(id)), "{}")?;
    Ok(Reply::to_with("/me/channels", Flash::new("channels-removed")))
}
