//! What an import is made of.

use crate::roster::headings::Field;
use crate::roster::problem::{Problem, ProblemCode};
use crate::roster::row::{PupilRow, RawRow};
use gongyu_kernel::{Date, Id, Millis};
use gongyu_store::{coded, record};
use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$m:meta])* $name:ident { $($(#[$vm:meta])* $variant:ident = $code:literal),* $(,)? }) => {
        $(#[$m])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum $name { $($(#[$vm])* $variant),* }
        impl $name {
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

words! {
    /// Where an import stands.
    BatchState {
        /// The file is being read and checked.
        Reading = "reading",
        /// A person looks at what would happen.
        Preview = "preview",
        /// Decided; being written, and carried on after a crash until it is done.
        Applying = "applying",
        /// Written. Rows that were not good enough may still be mended and written later.
        Done = "done",
        /// Being taken back, and carried on after a crash until it is.
        Undoing = "undoing",
        /// Taken back.
        Undone = "undone",
        /// The file cannot be read; `fault` says why.
        Refused = "refused",
    }
}

words! {
    /// What becomes of one row.
    Verdict {
        /// A pupil not known before.
        Added = "added",
        /// Something about a known pupil changes.
        Changed = "changed",
        /// A known pupil goes to another class or school, or comes back.
        Moved = "moved",
        /// A pupil the complete file no longer names leaves.
        Left = "left",
        /// Everything is as it was.
        Unchanged = "unchanged",
        /// A person has to decide first.
        Asked = "asked",
        /// Has to be mended first.
        Refused = "refused",
        /// Came back mended in another file.
        Settled = "settled",
    }
}

impl Serialize for Verdict {
    fn serialize<S: serde::Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
        s.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Verdict {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> std::result::Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("an unknown verdict"))
    }
}

impl Verdict {
    /// Whether applying the import does something with the row.
    pub const fn writes(self) -> bool {
        matches!(self, Self::Added | Self::Changed | Self::Moved | Self::Left)
    }

    /// Whether the row waits for a person.
    pub const fn waits(self) -> bool {
        matches!(self, Self::Asked | Self::Refused)
    }
}

record! {
    /// One import.
    #[derive(Clone, Debug)]
    pub struct Batch {
        /// Identifier.
        pub id: Id,
        /// The one school it is for; `None` for the whole district.
        pub school: Option<Id>,
        /// Whether pupils the file does not name have left their school.
        pub complete: bool,
        /// A file of mended rows brought back: it marks nobody as left.
        pub mended: bool,
        /// Name of the file.
        pub file_name: String,
        /// SHA-256 of its content.
        pub sha256: String,
        /// Where it stands.
        pub state: BatchState,
        /// Account that brought it; `None` for the command line.
        pub created_by: Option<Id>,
        /// When it was brought.
        pub created_at: Millis,
        /// The row of headings as a JSON array.
        pub headings: String,
        /// What the person should know about the file, as JSON of faults.
        pub notes: String,
        /// Rows read so far.
        pub rows_read: i64,
        /// New pupils.
        pub added: i64,
        /// Pupils with changes.
        pub changed: i64,
        /// Pupils who change class or school.
        pub moved: i64,
        /// Pupils who leave.
        pub gone: i64,
        /// Pupils without changes.
        pub unchanged: i64,
        /// Rows to be mended.
        pub refused: i64,
        /// Rows that wait for a decision.
        pub asked: i64,
        /// More pupils of a school would leave than the district allows without a second confirmation.
        pub gone_over: bool,
        /// Number of leaving pupils a person has confirmed; 0 for none.
        pub gone_confirmed: i64,
        /// Writing has begun: from here on it only goes forward.
        pub started: bool,
        /// Rows written in this run.
        pub written: i64,
        /// Rows to write in this run.
        pub to_write: i64,
        /// Why the file was refused, as JSON of a fault; empty when it was not.
        pub fault: String,
        /// The state of the registry the preview was made against.
        pub base_version: i64,
        /// When its writing ended last.
        pub applied_at: Option<Millis>,
        /// When it was taken back.
        pub undone_at: Option<Millis>,
    }
}

impl Batch {
    /// The headings of the file.
    pub fn heading_texts(&self) -> Vec<String> {
        serde_json::from_str(&self.headings).unwrap_or_default()
    }

    /// Rows that may be written now, unless they were written already.
    pub const fn good(&self) -> i64 {
        self.added + self.changed + self.moved + self.gone
    }

    /// Rows that wait for a person.
    pub const fn waiting(&self) -> i64 {
        self.refused + self.asked
    }
}

/// Counts of a plan.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub(super) struct Tally {
    pub added: i64,
    pub changed: i64,
    pub moved: i64,
    pub gone: i64,
    pub unchanged: i64,
    pub refused: i64,
    pub asked: i64,
}

impl Tally {
    pub fn count(&mut self, verdict: Verdict) {
        *match verdict {
            Verdict::Settled => return,
            Verdict::Added => &mut self.added,
            Verdict::Changed => &mut self.changed,
            Verdict::Moved => &mut self.moved,
            Verdict::Left => &mut self.gone,
            Verdict::Unchanged => &mut self.unchanged,
            Verdict::Asked => &mut self.asked,
            Verdict::Refused => &mut self.refused,
        } += 1;
    }
}

/// What a person answered or mended in one row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edits {
    /// Fields with the text that stands in for the file's.
    pub set: Vec<(Field, String)>,
    /// Questions answered with "leave it so".
    pub accepted: Vec<ProblemCode>,
    /// Whether the pupil is the known one with the same name and birth date.
    pub same: Option<bool>,
}

impl Edits {
    /// Puts the mended texts over those of the file.
    pub fn put_on(&self, raw: &mut RawRow<'_>) {
        for (field, text) in &self.set {
            raw.set(*field, text.clone(), false);
        }
    }
}

/// What is sealed of a staged row: the pupil of a good row, the cells of one that waits.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Content {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<PupilRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<(Field, String, bool)>,
}

impl Content {
    pub fn of_cells(raw: &RawRow<'_>) -> Self {
        let cells = raw.cells().filter(|(_, cell)| !cell.text.is_empty());
        Self { row: None, cells: cells.map(|(f, c)| (f, c.text.to_string(), c.is_number)).collect() }
    }

    pub fn raw(&self, number: u32) -> RawRow<'_> {
        let mut raw = RawRow::new(number);
        for (field, text, is_number) in &self.cells {
            raw.set(*field, text.as_str(), *is_number);
        }
        raw
    }
}

/// A row ready to be staged.
#[derive(Clone, Debug)]
pub(super) struct StagedRow {
    pub number: i64,
    pub verdict: Verdict,
    pub school: Option<Id>,
    pub student: Option<Id>,
    /// The pupil the row may mean instead, or whose number it has.
    pub other: Option<Id>,
    pub name: String,
    pub id_blind: Option<String>,
    pub roll_blind: Option<String>,
    pub row_hash: String,
    pub since: Option<Date>,
    pub topic: &'static str,
    pub fix_key: String,
    pub sealed: Vec<u8>,
    pub problems: Vec<Problem>,
}
