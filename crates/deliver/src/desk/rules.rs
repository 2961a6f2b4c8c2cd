//! The district's rules for letters.

use crate::channel::Way;
use crate::policy::{DAY, Policy};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::Result;
use gongyu_kernel::error::Invalid;
use gongyu_web::filters;
use gongyu_web::{Flash, FormData, Get, Holder, Post, Reply};

#[derive(Template)]
#[template(path = "desk/rules.html")]
struct Rules {
    quiet_from: String,
    quiet_to: String,
    digest_at: String,
    ration: String,
    order: String,
    ways: Vec<(&'static str, String)>,
    problems: Vec<(&'static str, String)>,
}

impl Rules {
    fn times(&self) -> [(&'static str, &str); 3] {
        [("quiet-from", &self.quiet_from), ("quiet-to", &self.quiet_to), ("digest-at", &self.digest_at)]
    }
    fn problem(&self, field: &str) -> &str {
        self.problems.iter().find(|(name, _)| *name == field).map_or("", |(_, why)| why.as_str())
    }
}

/// Minutes after midnight as a clock shows them.
pub(crate) fn clock(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

/// A clock's time as minutes after midnight.
pub(crate) fn minutes(form: &FormData, name: &'static str, invalid: &mut Invalid) -> i64 {
    let typed = form
        .get(name)
        .split_once(':')
        .and_then(|(h, m)| Some(h.parse::<i64>().ok()? * 60 + m.get(..2)?.parse::<i64>().ok()?));
    match typed {
        Some(minutes) if (0..DAY).contains(&minutes) => minutes,
        _ => {
            invalid.push(name, "delivery-clock");
            0
        }
    }
}

pub(super) fn show(g: &mut Get<'_>, _: Holder<right::ManageDelivery>) -> Result<Reply> {
    let policy = Policy::load(g.r)?;
    let value = |name: &str, initial: String| g.value(name, &initial).to_owned();
    let page = Rules {
        quiet_from: value("quiet-from", clock(policy.quiet_from)),
        quiet_to: value("quiet-to", clock(policy.quiet_to)),
        digest_at: value("digest-at", clock(policy.digest_at)),
        ration: value("ration", policy.ration.to_string()),
        order: value("order", Way::list(&policy.ways())),
        ways: Way::ALL.into_iter().map(|w| (w.code(), g.t(&format!("way-{}", w.code())))).collect(),
        problems: ["quiet-from", "quiet-to", "digest-at", "ration", "order"].map(|f| (f, g.problem(f))).into(),
    };
    g.page(g.t("delivery-rules-title"), "delivery", &page)
}

pub(super) fn save(p: &mut Post<'_>, _: Holder<right::ManageDelivery>) -> Result<Reply> {
    let mut invalid = Invalid::default();
    let form = p.form();
    let policy = Policy {
        quiet_from: minutes(form, "quiet-from", &mut invalid),
        quiet_to: minutes(form, "quiet-to", &mut invalid),
        digest_at: minutes(form, "digest-at", &mut invalid),
        ration: form.number("ration", 0, 50, &mut invalid),
        order: Way::list(&Way::parse_list(&form.get("order").replace(' ', ""))),
    };
    if policy.order.is_empty() {
        invalid.push("order", "delivery-order-empty");
    }
    // A digest that falls into the quiet hours would never go when it says.
    let noon = gongyu_kernel::Millis::start_of(p.tx.today()).plus_minutes(policy.digest_at);
    if crate::policy::quiet_until(noon, policy.quiet_from, policy.quiet_to).is_some() {
        invalid.push("digest-at", "delivery-digest-quiet");
    }
    invalid.into_result()?;
    policy.save(p.tx)?;
    let detail = serde_json::to_string(&policy)?;
    p.audit("delivery.rules", ("setting", None), &detail)?;
    Ok(Reply::to_with("/delivery", Flash::new("delivery-saved")))
}
