//! What providers report back: a letter that reached its phone, or did not. Each report comes to an address that
//! only the provider knows, or signed with the token it shares with us.

mod sms;
mod wechat;

use crate::channel::Way;
use crate::dispatch::wake;
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::{Id, Result};
use gongyu_store::{Tx, record, sql};
use gongyu_web::letters::{Became, Due, News};
use gongyu_web::{App, Routes};
use std::collections::HashMap;

/// Largest report read, in bytes.
const LARGEST: usize = 512 * 1024;

pub(crate) fn routes() -> Routes {
    sms::routes().merge(wechat::routes())
}

/// One report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Report {
    /// The provider's receipt.
    pub receipt: String,
    /// Our own identifier, where the provider gives it back.
    pub ours: Option<Id>,
    /// Arrived, or why not.
    pub fault: Option<String>,
}

record! {
    struct Row {
        id: Id,
        kind: String,
        source: Id,
        school: Id,
        guardian: Option<Id>,
        account: Option<Id>,
        student: Option<Id>,
        round: i64,
        tried: String,
        channel: Way,
    }
}

/// Notes reports: what arrived is delivered; what did not goes by the person's next channel. A report of a letter
/// whose answer was lost settles it. A report that comes twice, or of something unknown, changes nothing.
pub(crate) fn note(app: &App, tx: &mut Tx, way: Way, reports: &[Report]) -> Result<()> {
    let mut news: HashMap<String, Vec<News>> = HashMap::new();
    let (now, mut again) = (tx.now(), false);
    for report in reports {
        let rows: Vec<Row> = tx.rows(
            sql!(
                "SELECT id, kind, source_id, school_id, guardian_id, account_id, student_id, round, tried, channel
                   FROM dispatch
                  WHERE ((receipt = $1 AND receipt <> '') OR id = $2) AND channel = $3
                    AND state IN ('sent', 'unknown')
                  ORDER BY id"
            ),
            &[&report.receipt, &report.ours.unwrap_or_default(), &way],
        )?;
        for row in rows {
            match &report.fault {
                None => {
                    tx.exec(
                        sql!("UPDATE dispatch SET state = 'delivered', fault = '', changed_at = $1 WHERE id = $2"),
                        &[&now, &row.id],
                    )?;
                    let due = Due {
                        dispatch: row.id,
                        source: row.source,
                        school: row.school,
                        guardian: row.guardian,
                        account: row.account,
                        student: row.student,
                        lang: Lang::default(),
                        round: row.round,
                    };
                    let channel = row.channel.code().to_owned();
                    news.entry(row.kind).or_default().push(News { due, channel, became: Became::Delivered, at: now });
                }
                Some(why) => {
                    let mut tried = Way::parse_list(&row.tried);
                    tried.push(row.channel);
                    let (tried, why) = (Way::list(&tried), why.chars().take(200).collect::<String>());
                    tx.exec(
                        sql!(
                            "UPDATE dispatch SET state = 'queued', due_at = $1, lease_until = 0, attempts = 0,
                                                  tried = $2, fault = $3, receipt = '' WHERE id = $4"
                        ),
                        &[&now, &tried, &why, &row.id],
                    )?;
                    again = true;
                }
            }
        }
    }
    let mut kinds: Vec<_> = news.into_iter().collect();
    kinds.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    for (kind, news) in kinds {
        if let Some(source) = app.letter_source(&kind) {
            (source.heard)(tx, &news)?;
        }
    }
    if again { wake(tx) } else { Ok(()) }
}
