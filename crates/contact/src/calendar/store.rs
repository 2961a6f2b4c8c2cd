//! Secret addresses of calendars: sealed to be shown again, hashed to be found.

use gongyu_access::Actor;
use gongyu_kernel::random::Random;
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Reader, Tx, record, sql};
use gongyu_vault::Vault;

const SECRET: &str = "calendar_feed.secret";

fn hash(vault: &Vault, secret: &str) -> String {
    vault.blind("calendar.feed", secret)
}

/// The secret of an account's address; `None` when it has none.
pub(super) fn secret_of(r: &mut Reader, vault: &Vault, account: Id) -> Result<Option<String>> {
    let sealed: Option<(Vec<u8>,)> =
        r.row(sql!("SELECT secret_sealed FROM calendar_feed WHERE account_id = $1"), &[&account])?;
    sealed.map(|(bytes,)| vault.open_text(SECRET, account, &bytes)).transpose()
}

/// Makes an address for an account; the one before opens nothing any more.
pub(super) fn renew(tx: &mut Tx, vault: &Vault, random: &Random, account: Id) -> Result<()> {
    let (secret, now) = (random.code(32), tx.now());
    let sealed = vault.seal(SECRET, account, secret.as_bytes())?;
    tx.exec(
        sql!(
            "INSERT INTO calendar_feed (account_id, secret_hash, secret_sealed, made_at) VALUES ($1, $2, $3, $4)
              ON CONFLICT (account_id) DO UPDATE SET secret_hash = excluded.secret_hash,
                 secret_sealed = excluded.secret_sealed, made_at = excluded.made_at"
        ),
        &[&account, &hash(vault, &secret), &sealed, &now],
    )
    .map(drop)
}

/// Ends the address of an account.
pub(super) fn end(tx: &mut Tx, account: Id) -> Result<()> {
    tx.exec(sql!("DELETE FROM calendar_feed WHERE account_id = $1"), &[&account]).map(drop)
}

record! {
    /// Whose calendar an address opens.
    #[derive(Clone, Debug)]
    pub(super) struct Owner {
        pub(super) account: Id,
        pub(super) staff: Option<Id>,
        pub(super) guardian: Option<Id>,
        pub(super) lang: String,
    }
}

impl Owner {
    /// The same of a signed-in person.
    pub(super) fn of(actor: &Actor) -> (Option<Id>, Option<Id>) {
        (actor.staff, actor.guardian)
    }
}

/// Whose calendar an address opens; a locked or ended account has none.
pub(super) fn owner(r: &mut Reader, vault: &Vault, secret: &str) -> Result<Owner> {
    if secret.len() != 32 {
        return Err(Error::NotFound);
    }
    r.one(
        sql!(
            "SELECT a.id, a.staff_id, a.guardian_id, a.lang FROM calendar_feed f JOIN account a ON a.id = f.account_id
              WHERE f.secret_hash = $1 AND a.state = 'active'"
        ),
        &[&hash(vault, secret)],
    )
}
