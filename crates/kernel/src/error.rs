//! One error for the whole product. A person sees what happened and what to do next, in their
//! language, from the `code`; a log line carries the facts from the `source`.

use std::borrow::Cow;
use std::fmt;

/// The result of anything that may be refused or fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was not done.
#[derive(Debug)]
pub enum Error {
    /// It does not exist, or it is not this person's to see: the two look the same from outside.
    NotFound,
    /// Nobody is signed in.
    SignedOut,
    /// The person is known and may see it, but may not do this.
    Forbidden,
    /// The request contradicts the present state; the code is a message key.
    Conflict(Code),
    /// Some fields of a form cannot be taken as they are.
    Invalid(Invalid),
    /// Too many tries; come back after so many seconds.
    TooMany {
        /// Seconds until the next try is allowed.
        retry_after: u32,
    },
    /// A passing fault: the same request may succeed at once when tried again.
    Busy(String),
    /// A unique key stands in the way; names the constraint or index.
    Unique(String),
    /// Our fault. Nothing was kept.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

/// A message key with its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Key in the fluent catalogues.
    pub key: Cow<'static, str>,
    /// Named arguments of the message.
    pub args: Vec<(Cow<'static, str>, String)>,
}

impl Code {
    /// A message without arguments.
    pub fn new(key: impl Into<Cow<'static, str>>) -> Self {
        Self { key: key.into(), args: Vec::new() }
    }

    /// The same message with one more argument.
    #[must_use]
    pub fn arg(mut self, name: impl Into<Cow<'static, str>>, value: impl fmt::Display) -> Self {
        self.args.push((name.into(), value.to_string()));
        self
    }
}

impl From<&'static str> for Code {
    fn from(key: &'static str) -> Self {
        Self::new(key)
    }
}

/// The fields of a form that were refused, each with its reason.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Invalid {
    /// Field name as in the form, and the reason.
    pub fields: Vec<(Cow<'static, str>, Code)>,
}

impl Invalid {
    /// Notes one refused field.
    pub fn push(&mut self, field: impl Into<Cow<'static, str>>, code: impl Into<Code>) {
        self.fields.push((field.into(), code.into()));
    }

    /// `Ok` when nothing was refused.
    pub fn into_result(self) -> Result<()> {
        if self.fields.is_empty() { Ok(()) } else { Err(Error::Invalid(self)) }
    }

    /// The reason given for one field.
    pub fn of(&self, field: &str) -> Option<&Code> {
        self.fields.iter().find(|(name, _)| name == field).map(|(_, code)| code)
    }
}

impl Error {
    /// A contradiction with the present state, named by a message key.
    pub fn conflict(code: impl Into<Code>) -> Self {
        Self::Conflict(code.into())
    }

    /// One refused field.
    pub fn field(field: &'static str, code: impl Into<Code>) -> Self {
        let mut invalid = Invalid::default();
        invalid.push(field, code);
        Self::Invalid(invalid)
    }

    /// Our fault, with the facts for the log.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("not found"),
            Self::SignedOut => f.write_str("signed out"),
            Self::Forbidden => f.write_str("forbidden"),
            Self::Conflict(code) => write!(f, "conflict: {}", code.key),
            Self::Invalid(invalid) => {
                f.write_str("invalid:")?;
                invalid.fields.iter().try_for_each(|(name, code)| write!(f, " {name}={}", code.key))
            }
            Self::TooMany { retry_after } => write!(f, "too many tries, retry after {retry_after} s"),
            Self::Busy(why) => write!(f, "busy: {why}"),
            Self::Unique(what) => write!(f, "unique: {what}"),
            Self::Internal(source) => write!(f, "internal: {source}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<serde_json::Error> for Error {
    fn from(e: serde_json::Error) -> Self {
        Self::internal(e)
    }
}

impl From<std::io::Error> for Error {
    fn from(e: std::io::Error) -> Self {
        Self::internal(e)
    }
}
