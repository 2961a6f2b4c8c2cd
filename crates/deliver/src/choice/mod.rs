//! How a person wants to be written to.

pub(crate) mod address;
pub(crate) mod proof;

pub use address::{NewAddress, keep as keep_address};

use crate::channel::Way;
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, Tx, record, sql};
use std::collections::HashMap;

/// A person's choice. Somebody who never chose has the default: every channel, at once, the district's quiet hours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Channels they want; empty for all.
    pub ways: Vec<Way>,
    /// One digest a day instead of letters at once.
    pub digest: bool,
    /// Language of letters; `None` as in the product.
    pub lang: Option<Lang>,
    /// Quiet hours of their own, in minutes after midnight.
    pub quiet: Option<(i64, i64)>,
}

impl Choice {
    /// Whether they want a channel.
    pub fn wants(&self, way: Way) -> bool {
        self.ways.is_empty() || self.ways.contains(&way)
    }
}

record! {
    struct Row {
        person: Id,
        channels: String,
        digest: bool,
        lang: String,
        quiet_from: Option<i64>,
        quiet_to: Option<i64>,
    }
}

impl Row {
    fn choice(&self) -> Choice {
        Choice {
            ways: Way::parse_list(&self.channels),
            digest: self.digest,
            lang: Lang::parse(&self.lang),
            quiet: self.quiet_from.zip(self.quiet_to),
        }
    }
}

/// The choices of these people: guardians by their own identifier, staff by their account.
///
/// # Errors
/// As any statement.
pub fn of_people(r: &mut Reader, people: &[Id]) -> Result<HashMap<Id, Choice>> {
    let rows: Vec<Row> = r.rows_in(
        sql!(
            "SELECT person_id, channels, digest, lang, quiet_from, quiet_to FROM letter_choice
              WHERE person_id IN ($1)"
        ),
        people,
        &[],
    )?;
    Ok(rows.iter().map(|row| (row.person, row.choice())).collect())
}

/// Keeps a choice.
///
/// # Errors
/// As any statement.
pub fn save(tx: &mut Tx, person: Id, choice: &Choice) -> Result<()> {
    let now = tx.now();
    let channels = Way::list(&choice.ways);
    let lang = choice.lang.map_or("", |l| l.tag());
    let (from, to) = (choice.quiet.map(|q| q.0), choice.quiet.map(|q| q.1));
    tx.exec(
        sql!(
            "INSERT INTO letter_choice (person_id, channels, digest, lang, quiet_from, quiet_to, updated_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7)
              ON CONFLICT (person_id) DO UPDATE SET channels = excluded.channels, digest = excluded.digest,
                 lang = excluded.lang, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to,
                 updated_at = excluded.updated_at"
        ),
        &[&person, &channels, &choice.digest, &lang, &from, &to, &now],
    )?;
    Ok(())
}
