//! What the pages of this room show of reach: for which moment, which groups of classes, in which
//! order, in which sentence.

mod answer;
mod groups;
mod moment;
mod pick;
mod points;
mod row;
mod trend;

pub use answer::{Place, place_of};
pub use groups::{Group, class_groups, duties_by_school, school_groups, sum, town_groups};
pub use moment::Moment;
pub use pick::{Choice, depth_choices, semester_choices, semester_words};
pub use points::{by_need, difference, points_text, share_tenths};
pub use row::{Change, Row, Tones};
pub use trend::{Trend, of_district, of_school};

use gongyu_kernel::i18n::Words;

/// Words that several pages about reach say.
pub const WORDS: Words =
    Words { zh: include_str!("../../locales/zh-CN/reach.ftl"), en: include_str!("../../locales/en/reach.ftl") };
