//! What a feature has to say to people outside, and how it hears what became of it. The room `deliver`
//! decides how and when a letter goes; the feature that asked for it writes the words only when it goes,
//! so that a letter to 300,000 families is kept once and not 300,000 times.

use crate::app::App;
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::{Id, Millis, Result};
use gongyu_store::{Reader, Tx};

/// A letter whose turn has come, or of which something became known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The delivery.
    pub dispatch: Id,
    /// The record it speaks of: a notice, an appointment.
    pub source: Id,
    /// School of that record; the district's own unit when there is none.
    pub school: Id,
    /// The guardian it goes to; `None` when it goes to a member of staff.
    pub guardian: Option<Id>,
    /// The account it goes to, if that person has one.
    pub account: Option<Id>,
    /// The child it is about; the first of them when one letter speaks of several.
    pub student: Option<Id>,
    /// Language of the person.
    pub lang: Lang,
    /// Which reminder it is: 0 for the first letter.
    pub round: i64,
}

/// The words of a letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// One line: subject of an e-mail, title of a push.
    pub title: String,
    /// Short text, what a text message carries.
    pub text: String,
    /// Where it opens, a path of ours.
    pub href: String,
    /// Name of the template, which providers ask to register.
    pub template: &'static str,
    /// Values of the template by name, in its order.
    pub values: Vec<(&'static str, String)>,
}

/// What became of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Became {
    /// A channel took it.
    Sent,
    /// It is known to have reached the device or the box.
    Delivered,
    /// It did not go out and will not, by this channel or any other the person has.
    Failed,
    /// The answer was lost: it may have gone out.
    Unknown,
    /// No channel can carry it: somebody calls, or hands over paper.
    ByHand,
}

/// News of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The letter.
    pub due: Due,
    /// Name of the channel.
    pub channel: String,
    /// What became of it.
    pub became: Became,
    /// Since when.
    pub at: Millis,
}

/// Writes the words of letters whose turn has come, in the order asked; `None` for one that is not to
/// go any more (recalled, answered meanwhile).
pub type Compose = fn(&App, &mut Reader, &[Due]) -> Result<Vec<Option<Words>>>;
/// Hears what became of letters, in the transaction that notes it.
pub type Heard = fn(&mut Tx, &[News]) -> Result<()>;

/// A feature that sends letters.
#[derive(Clone, Copy)]
pub struct LetterSource {
    /// Its name in the table of deliveries.
    pub kind: &'static str,
    /// Writes the words.
    pub compose: Compose,
    /// Hears what became of them.
    pub heard: Heard,
}

impl App {
    /// The feature that sent letters of this kind.
    pub fn letter_source(&self, kind: &str) -> Option<&'static LetterSource> {
        self.features.iter().flat_map(|f| f.letters).find(|s| s.kind == kind)
    }
}
