//! Which channels can reach a person.

use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, record, sql};
use std::collections::HashMap;

/// The ways to a guardian.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    /// A telephone number is in the roster.
    pub phone: bool,
    /// They have signed in at least once, so they have an account of their own.
    pub app: bool,
    /// WeChat is bound.
    pub wechat: bool,
    /// Known in the WeCom parents' directory.
    pub wecom: bool,
    /// A checked e-mail address.
    pub email: bool,
    /// A browser that takes pushes.
    pub push: bool,
}

impl Ways {
    /// Whether any channel reaches them without somebody calling or printing.
    pub const fn any(self) -> bool {
        self.phone || self.app || self.wechat || self.wecom || self.email || self.push
    }
}

record! {
    struct Known {
        guardian: Id,
        phone: bool,
        account: Option<Id>,
    }
}

/// The ways to each of these guardians. Whether a channel is switched on in the district, and whether the
/// guardian wants it, is decided when a letter's turn comes.
///
/// # Errors
/// As any statement.
pub fn of_guardians(r: &mut Reader, ids: &[Id]) -> Result<HashMap<Id, Ways>> {
    let known: Vec<Known> = r.rows_in(
        sql!(
            "SELECT g.id, g.phone_blind IS NOT NULL, a.id FROM guardian g
               LEFT JOIN account a ON a.guardian_id = g.id AND a.state = 'active'
              WHERE g.id IN ($1)"
        ),
        ids,
        &[],
    )?;
    let mut ways: HashMap<Id, Ways> = known
        .into_iter()
        .map(|k| (k.guardian, Ways { phone: k.phone, app: k.account.is_some(), ..Ways::default() }))
        .collect();
    let addresses: Vec<(Id, String)> = r.rows_in(
        sql!("SELECT person_id, channel FROM address WHERE person_id IN ($1) AND state = 'active'"),
        ids,
        &[],
    )?;
    for (person, channel) in addresses {
        let Some(ways) = ways.get_mut(&person) else { continue };
        match channel.as_str() {
            "wechat" => ways.wechat = true,
            "wecom" => ways.wecom = true,
            "email" => ways.email = true,
            "push" => ways.push = true,
            _ => {}
        }
    }
    Ok(ways)
}
