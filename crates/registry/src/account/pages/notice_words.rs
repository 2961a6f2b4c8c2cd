//! The district's own words in the notice to guardians: where records lie and how long. Every save is a new
//! version; who agreed to an earlier one did so to the text of that time, which stays.

use super::super::notice_text::{self, NoticeText};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::error::Invalid;
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::{Error, Result};
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Holder, Post, Reply};

/// Longest text, in characters.
const LONGEST: usize = 600;

struct Version {
    name: String,
    text: Option<NoticeText>,
    agreed: i64,
}

#[derive(Template)]
#[template(path = "account/pages/notice_words.html")]
struct WordsPage {
    zh: String,
    en: String,
    problem_zh: String,
    problem_en: String,
    refusal: String,
    versions: Vec<Version>,
}

/// Shows the words of today and the versions before them.
pub fn show(g: &mut Get<'_>, _: Holder<right::ManageUnits>) -> Result<Reply> {
    let all = notice_text::versions(g.r)?;
    let agreed = notice_text::agreed(g.r)?;
    let count = |name: &str| agreed.iter().find(|(version, _)| version == name).map_or(0, |(_, n)| *n);
    let district = super::notice::district(g.app, g.r)?;
    let built_in =
        |lang: Lang| g.app.catalogue.ta(lang, "account-notice-storage-text", &[("district", district.as_str().into())]);
    let newest = all.first();
    let zh = newest.map_or_else(|| built_in(Lang::Zh), |v| v.storage_zh.clone());
    let en = newest.map_or_else(|| built_in(Lang::En), |v| v.storage_en.clone());
    let mut versions: Vec<Version> =
        all.iter().map(|v| Version { agreed: count(&v.name()), name: v.name(), text: Some(v.clone()) }).collect();
    let first = super::super::consent::NOTICE;
    versions.push(Version { name: first.to_owned(), text: None, agreed: count(first) });
    let page = WordsPage {
        zh: g.value("zh", &zh).to_owned(),
        en: g.value("en", &en).to_owned(),
        problem_zh: g.problem("zh"),
        problem_en: g.problem("en"),
        refusal: g.refusal(),
        versions,
    };
    g.page(g.t("account-words-title"), "notice-words", &page)
}

/// Makes a new version.
pub fn save(p: &mut Post<'_>, at: Holder<right::ManageUnits>) -> Result<Reply> {
    let mut invalid = Invalid::default();
    let zh = p.form().required("zh", LONGEST, &mut invalid);
    let en = p.form().optional("en", 2 * LONGEST, &mut invalid);
    invalid.into_result()?;
    let now = notice_text::current(p.tx)?;
    if now.storage_zh == zh && now.storage_en == en {
        return Err(Error::conflict("account-words-same"));
    }
    let version = notice_text::renew(p.tx, &zh, &en, at.actor.account)?;
    p.audit("notice.words", ("notice_text", None), &serde_json::json!({ "version": version }).to_string())?;
    Ok(Reply::to_with("/notice-words", Flash::new("account-words-saved")))
}
