//! `/app`: how to install, told for the browser that asks. WeChat's own view cannot, and is told so plainly.

use askama::Template;
use gongyu_access::Action;
use gongyu_kernel::Result;
use gongyu_web::filters;
use gongyu_web::permit::Anyone;
use gongyu_web::{Get, Reply};

#[derive(Template)]
#[template(path = "visit/offline/pages/install.html")]
struct Page {
    phone: bool,
    address: String,
    wechat: bool,
    ways: Vec<Way>,
    records: bool,
}

/// How to install in one kind of browser.
struct Way {
    name: &'static str,
    icon: &'static str,
    title: String,
    steps: Vec<String>,
    open: bool,
}

/// The browser that asks, as far as its name says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    Android,
    Apple,
    Computer,
}

fn asks(agent: &str) -> Asks {
    if ["iPhone", "iPad", "iPod"].iter().any(|mark| agent.contains(mark)) {
        Asks::Apple
    } else if ["Android", "HarmonyOS"].iter().any(|mark| agent.contains(mark)) {
        Asks::Android
    } else {
        Asks::Computer
    }
}

pub(super) fn show(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    let agent = g.req.header("user-agent").unwrap_or_default().to_owned();
    let here = asks(&agent);
    let way = |name: &'static str, icon: &'static str, of: Asks| Way {
        name,
        icon,
        title: g.t(&format!("app-{name}-title")),
        steps: (1..=3).map(|n| g.t(&format!("app-{name}-{n}"))).filter(|t| !t.starts_with("app-")).collect(),
        open: of == here,
    };
    let mut ways = vec![
        way("android", "device-mobile", Asks::Android),
        way("ios", "device-mobile", Asks::Apple),
        way("pc", "device-desktop", Asks::Computer),
    ];
    ways.sort_by_key(|w| !w.open);
    let page = Page {
        phone: g.view().phone,
        address: format!("{}/app", g.app.config.link_base().trim_end_matches('/')),
        wechat: agent.contains("MicroMessenger"),
        ways,
        records: g.actor().is_some_and(|a| a.may(Action::RecordVisit).is_ok()),
    };
    let title = g.t("app-title");
    Ok(g.page(title, "app", &page)?.script("install.js"))
}
