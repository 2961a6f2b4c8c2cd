//! Notes that few may read: sealed, opened only with a purpose, every opening kept and shown to the
//! guardian without the content. Who may open one is the business of the room that keeps it.
//! Source: 个人信息保护法 arts 28, 31 and 55; 未成年人网络保护条例 art. 36 (access recorded).

use crate::Vault;
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_store::{Reader, Tx, coded, record, sql};
use serde::{Deserialize, Serialize};

/// Seal name of `protected_note.sealed`.
const NOTE: &str = "protected_note.sealed";

/// What a note is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To follow up what was agreed.
    FollowUp,
    /// To counsel the child.
    Counsel,
    /// To protect the child from danger.
    Protect,
    /// To correct or complete it.
    Correct,
    /// Asked by law or by the guardian.
    Asked,
}

impl Purpose {
    /// Every purpose, as a page lists them.
    pub const ALL: [Self; 5] = [Self::FollowUp, Self::Counsel, Self::Protect, Self::Correct, Self::Asked];

    /// Text in the database and in the catalogues.
    pub const fn code(self) -> &'static str {
        match self {
            Self::FollowUp => "follow_up",
            Self::Counsel => "counsel",
            Self::Protect => "protect",
            Self::Correct => "correct",
            Self::Asked => "asked",
        }
    }

    /// Reads the text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.code() == text)
    }
}
coded!(Purpose);

/// A note to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewNote<'a> {
    /// School of the child.
    pub school: Id,
    /// Kind and identifier of the record it belongs to.
    pub owner: (&'static str, Id),
    /// The child.
    pub student: Id,
    /// Account and name of the author.
    pub author: (Id, &'a str),
    /// The client's own key: the same key is kept once.
    pub client_key: &'a str,
    /// What it says.
    pub text: &'a str,
}

record! {
    /// A note without its content.
    #[derive(Clone, Debug)]
    pub struct NoteHead {
        /// Identifier.
        pub id: Id,
        /// School of the child.
        pub school: Id,
        /// The record it belongs to.
        pub owner: Id,
        /// The child.
        pub student: Id,
        /// Account of the author.
        pub author: Id,
        /// Name of the author.
        pub author_name: String,
        /// When it was written.
        pub made_at: Millis,
    }
}

record! {
    /// One opening of a note.
    #[derive(Clone, Debug)]
    pub struct Access {
        /// The note.
        pub note: Id,
        /// Who opened it.
        pub name: String,
        /// In which role, as its code.
        pub role: String,
        /// What for.
        pub purpose: Purpose,
        /// When.
        pub at: Millis,
    }
}

/// Who opens a note.
#[derive(Clone, Copy, Debug)]
pub struct Opener<'a> {
    /// Account.
    pub account: Id,
    /// Name.
    pub name: &'a str,
    /// Code of the role worn.
    pub role: &'a str,
}

/// Keeps a note; the same key of the same author gives the note already kept.
///
/// # Errors
/// `Error::NotFound` when the key is another author's.
pub fn keep(tx: &mut Tx, vault: &Vault, new: &NewNote<'_>) -> Result<Id> {
    let (id, now) = (tx.new_id(), tx.now());
    let sealed = vault.seal(NOTE, id, new.text.as_bytes())?;
    let added: Option<(Id,)> = tx.row(
        sql!(
            "INSERT INTO protected_note (id, school_id, owner_kind, owner_id, student_id, author_account_id,
                                          author_name, client_key, sealed, made_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
              ON CONFLICT (client_key) DO NOTHING RETURNING id"
        ),
        &[
            &id,
            &new.school,
            &new.owner.0,
            &new.owner.1,
            &new.student,
            &new.author.0,
            &new.author.1,
            &new.client_key,
            &sealed,
            &now,
        ],
    )?;
    if added.is_some() {
        return Ok(id);
    }
    let earlier: (Id, Id) =
        tx.one(sql!("SELECT id, author_account_id FROM protected_note WHERE client_key = $1"), &[&new.client_key])?;
    if earlier.1 == new.author.0 { Ok(earlier.0) } else { Err(Error::NotFound) }
}

/// The notes of a record, the newest first.
///
/// # Errors
/// As any statement.
pub fn of_owner(r: &mut Reader, kind: &str, owner: Id) -> Result<Vec<NoteHead>> {
    r.rows(
        sql!(
            "SELECT id, school_id, owner_id, student_id, author_account_id, author_name, made_at FROM protected_note
              WHERE owner_kind = $1 AND owner_id = $2 ORDER BY id DESC"
        ),
        &[&kind, &owner],
    )
}

/// A note without its content.
///
/// # Errors
/// `Error::NotFound`.
pub fn find(r: &mut Reader, id: Id) -> Result<NoteHead> {
    r.one(
        sql!(
            "SELECT id, school_id, owner_id, student_id, author_account_id, author_name, made_at FROM protected_note
              WHERE id = $1"
        ),
        &[&id],
    )
}

/// Opens a note and keeps that it was opened, in one transaction: nobody reads it unseen.
///
/// # Errors
/// `Error::NotFound`, or `Error::Internal` when it cannot be opened.
pub fn open(tx: &mut Tx, vault: &Vault, id: Id, by: Opener<'_>, purpose: Purpose, words: &str) -> Result<String> {
    let (sealed, student): (Vec<u8>, Id) =
        tx.one(sql!("SELECT sealed, student_id FROM protected_note WHERE id = $1"), &[&id])?;
    let text = vault.open_text(NOTE, id, &sealed)?;
    let (entry, now) = (tx.new_id(), tx.now());
    tx.exec(
        sql!(
            "INSERT INTO protected_note_access (id, note_id, student_id, account_id, name, role, purpose, words, at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        &[&entry, &id, &student, &by.account, &by.name, &by.role, &purpose, &words, &now],
    )?;
    Ok(text)
}

/// Who opened the notes about a child, the newest first: what the guardian is shown.
///
/// # Errors
/// As any statement.
pub fn accesses_of(r: &mut Reader, student: Id) -> Result<Vec<Access>> {
    r.rows(
        sql!(
            "SELECT note_id, name, role, purpose, at FROM protected_note_access
              WHERE student_id = $1 ORDER BY at DESC, id DESC LIMIT 100"
        ),
        &[&student],
    )
}

/// How many notes there are about a child.
///
/// # Errors
/// As any statement.
pub fn count_of(r: &mut Reader, student: Id) -> Result<i64> {
    r.scalar(sql!("SELECT COUNT(*) FROM protected_note WHERE student_id = $1"), &[&student])
}

/// Who opened one note, the newest first.
///
/// # Errors
/// As any statement.
pub fn accesses(r: &mut Reader, note: Id) -> Result<Vec<Access>> {
    r.rows(
        sql!(
            "SELECT note_id, name, role, purpose, at FROM protected_note_access
              WHERE note_id = $1 ORDER BY at DESC, id DESC LIMIT 100"
        ),
        &[&note],
    )
}
