//! What the list is narrowed to, and the scope nobody can leave: the unit of the hat.

use super::list::CHILDREN;
use gongyu_kernel::{Date, Id};
use gongyu_ledger::rules::Depth;
use gongyu_registry::unit::{Setting, Unit, UnitKind};
use gongyu_store::list::ListQuery;
use gongyu_web::FormData;
use jiff::ToSpan;

/// Which children.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Which {
    /// Never reached at all.
    #[default]
    Never,
    /// Not reached this semester.
    Semester,
}

impl Which {
    /// Value in the address.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Never => "",
            Self::Semester => "semester",
        }
    }
}

/// The narrowing of an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Narrow {
    pub which: Which,
    pub town: Option<Id>,
    pub school: Option<Id>,
    pub class: Option<Id>,
    pub setting: Option<Setting>,
    /// Only those with, or only those without, a telephone number.
    pub phone: Option<bool>,
    /// Only those at least so many days in the school.
    pub days: Option<i64>,
    pub order: String,
}

/// Choices of days in the school.
pub(super) const DAYS: [i64; 3] = [30, 90, 180];

impl Narrow {
    /// Reads an address. What is not understood does not narrow.
    pub(super) fn read(query: &FormData) -> Self {
        Self {
            which: if query.get("which") == Which::Semester.code() { Which::Semester } else { Which::Never },
            town: query.id("town"),
            school: query.id("school"),
            class: query.id("class"),
            setting: Setting::parse(query.get("setting")),
            phone: match query.get("phone") {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
            days: query.get("days").parse().ok().filter(|n| DAYS.contains(n)),
            order: query.get("order").to_owned(),
        }
    }

    /// Whether anything but the question itself is narrowed.
    pub(super) fn narrows(&self) -> bool {
        let question = Self { which: self.which, order: self.order.clone(), ..Self::default() };
        *self != question
    }

    /// The list within the unit of a hat.
    pub(super) fn list(&self, within: &Unit, semester: &str, depth: Depth, today: Date) -> ListQuery {
        let mut list = CHILDREN.query(&[&semester]).order(&self.order);
        list = match self.which {
            Which::Never => list.filter("never", &[]),
            Which::Semester => list.filter(&format!("not_{}", depth.code()), &[]),
        };
        list = match within.kind {
            UnitKind::Town => list.filter("town", &[&within.id]),
            UnitKind::School => list.filter("school", &[&within.id]),
            UnitKind::Class => list.filter("class", &[&within.id]),
            _ => list,
        };
        for (name, id) in [("town", self.town), ("school", self.school), ("class", self.class)] {
            if let Some(id) = id {
                list = list.filter(name, &[&id]);
            }
        }
        if let Some(setting) = self.setting {
            list = list.filter("setting", &[&setting]);
        }
        match self.phone {
            Some(true) => list = list.filter("phone", &[]),
            Some(false) => list = list.filter("no_phone", &[]),
            None => {}
        }
        if let Some(by) = self.days.and_then(|n| today.checked_sub(n.days()).ok()) {
            list = list.filter("joined_by", &[&by]);
        }
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_address_says_wrongly_does_not_narrow() {
        let narrow = Narrow::read(&FormData::parse(b"town=x&phone=perhaps&days=31&setting=suburb"));
        assert!(!narrow.narrows());
        assert_eq!(narrow.which, Which::Never);
    }

    #[test]
    fn every_filter_of_an_address_is_understood() {
        let narrow = Narrow::read(&FormData::parse(b"which=semester&school=7&phone=no&days=90&setting=rural"));
        assert_eq!((narrow.which, narrow.school, narrow.phone), (Which::Semester, Some(Id(7)), Some(false)));
        assert_eq!((narrow.days, narrow.setting), (Some(90), Some(Setting::Rural)));
    }
}
