//! A contact in the words a family reads: 林老师11月20日来家访过.

use super::rules::called;
use gongyu_kernel::Date;
use gongyu_ledger::rules::{Channel, TouchKind};
use gongyu_web::show::View;

/// What is said of a contact.
pub(crate) struct What<'a> {
    pub(crate) kind: &'a TouchKind,
    pub(crate) channel: Channel,
    pub(crate) day: Date,
    /// Whoever made it; `None` for the school itself.
    pub(crate) staff: Option<&'a str>,
}

impl What<'_> {
    /// The sentence.
    pub(crate) fn words(&self, view: &View) -> String {
        let key = match (self.kind, self.channel) {
            (kind, _) if *kind == TouchKind::VISIT => "home-ask-visit",
            (_, Channel::HomeVisit) => "home-ask-visit",
            (kind, _) if *kind == TouchKind::MEETING => "home-ask-meeting",
            (kind, _) if *kind == TouchKind::OPEN_DAY => "home-ask-open-day",
            (_, Channel::AtSchool) => "home-ask-at-school",
            (_, Channel::Wechat) => "home-ask-wechat",
            (_, Channel::Video) => "home-ask-video",
            _ => "home-ask-phone",
        };
        view.ta(key, &[("teacher", teacher(view, self.staff).into()), ("day", view.day(self.day).into())])
    }

    /// The icon of its way.
    pub(crate) const fn icon(&self) -> &'static str {
        crate::contact_log::channel_icon(self.channel)
    }
}

/// 林老师, or the school where nobody is named.
pub(super) fn teacher(view: &View, name: Option<&str>) -> String {
    match name {
        Some(name) => view.ta("home-teacher", &[("name", called(name).into())]),
        None => view.t("home-school"),
    }
}
