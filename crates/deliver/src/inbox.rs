//! What waits unseen in the product itself: every letter to somebody with an account lies there too, whatever
//! other channel carried it.

use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, Tx, sql};

/// Topic of the pings of an account's inbox.
pub fn topic(account: Id) -> String {
    format!("inbox:{account}")
}

/// Letters that came since the person last looked.
///
/// # Errors
/// As any statement.
pub fn unseen(r: &mut Reader, account: Id) -> Result<i64> {
    let found: Option<(i64,)> = r.row(sql!("SELECT unseen FROM letter_box WHERE account_id = $1"), &[&account])?;
    Ok(found.map_or(0, |(n,)| n))
}

/// The person has looked.
///
/// # Errors
/// As any statement.
pub fn seen(tx: &mut Tx, account: Id) -> Result<()> {
    tx.exec(sql!("UPDATE letter_box SET unseen = 0 WHERE account_id = $1 AND unseen > 0"), &[&account]).map(drop)
}

/// Puts a letter into these inboxes.
pub(crate) fn arrive(tx: &mut Tx, accounts: &[Id]) -> Result<()> {
    let now = tx.now();
    // In order, so that two nodes never wait for each other.
    let mut accounts = accounts.to_vec();
    accounts.sort_unstable();
    for account in accounts {
        tx.exec(
            sql!(
                "INSERT INTO letter_box (account_id, unseen, last_at) VALUES ($1, 1, $2)
                  ON CONFLICT (account_id) DO UPDATE SET unseen = letter_box.unseen + 1, last_at = excluded.last_at"
            ),
            &[&account, &now],
        )?;
        crate::live::publish(tx, &topic(account))?;
    }
    Ok(())
}
