//! What rooms hand to the outgoing channels. They enqueue a job; the room `deliver` sends it.

use crate::clock::Millis;
use crate::i18n::Lang;
use crate::id::Id;
use serde::{Deserialize, Serialize};

/// Kind of the job that sends a one-time code to a phone.
pub const CODE_JOB: &str = "deliver.code";
/// Name under which the contents of such a job are sealed, for the record `CodeJob::message`.
pub const CODE_FIELD: &str = "outgoing.code";

/// Payload of the job: nothing in it can be read without the keys.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CodeJob {
    /// Identifier of the message: the same job run twice is the same message.
    pub message: Id,
    /// A sealed `Code`. `None` for a number nobody here knows: the job then sends nothing, so that
    /// asking for a code takes the same time either way.
    pub sealed: Option<Vec<u8>>,
}

/// A one-time code on its way to a phone.
#[derive(Clone, Serialize, Deserialize)]
pub struct Code {
    /// Mobile number.
    pub phone: String,
    /// The code.
    pub code: String,
    /// Minutes the code is good for, as the message says.
    pub minutes: i64,
    /// After this moment it is useless and not sent any more.
    pub until: Millis,
    /// Language of the message.
    pub lang: Lang,
}

/// Hides number and code, so that neither reaches a log through a debug print.
impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Code(until {:?})", self.until)
    }
}
