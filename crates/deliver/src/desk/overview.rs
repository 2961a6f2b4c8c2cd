//! Every channel: whether it is on, how it fares, what waits; and what families get in a week.

use crate::channel::{Settings, Way, state};
use crate::policy::Policy;
use crate::ration::{self, Week};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Millis, Result};
use gongyu_web::filters;
use gongyu_web::{Get, Holder, Reply};

/// Weeks shown.
const WEEKS: i64 = 6;

struct Line {
    way: Way,
    label: String,
    icon: &'static str,
    how: &'static str,
    on: bool,
    resting: bool,
    fault: String,
    fault_at: Millis,
    sent_at: Millis,
}

#[derive(Template)]
#[template(path = "desk/overview.html")]
struct Overview {
    demo: bool,
    lines: Vec<Line>,
    waiting: i64,
    sending: i64,
    policy: Policy,
    weeks: Vec<Week>,
    per_family: String,
}

impl Overview {
    #[expect(clippy::unused_self, reason = "called from the template")]
    fn clock(&self, minutes: &i64) -> String {
        super::rules::clock(*minutes)
    }
}

pub(crate) const fn icon(way: Way) -> &'static str {
    match way {
        Way::Wechat => "message-circle",
        Way::Wecom => "message",
        Way::Push => "bell",
        Way::Email => "mail",
        Way::Sms => "device-mobile",
        Way::App => "home",
    }
}

pub(super) fn show(g: &mut Get<'_>, _: Holder<right::ManageDelivery>) -> Result<Reply> {
    let settings = Settings::load(g.r)?;
    let states = state::all(g.r)?;
    let now = g.r.now();
    let lines = Way::ALL
        .into_iter()
        .filter(|way| *way != Way::App)
        .map(|way| {
            let state = states.get(&way).cloned().unwrap_or_default();
            let how = match way {
                Way::Sms if settings.sms.provider == "tencent" => "delivery-provider-tencent",
                Way::Sms if settings.sms.provider == "aliyun" => "delivery-provider-aliyun",
                _ => "",
            };
            Line {
                way,
                label: g.t(&format!("way-{}", way.code())),
                icon: icon(way),
                how,
                on: settings.is_on(way),
                resting: state.paused_until > now,
                fault: state.fault,
                fault_at: state.fault_at,
                sent_at: state.sent_at,
            }
        })
        .collect();
    let (waiting, sending) = state::queue(g.r)?;
    let rationed = ration::of_families(g.r, None, WEEKS)?;
    let per_family = rationed.per_family().map_or_else(|| "—".to_owned(), |n| format!("{n:.1}"));
    let page = Overview {
        demo: g.app.config.demo,
        lines,
        waiting,
        sending,
        policy: Policy::load(g.r)?,
        weeks: rationed.weeks,
        per_family,
    };
    g.page(g.t("delivery-title"), "delivery", &page)
}
