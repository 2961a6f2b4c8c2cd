//! The ledger's codes as columns.

use crate::rules::{ActKind, Channel, Depth, StaffRole, Tone, TouchKind};
use gongyu_kernel::{Error, Result};
use gongyu_store::{FromValue, ToValue, Value, ValueRef, coded};
use std::borrow::Cow;

coded!(Channel, Depth, StaffRole, Tone);

impl ToValue for TouchKind {
    fn to_value(&self) -> Value<'_> {
        Value::Text(Cow::Borrowed(self.code()))
    }
}
impl FromValue for TouchKind {
    fn from_value(value: ValueRef<'_>) -> Result<Self> {
        let text = String::from_value(value)?;
        Self::parse(&text).ok_or_else(|| Error::internal(format!("not a kind of touch: {text:?}")))
    }
}
impl ToValue for ActKind {
    fn to_value(&self) -> Value<'_> {
        Value::Text(Cow::Borrowed(self.code()))
    }
}
impl FromValue for ActKind {
    fn from_value(value: ValueRef<'_>) -> Result<Self> {
        let text = String::from_value(value)?;
        Self::parse(&text).ok_or_else(|| Error::internal(format!("not a kind of act: {text:?}")))
    }
}
