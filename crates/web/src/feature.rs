//! How a room plugs into the house. `app` holds the list of features; everything else reads them here.

use crate::app::App;
use crate::calendar::Events;
use crate::items::HomeItems;
use crate::letters::LetterSource;
use crate::route::{Get, Routes};
use gongyu_access::{Actor, Role};
use gongyu_kernel::i18n::Words;
use gongyu_kernel::{Date, Id, Result};
use gongyu_store::jobs::{Handler, Schedule};
use gongyu_store::{Migration, Tx};

/// A place in the navigation.
#[derive(Clone, Copy, Debug)]
pub struct NavItem {
    /// Name by which a page says that it is here.
    pub key: &'static str,
    /// Message key of its words.
    pub label: &'static str,
    /// Icon name.
    pub icon: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// Roles that see it.
    pub roles: &'static [Role],
    /// Position; items are sorted by it.
    pub order: u16,
    /// Also in the bottom bar of a phone.
    pub bar: bool,
}

/// A pupil joined, left or changed class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MembershipChange {
    /// The pupil.
    pub student: Id,
    /// Class before, if any.
    pub from_class: Option<Id>,
    /// Class after, if any.
    pub to_class: Option<Id>,
    /// Day from which it holds.
    pub on: Date,
}

/// Told, in the same transaction, that pupils moved.
pub type OnMembershipChange = fn(&mut Tx, &[MembershipChange]) -> Result<()>;
/// Told, in the same transaction, that guardianships of these pupils changed.
pub type OnGuardiansChange = fn(&mut Tx, &[Id]) -> Result<()>;
/// Looks for records that contradict one another; returns what it found, in words for the operator.
pub type Integrity = fn(&App) -> Result<Vec<String>>;

/// What every node does by itself, beside the jobs that one node does for all.
pub type Upkeep = fn(&App) -> Result<()>;

/// Who may open the files that hang on a kind of record.
#[derive(Clone, Copy)]
pub struct FileGate {
    /// Kind of the record, as in `attachment.owner_kind`.
    pub kind: &'static str,
    /// Whether this person may open the files of this record now.
    pub may_open: fn(&mut Get<'_>, &Actor, Id) -> Result<bool>,
}

/// One feature. Everything but the name may be empty.
#[derive(Clone, Copy, Default)]
pub struct Feature {
    /// Its name, as in the list.
    pub name: &'static str,
    /// Its pages and its JSON edge.
    pub routes: Option<fn() -> Routes>,
    /// Its places in the navigation.
    pub nav: &'static [NavItem],
    /// The first page of a role, when this feature has it.
    pub home: Option<fn(Role) -> Option<&'static str>>,
    /// What it puts on a person's home page.
    pub home_items: Option<HomeItems>,
    /// What it puts into a person's calendar.
    pub calendar: Option<Events>,
    /// What it sends to people outside.
    pub letters: &'static [LetterSource],
    /// Who may open the files of its records.
    pub files: &'static [FileGate],
    /// Its words.
    pub words: &'static [Words],
    /// Its tables.
    pub migrations: &'static [Migration],
    /// Its jobs.
    pub jobs: &'static [Handler<App>],
    /// Jobs that come back by themselves.
    pub schedules: &'static [Schedule],
    /// Told, in the same transaction, that pupils moved.
    pub on_membership_change: Option<OnMembershipChange>,
    /// Told, in the same transaction, that guardianships of these pupils changed.
    pub on_guardians_change: Option<OnGuardiansChange>,
    /// Looks for records that contradict one another; returns what it found, in words for the operator.
    pub integrity: Option<Integrity>,
    /// Run on every node once a minute and when it stops, off the database threads.
    pub upkeep: Option<Upkeep>,
}

impl App {
    /// Tells every feature that pupils moved.
    ///
    /// # Errors
    /// Whatever a feature returns; the transaction is then lost.
    pub fn membership_changed(&self, tx: &mut Tx, changes: &[MembershipChange]) -> Result<()> {
        if changes.is_empty() {
            return Ok(());
        }
        self.features.iter().filter_map(|f| f.on_membership_change).try_for_each(|told| told(tx, changes))
    }

    /// Tells every feature that guardianships changed.
    ///
    /// # Errors
    /// Whatever a feature returns; the transaction is then lost.
    pub fn guardians_changed(&self, tx: &mut Tx, students: &[Id]) -> Result<()> {
        if students.is_empty() {
            return Ok(());
        }
        self.features.iter().filter_map(|f| f.on_guardians_change).try_for_each(|told| told(tx, students))
    }

    /// Who may open the files of a kind of record; `None` when no feature knows the kind.
    pub fn file_gate(&self, kind: &str) -> Option<FileGate> {
        self.features.iter().flat_map(|f| f.files).find(|gate| gate.kind == kind).copied()
    }

    /// The first page of a role.
    pub fn home_of(&self, role: Role) -> &'static str {
        self.features.iter().filter_map(|f| f.home).find_map(|home| home(role)).unwrap_or("/me")
    }

    /// The navigation of a role.
    pub fn nav_of(&self, role: Role) -> &[&'static NavItem] {
        self.shell().nav.iter().find(|(r, _)| *r == role).map_or(&[], |(_, items)| items)
    }
}

/// The places of every feature for a role, in their order.
pub(crate) fn nav_of(features: &[Feature], role: Role) -> Vec<&'static NavItem> {
    let mut items: Vec<&'static NavItem> =
        features.iter().flat_map(|f| f.nav.iter()).filter(|item| item.roles.contains(&role)).collect();
    items.sort_by_key(|item| item.order);
    items
}
