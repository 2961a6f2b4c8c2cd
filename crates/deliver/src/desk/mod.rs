//! Where the district sets up its channels and sees how they fare.

mod edit;
mod fields;
mod overview;
mod rules;
mod test;

pub(crate) use overview::icon;
pub(crate) use rules::{clock, minutes};

use crate::channel::Way;
use gongyu_access::Role;
use gongyu_kernel::{Error, Result};
use gongyu_web::{NavItem, Routes};

pub(crate) const NAV: &[NavItem] = &[NavItem {
    key: "delivery",
    label: "delivery-nav",
    icon: "send",
    href: "/delivery",
    roles: &[Role::DistrictAdmin],
    order: 86,
    bar: false,
}];

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/delivery", overview::show)
        .form("/delivery/rules", rules::show, rules::save)
        .form("/delivery/{channel}", edit::show, edit::save)
        .slow("/delivery/{channel}/test", true, test::show, test::save)
}

/// A channel that can be set up; the product itself needs nothing.
fn settable(code: &str) -> Result<Way> {
    Way::parse(code).filter(|way| *way != Way::App).ok_or(Error::NotFound)
}
