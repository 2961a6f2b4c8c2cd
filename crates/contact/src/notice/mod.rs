//! Notices to families: written once, sent by every channel a family has, confirmed with one tap. A child
//! addressed stands in exactly one state — arrived or not, opened, confirmed — and every step of it moves
//! the counters of its class and the ledger in the same transaction.

mod acts;
pub mod fan_out;
mod home;
mod jobs;
mod letters;
mod model;
mod pages;
mod permit;
pub mod rules;
mod settings;
pub mod store;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use letters::LETTERS;
pub use model::{Audience, Counts, Draft, Grade, Ids, Kind, ListKind, ListRef, Notice, Stand, State};
pub use permit::{AsGuardian, ForNotice, MyNotice, Sight, Slice, ToSteer, sight};
pub use rules::{Hand, NoticeSettings};
pub use settings::{SchoolNotices, keep_school_settings, keep_settings, may_send, school_settings, settings_of};

use gongyu_kernel::i18n::Words;
use gongyu_web::{Feature, Routes};

/// Kind of the source of touches and letters that come from here.
pub const SOURCE: &str = "notice";

const WORDS: Words =
    Words { zh: include_str!("../../locales/zh-CN/notice.ftl"), en: include_str!("../../locales/en/notice.ftl") };

const PAGE_WORDS: Words = Words {
    zh: include_str!("../../locales/zh-CN/notice-pages.ftl"),
    en: include_str!("../../locales/en/notice-pages.ftl"),
};

fn routes() -> Routes {
    acts::routes().merge(pages::routes())
}

/// Notices.
pub fn feature() -> Feature {
    Feature {
        name: "notice",
        routes: Some(routes),
        nav: pages::NAV,
        files: pages::FILES,
        home_items: Some(home::items),
        letters: &[letters::LETTERS],
        words: &[WORDS, PAGE_WORDS],
        jobs: jobs::JOBS,
        schedules: jobs::SCHEDULES,
        on_membership_change: Some(store::on_membership_change),
        on_guardians_change: Some(store::reach::forget_of),
        integrity: Some(|app| store::disagreements(&app.db)),
        ..Feature::default()
    }
}
