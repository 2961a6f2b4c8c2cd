//! One's own page: hats, look, devices, password, consent.

use super::super::admit::role_key;
use super::super::{consent, news};
use super::hat::{self, HatLine};
use askama::Template;
use gongyu_access::session::SessionView;
use gongyu_access::{Action, Role, account, session};
use gongyu_kernel::{Id, Millis, Result};
use gongyu_web::filters;
use gongyu_web::permit::Signed;
use gongyu_web::{Flash, Get, Post, Reply};

#[derive(Template)]
#[template(path = "account/pages/me.html")]
struct MePage {
    phone: bool,
    family: bool,
    name: String,
    role: String,
    unit: String,
    hats: Vec<HatLine>,
    elder: bool,
    theme: &'static str,
    lang: &'static str,
    factor: bool,
    wants_factor: bool,
    api: bool,
    consents: usize,
    /// What others changed of the way to sign in.
    news: Vec<(String, Millis)>,
    sessions: Vec<SessionView>,
    /// Places that the bar of a phone has no room for: label, icon, address.
    more: Vec<(&'static str, &'static str, &'static str)>,
    here: Option<Id>,
}

impl MePage {
    fn initial(&self) -> String {
        self.name.chars().next().map(String::from).unwrap_or_default()
    }
    /// A section is a task card on a phone and a plain card on a PC.
    fn frame(&self) -> &'static str {
        if self.phone { "gy-task" } else { "card card-body c6" }
    }
    #[expect(clippy::unused_self, reason = "called from the template")]
    fn device_icon(&self, session: &SessionView) -> &'static str {
        let handheld = ["Android", "iPhone", "HarmonyOS", "iPad"].iter().any(|mark| session.device.contains(mark));
        if handheld { "device-mobile" } else { "device-desktop" }
    }
    fn is_here(&self, session: &SessionView) -> bool {
        self.here == Some(session.id)
    }
}

/// Shows it.
pub fn show(g: &mut Get<'_>, Signed(actor): Signed) -> Result<Reply> {
    let family = actor.hat.role == Role::Guardian;
    let consents = match actor.guardian.filter(|_| family) {
        Some(guardian) => consent::of_guardian(g.r, guardian)?.iter().filter(|c| c.withdrawn_at.is_none()).count(),
        None => 0,
    };
    let view = g.view().clone();
    let news = if family { Vec::new() } else { news::of(g.r, actor.account)? };
    let page = MePage {
        news: news.iter().map(|n| (view.code(&n.words()), n.at)).collect(),
        phone: g.view().phone,
        family,
        name: actor.name.clone(),
        role: role_key(actor.hat.role),
        unit: actor.hat.unit_name.clone(),
        hats: hat::lines(g.r, &actor)?,
        elder: actor.prefs.elder,
        theme: actor.prefs.theme.code(),
        lang: actor.prefs.lang.tag(),
        factor: !family && account::by_id(g.r, actor.account)?.totp_sealed.is_some(),
        wants_factor: actor.hat.role.wants_second_factor(),
        api: actor.hat.role.may(Action::UseApi),
        consents,
        more: if view.phone {
            let nav = g.app.nav_of(actor.hat.role);
            nav.iter().filter(|item| !item.bar).map(|item| (item.label, item.icon, item.href)).collect()
        } else {
            Vec::new()
        },
        sessions: session::list(g.r, actor.account)?,
        here: actor.session,
    };
    g.page(g.t("account-me"), "me", &page)
}

/// Ends one session of one's own; ending this one signs out.
pub fn end(p: &mut Post<'_>, Signed(actor): Signed) -> Result<Reply> {
    let id = p.req.id()?;
    session::end(p.tx, actor.account, id)?;
    p.audit("session.end", ("session", Some(id)), "")?;
    if actor.session == Some(id) {
        return Ok(Reply::to_with("/sign-in", Flash::new("account-signed-out")));
    }
    Ok(Reply::to_with("/me#devices", Flash::new("account-session-ended")))
}

/// Ends every session but this one.
pub fn end_others(p: &mut Post<'_>, Signed(actor): Signed) -> Result<Reply> {
    session::end_others(p.tx, actor.account, actor.session)?;
    p.audit("session.end-others", ("account", Some(actor.account)), "")?;
    Ok(Reply::to_with("/me#devices", Flash::new("account-others-ended")))
}
