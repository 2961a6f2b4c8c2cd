//! The rows of attachments.

use super::kind::FileKind;
use super::prepare::Prepared;
use gongyu_kernel::error::Code;
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_store::{Reader, Tx, blob, record, sql};
use gongyu_web::Post;

/// Hours a file that hangs on nothing is kept [P].
pub(super) const WAITING_HOURS: i64 = 24;

record! {
    /// A file of a record.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Attachment {
        /// Identifier.
        pub id: Id,
        /// Kind of the record it hangs on; empty while it hangs on none.
        pub owner_kind: String,
        /// The record; 0 while it hangs on none.
        pub owner: i64,
        /// Who brought it.
        pub account: Id,
        /// What it is.
        pub kind: FileKind,
        /// Name.
        pub name: String,
        /// Bytes.
        pub size: i64,
        /// Content, by hash.
        pub sha256: String,
        /// Small picture, by hash; empty for what is no picture.
        pub small_sha256: String,
        /// Width in pixels; 0 for what is no picture.
        pub width: i64,
        /// Height in pixels.
        pub height: i64,
        /// When it came.
        pub created_at: Millis,
    }
}

impl Attachment {
    /// Where it is opened.
    pub fn href(&self) -> String {
        let name: String = form_urlencoded::byte_serialize(self.name.as_bytes()).collect();
        format!("/files/{}/{}", self.id, name.replace('+', "%20"))
    }

    /// Where its small picture is; `None` for what is no picture.
    pub fn small_href(&self) -> Option<String> {
        (!self.small_sha256.is_empty()).then(|| format!("{}?small=1", self.href()))
    }

    /// The record it hangs on.
    pub fn owner(&self) -> Option<(&str, Id)> {
        (!self.owner_kind.is_empty()).then_some((self.owner_kind.as_str(), Id(self.owner)))
    }
}

/// Keeps a prepared file as one that hangs on nothing yet. With a key made by the person's device the
/// same file sent twice is one file.
///
/// # Errors
/// As any statement.
pub fn bring(tx: &mut Tx, account: Id, file: &Prepared, client_key: Option<&str>) -> Result<Id> {
    let kind = file.kind().ok_or(Error::NotFound)?;
    if let Some(key) = client_key
        && let Some(known) = of_key(tx, account, key)?
    {
        return Ok(known.id);
    }
    let (id, now) = (tx.new_id(), tx.now());
    if file.raw_sha256 != file.sha256 {
        // What the camera wrote is let go with the next sweep.
        blob::remember(tx, &file.raw_sha256, file.raw_size, "", "", Some(now))?;
    }
    let whole = blob::remember(tx, &file.sha256, file.size, kind.media_type(), &file.name, None)?;
    let small = match file.small_sha256.as_str() {
        "" => None,
        hash => Some(blob::remember(tx, hash, file.small_size, "image/jpeg", &file.name, None)?),
    };
    tx.exec(
        sql!(
            "INSERT INTO attachment (id, owner_kind, owner_id, account_id, position, kind, name, media_type, size, sha256,
                                     blob_id, small_sha256, small_blob_id, width, height, client_key, created_at)
              VALUES ($1, '', 0, $2, 0, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
        ),
        &[
            &id,
            &account,
            &kind,
            &file.name,
            &kind.media_type(),
            &file.size,
            &file.sha256,
            &whole,
            &file.small_sha256,
            &small,
            &file.width,
            &file.height,
            &client_key,
            &now,
        ],
    )?;
    Ok(id)
}

/// Every file a form chose: those brought before, named in `field`, and those that came with it.
///
/// # Errors
/// `Error::SignedOut`; as any statement.
pub fn bring_all(p: &mut Post<'_>, field: &str) -> Result<Vec<Id>> {
    let account = p.actor().ok_or(Error::SignedOut)?.account;
    let mut ids = p.form().ids(field);
    for file in super::received(p.req) {
        ids.push(bring(p.tx, account, &file, None)?);
    }
    ids.dedup();
    Ok(ids)
}

/// A file by its identifier. Whether a person may have it is the caller's to ask.
///
/// # Errors
/// `Error::NotFound`.
pub fn find(r: &mut Reader, id: Id) -> Result<Attachment> {
    r.one(
        sql!(
            "SELECT id, owner_kind, owner_id, account_id, kind, name, size, sha256, small_sha256, width, height, created_at
              FROM attachment WHERE id = $1"
        ),
        &[&id],
    )
}

/// The file a person's device sent under a key of its own.
///
/// # Errors
/// As any statement.
pub fn of_key(r: &mut Reader, account: Id, key: &str) -> Result<Option<Attachment>> {
    r.row(
        sql!(
            "SELECT id, owner_kind, owner_id, account_id, kind, name, size, sha256, small_sha256, width, height, created_at
              FROM attachment WHERE account_id = $1 AND client_key = $2"
        ),
        &[&account, &key],
    )
}

