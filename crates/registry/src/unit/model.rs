//! What a unit is.

use crate::roster::class_label::{ClassKey, SchoolKind};
use gongyu_kernel::{Date, Id};
use gongyu_store::{coded, record};

macro_rules! kinds {
    ($(#[$m:meta])* $name:ident { $($(#[$vm:meta])* $variant:ident = $code:literal),* $(,)? }) => {
        $(#[$m])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum $name { $($(#[$vm])* $variant),* }
        impl $name {
            /// Every one of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];
            /// Text in the database and in the catalogues.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }
            /// Reads the text.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($code => Some(Self::$variant),)* _ => None }
            }
        }
        coded!($name);
    };
}

kinds! {
    /// Kind of a unit.
    UnitKind {
        /// 区教委.
        District = "district",
        /// 镇街.
        Town = "town",
        /// School or kindergarten.
        School = "school",
        /// Class: a cohort that keeps its identity while its grade rises.
        Class = "class",
        /// Partner agency.
        Agency = "agency",
        /// Community site.
        Community = "community",
    }
}

kinds! {
    /// Urban or rural, by the town.
    Setting {
        /// 城区.
        Urban = "urban",
        /// 乡村.
        Rural = "rural",
    }
}

record! {
    /// A unit as it is today.
    #[derive(Clone, Debug)]
    pub struct Unit {
        /// Identifier.
        pub id: Id,
        /// Kind.
        pub kind: UnitKind,
        /// Code given by the authorities, such as the 10-digit school code; empty for most.
        pub code: String,
        /// Full name. For a class it is made from its cohort: use `class_name`.
        pub name: String,
        /// Short name.
        pub short_name: String,
        /// Unit above.
        pub parent: Option<Id>,
        /// Town it lies in.
        pub town: Option<Id>,
        /// School of a class; itself for a school.
        pub school: Option<Id>,
        /// Kind of school, as its key.
        pub school_kind: Option<String>,
        /// Urban or rural.
        pub setting: Option<Setting>,
        /// Stage of a class, as its key.
        pub stage: Option<String>,
        /// Year in which the class entered.
        pub entry_year: Option<i16>,
        /// Number of the class in its cohort.
        pub class_no: Option<u16>,
        /// What a vocational class is taught; empty for any other unit.
        pub speciality: String,
        /// Office telephone.
        pub phone: String,
        /// First day.
        pub valid_from: Date,
        /// Last day, if closed.
        pub valid_to: Option<Date>,
    }
}

impl Unit {
    /// The cohort of a class.
    pub fn class_key(&self) -> Option<ClassKey> {
        ClassKey::of_columns(self.stage.as_deref(), self.entry_year, self.class_no, Some(&self.speciality))
    }

    /// Name to show in a school year: 三年级2班 for a class, the name for any other.
    pub fn display(&self, school_year_start: i16) -> String {
        self.class_key().map_or_else(|| self.name.clone(), |key| key.display(school_year_start))
    }

    /// Kind of school.
    pub fn kind_of_school(&self) -> Option<SchoolKind> {
        SchoolKind::from_key(self.school_kind.as_deref()?)
    }
}
