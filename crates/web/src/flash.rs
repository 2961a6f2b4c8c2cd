//! A message carried to the next page, with an undo if there is one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gongyu_kernel::error::Code;
use serde::{Deserialize, Serialize};

/// A short message after something was done.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Flash {
    key: String,
    args: Vec<(String, String)>,
    /// Address to post to within 10 seconds to undo it.
    pub undo: Option<String>,
}

impl Flash {
    /// A message.
    pub fn new(code: impl Into<Code>) -> Self {
        let code = code.into();
        Self {
            key: code.key.into_owned(),
            args: code.args.into_iter().map(|(n, v)| (n.into_owned(), v)).collect(),
            undo: None,
        }
    }

    /// The same message with an undo.
    #[must_use]
    pub fn undo(mut self, address: String) -> Self {
        self.undo = Some(address);
        self
    }

    /// The message as a code.
    pub fn code(&self) -> Code {
        let args = self.args.iter().map(|(n, v)| (n.clone().into(), v.clone())).collect();
        Code { key: self.key.clone().into(), args }
    }

    /// As a cookie value.
    pub fn to_cookie(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// From a cookie value; what is not ours is dropped.
    pub fn from_cookie(text: &str) -> Option<Self> {
        let json = URL_SAFE_NO_PAD.decode(text).ok()?;
        let flash: Self = serde_json::from_slice(&json).ok()?;
        let local = flash.undo.as_deref().is_none_or(|u| u.starts_with('/') && !u.starts_with("//"));
        local.then_some(flash)
    }
}
