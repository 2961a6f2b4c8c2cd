//! Words that the database, forms, JSON and the catalogues share: an enum whose members have a code and the key
//! of a name.

macro_rules! words {
    ($(#[$m:meta])* $name:ident, $prefix:literal { $($(#[$vm:meta])* $variant:ident = $code:literal),* $(,)? }) => {
        $(#[$m])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vm])* #[serde(rename = $code)] $variant),* }
        impl $name {
            /// Every one of them, in the order of a page.
            pub const ALL: &[Self] = &[$(Self::$variant),*];
            /// Text in the database, in forms and in JSON.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }
            /// Key of its name in the catalogues.
            pub const fn label_key(self) -> &'static str {
                match self { $(Self::$variant => concat!($prefix, "-", $code)),* }
            }
            /// Reads the text.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($code => Some(Self::$variant),)* _ => None }
            }
        }
        gongyu_store::coded!($name);
    };
}

pub(crate) use words;
