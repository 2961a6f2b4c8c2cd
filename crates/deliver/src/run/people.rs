//! Who the letters of a batch go to, and which ways lead there.

use super::claim::Row;
use crate::channel::{Channels, Way};
use crate::choice::address::{self, Address};
use crate::choice::{self, Choice};
use crate::ration;
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::{Id, Result};
use gongyu_registry::people;
use gongyu_store::{Reader, sql};
use gongyu_vault::Vault;
use std::collections::HashMap;

/// Somebody letters go to.
#[derive(Clone, Debug, Default)]
pub(super) struct To {
    pub account: Option<Id>,
    pub lang: Lang,
    pub phone: Option<String>,
    pub addresses: Vec<Address>,
    pub choice: Choice,
    pub today: i64,
}

impl To {
    /// Channels that lead to them and are switched on.
    pub(super) fn ways(&self, channels: &Channels) -> Vec<Way> {
        Way::ALL
            .into_iter()
            .filter(|way| match way {
                Way::App => self.account.is_some(),
                Way::Sms => self.phone.is_some() && channels.has(Way::Sms),
                way => channels.has(*way) && self.addresses.iter().any(|a| a.way == *way),
            })
            .collect()
    }

    /// Addresses on a channel.
    pub(super) fn at(&self, way: Way) -> Vec<(String, Option<String>)> {
        match way {
            Way::Sms => self.phone.iter().map(|p| (p.clone(), None)).collect(),
            Way::App => Vec::new(),
            way => {
                self.addresses.iter().filter(|a| a.way == way).map(|a| (a.to.clone(), Some(a.blind.clone()))).collect()
            }
        }
    }
}

/// Loads everybody with a handful of statements.
pub(super) fn load(r: &mut Reader, vault: &Vault, rows: &[Row]) -> Result<HashMap<Id, To>> {
    let mut guardians: Vec<Id> = rows.iter().filter_map(|row| row.guardian).collect();
    let mut staff: Vec<Id> = rows.iter().filter(|row| row.guardian.is_none()).filter_map(|row| row.account).collect();
    for ids in [&mut guardians, &mut staff] {
        ids.sort_unstable();
        ids.dedup();
    }
    let everybody: Vec<Id> = guardians.iter().chain(&staff).copied().collect();
    let mut to: HashMap<Id, To> = everybody.iter().map(|id| (*id, To::default())).collect();
    let accounts: Vec<(Id, Id, String)> = r.rows_in(
        sql!("SELECT guardian_id, id, lang FROM account WHERE guardian_id IN ($1) AND state = 'active'"),
        &guardians,
        &[],
    )?;
    let own: Vec<(Id, Id, String)> =
        r.rows_in(sql!("SELECT id, id, lang FROM account WHERE id IN ($1) AND state = 'active'"), &staff, &[])?;
    for (person, account, lang) in accounts.into_iter().chain(own) {
        if let Some(to) = to.get_mut(&person) {
            to.account = Some(account);
            to.lang = Lang::parse(&lang).unwrap_or_default();
        }
    }
    for (person, phone) in people::phones_of(r, vault, &guardians)? {
        to.entry(person).or_default().phone = Some(phone);
    }
    for (person, addresses) in address::of_people(r, vault, &everybody)? {
        to.entry(person).or_default().addresses = addresses;
    }
    let today = r.today();
    for (person, sent) in ration::today(r, &guardians, today)? {
        to.entry(person).or_default().today = sent;
    }
    for (person, choice) in choice::of_people(r, &everybody)? {
        let to = to.entry(person).or_default();
        to.lang = choice.lang.unwrap_or(to.lang);
        to.choice = choice;
    }
    Ok(to)
}
