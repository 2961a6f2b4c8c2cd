//! Names that are stored, sent and looked up in the catalogues. A closed list becomes an enum with
//! one code a variant; an open list, to which later features add, becomes a checked name.

/// An enum whose variants have a stored code and a catalogue key `prefix-code`.
macro_rules! coded {
    (
        $(#[$about:meta])*
        $name:ident, $prefix:literal {
            $( $(#[$each:meta])* $variant:ident = $code:literal ),+ $(,)?
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $( $(#[$each])* #[serde(rename = $code)] $variant ),+
        }

        impl $name {
            /// Every value, in the order a page lists them.
            pub const ALL: &'static [Self] = &[$( Self::$variant ),+];

            /// The name stored in columns and sent in addresses.
            pub const fn code(self) -> &'static str {
                match self { $( Self::$variant => $code ),+ }
            }

            /// The key of its name in the catalogues.
            pub const fn label_key(self) -> &'static str {
                match self { $( Self::$variant => concat!($prefix, "-", $code) ),+ }
            }

            /// Reads [`Self::code`].
            pub fn parse(code: &str) -> Option<Self> {
                match code {
                    $( $code => Some(Self::$variant), )+
                    _ => None,
                }
            }
        }
    };
}

/// A name from an open list: lower-case letters, digits and `_`, at most 40 characters.
macro_rules! open_code {
    (
        $(#[$about:meta])*
        $name:ident, $prefix:literal {
            $( $(#[$each:meta])* $constant:ident = $code:literal ),* $(,)?
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(std::borrow::Cow<'static, str>);

        impl $name {
            $( $(#[$each])* pub const $constant: Self = Self(std::borrow::Cow::Borrowed($code)); )*

            /// The names known here; features declare more.
            pub const KNOWN: &'static [Self] = &[$( Self::$constant ),*];

            /// A name a feature declares in its own code.
            ///
            /// # Panics
            /// When the name is not well-formed; in a constant, that fails the build.
            pub const fn declared(code: &'static str) -> Self {
                assert!($crate::rules::coded::is_name(code), "not a name: a-z, 0-9, _, at most 40");
                Self(std::borrow::Cow::Borrowed(code))
            }

            /// The name stored in columns and sent in addresses.
            pub fn code(&self) -> &str {
                &self.0
            }

            /// The key of its words in the catalogues.
            pub fn label_key(&self) -> String {
                format!(concat!($prefix, "-{}"), self.0)
            }

            /// Reads [`Self::code`]; `None` when it is not well-formed.
            pub fn parse(code: &str) -> Option<Self> {
                if !$crate::rules::coded::is_name(code) {
                    return None;
                }
                let known = Self::KNOWN.iter().find(|known| known.0 == code);
                Some(known.cloned().unwrap_or_else(|| Self(code.to_owned().into())))
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(code: String) -> Result<Self, String> {
                Self::parse(&code).ok_or_else(|| format!("not a name: {code}"))
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0.into_owned()
            }
        }
    };
}

pub(crate) use {coded, open_code};

/// Whether a text may be an open name.
pub(crate) const fn is_name(code: &str) -> bool {
    let bytes = code.as_bytes();
    if bytes.is_empty() || bytes.len() > 40 || !bytes[0].is_ascii_lowercase() {
        return false;
    }
    let mut i = 1;
    while i < bytes.len() {
        if !(bytes[i].is_ascii_lowercase() || bytes[i].is_ascii_digit() || bytes[i] == b'_') {
            return false;
        }
        i += 1;
    }
    true
}
