//! The person behind a request.

use crate::policy::{Action, Role};
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::{Error, Id, Result};

/// One role a person wears. A teacher who is also a parent wears one at a time; rights are never added up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hat {
    /// What they are.
    pub role: Role,
    /// Where: a class, a school, a town, the district. `None` for a guardian, whose reach is their own children.
    pub unit: Option<Id>,
    /// Name of the unit, to show.
    pub unit_name: String,
    /// The grant behind it; `None` for a guardian.
    pub grant: Option<Id>,
}

impl Hat {
    /// Short text for the audit log.
    pub fn code(&self) -> String {
        match self.unit {
            Some(unit) => format!("{}@{unit}", self.role.code()),
            None => self.role.code().to_owned(),
        }
    }
}

/// How a person likes their pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Prefs {
    /// Language.
    pub lang: Lang,
    /// Elder mode (长辈版).
    pub elder: bool,
    /// Dark, light, or as the device says.
    pub theme: Theme,
}

/// Colour theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the device says.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Text in the database and in `data-bs-theme`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads the text.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Auto, Self::Light, Self::Dark].into_iter().find(|t| t.code() == text)
    }
}

/// A signed-in person in one hat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Account.
    pub account: Id,
    /// Session of this request; `None` for an API token.
    pub session: Option<Id>,
    /// Name to show.
    pub name: String,
    /// The member of staff they are, if any.
    pub staff: Option<Id>,
    /// The guardian they are, if any.
    pub guardian: Option<Id>,
    /// The hat worn now.
    pub hat: Hat,
    /// Signed in with a second factor.
    pub strong: bool,
    /// Must choose a new password before anything else.
    pub must_change: bool,
    /// How they like their pages.
    pub prefs: Prefs,
}

impl Actor {
    /// Whether the hat may do this somewhere at all; where is the business of the record's own check.
    ///
    /// # Errors
    /// `Error::Forbidden`.
    pub fn may(&self, action: Action) -> Result<()> {
        if self.hat.role.may(action) { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// The unit of the hat.
    ///
    /// # Errors
    /// `Error::Forbidden` for a hat without one.
    pub fn unit(&self) -> Result<Id> {
        self.hat.unit.ok_or(Error::Forbidden)
    }
}
