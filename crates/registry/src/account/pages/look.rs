//! Language, large letters, light or dark: kept with the account, or in a cookie for guests.

use super::super::back;
use axum::http::HeaderValue;
use gongyu_access::actor::Theme;
use gongyu_access::{Prefs, account};
use gongyu_kernel::Result;
use gongyu_kernel::i18n::Lang;
use gongyu_web::permit::Anyone;
use gongyu_web::request::PREFS_COOKIE;
use gongyu_web::{FormData, Post, Reply};

/// Takes `size`, `theme` and `lang`, any of them, and goes back to where the person was.
pub fn save(p: &mut Post<'_>, _: Anyone) -> Result<Reply> {
    let prefs = changed(p.view().prefs, p.form());
    let to = back::ours(p.form().get("back")).unwrap_or("/me").to_owned();
    let account = p.actor().map(|a| a.account);
    let cookies = match account {
        Some(account) => {
            account::set_prefs(p.tx, account, prefs)?;
            Vec::new()
        }
        None => vec![cookie(prefs)],
    };
    Ok(Reply::Redirect { to, flash: None, cookies })
}

/// What was asked for, over what was; anything not understood changes nothing.
fn changed(now: Prefs, form: &FormData) -> Prefs {
    Prefs {
        elder: match form.get("size") {
            "elder" => true,
            "normal" => false,
            _ => now.elder,
        },
        theme: Theme::parse(form.get("theme")).unwrap_or(now.theme),
        lang: Lang::parse(form.get("lang")).unwrap_or(now.lang),
    }
}

fn cookie(prefs: Prefs) -> HeaderValue {
    let size = if prefs.elder { "elder." } else { "" };
    let text = format!(
        "{PREFS_COOKIE}={size}{}.{}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000",
        prefs.theme.code(),
        prefs.lang.tag()
    );
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_asked_for_changes() {
        let now = Prefs { elder: true, theme: Theme::Dark, lang: Lang::En };
        let form = FormData::parse(b"theme=light&lang=klingon");
        assert_eq!(changed(now, &form), Prefs { elder: true, theme: Theme::Light, lang: Lang::En });
        assert!(!changed(now, &FormData::parse(b"size=normal")).elder);
    }
}
