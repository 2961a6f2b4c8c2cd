//! Pieces that several areas share.

pub mod figures;

use gongyu_kernel::i18n::Words;
use gongyu_web::Feature;

/// The words of this room.
pub const WORDS: Words =
    Words { zh: include_str!("../locales/zh-CN/parts.ftl"), en: include_str!("../locales/en/parts.ftl") };

/// The shared pieces as the house sees them: words only.
pub fn feature() -> Feature {
    Feature { name: "parts", words: &[WORDS], ..Feature::default() }
}