/// The files of a record, in their order.
///
/// # Errors
/// As any statement.
pub fn of(r: &mut Reader, kind: &str, owner: Id) -> Result<Vec<Attachment>> {
    r.rows(
        sql!(
            "SELECT id, owner_kind, owner_id, account_id, kind, name, size, sha256, small_sha256, width, height, created_at
              FROM attachment WHERE owner_kind = $1 AND owner_id = $2 ORDER BY position, id"
        ),
        &[&kind, &owner],
    )
}

/// The files of several records of a kind, each record's in their order.
///
/// # Errors
/// As any statement.
pub fn of_many(r: &mut Reader, kind: &str, owners: &[Id]) -> Result<Vec<Attachment>> {
    r.rows_in(
        sql!(
            "SELECT id, owner_kind, owner_id, account_id, kind, name, size, sha256, small_sha256, width, height, created_at
              FROM attachment WHERE owner_id IN ($1) AND owner_kind = $2 ORDER BY owner_id, position, id"
        ),
        owners,
        &[&kind],
    )
}

/// Those of these files that a person brought and that hang on nothing yet.
///
/// # Errors
/// As any statement.
pub fn waiting(r: &mut Reader, account: Id, ids: &[Id]) -> Result<Vec<Attachment>> {
    r.rows_in(
        sql!(
            "SELECT id, owner_kind, owner_id, account_id, kind, name, size, sha256, small_sha256, width, height, created_at
              FROM attachment WHERE id IN ($1) AND account_id = $2 AND attached_at IS NULL ORDER BY id"
        ),
        ids,
        &[&account],
    )
}

/// Hangs exactly these files on a record, in this order: what hung on it and is not among them is let go.
///
/// # Errors
/// `Error::NotFound` when one is neither this record's nor brought by this person and still free;
/// `Error::Conflict` when there are more than the district allows.
pub fn settle(tx: &mut Tx, account: Id, owner: (&str, Id), ids: &[Id]) -> Result<()> {
    let (kind, record) = owner;
    let most = super::limits(tx)?.files;
    if ids.len() as i64 > most {
        return Err(Error::conflict(Code::new("attach-too-many").arg("n", most)));
    }
    let had = of(tx, kind, record)?;
    let free = waiting(tx, account, ids)?;
    if ids.iter().any(|id| !had.iter().chain(&free).any(|a| a.id == *id)) {
        return Err(Error::NotFound);
    }
    let now = tx.now();
    for (position, id) in (0i64..).zip(ids) {
        tx.exec(
            sql!("UPDATE attachment SET owner_kind = $1, owner_id = $2, position = $3, attached_at = $4 WHERE id = $5"),
            &[&kind, &record, &position, &now, id],
        )?;
    }
    for gone in had.iter().filter(|a| !ids.contains(&a.id)) {
        drop_one(tx, gone.id)?;
    }
    Ok(())
}

/// The same file once more, hanging on nothing yet: for a copy of the record it hangs on.
///
/// # Errors
/// As any statement.
pub fn again(tx: &mut Tx, account: Id, file: &Attachment) -> Result<Id> {
    let prepared = Prepared {
        field: String::new(),
        kind: file.kind.code().to_owned(),
        name: file.name.clone(),
        sha256: file.sha256.clone(),
        size: file.size,
        small_sha256: file.small_sha256.clone(),
        small_size: 0,
        width: file.width,
        height: file.height,
        raw_sha256: file.sha256.clone(),
        raw_size: file.size,
    };
    bring(tx, account, &prepared, None)
}

/// Hangs the same files on another record too, which has none: a correction, a template.
///
/// # Errors
/// As `settle`.
pub fn copy(tx: &mut Tx, account: Id, from: (&str, Id), to: (&str, Id)) -> Result<Vec<Id>> {
    let mut made = Vec::new();
    for file in of(tx, from.0, from.1)? {
        made.push(again(tx, account, &file)?);
    }
    settle(tx, account, to, &made)?;
    Ok(made)
}

/// Lets a file go; its contents follow when nothing else refers to them.
pub(super) fn drop_one(tx: &mut Tx, id: Id) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!(
            "UPDATE blob SET expires_at = $1 WHERE id IN (SELECT blob_id FROM attachment WHERE id = $2
              UNION ALL SELECT small_blob_id FROM attachment WHERE id = $2 AND small_blob_id IS NOT NULL)"
        ),
        &[&now, &id],
    )?;
    tx.exec(sql!("DELETE FROM attachment WHERE id = $1"), &[&id])?;
    Ok(())
}
