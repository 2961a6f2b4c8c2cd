//! The words of the interface: fluent catalogues contributed by every room, Simplified Chinese first.

use crate::error::Code;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::HashMap;

/// A language of the interface.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub enum Lang {
    /// Simplified Chinese, the default.
    #[default]
    #[serde(rename = "zh-CN")]
    Zh,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl Lang {
    /// All languages; every page is tested in each.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// Reads a tag, tolerant of region and case.
    pub fn parse(tag: &str) -> Option<Self> {
        let tag = tag.to_ascii_lowercase();
        if tag.starts_with("zh") {
            Some(Self::Zh)
        } else if tag.starts_with("en") {
            Some(Self::En)
        } else {
            None
        }
    }
}

/// The catalogue files of one room.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// Simplified Chinese fluent text.
    pub zh: &'static str,
    /// English fluent text.
    pub en: &'static str,
}

struct Shelf {
    plain: HashMap<String, String>,
    bundle: FluentBundle<FluentResource>,
}

/// Every message of the product in every language.
pub struct Catalogue {
    zh: Shelf,
    en: Shelf,
}

impl Catalogue {
    /// Builds the catalogue from the rooms' files.
    ///
    /// # Errors
    /// Names the first file that is not fluent, or the first key defined twice.
    pub fn build(words: &[Words]) -> Result<Self, String> {
        Ok(Self { zh: shelf(Lang::Zh, words.iter().map(|w| w.zh))?, en: shelf(Lang::En, words.iter().map(|w| w.en))? })
    }

    fn shelf(&self, lang: Lang) -> &Shelf {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// A message without arguments. A missing key shows as itself, so that it is seen and mended.
    pub fn t<'a>(&'a self, lang: Lang, key: &'a str) -> Cow<'a, str> {
        match self.shelf(lang).plain.get(key) {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(self.format(lang, key, None)),
        }
    }

    /// A message with named arguments.
    pub fn ta(&self, lang: Lang, key: &str, args: &[(&str, FluentValue<'_>)]) -> String {
        let mut named = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            named.set(*name, value.clone());
        }
        self.format(lang, key, Some(&named))
    }

    /// The words of an error code.
    pub fn code(&self, lang: Lang, code: &Code) -> String {
        let mut named = FluentArgs::with_capacity(code.args.len());
        for (name, value) in &code.args {
            match value.parse::<i64>() {
                Ok(n) if !(value.len() > 1 && value.starts_with('0')) => named.set(name.clone(), n),
                _ => named.set(name.clone(), value.as_str()),
            }
        }
        self.format(lang, &code.key, Some(&named))
    }

    /// Whether a key is defined in a language.
    pub fn has(&self, lang: Lang, key: &str) -> bool {
        self.shelf(lang).bundle.has_message(key)
    }

    fn format(&self, lang: Lang, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let bundle = &self.shelf(lang).bundle;
        let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) else {
            return key.to_owned();
        };
        let mut errors = Vec::new();
        bundle.format_pattern(pattern, args, &mut errors).into_owned()
    }
}

fn shelf(lang: Lang, files: impl Iterator<Item = &'static str>) -> Result<Shelf, String> {
    let tag = lang.tag().parse().map_err(|e| format!("{e:?}"))?;
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    bundle.set_use_isolating(false);
    let mut plain = HashMap::new();
    for text in files {
        let resource =
            FluentResource::try_new(text.to_owned()).map_err(|(_, errors)| format!("{}: {errors:?}", lang.tag()))?;
        bundle.add_resource(resource).map_err(|e| format!("{}: {e:?}", lang.tag()))?;
        for key in keys(text) {
            let value = bundle.get_message(key).and_then(|m| m.value());
            let mut errors = Vec::new();
            if let Some(pattern) = value {
                let shown = bundle.format_pattern(pattern, None, &mut errors).into_owned();
                if errors.is_empty() {
                    plain.insert(key.to_owned(), shown);
                }
            }
        }
    }
    Ok(Shelf { plain, bundle })
}

fn keys(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let (key, _) = line.split_once('=')?;
        let key = key.trim_end();
        let named = key.starts_with(|c: char| c.is_ascii_alphabetic())
            && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        named.then_some(key)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: Words = Words {
        zh: "hello = 您好\nleft = 还有{ $n }名学生\n",
        en: "hello = Hello\nleft = { $n ->\n    [one] one child\n   *[other] { $n } children\n } left\n",
    };

    #[test]
    fn messages_speak_both_languages() {
        let words = Catalogue::build(&[WORDS]).unwrap();
        assert_eq!(words.t(Lang::Zh, "hello"), "您好");
        assert_eq!(words.ta(Lang::Zh, "left", &[("n", 3.into())]), "还有3名学生");
        assert_eq!(words.ta(Lang::En, "left", &[("n", 1.into())]), "one child left");
    }

    #[test]
    fn a_key_defined_twice_is_refused() {
        assert!(Catalogue::build(&[WORDS, WORDS]).is_err());
    }
}
