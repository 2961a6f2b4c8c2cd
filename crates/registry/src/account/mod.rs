//! Signing in, activating by contact card, consent, and one's own page; the auditor's log and the jobs
//! that gave up.

mod admit;
mod back;
pub mod consent;
pub(crate) mod news;
pub mod notice_text;
mod pages;
mod phone;
mod proceed;
mod step;

use crate::people;
use gongyu_access::{Role, code, session};
use gongyu_kernel::i18n::Words;
use gongyu_kernel::{Id, Result};
use gongyu_store::jobs::{Every, Handler, Schedule};
use gongyu_web::{App, Feature, NavItem, Routes};

pub use admit::TOTP_FIELD;
pub use pages::demo::{ACCOUNTS as DEMO_ACCOUNTS, DemoPerson};

const WORDS: &[Words] = &[
    Words { zh: include_str!("../../locales/zh-CN/account.ftl"), en: include_str!("../../locales/en/account.ftl") },
    Words {
        zh: include_str!("../../locales/zh-CN/account-keep.ftl"),
        en: include_str!("../../locales/en/account-keep.ftl"),
    },
    Words {
        zh: include_str!("../../locales/zh-CN/record-words.ftl"),
        en: include_str!("../../locales/en/record-words.ftl"),
    },
];

const NAV: &[NavItem] = &[
    NavItem {
        key: "audit",
        label: "account-nav-audit",
        icon: "history",
        href: "/audit",
        roles: &[Role::Auditor],
        order: 700,
        bar: false,
    },
    NavItem {
        key: "jobs",
        label: "account-nav-jobs",
        icon: "stack-2",
        href: "/jobs",
        roles: &[Role::DistrictAdmin],
        order: 710,
        bar: false,
    },
    NavItem {
        key: "notice-words",
        label: "account-nav-words",
        icon: "file-text",
        href: "/notice-words",
        roles: &[Role::DistrictAdmin],
        order: 720,
        bar: false,
    },
    NavItem { key: "me", label: "account-me", icon: "user", href: "/me", roles: Role::ALL, order: 900, bar: true },
];

/// Kind of the job that forgets sessions and codes past their end.
const SWEEP_JOB: &str = "account.sweep";

/// The feature.
pub fn feature() -> Feature {
    Feature {
        name: "account",
        routes: Some(routes),
        nav: NAV,
        home: Some(|role| (role == Role::Auditor).then_some("/audit")),
        words: WORDS,
        jobs: &[Handler { kind: SWEEP_JOB, run: sweep }],
        schedules: &[Schedule { kind: SWEEP_JOB, every: Every::DayAt(3, 20) }],
        on_guardians_change: Some(people::settle),
        ..Feature::default()
    }
}

fn sweep(app: &App, _: Id, _: &str) -> Result<()> {
    app.db.write_wait(session::sweep)?;
    app.db.write_wait(code::sweep)?;
    Ok(())
}

fn routes() -> Routes {
    use pages::{activate, audit, code, consent, demo, factor, hat, jobs, look, me, notice, notice_words};
    use pages::{password, phone, second, sign_in, tokens, who};
    Routes::new()
        .slow("/sign-in", false, sign_in::show, sign_in::enter)
        .slow("/sign-in/second", false, second::show, second::enter)
        .slow("/sign-in/set-up", false, second::show_set_up, second::set_up)
        .slow("/sign-in/phone", false, phone::show, phone::send)
        .slow("/sign-in/code", false, code::show, code::enter)
        .slow("/sign-in/resend", false, code::show, code::resend)
        .get("/sign-in/who", who::show)
        .post("/sign-in/who", who::choose)
        .form("/sign-in/notice", notice::show, notice::answer)
        .get("/sign-in/first-time", who::first_time)
        .get("/sign-in/no-match", who::no_match)
        .get("/sign-in/refused", who::refused)
        .get("/sign-in/withdrawn", who::withdrawn)
        .post("/sign-out", sign_in::leave)
        .slow("/activate", false, activate::show, activate::look_up)
        .slow("/a/{code}", false, activate::show_card, activate::send)
        .post("/demo/sign-in", demo::enter)
        .post("/look", look::save)
        .get("/me", me::show)
        .get("/me/hat", hat::show)
        .post("/me/hat", hat::change)
        .post("/me/sessions/{id}/end", me::end)
        .post("/me/sessions/end-others", me::end_others)
        .slow("/me/password", true, password::show, password::save)
        .slow("/me/second-factor", true, factor::show, factor::save)
        .form("/me/tokens", tokens::show, tokens::create)
        .post("/me/tokens/{id}/revoke", tokens::revoke)
        .get("/me/consent", consent::show)
        .post("/me/consent/again/{id}", consent::again)
        .get("/me/consent/{id}/text", consent::text)
        .form("/notice-words", notice_words::show, notice_words::save)
        .get("/me/consent/{id}", consent::show_withdraw)
        .post("/me/consent/{id}", consent::withdraw)
        .get("/audit", audit::show)
        .post("/audit/export", audit::export)
        .get("/jobs", jobs::show)
        .post("/jobs/{id}/retry", jobs::retry)
}
