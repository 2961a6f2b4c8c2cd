//! What a person is told of their own account at the next sign-in: who changed the way they sign in, and why.

use gongyu_kernel::error::Code;
use gongyu_kernel::{Id, Millis, Result};
use gongyu_store::{Reader, Tx, record, sql};

/// Somebody set a new password.
pub(crate) const PASSWORD: &str = "password";
/// Somebody took the second factor off.
pub(crate) const FACTOR: &str = "factor";
/// Days for which one's own page keeps saying it.
const DAYS: i64 = 90;

record! {
    /// One such thing.
    #[derive(Clone, Debug)]
    pub(crate) struct News {
        pub(crate) id: Id,
        pub(crate) kind: String,
        pub(crate) reason: String,
        pub(crate) by_name: String,
        pub(crate) at: Millis,
        pub(crate) told: bool,
    }
}

impl News {
    /// The words for it.
    pub(crate) fn words(&self) -> Code {
        let key = if self.kind == FACTOR { "account-news-factor" } else { "account-news-password" };
        Code::new(key).arg("name", &self.by_name).arg("reason", &self.reason)
    }
}

/// Keeps something to be told.
///
/// # Errors
/// As any statement.
pub(crate) fn tell(tx: &mut Tx, account: Id, kind: &str, reason: &str, by_name: &str) -> Result<()> {
    let (id, now) = (tx.new_id(), tx.now());
    tx.exec(
        sql!("INSERT INTO account_news (id, account_id, kind, reason, by_name, at) VALUES ($1, $2, $3, $4, $5, $6)"),
        &[&id, &account, &kind, &reason, &by_name, &now],
    )?;
    Ok(())
}

/// What happened lately, the newest first.
///
/// # Errors
/// As any statement.
pub(crate) fn of(r: &mut Reader, account: Id) -> Result<Vec<News>> {
    let since = r.now().plus_days(-DAYS);
    r.rows(
        sql!(
            "SELECT id, kind, reason, by_name, at, told_at IS NOT NULL FROM account_news
              WHERE account_id = $1 AND at > $2 ORDER BY id DESC LIMIT 10"
        ),
        &[&account, &since],
    )
}

/// The newest thing not told yet; all of them count as told then, and one's own page lists them.
///
/// # Errors
/// As any statement.
pub(crate) fn take(tx: &mut Tx, account: Id) -> Result<Option<News>> {
    let newest = of(tx, account)?.into_iter().find(|n| !n.told);
    if newest.is_some() {
        let now = tx.now();
        tx.exec(
            sql!("UPDATE account_news SET told_at = $1 WHERE account_id = $2 AND told_at IS NULL"),
            &[&now, &account],
        )?;
    }
    Ok(newest)
}
