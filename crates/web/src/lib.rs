//! The request shell: sessions, permissions in signatures, forms, the layout and its components,
//! errors a person can read, and the assets. Handlers are plain synchronous functions that run on a
//! database thread; only this shell is asynchronous.

pub mod api;
pub mod app;
pub mod assets;
pub mod calendar;
pub mod errors;
pub mod feature;
pub mod filters;
pub mod flash;
pub mod form;
pub mod gallery;
pub mod items;
pub mod letters;
pub mod live;
pub mod page;
pub mod permit;
pub mod request;
pub mod route;
pub mod show;
pub mod toll;
pub mod upload;

pub use app::{App, Settings};
pub use feature::{Feature, FileGate, MembershipChange, NavItem};
pub use flash::Flash;
pub use form::FormData;
pub use items::{HomeItem, ItemAct};
pub use page::{Download, Page, Reply, Stored};
pub use permit::{Extract, Holder, Signed};
pub use request::Req;
pub use route::{Get, Post, Routes, Slow};

use gongyu_kernel::i18n::Words;

/// The words of this room.
pub const WORDS: Words =
    Words { zh: include_str!("../locales/zh-CN/web.ftl"), en: include_str!("../locales/en/web.ftl") };
