//! Everybody's own calendar: a secret address that any calendar program reads (iCalendar), renewable, with
//! what every feature puts into it.

mod pages;
mod store;

use gongyu_kernel::i18n::Words;
use gongyu_web::{Feature, Routes};

const WORDS: Words =
    Words { zh: include_str!("../../locales/zh-CN/calendar.ftl"), en: include_str!("../../locales/en/calendar.ftl") };

/// The calendar.
pub fn feature() -> Feature {
    Feature { name: "calendar", routes: Some(routes), words: &[WORDS], ..Feature::default() }
}

fn routes() -> Routes {
    Routes::new()
        .get("/agenda", pages::show)
        .post("/agenda/renew", pages::renew)
        .post("/agenda/end", pages::end)
        .get("/agenda/feed/{secret}", pages::feed)
}
