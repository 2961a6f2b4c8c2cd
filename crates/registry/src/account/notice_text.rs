//! The words of the notice that the district decides: where records lie and how long. Every change is a new
//! version; a consent names the version it was given to, and that text is kept.

use super::consent::NOTICE;
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::{Id, Millis, Result};
use gongyu_store::{Reader, Tx, record, sql};

record! {
    /// One version of the words.
    #[derive(Clone, Debug)]
    pub struct NoticeText {
        /// 1, 2, 3, …; 0 is the text the product comes with.
        pub version: i64,
        /// Where records lie and how long, in Chinese.
        pub storage_zh: String,
        /// The same in English; empty where nobody wrote it.
        pub storage_en: String,
        /// When the version was made.
        pub made_at: Millis,
        /// Name of who made it; empty when the account is gone.
        pub made_by: String,
    }
}

impl NoticeText {
    fn built_in() -> Self {
        Self {
            version: 0,
            storage_zh: String::new(),
            storage_en: String::new(),
            made_at: Millis(0),
            made_by: String::new(),
        }
    }

    /// Name of the version as a consent keeps it.
    pub fn name(&self) -> String {
        if self.version == 0 { NOTICE.to_owned() } else { format!("{NOTICE}.{}", self.version) }
    }

    /// The district's words in a language; `None` where the text the product comes with stands.
    pub fn storage(&self, lang: Lang) -> Option<&str> {
        let words = match lang {
            Lang::En if !self.storage_en.is_empty() => &self.storage_en,
            _ => &self.storage_zh,
        };
        (!words.is_empty()).then_some(words)
    }
}

/// The version shown to who is asked now.
///
/// # Errors
/// As any statement.
pub fn current(r: &mut Reader) -> Result<NoticeText> {
    Ok(versions(r)?.into_iter().next().unwrap_or_else(NoticeText::built_in))
}

/// The version a consent names; the text the product comes with where it names none of the district's.
///
/// # Errors
/// As any statement.
pub fn named(r: &mut Reader, name: &str) -> Result<NoticeText> {
    Ok(versions(r)?.into_iter().find(|v| v.name() == name).unwrap_or_else(NoticeText::built_in))
}

/// The district's versions, the newest first.
///
/// # Errors
/// As any statement.
pub fn versions(r: &mut Reader) -> Result<Vec<NoticeText>> {
    r.rows(
        sql!(
            "SELECT t.version, t.storage_zh, t.storage_en, t.made_at, COALESCE(a.name, '')
              FROM notice_text t LEFT JOIN account a ON a.id = t.made_by ORDER BY t.version DESC LIMIT 200"
        ),
        &[],
    )
}

/// Standing consents by the version they were given to.
///
/// # Errors
/// As any statement.
pub fn agreed(r: &mut Reader) -> Result<Vec<(String, i64)>> {
    r.rows(
        sql!(
            "SELECT notice_version, COUNT(*) FROM consent WHERE withdrawn_at IS NULL
              GROUP BY notice_version ORDER BY notice_version"
        ),
        &[],
    )
}

/// Makes a new version and returns its number.
///
/// # Errors
/// `Error::Unique` when somebody made one at the same moment.
pub fn renew(tx: &mut Tx, storage_zh: &str, storage_en: &str, by: Id) -> Result<i64> {
    let (id, now, version) = (tx.new_id(), tx.now(), current(tx)?.version + 1);
    tx.exec(
        sql!(
            "INSERT INTO notice_text (id, version, storage_zh, storage_en, made_by, made_at)
              VALUES ($1, $2, $3, $4, $5, $6)"
        ),
        &[&id, &version, &storage_zh, &storage_en, &by, &now],
    )?;
    Ok(version)
}
