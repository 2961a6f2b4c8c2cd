//! Which kind of work a form belongs to, by the template of its address.

use gongyu_store::coded;

/// A kind of work.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Form {
    /// Contacts noted.
    Contact,
    /// Notices.
    Notice,
    /// Home visits.
    Visit,
    /// Activities.
    Act,
    /// Pupils, guardians, roster, cards.
    People,
    /// Families never reached.
    Unreached,
    /// Letters, calls and reception days answered.
    Case,
    /// Signing in, one's own settings.
    Account,
    /// Everything else.
    Other,
}

impl Form {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Contact,
        Self::Notice,
        Self::Visit,
        Self::Act,
        Self::People,
        Self::Unreached,
        Self::Case,
        Self::Account,
        Self::Other,
    ];

    /// Text in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Notice => "notice",
            Self::Visit => "visit",
            Self::Act => "act",
            Self::People => "people",
            Self::Unreached => "unreached",
            Self::Case => "case",
            Self::Account => "account",
            Self::Other => "other",
        }
    }

    /// Reads the text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.code() == text)
    }

    /// The key of its name.
    pub const fn label_key(self) -> &'static str {
        match self {
            Self::Contact => "burden-form-contact",
            Self::Notice => "burden-form-notice",
            Self::Visit => "burden-form-visit",
            Self::Act => "burden-form-act",
            Self::People => "burden-form-people",
            Self::Unreached => "burden-form-unreached",
            Self::Case => "burden-form-case",
            Self::Account => "burden-form-account",
            Self::Other => "burden-form-other",
        }
    }

    /// The kind of a form sent to an address of this template.
    pub fn of(template: &str) -> Self {
        const BY_ADDRESS: &[(&str, Form)] = &[
            ("/contacts", Form::Contact),
            ("/class/log", Form::Contact),
            ("/notices", Form::Notice),
            ("/visits", Form::Visit),
            ("/acts", Form::Act),
            ("/open-days", Form::Act),
            ("/open-sessions", Form::Act),
            ("/students", Form::People),
            ("/guardians", Form::People),
            ("/guardianships", Form::People),
            ("/numbers", Form::People),
            ("/cards", Form::People),
            ("/roster", Form::People),
            ("/org", Form::People),
            ("/staff", Form::People),
            ("/rollover", Form::People),
            ("/unreached", Form::Unreached),
            ("/cases", Form::Case),
            ("/receptions", Form::Case),
            ("/me", Form::Account),
            ("/look", Form::Account),
            ("/hat", Form::Account),
            ("/sign-", Form::Account),
        ];
        BY_ADDRESS.iter().find(|(begin, _)| template.starts_with(begin)).map_or(Self::Other, |(_, form)| *form)
    }
}
coded!(Form);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_belongs_to_the_work_its_address_begins_with() {
        assert_eq!(Form::of("/contacts/{id}/undo"), Form::Contact);
        assert_eq!(Form::of("/notices/{id}/send"), Form::Notice);
        assert_eq!(Form::of("/visits/{id}/record"), Form::Visit);
        assert_eq!(Form::of("/rules/{code}"), Form::Other);
    }

    #[test]
    fn every_kind_is_read_back() {
        for form in Form::ALL {
            assert_eq!(Form::parse(form.code()), Some(form));
        }
    }
}
