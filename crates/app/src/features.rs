//! The list of features: the product's table of contents. A feature comes after those whose tables it uses.

use gongyu_web::Feature;

/// Every feature of the product.
pub fn features() -> Vec<Feature> {
    vec![
        // The ground: tables and words that belong to no page.
        Feature { name: "store", migrations: gongyu_store::MIGRATIONS, ..Feature::default() },
        Feature { name: "access", migrations: gongyu_access::MIGRATIONS, ..Feature::default() },
        Feature { name: "vault", migrations: gongyu_vault::MIGRATIONS, ..Feature::default() },
        Feature { name: "web", words: &[gongyu_web::WORDS], ..Feature::default() },
        gongyu_web::gallery::feature(),
        gongyu_parts::feature(),
        crate::serve::front::feature(),
        crate::ops::feature(),
        // Registry: accounts, the roster, units, people, the school year.
        Feature { name: "registry", migrations: gongyu_registry::MIGRATIONS, ..Feature::default() },
        gongyu_registry::account::feature(),
        gongyu_registry::roster::feature(),
        gongyu_registry::unit::pages::feature(),
        gongyu_registry::people::pages::feature(),
        gongyu_registry::card::feature(),
        gongyu_registry::org::feature(),
        gongyu_registry::rollover::feature(),
        gongyu_registry::year::feature(),
        // Outgoing messages, and the ledger with its figures.
        gongyu_deliver::feature(),
        gongyu_ledger::feature(),
        // Contact: every way a school and its families meet. The log owns the room's tables.
        gongyu_contact::contact_log::feature(),
        gongyu_contact::class_board::feature(),
        gongyu_contact::guardian_home::feature(),
        gongyu_contact::act_record::feature(),
        gongyu_contact::visit::feature(),
        gongyu_contact::notice::feature(),
        gongyu_contact::sampled::feature(),
        gongyu_contact::visit::offline::feature(),
        gongyu_contact::calendar::feature(),
        gongyu_contact::caseload::feature(),
        gongyu_contact::open_day::feature(),
        // Office: steering a school and the district.
        gongyu_office::dashboard::feature(),
        gongyu_office::school_home::feature(),
        gongyu_office::never_reached::feature(),
        gongyu_office::duties::feature(),
        gongyu_office::rules::feature(),
        gongyu_office::unreached::feature(),
        gongyu_office::burden::feature(),
        // The edge for other programs.
        crate::api::feature(),
    ]
}
